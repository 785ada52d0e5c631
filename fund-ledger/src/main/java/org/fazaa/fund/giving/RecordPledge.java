package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Codes;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;

/** Keeps what a giver promises for each week or month. No money moves. */
public final class RecordPledge {

  /** So many pledges of a phone may stand at a time: each texts it. */
  public static final int STANDING_MAX = 10;

  public static final int INSTALMENTS_MAX = 1_200;

  private static final int CODE_LENGTH = 16;
  private static final int NAME_MAX = 200;
  private static final ZoneId HOME = ZoneId.of("Asia/Riyadh");

  /**
   * @param phone is asked for each instalment
   * @param instalments after so many it is complete; without, it goes on until it is stopped
   * @param anonymous keeps the name out of the pledge, and name and phone out of its gifts
   */
  public record Draft(
      String key,
      FundId fund,
      Money amount,
      Pledge.Every every,
      LocalDate firstDay,
      Optional<Integer> instalments,
      Optional<String> name,
      Phone phone,
      Language language,
      boolean anonymous) {

    public Draft {
      if (anonymous) name = Optional.empty();
    }
  }

  public sealed interface Outcome {
    record Recorded(Pledge pledge) implements Outcome {}

    record AlreadyRecorded(Pledge pledge) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "استُعمل مفتاح التكرار هذا لتعهد آخر: استعمل مفتاحًا جديدًا لكل تعهد",
            "This idempotency key recorded a different pledge: use a new key for each pledge");
      }
    }

    record NoSuchFund(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا صندوق برقم " + fund.value() + ": راجع الرابط",
            "There is no fund " + fund.value() + ": check the link");
      }
    }

    record FundClosed(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أُغلق هذا الصندوق ولا يقبل التعهدات: اختر صندوقًا مفتوحًا",
            "This fund is closed and takes no more pledges: choose one that is open");
      }
    }

    record TooManyPledges() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لهذا الهاتف " + STANDING_MAX + " تعهدات قائمة، وهي أقصى ما يُقبل: أوقف واحدًا أولًا",
            "This phone has " + STANDING_MAX + " standing pledges, the most: stop one first");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private final RandomGenerator random;

  /** With the source of codes that nobody may guess. */
  public RecordPledge(RandomGenerator random) {
    this.random = random;
  }

  public Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = flaws(draft, now);
    if (!flaws.isEmpty()) return new Outcome.Invalid(flaws);
    var row = tx.preparedQuery(RECORD).execute(fields(draft, now)).await().iterator().next();
    return switch (row.getString("outcome")) {
      case "recorded" -> new Outcome.Recorded(found(tx, row.getLong("pledge")));
      case "repeated" -> new Outcome.AlreadyRecorded(found(tx, row.getLong("pledge")));
      case "differs" -> new Outcome.DiffersFromFirst();
      case "no_fund" -> new Outcome.NoSuchFund(draft.fund());
      case "closed" -> new Outcome.FundClosed(draft.fund());
      case "many" -> new Outcome.TooManyPledges();
      case "currency" -> new Outcome.Invalid(List.of(RecordDonation.OTHER_CURRENCY));
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  /** The day on which a pledge that is made now may begin at the earliest. */
  public static LocalDate today(Instant now) {
    return LocalDate.ofInstant(now, HOME);
  }

  static List<Flaw> flaws(Draft draft, Instant now) {
    var today = today(now);
    return new Flaws()
        .key(draft.key())
        .money("amount", draft.amount())
        .text("donor.name", draft.name(), NAME_MAX)
        .unless(
            !draft.firstDay().isBefore(today) && !draft.firstDay().isAfter(today.plusYears(1)),
            "first_day",
            "اختر يومًا من اليوم إلى سنة من الآن",
            "Choose a day from today to a year from now")
        .unless(
            draft.instalments().isEmpty()
                || (draft.instalments().get() >= 1 && draft.instalments().get() <= INSTALMENTS_MAX),
            "instalments",
            "عدد الأقساط من 1 إلى " + INSTALMENTS_MAX + "، أو اتركه فارغًا حتى توقفه",
            "From 1 to " + INSTALMENTS_MAX + " instalments, or none to go on until you stop")
        .found();
  }

  private Tuple fields(Draft draft, Instant now) {
    var content =
        Content.fingerprint(
            draft.fund().value(),
            draft.amount(),
            draft.every(),
            draft.firstDay(),
            draft.instalments(),
            draft.name(),
            draft.phone().e164(),
            draft.language(),
            draft.anonymous());
    return Tuple.tuple()
        .addUUID(Content.fingerprintOfKey(draft.key()))
        .addUUID(content)
        .addString(Codes.draw(random, CODE_LENGTH))
        .addLong(draft.fund().value())
        .addString(draft.amount().currency().getCurrencyCode())
        .addLong(draft.amount().minor())
        .addString(draft.every().tag())
        .addLocalDate(draft.firstDay())
        .addShort(draft.instalments().map(Integer::shortValue).orElse(null))
        .addBoolean(draft.anonymous())
        .addString(draft.name().orElse(null))
        .addString(draft.phone().e164())
        .addString(draft.language().tag())
        .addInteger(STANDING_MAX)
        .addOffsetDateTime(Database.utc(now));
  }

  private static Pledge found(SqlConnection tx, long pledge) {
    return Pledges.find(tx, pledge).orElseThrow();
  }

  private static final String RECORD =
      """
      SELECT outcome, pledge
      FROM fund.record_pledge($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)\
      """;
}
