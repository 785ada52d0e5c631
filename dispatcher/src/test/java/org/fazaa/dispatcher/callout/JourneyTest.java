package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.fazaa.config.Loop;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.SendDue;
import org.fazaa.notifier.carrier.simulated.SimulatedCarrier;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.ReadReplies;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From the press of Call out to a need that is full, through every loop there is between. */
class JourneyTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  @Test
  void aNeedIsCalledOutAnsweredFilledAndStoodDown() {
    var town = new Town(db);
    var loops = loops(town);
    town.people(40);
    var need = town.need(2, Priority.URGENT);
    town.callOut(need);
    settle(town, loops);
    var offers = town.offers(need);

    write(town, offers.get(0).phone(), "ابشر جاي");
    write(town, offers.get(1).phone(), "no problem, coming");
    write(town, offers.get(2).phone(), "مقدر");
    write(town, offers.get(3).phone(), "let me ask my wife first");
    settle(town, loops);

    assertThat(town.view(need).need().filled()).isEqualTo(2);
    assertThat(town.state(offers.get(0))).isEqualTo(State.ASSIGNED);
    assertThat(town.state(offers.get(1))).isEqualTo(State.ASSIGNED);
    assertThat(town.state(offers.get(2))).isEqualTo(State.DECLINED);
    assertThat(town.offers(need, State.OPEN)).isEmpty();
    assertThat(
            town.count("SELECT count(*) FROM notify.text WHERE state IN ('queued', 'submitting')"))
        .isZero();

    var unsure = waiting(offers.get(3).phone()).reply();
    town.tx(tx -> Inbox.decide(tx, unsure.id(), Meaning.YES, 1, town.now));
    settle(town, loops);
    assertThat(town.state(offers.get(3))).isEqualTo(State.STANDBY);

    write(town, offers.get(0).phone(), "X " + offers.get(0).code());
    settle(town, loops);
    assertThat(town.state(offers.get(3))).isEqualTo(State.ASSIGNED);
    assertThat(town.view(need).need().filled()).isEqualTo(2);
    Town.assertInvariants(db);
  }

  @Test
  void aReplyThatCannotBeHandledDoesNotHoldUpTheOthers() {
    var town = new Town(db);
    var loops = loops(town);
    town.people(40);
    var need = town.need(2, Priority.URGENT);
    town.callOut(need);
    settle(town, loops);
    var offers = town.offers(need);

    write(town, offers.get(0).phone(), "yes");
    new ReadReplies(db.pool(), town.bus).run(town.now);
    db.superuserPool()
        .preparedQuery("UPDATE notify.reply SET about = 'not a number' WHERE from_phone = $1")
        .execute(Tuple.of(offers.get(0).phone().e164()))
        .await();
    write(town, offers.get(1).phone(), "yes");
    settle(town, loops);
    assertThat(town.state(offers.get(1))).isEqualTo(State.ASSIGNED);
    assertThat(Inbox.waiting(db.pool(), 100, town.now)).isEmpty();

    for (int tried = 1; tried < Inbox.TRIES_MAX; tried++) {
      town.after(Duration.ofSeconds(8));
      settle(town, loops);
    }

    assertThat(town.state(offers.get(1))).isEqualTo(State.ASSIGNED);
    assertThat(waiting(offers.get(0).phone()).why()).isEqualTo("fault");
  }

  private static Inbox.Waiting waiting(Phone phone) {
    return Inbox.waiting(db.pool(), 100, Instant.EPOCH).stream()
        .filter(one -> one.reply().from().equals(phone))
        .findFirst()
        .orElseThrow();
  }

  static List<Loop.Work> loops(Town town) {
    var pool = town.db.pool();
    return List.of(
        town.feed,
        new ReadReplies(pool, town.bus),
        town.answer,
        new ExpireOffers(pool, town.bus),
        new LearnAnswers(pool, town.bus),
        town.round(Waves.FIXED),
        new SendDue(pool, town.bus, new SimulatedCarrier(pool, (text, at) -> List.of(), 40)));
  }

  /** Every loop in turn until none has anything to do. */
  static void settle(Town town, List<Loop.Work> loops) {
    var busy = true;
    while (busy) {
      busy = false;
      for (var loop : loops) busy |= loop.run(town.now);
    }
    town.after(Duration.ofSeconds(1));
  }

  private static void write(Town town, Phone phone, String body) {
    var arrived =
        new Arrived("simulated", body + phone.e164() + town.now, phone, "fazaa", body, Map.of());
    town.tx(tx -> TakeReply.run(tx, arrived, town.now));
  }
}
