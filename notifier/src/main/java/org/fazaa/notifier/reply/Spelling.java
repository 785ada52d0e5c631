package org.fazaa.notifier.reply;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** One spelling for what people write in many. */
final class Spelling {
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Mn}\\p{Me}\\p{Cf}ـ\uFE0F]");
  private static final Pattern APOSTROPHES = Pattern.compile("['’‘`´ʼ]");
  private static final Pattern SKIN = Pattern.compile("[\\x{1F3FB}-\\x{1F3FF}]");
  private static final Pattern DRAWN_OUT = Pattern.compile("(\\p{L})\\1{2,}");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+|\\p{So}");

  private static final int SPACED_OUT_MIN = 3;

  /** Letters that people exchange freely. */
  private static final Map<Character, Character> SAME =
      Map.ofEntries(
          Map.entry('أ', 'ا'),
          Map.entry('إ', 'ا'),
          Map.entry('آ', 'ا'),
          Map.entry('ٱ', 'ا'),
          Map.entry('ى', 'ي'),
          Map.entry('ی', 'ي'),
          Map.entry('ئ', 'ي'),
          Map.entry('ؤ', 'و'),
          Map.entry('ة', 'ه'),
          Map.entry('ک', 'ك'),
          Map.entry('گ', 'ك'));

  private Spelling() {}

  static String fold(String written) {
    // NFKC joins a letter and its hamza, which would be lost if marks went first.
    var text = Normalizer.normalize(written, Normalizer.Form.NFKC);
    text = INVISIBLE.matcher(text).replaceAll("");
    text = APOSTROPHES.matcher(text).replaceAll("");
    text = SKIN.matcher(text).replaceAll("").toLowerCase(Locale.ROOT);
    var folded = new StringBuilder(text.length());
    text.codePoints().map(Spelling::foldCharacter).forEach(folded::appendCodePoint);
    return DRAWN_OUT.matcher(folded).replaceAll("$1");
  }

  private static int foldCharacter(int character) {
    if (Character.isDigit(character)) {
      return '0' + Character.digit(character, 10);
    }
    return Character.isBmpCodePoint(character)
        ? SAME.getOrDefault((char) character, (char) character)
        : character;
  }

  /** The words of a folded text; "s t o p" is one. */
  static List<String> words(String folded) {
    var words = WORD.matcher(folded).results().map(MatchResult::group).toList();
    return words.size() >= SPACED_OUT_MIN && words.stream().allMatch(Spelling::isLetter)
        ? List.of(String.join("", words))
        : words;
  }

  private static boolean isLetter(String word) {
    return word.length() == 1 && Character.isLetter(word.charAt(0));
  }
}
