package org.fazaa.fund.ledger;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Optional;
import java.util.regex.Pattern;

/** An amount in the smallest unit of its currency: halalas, fils, yen. Never a fraction of one. */
public record Money(long minor, Currency currency) {

  /** The most that one command may move. */
  public static final long MINOR_MAX = 1_000_000_000_000L;

  private static final char ARABIC_POINT = '\u066b';
  // Comma, Arabic thousands mark, space and no-break space.
  private static final String GROUPING = ",\u066c \u00a0";
  private static final Pattern WRITTEN = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,3})?");

  public static Money of(long minor, String currency) {
    return new Money(minor, Currency.getInstance(currency));
  }

  /**
   * Reads an amount as people write it: {@code 1,250.50}, {@code ١٬٢٥٠٫٥٠}. More digits after the
   * point than the currency has are refused, never rounded.
   */
  public static Optional<Money> parse(String written, Currency currency) {
    var plain = new StringBuilder();
    for (char c : written.strip().toCharArray()) {
      if (Character.isDigit(c)) {
        plain.append(Character.digit(c, 10));
      } else if (c == '.' || c == ARABIC_POINT) {
        plain.append('.');
      } else if (GROUPING.indexOf(c) < 0) {
        plain.append(c);
      }
    }
    if (!WRITTEN.matcher(plain).matches()) {
      return Optional.empty();
    }
    var units = new BigDecimal(plain.toString()).stripTrailingZeros();
    if (units.scale() > currency.getDefaultFractionDigits()) {
      return Optional.empty();
    }
    var minor = units.movePointRight(currency.getDefaultFractionDigits());
    return Optional.of(new Money(minor.longValueExact(), currency));
  }

  /** With the digits of its currency and no name: {@code 150.00}. */
  public String amount() {
    return BigDecimal.valueOf(minor, currency.getDefaultFractionDigits()).toPlainString();
  }

  @Override
  public String toString() {
    return amount() + " " + currency.getCurrencyCode();
  }
}
