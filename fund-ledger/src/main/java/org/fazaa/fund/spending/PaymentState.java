package org.fazaa.fund.spending;

import java.util.Locale;
import org.fazaa.fund.ledger.Words;

/** How far a payment has come. */
public enum PaymentState {
  PREPARED("أُعد أمر الدفع ولم يُرسل", "Ordered, not yet sent to the bank"),
  SENT("أُرسل إلى البنك", "Sent to the bank"),
  UNKNOWN(
      "لا نعلم أنفّذه البنك أم لا: لا تدفع ثانية، بل راجع الكشف",
      "Not known whether the bank did it: do not pay again, look at the statement"),
  CONFIRMED("ظهر في كشف البنك", "Seen on the bank's statement");

  private final Words words;

  PaymentState(String ar, String en) {
    words = new Words(ar, en);
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
