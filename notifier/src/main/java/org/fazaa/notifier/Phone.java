package org.fazaa.notifier;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A phone number in E.164. Printed, it hides its middle. */
public record Phone(String e164) {
  private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");
  private static final Pattern TWO_LETTERS = Pattern.compile("[A-Z]{2}");
  private static final int WRITTEN_MAX = 40;
  private static final int SHOWN_FIRST = 5;
  private static final int SHOWN_LAST = 3;
  private static final int COUNTRY_DIGITS_MAX = 3;
  private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

  /** Country codes that one country has for itself; for these a number need not be taken apart. */
  private static final Map<Integer, String> ALONE = alone();

  private static Map<Integer, String> alone() {
    var alone = new HashMap<Integer, String>();
    for (int code : NUMBERS.getSupportedCallingCodes()) {
      var countries = NUMBERS.getRegionCodesForCountryCode(code);
      if (countries.size() == 1) {
        var country = countries.getFirst();
        alone.put(code, TWO_LETTERS.matcher(country).matches() ? country : "");
      }
    }
    return alone;
  }

  public Phone {
    if (!E164.matcher(e164).matches()) {
      throw new IllegalArgumentException("not a phone number in E.164");
    }
  }

  /**
   * Reads a number as people write it: spaces, 00 or +, Arabic digits, or local to {@code region}
   * (two letters, such as SA). Possible is enough: whether a number lives only its carrier knows.
   */
  public static Optional<Phone> parse(String written, String region) {
    if (written == null || written.length() > WRITTEN_MAX) {
      return Optional.empty();
    }
    try {
      var number = NUMBERS.parse(written, region);
      if (number.hasExtension() || !NUMBERS.isPossibleNumber(number)) {
        return Optional.empty();
      }
      var e164 = NUMBERS.format(number, PhoneNumberFormat.E164);
      // A number with a stray zero behind its country code would be another when read again.
      var again = NUMBERS.format(NUMBERS.parse(e164, region), PhoneNumberFormat.E164);
      boolean stable = again.equals(e164) && NUMBERS.isPossibleNumber(e164, region);
      return stable && E164.matcher(e164).matches()
          ? Optional.of(new Phone(e164))
          : Optional.empty();
    } catch (NumberParseException e) {
      return Optional.empty();
    }
  }

  /** Two letters, such as SA; empty where the number does not tell. */
  public String country() {
    // No country code begins with another, so whichever fits is the one.
    for (int digits = 1; digits <= COUNTRY_DIGITS_MAX; digits++) {
      var alone = ALONE.get(Integer.parseInt(e164, 1, 1 + digits, 10));
      if (alone != null) {
        return alone;
      }
    }
    return sharedCountry();
  }

  // Of a code that several countries have, such as +1, the digits behind it decide.
  private String sharedCountry() {
    try {
      var number = NUMBERS.parse(e164, null);
      var region = NUMBERS.getRegionCodeForNumber(number);
      // Of a number that nobody has, the country code still tells.
      var country =
          region == null ? NUMBERS.getRegionCodeForCountryCode(number.getCountryCode()) : region;
      return TWO_LETTERS.matcher(country).matches() && !country.equals("ZZ") ? country : "";
    } catch (NumberParseException e) {
      return "";
    }
  }

  /** Enough to recognise, too little to call: {@code +9665•••••123}. */
  public String masked() {
    int hidden = Math.max(1, e164.length() - SHOWN_FIRST - SHOWN_LAST);
    return e164.substring(0, SHOWN_FIRST)
        + "•".repeat(hidden)
        + e164.substring(e164.length() - SHOWN_LAST);
  }

  @Override
  public String toString() {
    return masked();
  }
}
