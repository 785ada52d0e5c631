package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.gift;
import static org.fazaa.fund.Books.key;
import static org.fazaa.fund.Books.sar;

import io.vertx.core.json.JsonObject;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.ledger.Invariants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayByCardTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stripe", "moyasar"})
  void aCardGiftCountsOnceItsProviderHasTheMoneyAndNotBefore(String manner) {
    try (var cards = new Cards(db, manner)) {
      var fund = cards.books.openFund(false);
      var gift = cards.ask(fund, sar(150));
      assertThat(gift.state()).isEqualTo(GiftState.AWAITING_PAYMENT);
      assertThat(gift.receiptNumber()).isEmpty();
      assertThat(cards.books.figures(fund).received()).isEqualTo(sar(0));
      assertThat(cards.payment(gift)).isEqualTo(cards.payment(gift));
      cards.look(NOW.plusSeconds(60));
      assertThat(cards.now(gift).state()).isEqualTo(GiftState.AWAITING_PAYMENT);

      cards.pay(gift);
      assertThat(cards.tell(key(), gift, NOW.plusSeconds(70))).isTrue();
      cards.look(NOW.plusSeconds(70));

      assertThat(cards.now(gift).state()).isEqualTo(GiftState.PAID);
      assertThat(cards.now(gift).receiptNumber()).get().asString().startsWith("M-2026-");
      assertThat(cards.books.figures(fund).received()).isEqualTo(sar(150));
      assertThat(cards.books.figures(fund).banked()).isEqualTo(sar(0));
      assertThat(cards.goToPay(gift)).isEqualTo(new PayByCard.Outcome.NothingToPay());
      var fees = "fund.entry WHERE kind = 'fee' AND idem_key = 'gift:%d'";
      assertThat(cards.count(fees.formatted(gift.gift()))).isEqualTo(1);
    }
  }

  @Test
  void aPaymentWhoseEventNeverComesIsFoundByAsking() {
    try (var cards = new Cards(db, "stripe")) {
      var fund = cards.books.openFund(false);
      var gift = cards.ask(fund, sar(20));
      cards.pay(gift);
      assertThat(cards.look(NOW)).isFalse();
      assertThat(cards.look(NOW.plusSeconds(31))).isTrue();
      assertThat(cards.now(gift).state()).isEqualTo(GiftState.PAID);
    }
  }

  @Test
  void anEventThatComesTwiceLateOrBeforeItsTimeBooksOneGift() {
    try (var cards = new Cards(db, "stripe")) {
      var fund = cards.books.openFund(false);
      var gift = cards.ask(fund, sar(20));
      cards.payment(gift);
      var early = key();
      assertThat(cards.tell(early, gift, NOW)).isTrue();
      cards.look(NOW);
      assertThat(cards.now(gift).state()).isEqualTo(GiftState.AWAITING_PAYMENT);
      cards.pay(gift);
      assertThat(cards.tell(early, gift, NOW.plusSeconds(5))).isFalse();
      for (int i = 0; i < 3; i++) {
        assertThat(cards.tell(key(), gift, NOW.plusSeconds(6 + i))).isTrue();
        cards.look(NOW.plusSeconds(6 + i));
      }
      assertThat(cards.books.figures(fund).received()).isEqualTo(sar(20));
      assertThat(cards.count("fund.receipt WHERE gift = " + gift.gift())).isEqualTo(1);
    }
  }

  @Test
  void whatIsNotTheAmountThatWasAskedForIsFlaggedAndNotBooked() {
    try (var cards = new Cards(db, "stripe")) {
      var fund = cards.books.openFund(false);
      var gift = cards.ask(fund, sar(20));
      var other = new JsonObject().put("payment", cards.payment(gift)).put("minor", 1_999);
      cards.happens("amounts", other);
      cards.pay(gift);
      cards.look(NOW.plusSeconds(60));
      assertThat(cards.now(gift).receiptNumber()).isEmpty();
      assertThat(cards.books.figures(fund).received()).isEqualTo(sar(0));
      assertThat(Refund.doubts(db.pool()))
          .anySatisfy(
              doubt -> {
                assertThat(doubt.giftCode()).isEqualTo(gift.code());
                assertThat(doubt.why()).isEqualTo(Refund.Doubt.Why.AMOUNT);
              });
    }
  }

  @Test
  void aDeclinedCardMayBeTriedAgainAndWhatNobodyPaysLapses() {
    try (var cards = new Cards(db, "stripe")) {
      var fund = cards.books.openFund(false);
      var declined = cards.ask(fund, sar(20));
      var payment = new JsonObject().put("payment", cards.payment(declined));
      cards.happens("choices", payment.copy().put("choice", "declined"));
      cards.look(NOW.plusSeconds(60));
      assertThat(cards.now(declined).state()).isEqualTo(GiftState.AWAITING_PAYMENT);
      cards.happens("expiries", payment);
      cards.tell(key(), declined, NOW.plusSeconds(61));
      cards.look(NOW.plusSeconds(61));
      assertThat(cards.now(declined).state()).isEqualTo(GiftState.LAPSED);

      var neverBegun = cards.ask(fund, sar(30));
      cards.look(NOW.plusSeconds(3_600 * 25));
      assertThat(cards.now(neverBegun).state()).isEqualTo(GiftState.LAPSED);
      assertThat(cards.goToPay(neverBegun)).isEqualTo(new PayByCard.Outcome.NothingToPay());
    }
  }

  @Test
  void aProviderThatDoesNotAnswerLosesNothingAndIsAskedAgain() {
    var cards = new Cards(db, "stripe");
    var fund = cards.books.openFund(false);
    var gift = cards.ask(fund, sar(20));
    cards.close();
    assertThat(cards.goToPay(gift)).isEqualTo(new PayByCard.Outcome.ProviderAway());
    assertThat(cards.now(gift).state()).isEqualTo(GiftState.AWAITING_PAYMENT);
  }

  @Test
  void askingTwiceIsOneGiftAndADemonstrationStillPaysAtOnce() {
    try (var cards = new Cards(db, "stripe")) {
      var fund = cards.books.openFund(false);
      var draft = gift(fund, Channel.CARD, sar(20));
      var first = (RecordDonation.Outcome.Recorded) cards.record(draft);
      var again = (RecordDonation.Outcome.AlreadyRecorded) cards.record(draft);
      assertThat(again.donation().code()).isEqualTo(first.donation().code());

      var pretended = cards.ask(cards.books.openFund(true), sar(20));
      assertThat(pretended.state()).isEqualTo(GiftState.PAID_SIMULATED);
    }
  }
}
