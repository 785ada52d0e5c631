package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.sar;

import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.fazaa.config.Bus;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.Pledge.End;
import org.fazaa.fund.giving.Pledge.Every;
import org.fazaa.fund.ledger.CloseFund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Money;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.reply.AnswerLink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Givers promise for each month, are asked when it is due, and count once it comes. */
class PledgeTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "fund");

  private static final AtomicInteger COUNT = new AtomicInteger(500_000_000);
  private static final LocalDate TODAY = LocalDate.ofInstant(NOW, ZoneOffset.ofHours(3));
  private static final LocalDate TOMORROW = TODAY.plusDays(1);
  private static final AnswerLink LINKS = new AnswerLink("a secret of a test".getBytes());

  private static Bus bus;

  private final Books books = new Books(db);
  private final Random random = new Random(COUNT.incrementAndGet());
  private final RecordDonation recordDonation = new RecordDonation(random, Optional.of("stripe"));
  private FundId fund;
  private AskInstalments loop;

  @BeforeAll
  static void aBus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void aFund() {
    fund = books.openFund();
    loop = asking(Optional.of("https://fazaa.example"));
  }

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @Test
  void aPledgeIsPromisedAndCountsAsReceivedOnlyOnceAnInstalmentIsPaid() {
    var pledge = recorded(draft(fund, TOMORROW));
    assertThat(pledge.opened()).isEmpty();
    assertThat(pledge.next()).contains(TOMORROW);
    assertThat(Pledges.regular(db.pool(), fund))
        .containsExactly(new Pledges.Regular(Every.MONTH, 1, sar(150)));
    assertThat(books.figures(fund).received()).isEqualTo(sar(0));
    assertThat(books.figures(fund).pledged()).isEqualTo(sar(0));

    loop.run(ten(TOMORROW).minusSeconds(1));
    assertThat(texts(pledge)).isEmpty();
    loop.run(ten(TOMORROW));
    loop.run(ten(TOMORROW));
    assertThat(texts(pledge)).hasSize(1);
    assertThat(texts(pledge).getFirst()).contains("150.00 SAR", "https://fazaa.example/a/");

    var gift = paying(pay(instalment(pledge), Channel.CARD));
    assertThat(gift.amount()).contains(sar(150));
    books.inTransaction(tx -> PostGifts.post(tx, NOW));
    assertThat(books.figures(fund).received()).isEqualTo(sar(150));
    assertThat(found(pledge).opened().getFirst().gift().orElseThrow().state())
        .isEqualTo(GiftState.PAID_SIMULATED);
    assertThat(found(pledge).unpaid()).isEmpty();
  }

  @Test
  void oneThatBeginsTodayIsOpenAtOnceAndNotAskedByAText() {
    var pledge = recorded(draft(fund, TODAY));
    assertThat(pledge.unpaid().orElseThrow().due()).isEqualTo(TODAY);
    loop.run(NOW.plusSeconds(60));
    assertThat(texts(pledge)).isEmpty();
  }

  @Test
  void aRepeatIsAnsweredAsTheFirstAndOtherContentIsRefused() {
    var draft = draft(fund, TOMORROW);
    var first = recorded(draft);
    assertThat(record(draft)).isEqualTo(new RecordPledge.Outcome.AlreadyRecorded(first));
    var other = with(draft, sar(151), draft.firstDay(), Optional.empty());
    assertThat(record(other)).isInstanceOf(RecordPledge.Outcome.DiffersFromFirst.class);
  }

  @ParameterizedTest
  @CsvSource({
    "150, -1, , first_day",
    "150, 367, , first_day",
    "0, 0, , amount",
    "150, 0, 0, instalments",
    "150, 0, 1201, instalments"
  })
  void badInputIsNamedAndChangesNothing(long riyals, int days, Integer count, String field) {
    var draft = draft(fund, TODAY);
    var bad = with(draft, sar(riyals), TODAY.plusDays(days), Optional.ofNullable(count));
    assertThat(((RecordPledge.Outcome.Invalid) record(bad)).flaws())
        .extracting(flaw -> flaw.field())
        .containsExactly(field);
    assertThat(Pledges.ofGiver(db.pool(), draft.phone())).isEmpty();
  }

  @Test
  void aPhoneHasSoManyStandingPledgesAtMostHoweverManyAreMadeAtOnce() throws Exception {
    var first = draft(fund, TOMORROW);
    var calls =
        IntStream.range(0, RecordPledge.STANDING_MAX + 4)
            .<Callable<RecordPledge.Outcome>>mapToObj(i -> () -> record(again(first)))
            .toList();
    assertThat(atOnce(calls))
        .filteredOn(one -> one instanceof RecordPledge.Outcome.Recorded)
        .hasSize(RecordPledge.STANDING_MAX);
    var one = Pledges.ofGiver(db.pool(), first.phone()).getFirst();
    books.inTransaction(tx -> WithdrawPledge.run(tx, one, NOW));
    recorded(again(first));
    assertThat(record(again(first))).isInstanceOf(RecordPledge.Outcome.TooManyPledges.class);
  }

  @ParameterizedTest
  @CsvSource({"true, CARD", "true, BANK_TRANSFER", "false, CARD", "false, BANK_TRANSFER"})
  void anInstalmentIsPaidByOneGiftHoweverOftenItIsPressed(boolean demonstration, Channel channel)
      throws Exception {
    var into = books.openFund(demonstration);
    var instalment = instalment(recorded(draft(into, TODAY)));
    var other = channel == Channel.CARD ? Channel.BANK_TRANSFER : Channel.CARD;
    var calls =
        IntStream.range(0, 8)
            .<Callable<PayInstalment.Outcome>>mapToObj(
                i -> () -> pay(instalment, i % 2 == 0 ? channel : other))
            .toList();
    var outcomes = atOnce(calls);
    assertThat(outcomes).filteredOn(one -> one instanceof PayInstalment.Outcome.Paying).hasSize(1);
    assertThat(outcomes.stream().map(PledgeTest::gift).distinct()).hasSize(1);
    books.inTransaction(tx -> PostGifts.post(tx, NOW));
    assertThat(count("SELECT count(*) FROM fund.gift WHERE fund = " + into.value())).isEqualTo(1);
  }

  @Test
  void aCardPaymentThatLapsedMayBeTriedAgain() {
    var into = books.openFund(false);
    var pledge = recorded(draft(into, TODAY));
    var instalment = instalment(pledge);
    var first = paying(pay(instalment, Channel.CARD));
    assertThat(pay(instalment, Channel.CARD))
        .isInstanceOf(PayInstalment.Outcome.AlreadyPaying.class);
    lapse(first);
    assertThat(found(pledge).unpaid()).isPresent();
    var second = paying(pay(instalment, Channel.BANK_TRANSFER));
    assertThat(second.gift()).isNotEqualTo(first.gift());
  }

  @Test
  void aMissedInstalmentIsAskedOnceMoreAndThreeInARowEndThePledge() {
    var pledge = recorded(draft(fund, TOMORROW));
    for (int month = 0; month < AskInstalments.MISSED_MOST; month++) {
      var day = ten(TOMORROW.plusMonths(month));
      for (int later : new int[] {0, 2, 3, 4, 20}) loop.run(day.plus(Duration.ofDays(later)));
      assertThat(texts(pledge)).hasSize(2 * (month + 1));
    }
    var instalment = instalment(pledge);
    assertThat(found(pledge).stands()).isTrue();
    loop.run(ten(TOMORROW.plusMonths(AskInstalments.MISSED_MOST)));
    loop.run(ten(TOMORROW.plusMonths(AskInstalments.MISSED_MOST + 1)));
    assertThat(found(pledge).end()).contains(End.MISSED);
    assertThat(texts(pledge)).hasSize(2 * AskInstalments.MISSED_MOST + 1);
    assertThat(texts(pledge).getLast()).contains("ثلاثة أقساط");
    assertThat(pay(instalment, Channel.CARD)).isInstanceOf(PayInstalment.Outcome.PledgeEnded.class);
    assertThat(Pledges.regular(db.pool(), fund)).isEmpty();
  }

  @Test
  void onePaidInBetweenKeepsThePledgeAndIsNotAskedAgain() {
    var pledge = recorded(draft(fund, TOMORROW));
    for (int month = 0; month < 5; month++) {
      var day = ten(TOMORROW.plusMonths(month));
      loop.run(day);
      if (month == 2) pay(instalment(pledge), Channel.BANK_TRANSFER);
      loop.run(day.plus(Duration.ofDays(3)));
    }
    assertThat(found(pledge).stands()).isTrue();
    assertThat(texts(pledge)).hasSize(9);
  }

  @Test
  void itIsCompleteBehindItsLastInstalment() {
    var draft = draft(fund, TOMORROW);
    var pledge = recorded(with(draft, sar(150), TOMORROW, Optional.of(2)));
    loop.run(ten(TOMORROW));
    pay(instalment(pledge), Channel.CARD);
    loop.run(ten(TOMORROW.plusMonths(1)));
    assertThat(found(pledge).next()).isEmpty();
    assertThat(found(pledge).stands()).isTrue();
    pay(instalment(pledge), Channel.CARD);
    loop.run(ten(TOMORROW.plusMonths(2)));
    assertThat(found(pledge).end()).contains(End.COMPLETE);
    assertThat(found(pledge).opened()).hasSize(2);
    assertThat(texts(pledge)).hasSize(2);
  }

  @Test
  void whatNobodyWasAskedForIsPassedOverAndShortMonthsGiveTheDayBack() {
    var first = LocalDate.of(2026, 3, 31);
    var pledge = recorded(draft(fund, first));
    loop.run(ten(first));
    assertThat(found(pledge).next()).contains(LocalDate.of(2026, 4, 30));
    loop.run(ten(LocalDate.of(2026, 6, 2)));
    assertThat(found(pledge).opened())
        .extracting(Pledge.Instalment::due)
        .containsExactly(LocalDate.of(2026, 5, 31), first);
    assertThat(texts(pledge)).hasSize(2);
  }

  @Test
  void aClosedFundEndsItsPledgesTellsTheirGiversAndTakesNoMore() {
    var pledge = recorded(draft(fund, TODAY));
    var stopped = recorded(draft(fund, TODAY));
    books.inTransaction(tx -> WithdrawPledge.run(tx, stopped, NOW));
    books.inTransaction(
        tx -> CloseFund.run(tx, new CloseFund.Draft(fund, "Over", HUDA_REQUESTER), NOW));
    loop.run(NOW);
    loop.run(ten(TODAY.plusMonths(1)));
    assertThat(found(pledge).end()).contains(End.FUND_CLOSED);
    assertThat(found(stopped).end()).contains(End.STOPPED);
    assertThat(texts(pledge)).hasSize(1);
    assertThat(texts(stopped)).isEmpty();
    assertThat(record(draft(fund, TODAY))).isInstanceOf(RecordPledge.Outcome.FundClosed.class);
  }

  @Test
  void whereNoLinkCanBeSentTheTextNamesTheStatement() {
    var pledge = recorded(draft(fund, TOMORROW));
    asking(Optional.empty()).run(ten(TOMORROW));
    assertThat(texts(pledge).getFirst()).contains("تبرعاتي").doesNotContain("/a/");
  }

  @Test
  void loopsOfTwoNodesAskOnce() throws Exception {
    var pledge = recorded(draft(fund, TOMORROW));
    var calls =
        IntStream.range(0, 6)
            .<Callable<Boolean>>mapToObj(i -> () -> loop.run(ten(TOMORROW)))
            .toList();
    atOnce(calls);
    assertThat(texts(pledge)).hasSize(1);
  }

  @Test
  void anAnonymousGiverIsAskedAndTheGiftsKeepNothing() {
    var named = draft(fund, TODAY);
    var pledge = recorded(hidden(named));
    var gift = paying(pay(instalment(pledge), Channel.CARD));
    assertThat(gift.anonymous()).isTrue();
    assertThat(
            count(
                "SELECT count(*) FROM fund.donor WHERE (name, phone) IS NOT DISTINCT FROM"
                    + " (NULL::text, NULL::text) AND gift = "
                    + gift.gift()))
        .isEqualTo(1);
    var unnamed = "SELECT count(*) FROM fund.pledger WHERE name IS NULL AND pledge = ";
    assertThat(count(unnamed + pledge.id())).isEqualTo(1);
  }

  @Test
  void theDatabaseRefusesWhatAPledgeDoesNotPromise() {
    var pledge = recorded(draft(fund, TODAY));
    var instalment = instalment(pledge);
    var little = books.give(fund, Channel.CARD, sar(149)).gift();
    var elsewhere = books.give(books.openFund(), Channel.CARD, sar(150)).gift();
    refused("fund.pay_instalment(%d, 1, %d)", "collected_within_pledged", instalment, little);
    refused("fund.pay_instalment(%d, 1, %d)", "collected_within_pledged", instalment, elsewhere);
    var gift = paying(pay(instalment, Channel.CARD)).gift();
    var more = books.give(fund, Channel.CARD, sar(150)).gift();
    refused("fund.pay_instalment(%d, 2, %d)", "instalment_paid_once", instalment, more);
    var open = "fund.open_instalment(%d, %d, '2026-03-02Z')";
    refused(open, "instalment_once", pledge.id(), 1);
    var other = recorded(with(draft(fund, TODAY), sar(150), TODAY, Optional.of(1)));
    refused(open, "instalments_within_pledge", other.id(), 2);
    refused("fund.pay_instalment(%d, 1, %d)", "gift_pays_one_instalment", instalment(other), gift);
    books.inTransaction(tx -> WithdrawPledge.run(tx, pledge, NOW));
    refused(open, "instalment_of_standing_pledge", pledge.id(), 2);
  }

  private static void refused(String call, String constraint, Object... values) {
    var sql = "SELECT " + call.formatted(values);
    assertThatThrownBy(() -> db.pool().query(sql).execute().await())
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo(constraint));
  }

  private AskInstalments asking(Optional<String> url) {
    return new AskInstalments(db.pool(), bus, LINKS, url, Ways.simulated());
  }

  private static RecordPledge.Draft draft(FundId fund, LocalDate first) {
    return new RecordPledge.Draft(
        Books.key(),
        fund,
        sar(150),
        Every.MONTH,
        first,
        Optional.empty(),
        Optional.of("سارة"),
        new Phone("+966" + COUNT.incrementAndGet()),
        Language.AR,
        false);
  }

  private static RecordPledge.Draft with(
      RecordPledge.Draft d, Money amount, LocalDate first, Optional<Integer> instalments) {
    return new RecordPledge.Draft(
        d.key(),
        d.fund(),
        amount,
        d.every(),
        first,
        instalments,
        d.name(),
        d.phone(),
        d.language(),
        d.anonymous());
  }

  private static RecordPledge.Draft again(RecordPledge.Draft d) {
    return new RecordPledge.Draft(
        Books.key(),
        d.fund(),
        d.amount(),
        d.every(),
        d.firstDay(),
        d.instalments(),
        d.name(),
        d.phone(),
        d.language(),
        d.anonymous());
  }

  private static RecordPledge.Draft hidden(RecordPledge.Draft d) {
    return new RecordPledge.Draft(
        d.key(),
        d.fund(),
        d.amount(),
        d.every(),
        d.firstDay(),
        d.instalments(),
        d.name(),
        d.phone(),
        d.language(),
        true);
  }

  private RecordPledge.Outcome record(RecordPledge.Draft draft) {
    return books.inTransaction(tx -> new RecordPledge(random).run(tx, draft, NOW));
  }

  private Pledge recorded(RecordPledge.Draft draft) {
    return ((RecordPledge.Outcome.Recorded) record(draft)).pledge();
  }

  private static Pledge found(Pledge pledge) {
    return Pledges.find(db.pool(), pledge.code()).orElseThrow();
  }

  private static long instalment(Pledge pledge) {
    return found(pledge).opened().getFirst().id();
  }

  private PayInstalment.Outcome pay(long instalment, Channel channel) {
    return books.inTransaction(
        tx -> new PayInstalment(recordDonation).run(tx, instalment, channel, NOW));
  }

  private static Donation paying(PayInstalment.Outcome outcome) {
    return ((PayInstalment.Outcome.Paying) outcome).gift();
  }

  private static long gift(PayInstalment.Outcome outcome) {
    return switch (outcome) {
      case PayInstalment.Outcome.Paying(var gift) -> gift.gift();
      case PayInstalment.Outcome.AlreadyPaying(var gift) -> gift.gift();
      default -> throw new AssertionError(outcome);
    };
  }

  private static void lapse(Donation gift) {
    var sql = "INSERT INTO fund.card_lapse (gift, lapsed_at) VALUES (%d, '2026-03-02Z')";
    db.superuserPool().query(sql.formatted(gift.gift())).execute().await();
    var list = "DELETE FROM fund.card_awaited WHERE gift = " + gift.gift();
    db.superuserPool().query(list).execute().await();
  }

  private static Instant ten(LocalDate day) {
    return day.atTime(10, 0).toInstant(ZoneOffset.ofHours(3));
  }

  private static List<String> texts(Pledge pledge) {
    var sql =
        "SELECT t.body FROM notify.text t JOIN fund.pledger g ON g.phone = t.to_phone"
            + " WHERE g.pledge = "
            + pledge.id()
            + " ORDER BY t.id";
    return db.superuserPool().query(sql).execute().await().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static long count(String sql) {
    return db.superuserPool().query(sql).execute().await().iterator().next().getLong(0);
  }

  private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
    var outcomes = new ArrayList<T>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(calls)) outcomes.add(done.get());
    }
    return outcomes;
  }
}
