package org.fazaa.dispatcher.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.fazaa.config.Bus;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.people.EditVolunteers;
import org.fazaa.dispatcher.people.EditVolunteers.Edit;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.people.Week;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RosterFeedTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Instant NOW = People.NOW;

  private static Bus bus;

  private final Roster roster = new Roster();
  private final RosterFeed feed = new RosterFeed(roster, db.database());
  private final List<Writer> open = new ArrayList<>();

  @BeforeAll
  static void openBus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void nobodyIsRegistered() {
    execute("DELETE FROM dispatch.volunteer");
  }

  @AfterEach
  void nothingStaysOpen() {
    while (!open.isEmpty()) open.getFirst().end(false);
  }

  @Test
  void aTransactionThatCommitsLateIsNotPassedOver() {
    insert(db.superuserPool().getConnection().await(), new Random(1), 2);
    var ids = ids();
    catchUp();
    var late = new Writer();
    late.run("UPDATE dispatch.volunteer SET active = false WHERE id = " + ids.get(0));
    execute("UPDATE dispatch.volunteer SET active = false WHERE id = " + ids.get(1));

    catchUp();
    assertThat(isActive(ids.get(1))).as("what commits is known while another is open").isFalse();
    assertThat(isActive(ids.get(0))).isTrue();

    late.end(true);
    catchUp();
    assertThat(isActive(ids.get(0))).isFalse();
  }

  @Test
  void whatAnEditWroteIsKnownAtOnceAndNeedsNoSecondReading() {
    insert(db.superuserPool().getConnection().await(), new Random(1), 3);
    catchUp();
    var evenings = Week.parse("sun-thu 16-23").orElseThrow();
    var who = new VolunteerId(ids().getFirst());
    var edits = new EditVolunteers(db.pool(), bus, feed);
    var edit = edits.run(new Edit.Hours(who, evenings));
    edits.wind(NOW);

    assertThat(edit.result()).isEqualTo(new EditVolunteers.Outcome.Edited());
    assertThat(roster.find(who).orElseThrow().hours()).isEqualTo(evenings);
    assertThat(feed.run(NOW)).as("the edit is known already").isFalse();
    assertRosterIsTheTable();
  }

  @Test
  void anIdleFeedHasNothingToDo() {
    insert(db.superuserPool().getConnection().await(), new Random(1), 10);
    catchUp();
    assertThat(feed.run(NOW)).isFalse();

    execute("UPDATE dispatch.volunteer SET hours = 'always'");
    assertThat(feed.run(NOW)).isTrue();
    assertThat(feed.run(NOW)).isFalse();
  }

  @Test
  void aChangeIsReadOnceEvenWhileALongTransactionHoldsTheEdgeBack() {
    insert(db.superuserPool().getConnection().await(), new Random(1), 10);
    catchUp();
    var slow = new Writer();
    slow.run("UPDATE dispatch.volunteer SET hours = 'sun 1-2' WHERE id = " + ids().getFirst());

    execute("UPDATE dispatch.volunteer SET born = '1990-01-01' WHERE id = " + ids().getLast());
    assertThat(feed.run(NOW)).isTrue();
    assertThat(feed.run(NOW)).isFalse();
    slow.end(false);
    catchUp();
    assertRosterIsTheTable();
  }

  @Test
  void aNodeThatWasAwayTooLongReadsEverybodyAgain() {
    insert(db.superuserPool().getConnection().await(), new Random(1), 10);
    catchUp();
    execute("UPDATE dispatch.volunteer SET active = NOT active");
    execute("DELETE FROM dispatch.volunteer WHERE id = " + ids().getFirst());
    execute("DELETE FROM dispatch.roster_change");
    execute(
        "UPDATE dispatch.roster_pruned SET below = pg_snapshot_xmin(pg_current_snapshot())"
            + "::text::bigint");

    catchUp();
    assertRosterIsTheTable();
    assertThat(feed.run(NOW)).as("once is enough").isFalse();
  }

  @Test
  void changesThatEveryNodeHasReadAreClearedAway() {
    insert(db.superuserPool().getConnection().await(), new Random(1), 1);
    catchUp();
    execute(
        "INSERT INTO dispatch.roster_change (volunteers)"
            + " SELECT ARRAY[0::bigint] FROM generate_series(1, 25000)");

    catchUp();

    assertThat(count("SELECT count(*) FROM dispatch.roster_change")).isBetween(20_000L, 21_500L);
    assertThat(feed.run(NOW)).isFalse();
    assertRosterIsTheTable();
  }

  @Test
  void nobodyCanBeChosenBeforeEverybodyWasRead() {
    var query = People.anybodyNear(People.plain(1, 46, 24).place(), 10);

    assertThat(roster.isLoaded()).isFalse();
    assertThatThrownBy(() -> roster.candidates(query, 1)).isInstanceOf(Roster.NotLoaded.class);
  }

  @Test
  void turnsAtTheSameTimeDoNotSpoilOneAnother() throws Exception {
    insert(db.superuserPool().getConnection().await(), new Random(1), 50);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var others = IntStream.range(0, 4).mapToObj(i -> threads.submit(this::catchUp)).toList();
      for (var i = 0; i < 20; i++) {
        execute("UPDATE dispatch.volunteer SET active = NOT active WHERE id % 20 = " + i);
        catchUp();
      }
      for (var other : others) other.get();
    }
    catchUp();
    assertRosterIsTheTable();
  }

  @Test
  void asALoopItFollowsFactsAndWithoutAnyItsPoll() {
    insert(db.superuserPool().getConnection().await(), new Random(1), 3);
    var loop = Loop.of(feed, () -> NOW);
    var deployed = db.vertx().deployVerticle(loop, Loop.options()).await();
    Awaitility.await().until(() -> roster.isLoaded() && roster.size() == 3);

    insert(db.superuserPool().getConnection().await(), new Random(2), 1);
    bus.publish(new Fact.VolunteersChanged());
    Awaitility.await().until(() -> roster.size() == 4);
    insert(db.superuserPool().getConnection().await(), new Random(3), 1);
    Awaitility.await().until(() -> roster.size() == 5);

    db.vertx().undeploy(deployed).await();
  }

  /** A transaction of its own that takes as long as it likes. */
  private final class Writer {
    private final SqlConnection connection = db.superuserPool().getConnection().await();

    Writer() {
      run("BEGIN");
      open.add(this);
    }

    void run(String sql) {
      connection.query(sql).execute().await();
    }

    void end(boolean commit) {
      open.remove(this);
      run(commit ? "COMMIT" : "ROLLBACK");
      connection.close().await();
    }
  }

  private static void insert(SqlConnection connection, Random random, int count) {
    for (var i = 0; i < count; i++) {
      connection
          .preparedQuery(
              """
              INSERT INTO dispatch.volunteer (name, phone, language, languages, skills, lon, lat,
                hours, consented_at, contact_at, registered_at, yes_life, no_planned)
              VALUES ('Somebody', $1, 'ar', '{ar,ur}', '{first_aid,boat,newer_than_this}', $2, $3,
                'sun-thu 16-23', $4, $4, $4, $5, 3)\
              """)
          .execute(
              Tuple.of(
                  "+9665" + (10_000_000 + random.nextInt(89_999_999)),
                  random.nextDouble(-180, 180),
                  random.nextDouble(-90, 90),
                  utc(NOW),
                  random.nextDouble(5)))
          .await();
    }
    connection.close().await();
  }

  private void catchUp() {
    var more = true;
    while (more) more = feed.run(NOW);
  }

  private void assertRosterIsTheTable() {
    var table = table(db.pool());
    assertThat(roster.size()).isEqualTo(table.size());
    table.forEach((id, one) -> assertThat(roster.find(id)).contains(one));
    var boats = table.values().stream().filter(Person::active).count();
    assertThat(roster.holders(Skill.BOAT)).isEqualTo((int) boats);
  }

  /** Everybody as the tables have them. */
  static Map<VolunteerId, Person> table(Pool pool) {
    var table = new TreeMap<VolunteerId, Person>();
    var page = Volunteers.search(pool, "", new VolunteerId(0), Volunteers.PAGE_MAX);
    while (!page.isEmpty()) {
      for (var one : page) table.put(one.id(), person(one));
      page = Volunteers.search(pool, "", page.getLast().id(), Volunteers.PAGE_MAX);
    }
    return table;
  }

  private static Person person(Volunteer one) {
    return GridTest.rounded(
        new Person(
            one.id(),
            one.place(),
            Skill.mask(one.skills()),
            SpokenLanguage.mask(one.languages()),
            one.hours(),
            one.active(),
            one.consentedAt().isPresent(),
            !one.takesTexts(),
            one.born(),
            one.pausedUntil(),
            one.busyFrom(),
            one.busyUntil(),
            one.lastAskedAt(),
            one.history(),
            0,
            Map.of()));
  }

  private boolean isActive(long id) {
    return roster.find(new VolunteerId(id)).map(Person::active).orElseThrow();
  }

  private static List<Long> ids() {
    var ids = new ArrayList<Long>();
    for (var row :
        db.pool().query("SELECT id FROM dispatch.volunteer ORDER BY id").execute().await()) {
      ids.add(row.getLong("id"));
    }
    return ids;
  }

  private static void execute(String sql) {
    db.superuserPool().query(sql).execute().await();
  }

  private static long count(String sql) {
    return db.pool().query(sql).execute().await().iterator().next().getLong(0);
  }
}
