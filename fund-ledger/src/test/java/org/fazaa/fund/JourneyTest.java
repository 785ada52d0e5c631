package org.fazaa.fund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.key;
import static org.fazaa.fund.Books.sar;

import java.util.Optional;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.Donations;
import org.fazaa.fund.giving.GiftState;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.spending.ApproveDisbursement;
import org.fazaa.fund.spending.Disbursement;
import org.fazaa.fund.spending.Disbursements;
import org.fazaa.fund.spending.FollowPayment;
import org.fazaa.fund.spending.PayDisbursement;
import org.fazaa.fund.spending.PaymentState;
import org.fazaa.fund.spending.RecordDelivery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JourneyTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  @Test
  void aGiftIsReceiptedRequestedApprovedPaidConfirmedAndDelivered() {
    var books = new Books(db);
    books.appointOfficers();
    var fund = books.openFund();

    var gift = books.give(fund, Channel.CARD, sar(500));
    assertThat(gift.state()).isEqualTo(GiftState.PAID_SIMULATED);
    assertThat(gift.receiptNumber()).contains("M-2026-000001");
    assertThat(books.figures(fund).received()).isEqualTo(sar(500));
    assertThat(books.figures(fund).available()).isEqualTo(sar(0));

    books.settle();
    assertThat(books.figures(fund).available()).isEqualTo(sar(500));

    var id = books.request(fund, books.verifiedPayee(), sar(300));
    assertThat(books.approve(id, 1, SAAD_APPROVER))
        .isEqualTo(new ApproveDisbursement.Outcome.Approved(1, 1, 2, false));
    assertThat(books.approve(id, 1, RIMA_APPROVER))
        .isEqualTo(new ApproveDisbursement.Outcome.Approved(1, 2, 2, true));
    assertThat(books.figures(fund).reserved()).isEqualTo(sar(300));

    assertThat(books.pay(id, NOURA_TREASURER)).isInstanceOf(PayDisbursement.Outcome.Paid.class);
    assertThat(books.figures(fund).paid()).isEqualTo(sar(300));
    assertThat(books.figures(fund).confirmed()).isEqualTo(sar(0));

    var confirmed =
        new FollowPayment.Draft(
            id, PaymentState.CONFIRMED, Optional.of("BANK-LINE-9"), NOURA_TREASURER);
    books.inTransaction(tx -> FollowPayment.run(tx, confirmed, NOW));
    var delivered =
        new RecordDelivery.Draft(key(), id, sar(200), 31, "Signed list 4", HUDA_REQUESTER);
    books.inTransaction(tx -> RecordDelivery.run(tx, delivered, NOW));

    var figures = books.figures(fund);
    assertThat(figures.received()).isEqualTo(sar(500));
    assertThat(figures.available()).isEqualTo(sar(200));
    assertThat(figures.reserved()).isEqualTo(sar(0));
    assertThat(figures.paid()).isEqualTo(sar(300));
    assertThat(figures.confirmed()).isEqualTo(sar(300));
    assertThat(figures.delivered()).isEqualTo(sar(200));
    assertThat(Disbursements.find(db.pool(), id).orElseThrow().state())
        .isEqualTo(Disbursement.State.CONFIRMED);
    assertThat(Donations.paidFor(db.pool(), Donations.find(db.pool(), gift.code()).orElseThrow()))
        .singleElement()
        .satisfies(paid -> assertThat(paid.amount()).isEqualTo(sar(300)));
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }
}
