package org.fazaa.web.console;

import java.util.List;
import org.fazaa.dispatcher.callout.Line;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.roster.Limits;
import org.fazaa.web.Frame;
import org.fazaa.web.Word;

/**
 * One thing that speaks for asking somebody, or against it.
 *
 * @param share a bar of a hundred
 * @param says the same in a sentence
 */
record Merit(String label, int share, String says, boolean against) {
  private static final double FAR_KM = 25;
  private static final double FEW_TEXTS = 0.5;
  private static final double MANY_TEXTS = 2;
  private static final double SELDOM = 1 / 4.0;

  /** The four that the choice among those who may be asked goes by. */
  static List<Merit> of(ProposeEnvelope.Weighed weighed, Need need, Frame frame) {
    var one = weighed.person();
    return List.of(
        likely(one, frame), near(one, need, frame), rested(one, frame), rare(one, frame));
  }

  private static Merit likely(Line.Option one, Frame frame) {
    var yes = Math.round(one.yes());
    var asked = Math.round(one.yes() + one.no());
    var seldom = asked > 0 && one.yes() < SELDOM * (one.yes() + one.no());
    var says =
        asked == 0
            ? frame.say(Word.MERIT_NEW)
            : frame.say(seldom ? Word.MERIT_NO : Word.MERIT_YES, yes, asked);
    return new Merit(frame.say(Word.BAR_LIKELY), share(one.rate()), says, seldom);
  }

  private static Merit near(Line.Option one, Need need, Frame frame) {
    var far = one.km() > FAR_KM;
    var travel = Limits.of(need.priority().kind(), need.zone()).travel(one.km()).plusSeconds(59);
    var says =
        frame.say(far ? Word.MERIT_FAR : Word.MERIT_NEAR, frame.km(one.km()), frame.span(travel));
    var share = share(1 - one.km() / Math.max(30, one.km() * 1.2));
    return new Merit(frame.say(Word.BAR_NEAR), share, says, far);
  }

  private static Merit rested(Line.Option one, Frame frame) {
    var tired = one.recent() >= MANY_TEXTS;
    var says =
        tired ? Word.MERIT_TIRED : one.recent() < FEW_TEXTS ? Word.MERIT_RESTED : Word.MERIT_ASKED;
    var share = share(1 / (1 + one.recent()));
    return new Merit(frame.say(Word.BAR_RESTED), share, frame.say(says), tired);
  }

  private static Merit rare(Line.Option one, Frame frame) {
    var kept = one.rarer() > 0;
    var says = kept ? frame.say(Word.MERIT_RARE, one.rarer()) : frame.say(Word.MERIT_COMMON);
    return new Merit(frame.say(Word.BAR_SKILL), share(1.0 / (1 + one.rarer())), says, kept);
  }

  private static int share(double of) {
    return (int) Math.round(100 * Math.clamp(of, 0, 1));
  }
}
