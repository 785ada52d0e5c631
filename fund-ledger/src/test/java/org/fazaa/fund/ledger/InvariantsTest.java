package org.fazaa.fund.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.sar;
import static org.fazaa.fund.ledger.Invariants.ALL_COMES_TO_NOTHING;
import static org.fazaa.fund.ledger.Invariants.AXIS_WITHOUT_GAP;
import static org.fazaa.fund.ledger.Invariants.BALANCES_ARE_SUMS;
import static org.fazaa.fund.ledger.Invariants.CARD_MONEY_IS_PAID;
import static org.fazaa.fund.ledger.Invariants.ENTRIES_BALANCE;
import static org.fazaa.fund.ledger.Invariants.FIGURES_ARE_THE_JOURNAL;
import static org.fazaa.fund.ledger.Invariants.GIFTS_POSTED_ONCE;
import static org.fazaa.fund.ledger.Invariants.KEYS_ONCE;
import static org.fazaa.fund.ledger.Invariants.NOTHING_OVERDRAWN;
import static org.fazaa.fund.ledger.Invariants.PAST_IS_WHAT_IT_WAS;
import static org.fazaa.fund.ledger.Invariants.PAYMENTS_APPROVED;
import static org.fazaa.fund.ledger.Invariants.RECEIPTS_GAPLESS;
import static org.fazaa.fund.ledger.Invariants.REFUNDS_WITHIN_GIFT;
import static org.fazaa.fund.ledger.Invariants.RESERVED_IS_HELD;
import static org.fazaa.fund.ledger.Invariants.REVERSALS_MIRROR;
import static org.fazaa.fund.ledger.Invariants.USES_ARE_WHAT_WAS_SPENT;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.Stream;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.PaidCards;
import org.fazaa.fund.spending.WithdrawDisbursement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each invariant is broken, by a superuser with every trigger off, and must notice; no money leaves
 * the fund whose books it found wrong.
 */
class InvariantsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  @BeforeAll
  static void booksWithSomeOfEverything() {
    var books = new Books(db);
    books.appointOfficers();
    var fund = books.fundWith(sar(1_000));
    books.give(fund, Channel.BANK_TRANSFER, sar(70));
    books.give(fund, Channel.IN_KIND, sar(30));
    books.give(fund, Channel.CARD, sar(20));
    var payee = books.verifiedPayee();
    books.pay(books.approvedRequest(fund, payee, sar(300)), NOURA_TREASURER);
    books.approvedRequest(fund, payee, sar(100));
    var edited = books.approvedRequest(fund, payee, sar(50));
    books.inTransaction(
        tx ->
            WithdrawDisbursement.run(
                tx,
                new WithdrawDisbursement.Draft(edited, "Not needed any more", Books.HUDA_REQUESTER),
                Books.NOW));
    books.moveSurplus(sar(30));
    PaidCards.someOfEverything(db);
    books.give(fund, Channel.CARD, sar(20));
    books.inTransaction(FoldBooks::fold);
  }

  @Test
  void soundBooksBreakNone() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("breaches")
  void aBreachIsFound(Invariants invariant, String breach) {
    var connection = db.superuserPool().getConnection().await();
    try {
      connection.begin().await();
      connection.query("SET LOCAL session_replication_role = replica").execute().await();
      var rows = 0;
      for (var statement : breach.split(";\\s*")) {
        rows = connection.query(statement).execute().await().rowCount();
      }
      assertThat(rows).isPositive();
      var found = invariant.check(connection);
      assertThat(found).isNotEmpty();
      found.stream()
          .flatMap(one -> one.fund().stream())
          .findFirst()
          .ifPresent(
              broken -> {
                var draft = new FreezeFund.Draft(broken, invariant.number(), breach);
                assertThat(FreezeFund.run(connection, draft, Books.NOW)).isTrue();
                connection.query("SET LOCAL session_replication_role = origin").execute().await();
                assertThatThrownBy(
                        () ->
                            connection
                                .preparedQuery(LEAVE)
                                .execute(Tuple.of(broken.value()))
                                .await())
                    .isInstanceOfSatisfying(
                        PgException.class,
                        e -> assertThat(e.getConstraint()).isEqualTo("fund_not_frozen"));
              });
    } finally {
      connection.close().await();
    }
    assertThat(invariant.check(db.pool())).isEqualTo(List.of());
  }

  private static final String LEAVE =
      """
      SELECT fund.move('reservation', $1, 'available', 'reserved', 1, 'leave', 'superuser',
                       '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z')\
      """;

  static Stream<Arguments> breaches() {
    return Stream.of(
        arguments(ENTRIES_BALANCE, "UPDATE fund.posting SET amount = amount + 1 WHERE line = 1"),
        arguments(ENTRIES_BALANCE, "DELETE FROM fund.posting WHERE entry = 1"),
        arguments(
            REVERSALS_MIRROR,
            """
            UPDATE fund.posting SET amount = amount * 2
            WHERE entry IN (SELECT id FROM fund.entry WHERE reverses IS NOT NULL)\
            """),
        arguments(BALANCES_ARE_SUMS, "UPDATE fund.balance SET held = held + 1"),
        arguments(
            BALANCES_ARE_SUMS,
            "DELETE FROM fund.balance WHERE account = (SELECT min(account) FROM fund.balance)"),
        arguments(
            NOTHING_OVERDRAWN,
            """
            UPDATE fund.posting SET amount = amount * 100
            WHERE entry IN (SELECT id FROM fund.entry WHERE kind = 'settlement')\
            """),
        arguments(RESERVED_IS_HELD, "DELETE FROM fund.reservation WHERE disbursement = (SELECT 2)"),
        arguments(
            RESERVED_IS_HELD,
            """
            INSERT INTO fund.withdrawal
            SELECT disbursement, 1, '2026-03-01Z', 'why' FROM fund.reservation
            ON CONFLICT DO NOTHING\
            """),
        arguments(PAYMENTS_APPROVED, "DELETE FROM fund.approval WHERE approver = 21"),
        arguments(PAYMENTS_APPROVED, "UPDATE fund.payment SET payer = 21"),
        arguments(PAYMENTS_APPROVED, "UPDATE fund.payment SET minor = minor - 1"),
        arguments(
            PAYMENTS_APPROVED,
            """
            INSERT INTO fund.payee_member (payee, account, since)
            SELECT id, 22, '2026-03-01Z' FROM fund.payee\
            """),
        arguments(
            PAYMENTS_APPROVED,
            "UPDATE fund.officer SET since = since + interval '1 day' WHERE account = 22"),
        arguments(PAYMENTS_APPROVED, "UPDATE fund.approval_policy SET needed = 3"),
        arguments(GIFTS_POSTED_ONCE, "UPDATE fund.receipt SET minor = minor + 1 WHERE gift = 1"),
        arguments(GIFTS_POSTED_ONCE, "DELETE FROM fund.receipt WHERE gift = 1"),
        arguments(GIFTS_POSTED_ONCE, "DELETE FROM fund.unsettled"),
        arguments(GIFTS_POSTED_ONCE, "DELETE FROM fund.awaited"),
        arguments(GIFTS_POSTED_ONCE, "DELETE FROM fund.card_awaited"),
        arguments(CARD_MONEY_IS_PAID, "DELETE FROM fund.card_paid"),
        arguments(CARD_MONEY_IS_PAID, "UPDATE fund.card_intent SET minor = minor + 1"),
        arguments(REFUNDS_WITHIN_GIFT, "UPDATE fund.card_paid SET minor = 1"),
        arguments(REFUNDS_WITHIN_GIFT, "UPDATE fund.given_back SET minor = minor - 1"),
        arguments(REFUNDS_WITHIN_GIFT, "DELETE FROM fund.given_back"),
        arguments(REFUNDS_WITHIN_GIFT, "DELETE FROM fund.chargeback"),
        arguments(REFUNDS_WITHIN_GIFT, "UPDATE fund.refund SET asked_by = 21"),
        arguments(RECEIPTS_GAPLESS, "DELETE FROM fund.receipt WHERE number = 1 AND series = 'M'"),
        arguments(RECEIPTS_GAPLESS, "UPDATE fund.receipt_series SET last = last + 1"),
        arguments(RECEIPTS_GAPLESS, "UPDATE fund.receipt SET number = number + 500"),
        arguments(RECEIPTS_GAPLESS, "DELETE FROM fund.receipt_series"),
        arguments(RECEIPTS_GAPLESS, "UPDATE fund.receipt SET gift = -gift WHERE gift = 1"),
        arguments(AXIS_WITHOUT_GAP, "UPDATE fund.span SET hi = hi + 1 WHERE lo = 0"),
        arguments(AXIS_WITHOUT_GAP, "DELETE FROM fund.span WHERE lo IS NOT NULL"),
        arguments(USES_ARE_WHAT_WAS_SPENT, "DELETE FROM fund.money_use"),
        arguments(
            USES_ARE_WHAT_WAS_SPENT,
            """
            UPDATE fund.money_use
            SET place = int8range(lower(place), upper(place) - 1)\
            """),
        arguments(
            USES_ARE_WHAT_WAS_SPENT,
            "UPDATE fund.disbursement_version SET category = 'food', use_rule = NULL"),
        arguments(USES_ARE_WHAT_WAS_SPENT, "UPDATE fund.use_rule SET region = 'SA-09'"),
        arguments(USES_ARE_WHAT_WAS_SPENT, "UPDATE fund.use_rule SET fund = fund + 1"),
        arguments(
            USES_ARE_WHAT_WAS_SPENT,
            """
            INSERT INTO fund.use_rule_end
            SELECT use_rule, 1, 0, '2026-03-01Z' FROM fund.disbursement_version LIMIT 1\
            """),
        arguments(USES_ARE_WHAT_WAS_SPENT, "UPDATE fund.fund SET restriction = 'zakat'"),
        arguments(USES_ARE_WHAT_WAS_SPENT, "UPDATE fund.surplus_move SET minor = minor + 1"),
        arguments(
            USES_ARE_WHAT_WAS_SPENT, "UPDATE fund.span SET source = -1 WHERE kind = 'surplus'"),
        arguments(USES_ARE_WHAT_WAS_SPENT, "DELETE FROM fund.surplus_transfer"),
        arguments(AXIS_WITHOUT_GAP, "DELETE FROM fund.span WHERE kind = 'surplus'"),
        arguments(PAYMENTS_APPROVED, "DELETE FROM fund.surplus_approval WHERE approver = 22"),
        arguments(FIGURES_ARE_THE_JOURNAL, "DELETE FROM fund.surplus_transfer"),
        arguments(ALL_COMES_TO_NOTHING, "UPDATE fund.balance_month SET delta = delta + 1"),
        arguments(PAST_IS_WHAT_IT_WAS, "UPDATE fund.balance_hour SET delta = delta * 2"),
        arguments(PAST_IS_WHAT_IT_WAS, "DELETE FROM fund.balance_hour"),
        arguments(PAST_IS_WHAT_IT_WAS, "DELETE FROM fund.balance_day"),
        arguments(PAST_IS_WHAT_IT_WAS, "DELETE FROM fund.balance_month"),
        arguments(
            KEYS_ONCE,
            """
            ALTER TABLE fund.gift DROP CONSTRAINT gift_once;
            INSERT INTO fund.gift (code, fund, currency, demonstration, channel, minor, anonymous,
                                   given_at, idem, content)
            SELECT translate(gen_random_uuid()::text, '-', ''), g.fund, g.currency,
                   g.demonstration, g.channel,
                   g.minor, g.anonymous, g.given_at, g.idem, g.content FROM fund.gift g
            WHERE g.channel = 'card'\
            """),
        arguments(FIGURES_ARE_THE_JOURNAL, "UPDATE fund.balance_month SET delta = delta + 1"));
  }
}
