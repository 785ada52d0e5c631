package org.fazaa.fund.spending;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Words;

/**
 * A request for money to be paid, at its latest version.
 *
 * @param approvals those of this version, oldest first
 * @param needed how many approvals it takes
 * @param payment the order of this version; every version has its own
 */
public record Disbursement(
    DisbursementId id,
    FundId fund,
    Words fundName,
    long creator,
    Instant requestedAt,
    Version version,
    List<Approval> approvals,
    int needed,
    boolean reserved,
    Optional<Withdrawal> withdrawal,
    Optional<Payment> payment,
    Money delivered) {

  /** What was asked for, as it was written once. */
  public record Version(
      int number,
      PayeeId payee,
      Words payeeName,
      String iban,
      Money amount,
      String purpose,
      String evidence,
      Optional<Cited> initiative,
      List<Long> entitlements,
      Use use,
      Instant writtenAt) {}

  /** The initiative whose budget a version is to be paid from. */
  public record Cited(long initiative, Words name) {}

  public record Approval(long approver, Instant at) {}

  public record Withdrawal(long by, Instant at, String why) {}

  /** One difference between two versions, as text to show. */
  public record Change(String field, String before, String after) {}

  public enum State {
    WAITING("بانتظار الاعتماد", "Waiting for approvals"),
    APPROVED(
        "معتمد ولم يُحجز مبلغه: المتاح لا يكفي", "Approved, not reserved: not enough available"),
    RESERVED("معتمد ومحجوز", "Approved and reserved"),
    PAID("صدر أمر دفعه", "Ordered to be paid"),
    CONFIRMED("دُفع وظهر في كشف البنك", "Paid and seen on the bank's statement"),
    CAME_BACK(
        "عاد أمر دفعه: يُعدّل ليُعتمد من جديد", "Its order came back: edit it for new approvals"),
    WITHDRAWN("مسحوب", "Withdrawn");

    private final Words words;

    State(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public State state() {
    if (withdrawal.isPresent()) {
      return State.WITHDRAWN;
    }
    if (payment.isPresent()) {
      return switch (payment.get().state()) {
        case PREPARED, SENT, UNKNOWN -> State.PAID;
        case CONFIRMED -> State.CONFIRMED;
        case REJECTED, RETURNED -> State.CAME_BACK;
      };
    }
    if (reserved) {
      return State.RESERVED;
    }
    return approvals.size() >= needed ? State.APPROVED : State.WAITING;
  }
}
