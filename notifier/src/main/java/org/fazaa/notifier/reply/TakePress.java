package org.fazaa.notifier.reply;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Text;
import org.fazaa.notifier.Texts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buttons of a message and keys of a call. Each press is signed for one text, one phone and one
 * answer, and becomes a reply that says just that, as if the person had written it.
 */
public final class TakePress {

  /** What pressing says; it is also the first character of the button's payload. */
  public enum Press {
    YES('1'),
    NO('2');

    private final char digit;

    Press(char digit) {
      this.digit = digit;
    }

    /** The press that this key of a phone is. */
    public static Optional<Press> of(String key) {
      for (var press : values()) {
        if (key.equals(String.valueOf(press.digit))) {
          return Optional.of(press);
        }
      }
      return Optional.empty();
    }
  }

  /** Of a button that nobody gave to this phone: kept, told so, and nothing more. */
  static final String NOT_KNOWN = "not-known";

  private static final String PAYLOAD = "ButtonPayload";
  private static final char CALL = 'c';
  private static final Duration VALID = Duration.ofHours(1);
  private static final Logger LOG = LoggerFactory.getLogger(TakePress.class);

  private final AnswerLink links;

  public TakePress(AnswerLink links) {
    this.links = links;
  }

  /** What the button of this text carries that gives this answer. */
  public String payload(Text text, Press press) {
    return links.bound(press.digit, target(text), text.to(), text.validUntil());
  }

  /** By which a call knows what it asks, and whom. */
  public String call(Text text) {
    return links.bound(CALL, target(text), text.to(), text.validUntil());
  }

  private static AnswerLink.Target target(Text text) {
    return new AnswerLink.Target(text.purpose(), text.about());
  }

  /** What a call asks; empty when it is forged, another person's or past its time. */
  public Optional<AnswerLink.Target> called(String token, Phone phone, Instant now) {
    return links.readBound(CALL, token, phone, now);
  }

  /**
   * Keeps replies once each, as {@link TakeReply#runAll}; those that are presses in the words of
   * their answer.
   */
  public List<TakeReply.Outcome> keepAll(SqlConnection tx, List<Arrived> arrived, Instant now) {
    var pressed = arrived.stream().map(one -> pressed(one, now)).toList();
    var codes = codes(tx, pressed.stream().flatMap(Optional::stream).toList());
    var said = new ArrayList<Arrived>();
    var unknown = new HashSet<Integer>();
    for (int i = 0; i < arrived.size(); i++) {
      var one = arrived.get(i);
      var answer = pressed.get(i).filter(codes::containsKey);
      if (answer.isPresent()) {
        said.add(one.saying(words(answer.get().press, codes.get(answer.get()))));
      } else {
        said.add(one);
        if (isButton(one) && Meaning.read(one.body()).meaning() != Meaning.STOP) {
          unknown.add(i);
        }
      }
    }
    var outcomes = TakeReply.runAll(tx, said, now);
    for (int i : unknown) {
      if (outcomes.get(i) instanceof TakeReply.Outcome.Kept(var reply)) {
        notKnown(tx, said.get(i), reply, now);
      }
    }
    return outcomes;
  }

  /**
   * Keeps a key that was pressed in a call, once, as a reply.
   *
   * @param arrived with the call's id and the key as its provider's id
   * @return empty when nothing of the kind was ever asked of this phone
   */
  public Optional<TakeReply.Outcome> keepKey(
      SqlConnection tx, AnswerLink.Target target, Press press, Arrived arrived, Instant now) {
    var asked = new Pressed(target, press, arrived.from());
    var codes = codes(tx, List.of(asked));
    return codes.containsKey(asked)
        ? Optional.of(TakeReply.run(tx, arrived.saying(words(press, codes.get(asked))), now))
        : Optional.empty();
  }

  private record Pressed(AnswerLink.Target target, Press press, Phone phone) {}

  private static boolean isButton(Arrived arrived) {
    return !arrived.raw().getOrDefault(PAYLOAD, "").isEmpty();
  }

  private Optional<Pressed> pressed(Arrived arrived, Instant now) {
    var payload = arrived.raw().getOrDefault(PAYLOAD, "");
    for (var press : Press.values()) {
      var target = links.readBound(press.digit, payload, arrived.from(), now);
      if (target.isPresent()) {
        return Optional.of(new Pressed(target.get(), press, arrived.from()));
      }
    }
    return Optional.empty();
  }

  private static String words(Press press, String code) {
    return (press.digit + " " + code).strip();
  }

  // The codes of what was really asked of these phones; empty where the text had none.
  private static Map<Pressed, String> codes(SqlConnection tx, List<Pressed> pressed) {
    var codes = new HashMap<Pressed, String>();
    if (pressed.isEmpty()) {
      return codes;
    }
    var columns =
        Tuple.tuple()
            .addValue(pressed.stream().map(one -> one.target.purpose()).toArray(String[]::new))
            .addValue(pressed.stream().map(one -> one.target.about()).toArray(String[]::new))
            .addValue(pressed.stream().map(one -> one.phone.e164()).toArray(String[]::new));
    tx.preparedQuery(FIND_CODES)
        .execute(columns)
        .await()
        .forEach(row -> codes.put(pressed.get(row.getInteger("place") - 1), row.getString("code")));
    return codes;
  }

  private static void notKnown(SqlConnection tx, Arrived arrived, long reply, Instant now) {
    LOG.warn("reply {} of {} presses a button that is not known", reply, arrived.from());
    tx.preparedQuery(NOTE).execute(Tuple.of(reply, NOT_KNOWN, utc(now))).await();
    if (!Outbox.mayAnswer(tx, arrived.from(), now)
        || !Outbox.mayRepeat(tx, arrived.from(), NOT_KNOWN, now)) {
      return;
    }
    var language = CountryRules.written(arrived.from(), arrived.body());
    var draft =
        new Draft(
            arrived.from(),
            language,
            MessageClass.SERVICE,
            ReadReplies.PURPOSE,
            NOT_KNOWN,
            null,
            Texts.render(NOT_KNOWN, language, Map.of()),
            false,
            Occasion.ANSWER,
            null,
            Outbox.ANSWERS_FIRST,
            now.plus(VALID));
    Outbox.put(tx, List.of(draft), now);
  }

  private static final String FIND_CODES =
      """
      SELECT p.place::int AS place, coalesce(t.code, '') AS code
      FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY
        AS p(purpose, about, phone, place)
      CROSS JOIN LATERAL (
        SELECT t.code FROM notify.text t
        WHERE t.purpose = p.purpose AND t.about = p.about AND t.to_phone = p.phone
        ORDER BY t.id DESC LIMIT 1) t\
      """;

  private static final String NOTE =
      """
      UPDATE notify.reply SET state = 'done', why = $2, outcome = $2, done_at = $3
      WHERE id = $1\
      """;
}
