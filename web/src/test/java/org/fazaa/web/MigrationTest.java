package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tables get new columns while people answer and look: nobody notices. */
@Tag("F12")
class MigrationTest {
  private static final String PUBLIC = "https://fazaa.example";
  private static final CarrierWitness carrier = CarrierWitness.start();

  @RegisterExtension static final Program program = Program.with(settings());

  private static final int PEOPLE = 150;
  private static final int ROUNDS = 3;
  private static final List<String> TABLES =
      List.of(
          "notify.reply",
          "notify.text",
          "dispatch.offer",
          "dispatch.need",
          "dispatch.volunteer",
          "dispatch.envelope",
          "dispatch.crisis");

  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean migrating = true;

  @Test
  void newColumnsInBusyTablesAreNoErrorToAnybody() {
    var people = PlantedOffers.plant(program.database().superuserPool(), PEOPLE, PEOPLE);
    var coordinator = program.as("coordinator");
    var looks =
        List.of(
            all(() -> coordinator.get("/api/needs/1").status()),
            all(() -> coordinator.get("/api/needs/1/offers").status()),
            all(() -> coordinator.get("/api/crises/1").status()));
    var replies = CompletableFuture.supplyAsync(() -> reply(people), Thread::startVirtualThread);

    for (int round = 0; round < ROUNDS; round++) {
      int looked = asked.get();
      for (var table : TABLES) addColumn(table, "added_" + round);
      // Every kept plan is met again before the next round.
      await().atMost(Duration.ofMinutes(1)).until(() -> asked.get() > looked + 30);
    }
    assertThat(replies.join()).containsOnly(200);
    migrating = false;
    for (var look : looks) assertThat(look.join()).isEqualTo(200);

    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> count("notify.reply WHERE state = 'done' AND outcome = 'assigned'") == PEOPLE);
    assertThat(count("notify.reply WHERE tries > 0")).isZero();
    assertThat(count("dispatch.offer WHERE state = 'assigned'")).isEqualTo(PEOPLE);
  }

  /** Looks until the migrations are over; the first answer that is not 200, or 200. */
  private CompletableFuture<Integer> all(IntSupplier look) {
    return CompletableFuture.supplyAsync(
        () -> {
          int status = 200;
          while (migrating && status == 200) {
            status = look.getAsInt();
            asked.incrementAndGet();
          }
          return status;
        },
        Thread::startVirtualThread);
  }

  private static List<Integer> reply(List<PlantedOffers.Asked> people) {
    return IntStream.range(0, people.size()).mapToObj(i -> reply(i, people.get(i))).toList();
  }

  private static int reply(int number, PlantedOffers.Asked asked) {
    var fields = new TreeMap<String, String>();
    fields.put("MessageSid", "SM" + number);
    fields.put("From", asked.phone());
    fields.put("To", "+15005550006");
    fields.put("Body", "1 " + asked.code());
    var token = carrier.settings().get("TWILIO_AUTH_TOKEN");
    var signature = PlantedOffers.signature(token, PUBLIC + "/twilio/replies", fields);
    var caller = program.anybody().with("X-Twilio-Signature", signature);
    return caller.postForm("/twilio/replies", fields).status();
  }

  // As a migration does: whoever does not get the table within a second lets the others pass.
  private static void addColumn(String table, String column) {
    var sql = "ALTER TABLE %s ADD COLUMN %s int NOT NULL DEFAULT 0".formatted(table, column);
    try {
      program
          .database()
          .superuserPool()
          .query("SET LOCAL lock_timeout = '1s'; " + sql)
          .execute()
          .await();
    } catch (PgException e) {
      assertThat(e.getSqlState()).isEqualTo("55P03");
      addColumn(table, column);
    }
  }

  private static long count(String from) {
    return program
        .database()
        .pool()
        .query("SELECT count(*) FROM " + from)
        .execute()
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  private static Map<String, String> settings() {
    var settings = new HashMap<>(carrier.settings());
    settings.put("FAZAA_PUBLIC_URL", PUBLIC);
    return settings;
  }
}
