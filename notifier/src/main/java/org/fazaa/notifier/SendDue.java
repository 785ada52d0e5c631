package org.fazaa.notifier;

import static java.util.Comparator.naturalOrder;
import static org.fazaa.config.Database.utc;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.FailPoint;
import org.fazaa.config.Loop;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. A text is claimed under a lease and a fence; then, while it is still wanted,
 * allowed and timely, it becomes <i>submitting</i>, and that is committed before the carrier hears
 * of it. So whatever dies at whatever moment, a text that may have left is never taken for one that
 * did not. No transaction is open during a POST.
 */
public final class SendDue implements Loop.Work {

  /**
   * A definite "not now" is tried again this often, about an hour long, unless it expires first.
   */
  static final int REFUSALS_MAX = 60;

  static final Duration BACKOFF_FIRST = Duration.ofSeconds(2);
  static final Duration BACKOFF_MAX = Duration.ofMinutes(1);

  /** When none of this many submitted together has an answer, the carrier gets a rest. */
  static final int REST_FROM = 5;

  static final Duration REST = Duration.ofSeconds(10);

  /** After an unknown outcome a status callback has this long before we ask. */
  static final Duration ASK_AFTER = Duration.ofSeconds(5);

  private static final int EXPIRED_AT_ONCE = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(SendDue.class);

  private final Pool pool;
  private final Bus bus;
  private final Carrier carrier;

  public SendDue(Pool pool, Bus bus, Carrier carrier) {
    this.pool = pool;
    this.bus = bus;
    this.carrier = carrier;
  }

  @Override
  public String name() {
    return "send due texts";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.OutboxFilled.class);
  }

  @Override
  public boolean run(Instant now) {
    boolean expired = expire(now);
    var claims = Database.inTransaction(pool, tx -> claim(tx, now));
    if (claims.isEmpty()) {
      return expired;
    }
    var begun = Database.inTransaction(pool, tx -> begin(tx, claims, now));
    tell(begun.refused());
    if (begun.started().isEmpty()) {
      return expired || !begun.refused().isEmpty();
    }
    FailPoint.AFTER_CLAIM.reach();
    var submissions = submit(begun.started().stream().map(Started::text).toList(), now);
    FailPoint.AFTER_POST.reach();
    var finished =
        Database.inTransaction(pool, tx -> finish(tx, begun.started(), submissions, now));
    FailPoint.AFTER_RECORD.reach();
    tell(finished);
    return true;
  }

  @Override
  public Optional<Instant> nextDue() {
    var found = pool.preparedQuery(FIND_NEXT_DUE).execute(Tuple.of(carrier.name())).await();
    return found.size() == 0
        ? Optional.empty()
        : Optional.of(found.iterator().next().getOffsetDateTime(0).toInstant());
  }

  // --- before the POST

  private boolean expire(Instant now) {
    var expired =
        Database.inTransaction(
            pool, tx -> ids(tx.preparedQuery(EXPIRE).execute(Tuple.of(utc(now), EXPIRED_AT_ONCE))));
    tell(expired);
    return !expired.isEmpty();
  }

  record Claim(long id, long fence, int segments) {}

  List<Claim> claim(SqlConnection tx, Instant now) {
    var claims = new ArrayList<Claim>();
    tx.preparedQuery(CLAIM)
        .execute(Tuple.of(utc(now), carrier.pace().together(), carrier.name()))
        .await()
        .forEach(row -> claims.add(new Claim(row.getLong(0), row.getLong(1), row.getInteger(2))));
    return claims;
  }

  record Started(long fence, Text text, int refusals, int unknowns) {}

  record Begun(List<Started> started, List<Long> refused) {}

  Begun begin(SqlConnection tx, List<Claim> claims, Instant now) {
    var ids = claims.stream().map(Claim::id).toArray(Long[]::new);
    Object fences = claims.stream().map(Claim::fence).toArray(Long[]::new);
    var refused = new ArrayList<Long>();
    var started = new ArrayList<Started>();
    if (takeTurn(tx, claims.stream().mapToInt(Claim::segments).sum(), now)) {
      var claimed = Tuple.of(ids, fences, utc(now));
      refused.addAll(ids(tx.preparedQuery(REFUSE_STOPPED).execute(claimed)));
      if (carrier.reachesPeople()) {
        refused.addAll(ids(tx.preparedQuery(REFUSE_DRILLS).execute(claimed)));
      }
      tx.preparedQuery(BEGIN)
          .execute(Tuple.of(ids, fences, utc(now), carrier.name()))
          .await()
          .forEach(row -> started.add(started(row)));
    }
    if (started.size() + refused.size() < claims.size()) {
      tx.preparedQuery(RELEASE).execute(Tuple.of(ids, fences)).await();
    }
    return new Begun(started, refused);
  }

  /** All nodes share one lane to the carrier; its next free moment is the rate token. */
  private boolean takeTurn(SqlConnection tx, int segments, Instant now) {
    int rate = carrier.pace().segmentsPerSecond();
    if (rate == 0) {
      return true;
    }
    var freeAt = now.plusMillis(1_000L * segments / rate);
    return tx.preparedQuery(TAKE_TURN)
            .execute(Tuple.of(carrier.name(), utc(now), utc(freeAt)))
            .await()
            .rowCount()
        == 1;
  }

  private List<Submission> submit(List<Text> texts, Instant now) {
    try {
      FailPoint.BEFORE_POST.reach();
      return carrier.submit(texts, now);
    } catch (RuntimeException e) {
      LOG.warn("{} failed with {} texts in its hands", carrier.name(), texts.size(), e);
      return Collections.nCopies(texts.size(), new Submission.Unknown("the carrier's own fault"));
    }
  }

  // --- after it

  /** What a submission makes of a text. */
  record Next(TextState state, String sid, String problem, Instant dueAt) {}

  static Next decide(Text text, int refusals, int unknowns, Submission submission, Instant now) {
    return switch (submission) {
      case Submission.Accepted(var sid) -> new Next(TextState.ACCEPTED, sid, null, now);
      case Submission.OptedOut() -> new Next(TextState.REFUSED, null, Consent.STOPPED, now);
      case Submission.Unknown(var why) ->
          new Next(TextState.UNKNOWN, null, why, now.plus(ASK_AFTER));
      case Submission.Refused(var code, var why, var action) -> {
        var problem = code + " " + why;
        var retryAt = retryAt(action);
        // After an unknown outcome the one repetition is spent, however definite its refusal.
        if (retryAt.isEmpty() || unknowns > 0 || refusals + 1 >= REFUSALS_MAX) {
          yield new Next(TextState.REFUSED, null, problem, now);
        }
        var backedOff = now.plus(backoff(text.id(), refusals));
        var dueAt = Collections.max(List.of(retryAt.get(), backedOff));
        yield new Next(TextState.QUEUED, null, problem, dueAt);
      }
    };
  }

  private static Optional<Instant> retryAt(Action action) {
    return switch (action) {
      case Action.TryLater(var at) -> Optional.of(at);
      case Action.StopLane(var until, var page) -> Optional.of(until);
      case Action.GiveUp giveUp -> Optional.empty();
      case Action.NumberUnusable unusable -> Optional.empty();
      case Action.OtherSender other -> Optional.empty();
    };
  }

  // Doubling, and up to a second apart so that those refused together do not return together.
  private static Duration backoff(long text, int refusals) {
    var doubled = BACKOFF_FIRST.multipliedBy(1L << Math.min(refusals, 10));
    var capped = doubled.compareTo(BACKOFF_MAX) > 0 ? BACKOFF_MAX : doubled;
    return capped.plusMillis(Math.floorMod(text * 7_919, 1_000));
  }

  List<Long> finish(
      SqlConnection tx, List<Started> started, List<Submission> submissions, Instant now) {
    var nexts = new ArrayList<Next>();
    for (int i = 0; i < started.size(); i++) {
      var one = started.get(i);
      nexts.add(decide(one.text(), one.refusals(), one.unknowns(), submissions.get(i), now));
      if (submissions.get(i) instanceof Submission.OptedOut) {
        Consent.stop(tx, one.text().to(), Consent.How.CARRIER, now);
      }
    }
    pauseLane(tx, submissions, now);
    var finished = ids(tx.preparedQuery(FINISH).execute(columns(started, submissions, nexts, now)));
    FailPoint.BEFORE_RECORD.reach();
    return finished;
  }

  private static Tuple columns(
      List<Started> started, List<Submission> submissions, List<Next> nexts, Instant now) {
    return Tuple.tuple()
        .addValue(started.stream().map(one -> one.text().id()).toArray(Long[]::new))
        .addValue(started.stream().map(Started::fence).toArray(Long[]::new))
        .addValue(submissions.stream().map(SendDue::outcome).toArray(String[]::new))
        .addValue(nexts.stream().map(next -> next.state().tag()).toArray(String[]::new))
        .addValue(nexts.stream().map(Next::sid).toArray(String[]::new))
        .addValue(nexts.stream().map(Next::problem).toArray(String[]::new))
        .addValue(nexts.stream().map(next -> utc(next.dueAt())).toArray(OffsetDateTime[]::new))
        .addValue(utc(now));
  }

  private static String outcome(Submission submission) {
    return switch (submission) {
      case Submission.Accepted accepted -> "accepted";
      case Submission.Refused refused -> "refused";
      case Submission.OptedOut optedOut -> "opted-out";
      case Submission.Unknown unknown -> "unknown";
    };
  }

  private void pauseLane(SqlConnection tx, List<Submission> submissions, Instant now) {
    pause(submissions, now).ifPresent(pause -> pauseLane(tx, pause, now));
  }

  private void pauseLane(SqlConnection tx, Pause pause, Instant now) {
    LOG.warn("{} takes no texts until {}: {}", carrier.name(), pause.until(), pause.why());
    tx.preparedQuery(PAUSE_LANE)
        .execute(Tuple.of(carrier.name(), utc(pause.until()), pause.why(), utc(now)))
        .await();
  }

  private record Pause(Instant until, String why) implements Comparable<Pause> {
    @Override
    public int compareTo(Pause other) {
      return until.compareTo(other.until);
    }
  }

  private static Optional<Pause> pause(List<Submission> submissions, Instant now) {
    if (submissions.size() >= REST_FROM
        && submissions.stream().allMatch(Submission.Unknown.class::isInstance)) {
      return Optional.of(new Pause(now.plus(REST), "no answer"));
    }
    return submissions.stream()
        .map(
            submission ->
                submission instanceof Submission.Refused refused
                        && refused.action() instanceof Action.StopLane stop
                    ? new Pause(stop.until(), refused.code())
                    : null)
        .filter(Objects::nonNull)
        .max(naturalOrder());
  }

  private void tell(List<Long> changed) {
    changed.forEach(text -> bus.publish(new Fact.TextChanged(text)));
  }

  private static List<Long> ids(Future<RowSet<Row>> rows) {
    var ids = new ArrayList<Long>();
    rows.await().forEach(row -> ids.add(row.getLong("id")));
    return ids;
  }

  private static Started started(Row row) {
    return new Started(
        row.getLong("fence"), text(row), row.getInteger("refusals"), row.getInteger("unknowns"));
  }

  static Text text(Row row) {
    return new Text(
        row.getLong("id"),
        row.getInteger("posts"),
        new Phone(row.getString("to_phone")),
        Language.of(row.getString("language")),
        MessageClass.of(row.getString("message_class")),
        row.getString("purpose"),
        row.getString("about"),
        row.getString("code"),
        row.getString("body"),
        row.getInteger("segments"),
        row.getBoolean("answerable"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("valid_until").toInstant());
  }

  private static final String EXPIRE =
      """
      UPDATE notify.text SET state = 'expired', state_at = $1, problem = 'too late'
      WHERE id IN (
        SELECT id FROM notify.text
        WHERE state = 'queued' AND valid_until <= $1
        LIMIT $2
        FOR UPDATE SKIP LOCKED)
      RETURNING id\
      """;

  private static final String CLAIM =
      """
      UPDATE notify.text t
      SET fence = nextval('notify.fence'),
          lease_until = clock_timestamp() + interval '30 seconds'
      FROM (
        SELECT id FROM notify.text
        WHERE state = 'queued' AND due_at <= $1 AND valid_until > $1
          AND (lease_until IS NULL OR lease_until < clock_timestamp())
          AND NOT EXISTS (SELECT FROM notify.lane WHERE carrier = $3 AND free_at > $1)
          AND NOT EXISTS (SELECT FROM notify.halt WHERE resumed_at IS NULL)
        ORDER BY priority DESC, id
        LIMIT $2
        FOR UPDATE SKIP LOCKED) due
      WHERE t.id = due.id
      RETURNING t.id, t.fence, t.segments\
      """;

  private static final String TAKE_TURN =
      """
      INSERT INTO notify.lane (carrier, free_at) VALUES ($1, $3)
      ON CONFLICT (carrier) DO UPDATE
      SET free_at = excluded.free_at, trouble = NULL, trouble_at = NULL
      WHERE lane.free_at <= $2\
      """;

  private static final String RELEASE =
      """
      UPDATE notify.text t SET lease_until = NULL
      FROM unnest($1::bigint[], $2::bigint[]) AS c(id, fence)
      WHERE t.id = c.id AND t.fence = c.fence AND t.state = 'queued'\
      """;

  private static final String REFUSE_STOPPED =
      """
      UPDATE notify.text t SET state = 'refused', state_at = $3, problem = 'stopped'
      FROM unnest($1::bigint[], $2::bigint[]) AS c(id, fence)
      WHERE t.id = c.id AND t.fence = c.fence AND t.state = 'queued' AND NOT t.despite_stop
        AND EXISTS (SELECT FROM notify.stopped s WHERE s.phone = t.to_phone)
      RETURNING t.id\
      """;

  private static final String REFUSE_DRILLS =
      """
      UPDATE notify.text t SET state = 'refused', state_at = $3, problem = 'drill'
      FROM unnest($1::bigint[], $2::bigint[]) AS c(id, fence)
      WHERE t.id = c.id AND t.fence = c.fence AND t.state = 'queued' AND t.message_class = 'drill'
      RETURNING t.id\
      """;

  private static final String BEGIN =
      """
      WITH begun AS (
        UPDATE notify.text t
        SET state = 'submitting', state_at = $3, posts = posts + 1, carrier = $4, problem = NULL,
            lease_until = clock_timestamp() + interval '30 seconds'
        FROM unnest($1::bigint[], $2::bigint[]) AS c(id, fence)
        WHERE t.id = c.id AND t.fence = c.fence AND t.state = 'queued' AND t.valid_until > $3
          AND (t.despite_stop
               OR NOT EXISTS (SELECT FROM notify.stopped s WHERE s.phone = t.to_phone))
          AND NOT EXISTS (SELECT FROM notify.halt WHERE resumed_at IS NULL)
        RETURNING t.*),
      noted AS (
        INSERT INTO notify.attempt (fence, text_id, carrier, posted_at)
        SELECT fence, id, carrier, state_at FROM begun)
      SELECT id, fence, posts, refusals, unknowns, to_phone, language, message_class, purpose,
             about, code, body, segments, answerable, created_at, valid_until
      FROM begun
      ORDER BY priority DESC, id\
      """;

  private static final String FINISH =
      """
      WITH came AS (
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[],
          $6::text[], $7::timestamptz[]) AS c(id, fence, outcome, state, sid, problem, due_at)),
      noted AS (
        UPDATE notify.attempt a
        SET outcome = c.outcome, sid = c.sid, problem = c.problem, answered_at = $8
        FROM came c
        WHERE a.fence = c.fence)
      UPDATE notify.text t
      SET state = c.state::notify.text_state, state_at = $8, sid = coalesce(c.sid, t.sid),
          problem = c.problem, due_at = c.due_at, lease_until = NULL,
          refusals = t.refusals + (c.outcome = 'refused')::int,
          unknowns = t.unknowns + (c.outcome = 'unknown')::int
      FROM came c
      WHERE t.id = c.id AND t.fence = c.fence AND t.state = 'submitting'
      RETURNING t.id\
      """;

  private static final String PAUSE_LANE =
      """
      INSERT INTO notify.lane (carrier, free_at, trouble, trouble_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (carrier) DO UPDATE
      SET free_at = greatest(lane.free_at, excluded.free_at), trouble = excluded.trouble,
          trouble_at = excluded.trouble_at\
      """;

  private static final String FIND_NEXT_DUE =
      """
      SELECT greatest(
        min(least(due_at, valid_until)),
        (SELECT free_at FROM notify.lane WHERE carrier = $1))
      FROM notify.text
      WHERE state = 'queued'
      HAVING count(*) > 0\
      """;
}
