package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.ForecastFigures.Kind;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordForecastsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private final Town town = new Town(db);

  @Test
  void theNumberThatWasApprovedIsKeptWithItsEnvelope() {
    town.people(60);
    var need = town.need(4, Priority.URGENT);
    var shown =
        town.propose
            .run(db.pool(), need, Optional.empty(), Optional.of(12), town.now)
            .orElseThrow()
            .forecast();

    town.callOut(need, 12);

    var said = said(need);
    assertThat(said).hasSize(1);
    assertThat(said.getFirst().kind()).isEqualTo(Kind.PRESS);
    assertThat(said.getFirst().chance()).isEqualTo(shown.chance()).isBetween(0.01, 0.99);
    assertThat(said.getFirst().expected()).isEqualTo(shown.expected()).isPositive();
    assertThat(said.getFirst().texts()).isEqualTo(12);
    assertThat(said.getFirst().open()).isEqualTo(4);
    assertThat(said.getFirst().fillBy()).isEqualTo(shown.by());
  }

  @Test
  void whatWasRefusedSaysNothing() {
    town.people(3);
    var need = town.need(50, Priority.URGENT);
    var request =
        new StartCallOut.Request(
            Optional.empty(),
            Optional.of(90),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    town.tx(tx -> town.start.run(tx, town.staff(tx), need, request, town.now));

    assertThat(said(need)).isEmpty();
  }

  @Test
  void onceInEachTenthOfTheTimeWhileItRuns() {
    town.people(60);
    var need = town.need(4, Priority.URGENT);
    town.callOut(need, 50);
    town.ask();

    town.now = tenth(need, 1).minusMillis(1);
    assertThat(record()).as("not in the first tenth: that is the press").isFalse();
    town.now = tenth(need, 1);
    assertThat(record()).isTrue();
    assertThat(record()).isFalse();
    town.now = tenth(need, 2).plusSeconds(5);
    assertThat(record()).isTrue();
    town.now = tenth(need, 5); // of what went by unsaid only the last is said
    assertThat(record()).isTrue();
    assertThat(record()).isFalse();

    var live = said(need).subList(1, said(need).size());
    assertThat(live)
        .extracting(ForecastFigures.Said::at)
        .containsExactly(tenth(need, 1), tenth(need, 2).plusSeconds(5), tenth(need, 5));
    var texts = town.view(need).texts();
    assertThat(live).allSatisfy(one -> assertThat(one.texts()).isEqualTo(50 - texts));
    assertThat(live).as("silence says no").isSortedAccordingTo((a, b) -> later(a, b));
  }

  private static int later(ForecastFigures.Said a, ForecastFigures.Said b) {
    return Double.compare(b.chance(), a.chance());
  }

  @Test
  void nothingIsSaidOfWhatIsFullPausedOrTooLate() {
    town.people(60);
    var full = town.need(1, Priority.URGENT);
    var paused = town.need(1, Priority.URGENT);
    var late = town.need(1, Priority.URGENT);
    for (var need : List.of(full, paused, late)) town.callOut(need, 12);
    town.ask();
    town.says(town.offers(full).getFirst(), "yes");
    town.tx(tx -> PauseCallOut.run(tx, town.staff(tx), paused, town.now));
    town.now = town.view(late).need().fillBy();

    while (record()) {
      // until nothing is due
    }

    for (var need : List.of(full, paused, late)) assertThat(said(need)).hasSize(1);
  }

  @Test
  void twoNodesSayItOnce() {
    town.people(60);
    var need = town.need(4, Priority.URGENT);
    town.callOut(need, 12);
    town.now = tenth(need, 3);

    var threads =
        List.of(Thread.startVirtualThread(this::record), Thread.startVirtualThread(this::record));
    threads.forEach(RecordForecastsTest::join);

    assertThat(said(need)).hasSize(2);
  }

  @Test
  void aNeedThatIsDueIsFoundAndTheNextOneIsKnown() {
    town.people(60);
    var need = town.need(4, Priority.LIFE);
    town.callOut(need, 12);
    var loop = new RecordForecasts(db.pool(), town.roster, Round.PRICED, true);
    loop.run(town.now);

    for (var tenth = 1; tenth <= 9; tenth++) {
      var due = loop.nextDue().orElseThrow();
      assertThat(due).isAfter(town.now);
      town.now = due;
      assertThat(loop.run(town.now)).as("what is due is done").isTrue();
      while (loop.run(town.now)) {
        // others of this database
      }
    }
    assertThat(said(need)).hasSize(10);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean record() {
    return new RecordForecasts(db.pool(), town.roster, Round.PRICED, true).run(town.now);
  }

  private List<ForecastFigures.Said> said(NeedId need) {
    return ForecastFigures.of(db.pool(), need);
  }

  private Instant tenth(NeedId need, int tenth) {
    var view = town.view(need).need();
    var called = view.calledAt().orElseThrow();
    return called.plus(Duration.between(called, view.fillBy()).multipliedBy(tenth).dividedBy(10));
  }
}
