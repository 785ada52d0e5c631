package org.fazaa.web.session;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.notifier.Phone;
import org.fazaa.web.ClientAddress;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;
import org.fazaa.web.session.AskCode.Door;

/**
 * The two steps by which somebody shows, in one browser, that a phone is theirs: a code is asked
 * for, and the code that came is written. Each door has its own cookie and its own codes.
 */
public final class PhoneProof {
  private static final int CODE_MAX = 16;

  public sealed interface Outcome {
    /** As {@link ProvePhone.Outcome.Proven}. */
    record Proven(Phone phone, Optional<Long> volunteer) implements Outcome {}

    record Refused(Problem why) implements Outcome {}
  }

  private final Pool pool;
  private final InstantSource clock;
  private final AskCode askCode;
  private final ClientAddress addresses;
  private final String country;
  private final Door door;

  /** {@code country} is whose national phone numbers are meant. */
  public PhoneProof(
      Pool pool,
      InstantSource clock,
      AskCode askCode,
      ClientAddress addresses,
      String country,
      Door door) {
    this.pool = pool;
    this.clock = clock;
    this.askCode = askCode;
    this.addresses = addresses;
    this.country = country;
    this.door = door;
  }

  /** Asks for a code; empty when one may be on its way, else why not. */
  public Optional<Problem> ask(RoutingContext context, String written, Optional<Long> volunteer) {
    var phone = Phone.parse(written, country);
    if (phone.isEmpty()) return Optional.of(NOT_A_PHONE);
    var address = addresses.of(context.request());
    var ask = new AskCode.Ask(phone.get(), door, volunteer, address);
    return switch (Database.inTransaction(pool, tx -> askCode.run(tx, ask, clock.instant()))) {
      case AskCode.Outcome.Asked(var secret) -> {
        context.response().addCookie(cookie(secret).setMaxAge(life().toSeconds()));
        yield Optional.empty();
      }
      case AskCode.Outcome.OtherCountry() -> Optional.of(OTHER_COUNTRY);
      case AskCode.Outcome.CapReached() -> Optional.of(CAP_REACHED);
      case AskCode.Outcome.TooMany(var left) -> {
        context.response().putHeader("Retry-After", "" + (left.toSeconds() + 1));
        yield Optional.of(Problem.tooMany(left.toSeconds() + 1));
      }
    };
  }

  public Outcome prove(RoutingContext context, String written) {
    var code = digits(written);
    var now = clock.instant();
    var secret = secret(context).orElse("");
    return switch (Database.inTransaction(
        pool, tx -> ProvePhone.run(tx, door, secret, code, now))) {
      case ProvePhone.Outcome.Proven(var phone, var volunteer) ->
          new Outcome.Proven(phone, volunteer);
      case ProvePhone.Outcome.Wrong() -> new Outcome.Refused(WRONG_CODE);
      case ProvePhone.Outcome.TooMany() -> new Outcome.Refused(VOID_CODE);
      case ProvePhone.Outcome.Over() -> new Outcome.Refused(OVER);
    };
  }

  /** The secret of this browser, known only to whoever asked for a code in it. */
  public Optional<String> secret(RoutingContext context) {
    return Optional.ofNullable(context.request().getCookie(name())).map(Cookie::getValue);
  }

  /** Takes the secret out of the browser. */
  public Cookie ended() {
    return cookie("").setMaxAge(0);
  }

  // A giver's proof is the key itself, and lives on after its use.
  private Duration life() {
    return switch (door) {
      case VOLUNTEER -> AskCode.VALID;
      case GIVER -> AskCode.VALID.plus(ProvePhone.OPEN);
    };
  }

  private Cookie cookie(String secret) {
    return Guard.cookie(name(), secret);
  }

  private String name() {
    return switch (door) {
      case VOLUNTEER -> "__Host-fazaa-code";
      case GIVER -> "__Host-fazaa-giver";
    };
  }

  /** As typed on any keyboard: Arabic digits are digits, and blanks between them are nothing. */
  private static String digits(String written) {
    var digits = new StringBuilder();
    written
        .codePoints()
        .limit(CODE_MAX)
        .filter(Character::isDigit)
        .forEach(c -> digits.append(Character.digit(c, 10)));
    return digits.toString();
  }

  private static final Problem NOT_A_PHONE =
      Problem.of(
          422,
          "not-a-phone",
          new Words("هذا ليس رقم هاتف", "This is not a phone number"),
          new Words(
              "اكتب الرقم كاملًا، مثل 0501234567 أو +966501234567.",
              "Write the whole number, such as 0501234567 or +966501234567."));

  private static final Problem OTHER_COUNTRY =
      Problem.of(
          422,
          "country-not-texted",
          new Words("لا نراسل هذا البلد", "We text nobody in this country"),
          new Words(
              "لم تُرسل رسالة. اكتب رقمًا من بلد نعمل فيه، أو اتصل بمنسقك.",
              "No text was sent. Write a number of a country we work in, or call your"
                  + " coordinator."));

  private static final Problem CAP_REACHED =
      Problem.of(
          503,
          "codes-rest",
          new Words("لا نرسل رموزًا الآن", "No codes are sent just now"),
          new Words(
              "طُلبت اليوم رموز كثيرة فأوقفناها، وأُخبر المشغّل. حاول غدًا أو اتصل بمنسقك.",
              "So many were asked for today that they rest, and the operator knows. Try again"
                  + " tomorrow, or call your coordinator."));

  public static final Problem WRONG_CODE =
      Problem.of(
          401,
          "wrong-code",
          new Words("الرمز غير صحيح", "This is not the code"),
          new Words(
              "راجع الأرقام الستة في آخر رسالة منا ثم اكتبها من جديد.",
              "Look at the six digits of our last text and write them again."));

  private static final Problem VOID_CODE =
      Problem.of(
          429,
          "code-void",
          new Words("محاولات كثيرة", "Too many tries"),
          new Words(
              "أُبطل هذا الرمز. اطلب رمزًا جديدًا.", "This code is void now. Ask for another."));

  public static final Problem OVER =
      Problem.of(
          401,
          "ask-for-code",
          new Words("يلزم رمز جديد", "A new code is needed"),
          new Words(
              "استُعمل الرمز أو انتهت مهلته أو طُلب في متصفح آخر. اطلب رمزًا جديدًا.",
              "It was used, is over, or was asked for in another browser. Ask for another."));
}
