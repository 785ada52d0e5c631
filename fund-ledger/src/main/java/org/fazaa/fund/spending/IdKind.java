package org.fazaa.fund.spending;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fazaa.fund.ledger.Words;

/** The kinds of papers by which a person is known; numbers are compared within a kind. */
public enum IdKind {
  NATIONAL(
      "رقم الهوية الوطنية، عشرة أرقام أولها 1",
      "National id: ten digits, the first is 1",
      "1[0-9]{9}"),
  RESIDENCE(
      "رقم الإقامة، عشرة أرقام أولها 2", "Residence id: ten digits, the first is 2", "2[0-9]{9}"),
  PASSPORT(
      "رمز البلد من حرفين ثم رقم الجواز، مثل EGA1234567",
      "Two letters of the country, then the passport's number, such as EGA1234567",
      "[A-Z]{2}[A-Z0-9]{5,20}"),
  REFUGEE("رقم ملف اللاجئ", "Refugee file number", "[A-Z0-9]{5,30}");

  private final Words words;
  private final Pattern form;

  IdKind(String ar, String en, String form) {
    this.words = new Words(ar, en);
    this.form = Pattern.compile(form);
  }

  public Words words() {
    return words;
  }

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static IdKind of(String tag) {
    return valueOf(tag.toUpperCase(Locale.ROOT));
  }

  /** The number as it is compared, however it was written; empty when it is none of this kind. */
  Optional<String> plain(String written) {
    var plain = new StringBuilder();
    for (char c : written.toCharArray()) {
      if (Character.isDigit(c)) {
        plain.append(Character.digit(c, 10));
      } else if (Character.isLetter(c)) {
        plain.append(Character.toUpperCase(c));
      } else if (" -/.\u00a0\u200e\u200f".indexOf(c) < 0) {
        return Optional.empty();
      }
    }
    return Optional.of(plain.toString()).filter(form.asMatchPredicate());
  }
}
