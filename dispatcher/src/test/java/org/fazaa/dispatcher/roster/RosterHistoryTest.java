package org.fazaa.dispatcher.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.config.Database.utc;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.VolunteerId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens to volunteers, and to the nodes that follow: in every quiet moment every roster
 * is what the tables say, and what this node has just committed its next query knows.
 */
class RosterHistoryTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Instant NOW = People.NOW;
  private static final int STEPS = 250;
  private static final Point RIYADH = new Point(46.675, 24.713);

  private final List<Writer> open = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  @BeforeEach
  void nobodyIsRegistered() {
    execute("DELETE FROM dispatch.volunteer");
  }

  @AfterEach
  void nothingStaysOpen() {
    while (!open.isEmpty()) open.getFirst().end(false);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void inEveryQuietMomentEveryRosterIsWhatTheTablesSay(long seed) {
    var random = new Random(seed);
    for (var i = 0; i < 3; i++) nodes.add(new Node());
    for (var step = 0; step < STEPS; step++) {
      switch (random.nextInt(12)) {
        case 0, 1 -> {
          if (open.size() < 3) new Writer();
        }
        case 2, 3, 4, 5 -> {
          if (!open.isEmpty()) any(open, random).write(random);
        }
        case 6, 7 -> {
          // Any of them: so one that began first often commits last.
          if (!open.isEmpty()) end(any(open, random), random);
        }
        case 8, 9 -> any(nodes, random).turn();
        case 10 -> happenToANode(random);
        case 11 -> {
          if (random.nextInt(4) == 0) assertRostersAreTheTables(random);
        }
        default -> throw new AssertionError();
      }
    }
    while (!open.isEmpty()) open.getFirst().end(true);
    assertRostersAreTheTables(random);
  }

  /** A program that follows the tables, until it is restarted. */
  private static final class Node {
    Roster roster = new Roster();
    RosterFeed feed = new RosterFeed(roster, db.database());
    boolean paused;

    void turn() {
      if (!paused) feed.run(NOW);
    }

    void restart() {
      roster = new Roster();
      feed = new RosterFeed(roster, db.database());
    }

    void catchUp() {
      paused = false;
      while (feed.run(NOW)) continue;
    }
  }

  /** A transaction of its own that takes as long as it likes. */
  private final class Writer {
    final Set<Long> changed = new TreeSet<>();
    private final SqlConnection connection = db.superuserPool().getConnection().await();

    Writer() {
      run("BEGIN");
      open.add(this);
    }

    void write(Random random) {
      // What another open transaction has locked is left to it: in one thread nobody could wait.
      run("SAVEPOINT before");
      run("SET LOCAL lock_timeout = '5ms'");
      try {
        for (var row : change(connection, random)) changed.add(row);
      } catch (PgException locked) {
        run("ROLLBACK TO before");
      }
    }

    void end(boolean commit) {
      open.remove(this);
      run(commit ? "COMMIT" : "ROLLBACK");
      connection.close().await();
    }

    private void run(String sql) {
      connection.query(sql).execute().await();
    }
  }

  private void end(Writer writer, Random random) {
    var commit = random.nextInt(4) > 0;
    writer.end(commit);
    var here = any(nodes, random);
    if (!commit || random.nextBoolean() || !here.roster.isLoaded()) return;
    var ids = writer.changed.stream().map(VolunteerId::new).toList();
    here.feed.changed(ids);
    var table = RosterFeedTest.table(db.pool());
    for (var id : ids) {
      assertThat(here.roster.find(id).orElse(null)).isEqualTo(table.get(id));
    }
  }

  private void happenToANode(Random random) {
    var node = any(nodes, random);
    switch (random.nextInt(4)) {
      case 0 -> node.restart();
      case 1, 2 -> node.paused = !node.paused;
      // What clears changes away for all nodes does so below every transaction that is still open.
      case 3 ->
          execute(
              """
              WITH gone AS (
                DELETE FROM dispatch.roster_change
                WHERE tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint RETURNING tx
              )
              UPDATE dispatch.roster_pruned
              SET below = GREATEST(below, (SELECT max(tx) FROM gone) + 1)\
              """);
      default -> throw new AssertionError();
    }
  }

  private static List<Long> change(SqlConnection tx, Random random) {
    var kind = random.nextInt(12);
    if (kind < 2) return register(tx, random, kind == 0 ? 1 : 8 + random.nextInt(20));
    var some = " WHERE id % 7 = " + random.nextInt(7) + " RETURNING id";
    var at = utc(NOW.plusSeconds(random.nextInt(-200_000, 200_000)));
    return switch (kind) {
      case 2 -> ids(tx, "UPDATE dispatch.volunteer SET hours = 'sun-mon 8-20'" + some);
      case 3 -> {
        var east = (random.nextDouble() - 0.5) * 0.4;
        yield ids(tx, "UPDATE dispatch.volunteer SET lon = 46.7 + " + east + some);
      }
      case 4 -> {
        var stop = "UPDATE dispatch.volunteer SET stopped_at = ";
        yield ids(tx, stop + (random.nextBoolean() ? "contact_at" : "NULL") + some);
      }
      case 5 -> {
        var consent = "UPDATE dispatch.volunteer SET consented_at = ";
        yield ids(tx, consent + (random.nextInt(3) > 0 ? "contact_at" : "NULL") + some);
      }
      case 6 -> {
        var asked =
            "UPDATE dispatch.volunteer SET last_asked_at = $1, contact_at = $1,"
                + " fatigue = fatigue + 1, no_urgent = no_urgent * 0.9 + 1";
        yield ids(tx, asked + some, Tuple.of(at));
      }
      case 7 -> {
        var busy =
            "UPDATE dispatch.volunteer SET busy_from = $1, busy_until = $1 + interval '5 hours'";
        yield ids(tx, busy + some, Tuple.of(at));
      }
      case 8 -> ids(tx, "DELETE FROM dispatch.volunteer" + some);
      case 9 -> {
        var skills = "UPDATE dispatch.volunteer SET skills = '{nurse,boat}', languages = '{en}'";
        yield ids(tx, skills + some);
      }
      case 10 -> {
        var pause = "UPDATE dispatch.volunteer SET paused_until = $1, born = $1::timestamptz::date";
        yield ids(tx, pause + some, Tuple.of(at));
      }
      case 11 -> ids(tx, "UPDATE dispatch.volunteer SET active = NOT active" + some);
      default -> throw new AssertionError();
    };
  }

  private static List<Long> register(SqlConnection tx, Random random, int count) {
    return ids(
        tx,
        """
        INSERT INTO dispatch.volunteer (name, phone, language, languages, skills, lon, lat, hours,
          consented_at, contact_at, registered_at, yes_life)
        SELECT 'Somebody', '+9665' || ($1 + n), 'ar', '{ar}',
          CASE n % 3 WHEN 0 THEN '{first_aid}' WHEN 1 THEN '{nurse,newer_than_this}' ELSE '{}' END
            ::text[],
          46.675 + (n % 5) * 0.03, 24.713 + (n % 4) * 0.02, 'always', $2, $2, $2, n
        FROM generate_series(1, $3::bigint) AS n
        RETURNING id\
        """,
        Tuple.of(10_000_000L + random.nextInt(80_000_000), utc(NOW), (long) count));
  }

  private void assertRostersAreTheTables(Random random) {
    var table = RosterFeedTest.table(db.pool());
    var nurse = Skill.mask(Set.of(Skill.NURSE));
    var nurses = table.values().stream().filter(one -> one.active() && (one.skills() & nurse) != 0);
    var holders = (int) nurses.count();
    for (var node : nodes) {
      node.catchUp();
      assertThat(node.roster.holders(Skill.NURSE)).isEqualTo(holders);
      assertThat(node.roster.size()).isEqualTo(table.size());
      table.forEach((id, one) -> assertThat(node.roster.find(id)).contains(one));
      for (var i = 0; i < 5; i++) {
        var query = query(random);
        assertThat(node.roster.candidates(query, 20))
            .isEqualTo(GridTest.scan(table.values(), query, 20));
      }
    }
  }

  private static Query query(Random random) {
    var skills = EnumSet.of(Skill.FIRST_AID, Skill.NURSE);
    skills.removeIf(skill -> random.nextInt(3) > 0);
    return new Query(
        RIYADH,
        5 + random.nextInt(30),
        Region.EVERYWHERE,
        skills,
        random.nextBoolean() ? Set.of() : Set.of(SpokenLanguage.EN),
        NOW.plus(Duration.ofHours(1)),
        NOW.plus(Duration.ofHours(3)),
        Limits.of(CallKind.URGENT, People.RIYADH),
        Set.of(),
        Set.of(),
        NOW);
  }

  private static <T> T any(List<T> some, Random random) {
    return some.get(random.nextInt(some.size()));
  }

  private static List<Long> ids(SqlConnection tx, String sql) {
    return ids(tx, sql, Tuple.tuple());
  }

  private static List<Long> ids(SqlConnection tx, String sql, Tuple values) {
    var ids = new ArrayList<Long>();
    for (var row : tx.preparedQuery(sql).execute(values).await()) ids.add(row.getLong("id"));
    return ids;
  }

  private static void execute(String sql) {
    db.superuserPool().query(sql).execute().await();
  }
}
