package org.fazaa.fund.spending;

import java.util.Locale;
import org.iban4j.Iban4jException;
import org.iban4j.IbanUtil;

/** Bank account numbers as they are written. */
final class Ibans {
  private Ibans() {}

  /** Length and structure of the country, and the check digits. */
  static boolean valid(String written) {
    try {
      IbanUtil.validate(plain(written));
      return true;
    } catch (Iban4jException e) {
      return false;
    }
  }

  static String plain(String written) {
    return written.replaceAll("[\\s\\u00a0-]", "").toUpperCase(Locale.ROOT);
  }
}
