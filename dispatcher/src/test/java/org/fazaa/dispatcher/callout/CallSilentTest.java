package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CallSilentTest {
  private static final int CALL = 30;

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  @BeforeAll
  static void callsAreOpen() {
    db.superuserPool()
        .query("INSERT INTO notify.way_out (way, lane, cost) VALUES ('voice', '+15005550007', 30)")
        .execute()
        .await();
  }

  @AfterAll
  static void callsAreClosed() {
    db.superuserPool().query("DELETE FROM notify.way_out").execute().await();
  }

  @AfterEach
  void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  @Test
  void whoIsSilentForThreeMinutesIsCalledOnceFromTheSameEnvelope() {
    var town = town();
    var need = asked(town, Priority.LIFE, 6);
    var offers = town.offers(need);
    var before = town.view(need);
    var work = work(town);

    town.after(Duration.ofSeconds(179));
    assertThat(work.run(town.now)).isFalse();
    town.after(Duration.ofSeconds(1));
    assertThat(work.nextDue()).hasValueSatisfying(due -> assertThat(due).isEqualTo(town.now));
    assertThat(work.run(town.now)).isTrue();

    for (var offer : offers) assertThat(calls(offer)).isOne();
    var after = town.view(need);
    assertThat(after.texts()).isEqualTo(before.texts() + offers.size());
    assertThat(after.cost()).isEqualTo(before.cost() + offers.size() * CALL);
    town.after(Duration.ofMinutes(5));
    assertThat(work.run(town.now)).isFalse();
    assertThat(work.nextDue()).isEmpty();
  }

  @Test
  void whoAnsweredOrSaidStopOrWroteAnythingIsNotCalled() {
    var town = town();
    var need = asked(town, Priority.LIFE, 8);
    var offers = town.offers(need);
    town.says(offers.get(0), "no");
    town.tx(
        tx -> {
          Consent.stop(tx, offers.get(1).phone(), Consent.How.REPLY, town.now);
          Volunteers.stop(tx, offers.get(1).phone(), town.now);
          return null;
        });
    town.says(offers.get(2).phone(), "who is this?", null);
    town.after(CallSilent.PATIENCE);

    assertThat(work(town).run(town.now)).isTrue();

    for (var quiet : offers.subList(0, 3)) assertThat(calls(quiet)).isZero();
    for (var silent : offers.subList(3, offers.size())) assertThat(calls(silent)).isOne();
  }

  @Test
  void nobodyIsCalledForWhatIsNotAboutLivesOrIsFullOrWhereNoCallIsOpen() {
    var urgent = town();
    var ordinary = asked(urgent, Priority.URGENT, 5);
    var full = town();
    var filled = asked(full, Priority.LIFE, 6);
    for (var offer : full.offers(filled)) full.says(offer, "yes");
    for (var town : List.of(urgent, full)) {
      town.after(Duration.ofMinutes(4));
      work(town).run(town.now);
    }
    for (var offer : urgent.offers(ordinary)) assertThat(calls(offer)).isZero();
    for (var offer : full.offers(filled)) assertThat(calls(offer)).isZero();

    var closed = new Town(db);
    asked(closed, Priority.LIFE, 5);
    closed.after(Duration.ofMinutes(4));
    assertThat(work(closed).nextDue()).isEmpty();
    assertThat(work(closed).run(closed.now)).isFalse();
    closed.tx(tx -> CloseCrisis.run(tx, closed.staff(tx), closed.crisis, "over", closed.now));
  }

  @Test
  void callsStopAtTheEdgeOfTheEnvelope() {
    var town = town();
    var need = asked(town, Priority.LIFE, 6);
    var offers = town.offers(need);
    var left = 2;
    db.superuserPool()
        .preparedQuery(
            "UPDATE dispatch.envelope SET max_texts = texts + $2 WHERE need = $1 AND in_force")
        .execute(Tuple.of(need.value(), left))
        .await();
    town.after(CallSilent.PATIENCE);

    assertThat(work(town).run(town.now)).isTrue();
    assertThat(work(town).run(town.now)).isFalse();

    assertThat(offers.stream().mapToLong(CallSilentTest::calls).sum()).isEqualTo(left);
    assertThat(work(town).nextDue()).as("until it is raised").isEmpty();
  }

  /** Several nodes at once, while everybody answers: one call at most, and none after an answer. */
  @Test
  void nodesThatLookTogetherCallOnce() throws Exception {
    var town = town();
    var need = asked(town, Priority.LIFE, 30);
    var offers = town.offers(need);
    town.after(CallSilent.PATIENCE);
    var start = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new ArrayList<Future<?>>();
      for (var node = 0; node < 4; node++) {
        done.add(threads.submit(() -> ran(start, () -> work(town).run(town.now))));
      }
      for (var offer : offers.subList(0, offers.size() / 2)) {
        done.add(threads.submit(() -> ran(start, () -> town.says(offer, "no"))));
      }
      start.countDown();
      for (var one : done) one.get();
    }
    work(town).run(town.now);
    for (var offer : offers) assertThat(calls(offer)).isLessThanOrEqualTo(1);
    for (var silent : offers.subList(offers.size() / 2, offers.size())) {
      assertThat(calls(silent)).isOne();
    }
    var waiting =
        town.count(
            """
            SELECT count(*) FROM notify.text t
            JOIN dispatch.offer o ON t.about = $2 || o.id
            WHERE o.need = $1 AND t.way = 'voice' AND t.state = 'queued' AND o.state = 'declined'
            """,
            need.value(),
            offers.getFirst().id().about().replaceAll("[0-9]+$", ""));
    assertThat(waiting).as("calls to whoever has said no").isZero();
  }

  private static Object ran(CountDownLatch start, Supplier<?> work) {
    try {
      start.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return work.get();
  }

  private static Town town() {
    return new Town(db, Mode.LIVE, true, new Ways(Map.of(Way.VOICE, CALL), Map.of(), false, true));
  }

  private static CallSilent work(Town town) {
    return new CallSilent(db.pool(), town.bus, town.make);
  }

  private static NeedId asked(Town town, Priority priority, int people) {
    town.people(people);
    var need = town.need(Math.max(2, people / 2), priority);
    town.callOut(need, 200);
    town.ask();
    town.textsLeave();
    assertThat(town.offers(need)).hasSizeGreaterThan(people / 2);
    return need;
  }

  private static long calls(Offer offer) {
    var sql = "SELECT count(*) FROM notify.text WHERE to_phone = $1 AND way = 'voice'";
    var phone = Tuple.of(offer.phone().e164());
    return db.pool().preparedQuery(sql).execute(phone).await().iterator().next().getLong(0);
  }
}
