package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.BADR_TREASURER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.key;
import static org.fazaa.fund.Books.sar;

import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.ConfirmTransfer.Outcome;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConfirmTransferTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private final Books books = new Books(db);

  @BeforeAll
  static void officers() {
    new Books(db).appointOfficers();
  }

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @Test
  void aConfirmedTransferIsReceivedAndReceipted() {
    var fund = books.openFund(false);
    var promised = books.give(fund, Channel.BANK_TRANSFER, sar(70));

    var outcome = books.confirm(promised, sar(70), key(), NOURA_TREASURER);

    var gift = ((Outcome.Confirmed) outcome).donation();
    assertThat(gift.state()).isEqualTo(GiftState.RECEIVED);
    assertThat(gift.receiptNumber()).get().asString().startsWith("M-2026-");
    assertThat(books.figures(fund).received()).isEqualTo(sar(70));
    assertThat(books.figures(fund).pledged()).isEqualTo(sar(0));
    assertThat(Donations.awaiting(db.pool(), fund)).isEmpty();
  }

  @Test
  void whatCameCountsAndNotWhatWasPromised() {
    var fund = books.openFund(false);
    var promised = books.give(fund, Channel.BANK_TRANSFER, sar(70));

    books.confirm(promised, sar(65), key(), NOURA_TREASURER);

    assertThat(books.figures(fund).received()).isEqualTo(sar(65));
    assertThat(Receipt.find(db.pool(), promised.code()).orElseThrow().amount()).contains(sar(65));
  }

  @Test
  void confirmingTwiceChangesNothing() {
    var fund = books.openFund(false);
    var promised = books.give(fund, Channel.BANK_TRANSFER, sar(70));
    var line = key();
    books.confirm(promised, sar(70), line, NOURA_TREASURER);

    assertThat(books.confirm(promised, sar(70), line, BADR_TREASURER))
        .isInstanceOf(Outcome.AlreadyConfirmed.class);
    assertThat(books.confirm(promised, sar(71), line, BADR_TREASURER))
        .isInstanceOf(Outcome.DiffersFromFirst.class);
    assertThat(books.figures(fund).received()).isEqualTo(sar(70));
  }

  @Test
  void oneStatementLineConfirmsOneGift() {
    var fund = books.openFund(false);
    var line = key();
    books.confirm(books.give(fund, Channel.BANK_TRANSFER, sar(1)), sar(1), line, NOURA_TREASURER);

    var other = books.give(fund, Channel.BANK_TRANSFER, sar(1));
    assertThat(books.confirm(other, sar(1), line, NOURA_TREASURER))
        .isEqualTo(new Outcome.LineUsed(line));
  }

  @Test
  void onlyATreasurerConfirms() {
    var promised = books.give(books.openFund(false), Channel.BANK_TRANSFER, sar(70));

    assertThat(books.confirm(promised, sar(70), key(), SAAD_APPROVER))
        .isEqualTo(new Outcome.NotTreasurer());
  }

  @Test
  void anUnknownReferenceIsNamedAndAKnownOneIsReadAsPeopleWriteIt() {
    var draft = new ConfirmTransfer.Draft("ZZZZ", sar(70), key(), NOURA_TREASURER);
    var promised = books.give(books.openFund(false), Channel.BANK_TRANSFER, sar(70));
    var reference = promised.transferReference().orElseThrow();
    var spaced = " " + reference.toLowerCase().substring(0, 4) + " " + reference.substring(4);
    var written = new ConfirmTransfer.Draft(spaced, sar(70), key(), NOURA_TREASURER);

    Outcome unknown = books.inTransaction(tx -> ConfirmTransfer.run(tx, draft, NOW));
    Outcome known = books.inTransaction(tx -> ConfirmTransfer.run(tx, written, NOW));

    assertThat(unknown).isEqualTo(new Outcome.NoSuchTransfer("ZZZZ"));
    assertThat(known).isInstanceOf(Outcome.Confirmed.class);
  }

  @Test
  void anotherCurrencyOrNothingIsRefused() {
    var promised = books.give(books.openFund(false), Channel.BANK_TRANSFER, sar(70));

    assertThat(books.confirm(promised, Money.of(70, "KWD"), key(), NOURA_TREASURER))
        .isInstanceOf(Outcome.Invalid.class);
    assertThat(books.confirm(promised, sar(0), key(), NOURA_TREASURER))
        .isInstanceOf(Outcome.Invalid.class);
  }
}
