package org.fazaa.notifier.reply;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.fazaa.notifier.ShortCode;
import org.fazaa.notifier.reply.Meaning.Stage;
import org.fazaa.notifier.reply.Phrases.Quantity;
import org.fazaa.notifier.reply.Phrases.Sense;
import org.fazaa.notifier.reply.Spelling.Token;

/** A reply in phrases: what each stands for once a "not" and a "no" are bound to what they deny. */
final class Sentence {

  private static final int SKIPPED_MAX = 3;
  private static final int LONG_WORD = 7;
  private static final Phrases PHRASES = Phrases.all();

  /** A phrase of the reply, and the words that it covers. */
  record Said(Sense sense, int from, int length, boolean apart) {
    Said as(Sense other) {
      return new Said(other, from, length, apart);
    }

    int end() {
      return from + length;
    }
  }

  private final List<Token> tokens = new ArrayList<>();
  private final Set<String> codes = new TreeSet<>();
  private int[] words = {};
  private boolean guessed;
  private boolean firm;
  private Hours hours;
  private final List<Said> said = new ArrayList<>();
  private final EnumSet<Sense> senses = EnumSet.noneOf(Sense.class);
  private int unknown;
  private boolean question;
  private String digit;

  Sentence(String text, Stage stage) {
    split(Spelling.tokens(text));
    number();
    hours = Hours.in(PHRASES, tokens, words);
    phrase(stage == Stage.ON_SITE);
    question = asks();
    bind();
    said.forEach(one -> senses.add(one.sense()));
    if (senses.contains(Sense.HERE) && !isFirmlyHere()) senses.remove(Sense.HERE);
  }

  List<Said> said() {
    return said;
  }

  Set<String> codes() {
    return codes;
  }

  Hours hours() {
    return hours;
  }

  int length() {
    return words.length;
  }

  /** How many of its words no table knows. */
  int unknown() {
    return unknown;
  }

  /** Whether it says that the writer does not come, in so many words. */
  boolean isFirmNo() {
    return firm;
  }

  /** Whether a word was taken for another that is a slip away. */
  boolean isGuessed() {
    return guessed;
  }

  boolean isQuestion() {
    return question;
  }

  /** The answer digit, empty when there are both, or null. */
  String digit() {
    return digit;
  }

  // "why not? coming" asks nothing.
  private boolean asks() {
    for (int at = 0; at < tokens.size(); at++) {
      if (tokens.get(at).asked() && !isOfLongYes(at)) return true;
    }
    return false;
  }

  private boolean isOfLongYes(int at) {
    return said.stream()
        .anyMatch(one -> one.sense() == Sense.YES && one.length() > 1 && one.end() == at + 1);
  }

  // --- words

  private void split(List<Token> written) {
    for (var token : written) {
      var word = token.word();
      var code = mayBeCode(word) ? ShortCode.find(word) : Optional.<ShortCode.Found>empty();
      if (code.isPresent()) {
        codes.add(code.get().code());
        code.get().digit().ifPresent(answer -> tokens.add(new Token(answer, true, token.asked())));
      } else if (!splitNumber(token)) {
        tokens.add(token);
      }
    }
  }

  private static boolean mayBeCode(String word) {
    return word.length() >= 4 && word.length() <= 5 && word.charAt(0) < 128;
  }

  // "15mins", "yes1": a number against a word that we know.
  private boolean splitNumber(Token token) {
    var word = token.word();
    boolean first = Spelling.isDigit(word.charAt(0));
    if (first == Spelling.isDigit(word.charAt(word.length() - 1)) || PHRASES.exact(word) >= 0) {
      return false;
    }
    int at = 1;
    while (at < word.length() && Spelling.isDigit(word.charAt(at)) == first) at++;
    if (first && at < word.length() && word.charAt(at) == ':') {
      at++;
      while (at < word.length() && Spelling.isDigit(word.charAt(at))) at++;
    }
    var letters = first ? word.substring(at) : word.substring(0, at);
    var digits = first ? word.substring(0, at) : word.substring(at);
    if (letters.chars().anyMatch(c -> Spelling.isDigit((char) c))
        || digits.chars().anyMatch(Character::isLetter)
        || PHRASES.exact(letters) < 0) {
      return false;
    }
    tokens.add(new Token(word.substring(0, at), token.apart(), false));
    tokens.add(new Token(word.substring(at), false, token.asked()));
    return true;
  }

  private void number() {
    for (int at = 0; at < tokens.size(); at++) {
      var token = tokens.get(at);
      if (PHRASES.exact(token.word()) < 0 || Inflection.denial(token.word(), PHRASES) != null) {
        var parts = Inflection.parts(token.word(), PHRASES);
        if (!parts.isEmpty()) {
          tokens.set(at, new Token(parts.getFirst(), token.apart(), token.asked()));
          for (int part = 1; part < parts.size(); part++) {
            tokens.add(++at, new Token(parts.get(part), false, token.asked()));
          }
        }
      }
    }
    words = new int[tokens.size()];
    for (int at = 0; at < words.length; at++) {
      words[at] = PHRASES.exact(tokens.get(at).word());
    }
    boolean arabic = tokens.stream().anyMatch(token -> isArabicInLatin(token.word()));
    for (int at = 0; at < words.length; at++) {
      if (words[at] < 0 && !isNumber(at)) {
        var word = tokens.get(at).word();
        words[at] = arabic && word.charAt(0) < 128 ? PHRASES.sounding(word) : -1;
        if (words[at] < 0) words[at] = PHRASES.mended(word);
        guessed |= words[at] >= 0;
      }
    }
  }

  // By a word that is nothing else, or by a digit that stands for a letter.
  private static boolean isArabicInLatin(String word) {
    if (PHRASES.isArabicInLatin(word)) return true;
    boolean digit = false;
    boolean letter = false;
    for (int at = 0; at < word.length(); at++) {
      digit |= Spelling.isDigit(word.charAt(at));
      letter |= word.charAt(at) >= 'a' && word.charAt(at) <= 'z';
    }
    return digit && letter;
  }

  private boolean isNumber(int at) {
    return !Double.isNaN(PHRASES.number(tokens.get(at).word(), words[at]));
  }

  // --- phrases

  private void phrase(boolean onSite) {
    for (int at = 0; at < words.length; ) {
      int end = at + 1;
      while (end < words.length && !tokens.get(end).apart()) end++;
      var match = PHRASES.longest(words, at, end, onSite);
      if (match != null && match.sense() == Sense.YES && isMiddleOf(at, match)) {
        match = new Phrases.Match(Sense.AUX, 1);
      }
      if (match != null && !isStrayLetter(at, match)) {
        said.add(new Said(match.sense(), at, match.length(), tokens.get(at).apart()));
        at += match.length();
      } else {
        if (isCrowd(at)) {
          said.add(new Said(Sense.GROUP, at, 2, tokens.get(at).apart()));
          at++;
        } else if (isPlus(at)) {
          said.add(new Said(Sense.GROUP, at, 2, tokens.get(at).apart()));
          at++;
        } else if (isCompany(at)) {
          said.add(new Said(Sense.GROUP, at, 1, tokens.get(at).apart()));
        } else if (isAnswer(at)) {
          digit = digit == null || digit.equals(tokens.get(at).word()) ? tokens.get(at).word() : "";
          said.add(
              new Said(
                  tokens.get(at).word().equals("1") ? Sense.YES : Sense.NO,
                  at,
                  1,
                  tokens.get(at).apart()));
        } else if (!hours.isUsed(at)) {
          unknown++;
        }
        at++;
      }
    }
  }

  // "اي" is yes at the beginning, and "any" or "that is" behind.
  private boolean isMiddleOf(int at, Phrases.Match match) {
    return match.length() == 1
        && tokens.get(at).word().equals("اي")
        && at > 0
        && !tokens.get(at).apart();
  }

  // "n" and "y" are answers where they stand alone or first.
  private boolean isStrayLetter(int at, Phrases.Match match) {
    var sense = match.sense();
    return match.length() == 1
        && tokens.get(at).word().length() == 1
        && Character.isLetter(tokens.get(at).word().charAt(0))
        && (sense == Sense.NO || sense == Sense.YES || sense == Sense.DROP || sense == Sense.ACK)
        && at > 0
        && !(tokens.get(at).apart() && at + 1 == words.length);
  }

  // "3 people"
  private boolean isCrowd(int at) {
    return PHRASES.number(tokens.get(at).word(), words[at]) > 1
        && at + 1 < words.length
        && !hours.isUsed(at)
        && PHRASES.count(Quantity.KIN, words[at + 1]) == 0;
  }

  // "1 or 2"
  private boolean isEitherDigit() {
    boolean one = false;
    boolean two = false;
    for (int at = 0; at < words.length; at++) {
      one |= !hours.isUsed(at) && tokens.get(at).word().equals("1");
      two |= !hours.isUsed(at) && tokens.get(at).word().equals("2");
    }
    return one && two;
  }

  // "+2"
  private boolean isPlus(int at) {
    return tokens.get(at).word().equals("+")
        && at + 1 < words.length
        && isNumber(at + 1)
        && !hours.isUsed(at + 1);
  }

  // "واخوي", which no table lists: and my brother.
  private boolean isCompany(int at) {
    return PHRASES.count(Quantity.KIN, tokens.get(at).word(), words[at]) >= 0
        && tokens.get(at).word().startsWith("و");
  }

  // A 1 or 2 is an answer where it stands first or last or alone, and counts nothing.
  private boolean isAnswer(int at) {
    var word = tokens.get(at).word();
    if ((!word.equals("1") && !word.equals("2")) || hours.isUsed(at)) return false;
    boolean edge = at == 0 || tokens.get(at).apart() || at == words.length - 1;
    if (!edge) return false;
    if (isEitherDigit()) digit = "";
    if (at + 1 == words.length || tokens.get(at + 1).apart()) return true;
    int next = words[at + 1];
    boolean counts =
        isNumber(at + 1)
            || !Double.isNaN(PHRASES.count(Quantity.UNIT, next))
            || !Double.isNaN(PHRASES.count(Quantity.KIN, next))
            || PHRASES.isAlone(next, Sense.ASK)
            || tokens.get(at + 1).word().equals("or")
            || tokens.get(at + 1).word().equals("او")
            || tokens.get(at + 1).word().equals("of");
    return !counts;
  }

  // What a "not" turns into what, and what only looks like a no.
  private void bind() {
    for (int at = 0; at < said.size(); at++) {
      var sense = said.get(at).sense();
      if (sense == Sense.NOT) {
        bindNot(at);
      } else if (sense == Sense.NO && isBareNo(said.get(at))) {
        bindNo(at);
      }
    }
    for (int at = 0; at < said.size(); at++) {
      if (isOfSomethingElse(said.get(at), at)) {
        boolean no = said.get(at).sense() != Sense.YES;
        said.set(at, said.get(at).as(no ? Sense.DENIES : Sense.OTHER));
      }
      if (isRefusal(said.get(at))) absorb(at);
      if (said.get(at).sense() == Sense.AFTER && isUnknown(said.get(at).end())) {
        said.set(at, said.get(at).as(Sense.LATER)); // after something
      }
    }
    for (int at = 0; at < said.size(); at++) {
      switch (said.get(at).sense()) {
        case WORRY, PROBLEM, SEND -> said.set(at, said.get(at).as(Sense.AUX));
        default -> {}
      }
    }
  }

  // "can't sleep", "we have no job", "I am in Leogane": no answers to what was asked.
  private boolean isOfSomethingElse(Said one, int at) {
    boolean unknownNext = isUnknown(one.end());
    var last = tokens.get(one.end() - 1).word();
    return switch (one.sense()) {
      case CANNOT -> unknownNext && (one.length() == 1 || last.equals("to") || last.equals("not"));
      case NO -> isBareNo(one) && (unknownNext || !opensClause(at));
      case YES -> unknownNext && last.equals("in");
      default -> false;
    };
  }

  private static final Set<String> BARE_NO = Set.of("no", "nope", "لا", "la", "la2");

  // A "no" that denies what follows it, as in "no job"; "nahi" stands behind what it denies.
  private boolean isBareNo(Said one) {
    return one.length() == 1 && BARE_NO.contains(tokens.get(one.from()).word());
  }

  /** Whether one of these is said in more than a word, or at the beginning. */
  boolean isLongOf(Sense... wanted) {
    return said.stream()
        .filter(one -> List.of(wanted).contains(one.sense()))
        .anyMatch(one -> one.length() > 1 || opens(one) || firm);
  }

  /** Whether a word that nobody knows stands behind this phrase, the how-manyth. */
  boolean hasUnknownBehind(int phrase) {
    for (int at = said.get(phrase).end(); at < words.length; at++) {
      if (!isCovered(at) && !hours.isUsed(at)) return true;
    }
    return false;
  }

  /** Whether no word that nobody knows stands before the first plain yes. */
  boolean yesStandsFirst() {
    return said.stream()
        .filter(one -> one.sense() == Sense.YES || one.sense() == Sense.GLADLY)
        .findFirst()
        .filter(one -> unknownBefore(one.from()) == 0)
        .isPresent();
  }

  /** Whether it is a word that hardly says anything else, as "unsubscribe". */
  boolean isLong(Said one) {
    return tokens.get(one.from()).word().length() >= LONG_WORD;
  }

  // Before it in its clause stands nothing, or what may stand before a plain answer.
  private boolean opensClause(int at) {
    for (int before = at; before > 0; before--) {
      if (said.get(before).apart()) return true;
      if (said.get(before - 1).end() != said.get(before).from()) return false;
      switch (said.get(before - 1).sense()) {
        case FILLER, THANKS, YES, ACK, SORRY, BUT, NO, CANNOT, EXCUSE, SOFT, DAY, UNSURE -> {}
        default -> {
          return false;
        }
      }
    }
    return said.get(0).from() == 0;
  }

  private boolean isUnknown(int at) {
    return at < words.length && !isCovered(at) && !hours.isUsed(at) && !tokens.get(at).apart();
  }

  private static boolean isRefusal(Said one) {
    return one.sense() == Sense.CANNOT || (one.sense() == Sense.NO && one.length() > 1);
  }

  // "can't" and "come" are one no.
  private void absorb(int no) {
    boolean otherTime = saysWhen() || saysAnotherTime();
    boolean beyondDay = false;
    for (int at = no + 1; at < said.size(); at++) {
      var one = said.get(at);
      if (one.apart() || one.from() != said.get(at - 1).end()) return;
      if (beyondDay && one.sense() == Sense.CAN) return; // "nothing on Saturday, I can come"
      switch (one.sense()) {
        case COME, CAN, FREE, WANT, HERE -> {
          said.set(at, one.as(Sense.AUX));
          firm |= one.sense() == Sense.COME || one.sense() == Sense.FREE;
        }
        case STOP -> {
          if (said.get(no).sense() == Sense.CANNOT) { // "can't stop now, driving"
            said.set(at, one.as(Sense.OTHER));
            said.set(no, said.get(no).as(Sense.OTHER));
          }
          return;
        }
        case AUX -> {}
        case DAY -> beyondDay = true;
        case FILLER -> {
          if (otherTime) return;
        }
        default -> {
          return;
        }
      }
    }
  }

  private boolean saysAnotherTime() {
    return said.stream().anyMatch(o -> o.sense() == Sense.LATER || o.sense() == Sense.DAY);
  }

  /** Of those that deny, the ones that forbid: "you did not send" forbids nothing. */
  private static final Set<String> FORBIDS = Set.of("dont", "do", "never", "لا", "la", "mat");

  // Right behind the one before, with no word between that nobody knows.
  private boolean follows(int at) {
    return !said.get(at).apart() && said.get(at).from() == said.get(at - 1).end();
  }

  private void bindNot(int at) {
    int to = at + 1;
    boolean past = tokens.get(said.get(at).from()).word().startsWith("did");
    boolean told = !FORBIDS.contains(tokens.get(said.get(at).from()).word());
    int fillers = 0;
    while (to < said.size()
        && to - at <= SKIPPED_MAX
        && follows(to)
        && (said.get(to).sense() == Sense.AUX
            || (said.get(to).sense() == Sense.FILLER && fillers++ == 0)
            || tokens.get(said.get(to).from()).word().equals("اي"))) {
      to++;
    }
    if (to >= said.size() || !follows(to)) {
      int next = said.get(at).end();
      boolean number = next < words.length && isNumber(next);
      said.set(at, said.get(at).as(number ? Sense.AUX : Sense.DENIES)); // "at 6 not 4"
      return;
    }
    firm |= said.get(to).sense() == Sense.COME || said.get(to).sense() == Sense.FREE;
    var bound =
        switch (said.get(to).sense()) {
          case YES -> said.get(to).length() > 1 ? Sense.OTHER : Sense.CANNOT; // "don't see why not"
          case COME, CAN, FREE, WANT, ON_MY_WAY -> past ? Sense.OTHER : Sense.CANNOT;
          case ACK, SOFT -> Sense.OTHER;
          case CANNOT, NO -> to == at + 1 ? Sense.OTHER : Sense.NO;
          case PROBLEM, GLADLY -> Sense.GLADLY;
          case WORRY, LATE, DANGER, DANGER_WORD, SORRY, THANKS -> Sense.FILLER;
          case SEND, START -> told || to > at + 1 ? Sense.OTHER : Sense.STOP;
          case CANCEL, DROP -> Sense.YES;
          case EXCUSE -> Sense.FREE;
          case STOP, DONE, LEAVE, HOME, LAST_RESORT, GROUP, NOT, WRONG_NUMBER -> Sense.OTHER;
          case HERE -> Sense.OTHER;
          case DAY, LATER, AFTER, BY -> Sense.NO;
          default -> null;
        };
    if (bound == null) {
      said.set(at, said.get(at).as(Sense.AUX));
    } else {
      said.set(at, said.get(at).as(Sense.AUX));
      said.set(to, said.get(to).as(bound));
    }
  }

  // "لا تروحون": what nobody should do says nothing of the writer.
  private boolean forbids(int at) {
    int next = said.get(at).end();
    if (!isUnknown(next)) return false;
    var word = tokens.get(next).word();
    return word.length() > 3 && (word.charAt(0) == 'ت' || word.charAt(0) == 't');
  }

  private void bindNo(int at) {
    if (forbids(at) && !tokens.get(said.get(at).from()).word().equals("no")) {
      said.set(at, new Said(Sense.AUX, said.get(at).from(), 2, said.get(at).apart()));
      unknown--;
      return;
    }
    if (at + 1 >= said.size() || !follows(at + 1)) return;
    var next = said.get(at + 1);
    var bound =
        switch (next.sense()) {
          case CAN, WANT -> Sense.CANNOT;
          case PROBLEM, GLADLY -> Sense.GLADLY;
          case WORRY, LATE, DANGER, DANGER_WORD -> Sense.FILLER;
          case SEND -> Sense.STOP;
          case STOP -> Sense.OTHER;
          case CANCEL, DROP -> Sense.YES;
          default -> null;
        };
    if (bound != null) {
      said.set(at, said.get(at).as(Sense.AUX));
      said.set(at + 1, next.as(bound));
    }
  }

  // "here" and nothing else, or "I am here"; in "rain here, cannot come" it is no arrival.
  boolean isFirmlyHere() {
    return said.stream()
        .anyMatch(
            one ->
                one.sense() == Sense.HERE
                    && (one.length() > 1
                        || !HEREABOUTS.contains(tokens.get(one.from()).word())
                        || said.stream().allMatch(o -> o == one || isNeutral(o))));
  }

  private static final Set<String> HEREABOUTS = Set.of("here", "hre", "هنا", "هني", "هنيه");

  // Nothing but courtesies stands before it.
  boolean opens(Said one) {
    return said.stream().takeWhile(before -> before != one).allMatch(Sentence::isNeutral)
        && unknownBefore(one.from()) == 0;
  }

  private int unknownBefore(int at) {
    int covered = said.stream().filter(o -> o.from() < at).mapToInt(Said::length).sum();
    int timed = 0;
    for (int i = 0; i < at; i++) if (hours.isUsed(i) && !isCovered(i)) timed++;
    return at - covered - timed;
  }

  private boolean isCovered(int at) {
    return said.stream().anyMatch(one -> one.from() <= at && at < one.end());
  }

  // A no or an excuse about now, and then another time.
  boolean isDayAfterNo() {
    int no = -1;
    int now = -1;
    for (int at = 0; at < said.size(); at++) {
      var one = said.get(at);
      switch (one.sense()) {
        case CANNOT, NO, EXCUSE -> {
          no = at;
          if (isOfNow(one)) now = at;
        }
        case FILLER, AUX -> {
          if (isOfNow(one)) now = at;
        }
        case DAY, LATER, AFTER -> {
          if (now >= 0 && no >= 0) return true;
        }
        default -> {}
      }
    }
    return now >= 0 && no >= 0 && (saysLong() || hours.namesPartOfDay());
  }

  // "not now, but at sunset"
  boolean isTimeBehindBut() {
    int but = -1;
    for (var one : said) {
      if (one.sense() == Sense.BUT) but = one.from();
      if (one.sense() == Sense.CANNOT || one.sense() == Sense.NO) but = -1;
    }
    for (int at = Math.max(0, but); but >= 0 && at < words.length; at++) {
      if (hours.isUsed(at)) return true;
    }
    return false;
  }

  private static final Set<String> NOW =
      Set.of(
          "now",
          "today",
          "tday",
          "2day",
          "tonight",
          "اليوم",
          "الحين",
          "الان",
          "حاليا",
          "هالحين",
          "دلوقتي",
          "النهارده",
          "هسه",
          "هلق",
          "ذحين",
          "abhi",
          "aaj",
          "alyoum",
          "elyoum",
          "el7een",
          "al7een",
          "alyom",
          "اج",
          "ابهي",
          "هاليوم",
          "elhen",
          "alhin",
          "elheen");

  boolean isOfNow(Said one) {
    for (int at = one.from(); at < one.end(); at++) {
      if (NOW.contains(tokens.get(at).word())) return true;
    }
    return false;
  }

  boolean saysWhen() {
    return hours.minutes() != null || hours.namesAnHour();
  }

  boolean saysLong() {
    return hours.namesAnHour() || (hours.minutes() != null && !hours.isSoon());
  }

  boolean has(Sense sense) {
    return senses.contains(sense);
  }

  boolean isWilling() {
    return has(Sense.YES)
        || has(Sense.GLADLY)
        || has(Sense.COME)
        || has(Sense.FREE)
        || has(Sense.CAN)
        || has(Sense.ON_MY_WAY)
        || has(Sense.ACK);
  }

  boolean isUnwilling() {
    return has(Sense.CANNOT) || has(Sense.NO) || has(Sense.EXCUSE) || has(Sense.DROP);
  }

  /** What is neither for nor against coming. */
  static boolean isNeutral(Said one) {
    return switch (one.sense()) {
      case ALONE, BY, AFTER, BUT, DANGER_WORD -> true;
      default -> one.sense().saysNothing();
    };
  }

  Integer party() {
    if (has(Sense.GROUP)) return Party.of(tokens, words);
    return has(Sense.ALONE) ? 1 : null;
  }
}
