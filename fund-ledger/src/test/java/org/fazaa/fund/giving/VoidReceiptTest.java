package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.BADR_TREASURER;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.key;
import static org.fazaa.fund.Books.sar;

import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.notifier.Language;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VoidReceiptTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static Pool owner;
  private static FundId fund;

  private final Books books = new Books(db);

  @BeforeAll
  static void officersAndAFund() {
    var books = new Books(db);
    books.appointOfficers();
    fund = books.openFund();
    owner =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(2))
            .connectingTo(TestDatabase.connect(db.ownerUrl()))
            .using(db.vertx())
            .build();
  }

  @AfterAll
  static void close() {
    owner.close().await();
  }

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @Test
  void oneAsksAnotherConfirmsAndTheNextReceiptTakesANewNumber() {
    var gift = books.give(fund, Channel.CARD, sar(40));
    var wrong = receipt(gift);
    var before = books.figures(fund);

    var asked = asked(ask(wrong.number(), true, NOURA_TREASURER));
    assertThat(receipt(gift)).isEqualTo(wrong);
    var done = confirm(asked.id(), SAAD_APPROVER);

    var again = receipt(gift);
    assertThat(done).isInstanceOf(ConfirmVoid.Outcome.Confirmed.class);
    assertThat(again.number()).isNotEqualTo(wrong.number()).startsWith("M-2026-");
    assertThat(again.version()).isEqualTo(2);
    assertThat(again.standing()).isEqualTo(Receipt.Standing.LIVE);
    assertThat(again.amount()).contains(sar(40));
    assertThat(again.checkCode()).isNotEqualTo(wrong.checkCode());
    var ended = byNumber(wrong.number());
    assertThat(ended.standing()).isEqualTo(Receipt.Standing.REISSUED);
    assertThat(ended.reissuedAs()).contains(again.number());
    assertThat(ended.checkCode()).isEqualTo(wrong.checkCode());
    assertThat(books.figures(fund)).isEqualTo(before);
  }

  @Test
  void withoutAnotherInItsPlaceTheGiftHasNoLiveReceipt() {
    var gift = books.give(fund, Channel.CARD, sar(40));

    confirm(asked(ask(receipt(gift).number(), false, NOURA_TREASURER)).id(), BADR_TREASURER);

    assertThat(receipt(gift).standing()).isEqualTo(Receipt.Standing.VOID);
  }

  @Test
  void goodsStayGoodsWhenTheirReceiptIsReissued() {
    var donor = new Donor(Optional.of("سارة"), Optional.empty(), Language.AR, false);
    var draft =
        new RecordDonation.Draft(
            key(), fund, Channel.IN_KIND, Optional.empty(), Optional.of("20 tents"), donor);
    var gift = ((RecordDonation.Outcome.Recorded) books.record(draft)).donation();

    confirm(asked(ask(receipt(gift).number(), true, NOURA_TREASURER)).id(), BADR_TREASURER);

    assertThat(receipt(gift).number()).startsWith("K-2026-");
    assertThat(receipt(gift).goods()).contains("20 tents");
    assertThat(receipt(gift).amount()).isEmpty();
  }

  @Test
  void theSameDoneTwiceIsDoneOnce() {
    var gift = books.give(fund, Channel.CARD, sar(40));
    var draft = draft(receipt(gift).number(), true, NOURA_TREASURER);

    var first = asked(ask(draft));
    assertThat(ask(draft)).isInstanceOf(AskVoid.Outcome.AlreadyAsked.class);
    var other =
        new AskVoid.Draft(draft.key(), draft.number(), "other", draft.reissue(), draft.by());
    assertThat(ask(other)).isEqualTo(new AskVoid.Outcome.DiffersFromFirst());
    confirm(first.id(), SAAD_APPROVER);
    assertThat(confirm(first.id(), SAAD_APPROVER))
        .isInstanceOf(ConfirmVoid.Outcome.AlreadyConfirmed.class);
    assertThat(receipt(gift).version()).isEqualTo(2);
  }

  @Test
  void refusalsChangeNothingAndSayWhy() {
    var gift = books.give(fund, Channel.CARD, sar(40));
    var number = receipt(gift).number();

    assertThat(ask("M-2026-999999", true, NOURA_TREASURER))
        .isEqualTo(new AskVoid.Outcome.NoSuchReceipt("M-2026-999999"));
    assertThat(ask("nonsense", true, NOURA_TREASURER))
        .isEqualTo(new AskVoid.Outcome.NoSuchReceipt("nonsense"));
    assertThat(ask(number, true, SAAD_APPROVER)).isEqualTo(new AskVoid.Outcome.NotTreasurer());
    var asked = asked(ask(number, true, NOURA_TREASURER));
    assertThat(ask(number, true, BADR_TREASURER)).isInstanceOf(AskVoid.Outcome.Waiting.class);
    assertThat(confirm(asked.id(), NOURA_TREASURER))
        .isEqualTo(new ConfirmVoid.Outcome.OwnRequest());
    assertThat(confirm(asked.id(), HUDA_REQUESTER)).isEqualTo(new ConfirmVoid.Outcome.NotOfficer());
    assertThat(confirm(424242, SAAD_APPROVER))
        .isEqualTo(new ConfirmVoid.Outcome.NoSuchRequest(424242));
    assertThat(receipt(gift).standing()).isEqualTo(Receipt.Standing.LIVE);
    confirm(asked.id(), SAAD_APPROVER);
    assertThat(ask(number, true, NOURA_TREASURER)).isInstanceOf(AskVoid.Outcome.AlreadyVoid.class);
    assertThat(withdraw(asked.id(), NOURA_TREASURER))
        .isInstanceOf(WithdrawVoid.Outcome.TooLate.class);
  }

  @Test
  void aRequestTakenBackCannotBeConfirmedAndMayBeMadeAgain() {
    var gift = books.give(fund, Channel.CARD, sar(40));
    var number = receipt(gift).number();
    var first = asked(ask(number, false, NOURA_TREASURER));

    assertThat(withdraw(first.id(), SAAD_APPROVER))
        .isInstanceOf(WithdrawVoid.Outcome.Withdrawn.class);
    assertThat(withdraw(first.id(), SAAD_APPROVER))
        .isInstanceOf(WithdrawVoid.Outcome.AlreadyWithdrawn.class);
    assertThat(confirm(first.id(), SAAD_APPROVER)).isEqualTo(new ConfirmVoid.Outcome.Withdrawn());

    assertThat(ask(number, false, NOURA_TREASURER)).isInstanceOf(AskVoid.Outcome.Asked.class);
    assertThat(receipt(gift).standing()).isEqualTo(Receipt.Standing.LIVE);
  }

  @Test
  void whoLeftOfficeConfirmsNothing() {
    long gone = 77;
    books.inTransaction(
        tx -> {
          Officer.appoint(tx, gone, Office.APPROVER, 0, NOW);
          return Officer.dismiss(tx, gone, Office.APPROVER, 0, NOW.plusSeconds(1));
        });
    var gift = books.give(fund, Channel.CARD, sar(40));
    var asked = asked(ask(receipt(gift).number(), true, NOURA_TREASURER));
    var draft = new ConfirmVoid.Draft(asked.id(), gone);
    ConfirmVoid.Outcome outcome =
        books.inTransaction(tx -> ConfirmVoid.run(tx, draft, NOW.plusSeconds(2)));

    assertThat(outcome).isEqualTo(new ConfirmVoid.Outcome.NotOfficer());
  }

  @Test
  void thatManyConfirmAtOnceMakesOneReceiptAndNumbersStayWithoutGap() throws Exception {
    var gifts = new ArrayList<Donation>();
    var work = new ArrayList<Callable<Object>>();
    for (int i = 0; i < 8; i++) {
      var gift = books.give(fund, Channel.CARD, sar(1));
      gifts.add(gift);
      var asked = asked(ask(receipt(gift).number(), true, NOURA_TREASURER));
      for (var by : List.of(SAAD_APPROVER, BADR_TREASURER)) {
        work.add(() -> confirm(asked.id(), by));
      }
      work.add(() -> books.give(fund, Channel.CARD, sar(1)));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(work)) done.get();
    }

    assertThat(gifts).extracting(gift -> receipt(gift).version()).containsOnly(2);
    assertThat(gifts).extracting(gift -> receipt(gift).number()).doesNotHaveDuplicates();
    var gaps = db.pool().query(GAPS).execute().await();
    assertThat(gaps).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"voiding", "voiding_withdrawal", "receipt_void"})
  void noRowIsWrittenPastTheFunctionsOrEdited(String table) {
    assertThatThrownBy(
            () ->
                db.pool().query("INSERT INTO fund." + table + " DEFAULT VALUES").execute().await())
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("42501"));
    assertThatThrownBy(() -> owner.query("DELETE FROM fund." + table).execute().await())
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("23001"));
  }

  @ParameterizedTest
  @CsvSource({
    "31, treasurer, confirmer_is_not_asker",
    "21, treasurer, void_by_officer",
    "99, approver, void_by_officer"
  })
  void theDatabaseItselfWantsAnotherOfficer(long by, String office, String constraint) {
    var gift = books.give(fund, Channel.CARD, sar(40));
    var asked = asked(ask(receipt(gift).number(), true, NOURA_TREASURER));

    var fields = Tuple.of(asked.id(), by, office, Database.utc(NOW));
    assertRefused(VOID, fields, constraint);
  }

  @Test
  void theDatabaseItselfRefusesToVoidTwiceOrWhatWasWithdrawn() {
    var gift = books.give(fund, Channel.CARD, sar(40));
    var first = asked(ask(receipt(gift).number(), false, NOURA_TREASURER));
    withdraw(first.id(), NOURA_TREASURER);
    var fields = Tuple.of(first.id(), SAAD_APPROVER, "approver", Database.utc(NOW));
    assertRefused(VOID, fields, "void_of_open_request");

    var second = asked(ask(receipt(gift).number(), false, NOURA_TREASURER));
    confirm(second.id(), SAAD_APPROVER);
    fields = Tuple.of(second.id(), SAAD_APPROVER, "approver", Database.utc(NOW));
    assertRefused(VOID, fields, "receipt_void_once");
  }

  @Test
  void theDatabaseItselfAllowsOneLiveReceiptForEachGift() {
    var gift = books.give(fund, Channel.CARD, sar(40));

    assertRefused(REISSUE, Tuple.of(gift.gift(), 0L), "receipt_live_once");
    confirm(asked(ask(receipt(gift).number(), false, NOURA_TREASURER)).id(), SAAD_APPROVER);
    assertRefused(REISSUE, Tuple.of(gift.gift(), 1L), "receipt_says_the_same");
  }

  @Test
  void aReceiptIsCheckedByNumberAndCodeTogether() {
    var gift = books.give(fund, Channel.CARD, sar(40));
    var shown = receipt(gift);
    var number = ReceiptNumber.parse(shown.number()).orElseThrow();

    assertThat(Receipt.check(db.pool(), number, shown.checkCode())).contains(shown);
    assertThat(Receipt.check(db.pool(), number, shown.checkCode().toLowerCase())).contains(shown);
    assertThat(Receipt.check(db.pool(), number, "")).isEmpty();
    assertThat(Receipt.check(db.pool(), number, gift.code())).isEmpty();
    var other = receipt(books.give(fund, Channel.CARD, sar(40)));
    assertThat(Receipt.check(db.pool(), number, other.checkCode())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "M-2026-000042, M-2026-000042",
    "m-2026-42, M-2026-000042",
    "' M – 2026 – 000042 ', M-2026-000042",
    "K-٢٠٢٦-٠٠٠٠٠٧, K-2026-000007"
  })
  void aNumberIsReadAsPeopleTypeIt(String typed, String number) {
    assertThat(ReceiptNumber.parse(typed)).map(ReceiptNumber::toString).contains(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "42", "X-2026-1", "M-26-1", "M-2026-", "M-2026-9999999999999"})
  void whatIsNoNumberIsNone(String typed) {
    assertThat(ReceiptNumber.parse(typed)).isEmpty();
  }

  private static AskVoid.Draft draft(String number, boolean reissue, long by) {
    return new AskVoid.Draft(key(), number, "The name is wrong", reissue, by);
  }

  private AskVoid.Outcome ask(String number, boolean reissue, long by) {
    return ask(draft(number, reissue, by));
  }

  private AskVoid.Outcome ask(AskVoid.Draft draft) {
    return books.inTransaction(tx -> AskVoid.run(tx, draft, NOW));
  }

  private static Voiding asked(AskVoid.Outcome outcome) {
    return ((AskVoid.Outcome.Asked) outcome).voiding();
  }

  private ConfirmVoid.Outcome confirm(long voiding, long by) {
    var draft = new ConfirmVoid.Draft(voiding, by);
    return books.inTransaction(tx -> ConfirmVoid.run(tx, draft, NOW.plus(Duration.ofHours(1))));
  }

  private WithdrawVoid.Outcome withdraw(long voiding, long by) {
    var draft = new WithdrawVoid.Draft(voiding, by);
    return books.inTransaction(tx -> WithdrawVoid.run(tx, draft, NOW));
  }

  private static Receipt receipt(Donation gift) {
    return Receipt.find(db.pool(), gift.code()).orElseThrow();
  }

  private static Receipt byNumber(String number) {
    return Receipt.findByNumber(db.pool(), ReceiptNumber.parse(number).orElseThrow()).orElseThrow();
  }

  private static void assertRefused(String sql, Tuple fields, String constraint) {
    assertThatThrownBy(() -> owner.preparedQuery(sql).execute(fields).await())
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo(constraint));
  }

  private static final String VOID =
      """
      INSERT INTO fund.receipt_void
        (gift, version, voiding, asked_by, confirmed_by, office, since, confirmed_at)
      SELECT q.gift, q.version, q.id, q.asked_by, $2, $3,
             coalesce(fund.office_since($2, $3, $4), $4), $4
      FROM fund.voiding q WHERE q.id = $1\
      """;

  private static final String REISSUE =
      """
      INSERT INTO fund.receipt (gift, number, issued_at, minor, entry, year, version, series)
      SELECT r.gift, 900000 + r.gift, r.issued_at, r.minor + $2, r.entry, r.year, 2, r.series
      FROM fund.receipt r WHERE r.gift = $1 AND r.version = 1\
      """;

  private static final String GAPS =
      """
      SELECT s.series, s.year, s.last, count(r.number)
      FROM fund.receipt_series s
      LEFT JOIN fund.receipt r ON (r.series, r.year) = (s.series, s.year)
      GROUP BY s.series, s.year, s.last
      HAVING count(r.number) <> s.last OR max(r.number) <> s.last\
      """;
}
