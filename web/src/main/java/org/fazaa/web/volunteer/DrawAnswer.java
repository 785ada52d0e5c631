package org.fazaa.web.volunteer;

import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.dispatcher.callout.AnswerReplies.Answered;
import org.fazaa.dispatcher.callout.Offer;
import org.fazaa.dispatcher.callout.TakeOffer;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.notifier.Language;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Preferred;
import org.fazaa.web.Towns;
import org.fazaa.web.Word;
import org.fazaa.web.Wording;

/** The page behind an answer link, in words: what is asked, or at once what the answer led to. */
public final class DrawAnswer implements AnswerRoutes.Drawing {
  private final Frames frames;

  public DrawAnswer(Frames frames) {
    this.frames = frames;
  }

  @Override
  public void draw(RoutingContext context, AnswerRoutes.Shown shown) {
    var offer = shown.offer();
    var need = shown.need();
    var frame = inTheirLanguage(context, offer, need);
    var over = need.state() == Need.State.CLOSED || !frame.now().isBefore(need.endsAt());
    var holds = holds(offer);
    var page =
        new AnswerPage(
            Optional.of(offer(offer, need, frame)),
            result(shown, over, frame),
            need.mode() == Mode.DRILL,
            !over && !holds && offer.state() != Offer.State.RELEASED,
            !over && holds,
            shown.blockedSender().map(sender -> blocked(sender, frame)));
    frames.show(context, "volunteer/answer", frame, page);
  }

  /** Until they choose another, the page speaks the language of their texts, or English. */
  private Frame inTheirLanguage(RoutingContext context, Offer offer, Need need) {
    var frame = frames.of(context, need.zone());
    if (context.request().getCookie(Preferred.COOKIE) != null) return frame;
    return frame.in(offer.language() == Language.AR ? Wording.AR : Wording.EN);
  }

  // No button of ours ends it: only this one word, sent to that number.
  private static String blocked(String sender, Frame frame) {
    return sender.isBlank()
        ? frame.say(Word.ANSWER_BLOCKED_SAYS)
        : frame.say(Word.ANSWER_BLOCKED_BY_SAYS, sender);
  }

  private static boolean holds(Offer offer) {
    return offer.state() == Offer.State.ASSIGNED || offer.state() == Offer.State.STANDBY;
  }

  private static AnswerPage.Offer offer(Offer offer, Need need, Frame frame) {
    var skills = need.skills().stream().map(skill -> frame.pick(skill.ar(), skill.en())).toList();
    // The exact place is for those who have one.
    var exact =
        offer.state() == Offer.State.ASSIGNED
            ? Optional.of(
                String.format(Locale.ROOT, "geo:%.5f,%.5f", need.place().lat(), need.place().lon()))
            : Optional.<String>empty();
    return new AnswerPage.Offer(
        offer.name(),
        frame.pick(need.title().ar(), need.title().en()),
        Towns.name(need.place(), frame),
        need.startsAt(),
        need.endsAt(),
        skills,
        offer.code(),
        exact);
  }

  private static Optional<AnswerPage.Result> result(
      AnswerRoutes.Shown shown, boolean over, Frame frame) {
    if (shown.answered().orElse(null) instanceof Answered.ForPerson) {
      return says(frame, "wait", Word.ANSWER_PHONED, Word.ANSWER_PHONED_SAYS);
    }
    if (shown.answered().orElse(null) instanceof Answered.Took(var outcome)
        && outcome instanceof TakeOffer.Outcome.Overlaps(var asked, var other)) {
      var title = frame.pick(other.title().ar(), other.title().en());
      var says = frame.say(Word.ANSWER_OVERLAPS_SAYS, title, other.code());
      var overlaps = frame.say(Word.ANSWER_OVERLAPS);
      return Optional.of(new AnswerPage.Result("no", overlaps, says));
    }
    return switch (shown.offer().state()) {
      case ASSIGNED -> says(frame, "yes", Word.ANSWER_PLACE, Word.ANSWER_PLACE_SAYS);
      case STANDBY -> says(frame, "wait", Word.ANSWER_STANDBY, Word.ANSWER_STANDBY_SAYS);
      case TOO_LATE -> says(frame, "no", Word.ANSWER_FULL, Word.ANSWER_FULL_SAYS);
      case DECLINED -> says(frame, "no", Word.ANSWER_NO, Word.ANSWER_NO_SAYS);
      case WITHDRAWN -> says(frame, "no", Word.ANSWER_DROPPED, Word.ANSWER_DROPPED_SAYS);
      case RELEASED -> says(frame, "no", Word.ANSWER_CLOSED, Word.ANSWER_CLOSED_SAYS);
      case OPEN, STOOD_DOWN, EXPIRED ->
          over ? says(frame, "no", Word.ANSWER_CLOSED, Word.ANSWER_CLOSED_SAYS) : Optional.empty();
    };
  }

  private static Optional<AnswerPage.Result> says(Frame frame, String tone, Word title, Word what) {
    return Optional.of(new AnswerPage.Result(tone, frame.say(title), frame.say(what)));
  }
}
