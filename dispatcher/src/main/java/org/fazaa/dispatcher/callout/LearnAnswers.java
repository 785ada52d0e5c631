package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Contacts;
import org.fazaa.dispatcher.people.Contacts.Contact;
import org.fazaa.dispatcher.people.Contacts.Event;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Every offer that came to an end teaches once: how this person answers, and how people answer such
 * calls.
 */
public final class LearnAnswers implements Loop.Work {
  private static final int PER_TURN = 500;

  /** Silence that was cut short says nothing while most answers were still to come. */
  private static final double LONG_ENOUGH = 0.5;

  private final Pool pool;
  private final Bus bus;

  public LearnAnswers(Pool pool, Bus bus) {
    this.pool = pool;
    this.bus = bus;
  }

  @Override
  public String name() {
    return "learn answers";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.NeedChanged.class);
  }

  /** Nobody waits for it, and many answers are learned from as fast as one. */
  @Override
  public double share() {
    return 0.05;
  }

  @Override
  public boolean run(Instant now) {
    var learned = Database.inTransaction(pool, tx -> learn(tx, now));
    if (learned > 0) bus.publish(new Fact.VolunteersChanged());
    return learned > 0;
  }

  /**
   * An offer that came to an end.
   *
   * @param heard how long it was in their hands
   * @param ease how near and how awake they were
   * @param answeredAfter how late they answered, if they did
   */
  private record Ended(
      VolunteerId volunteer,
      Priority priority,
      State state,
      Duration heard,
      double ease,
      Optional<Duration> answeredAfter) {}

  private static int learn(SqlConnection tx, Instant now) {
    var simulated = new ArrayList<Ended>();
    var real = new ArrayList<Ended>();
    var ended = new ArrayList<Long>();
    for (var row : tx.preparedQuery(LOCK_PEOPLE).execute(Tuple.of(PER_TURN)).await()) {
      ended.add(row.getLong("id"));
    }
    if (ended.isEmpty()) return 0;
    var ids = Tuple.of((Object) ended.toArray(Long[]::new));
    var taken = tx.preparedQuery(TAKE_ENDED).execute(ids).await();
    for (var row : taken) {
      if (!row.getBoolean("texted")) continue;
      (row.getBoolean("simulated") ? simulated : real).add(ended(row));
    }
    var contacts = new ArrayList<Contact>();
    for (var one : Stream.concat(simulated.stream(), real.stream()).toList()) {
      for (var event : events(one.state, one.heard)) {
        contacts.add(new Contact(one.volunteer, one.priority.kind(), event));
      }
    }
    Contacts.record(tx, contacts, now);
    learnRates(tx, simulated, true);
    learnRates(tx, real, false);
    return taken.size();
  }

  private static Ended ended(Row row) {
    var asked = row.getOffsetDateTime("asked_at").toInstant();
    var answered = Optional.ofNullable(row.getOffsetDateTime("answered_at"));
    var hour = asked.atZone(ZoneId.of(row.getString("zone"))).getHour();
    return new Ended(
        new VolunteerId(row.getLong("volunteer")),
        Priority.of(row.getString("priority")).orElseThrow(),
        State.of(row.getString("state")),
        Duration.between(asked, row.getOffsetDateTime("changed_at").toInstant()),
        Rates.ease(row.getDouble("km"), hour),
        answered.map(at -> Duration.between(asked, at.toInstant())));
  }

  static List<Event> events(State state, Duration heard) {
    return switch (state) {
      case ASSIGNED, WITHDRAWN, RELEASED -> List.of(Event.YES, Event.PLACED);
      case STANDBY, TOO_LATE -> List.of(Event.YES, Event.ALREADY_FILLED);
      case DECLINED -> List.of(Event.NO);
      case EXPIRED -> List.of(Event.SILENT);
      case STOOD_DOWN ->
          Delay.FIRST.answeredWithin(heard) >= LONG_ENOUGH ? List.of(Event.SILENT) : List.of();
      case OPEN -> List.of();
    };
  }

  /** What a kind of call has taught: sums that only grow. */
  private static final class Sums {
    double yes;
    double trials;
    double answers;
    double logDelays;
    double logDelaysSquared;

    void add(Ended one) {
      for (var event : events(one.state, one.heard)) {
        switch (event) {
          case YES -> {
            yes++;
            trials += one.ease;
          }
          case NO, SILENT -> trials += one.ease;
          case ASKED, PLACED, ALREADY_FILLED -> {}
        }
      }
      one.answeredAfter.ifPresent(
          late -> {
            var log = Math.log(Math.max(1, late.toSeconds()));
            answers++;
            logDelays += log;
            logDelaysSquared += log * log;
          });
    }
  }

  private static void learnRates(SqlConnection tx, List<Ended> ended, boolean simulated) {
    Map<Priority, Sums> sums = new EnumMap<>(Priority.class);
    for (var one : ended) sums.computeIfAbsent(one.priority, any -> new Sums()).add(one);
    sums.forEach(
        (priority, sum) -> {
          var row =
              Tuple.of(priority.word(), simulated, sum.yes, sum.trials)
                  .addValue(sum.answers)
                  .addValue(sum.logDelays)
                  .addValue(sum.logDelaysSquared);
          tx.preparedQuery(ADD).execute(row).await();
        });
  }

  // People before their offers, as whoever answers holds them.
  private static final String LOCK_PEOPLE =
      """
      SELECT ended.id
      FROM (SELECT id, volunteer FROM dispatch.offer
            WHERE NOT counted AND state <> 'open' ORDER BY id LIMIT $1) ended
      JOIN dispatch.volunteer v ON v.id = ended.volunteer
      ORDER BY v.id
      FOR NO KEY UPDATE OF v
      """;

  private static final String TAKE_ENDED =
      """
      WITH ended AS (
        SELECT id FROM dispatch.offer
        WHERE id = ANY ($1::bigint[]) AND NOT counted AND state <> 'open'
        FOR UPDATE SKIP LOCKED
      )
      UPDATE dispatch.offer o SET counted = true
      FROM dispatch.need n, dispatch.crisis c
      WHERE o.id = ANY (ARRAY(SELECT id FROM ended)) AND n.id = o.need AND c.id = n.crisis
      RETURNING o.volunteer, n.priority, c.zone, o.state, o.asked_at, o.changed_at, o.answered_at,
        o.km, o.simulated, o.envelope IS NOT NULL AS texted
      """;

  private static final String ADD =
      """
      INSERT INTO dispatch.answer_rate AS r
        (priority, simulated, yes, trials, answers, log_delays, log_delays_squared)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (priority, simulated) DO UPDATE
      SET yes = r.yes + excluded.yes, trials = r.trials + excluded.trials,
          answers = r.answers + excluded.answers, log_delays = r.log_delays + excluded.log_delays,
          log_delays_squared = r.log_delays_squared + excluded.log_delays_squared
      """;
}
