package org.fazaa.fund.spending;

import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Words;

/** What several decisions about a request say alike. */
final class Said {
  static final Words WITHDRAWN =
      new Words("سُحب هذا الطلب: قدّم طلبًا جديدًا", "This request was withdrawn: make a new one");

  static final Words OFFICERS_PROPOSE =
      new Words(
          "هذا لطالب الصرف والمعتمِد وأمين الصندوق: اطلب ذلك من أحدهم",
          "Requesters, approvers and treasurers do this: ask one of them");

  static final Words OFFICERS_CONFIRM =
      new Words(
          "التأكيد للمعتمِد وأمين الصندوق: اطلب ذلك من أحدهما",
          "Approvers and treasurers confirm: ask one of them");

  static final Words ANOTHER_CONFIRMS =
      new Words(
          "كتبتَ هذا بنفسك: يجب أن يؤكده شخص آخر",
          "You wrote this yourself: somebody else must confirm it");

  static final Words KEY_USED =
      new Words(
          "استُعمل مفتاح التكرار هذا لأمر آخر: استعمل مفتاحًا جديدًا",
          "This idempotency key was used for something else: use a new key");

  private Said() {}

  static Words noSuchPayee(PayeeId payee) {
    return new Words(
        "لا جهة برقم " + payee.value() + ": راجع الرقم",
        "There is no payee " + payee.value() + ": check the number");
  }

  static Words noSuchFund(FundId fund) {
    return new Words(
        "لا صندوق برقم " + fund.value() + ": راجع الرقم",
        "There is no fund " + fund.value() + ": check the number");
  }

  static Words noSuchInitiative(long initiative) {
    return new Words(
        "لا مبادرة برقم " + initiative + " في هذا الصندوق: راجع الرقم",
        "This fund has no initiative " + initiative + ": check the number");
  }

  static Words moved(int current) {
    return new Words(
        "تغيّر هذا وصار في نسخته " + current + ": اقرأها ثم قرر",
        "This has changed and is at version " + current + ": read it, then decide");
  }

  static Words noSuchRequest(DisbursementId id) {
    return new Words(
        "لا طلب صرف برقم " + id.value() + ": راجع الرقم",
        "There is no disbursement request " + id.value() + ": check the number");
  }

  static Words versionMoved(int current) {
    return new Words(
        "تغيّر الطلب وصار في نسخته " + current + ": اقرأها ثم قرر",
        "The request has changed and is at version " + current + ": read it, then decide");
  }

  static Words paid(Payment payment) {
    return payment.state().cameBack() ? cameBack(payment) : ordered(payment);
  }

  private static Words cameBack(Payment payment) {
    return new Words(
        "عاد أمر الدفع " + payment.endToEnd() + ": عدّل الطلب ليُعتمد من جديد ثم يُدفع",
        "Order " + payment.endToEnd() + " came back: edit the request, for new approvals");
  }

  private static Words ordered(Payment payment) {
    return new Words(
        "دُفع هذا الطلب بالأمر " + payment.endToEnd() + " ولا يُدفع مرتين",
        "This request was paid by order " + payment.endToEnd() + " and is not paid twice");
  }
}
