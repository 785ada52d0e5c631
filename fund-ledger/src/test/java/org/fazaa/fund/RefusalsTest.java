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
import org.fazaa.fund.giving.AskRefund;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.ConfirmRefund;
import org.fazaa.fund.giving.ConfirmTransfer;
import org.fazaa.fund.giving.CoverFees;
import org.fazaa.fund.giving.Donation;
import org.fazaa.fund.giving.GiftState;
import org.fazaa.fund.giving.PayByCard;
import org.fazaa.fund.giving.RecordDonation;
import org.fazaa.fund.giving.RecordPayout;
import org.fazaa.fund.giving.Refund;
import org.fazaa.fund.giving.TopUpReserve;
import org.fazaa.fund.ledger.CloseFund;
import org.fazaa.fund.ledger.ConfirmTerms;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.OpenFund;
import org.fazaa.fund.ledger.ProposeTerms;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.AddPayee;
import org.fazaa.fund.spending.ApproveDisbursement;
import org.fazaa.fund.spending.ApproveSurplus;
import org.fazaa.fund.spending.ConfirmAccreditation;
import org.fazaa.fund.spending.ConfirmBudget;
import org.fazaa.fund.spending.ConfirmPolicy;
import org.fazaa.fund.spending.DisbursementId;
import org.fazaa.fund.spending.EditDisbursement;
import org.fazaa.fund.spending.EnrolPerson;
import org.fazaa.fund.spending.EnterAccreditation;
import org.fazaa.fund.spending.EnterPayingAccount;
import org.fazaa.fund.spending.Entitlement;
import org.fazaa.fund.spending.Entitlements;
import org.fazaa.fund.spending.FollowPayment;
import org.fazaa.fund.spending.IdKind;
import org.fazaa.fund.spending.MakePaymentFile;
import org.fazaa.fund.spending.OpenInitiative;
import org.fazaa.fund.spending.OpenProgramme;
import org.fazaa.fund.spending.PayDisbursement;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.Payment;
import org.fazaa.fund.spending.PaymentState;
import org.fazaa.fund.spending.Programme;
import org.fazaa.fund.spending.ProposeBudget;
import org.fazaa.fund.spending.ProposePolicy;
import org.fazaa.fund.spending.ProposeSurplus;
import org.fazaa.fund.spending.RecordDelivery;
import org.fazaa.fund.spending.RequestDisbursement;
import org.fazaa.fund.spending.SendPaymentFile;
import org.fazaa.fund.spending.VerifyPayee;
import org.fazaa.fund.spending.VerifyPerson;
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
      Map.ofEntries(
          Map.entry(int.class, 1),
          Map.entry(long.class, 1L),
          Map.entry(String.class, "LINE-1"),
          Map.entry(List.class, List.of()),
          Map.entry(FundId.class, new FundId(1)),
          Map.entry(PayeeId.class, new PayeeId(1)),
          Map.entry(DisbursementId.class, new DisbursementId(1)),
          Map.entry(Money.class, sar(5)),
          Map.entry(
              Payment.class, new Payment(1, "FZ-1-ABC", PaymentState.REJECTED, Instant.EPOCH)),
          Map.entry(PaymentState.class, PaymentState.UNKNOWN),
          Map.entry(Entitlements.Unpayable.class, new Entitlements.Unpayable.OtherSum(sar(5))),
          Map.entry(Words.class, new Words("لا يجوز", "It may not be")),
          Map.entry(Donation.class, DONATION));

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
            ProposeTerms.Outcome.class,
            ConfirmTerms.Outcome.class,
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
            EnterAccreditation.Outcome.class,
            ConfirmAccreditation.Outcome.class,
            ProposePolicy.Outcome.class,
            ConfirmPolicy.Outcome.class,
            OpenInitiative.Outcome.class,
            ProposeBudget.Outcome.class,
            ConfirmBudget.Outcome.class,
            ProposeSurplus.Outcome.class,
            ApproveSurplus.Outcome.class,
            EnterPayingAccount.Outcome.class,
            MakePaymentFile.Outcome.class,
            SendPaymentFile.Outcome.class,
            OpenProgramme.Outcome.class,
            EnrolPerson.Outcome.class,
            VerifyPerson.Outcome.class,
            Entitlements.Unpayable.class,
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
            Arrays.stream(IdKind.values()).map(IdKind::words),
            Arrays.stream(Programme.Every.values()).map(Programme.Every::words),
            Arrays.stream(Entitlement.State.values()).map(Entitlement.State::words),
            Arrays.stream(VerifyPerson.Method.values()).map(VerifyPerson.Method::words),
            Arrays.stream(Officer.Office.values()).map(Officer.Office::words),
            Arrays.stream(Use.Category.values()).map(Use.Category::words),
            Arrays.stream(Use.Region.values()).map(Use.Region::words),
            Arrays.stream(Use.TargetGroup.values()).map(Use.TargetGroup::words),
            Arrays.stream(Terms.Origin.values()).map(Terms.Origin::words),
            Arrays.stream(Terms.Surplus.values()).map(Terms.Surplus::words),
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
