package org.fazaa.notifier.reply;

import java.time.LocalTime;
import java.util.List;
import org.fazaa.notifier.reply.Meaning.Stage;
import org.fazaa.notifier.reply.Phrases.Sense;
import org.fazaa.notifier.reply.Reading.Confidence;
import org.fazaa.notifier.reply.Reading.Why;
import org.fazaa.notifier.reply.Sentence.Said;

/**
 * What the phrases of a reply come to, by rules in a fixed order, of which {@link Why} names the
 * one that decided. What they do not make plain is for a person, and what they make only likely
 * says so.
 */
final class Rules {

  /** Answers are short. Danger is looked for in all of it. */
  private static final int WORDS_MAX = 40;

  private static final int BODY_MAX = 600;

  /** With more words unknown beside it, danger is only likely. */
  private static final int LEFT_IN_DANGER_MAX = 8;

  private static final int LEFT_BESIDE_DENIAL_MAX = 6;

  /** In so many words one weak one, such as "free", is hardly the answer. */
  private static final int LONG_FOR_WEAK = 10;

  /** Who says in so many words that they cannot come may say why at length. */
  private static final int LEFT_BESIDE_FIRM_NO_MAX = 12;

  /** Beside a word that may be a slip of the pen, hardly another may be unknown. */
  private static final int LEFT_BESIDE_GUESS_MAX = 1;

  private final Sentence sentence;
  private final Stage stage;
  private final Whereabouts where;

  private Rules(Sentence sentence, Stage stage, Whereabouts where) {
    this.sentence = sentence;
    this.stage = stage;
    this.where = where;
  }

  static Reading read(String body, Stage stage, Whereabouts where) {
    boolean tooLong = body.length() > BODY_MAX;
    var sentence = new Sentence(tooLong ? body.substring(0, BODY_MAX) : body, stage);
    return new Rules(sentence, stage, where).read(tooLong || sentence.length() > WORDS_MAX);
  }

  private Reading read(boolean tooLong) {
    if (has(Sense.DANGER)) {
      return reading(Meaning.DANGER, sentence.unknown() <= LEFT_IN_DANGER_MAX, Why.DANGER);
    }
    if (tooLong) return person(Why.LONG);
    return sentence.codes().size() > 1 ? person(Why.CODES) : decide();
  }

  private Reading decide() {
    if (sentence.said().stream().allMatch(Sentence::isNeutral) && !sentence.saysWhen()) {
      return nothingSaid();
    }
    if (sentence.digit() != null && sentence.digit().isEmpty()) return person(Why.MIXED);
    if (has(Sense.STOP)) return stop();
    if (has(Sense.WRONG_NUMBER)) return limited(Meaning.WRONG_NUMBER, 3, 5, Why.WRONG_NUMBER);
    if (has(Sense.START)) return start();
    if (has(Sense.SARCASM)) return person(Why.SARCASM);
    var end = stage == Stage.ON_SITE ? onSite() : null;
    if (end != null) return end;
    if (has(Sense.HELP) && isAbout(Sense.HELP)) return limited(Meaning.HELP, 3, 5, Why.HELP);
    if (isOfSomethingElse()) return person(Why.OTHER);
    if (has(Sense.DENIES) && !has(Sense.LAST_RESORT)) return denied();
    if (stage == Stage.ACCEPTED && has(Sense.DONE) && !has(Sense.CANNOT) && !has(Sense.ACK)) {
      return limited(Meaning.DONE, 3, 5, Why.DONE);
    }
    if (has(Sense.HERE) && has(Sense.WHERE)) return limited(Meaning.HERE, 2, 4, Why.HERE);
    if (has(Sense.LAST_RESORT) && !has(Sense.CANNOT)) {
      return limited(Meaning.LAST_RESORT, 4, 7, Why.LAST_RESORT);
    }
    if (isAbout(Sense.WHERE) && stage == Stage.OFFERED) {
      return limited(Meaning.WHERE, 3, 5, Why.WHERE);
    }
    if (has(Sense.WHO) && !sentence.isWilling()) return limited(Meaning.WHO, 3, 5, Why.WHO);
    if (has(Sense.WHERE)
        && !sentence.isUnwilling()
        && (!sentence.isWilling() || stage != Stage.OFFERED)) {
      return limited(Meaning.WHERE, 3, 5, Why.WHERE);
    }
    if (has(Sense.HELP) && !sentence.isWilling() && !sentence.isUnwilling()) {
      return limited(Meaning.HELP, 3, 5, Why.HELP);
    }
    if (has(Sense.DROP)) return leaves();
    if (has(Sense.CANCEL)) return leaves();
    return answer();
  }

  // What was said before a "but" counts no more when a plain answer follows.
  private boolean isOfSomethingElse() {
    if (!has(Sense.OTHER) || (has(Sense.CANNOT) && !sentence.isWilling())) return false;
    for (int at = sentence.said().size() - 1; at > 0; at--) {
      var sense = sentence.said().get(at).sense();
      if (sense == Sense.OTHER) return true;
      if (sense == Sense.BUT) {
        var last = side(sentence.said().subList(at + 1, sentence.said().size()));
        return last != Side.NO;
      }
    }
    return true;
  }

  // "no sleep since yesterday, sorry": a no only if something else says so.
  private Reading denied() {
    if (sentence.isQuestion() || has(Sense.ASK) || has(Sense.IF)) return person(Why.QUESTION);
    boolean no = has(Sense.CANNOT) || has(Sense.NO) || has(Sense.EXCUSE) || has(Sense.SORRY);
    boolean drops = has(Sense.DROP) || has(Sense.CANCEL);
    if ((no || drops) && !sentence.isWilling() && !sentence.saysLong() && !has(Sense.LATER)) {
      return sentence.unknown() <= LEFT_BESIDE_DENIAL_MAX
          ? low(leaving(), Why.NO)
          : person(Why.OTHER);
    }
    return person(Why.OTHER);
  }

  private Reading nothingSaid() {
    if (sentence.length() == 0) {
      return person(sentence.codes().isEmpty() ? Why.EMPTY : Why.UNSURE);
    }
    return person(sentence.isQuestion() ? Why.QUESTION : Why.UNSURE);
  }

  // "stop" beside much that we do not know may be about anything.
  private Reading stop() {
    var stops = sentence.said().stream().filter(one -> one.sense() == Sense.STOP).toList();
    boolean phrase = stops.stream().anyMatch(one -> one.length() > 1 || sentence.isLong(one));
    boolean first = stops.getFirst().from() == 0 || sentence.opens(stops.getFirst());
    if ((sentence.isQuestion() && !phrase) || has(Sense.ASK)) return person(Why.QUESTION);
    if (!phrase && (sentence.saysWhen() || has(Sense.COME) || has(Sense.CAN)))
      return person(Why.MIXED);
    if (!phrase && (has(Sense.LATER) || has(Sense.DAY))) return later(false);
    if (phrase && has(Sense.LATER) && stops.getFirst().length() == 2) {
      return reading(Meaning.STOP, false, Why.STOP);
    }
    if (phrase) return limited(Meaning.STOP, 3, 5, Why.STOP);
    return first ? limited(Meaning.STOP, 0, 0, Why.STOP) : person(Why.UNSURE);
  }

  // It begins with that, in more than a word.
  private boolean isAbout(Sense sense) {
    return sentence.said().stream()
        .filter(one -> !Sentence.isNeutral(one))
        .findFirst()
        .filter(one -> one.sense() == sense && one.length() > 1 && !has(Sense.CANNOT))
        .isPresent();
  }

  private Reading start() {
    boolean phrase =
        sentence.said().stream().anyMatch(one -> one.sense() == Sense.START && one.length() > 1);
    boolean alone =
        sentence.said().stream().allMatch(o -> o.sense() == Sense.START || Sentence.isNeutral(o));
    if (sentence.isQuestion()
        || sentence.saysWhen()
        || (!phrase && (!alone || sentence.unknown() > 0))) return person(Why.UNSURE);
    return limited(Meaning.START, 0, 0, Why.START);
  }

  private Reading onSite() {
    boolean over = has(Sense.DONE) || has(Sense.LEAVE) || has(Sense.HOME);
    if (over && !has(Sense.OTHER) && !has(Sense.ASK) && !has(Sense.BUT)) {
      return limited(Meaning.DONE, 3, 5, Why.DONE);
    }
    if (has(Sense.HERE)) return limited(Meaning.HERE, 3, 5, Why.HERE);
    if (has(Sense.WHO) || has(Sense.WHERE) || has(Sense.HELP) || has(Sense.GROUP)) return null;
    if (has(Sense.DROP) || has(Sense.CANCEL)) return null;
    return has(Sense.ON_MY_WAY) ? low(Meaning.DONE, Why.DONE) : person(Why.UNSURE);
  }

  private Reading leaves() {
    if (has(Sense.IF) || has(Sense.UNSURE) || (sentence.isQuestion() && !has(Sense.CANNOT))) {
      return person(sentence.isQuestion() ? Why.QUESTION : Why.UNSURE);
    }
    if (sentence.isWilling() && !sentence.isUnwilling() && !has(Sense.SORRY))
      return person(Why.MIXED);
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
      if (sentence.isQuestion() || has(Sense.ASK) || has(Sense.IF)) return person(Why.QUESTION);
      return side == Side.NONE
          ? limited(Meaning.GROUP, 1, 2, Why.GROUP)
          : limited(Meaning.GROUP, 3, 6, Why.GROUP);
    }
    if (has(Sense.IF) && !(has(Sense.BUT) && side == Side.NO)) return person(Why.IF);
    boolean vague = has(Sense.UNSURE) && !sentence.saysWhen() && !has(Sense.DAY);
    if (isLater(side) && !(vague && !asksLater())) return later(side != Side.NO || guessesNot());
    if (has(Sense.UNSURE) && !(side == Side.NO && sentence.isFirmNo())) return person(Why.UNSURE);
    return switch (side) {
      case NO -> no();
      case MIXED -> person(Why.MIXED);
      case YES -> yes();
      case SOFT -> soft();
      case NONE -> none();
    };
  }

  private boolean guessesNot() {
    return !sentence.isGuessed();
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
    for (int at = sentence.said().size() - 1; at >= 0; at--) {
      if (sentence.said().get(at).sense() == Sense.BUT) {
        var last = side(sentence.said().subList(at + 1, sentence.said().size()));
        if (last != Side.NONE && last != Side.SOFT) return last;
        // "I was coming, but" and words that nobody knows: who can say what they take back?
        if (sentence.hasUnknownBehind(at)) return Side.MIXED;
        var first = side(sentence.said().subList(0, at));
        return first == Side.NONE ? last : first;
      }
    }
    return side(sentence.said());
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
        case ACK -> weak = true;
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
    if (!has(Sense.LATER) && !has(Sense.DAY) && !has(Sense.LATE) && !sentence.saysLong())
      return false;
    if (side == Side.YES || side == Side.SOFT) {
      return has(Sense.LATER)
          || has(Sense.LATE)
          || sentence.saysLong()
          || (has(Sense.DAY) && sentence.isDayAfterNo())
          || (has(Sense.DAY) && !has(Sense.YES) && !has(Sense.GLADLY) && stage == Stage.OFFERED);
    }
    if (side == Side.NO && sentence.saysLong() && sentence.isTimeBehindBut()) return true;
    if (side == Side.NONE) return sentence.unknown() == 0 || has(Sense.LATER) || has(Sense.LATE);
    boolean proposes = has(Sense.LATER) || sentence.saysLong();
    if (side == Side.MIXED) return proposes || (has(Sense.DAY) && sentence.isDayAfterNo());
    if (has(Sense.LATE) && !has(Sense.CANNOT) && !has(Sense.NO)) return true;
    if (has(Sense.LATER)) return isAskedLater();
    boolean onlyExcuse = has(Sense.EXCUSE) && !has(Sense.CANNOT) && !has(Sense.NO);
    if (onlyExcuse && has(Sense.AFTER) && sentence.saysLong()) return true;
    return (has(Sense.DAY) || sentence.saysLong()) && sentence.isDayAfterNo();
  }

  // "busy, call me later" and "at work until 5": the way is open.
  private boolean asksLater() {
    return sentence.said().stream().anyMatch(o -> o.sense() == Sense.LATER && o.length() > 2);
  }

  private boolean isAskedLater() {
    if (asksLater()) return true;
    boolean plainNo =
        sentence.said().stream()
            .anyMatch(
                o -> o.sense() == Sense.CANNOT || (o.sense() == Sense.NO && !sentence.isOfNow(o)));
    return !plainNo || sentence.isDayAfterNo();
  }

  private Reading later(boolean sure) {
    if (has(Sense.ASK) && !sentence.isWilling()) return person(Why.QUESTION);
    boolean soon = sentence.hours().isSoon();
    if (soon && !has(Sense.LATE) && !has(Sense.LATER) && sentence.isWilling()) return yes();
    var read = limited(Meaning.LATER, 3, 6, Why.LATER);
    // The reading names no day, so another day's hour must not be taken for today's.
    return (sure && !has(Sense.DAY)) || read.meaning() == Meaning.PERSON ? read : lowered(read);
  }

  private Reading no() {
    boolean plain = has(Sense.CANNOT) || has(Sense.NO);
    boolean asks = sentence.isQuestion() || has(Sense.ASK);
    if (asks && (!plain || opensWith(Sense.ASK))) return person(Why.QUESTION);
    if (asks) return low(leaving(), Why.NO);
    if (!plain && !has(Sense.EXCUSE) && has(Sense.BUT)) {
      return sentence.unknown() <= 4 ? low(leaving(), Why.NO) : person(Why.UNSURE);
    }
    if (!plain && !has(Sense.EXCUSE)) { // only sorry
      return stage == Stage.OFFERED ? limited(Meaning.NO, 0, 2, Why.NO) : person(Why.UNSURE);
    }
    if (sentence.isFirmNo()) {
      return limited(leaving(), 4, LEFT_BESIDE_FIRM_NO_MAX, why(Why.NO));
    }
    boolean weak = !sentence.isLongOf(Sense.CANNOT, Sense.NO, Sense.EXCUSE);
    if (weak && sentence.length() >= LONG_FOR_WEAK) {
      return person(Why.UNSURE);
    }
    if (!plain && sentence.length() >= LONG_FOR_WEAK - 2 && !has(Sense.SORRY) && !has(Sense.BUT)) {
      return limited(leaving(), 1, 1, Why.EXCUSE);
    }
    return plain ? limited(leaving(), 3, 5, why(Why.NO)) : limited(leaving(), 2, 4, Why.EXCUSE);
  }

  private Reading yes() {
    boolean strong = has(Sense.YES) || has(Sense.GLADLY);
    boolean asks = has(Sense.ASK) || (sentence.isQuestion() && !has(Sense.WHERE));
    if (asks && has(Sense.HERE) && !has(Sense.SORRY)) return low(Meaning.HERE, Why.HERE);
    if (asks) return person(Why.QUESTION);
    boolean moving = has(Sense.ON_MY_WAY);
    boolean agrees = stage == Stage.OFFERED && (strong || has(Sense.ACK));
    if (has(Sense.HERE) && !moving && !agrees && sentence.hours().minutes() == null) {
      return limited(Meaning.HERE, 3, 5, Why.HERE);
    }
    if (moving && strong && sentence.hours().minutes() != null && stage == Stage.OFFERED) {
      return limited(Meaning.YES, 2, 5, Why.YES);
    }
    if (moving || (stage == Stage.ACCEPTED && has(Sense.COME) && !strong)) {
      return limited(Meaning.ON_MY_WAY, 2, 5, moving ? Why.ON_MY_WAY : Why.YES);
    }
    if (stage == Stage.ACCEPTED && sentence.hours().minutes() != null && !strong) {
      return limited(Meaning.ON_MY_WAY, 2, 4, Why.ON_MY_WAY);
    }
    if (strong) {
      return sentence.yesStandsFirst()
          ? limited(Meaning.YES, 2, 4, why(Why.YES))
          : limited(Meaning.YES, 0, 1, why(Why.YES));
    }
    if (sentence.length() >= LONG_FOR_WEAK) return person(Why.UNSURE);
    boolean firm = has(Sense.COME) || has(Sense.FREE) || opensWith(Sense.ACK);
    return firm ? limited(Meaning.YES, 1, 2, Why.YES) : limited(Meaning.YES, 0, 0, Why.YES);
  }

  private boolean opensWith(Sense sense) {
    return sentence.said().stream()
        .findFirst()
        .filter(one -> one.sense() == sense && one.from() == 0)
        .isPresent();
  }

  private Reading soft() {
    if (stage != Stage.OFFERED || sentence.isQuestion() || sentence.unknown() > 1)
      return person(Why.SOFT);
    return low(Meaning.YES, Why.SOFT);
  }

  private Reading none() {
    if (has(Sense.DONE) || has(Sense.LEAVE) || has(Sense.HOME)) {
      return stage == Stage.ACCEPTED && has(Sense.DONE)
          ? limited(Meaning.DONE, 2, 4, Why.DONE)
          : person(Why.UNSURE);
    }
    if (sentence.hours().minutes() != null && !sentence.isQuestion() && !has(Sense.ASK)) {
      var meaning = stage == Stage.OFFERED ? Meaning.YES : Meaning.ON_MY_WAY;
      return sentence.unknown() <= 1 ? low(meaning, Why.LATER) : person(Why.UNSURE);
    }
    return person(sentence.isQuestion() || has(Sense.ASK) ? Why.QUESTION : Why.UNSURE);
  }

  private Why why(Why words) {
    return sentence.digit() == null ? words : Why.DIGIT;
  }

  // --- readings

  private Reading limited(Meaning meaning, int sure, int likely, Why why) {
    int left = sentence.isGuessed() ? Math.min(likely, LEFT_BESIDE_GUESS_MAX) : likely;
    if (sentence.unknown() > left) return person(Why.UNSURE);
    return reading(meaning, sentence.unknown() <= sure && !sentence.isGuessed(), why);
  }

  private Reading low(Meaning meaning, Why why) {
    return reading(meaning, false, why);
  }

  private Reading lowered(Reading read) {
    return reading(read.meaning(), false, read.why());
  }

  private Reading reading(Meaning meaning, boolean sure, Why why) {
    var code = sentence.codes().size() == 1 ? sentence.codes().iterator().next() : null;
    boolean timed =
        switch (meaning) {
          case YES, LATER, ON_MY_WAY, GROUP, LAST_RESORT, HERE -> true;
          default -> false;
        };
    LocalTime at = timed ? sentence.hours().at(where) : null;
    Integer party =
        switch (meaning) {
          case YES, GROUP, LATER, ON_MY_WAY, HERE -> sentence.party();
          default -> null;
        };
    return new Reading(
        meaning,
        sure ? Confidence.HIGH : Confidence.LOW,
        timed ? sentence.hours().minutes() : null,
        at,
        party,
        code,
        why);
  }

  private Reading person(Why why) {
    return reading(Meaning.PERSON, true, why);
  }

  private boolean has(Sense sense) {
    return sentence.has(sense);
  }
}
