package org.fazaa.fund.spending;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;

/**
 * A benefit for people, so much in each period.
 *
 * @param initiative whose budget it is paid from
 */
public record Programme(
    long id,
    FundId fund,
    Words fundName,
    Optional<Long> initiative,
    Words name,
    Money benefit,
    LocalDate startsOn,
    Every every,
    int periods) {

  /** How often a person gets it. */
  public enum Every {
    ONCE("مرة واحدة", "Once"),
    WEEK("كل أسبوع", "Every week"),
    MONTH("كل شهر", "Every month");

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

  /** The day on which a period begins, counted from 1. */
  public LocalDate startOf(int period) {
    return switch (every) {
      case ONCE -> startsOn;
      case WEEK -> startsOn.plusWeeks(period - 1L);
      case MONTH -> startsOn.plusMonths(period - 1L);
    };
  }
}
