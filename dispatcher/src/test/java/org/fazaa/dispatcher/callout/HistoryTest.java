package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.fazaa.config.Invariant.Outcome;
import org.fazaa.config.Loop;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever coordinators and volunteers do, in whatever order, no invariant is violated. */
class HistoryTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final int STEPS = 120;
  private static final List<String> WORDS =
      List.of("1", "1", "yes", "نعم", "2", "no", "X", "maybe later", "STOP", "START");

  /** The phones of this town report nothing. */
  private static final String OF_STATUSES = "21";

  private final List<String> done = new ArrayList<>();
  private Random random;
  private Town town;
  private List<Loop.Work> loops;
  private List<NeedId> needs;
  private List<VolunteerId> people;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void noHistoryViolatesAnInvariant(long seed) {
    random = new Random(seed);
    town = new Town(db);
    needs = new ArrayList<>();
    people = new ArrayList<>(town.people(25));
    loops = JourneyTest.loops(town);
    for (var step = 0; step < STEPS; step++) {
      act();
      town.after(Duration.ofSeconds(random.nextInt(90)));
      JourneyTest.settle(town, loops);
      if (step % 10 == 0) assertAllHold();
    }
    assertAllHold();
    assertThat(done).contains("open", "answer", "close", "edit", "by hand", "release");
  }

  private void act() {
    if (needs.isEmpty()) {
      open();
      return;
    }
    var need = needs.get(random.nextInt(needs.size()));
    switch (random.nextInt(20)) {
      case 0, 1 -> open();
      case 2 -> close(need);
      case 3 -> edit(need);
      case 4 -> byHand(need);
      case 5 -> release(need);
      case 6 -> pause(need);
      case 7 -> town.callOut(need, 10);
      case 8 -> town.after(Duration.ofMinutes(20));
      default -> answer(need);
    }
  }

  private void open() {
    done.add("open");
    var starts = town.now.plus(Duration.ofHours(1 + random.nextInt(6)));
    var priority = Priority.values()[random.nextInt(3)];
    var need = town.need(1 + random.nextInt(4), priority, starts);
    needs.add(need);
    town.callOut(need, 10);
  }

  private void close(NeedId need) {
    done.add("close");
    town.tx(tx -> CloseNeed.run(tx, town.staff(tx), need, "over", town.now));
  }

  private void edit(NeedId need) {
    done.add("edit");
    var people = Optional.of(1 + random.nextInt(5));
    var none = Optional.<org.fazaa.dispatcher.people.Point>empty();
    var edit =
        new EditNeed.Edit(
            Optional.empty(),
            people,
            none,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    town.tx(tx -> EditNeed.run(tx, town.staff(tx), need, Optional.empty(), edit, town.now));
  }

  private void byHand(NeedId need) {
    done.add("by hand");
    var person = people.get(random.nextInt(people.size()));
    var enter = new EnterByHand(town.make);
    town.tx(tx -> enter.run(tx, town.staff(tx), need, person, town.now));
  }

  private void release(NeedId need) {
    done.add("release");
    for (var offer : town.offers(need, Offer.State.ASSIGNED)) {
      town.tx(tx -> ReleasePlace.run(tx, town.staff(tx), offer.id(), town.now));
      return;
    }
  }

  private void pause(NeedId need) {
    town.tx(tx -> PauseCallOut.run(tx, town.staff(tx), need, town.now));
  }

  private void answer(NeedId need) {
    var offers = town.offers(need);
    if (offers.isEmpty()) return;
    done.add("answer");
    var offer = offers.get(random.nextInt(offers.size()));
    var word = WORDS.get(random.nextInt(WORDS.size()));
    var body = random.nextBoolean() ? word + " " + offer.code() : word;
    var key = "history-" + done.size() + town.now + offer.id();
    var arrived = new Arrived("simulated", key, offer.phone(), "fazaa", body, Map.of());
    town.tx(tx -> TakeReply.run(tx, arrived, town.now));
  }

  private void assertAllHold() {
    Stream.concat(Invariants.ALL.stream(), org.fazaa.notifier.Invariants.ALL.stream())
        .filter(invariant -> !invariant.number().equals(OF_STATUSES))
        .forEach(
            invariant ->
                assertThat(invariant.look(db.pool(), town.now))
                    .as(invariant.number() + " after " + done)
                    .isEqualTo(new Outcome.Holds()));
  }
}
