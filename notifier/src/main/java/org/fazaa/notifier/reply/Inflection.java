package org.fazaa.notifier.reply;

import java.util.List;
import org.fazaa.notifier.reply.Phrases.Quantity;
import org.fazaa.notifier.reply.Phrases.Sense;

/**
 * Known words inside a word that no table knows: a "not" or "and" written against it, and the light
 * endings of Arabic.
 */
final class Inflection {
  private static final int STEM_MIN = 3;
  private static final String[] NEGATIONS = {"ما", "لا"};
  private static final String[] BEFORE = {
    "و", "ف", "ال", "وال", "ل", "لل", "ب", "بال", "فال", "عال"
  };
  private static final String[] BEHIND = {
    "كم", "لكم", "ك", "لك", "ين", "ون", "ه", "ها", "نا", "ي", "ات", "لكو", "كو", "هم", "وني", "ني",
    "ونا", "ونه"
  };

  private Inflection() {}

  /** An Arabic word that is drawn out as the one that we know; any other as it is. */
  static String known(String word, Phrases phrases) {
    var single = singled(word);
    return Spelling.isArabic(word.charAt(0)) && phrases.exact(single) >= 0 ? single : word;
  }

  /** The words to read instead, or none when nothing known is inside. */
  static List<String> parts(String word, Phrases phrases) {
    var joined = denial(word, phrases);
    if (joined != null && Spelling.isArabic(word.charAt(0))) {
      return List.of(joined);
    }
    var single = singled(word);
    if (!single.equals(word) && phrases.exact(single) >= 0) {
      return List.of(single);
    }
    if (!Spelling.isArabic(word.charAt(0))) {
      return latin(single, phrases);
    }
    var denial = denial(single, phrases);
    if (denial != null) {
      return List.of(denial);
    }
    if (phrases.count(Quantity.KIN, single, -1) >= 0) {
      return List.of(); // "and my brother" is more than a brother
    }
    var stem = stem(single, phrases);
    if (stem != null) {
      return List.of(stem);
    }
    for (var not : NEGATIONS) {
      if (single.startsWith(not) && single.length() >= not.length() + STEM_MIN) {
        var rest = single.substring(not.length());
        var known = phrases.exact(rest) >= 0 ? rest : stem(rest, phrases);
        if (known != null) return List.of(not, known);
      }
    }
    return List.of();
  }

  private static final String[] LATIN_BEFORE = {
    "el", "al", "il", "l", "w", "wa", "b", "bel", "fel"
  };

  // Arabic in Latin letters has its articles and its "and" against the word, too.
  private static List<String> latin(String word, Phrases phrases) {
    var denial = denial(word, phrases);
    if (denial != null && phrases.isArabicInLatin(denial)) {
      return List.of(denial);
    }
    for (var before : LATIN_BEFORE) {
      if (word.startsWith(before) && word.length() - before.length() > STEM_MIN) {
        var rest = word.substring(before.length());
        if (phrases.isArabicInLatin(rest)) return List.of(rest);
      }
    }
    return List.of();
  }

  /**
   * How a word of Arabic in Latin letters sounds: without vowels, and with one letter for each of
   * those that have several, as 7 and h, 2 and nothing.
   */
  static String sound(String word) {
    var plain =
        word.replace("kh", "5")
            .replace("gh", "8")
            .replace("sh", "4")
            .replace("th", "t")
            .replace("dh", "d");
    var sound = new StringBuilder(plain.length());
    for (int at = 0; at < plain.length(); at++) {
      char c =
          switch (plain.charAt(at)) {
            case '7' -> 'h';
            case '9' -> 's';
            case '6' -> 't';
            case 'q', '8' -> 'g';
            case 'c' -> 'k';
            case 'z' -> 'd';
            case 'v' -> 'f';
            case '2', 'a', 'e', 'i', 'o', 'u' -> at == 0 ? 'a' : 0;
            case 'w', 'y' -> at == 0 ? plain.charAt(at) : 0;
            default -> plain.charAt(at);
          };
      if (c != 0 && (sound.isEmpty() || sound.charAt(sound.length() - 1) != c)) sound.append(c);
    }
    return sound.toString();
  }

  // "and not": a denial is never lost behind the "and" that is written against it.
  static String denial(String word, Phrases phrases) {
    if (word.length() < STEM_MIN || (word.charAt(0) != 'و' && word.charAt(0) != 'w')) {
      return null;
    }
    var rest = word.substring(1);
    int known = phrases.exact(rest);
    boolean denies =
        phrases.isAlone(known, Sense.NOT)
            || phrases.isAlone(known, Sense.NO)
            || phrases.isAlone(known, Sense.CANNOT);
    return denies ? rest : null;
  }

  // Drawn-out letters are left as two: now as one.
  private static String singled(String word) {
    var single = new StringBuilder(word.length());
    for (int at = 0; at < word.length(); at++) {
      char c = word.charAt(at);
      if (at == 0 || c != word.charAt(at - 1) || Spelling.isDigit(c)) single.append(c);
    }
    return single.toString();
  }

  private static String stem(String word, Phrases phrases) {
    for (var before : BEFORE) {
      if (word.startsWith(before) && word.length() - before.length() >= STEM_MIN) {
        var rest = word.substring(before.length());
        if (phrases.exact(rest) >= 0) return rest;
      }
    }
    for (var behind : BEHIND) {
      if (word.endsWith(behind) && word.length() - behind.length() >= STEM_MIN) {
        var rest = word.substring(0, word.length() - behind.length());
        if (phrases.exact(rest) >= 0) return rest;
      }
    }
    return null;
  }
}
