package org.fazaa.fund.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.sar;

import java.util.List;
import java.util.Optional;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.spending.WithdrawDisbursement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JournalTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private final Books books = new Books(db);

  @Test
  void anAuditorReadsWholeEntriesPageByPage() {
    var fund = books.openFund();
    books.give(fund, Channel.CARD, sar(10));
    books.give(fund, Channel.CARD, sar(20));
    books.settle();
    books.give(books.openFund(), Channel.CARD, sar(99));

    var first = Journal.list(db.pool(), fund, Optional.empty(), 2);
    assertThat(first)
        .extracting(Journal.Line::kind, Journal.Line::account, Journal.Line::amount)
        .containsExactly(
            tuple("settlement", "received", sar(30)),
            tuple("settlement", "available", sar(-30)),
            tuple("gift", "clearing", sar(20)),
            tuple("gift", "received", sar(-20)));

    var second = Journal.list(db.pool(), fund, Optional.of(first.getLast().entry()), 2);
    assertThat(second).extracting(Journal.Line::amount).containsExactly(sar(10), sar(-10));
  }

  @Test
  void theTrialBalanceComesToZeroInEveryFund() {
    books.appointOfficers();
    var fund = books.fundWith(sar(50));
    var id = books.approvedRequest(fund, books.verifiedPayee(), sar(40));
    var draft = new WithdrawDisbursement.Draft(id, "The tents came as a gift", SAAD_APPROVER);
    books.inTransaction(tx -> WithdrawDisbursement.run(tx, draft, Books.NOW));

    var totals =
        Journal.trialBalance(db.pool()).stream().filter(t -> t.fund().equals(fund)).toList();
    assertThat(totals)
        .extracting(Journal.AccountTotal::account)
        .isEqualTo(
            List.of(
                "clearing",
                "bank",
                "received",
                "available",
                "reserved",
                "payable",
                "fees",
                "refund_reserve",
                "suspense"));
    assertThat(totals.stream().mapToLong(t -> t.total().minor()).sum()).isZero();
    assertThat(totals.get(3).total()).isEqualTo(sar(-50));
    var page = Journal.list(db.pool(), fund, Optional.empty(), 10);
    assertThat(page.getFirst().reverses()).isPresent();
    assertThat(page.getFirst().kind()).isEqualTo("reservation");
  }
}
