package org.fazaa.fund.spending;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.fazaa.fund.ledger.Words;

/** How far a payment has come. */
public enum PaymentState {
  PREPARED("أُعد أمر الدفع ولم يُرسل", "Ordered, not yet sent to the bank"),
  SENT("أُرسل إلى البنك", "Sent to the bank"),
  UNKNOWN(
      "لا نعلم أنفّذه البنك أم لا: لا تدفع ثانية، بل راجع الكشف",
      "Not known whether the bank did it: do not pay again, look at the statement"),
  CONFIRMED("ظهر في كشف البنك", "Seen on the bank's statement"),
  REJECTED("رفضه البنك وعاد المبلغ متاحًا", "Refused by the bank; the money is available again"),
  RETURNED("أعاده البنك بعد دفعه وعاد متاحًا", "Came back after it left; it is available again");

  private final Words words;

  PaymentState(String ar, String en) {
    words = new Words(ar, en);
  }

  /** Whether the money is back, so that the request may be paid anew by a later version. */
  public boolean cameBack() {
    return this == REJECTED || this == RETURNED;
  }

  /** What may become of an order in this state. */
  public Set<PaymentState> next() {
    return switch (this) {
      case PREPARED -> EnumSet.of(SENT, UNKNOWN, CONFIRMED, REJECTED);
      case SENT -> EnumSet.of(UNKNOWN, CONFIRMED, REJECTED);
      case UNKNOWN -> EnumSet.of(SENT, CONFIRMED, REJECTED);
      case CONFIRMED -> EnumSet.of(RETURNED);
      case REJECTED, RETURNED -> EnumSet.noneOf(PaymentState.class);
    };
  }

  public Words words() {
    return words;
  }

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static PaymentState of(String tag) {
    return valueOf(tag.toUpperCase(Locale.ROOT));
  }
}
