package org.fazaa.fund.giving;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/**
 * A giver's promise of an amount each week or month. It is never money: what counts as received is
 * the gift that pays an instalment.
 *
 * @param code the giver's alone: whoever knows it may see the pledge and stop it
 * @param instalments how many were promised; as many as come where it has no end
 * @param next the day of the next instalment, while it stands
 * @param opened instalments that were asked for, latest first
 */
public record Pledge(
    long id,
    String code,
    FundId fund,
    Words fundName,
    boolean demonstration,
    Money amount,
    Every every,
    LocalDate firstDay,
    Optional<Integer> instalments,
    boolean anonymous,
    Instant pledgedAt,
    Optional<End> end,
    Optional<LocalDate> next,
    List<Instalment> opened) {

  /** How often it is given. */
  public enum Every {
    WEEK("كل أسبوع", "Each week"),
    MONTH("كل شهر", "Each month");

    private final Words words;

    Every(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Every of(String tag) {
      return valueOf(tag.toUpperCase(Locale.ROOT));
    }
  }

  /** Why it asks for nothing more. */
  public enum End {
    STOPPED("أوقفه المتبرع", "Stopped by the giver"),
    COMPLETE("اكتمل", "Complete"),
    MISSED("توقف لأن ثلاثة أقساط متتالية لم تُدفع", "Ended: three in a row were not paid"),
    FUND_CLOSED("انتهى لأن الصندوق أُغلق", "Ended: the fund was closed");

    private final Words words;

    End(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }

    static End of(String tag) {
      return valueOf(tag.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * One day's share of a pledge.
   *
   * @param gift that pays it, whose state says whether it has come
   */
  public record Instalment(long id, int n, LocalDate due, Optional<Donation> gift) {}

  public boolean stands() {
    return end.isEmpty();
  }

  /** The instalment that is waited for: the latest, unless it is paid. */
  public Optional<Instalment> unpaid() {
    return opened.stream().limit(1).filter(one -> stands() && one.gift().isEmpty()).findFirst();
  }
}
