package org.fazaa.web.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.Phone;
import org.fazaa.web.session.AskCode.Ask;
import org.fazaa.web.session.AskCode.Outcome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Codes are counted where all nodes see it, and with the same work for every number. */
class AskCodeTest {
  private static final Instant NOW = Instant.parse("2026-11-22T13:45:00Z");

  @RegisterExtension
  static final TestDatabase db = TestDatabase.of("notify", "dispatch", "fund", "web");

  private final AskCode askCode = new AskCode(new SecureRandom(), 1_000_000, 40);

  @Test
  @Tag("S11")
  void askedAtOnceOnThreeNodesANumberGetsThree() {
    var machines = new ArrayList<Vertx>();
    var nodes = new ArrayList<Database>();
    for (var i = 0; i < 3; i++) {
      machines.add(Vertx.vertx());
      nodes.add(db.open(machines.getLast()));
    }
    try {
      var outcomes =
          IntStream.range(0, 30)
              .mapToObj(i -> at(nodes.get(i % 3).people(), ask("+966510000001", "10.1.0." + i)))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();
      assertThat(outcomes).filteredOn(Outcome.Asked.class::isInstance).hasSize(3);
      assertThat(outcomes).filteredOn(Outcome.TooMany.class::isInstance).hasSize(27);
    } finally {
      nodes.forEach(Database::close);
      machines.forEach(vertx -> vertx.close().await());
    }
  }

  @Test
  @Tag("S11")
  void eachLimitEndsWhenItsTimeIsOver() {
    var phone = "+966510000002";
    var minute = Duration.ofMinutes(1);
    for (var i = 0; i < 3; i++) {
      assertThat(run(ask(phone, "10.2.0.1"), NOW.plus(minute.multipliedBy(i))))
          .isInstanceOf(Outcome.Asked.class);
    }
    assertThat(run(ask(phone, "10.2.0.2"), NOW.plus(minute.multipliedBy(3))))
        .isEqualTo(new Outcome.TooMany(minute.multipliedBy(7)));
    var free = NOW.plus(minute.multipliedBy(10));
    assertThat(run(ask(phone, "10.2.0.2"), free)).isInstanceOf(Outcome.Asked.class);
    assertThat(run(ask(phone, "10.2.0.2"), free)).isEqualTo(new Outcome.TooMany(minute));
    for (var i = 0; i < 6; i++) {
      var later = NOW.plus(Duration.ofHours(1 + i));
      assertThat(run(ask(phone, "10.2.1." + i), later)).isInstanceOf(Outcome.Asked.class);
    }
    assertThat(run(ask(phone, "10.2.2.1"), NOW.plus(Duration.ofHours(12))))
        .isEqualTo(new Outcome.TooMany(Duration.ofHours(12)));
  }

  /** By what PostgreSQL counted in each transaction, table by table. */
  @Test
  @Tag("S12")
  void aKnownAndAnUnknownNumberAreTheSameWork() {
    var known = "+966510030003";
    db.superuserPool()
        .preparedQuery(
            """
            INSERT INTO dispatch.volunteer (name, phone, language, languages, skills, lon, lat,
              contact_at, registered_at)
            VALUES ('Sara', $1, 'en', '{en}', '{}', 39, 21, now(), now())\
            """)
        .execute(Tuple.of(known))
        .await();
    var address = "10.3.0.1";
    run(ask("+966510000009", address), NOW); // the day's budget is open
    var work = new ArrayList<Map<String, List<Long>>>();
    for (var number : List.of(known, "+966510010004", "+966510020005")) {
      work.add(
          Database.inTransaction(
              db.pool(),
              tx -> {
                var before = counted(tx);
                var asked = (Outcome.Asked) askCode.run(tx, ask(number, address), NOW);
                ProvePhone.run(tx, AskCode.Door.VOLUNTEER, asked.secret(), "000000", NOW);
                return since(before, counted(tx));
              }));
    }
    assertThat(work.getFirst()).containsKeys("web.phone_code", "web.code_asked");
    assertThat(work.getFirst().keySet()).noneMatch(table -> table.startsWith("dispatch."));
    assertThat(work.get(1)).isEqualTo(work.get(2)).isEqualTo(work.getFirst());
  }

  private static Map<String, List<Long>> counted(SqlConnection tx) {
    var counted = new TreeMap<String, List<Long>>();
    for (var row : tx.query(COUNTED).execute().await()) {
      var many = IntStream.range(1, row.size()).mapToObj(row::getLong).toList();
      counted.put(row.getString("name"), many);
    }
    return counted;
  }

  private static Map<String, List<Long>> since(
      Map<String, List<Long>> before, Map<String, List<Long>> after) {
    var since = new TreeMap<String, List<Long>>();
    after.forEach(
        (table, many) -> {
          var old = before.get(table);
          var more = IntStream.range(0, many.size()).mapToObj(i -> many.get(i) - old.get(i));
          if (!many.equals(old)) since.put(table, more.toList());
        });
    return since;
  }

  private static final String COUNTED =
      """
      SELECT schemaname || '.' || relname AS name, seq_scan, coalesce(idx_scan, 0), n_tup_ins,
        n_tup_upd, n_tup_del
      FROM pg_stat_xact_user_tables\
      """;

  private static Ask ask(String phone, String address) {
    return new Ask(new Phone(phone), AskCode.Door.VOLUNTEER, Optional.empty(), address);
  }

  private Outcome run(Ask ask, Instant now) {
    return Database.inTransaction(db.pool(), tx -> askCode.run(tx, ask, now));
  }

  private CompletableFuture<Outcome> at(Pool pool, Ask ask) {
    return CompletableFuture.supplyAsync(
        () -> Database.inTransaction(pool, tx -> askCode.run(tx, ask, NOW)),
        Thread::startVirtualThread);
  }
}
