package org.fazaa.notifier.reply;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.fazaa.notifier.ShortCode;
import org.fazaa.notifier.reply.Meaning.Stage;
import org.fazaa.notifier.reply.Phrases.Quantity;
import org.fazaa.notifier.reply.Phrases.Sense;
import org.fazaa.notifier.reply.Reading.Confidence;
import org.fazaa.notifier.reply.Reading.Why;
import org.fazaa.notifier.reply.Spelling.Token;

/**
 * What the phrases of a reply come to, by rules in a fixed order, of which {@link Why} names the one
 * that decided. What they do not make plain is for a person, and what they make only likely says so.
 */
final class Rules {

  /** Answers are short. Danger is looked for in all of it. */
  private static final int WORDS_MAX = 40;

  private static final int BODY_MAX = 600;

  /** Who says that they take longer will come later, not now. */
  private static final int SOON_MINUTES = 45;

  private static final int SKIPPED_MAX = 3;
  private static final Phrases PHRASES = Phrases.all();

  /** A phrase of the reply, and the words that it covers. */
  private record Said(Sense sense, int from, int length, boolean apart) {
    Said as(Sense other) {
      return new Said(other, from, length, apart);
    }

    int end() {
      return from + length;
    }
  }

  private final Stage stage;
  private final Whereabouts where;
  private final List<Token> tokens = new ArrayList<>();
  private final Set<String> codes = new TreeSet<>();
  private int[] words = {};
  private boolean guessed;
  private Hours hours;
  private final List<Said> said = new ArrayList<>();
  private final EnumSet<Sense> senses = EnumSet.noneOf(Sense.class);
  private int unknown;
  private boolean question;
  private String digit;

  private Rules(Stage stage, Whereabouts where) {
    this.stage = stage;
    this.where = where;
  }

  static Reading read(String body, Stage stage, Whereabouts where) {
    return new Rules(stage, where).read(body);
  }

  private Reading read(String body) {
    boolean tooLong = body.length() > BODY_MAX;
    var text = tooLong ? body.substring(0, BODY_MAX) : body;
    split(Spelling.tokens(text));
    number();
    hours = Hours.in(PHRASES, tokens, words);
    phrase();
    question = asks();
    bind();
    said.forEach(one -> senses.add(one.sense()));
    if (senses.contains(Sense.HERE) && !isFirmlyHere()) senses.remove(Sense.HERE);
    if (senses.contains(Sense.DANGER)) {
      return reading(Meaning.DANGER, unknown <= 8, Why.DANGER);
    }
    if (tooLong || tokens.size() > WORDS_MAX) return person(Why.LONG);
    if (codes.size() > 1) return person(Why.CODES);
    return decide();
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
        .anyMatch(
            one -> one.sense() == Sense.YES && one.length() > 1 && one.end() == at + 1);
  }

  // --- words

  private void split(List<Token> written) {
    for (var token : written) {
      var word = token.word();
      var code = mayBeCode(word) ? ShortCode.find(word) : java.util.Optional.<ShortCode.Found>empty();
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
      if (PHRASES.exact(token.word()) < 0) {
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
      if (words[at] < 0 && !isNumber(at)) {
        words[at] = PHRASES.mended(tokens.get(at).word());
        guessed |= words[at] >= 0;
      }
    }
  }

  private boolean isNumber(int at) {
    return !Double.isNaN(PHRASES.number(tokens.get(at).word(), words[at]));
  }

  // --- phrases

  private void phrase() {
    for (int at = 0; at < words.length; ) {
      int end = at + 1;
      while (end < words.length && !tokens.get(end).apart()) end++;
      var match = PHRASES.longest(words, at, end, stage == Stage.ON_SITE);
      if (match != null) {
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
    return PHRASES.count(Quantity.KIN, tokens.get(at).word(), words[at]) >= 0 && tokens.get(at).word().startsWith("و");
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
      } else if (sense == Sense.NO && said.get(at).length() == 1 && digit == null) {
        bindNo(at);
      }
    }
    for (int at = 0; at < said.size(); at++) {
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

  private boolean isUnknown(int at) {
    return at < words.length && !isCovered(at) && !hours.isUsed(at) && !tokens.get(at).apart();
  }

  private static boolean isRefusal(Said one) {
    return one.sense() == Sense.CANNOT || (one.sense() == Sense.NO && one.length() > 1);
  }

  // "can't" and "come" are one no.
  private void absorb(int no) {
    boolean otherTime = saysWhen() || saysAnotherTime();
    for (int at = no + 1; at < said.size(); at++) {
      var one = said.get(at);
      if (one.apart() || one.from() != said.get(at - 1).end()) return;
      switch (one.sense()) {
        case COME, CAN, FREE, WANT, HERE -> said.set(at, one.as(Sense.AUX));
        case STOP -> {
          said.set(at, one.as(Sense.OTHER)); // "can't stop now, driving"
          return;
        }
        case AUX, DAY -> {}
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

  private void bindNot(int at) {
    int to = at + 1;
    boolean told = tokens.get(said.get(at).from()).word().equals("ما"); // "you do not send"
    while (to < said.size()
        && to - at <= SKIPPED_MAX
        && !said.get(to).apart()
        && (said.get(to).sense() == Sense.AUX
            || said.get(to).sense() == Sense.FILLER
            || tokens.get(said.get(to).from()).word().equals("اي"))) {
      to++;
    }
    if (to >= said.size() || said.get(to).apart()) {
      int next = said.get(at).end();
      boolean number = next < words.length && isNumber(next);
      said.set(at, said.get(at).as(number ? Sense.AUX : Sense.OTHER)); // "at 6 not 4"
      return;
    }
    var bound =
        switch (said.get(to).sense()) {
          case COME, CAN, FREE, WANT, YES, ACK, SOFT, ON_MY_WAY -> Sense.CANNOT;
          case CANNOT, NO -> to == at + 1 ? Sense.OTHER : Sense.NO;
          case PROBLEM, GLADLY -> Sense.GLADLY;
          case WORRY, LATE, DANGER, DANGER_WORD, SORRY, THANKS -> Sense.FILLER;
          case SEND, START -> told ? Sense.OTHER : Sense.STOP;
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

  private void bindNo(int at) {
    if (at + 1 >= said.size() || said.get(at + 1).apart()) return;
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

  // --- meaning

  private Reading decide() {
    if (said.stream().allMatch(Rules::isNeutral) && !saysWhen()) {
      return nothingSaid();
    }
    if (digit != null && digit.isEmpty()) return person(Why.MIXED);
    if (has(Sense.STOP)) return stop();
    if (has(Sense.WRONG_NUMBER)) return limited(Meaning.WRONG_NUMBER, 3, 5, Why.WRONG_NUMBER);
    if (has(Sense.START)) return start();
    if (has(Sense.SARCASM)) return person(Why.SARCASM);
    var end = stage == Stage.ON_SITE ? onSite() : null;
    if (end != null) return end;
    if (isOfSomethingElse()) return person(Why.OTHER);
    if (stage == Stage.ACCEPTED && has(Sense.DONE) && !has(Sense.CANNOT) && !has(Sense.ACK)) {
      return limited(Meaning.DONE, 3, 5, Why.DONE);
    }
    if (has(Sense.HERE) && has(Sense.WHERE)) return limited(Meaning.HERE, 2, 4, Why.HERE);
    if (has(Sense.LAST_RESORT) && !has(Sense.CANNOT)) {
      return limited(Meaning.LAST_RESORT, 4, 7, Why.LAST_RESORT);
    }
    if (has(Sense.WHO) && !isWilling()) return limited(Meaning.WHO, 3, 5, Why.WHO);
    if (has(Sense.WHERE) && !isUnwilling() && (!isWilling() || stage != Stage.OFFERED)) {
      return limited(Meaning.WHERE, 3, 5, Why.WHERE);
    }
    if (has(Sense.HELP) && (isAbout(Sense.HELP) || (!isWilling() && !isUnwilling()))) {
      return limited(Meaning.HELP, 3, 5, Why.HELP);
    }
    if (has(Sense.DROP)) return leaves();
    if (has(Sense.CANCEL)) return leaves();
    return answer();
  }

  // "here" and nothing else, or "I am here"; in "rain here, cannot come" it is no arrival.
  private boolean isFirmlyHere() {
    return said.stream()
        .anyMatch(
            one ->
                one.sense() == Sense.HERE
                    && (one.length() > 1
                        || !HEREABOUTS.contains(tokens.get(one.from()).word())
                        || said.stream().allMatch(o -> o == one || isNeutral(o))));
  }

  private static final Set<String> HEREABOUTS = Set.of("here", "hre", "هنا", "هني", "هنيه");

  // What was said before a "but" counts no more when a plain answer follows.
  private boolean isOfSomethingElse() {
    if (!has(Sense.OTHER) || (has(Sense.CANNOT) && !isWilling())) return false;
    for (int at = said.size() - 1; at > 0; at--) {
      var sense = said.get(at).sense();
      if (sense == Sense.OTHER) return true;
      if (sense == Sense.BUT) {
        var last = side(said.subList(at + 1, said.size()));
        return last != Side.YES && last != Side.NO;
      }
    }
    return true;
  }

  private Reading nothingSaid() {
    if (tokens.isEmpty()) {
      return person(codes.isEmpty() ? Why.EMPTY : Why.UNSURE);
    }
    return person(question ? Why.QUESTION : Why.UNSURE);
  }

  // "stop" beside much that we do not know may be about anything.
  private Reading stop() {
    var stops = said.stream().filter(one -> one.sense() == Sense.STOP).toList();
    boolean phrase = stops.stream().anyMatch(one -> one.length() > 1);
    boolean first = stops.getFirst().from() == 0 || opens(stops.getFirst());
    if (question && !phrase) return person(Why.QUESTION);
    if (!phrase && (saysWhen() || has(Sense.COME) || has(Sense.CAN))) return person(Why.MIXED);
    if (!phrase && (has(Sense.LATER) || has(Sense.DAY))) return later(false);
    if (phrase && has(Sense.LATER) && stops.getFirst().length() == 2) {
      return reading(Meaning.STOP, false, Why.STOP);
    }
    if (phrase) return limited(Meaning.STOP, 3, 8, Why.STOP);
    return first ? limited(Meaning.STOP, 0, 0, Why.STOP) : person(Why.UNSURE);
  }

  // It begins with that, in more than a word.
  private boolean isAbout(Sense sense) {
    var first = said.stream().filter(one -> !isNeutral(one)).findFirst().orElseThrow();
    return first.sense() == sense && first.length() > 1 && !has(Sense.CANNOT);
  }

  // Nothing but courtesies stands before it.
  private boolean opens(Said one) {
    return said.stream().takeWhile(before -> before != one).allMatch(Rules::isNeutral)
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

  private Reading start() {
    boolean phrase =
        said.stream().anyMatch(one -> one.sense() == Sense.START && one.length() > 1);
    boolean alone = said.stream().allMatch(o -> o.sense() == Sense.START || isNeutral(o));
    if (question || saysWhen() || (!phrase && (!alone || unknown > 0))) return person(Why.UNSURE);
    return limited(Meaning.START, 1, 4, Why.START);
  }

  private Reading onSite() {
    boolean over = has(Sense.DONE) || has(Sense.LEAVE) || has(Sense.HOME);
    if (over && !has(Sense.OTHER) && !has(Sense.ASK) && !has(Sense.BUT)) {
      return limited(Meaning.DONE, 3, 5, Why.DONE);
    }
    if (has(Sense.HERE)) return limited(Meaning.HERE, 3, 5, Why.HERE);
    if (has(Sense.WHO) || has(Sense.WHERE) || has(Sense.HELP) || has(Sense.GROUP)) return null;
    if (has(Sense.DROP) || has(Sense.CANCEL)) return null;
    if (has(Sense.ON_MY_WAY)) return reading(Meaning.ON_MY_WAY, false, Why.ON_MY_WAY);
    return person(Why.UNSURE);
  }

  private Reading leaves() {
    if (has(Sense.IF) || has(Sense.UNSURE) || (question && !has(Sense.CANNOT))) {
      return person(question ? Why.QUESTION : Why.UNSURE);
    }
    if (isWilling() && !isUnwilling() && !has(Sense.SORRY)) return person(Why.MIXED);
    return limited(leaving(), 3, 7, Why.CANCEL);
  }

  private Meaning leaving() {
    return stage == Stage.OFFERED ? Meaning.NO : Meaning.DROP;
  }

  /** Whether it is a yes or a no, when, and with whom. */
  private Reading answer() {
    var side = side();
    boolean wavers = has(Sense.UNSURE) && side == Side.NONE;
    if (has(Sense.GROUP) && side != Side.NO && side != Side.MIXED && !wavers) {
      if (question || has(Sense.ASK) || has(Sense.IF)) return person(Why.QUESTION);
      return limited(Meaning.GROUP, 3, 6, Why.GROUP);
    }
    if (has(Sense.IF) && !(has(Sense.BUT) && side == Side.NO)) return person(Why.IF);
    if (isLater(side)) return later(side != Side.NO || guessesNot());
    if (has(Sense.UNSURE)) return person(Why.UNSURE);
    return switch (side) {
      case NO -> no();
      case MIXED -> person(Why.MIXED);
      case YES -> yes();
      case SOFT -> soft();
      case NONE -> none();
    };
  }

  private boolean guessesNot() {
    return !guessed;
  }

  private enum Side {
    YES,
    SOFT,
    NO,
    MIXED,
    NONE
  }

  // What stands behind the last "but" counts, if it says anything.
  private Side side() {
    for (int at = said.size() - 1; at >= 0; at--) {
      if (said.get(at).sense() == Sense.BUT) {
        var last = side(said.subList(at + 1, said.size()));
        if (last != Side.NONE && last != Side.SOFT) return last;
        var first = side(said.subList(0, at));
        return first == Side.NONE ? last : first;
      }
    }
    return side(said);
  }

  private Side side(List<Said> clause) {
    Sense strongest = null; // of those for it
    boolean weak = false;
    boolean soft = false;
    boolean no = false;
    boolean bareNo = false;
    boolean excuse = false;
    boolean sorry = false;
    boolean yesAfterNo = false;
    boolean noAfterYes = false;
    for (var one : clause) {
      switch (one.sense()) {
        case YES, GLADLY -> {
          yesAfterNo |= no || bareNo;
          strongest = Sense.YES;
        }
        case COME, FREE, CAN, ON_MY_WAY, HERE -> {
          if (one.sense() == Sense.HERE && !has(Sense.HERE)) continue;
          yesAfterNo |= no || bareNo;
          if (strongest == null) strongest = Sense.COME;
        }
        case ACK, WANT -> weak = true;
        case SOFT -> soft = true;
        case CANNOT -> {
          noAfterYes |= strongest != null;
          no = true;
        }
        case NO -> {
          noAfterYes |= strongest != null;
          if (one.length() > 1) no = true;
          else bareNo = true;
        }
        case EXCUSE -> excuse = true;
        case SORRY -> sorry = true;
        default -> {}
      }
    }
    boolean yes = strongest != null;
    if (yes && (no || bareNo)) {
      return noAfterYes && !yesAfterNo && (no || sorry) && (no || strongest != Sense.YES)
          ? Side.NO
          : Side.MIXED;
    }
    if (no || bareNo) return Side.NO;
    if (yes && excuse) return Side.MIXED;
    if (excuse) return Side.NO;
    if (yes) return Side.YES;
    if (sorry) return weak ? Side.MIXED : Side.NO;
    if (weak) return Side.YES;
    return soft ? Side.SOFT : Side.NONE;
  }

  // Another time is offered, not the reason of a no: "not today, tomorrow" and not "not tomorrow".
  private boolean isLater(Side side) {
    if (!has(Sense.LATER) && !has(Sense.DAY) && !has(Sense.LATE) && !saysLong()) return false;
    if (side == Side.YES || side == Side.SOFT) {
      return has(Sense.LATER)
          || has(Sense.LATE)
          || saysLong()
          || (has(Sense.DAY) && !has(Sense.YES) && !has(Sense.GLADLY) && stage == Stage.OFFERED);
    }
    if (side == Side.NONE) return true;
    boolean proposes = has(Sense.LATER) || saysLong();
    if (side == Side.MIXED) return proposes || (has(Sense.DAY) && isDayAfterNo());
    if (has(Sense.LATE) && !has(Sense.CANNOT) && !has(Sense.NO)) return true;
    if (has(Sense.LATER)) return isAskedLater();
    if (saysLong() && isTimeBehindBut()) return true;
    return (has(Sense.DAY) || saysLong()) && isDayAfterNo();
  }

  // A no or an excuse about now, and then another time.
  private boolean isDayAfterNo() {
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
          if (no >= 0 && isOfNow(one)) now = at;
        }
        case DAY, LATER, AFTER -> {
          if (now >= 0) return true;
        }
        default -> {}
      }
    }
    return now >= 0 && saysLong();
  }

  // "not now, but at sunset"
  private boolean isTimeBehindBut() {
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
          "now", "today", "tday", "2day", "tonight", "اليوم", "الحين", "الان", "حاليا", "هالحين",
          "دلوقتي", "النهارده", "هسه", "هلق", "ذحين", "abhi", "aaj", "alyoum", "elyoum", "el7een",
          "al7een", "alyom", "اج", "ابهي", "هاليوم", "elhen", "alhin", "elheen");

  private boolean isOfNow(Said one) {
    for (int at = one.from(); at < one.end(); at++) {
      if (NOW.contains(tokens.get(at).word())) return true;
    }
    return false;
  }

  // "busy, call me later" and "at work until 5": the way is open.
  private boolean isAskedLater() {
    boolean asks = said.stream().anyMatch(o -> o.sense() == Sense.LATER && o.length() > 2);
    if (asks) return true;
    boolean plainNo =
        said.stream()
            .anyMatch(o -> o.sense() == Sense.CANNOT || (o.sense() == Sense.NO && !isOfNow(o)));
    return !plainNo || isDayAfterNo();
  }

  private boolean saysWhen() {
    return hours.minutes() != null || hours.namesAnHour();
  }

  private boolean saysLong() {
    return hours.namesAnHour() || (hours.minutes() != null && hours.minutes() > SOON_MINUTES);
  }

  private Reading later(boolean sure) {
    if (has(Sense.ASK) && !isWilling()) return person(Why.QUESTION);
    boolean soon = hours.minutes() != null && hours.minutes() <= SOON_MINUTES;
    if (soon && !has(Sense.LATE) && !has(Sense.LATER) && isWilling()) return yes();
    var read = limited(Meaning.LATER, 3, 6, Why.LATER);
    return sure || read.meaning() == Meaning.PERSON ? read : lowered(read);
  }

  private Reading no() {
    boolean plain = has(Sense.CANNOT) || has(Sense.NO);
    if ((question || has(Sense.ASK)) && !plain) return person(Why.QUESTION);
    if (question || has(Sense.ASK)) return low(leaving(), Why.NO);
    if (!plain && !has(Sense.EXCUSE)) { // only sorry
      return stage == Stage.OFFERED ? limited(Meaning.NO, 0, 2, Why.NO) : person(Why.UNSURE);
    }
    return plain ? limited(leaving(), 4, 8, why(Why.NO)) : limited(leaving(), 3, 6, Why.EXCUSE);
  }

  private Reading yes() {
    boolean strong = has(Sense.YES) || has(Sense.GLADLY);
    if (has(Sense.ASK) || (question && !has(Sense.WHERE))) return person(Why.QUESTION);
    boolean moving = has(Sense.ON_MY_WAY);
    if (has(Sense.HERE) && !moving && hours.minutes() == null) {
      return limited(Meaning.HERE, 3, 5, Why.HERE);
    }
    if (moving && strong && hours.minutes() != null && stage == Stage.OFFERED) {
      return limited(Meaning.YES, 2, 5, Why.YES);
    }
    if (moving || (stage == Stage.ACCEPTED && has(Sense.COME) && !strong)) {
      return limited(Meaning.ON_MY_WAY, 2, 5, moving ? Why.ON_MY_WAY : Why.YES);
    }
    if (stage == Stage.ACCEPTED && hours.minutes() != null && !strong) {
      return limited(Meaning.ON_MY_WAY, 2, 4, Why.ON_MY_WAY);
    }
    return strong ? limited(Meaning.YES, 2, 5, why(Why.YES)) : limited(Meaning.YES, 1, 2, Why.YES);
  }

  private Reading soft() {
    if (stage != Stage.OFFERED || question || unknown > 1) return person(Why.SOFT);
    return low(Meaning.YES, Why.SOFT);
  }

  private Reading none() {
    if (has(Sense.DONE) || has(Sense.LEAVE) || has(Sense.HOME)) {
      return stage == Stage.ACCEPTED && has(Sense.DONE)
          ? limited(Meaning.DONE, 2, 4, Why.DONE)
          : person(Why.UNSURE);
    }
    if (hours.minutes() != null && !question && !has(Sense.ASK)) {
      var meaning = stage == Stage.OFFERED ? Meaning.YES : Meaning.ON_MY_WAY;
      return unknown <= 1 ? low(meaning, Why.LATER) : person(Why.UNSURE);
    }
    return person(question || has(Sense.ASK) ? Why.QUESTION : Why.UNSURE);
  }

  private Why why(Why words) {
    return digit == null ? words : Why.DIGIT;
  }

  private boolean has(Sense sense) {
    return senses.contains(sense);
  }

  private boolean isWilling() {
    return has(Sense.YES)
        || has(Sense.GLADLY)
        || has(Sense.COME)
        || has(Sense.FREE)
        || has(Sense.CAN)
        || has(Sense.ON_MY_WAY)
        || has(Sense.ACK);
  }

  private boolean isUnwilling() {
    return has(Sense.CANNOT) || has(Sense.NO) || has(Sense.EXCUSE) || has(Sense.DROP);
  }

  private static boolean isNeutral(Said one) {
    return switch (one.sense()) {
      case ALONE, FILLER, AUX, THANKS, BY, AFTER, BUT, DANGER_WORD -> true;
      default -> false;
    };
  }

  // --- readings

  private Reading limited(Meaning meaning, int sure, int likely, Why why) {
    if (unknown > likely) return person(Why.UNSURE);
    return reading(meaning, unknown <= sure && !guessed, why);
  }

  private Reading low(Meaning meaning, Why why) {
    return reading(meaning, false, why);
  }

  private Reading lowered(Reading read) {
    return reading(read.meaning(), false, read.why());
  }

  private Reading reading(Meaning meaning, boolean sure, Why why) {
    var code = codes.size() == 1 ? codes.iterator().next() : null;
    boolean timed =
        switch (meaning) {
          case YES, LATER, ON_MY_WAY, GROUP, LAST_RESORT, HERE -> true;
          default -> false;
        };
    LocalTime at = timed ? hours.at(where) : null;
    Integer party =
        switch (meaning) {
          case YES, GROUP, LATER, ON_MY_WAY, HERE -> party();
          default -> null;
        };
    return new Reading(
        meaning,
        sure ? Confidence.HIGH : Confidence.LOW,
        timed ? hours.minutes() : null,
        at,
        party,
        code,
        why);
  }

  private Integer party() {
    if (has(Sense.GROUP)) return Party.of(tokens, words);
    return has(Sense.ALONE) ? 1 : null;
  }

  private Reading person(Why why) {
    return reading(Meaning.PERSON, true, why);
  }
}
