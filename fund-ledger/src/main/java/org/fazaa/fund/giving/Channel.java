package org.fazaa.fund.giving;

import java.util.Locale;
import org.fazaa.fund.ledger.Words;

/** The way a gift comes. */
public enum Channel {
  CARD("بطاقة", "Card"),
  BANK_TRANSFER("حوالة بنكية", "Bank transfer"),
  IN_KIND("تبرع عيني", "In kind");

  private final Words words;

  Channel(String ar, String en) {
    words = new Words(ar, en);
  }

  public Words words() {
    return words;
  }

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Channel of(String tag) {
    return valueOf(tag.toUpperCase(Locale.ROOT));
  }
}
