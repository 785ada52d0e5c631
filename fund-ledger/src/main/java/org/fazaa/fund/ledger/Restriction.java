package org.fazaa.fund.ledger;

import java.util.Locale;

/** What the money of a fund may lawfully be used for. */
public enum Restriction {
  UNRESTRICTED("غير مقيد", "Unrestricted"),
  PURPOSE("مقيد بغرض", "For a purpose"),
  TIME("مقيد بزمن", "For a period"),
  ZAKAT("زكاة", "Zakat"),
  WAQF("وقف", "Waqf"),
  FOREIGN_APPROVED("تبرعات خارجية مصرح بها", "Approved foreign gifts");

  private final Words words;

  Restriction(String ar, String en) {
    words = new Words(ar, en);
  }

  public Words words() {
    return words;
  }

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Restriction of(String tag) {
    return valueOf(tag.toUpperCase(Locale.ROOT));
  }
}
