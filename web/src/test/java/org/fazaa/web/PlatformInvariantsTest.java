package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.fazaa.config.Invariant.Outcome;
import org.fazaa.config.Invariant.Violation;
import org.fazaa.config.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing that can go wrong with the machines is planted, and must be noticed. */
class PlatformInvariantsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @Test
  void nothingIsFoundWhereAllIsWell() {
    for (var invariant : PlatformInvariants.of(() -> Duration.ofMillis(-500))) {
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

  private static org.fazaa.config.Invariant invariant(Duration offset) {
    return PlatformInvariants.of(() -> offset).stream()
        .filter(one -> one.number().equals("24"))
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
