package org.fazaa.fund.giving;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The number of a receipt, such as {@code M-2026-000123}: without gaps in its series and year, and
 * never given twice.
 *
 * @param series M for money, K for goods
 */
public record ReceiptNumber(String series, int year, long number) {
  private static final Pattern WRITTEN = Pattern.compile("([MK])-([0-9]{4})-([0-9]{1,12})");
  private static final int WRITTEN_MAX = 40;

  /** Reads a number as people type it: small letters, blanks, other dashes, Arabic digits. */
  public static Optional<ReceiptNumber> parse(String written) {
    var plain = new StringBuilder();
    written.codePoints().limit(WRITTEN_MAX).forEach(c -> plain.append(plain(c)));
    var read = WRITTEN.matcher(plain.toString().toUpperCase(Locale.ROOT));
    return read.matches()
        ? Optional.of(
            new ReceiptNumber(
                read.group(1), Integer.parseInt(read.group(2)), Long.parseLong(read.group(3))))
        : Optional.empty();
  }

  private static String plain(int c) {
    if (Character.isDigit(c)) return String.valueOf(Character.digit(c, 10));
    if (Character.getType(c) == Character.DASH_PUNCTUATION) return "-";
    var unseen = Character.isWhitespace(c) || Character.getType(c) == Character.FORMAT;
    return unseen ? "" : Character.toString(c);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s-%d-%06d", series, year, number);
  }
}
