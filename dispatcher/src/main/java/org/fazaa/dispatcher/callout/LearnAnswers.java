package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

  @Override
  public boolean run(Instant now) {
    var learned = Database.inTransaction(pool, tx -> learn(tx, now));
    if (learned > 0) bus.publish(new Fact.VolunteersChanged());
    return learned > 0;
  }

  private record Ended(
      VolunteerId volunteer, Priority priority, State state, Duration heard, boolean simulated) {}

  private static int learn(SqlConnection tx, Instant now) {
    var ended = new ArrayList<Ended>();
    for (var row : tx.preparedQuery(TAKE_ENDED).execute(Tuple.of(PER_TURN)).await()) {
      var asked = row.getOffsetDateTime("asked_at").toInstant();
      var changed = row.getOffsetDateTime("changed_at").toInstant();
      ended.add(
          new Ended(
              new VolunteerId(row.getLong("volunteer")),
              Priority.of(row.getString("priority")).orElseThrow(),
              State.of(row.getString("state")),
              Duration.between(asked, changed),
              row.getBoolean("simulated")));
    }
    var contacts = new ArrayList<Contact>();
    for (var one : ended) {
      for (var event : events(one.state, one.heard)) {
        contacts.add(new Contact(one.volunteer, one.priority.kind(), event));
      }
    }
    Contacts.record(tx, contacts, now);
    learnRates(tx, ended.stream().filter(one -> one.simulated).toList(), true);
    learnRates(tx, ended.stream().filter(one -> !one.simulated).toList(), false);
    return ended.size();
  }

  static List<Event> events(State state, Duration heard) {
    return switch (state) {
      case ASSIGNED, WITHDRAWN, RELEASED -> List.of(Event.YES, Event.PLACED);
      case STANDBY, TOO_LATE -> List.of(Event.YES, Event.ALREADY_FILLED);
      case DECLINED -> List.of(Event.NO);
      case EXPIRED -> List.of(Event.SILENT);
      case STOOD_DOWN ->
          Rates.answeredWithin(heard) >= LONG_ENOUGH ? List.of(Event.SILENT) : List.of();
      case OPEN -> List.of();
    };
  }

  private static void learnRates(SqlConnection tx, List<Ended> ended, boolean simulated) {
    Map<Priority, double[]> sums = new EnumMap<>(Priority.class);
    for (var one : ended) {
      var sum = sums.computeIfAbsent(one.priority, any -> new double[2]);
      for (var event : events(one.state, one.heard)) {
        switch (event) {
          case YES -> sum[0]++;
          case NO, SILENT -> sum[1]++;
          case ASKED, PLACED, ALREADY_FILLED -> {}
        }
      }
    }
    sums.forEach(
        (priority, sum) ->
            tx.preparedQuery(ADD_RATE)
                .execute(Tuple.of(priority.word(), simulated, sum[0], sum[1]))
                .await());
  }

  private static final String TAKE_ENDED =
      """
      WITH ended AS (
        SELECT id FROM dispatch.offer
        WHERE NOT counted AND state <> 'open'
        ORDER BY id
        LIMIT $1
        FOR UPDATE SKIP LOCKED
      )
      UPDATE dispatch.offer o SET counted = true
      FROM ended, dispatch.need n
      WHERE o.id = ended.id AND n.id = o.need
      RETURNING o.volunteer, n.priority, o.state, o.asked_at, o.changed_at, o.simulated
      """;

  private static final String ADD_RATE =
      """
      INSERT INTO dispatch.answer_rate AS r (priority, simulated, yes, no) VALUES ($1, $2, $3, $4)
      ON CONFLICT (priority, simulated) DO UPDATE
      SET yes = r.yes + excluded.yes, no = r.no + excluded.no
      """;
}
