package org.fazaa.notifier;

import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The short code in a text by which its answer is known, such as {@code F7K2}: letter, digit,
 * letter, digit, so that it is no word, starts with a letter (a number would jump to the other side
 * of an Arabic line) and has nothing that looks like something else. It is bound to the phone it
 * was sent to, so a few thousand codes are plenty.
 */
public final class ShortCode {
  private static final String LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ";
  private static final String DIGITS = "23456789";
  private static final String SHAPE =
      "[" + LETTERS + "][" + DIGITS + "][" + LETTERS + "][" + DIGITS + "]";
  // People write the answer against the code: "1F7K2", "F7K2 1", "f7k21".
  private static final Pattern WRITTEN =
      Pattern.compile("(?<before>[12])?(?<code>" + SHAPE + ")(?<after>[12])?");

  private ShortCode() {}

  public static String next(RandomGenerator random) {
    var code = new StringBuilder(4);
    for (int i = 0; i < 2; i++) {
      code.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      code.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return code.toString();
  }

  /** A word that is a code, perhaps with an answer digit against it. */
  public record Found(String code, Optional<String> digit) {}

  public static Optional<Found> find(String word) {
    var match = WRITTEN.matcher(word.toUpperCase(Locale.ROOT));
    if (!match.matches() || (match.group("before") != null && match.group("after") != null)) {
      return Optional.empty();
    }
    var digit =
        Optional.ofNullable(match.group("before"))
            .or(() -> Optional.ofNullable(match.group("after")));
    return Optional.of(new Found(match.group("code"), digit));
  }
}
