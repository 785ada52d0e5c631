package org.fazaa.fund.spending;

import org.fazaa.fund.ledger.Words;

/** What several decisions about a request say alike. */
final class Said {
  static final Words WITHDRAWN =
      new Words("سُحب هذا الطلب: قدّم طلبًا جديدًا", "This request was withdrawn: make a new one");

  private Said() {}

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
    return new Words(
        "دُفع هذا الطلب بالأمر " + payment.endToEnd() + " ولا يُدفع مرتين",
        "This request was paid by order " + payment.endToEnd() + " and is not paid twice");
  }
}
