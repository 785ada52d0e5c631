package org.fazaa.fund.spending;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/**
 * What one person is to get in one period. Who it is, only its token tells; of that a few signs are
 * shown, enough to tell two rows apart.
 *
 * @param request that pays it, of those that stand
 */
public record Entitlement(
    long id,
    long programme,
    Words programmeName,
    int period,
    PayeeId payee,
    Words payeeName,
    String mark,
    Money amount,
    long enrolledBy,
    Instant enrolledAt,
    Optional<Long> verifiedBy,
    Optional<DisbursementId> request,
    State state) {

  /** How far it has come. */
  public enum State {
    ENROLLED("سُجّل ولم يُتحقق منه", "Enrolled, not yet verified"),
    VERIFIED("تحقق منه شخص آخر", "Verified by another person"),
    ORDERED("صدر أمر دفعه", "Ordered to be paid"),
    CONFIRMED("خرج من حساب الصندوق", "Left the fund's bank account"),
    ASKED("سألنا صاحبه: هل وصل؟", "The person was asked whether it came"),
    RECEIVED("أكد صاحبه أنه وصله", "The person confirmed that it came"),
    MISSED("قال صاحبه إنه لم يصله", "The person said that it did not come");

    private final Words words;

    State(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String tag) {
      return valueOf(tag.toUpperCase(Locale.ROOT));
    }
  }
}
