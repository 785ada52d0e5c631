package org.fazaa.notifier.reply;

import static java.util.stream.Collectors.joining;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * One spelling for what people write in many: letter case, marks, tatweel, the seats of hamza,
 * digits of any script, quotes, skin tones and drawn-out letters are made one.
 */
final class Spelling {

  /**
   * A word, a number, or a sign that says something.
   *
   * @param apart whether a comma, a full stop or a new line stands before it
   * @param asked whether a question mark stands behind it
   */
  record Token(String word, boolean apart, boolean asked) {}

  private static final char DROPPED = 0;
  private static final char BLANK = ' ';
  private static final char BREAK = '.';
  private static final char OTHER = '\uFFFF';
  private static final char[] FOLDED = new char[0x3000];
  private static final int SPACED_OUT_MIN = 3;

  /** Letters that people exchange freely, each followed by the one that stands for it. */
  private static final String SAME = "أاإاآاٱاىيیيئيېيؤوۇوۆوةهہهھهەهۃهکكگكڪكٹتڑرڈدچجپبڤفژزڨق";

  static {
    for (char c = 0; c < FOLDED.length; c++) {
      FOLDED[c] = folded(c);
    }
    for (int i = 0; i < SAME.length(); i += 2) {
      FOLDED[SAME.charAt(i)] = SAME.charAt(i + 1);
    }
    "ـ'’‘`´ʼ".chars().forEach(c -> FOLDED[c] = DROPPED);
    "?؟!.,،;؛:\n()…".chars().forEach(c -> FOLDED[c] = BREAK);
    "+@&%".chars().forEach(c -> FOLDED[c] = (char) c);
  }

  private Spelling() {}

  private static char folded(char c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> DROPPED;
      case Character.COMBINING_SPACING_MARK -> c; // a vowel of Hindi
      case Character.OTHER_SYMBOL -> OTHER;
      case Character.DECIMAL_DIGIT_NUMBER -> (char) ('0' + Character.digit(c, 10));
      default -> Character.isLetter(c) ? Character.toLowerCase(c) : BLANK;
    };
  }

  static List<Token> tokens(String written) {
    return joined(new Scan(plain(written)).run());
  }

  /** All its words in that spelling, with blanks between. */
  static String fold(String written) {
    return tokens(written).stream()
        .map(token -> Inflection.known(token.word(), Phrases.all()))
        .collect(joining(" "));
  }

  /** Its first word; empty if there is none. */
  static String word(String written) {
    var tokens = tokens(written);
    return tokens.isEmpty() ? "" : tokens.getFirst().word();
  }

  // Forms for print, full-width letters and letters with accents: rare, and slow to undo.
  private static String plain(String written) {
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      boolean accented = c >= 0xC0 && c < 0x250;
      boolean presented = c >= 0xFB50 && c != 0xFE0F && c != 0xFEFF;
      if (accented || presented || c == 0xD835) {
        return Normalizer.normalize(written, Normalizer.Form.NFKD);
      }
    }
    return written;
  }

  // "s t o p" is one word.
  private static List<Token> joined(List<Token> tokens) {
    if (tokens.size() < SPACED_OUT_MIN) {
      return tokens;
    }
    var word = new StringBuilder(tokens.size());
    for (var token : tokens) {
      if (token.word().length() != 1 || !Character.isLetter(token.word().charAt(0))) {
        return tokens;
      }
      word.append(token.word());
    }
    return List.of(new Token(word.toString(), false, tokens.getLast().asked()));
  }

  private static final class Scan {
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean apart;

    Scan(String text) {
      this.text = text;
    }

    List<Token> run() {
      for (int at = 0; at < text.length(); ) {
        int character = text.codePointAt(at);
        at += Character.charCount(character);
        take(character, at);
      }
      end();
      return tokens;
    }

    private void take(int character, int next) {
      char folded = character < FOLDED.length ? FOLDED[character] : OTHER;
      switch (folded) {
        case DROPPED -> {}
        case BLANK -> end();
        case BREAK -> {
          if (isInNumber(character, next)) {
            word.append(':');
          } else {
            end();
            apart = !tokens.isEmpty();
            if (character == '?' || character == '؟') ask();
          }
        }
        case OTHER -> takeSign(character);
        case '+', '@', '&', '%' -> add(String.valueOf(folded));
        default -> takeLetter(folded);
      }
    }

    // 5:30, and 5.30
    private boolean isInNumber(int character, int next) {
      return (character == ':' || character == '.')
          && !word.isEmpty()
          && word.length() <= 2
          && isDigit(word.charAt(0))
          && isDigit(word.charAt(word.length() - 1))
          && isDigitAt(next)
          && isDigitAt(next + 1)
          && !isDigitAt(next + 2);
    }

    private boolean isDigitAt(int at) {
      return at < text.length()
          && text.charAt(at) < FOLDED.length
          && isDigit(FOLDED[text.charAt(at)]);
    }

    private void takeLetter(char letter) {
      int length = word.length();
      if (length > 0 && isArabic(word.charAt(length - 1)) != isArabic(letter)) {
        end();
        length = 0;
      }
      boolean drawnOut =
          length > 1
              && word.charAt(length - 1) == letter
              && word.charAt(length - 2) == letter
              && !isDigit(letter);
      if (!drawnOut) word.append(letter);
    }

    private void takeSign(int character) {
      switch (Character.getType(character)) {
        case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {}
        case Character.MODIFIER_SYMBOL -> {} // the tone of a skin
        case Character.OTHER_SYMBOL -> add(Character.toString(character));
        default -> {
          if (Character.isLetter(character)) {
            word.appendCodePoint(Character.toLowerCase(character));
          } else if (Character.isDigit(character)) {
            word.append(Character.digit(character, 10));
          } else {
            end();
          }
        }
      }
    }

    private void ask() {
      if (!tokens.isEmpty()) {
        var last = tokens.removeLast();
        tokens.add(new Token(last.word(), last.apart(), true));
      }
    }

    private void add(String sign) {
      end();
      word.append(sign);
      end();
    }

    private void end() {
      if (!word.isEmpty()) {
        tokens.add(new Token(word.toString(), apart, false));
        word.setLength(0);
        apart = false;
      }
    }
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isArabic(char c) {
    return c >= 0x600 && c < 0x700;
  }
}
