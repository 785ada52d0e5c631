package org.fazaa.dispatcher.callout;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.Way;

/**
 * Every offer that came to an end teaches once: how this person answers, and how people answer such
 * calls.
 */
public final class LearnAnswers implements Loop.Work {
  private static final int PER_TURN = 500;

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

  /** All that simulated people taught, or all that real ones did. */
  static Learned learned(SqlClient conn, boolean simulated) {
    return learned(find(conn, simulated).await());
  }

  /** The rows that {@link #learned(RowSet)} reads. */
  static Future<RowSet<Row>> find(SqlClient conn, boolean simulated) {
    return conn.preparedQuery(FIND_LEARNED).execute(Tuple.of(simulated));
  }

  static Learned learned(RowSet<Row> found) {
    var rows = new ArrayList<Learned.Sum>();
    for (var row : found) {
      rows.add(
          new Learned.Sum(
              row.getString("about"),
              row.getInteger("bin"),
              row.getDouble("yes"),
              row.getDouble("trials"),
              row.getDouble("squares")));
    }
    return Learned.of(rows);
  }

  /**
   * An offer that came to an end.
   *
   * @param chosen by a decision of the policy, whose rate can be held against what came
   * @param heard how long it was in their hands
   */
  private record Ended(
      VolunteerId volunteer,
      Priority priority,
      State state,
      boolean simulated,
      boolean chosen,
      double ease,
      Duration heard,
      Learned.Ended taught) {}

  private static int learn(SqlConnection tx, Instant now) {
    var ended = new ArrayList<Long>();
    for (var row : tx.preparedQuery(LOCK_PEOPLE).execute(Tuple.of(PER_TURN)).await()) {
      ended.add(row.getLong("id"));
    }
    var shows = learnShows(tx, now);
    if (ended.isEmpty()) return shows;
    var ids = Tuple.of((Object) ended.toArray(Long[]::new));
    var taken = tx.preparedQuery(TAKE_ENDED).execute(ids).await();
    var rates = new HashMap<Boolean, Rates>();
    var all = new ArrayList<Ended>();
    for (var row : taken) {
      if (!row.getBoolean("texted")) continue;
      var own =
          rates.computeIfAbsent(
              row.getBoolean("simulated"), which -> new Rates(learned(tx, which)));
      all.add(ended(row, own));
    }
    Contacts.record(tx, all.stream().flatMap(LearnAnswers::contacts).toList(), now);
    rates.forEach((simulated, own) -> learnRates(tx, all, simulated, own, now));
    return taken.size();
  }

  private static Ended ended(Row row, Rates rates) {
    var asked = row.getOffsetDateTime("asked_at").toInstant();
    var answered = Optional.ofNullable(row.getOffsetDateTime("answered_at"));
    var hour = asked.atZone(ZoneId.of(row.getString("zone"))).getHour();
    var heard = Duration.between(asked, row.getOffsetDateTime("changed_at").toInstant());
    var priority = Priority.of(row.getString("priority")).orElseThrow();
    var state = State.of(row.getString("state"));
    var way = Way.of(row.getString("way"));
    var ease = row.getDouble("ease");
    return new Ended(
        new VolunteerId(row.getLong("volunteer")),
        priority,
        state,
        row.getBoolean("simulated"),
        row.getBoolean("chosen"),
        ease,
        heard,
        new Learned.Ended(
            priority.kind(),
            way,
            row.getDouble("rate") / ease,
            row.getDouble("km"),
            hour,
            row.getDouble("recent"),
            row.getDouble("asked_before"),
            saidYes(state),
            heard(state, rates.delay(way), heard),
            answered.map(at -> Duration.between(asked, at.toInstant()))));
  }

  public static boolean saidYes(State state) {
    return switch (state) {
      case ASSIGNED, WITHDRAWN, RELEASED, STANDBY, TOO_LATE -> true;
      case DECLINED, EXPIRED, STOOD_DOWN, OPEN -> false;
    };
  }

  /** Silence that was cut short says nothing of the answers that were still to come. */
  public static double heard(State state, Delay delay, Duration heard) {
    return switch (state) {
      case ASSIGNED, WITHDRAWN, RELEASED, STANDBY, TOO_LATE, DECLINED -> 1;
      case EXPIRED, STOOD_DOWN -> delay.answeredWithin(heard);
      case OPEN -> 0;
    };
  }

  private static Stream<Contact> contacts(Ended one) {
    return events(one.state).stream()
        .map(
            event ->
                new Contact(
                    one.volunteer,
                    one.priority.kind(),
                    event,
                    weight(event, one.ease, one.taught.heard())));
  }

  public static List<Event> events(State state) {
    return switch (state) {
      case ASSIGNED, WITHDRAWN, RELEASED -> List.of(Event.YES, Event.PLACED);
      case STANDBY, TOO_LATE -> List.of(Event.YES, Event.ALREADY_FILLED);
      case DECLINED -> List.of(Event.NO);
      case EXPIRED, STOOD_DOWN -> List.of(Event.SILENT);
      case OPEN -> List.of();
    };
  }

  /** A no from far away or at night says less of a person than one from next door by day. */
  public static double weight(Event event, double ease, double heard) {
    return switch (event) {
      case NO, SILENT -> heard * Math.min(1, ease);
      case ASKED, YES, PLACED, ALREADY_FILLED -> 1;
    };
  }

  private static void learnRates(
      SqlConnection tx, List<Ended> ended, boolean simulated, Rates rates, Instant now) {
    var learned = new Learned();
    for (var one : ended) {
      if (one.simulated == simulated && one.chosen) learned.add(one.taught, rates);
    }
    add(tx, learned, simulated, now);
  }

  private static void add(SqlConnection tx, Learned learned, boolean simulated, Instant now) {
    var rows = learned.rows();
    if (rows.isEmpty()) return;
    var columns =
        Tuple.tuple()
            .addBoolean(simulated)
            .addArrayOfString(rows.stream().map(Learned.Sum::about).toArray(String[]::new))
            .addArrayOfInteger(rows.stream().map(Learned.Sum::bin).toArray(Integer[]::new))
            .addArrayOfDouble(rows.stream().map(Learned.Sum::yes).toArray(Double[]::new))
            .addArrayOfDouble(rows.stream().map(Learned.Sum::trials).toArray(Double[]::new))
            .addArrayOfDouble(rows.stream().map(Learned.Sum::squares).toArray(Double[]::new))
            .addOffsetDateTime(Database.utc(now))
            .addDouble((double) History.ANSWERS_HALVE_IN.toSeconds());
    tx.preparedQuery(ADD).execute(columns).await();
  }

  // Only where somebody was seen to arrive do the others count as not come.
  private static int learnShows(SqlConnection tx, Instant now) {
    var needs = 0;
    for (var row : tx.preparedQuery(TAKE_SHOWS).execute(Tuple.of(PER_TURN)).await()) {
      needs++;
      if (row.getLong("came") == 0) continue;
      var learned = new Learned();
      learned.addShows(row.getLong("came"), row.getLong("promised"));
      add(tx, learned, row.getBoolean("simulated"), now);
    }
    return needs;
  }

  private static final String FIND_LEARNED =
      """
      SELECT about, bin, yes, trials, squares FROM dispatch.learned WHERE simulated = $1
      """;

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
      ), taken AS (
        UPDATE dispatch.offer o SET counted = true
        FROM dispatch.need n, dispatch.crisis c
        WHERE o.id = ANY (ARRAY(SELECT id FROM ended)) AND n.id = o.need AND c.id = n.crisis
        RETURNING o.id, o.volunteer, n.priority, c.zone, o.state, o.asked_at, o.changed_at,
          o.answered_at, o.km, o.simulated, o.rate, o.ease, o.recent, o.asked_before, o.way,
          o.envelope IS NOT NULL AS texted,
          EXISTS (SELECT FROM dispatch.decision d
                  WHERE d.id = o.decision AND d.round IS NOT NULL) AS chosen
      )
      SELECT * FROM taken ORDER BY id
      """;

  private static final String ADD =
      """
      INSERT INTO dispatch.learned AS l (simulated, about, bin, yes, trials, squares, at)
      SELECT $1, about, bin, yes, trials, squares, $7
      FROM UNNEST($2::text[], $3::int[], $4::float8[], $5::float8[], $6::float8[])
        AS s (about, bin, yes, trials, squares)
      ORDER BY about, bin
      ON CONFLICT (simulated, about, bin) DO UPDATE
      SET (yes, trials, squares, at) = (
        SELECT l.yes * faded.by + excluded.yes, l.trials * faded.by + excluded.trials,
          l.squares * faded.by + excluded.squares, GREATEST(l.at, excluded.at)
        FROM (SELECT power(0.5, GREATEST(0, extract(epoch FROM excluded.at - l.at))::float8
                / $8::float8)) AS faded (by))
      """;

  private static final String TAKE_SHOWS =
      """
      WITH over AS (
        UPDATE dispatch.need SET shows_counted = true
        WHERE id IN (SELECT id FROM dispatch.need WHERE state = 'closed' AND NOT shows_counted
                     ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING id
      )
      SELECT o.simulated, count(*) AS promised, count(o.arrived_at) AS came
      FROM over JOIN dispatch.offer o ON o.need = over.id AND o.state = 'assigned'
      GROUP BY o.need, o.simulated
      """;
}
