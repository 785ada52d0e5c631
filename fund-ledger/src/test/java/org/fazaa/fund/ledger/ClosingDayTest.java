package org.fazaa.fund.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.sar;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.GatherGifts;
import org.fazaa.fund.giving.RecordDonation;
import org.fazaa.fund.ledger.Terms.What;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A fund takes gifts until its last day ends in Riyadh, to the millisecond. */
class ClosingDayTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final LocalDate MARCH_10 = LocalDate.of(2026, 3, 10);
  private static final Instant END = Instant.parse("2026-03-10T21:00:00Z");
  private static final Instant LAST_MOMENT = END.minusMillis(1);

  private static final Random RANDOM = new Random(5);

  private static Bus bus;

  private final Books books = new Books(db);

  @BeforeAll
  static void officers() {
    bus = Bus.of(db.vertx());
    new Books(db).appointOfficers();
  }

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void theLastMomentIsTakenAndTheNextIsNotWhetherOrNotAnybodyHasClosedIt(Channel channel) {
    var fund = open(Optional.of(MARCH_10), false);

    assertThat(gather(fund, channel, LAST_MOMENT))
        .isInstanceOf(RecordDonation.Outcome.Recorded.class);
    assertThatThrownBy(() -> record(fund, channel, END))
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo("gift_before_closing"));
    assertThat(gather(fund, channel, END)).isEqualTo(new RecordDonation.Outcome.FundClosed(fund));
    assertThat(closedAt(fund)).contains(END);
    assertThat(record(fund, channel, END)).isEqualTo(new RecordDonation.Outcome.FundClosed(fund));
  }

  @Test
  void aGiftOfTheLastMomentInABatchWithLateOnesDoesNotSufferFromThem() {
    var fund = open(Optional.of(MARCH_10), false);
    var other = open(Optional.empty(), false);
    var gather = gatherAt(END);

    var late = gather.run(Books.gift(fund, Channel.CARD, sar(1)));
    var fine = gather.run(Books.gift(other, Channel.CARD, sar(1)));
    assertThat(late.await())
        .isEqualTo(new GatherGifts.Answer.Given(new RecordDonation.Outcome.FundClosed(fund)));
    assertThat(((GatherGifts.Answer.Given) fine.await()).outcome())
        .isInstanceOf(RecordDonation.Outcome.Recorded.class);
    gather.wind(END);
  }

  @Test
  void giftsAndTheClosingAtTheSameMomentLeaveNoneThatCameAfterTheEnd() throws Exception {
    for (int round = 0; round < 8; round++) {
      var fund = open(Optional.of(MARCH_10), false);
      var loop = new CloseFunds(db.pool(), bus);
      List<Callable<Object>> calls =
          List.of(
              () -> gather(fund, Channel.CARD, END),
              () -> gather(fund, Channel.CARD, LAST_MOMENT),
              () -> loop.run(END),
              () -> gather(fund, Channel.BANK_TRANSFER, END));
      var results = new ArrayList<Object>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var future : threads.invokeAll(calls)) results.add(future.get());
      }

      var closed = new RecordDonation.Outcome.FundClosed(fund);
      assertThat(results.getFirst()).isEqualTo(closed);
      assertThat(results.getLast()).isEqualTo(closed);
      assertThat(closedAt(fund)).contains(END);
      var late =
          db.pool()
              .preparedQuery("SELECT FROM fund.gift WHERE fund = $1 AND given_at >= $2")
              .execute(Tuple.of(fund.value(), Database.utc(END)))
              .await();
      assertThat(late.size()).isZero();
    }
  }

  @Test
  void theLoopClosesWhatIsDueAndKnowsWhenTheNextIs() {
    var fund = open(Optional.of(MARCH_10), false);
    var later = open(Optional.of(MARCH_10.plusDays(1)), false);
    var loop = new CloseFunds(db.pool(), bus);

    assertThat(loop.nextDue()).contains(END);
    assertThat(loop.run(LAST_MOMENT)).isFalse();
    assertThat(closedAt(fund)).isEmpty();
    assertThat(loop.run(END.plusSeconds(3))).isTrue();
    assertThat(closedAt(fund)).as("by its day, not by the turn").contains(END);
    assertThat(closedAt(later)).isEmpty();
    assertThat(loop.nextDue()).contains(END.plusSeconds(86_400));
    assertThat(loop.run(END.plusSeconds(86_400))).isTrue();
  }

  @ParameterizedTest(name = "set to {0} on the day of {1}: {2}")
  @CsvSource({
    "2026-03-09, 2026-03-01T09:00:00Z, true",
    "2026-04-01, 2026-03-01T09:00:00Z, true",
    "2026-03-01, 2026-03-01T09:00:00Z, true",
    "2026-02-28, 2026-03-01T09:00:00Z, false"
  })
  void twoPeopleSetAnotherLastDay(LocalDate day, Instant now, boolean allowed) {
    var fund = open(Optional.of(MARCH_10), false);
    var proposed = propose(fund, day, now);
    if (!allowed) {
      assertThat(proposed).isInstanceOf(ProposeTerms.Outcome.Invalid.class);
      return;
    }
    long change = ((ProposeTerms.Outcome.Proposed) proposed).change();
    assertThat(terms(fund).closesOn()).contains(MARCH_10);
    assertThat(confirm(fund, change, HUDA_REQUESTER, now))
        .isEqualTo(new ConfirmTerms.Outcome.NotAllowed());
    assertThat(confirm(fund, change, RIMA_APPROVER, now))
        .isEqualTo(new ConfirmTerms.Outcome.Confirmed());
    assertThat(terms(fund).closesOn()).contains(day);
    var end = day.plusDays(1).atStartOfDay(Terms.ZONE).toInstant();
    assertThat(gather(fund, Channel.CARD, end.minusMillis(1)))
        .isInstanceOf(RecordDonation.Outcome.Recorded.class);
    assertThat(gather(fund, Channel.CARD, end))
        .isEqualTo(new RecordDonation.Outcome.FundClosed(fund));
    assertThat(propose(fund, day.plusDays(9), end))
        .isEqualTo(new ProposeTerms.Outcome.FundClosed(fund));
  }

  @Test
  void whatIsOvertakenOrOverIsNotConfirmed() {
    var fund = open(Optional.of(MARCH_10), false);
    long first = proposed(fund, MARCH_10.plusDays(5));
    long second = proposed(fund, MARCH_10.plusDays(6));
    confirm(fund, second, NOURA_TREASURER, NOW);

    assertThat(confirm(fund, first, NOURA_TREASURER, NOW))
        .isEqualTo(new ConfirmTerms.Outcome.Overtaken());
    assertRefused(first, NOW, "terms_are_latest");
    long tooLate = proposed(fund, MARCH_10);
    assertThat(confirm(fund, tooLate, NOURA_TREASURER, END))
        .isEqualTo(new ConfirmTerms.Outcome.Overtaken());
    assertRefused(tooLate, END, "closing_day_to_come");
    assertThat(terms(fund).closesOn()).contains(MARCH_10.plusDays(6));
    books.inTransaction(
        tx -> CloseFund.run(tx, new CloseFund.Draft(fund, "Enough", NOURA_TREASURER), NOW));
    assertRefused(proposedPast(fund), NOW, "closing_day_of_open_fund");
  }

  @Test
  void reachingTheTargetIsNotedAndClosesOnlyWhoSaidSo() {
    var goesOn = open(Optional.empty(), false);
    var stops = open(Optional.empty(), true);
    for (var fund : List.of(goesOn, stops)) {
      books.give(fund, Channel.CARD, sar(999_999));
      books.give(fund, Channel.BANK_TRANSFER, sar(50_000));
    }
    assertThat(note()).as("a promise is not received").doesNotContain(goesOn, stops);
    books.give(goesOn, Channel.CARD, sar(1));
    books.give(stops, Channel.CARD, sar(1));

    assertThat(note()).contains(goesOn, stops);
    assertThat(note()).as("once").doesNotContain(goesOn, stops);
    assertThat(terms(goesOn).reachedAt()).contains(NOW);
    assertThat(books.record(Books.gift(goesOn, Channel.CARD, sar(1))))
        .isInstanceOf(RecordDonation.Outcome.Recorded.class);
    assertThat(books.record(Books.gift(stops, Channel.CARD, sar(1))))
        .isEqualTo(new RecordDonation.Outcome.FundClosed(stops));
  }

  private List<FundId> note() {
    return books.inTransaction(tx -> CloseFunds.noteTargets(tx, NOW));
  }

  private FundId open(Optional<LocalDate> closesOn, boolean stopsAtTarget) {
    var opening =
        new Terms.Opening(
            List.of(Use.ANY),
            Optional.empty(),
            closesOn,
            stopsAtTarget,
            Terms.Surplus.AUTHORITY,
            Optional.empty());
    return books.openFund(Restriction.PURPOSE, opening);
  }

  private Optional<Instant> closedAt(FundId fund) {
    return Funds.find(db.pool(), fund).orElseThrow().closedAt();
  }

  private Terms terms(FundId fund) {
    return Terms.find(db.pool(), fund).orElseThrow();
  }

  private static GatherGifts gatherAt(Instant now) {
    return new GatherGifts(db.pool(), bus, () -> now, new RecordDonation(RANDOM));
  }

  private RecordDonation.Outcome gather(FundId fund, Channel channel, Instant now) {
    var gather = gatherAt(now);
    var answer = gather.run(Books.gift(fund, channel, sar(1))).await();
    gather.wind(now);
    return ((GatherGifts.Answer.Given) answer).outcome();
  }

  private RecordDonation.Outcome record(FundId fund, Channel channel, Instant now) {
    var draft = Books.gift(fund, channel, sar(1));
    return books.inTransaction(tx -> new RecordDonation(RANDOM).run(tx, draft, now));
  }

  private ProposeTerms.Outcome propose(FundId fund, LocalDate day, Instant now) {
    var what = new What.ClosingDay(day);
    var draft = new ProposeTerms.Draft(Books.key(), fund, what, "The board said so", SAAD_APPROVER);
    return books.inTransaction(tx -> ProposeTerms.run(tx, draft, now));
  }

  private long proposed(FundId fund, LocalDate day) {
    return ((ProposeTerms.Outcome.Proposed) propose(fund, day, NOW)).change();
  }

  private ConfirmTerms.Outcome confirm(FundId fund, long change, long by, Instant now) {
    var draft = new ConfirmTerms.Draft(fund, change, by);
    return books.inTransaction(tx -> ConfirmTerms.run(tx, draft, now));
  }

  private long proposedPast(FundId fund) {
    var ids = new ArrayList<Long>();
    db.pool()
        .query(
            """
            INSERT INTO fund.terms_change (fund, kind, closes_on, why, proposed_by, office, since,
              proposed_at, idem_key, request_hash)
            VALUES (%d, 'closing_day', '2026-05-01', 'why', 21, 'approver', '2026-03-01T09:00:00Z',
              '2026-03-01T09:00:00Z', 'past-%s', sha256('x')) RETURNING id\
            """
                .formatted(fund.value(), Books.key()))
        .execute()
        .await()
        .forEach(row -> ids.add(row.getLong(0)));
    return ids.getFirst();
  }

  private static void assertRefused(long change, Instant at, String constraint) {
    var statement =
        """
        INSERT INTO fund.terms_confirmation
        VALUES (%d, 21, 22, 'approver', '2026-03-01T09:00:00Z', '%s')\
        """
            .formatted(change, at);
    assertThatThrownBy(() -> db.pool().query(statement).execute().await())
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo(constraint));
  }
}
