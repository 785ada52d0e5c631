package org.fazaa.web.session;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.fazaa.notifier.Alarm;
import org.fazaa.notifier.Budget;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.Phone;

/**
 * Somebody says that a phone is theirs, and a code is to be texted to it. Nothing here depends on
 * whether we know the phone: the same statements, the same answer. What each text costs is why it
 * is counted how often, from where and for which numbers codes are asked for.
 */
public final class AskCode {

  /** How long a code is good. */
  public static final Duration VALID = Duration.ofMinutes(10);

  /** Numbers that differ only in their last digits are often asked for by a machine. */
  private static final int PREFIX_LEAVES = 4;

  private enum Limit {
    NUMBER(3, Duration.ofMinutes(10)),
    NUMBER_BY_DAY(10, Duration.ofDays(1)),
    ADDRESS(10, Duration.ofHours(1)),
    PREFIX(30, Duration.ofMinutes(10));

    private final int most;
    private final Duration window;

    Limit(int most, Duration window) {
      this.most = most;
      this.window = window;
    }

    String subject(Phone phone, String address) {
      var number = phone.e164();
      var whose =
          switch (this) {
            case NUMBER, NUMBER_BY_DAY -> number;
            case ADDRESS -> address;
            case PREFIX -> number.substring(0, number.length() - PREFIX_LEAVES);
          };
      return name() + " " + whose;
    }
  }

  /** The longest that it matters when a code was asked for. */
  static final Duration REMEMBERED = Limit.NUMBER_BY_DAY.window;

  /** What a code opens. It opens nothing else. */
  public enum Door {
    /** A volunteer's own page. */
    VOLUNTEER,
    /** What a phone has given. */
    GIVER;

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param volunteer who wants this phone for theirs; nobody: to come in with it
   * @param address from where they ask
   */
  public record Ask(Phone phone, Door door, Optional<Long> volunteer, String address) {}

  public sealed interface Outcome {
    /** The secret is for the browser that asked, and for no other. */
    record Asked(String secret) implements Outcome {}

    /** We text nobody in this country. */
    record OtherCountry() implements Outcome {}

    record TooMany(Duration left) implements Outcome {}

    /** The day's money for codes is spent. */
    record CapReached() implements Outcome {}
  }

  private final RandomGenerator random;
  private final long dayCap;
  private final int segmentCost;

  /**
   * @param dayCap what the codes of a day may cost, in the smallest unit of the money
   * @param segmentCost what one of them costs
   */
  public AskCode(RandomGenerator random, long dayCap, int segmentCost) {
    this.random = random;
    this.dayCap = dayCap;
    this.segmentCost = segmentCost;
  }

  /** What the codes of this day are paid from. */
  public static String budget(Instant now) {
    return "codes:" + now.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  public Outcome run(SqlConnection tx, Ask ask, Instant now) {
    if (!CountryRules.isListed(ask.phone.country())) return new Outcome.OtherCountry();
    if (isSpent(tx, now)) return new Outcome.CapReached();
    var left = count(tx, ask, now);
    if (left.isPresent()) return new Outcome.TooMany(left.get());
    var secret = Unguessable.fresh(random);
    tx.preparedQuery(ADD)
        .execute(
            Tuple.of(
                Unguessable.hash(secret),
                ask.phone.e164(),
                ask.volunteer.orElse(null),
                ask.door.tag(),
                utc(now),
                utc(now.plus(VALID))))
        .await();
    return new Outcome.Asked(secret);
  }

  private boolean isSpent(SqlConnection tx, Instant now) {
    var name = budget(now);
    Budget.open(tx, name, dayCap, now);
    var budget = Budget.find(tx, name).orElseThrow();
    var spent = budget.spent() + segmentCost > budget.cap();
    if (spent) {
      var detail = "spent " + budget.spent() + " of " + budget.cap();
      Alarm.raise(tx, Alarm.Kind.CODES_CAPPED, name, detail, now);
    }
    return spent;
  }

  /** Counts this one unless a limit is reached; then how long until it is not. */
  private static Optional<Duration> count(SqlConnection tx, Ask ask, Instant now) {
    var limits = new TreeMap<String, Limit>(); // locked in the order of their subjects
    for (var limit : Limit.values()) limits.put(limit.subject(ask.phone, ask.address), limit);
    var subjects = limits.keySet().toArray(String[]::new);
    tx.preparedQuery(ENSURE).execute(Tuple.of(subjects, utc(now))).await();
    var longest = Duration.ZERO;
    for (var row : tx.preparedQuery(LOCK).execute(Tuple.of((Object) subjects)).await()) {
      var limit = limits.get(row.getString("subject"));
      var left = left(limit, row.getArrayOfOffsetDateTimes("times"), now);
      if (left.compareTo(longest) > 0) longest = left;
    }
    if (!longest.isZero()) return Optional.of(longest);
    tx.preparedQuery(COUNT)
        .execute(Tuple.of(subjects, utc(now), utc(now.minus(REMEMBERED))))
        .await();
    return Optional.empty();
  }

  private static Duration left(Limit limit, OffsetDateTime[] times, Instant now) {
    var lately = new ArrayList<Instant>();
    for (var time : List.of(times)) {
      if (time.toInstant().isAfter(now.minus(limit.window))) lately.add(time.toInstant());
    }
    if (lately.size() < limit.most) return Duration.ZERO;
    lately.sort(null);
    var free = lately.get(lately.size() - limit.most).plus(limit.window);
    return Duration.between(now, free);
  }

  private static final String ENSURE =
      """
      INSERT INTO web.code_asked (subject, times, last_at)
      SELECT subject, '{}', $2 FROM unnest($1::text[]) AS s (subject) ORDER BY subject
      ON CONFLICT DO NOTHING\
      """;

  private static final String LOCK =
      """
      SELECT subject, times FROM web.code_asked WHERE subject = ANY ($1::text[])
      ORDER BY subject
      FOR UPDATE\
      """;

  private static final String COUNT =
      """
      UPDATE web.code_asked
      SET times = ARRAY(SELECT time FROM unnest(times) AS t (time) WHERE time > $3)
                    || $2::timestamptz,
          last_at = $2
      WHERE subject = ANY ($1::text[])\
      """;

  private static final String ADD =
      """
      INSERT INTO web.phone_code (request, phone, volunteer, door, asked_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6)\
      """;
}
