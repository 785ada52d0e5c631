package org.fazaa.fund.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects everything that is wrong with an input, so that it is all said at once. */
public final class Flaws {
  private static final int KEY_MAX = 200;

  private final List<Flaw> found = new ArrayList<>();

  public List<Flaw> found() {
    return List.copyOf(found);
  }

  /** Adds a flaw unless the condition holds. */
  public Flaws unless(boolean fine, String field, String ar, String en) {
    if (!fine) {
      found.add(new Flaw(field, new Words(ar, en)));
    }
    return this;
  }

  /** Wants a text of at most so many characters. */
  public Flaws text(String field, String written, int most) {
    return unless(
            !written.isBlank(),
            field,
            "هذا الحقل مطلوب، فاكتبه",
            "This is missing; please write it")
        .unless(
            written.length() <= most,
            field,
            "النص أطول من " + most + " حرف، فاختصره",
            "This is longer than " + most + " characters; please shorten it")
        .unless(
            written.codePoints().noneMatch(c -> Character.isISOControl(c) && c != '\n'),
            field,
            "في النص رموز لا تُقرأ، فاكتبه من جديد",
            "This has unreadable characters; please write it again");
  }

  public Flaws text(String field, Optional<String> written, int most) {
    return written.isPresent() ? text(field, written.get(), most) : this;
  }

  public Flaws words(String field, Words words, int most) {
    return text(field + ".ar", words.ar(), most).text(field + ".en", words.en(), most);
  }

  /** Wants an amount that one command may move. */
  public Flaws money(String field, Money money) {
    return unless(
        money.minor() > 0 && money.minor() <= Money.MINOR_MAX,
        field,
        "يجب أن يكون المبلغ أكبر من صفر وألا يزيد على "
            + new Money(Money.MINOR_MAX, money.currency()),
        "The amount must be above zero and at most "
            + new Money(Money.MINOR_MAX, money.currency()));
  }

  /** Wants the key that makes a repeated command harmless. */
  public Flaws key(String key) {
    return text("key", key, KEY_MAX);
  }
}
