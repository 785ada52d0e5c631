package org.fazaa.fund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.sar;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.AskRefund;
import org.fazaa.fund.giving.ConfirmRefund;
import org.fazaa.fund.giving.ConfirmTransfer;
import org.fazaa.fund.giving.CoverFees;
import org.fazaa.fund.giving.PayByCard;
import org.fazaa.fund.giving.RecordPayout;
import org.fazaa.fund.giving.Refund;
import org.fazaa.fund.giving.TopUpReserve;
import org.fazaa.fund.giving.Donation;
import org.fazaa.fund.giving.GiftState;
import org.fazaa.fund.giving.RecordDonation;
import org.fazaa.fund.ledger.CloseFund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.OpenFund;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.AddPayee;
import org.fazaa.fund.spending.ApproveDisbursement;
import org.fazaa.fund.spending.DisbursementId;
import org.fazaa.fund.spending.EditDisbursement;
import org.fazaa.fund.spending.FollowPayment;
import org.fazaa.fund.spending.PayDisbursement;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.Payment;
import org.fazaa.fund.spending.PaymentState;
import org.fazaa.fund.spending.RecordDelivery;
import org.fazaa.fund.spending.RequestDisbursement;
import org.fazaa.fund.spending.VerifyPayee;
import org.fazaa.fund.spending.WithdrawDisbursement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the fund refuses, it says so in both languages, and how to mend it. */
class RefusalsTest {

  private static final Donation DONATION =
      new Donation(
          1,
          "CODE",
          new FundId(1),
          new Words("صندوق", "Fund"),
          Channel.BANK_TRANSFER,
          GiftState.RECEIVED,
          Optional.of(sar(5)),
          Optional.empty(),
          Optional.of("REFERENCE"),
          false,
          NOW,
          Optional.of(NOW),
          Optional.of("M-2026-000001"));

  private static final Map<Class<?>, Object> EXAMPLES =
      Map.of(
          int.class,
          1,
          long.class,
          1L,
          String.class,
          "LINE-1",
          List.class,
          List.of(),
          FundId.class,
          new FundId(1),
          PayeeId.class,
          new PayeeId(1),
          DisbursementId.class,
          new DisbursementId(1),
          Money.class,
          sar(5),
          Payment.class,
          new Payment(1, "FZ-1-ABC", PaymentState.SENT, Instant.EPOCH),
          Donation.class,
          DONATION);

  @ParameterizedTest
  @MethodSource("refusals")
  void aRefusalSpeaksArabicAndEnglishAndSaysHowToMendIt(Refusal refusal) {
    assertSpeaks(refusal.words());
  }

  @ParameterizedTest
  @MethodSource("labels")
  void whatIsShownHasANameInBothLanguages(Words words) {
    assertSpeaks(words);
  }

  static Stream<Refusal> refusals() {
    return Stream.of(
            OpenFund.Outcome.class,
            CloseFund.Outcome.class,
            Officer.Appointment.class,
            RecordDonation.Outcome.class,
            ConfirmTransfer.Outcome.class,
            PayByCard.Outcome.class,
            AskRefund.Outcome.class,
            ConfirmRefund.Outcome.class,
            TopUpReserve.Outcome.class,
            RecordPayout.Outcome.class,
            CoverFees.Outcome.class,
            AddPayee.Outcome.class,
            VerifyPayee.Outcome.class,
            RequestDisbursement.Outcome.class,
            EditDisbursement.Outcome.class,
            WithdrawDisbursement.Outcome.class,
            ApproveDisbursement.Outcome.class,
            PayDisbursement.Outcome.class,
            FollowPayment.Outcome.class,
            RecordDelivery.Outcome.class)
        .flatMap(outcome -> Arrays.stream(outcome.getPermittedSubclasses()))
        .filter(Refusal.class::isAssignableFrom)
        .map(RefusalsTest::example);
  }

  static Stream<Words> labels() {
    return Stream.of(
            Arrays.stream(GiftState.values()).map(GiftState::words),
            Arrays.stream(Refund.State.values()).map(Refund.State::words),
            Arrays.stream(Refund.Doubt.Why.values()).map(Refund.Doubt.Why::words),
            Arrays.stream(Channel.values()).map(Channel::words),
            Arrays.stream(PaymentState.values()).map(PaymentState::words),
            Arrays.stream(Officer.Office.values()).map(Officer.Office::words),
            Arrays.stream(Invariants.values()).map(Invariants::words))
        .flatMap(words -> words);
  }

  private static Refusal example(Class<?> refusal) {
    var fields =
        Arrays.stream(refusal.getRecordComponents())
            .map(component -> EXAMPLES.get(component.getType()))
            .toArray();
    try {
      var constructor = refusal.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      return (Refusal) constructor.newInstance(fields);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(refusal.getName(), e);
    }
  }

  private static void assertSpeaks(Words words) {
    assertThat(words.ar()).matches(ar -> ar.codePoints().anyMatch(RefusalsTest::arabic));
    assertThat(words.en())
        .isNotBlank()
        .matches(en -> en.codePoints().noneMatch(RefusalsTest::arabic));
  }

  private static boolean arabic(int codePoint) {
    return Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.ARABIC;
  }
}
