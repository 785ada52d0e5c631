package org.fazaa.notifier;

/** How many SMS segments a body costs, exactly as networks count them. */
public final class Segments {
  public enum Encoding {
    GSM7,
    UCS2
  }

  /**
   * @param units septets, or UTF-16 units
   */
  public record Count(Encoding encoding, int units, int segments) {}

  private static final String BASIC =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
          + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  private static final String EXTENDED = "\f^{}\\[~]|€";

  private static final int GSM7_ALONE = 160;
  private static final int GSM7_JOINED = 153;
  private static final int UCS2_ALONE = 70;
  private static final int UCS2_JOINED = 67;

  private Segments() {}

  public static Count of(String body) {
    boolean gsm7 = body.chars().allMatch(c -> BASIC.indexOf(c) >= 0 || EXTENDED.indexOf(c) >= 0);
    return gsm7
        ? count(Encoding.GSM7, body, GSM7_ALONE, GSM7_JOINED)
        : count(Encoding.UCS2, body, UCS2_ALONE, UCS2_JOINED);
  }

  // A character of two units (an escaped one, an emoji) is never cut: it opens the next segment.
  private static Count count(Encoding encoding, String body, int alone, int joined) {
    int units = 0;
    int segments = body.isEmpty() ? 0 : 1;
    int filled = 0;
    for (int at = 0; at < body.length(); ) {
      int character = body.codePointAt(at);
      int width = encoding == Encoding.GSM7 ? septets(character) : Character.charCount(character);
      if (filled + width > joined) {
        segments++;
        filled = 0;
      }
      filled += width;
      units += width;
      at += Character.charCount(character);
    }
    return new Count(encoding, units, units <= alone ? Math.min(segments, 1) : segments);
  }

  private static int septets(int character) {
    return EXTENDED.indexOf(character) >= 0 ? 2 : 1;
  }
}
