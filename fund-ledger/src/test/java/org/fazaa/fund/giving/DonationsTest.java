package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.sar;

import java.util.Random;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.PayDisbursement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DonationsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private final Books books = new Books(db);

  @BeforeAll
  static void officers() {
    new Books(db).appointOfficers();
  }

  @Test
  void aGiftIsFoundByItsCodeAndByNothingElse() {
    var given = books.give(books.openFund(), Channel.CARD, sar(5));

    assertThat(Donations.find(db.pool(), given.code())).contains(given);
    assertThat(Donations.find(db.pool(), "1")).isEmpty();
    assertThat(Donations.find(db.pool(), given.code().toLowerCase())).isEmpty();
  }

  @Test
  void aGiftIsToldOfPaymentsOfItsFundAfterItCouldBeSpentAndOfNoOthers() {
    var payee = books.verifiedPayee();
    var fund = books.fundWith(sar(100));
    var otherFund = books.fundWith(sar(100));
    books.pay(books.approvedRequest(fund, payee, sar(60)), NOURA_TREASURER);
    var gift = books.give(fund, Channel.CARD, sar(5));
    assertThat(Donations.paidFor(db.pool(), gift)).isEmpty();

    Database.inTransaction(db.pool(), tx -> SettleGifts.settle(tx, NOW.plusSeconds(60)));
    assertThat(Donations.paidFor(db.pool(), gift)).isEmpty();

    books.pay(books.approvedRequest(otherFund, payee, sar(50)), NOURA_TREASURER);
    var id = books.approvedRequest(fund, payee, sar(7));
    var order = new PayDisbursement.Draft(id, NOURA_TREASURER);
    var pay = new PayDisbursement(new Random(5));
    Database.inTransaction(db.pool(), tx -> pay.run(tx, order, NOW.plusSeconds(120)));

    assertThat(Donations.paidFor(db.pool(), gift))
        .containsExactly(
            new Donations.PaidFor(
                new Words("جمعية البر", "Al-Birr Society"),
                "Tents for 40 families",
                sar(7),
                NOW.plusSeconds(120),
                "prepared"));
  }
}
