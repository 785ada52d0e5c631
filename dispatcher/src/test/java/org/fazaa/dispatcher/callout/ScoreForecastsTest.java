package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.ForecastFigures.Kind;
import org.fazaa.dispatcher.callout.ScoreForecasts.Act;
import org.fazaa.dispatcher.callout.ScoreForecasts.Move;
import org.fazaa.dispatcher.callout.ScoreForecasts.Said;
import org.fazaa.dispatcher.callout.ScoreForecasts.Score;
import org.fazaa.dispatcher.callout.ScoreForecasts.Why;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreForecastsTest {

  /** Said at 08:00 of two people by 10:00. */
  @Nested
  class Deciding {
    private static final Said TWO = new Said(1, at("08:00"), at("10:00"), 2, true);

    @ParameterizedTest
    @CsvSource(
        nullValues = "-",
        textBlock =
            """
            nobody                            | -                           | failed 0
            one of two                        | +1 09:00                    | failed 1
            both, at the last moment          | +1 09:00 +2 10:00           | true 2 10:00
            the second too late               | +1 09:00 +2 10:01           | failed 1
            one gave it back in time          | +1 09:00 +2 09:10 -1 09:30  | failed 1
            and somebody else took it         | +1 08:10 +2 08:20 -1 09:30 +3 09:40 | true 2 09:40
            gave it back after the deadline   | +1 09:00 +2 09:10 -1 10:30  | true 2 09:10
            said yes twice                    | +1 09:00 +1 09:30           | failed 1
            said yes twice and still first    | +1 08:10 +2 08:30 +1 09:30  | true 2 08:30
            more than were wanted             | +1 08:10 +2 08:30 +3 08:50  | true 3 08:30
            a no of somebody without a place  | +1 08:10 +2 08:30 -4 09:00  | true 2 08:30
            willing, and others took it       | +1 08:10 ~2 08:30           | failed 1
            filled by a later envelope        | +1 08:10 +2@2 09:00         | failed 1
            which only came before its own    | +1 08:10 +2@2 09:00 ~3 09:30 | true 2 09:30
            a later envelope after the deadline | +1 08:10 ~2 08:30 +3@2 10:01 | failed 1
            """,
        delimiter = '|')
    void byWhoHadAPlaceAtTheDeadline(String what, String moves, String score) {
      assertThat(says(ScoreForecasts.decide(TWO, List.of(), moves(moves))))
          .as(what)
          .isEqualTo(score);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            07:59 | EDITED | true 2 08:30
            08:00 | EDITED | true 2 08:30
            08:01 | EDITED | void edited
            09:59 | PAUSED | void paused
            09:59 | CLOSED | void closed
            10:00 | CLOSED | true 2 08:30
            11:00 | EDITED | true 2 08:30
            """)
    void whatPeopleChangedBetweenIsNotPutToTheTest(String time, Why why, String score) {
      var full = moves("+1 08:10 +2 08:30");

      assertThat(says(ScoreForecasts.decide(TWO, List.of(new Act(at(time), why)), full)))
          .isEqualTo(score);
    }

    @Test
    void theFirstChangeSaysWhyAndAnEnvelopeThatNobodyConfirmedSaysItBeforeAll() {
      var acts = List.of(new Act(at("09:30"), Why.CLOSED), new Act(at("09:00"), Why.PAUSED));
      var unconfirmed = new Said(1, TWO.at(), TWO.fillBy(), 2, false);

      assertThat(says(ScoreForecasts.decide(TWO, acts, List.of()))).isEqualTo("void paused");
      assertThat(says(ScoreForecasts.decide(unconfirmed, acts, List.of())))
          .isEqualTo("void unconfirmed");
    }

    private static Instant at(String time) {
      return Instant.parse("2026-11-22T" + time + ":00Z");
    }

    private static List<Move> moves(String says) {
      if (says == null) return List.of();
      var parts = says.trim().split(" ");
      return IntStream.range(0, parts.length / 2)
          .mapToObj(
              n ->
                  move(
                      parts[2 * n].charAt(0),
                      parts[2 * n].substring(1).split("@"),
                      at(parts[2 * n + 1])))
          .toList();
    }

    private static Move move(char what, String[] who, Instant at) {
      var envelope = who.length == 1 ? 1 : Long.parseLong(who[1]);
      return new Move(Long.parseLong(who[0]), envelope, at, what == '+', what == '~');
    }

    private static String says(Score score) {
      return switch (score) {
        case Score.CameTrue(var held, var filledAt) ->
            "true " + held + " " + filledAt.toString().substring(11, 16);
        case Score.Failed(var held) -> "failed " + held;
        case Score.Void(var why) -> "void " + why.word();
      };
    }
  }

  @Nested
  class Scoring {
    @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

    private final Town town = new Town(db);

    @Test
    void waitsForTheDeadlineAndWritesOnce() {
      var need = called(1);
      town.ask();
      town.after(Duration.ofMinutes(5));
      var full = town.now;
      town.says(town.offers(need).getFirst(), "yes");
      var deadline = town.view(need).need().fillBy();

      town.now = deadline.plusSeconds(59);
      score();
      assertThat(press(need).held()).as("what was begun before may still come").isEmpty();

      town.now = deadline.plusSeconds(60);
      score();
      assertThat(press(need).cameTrue()).isTrue();
      assertThat(press(need).filledAt()).contains(full);

      town.tx(tx -> CloseNeed.run(tx, town.staff(tx), need, "over", town.now));
      town.after(Duration.ofHours(9));
      score();
      assertThat(press(need).cameTrue()).as("what was written stays").isTrue();
    }

    @Test
    void aNeedThatFilledTooLateDidNotComeTrue() {
      var need = called(2);
      town.ask();
      town.says(town.offers(need).getFirst(), "yes");
      passDeadline(need);
      town.says(town.offers(need, Offer.State.OPEN).getFirst(), "yes");
      score();

      assertThat(town.view(need).need().isFull()).isTrue();
      assertThat(press(need).cameTrue()).isFalse();
      assertThat(press(need).held()).contains(1);
    }

    @Test
    void whoeverIsOnTheWayStillHasTheirPlace() {
      var need = called(1);
      town.ask();
      var offer = town.offers(need).getFirst();
      town.says(offer, "yes");
      town.after(Duration.ofMinutes(1));
      town.says(offer, "on my way");
      assertThat(Needs.timeline(db.pool(), need))
          .extracting(Needs.Event::what)
          .contains("on the way");
      passDeadline(need);
      score();

      assertThat(press(need).cameTrue()).isTrue();
    }

    @Test
    void whatACoordinatorChangedIsLeftOutAndWhatIsSaidAfterwardsCounts() {
      var need = called(2);
      town.after(Duration.ofMinutes(1));
      var edit = more(3);
      town.tx(tx -> EditNeed.run(tx, town.staff(tx), need, Optional.empty(), edit, town.now));
      town.now = tenth(need, 1);
      record();
      passDeadline(need);
      score();

      assertThat(press(need).leftOut()).contains(Why.EDITED);
      assertThat(press(need).held()).isEmpty();
      var live = ForecastFigures.of(db.pool(), need).getLast();
      assertThat(live.kind()).isEqualTo(Kind.LIVE);
      assertThat(live.leftOut()).isEmpty();
      assertThat(live.held()).contains(0);
    }

    @Test
    void aPauseAndAnEarlyEndAreLeftOut() {
      var paused = called(1);
      var closed = called(1);
      town.after(Duration.ofMinutes(3));
      town.tx(tx -> PauseCallOut.run(tx, town.staff(tx), paused, town.now));
      town.tx(tx -> CloseNeed.run(tx, town.staff(tx), closed, "no longer", town.now));
      passDeadline(paused);
      score();

      assertThat(press(paused).leftOut()).contains(Why.PAUSED);
      assertThat(press(closed).leftOut()).contains(Why.CLOSED);
    }

    @Test
    void anEnvelopeThatNobodyConfirmedIsLeftOut() {
      town.people(3);
      var need = town.need(50, Priority.URGENT);
      assertThat(town.callOut(need, 600))
          .isInstanceOf(StartCallOut.Outcome.NeedsSecondPerson.class);
      passDeadline(need);
      score();

      var sql = "SELECT count(*) FROM dispatch.forecast WHERE need = $1 AND void_why = $2";
      assertThat(town.count(sql, need.value(), "unconfirmed")).isOne();
      assertThat(ForecastFigures.of(db.pool(), need)).as("nothing was said").isEmpty();
    }

    @Test
    void whoeverIsChangingTheNeedComesFirst() {
      var need = called(1);
      passDeadline(need);

      town.tx(
          tx -> {
            Need.lock(tx, need);
            new ScoreForecasts(db.pool()).run(town.now); // does not wait
            return null;
          });
      assertThat(press(need).held()).isEmpty();
      score();
      assertThat(press(need).held()).contains(0);
    }

    @Test
    void theNextTurnIsDueWhenADeadlineHasPassed() {
      var need = called(1);
      score();
      var due = new ScoreForecasts(db.pool()).nextDue().orElseThrow();

      assertThat(due).isAfter(town.now).isBeforeOrEqualTo(deadline(need).plusSeconds(60));
    }

    private NeedId called(int people) {
      town.people(40);
      var need = town.need(people, Priority.URGENT);
      assertThat(town.callOut(need)).isInstanceOf(StartCallOut.Outcome.Started.class);
      return need;
    }

    private EditNeed.Edit more(int people) {
      var none = Optional.<Instant>empty();
      return new EditNeed.Edit(
          Optional.empty(),
          Optional.of(people),
          Optional.empty(),
          none,
          none,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    private Instant tenth(NeedId need, int tenth) {
      var called = town.view(need).need().calledAt().orElseThrow();
      return called.plus(
          Duration.between(called, deadline(need)).multipliedBy(tenth).dividedBy(10));
    }

    private Instant deadline(NeedId need) {
      return town.view(need).need().fillBy();
    }

    private void passDeadline(NeedId need) {
      town.now = deadline(need).plus(ScoreForecasts.GRACE);
    }

    private void record() {
      new RecordForecasts(db.pool(), town.roster, Round.PRICED, true).run(town.now);
    }

    private void score() {
      while (new ScoreForecasts(db.pool()).run(town.now)) {
        // until all is scored
      }
    }

    private ForecastFigures.Said press(NeedId need) {
      return ForecastFigures.of(db.pool(), need).getFirst();
    }
  }
}
