package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("trial");

  @Test
  void whatATransactionWroteIsThereAfterItReturned() {
    long id = Database.inTransaction(db.pool(), tx -> insert(tx, "kept"));
    assertThat(count("kept")).isEqualTo(1);
    assertThat(id).isPositive();
  }

  @Test
  void whatATransactionWroteIsGoneAfterItThrew() {
    assertThatThrownBy(
            () ->
                Database.inTransaction(
                    db.pool(),
                    tx -> {
                      insert(tx, "dropped");
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(count("dropped")).isZero();
  }

  @Test
  void aTransactionThatMustBeRepeatedIsRepeatedAtMostTwice() {
    var tries = new AtomicInteger();
    Database.inTransaction(
        db.pool(),
        tx -> {
          if (tries.incrementAndGet() < 3) {
            raise(tx, "40001");
          }
          return insert(tx, "third time");
        });
    assertThat(tries).hasValue(3);
    assertThatThrownBy(() -> Database.inTransaction(db.pool(), tx -> raise(tx, "40P01")))
        .isInstanceOfSatisfying(PgException.class, e -> "40P01".equals(e.getSqlState()));
  }

  @Test
  void anotherFaultIsNotRepeated() {
    var tries = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Database.inTransaction(
                    db.pool(),
                    tx -> {
                      tries.incrementAndGet();
                      return raise(tx, "22012");
                    }))
        .isInstanceOf(PgException.class);
    assertThat(tries).hasValue(1);
  }

  @Test
  void whatNobodyWaitedForIsThereAfterTheCommit() {
    Database.inTransaction(
        db.pool(),
        tx -> {
          Database.later(tx.preparedQuery(INSERT).execute(Tuple.of("later 1")));
          Database.later(tx.preparedQuery(INSERT).execute(Tuple.of("later 2")));
          return insert(tx, "waited for");
        });
    assertThat(count("later 1") + count("later 2") + count("waited for")).isEqualTo(3);
  }

  @Test
  void aFaultOfWhatNobodyWaitedForIsToldAsItsOwnAndRepeatedLikeAny() {
    var tries = new AtomicInteger();
    Database.inTransaction(
        db.pool(),
        tx -> {
          if (tries.incrementAndGet() == 1) {
            Database.later(tx.query(RAISE.formatted("40P01")).execute());
            insert(tx, "after the fault"); // is only told that the transaction is over
          }
          return insert(tx, "second time");
        });
    assertThat(tries).hasValue(2);
    assertThat(count("after the fault")).isZero();
    assertThatThrownBy(
            () ->
                Database.inTransaction(
                    db.pool(),
                    tx -> {
                      Database.later(tx.query(RAISE.formatted("22012")).execute());
                      return true; // nothing follows: the commit must see it
                    }))
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("22012"));
  }

  @Test
  void whoFindsNoConnectionInTimeIsToldThatTheDatabaseIsAway() {
    var live =
        Database.open(db.vertx(), db.url(), Optional.empty(), Optional.empty(), List.of("trial"));
    var people = live.people();
    var taken = Stream.generate(() -> people.getConnection().await()).limit(4).toList();
    assertThatThrownBy(() -> Database.inTransaction(people, tx -> insert(tx, "late")))
        .isInstanceOf(Database.Away.class);
    taken.forEach(connection -> connection.close().await());
    Database.inTransaction(people, tx -> insert(tx, "in time"));
    assertThat(count("late")).isZero();
    live.close();
  }

  @Test
  void theProgramRefusesToRunAsSuperuser() {
    var superuser = db.superuserUrl();
    assertThatThrownBy(
            () ->
                Database.open(
                    db.vertx(), superuser, Optional.empty(), Optional.empty(), List.of("trial")))
        .isInstanceOf(Database.Refused.class)
        .hasMessageContaining("superuser");
  }

  @Test
  void theProgramRefusesToRunAsOwnerOfItsTables() {
    assertThatThrownBy(
            () ->
                Database.open(
                    db.vertx(),
                    db.ownerUrl(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of("trial")))
        .isInstanceOf(Database.Refused.class)
        .hasMessageContaining("owner of schema trial");
  }

  @Test
  void theClockAgreesWithTheDatabases() {
    var theirs = db.pool().query("SELECT clock_timestamp()").execute().await().iterator().next();
    var apart =
        java.time.Duration.between(
            db.database().clock().instant(), theirs.getOffsetDateTime(0).toInstant());
    assertThat(apart.abs()).isLessThan(java.time.Duration.ofSeconds(30));
  }

  private static long insert(SqlConnection tx, String body) {
    return tx.preparedQuery(INSERT).execute(Tuple.of(body)).await().iterator().next().getLong(0);
  }

  private static long count(String body) {
    return db.pool()
        .preparedQuery("SELECT count(*) FROM trial.note WHERE body = $1")
        .execute(Tuple.of(body))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  private static Long raise(SqlConnection tx, String state) {
    tx.query(RAISE.formatted(state)).execute().await();
    return 0L;
  }

  private static final String INSERT = "INSERT INTO trial.note (body) VALUES ($1) RETURNING id";

  private static final String RAISE = "DO $$ BEGIN RAISE SQLSTATE '%s'; END $$";
}
