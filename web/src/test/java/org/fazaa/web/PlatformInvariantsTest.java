package org.fazaa.web;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.config.Invariant;
import org.fazaa.config.Invariant.Outcome;
import org.fazaa.config.Invariant.Violation;
import org.fazaa.config.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing that can go wrong with the machines is planted, and must be noticed. */
class PlatformInvariantsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "web");

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @Test
  void nothingIsFoundWhereAllIsWell() {
    for (var invariant :
        PlatformInvariants.of(new Seen(Duration.ofMillis(-500), Set.of("a"), Set.of()))) {
      assertThat(invariant.look(db.pool(), NOW))
          .as(invariant.number())
          .isEqualTo(new Outcome.Holds());
    }
  }

  // What takes minutes or a server of its own is planted under the name that the check reads.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          has a transaction open for | pg_stat_activity | pid, datname, backend_type, \
          xact_start - interval '61 seconds' AS xact_start
          could not be archived | pg_stat_archiver | clock_timestamp() AS last_failed_time, \
          stats_reset - interval '1 hour' AS stats_reset, NULL::timestamptz AS last_archived_time
          """)
  void whatIsWrongWithTheServerIsFound(String said, String view, String columns) {
    planted(
        connection -> {
          connection.query("CREATE SCHEMA planted").execute().await();
          connection
              .query(
                  "CREATE VIEW planted.%s AS SELECT %s FROM pg_catalog.%s"
                      .formatted(view, columns, view))
              .execute()
              .await();
          connection.query(SWITCHED_ON).execute().await();
          connection.query("SET LOCAL search_path = planted, pg_catalog").execute().await();
          assertFound(connection, said);
        });
  }

  @Test
  void aWornTableIsFound() {
    var connection = db.superuserPool().getConnection().await();
    try {
      connection
          .query("CREATE TABLE worn (n int) WITH (autovacuum_enabled = off)")
          .execute()
          .await();
      connection.query("INSERT INTO worn SELECT generate_series(1, 1000)").execute().await();
      connection
          .query(
              Stream.generate(() -> "UPDATE worn SET n = n + 1")
                  .limit(11)
                  .reduce((one, next) -> one + "; " + next)
                  .orElseThrow())
          .execute()
          .await();
      connection.query("SELECT pg_stat_force_next_flush()").execute().await();
      assertFound(connection, "public.worn has 11000 dead rows for 1000 live ones");
      connection.query("DROP TABLE worn").execute().await();
    } finally {
      connection.close().await();
    }
  }

  @Test
  void numbersThatRunOutAreFound() {
    planted(
        connection -> {
          connection.query("CREATE SEQUENCE short AS smallint START 16384").execute().await();
          connection.query("SELECT nextval('short')").execute().await();
          assertFound(connection, "public.short has used half of its numbers");
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {501, -501})
  void aClockThatIsOffIsFound(long millis) {
    var found = invariant(Duration.ofMillis(millis)).look(db.pool(), NOW);

    assertThat(found).isInstanceOf(Outcome.Violated.class);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "node b lives and is not joined, a, ''",
    "member c gives no sign of life, a b c, ''",
    "member d gives no sign of life, a b d, ''",
    "node b does not answer over the bus, a b, b",
  })
  void nodesThatDoNotSeeEachOtherAreFound(String said, String members, String unheard) {
    live("b", 0);
    live("d", 31);
    try {
      var sight = new Seen(Duration.ZERO, names(members), names(unheard));
      var found = find("23", sight).look(db.pool(), NOW);
      assertThat(found.toString()).contains("details=[" + said + "]");
    } finally {
      db.superuserPool().query("DELETE FROM web.node WHERE name <> 'a'").execute().await();
    }
  }

  @Test
  void whoHasJustComeOrGoneIsNoAlarm() {
    db.superuserPool().query("UPDATE web.node SET since = clock_timestamp()").execute().await();
    var alone = new Seen(Duration.ZERO, Set.of(), Set.of());

    assertThat(find("23", alone).look(db.pool(), NOW)).isEqualTo(new Outcome.Holds());
  }

  @BeforeEach
  void oneNodeLives() {
    live("a", 0);
  }

  private static void live(String name, int secondsAgo) {
    var sql =
        """
        INSERT INTO web.node (name, host, port, version, since, seen_at)
        VALUES ($1, 'host', 1, 'v', clock_timestamp() - interval '1 hour',
          clock_timestamp() - make_interval(secs => $2))
        ON CONFLICT (name) DO UPDATE SET since = excluded.since, seen_at = excluded.seen_at
        """;
    db.superuserPool().preparedQuery(sql).execute(Tuple.of(name, secondsAgo)).await();
  }

  private static Set<String> names(String written) {
    return Stream.of(written.split(" ")).filter(name -> !name.isEmpty()).collect(toSet());
  }

  private record Seen(Duration clockOffset, Set<String> members, Set<String> unheard)
      implements PlatformInvariants.Sight {}

  private interface Plant {
    void in(SqlConnection connection);
  }

  private static void planted(Plant plant) {
    var connection = db.superuserPool().getConnection().await();
    try {
      connection.begin().await();
      plant.in(connection);
    } finally {
      connection.close().await();
    }
  }

  private static void assertFound(SqlConnection connection, String said) {
    var found = invariant(Duration.ZERO).check().run(connection, NOW);
    assertThat(found).extracting(Violation::subject).allMatch(java.util.Optional::isEmpty);
    assertThat(found.stream().flatMap(one -> one.details().stream()).toList())
        .anySatisfy(detail -> assertThat(detail).contains(said));
  }

  private static Invariant invariant(Duration offset) {
    return find("24", new Seen(offset, Set.of("a"), Set.of()));
  }

  private static Invariant find(String number, PlatformInvariants.Sight sight) {
    return PlatformInvariants.of(sight).stream()
        .filter(one -> one.number().equals(number))
        .findFirst()
        .orElseThrow();
  }

  private static final String SWITCHED_ON =
      """
      CREATE FUNCTION planted.current_setting(name text) RETURNS text LANGUAGE sql AS
        $$ SELECT CASE WHEN name = 'archive_mode' THEN 'on'
                       ELSE pg_catalog.current_setting(name) END $$\
      """;
}
