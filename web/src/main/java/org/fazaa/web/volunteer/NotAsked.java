package org.fazaa.web.volunteer;

import static java.util.stream.Collectors.joining;

import io.vertx.sqlclient.Pool;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.roster.Reason;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.dispatcher.roster.Rule;
import org.fazaa.web.Frame;
import org.fazaa.web.Towns;
import org.fazaa.web.Word;

/**
 * Needs near a volunteer that they were not asked for, and why not, in words that are said to them.
 * Where a need is they learn no closer than its town: its place is for those who go there.
 */
final class NotAsked {
  private static final double NEAR_KM = 60;
  private static final int SHOWN = 8;

  private final Pool pool;
  private final ProposeEnvelope propose;

  NotAsked(Pool pool, ProposeEnvelope propose) {
    this.pool = pool;
    this.propose = propose;
  }

  List<MePage.NotAsked> of(Volunteer owner, Frame frame) {
    return Needs.notAsked(pool, owner.id(), owner.place(), NEAR_KM, frame.now()).stream()
        .limit(SHOWN)
        .map(
            need ->
                new MePage.NotAsked(
                    frame.pick(need.title().ar(), need.title().en()),
                    Towns.name(need.place(), frame),
                    need.startsAt(),
                    need.endsAt(),
                    why(owner, need, frame)))
        .toList();
  }

  private List<String> why(Volunteer owner, Need need, Frame frame) {
    try {
      var against =
          propose.reasons(pool, need, owner.id(), frame.now()).stream()
              .filter(Predicate.not(Reason::holds))
              .map(reason -> why(reason.rule(), owner, need, frame))
              .distinct()
              .toList();
      return against.isEmpty() ? List.of(frame.say(turn(need))) : against;
    } catch (Roster.NotLoaded stillReading) {
      return List.of(frame.say(Word.ME_WHY_LOADING));
    }
  }

  /** Nothing is in the way: it is how the call-out stands. */
  private static Word turn(Need need) {
    if (need.isFull()) return Word.ME_WHY_FULL;
    return switch (need.state()) {
      case OPEN -> Word.ME_WHY_NOBODY_YET;
      case CALLING -> Word.ME_WHY_NEXT;
      case PAUSED -> Word.ME_WHY_PAUSED;
      case CLOSED -> Word.ME_WHY_FULL;
    };
  }

  private static String why(Rule rule, Volunteer owner, Need need, Frame frame) {
    return switch (rule) {
      case SKILLED -> frame.say(Word.ME_WHY_SKILLED, skills(missing(owner, need), frame));
      case UNDERSTOOD -> frame.say(Word.ME_WHY_UNDERSTOOD, languages(need, frame));
      case ACTIVE -> frame.say(Word.ME_WHY_ACTIVE);
      case CONSENTED -> frame.say(Word.ME_WHY_CONSENTED);
      case NOT_STOPPED -> frame.say(Word.ME_WHY_NOT_STOPPED);
      case NOT_PAUSED -> frame.say(Word.ME_WHY_NOT_PAUSED);
      case FREE -> frame.say(Word.ME_WHY_FREE);
      case NOT_BUSY -> frame.say(Word.ME_WHY_NOT_BUSY);
      case RESTED -> frame.say(Word.ME_WHY_RESTED);
      case NOT_JUST_ASKED -> frame.say(Word.ME_WHY_NOT_JUST_ASKED);
      case WITHIN_BUDGET -> frame.say(Word.ME_WHY_WITHIN_BUDGET);
      case OF_AGE -> frame.say(Word.ME_WHY_OF_AGE, need.ageLeast());
      case QUALIFIED -> frame.say(Word.ME_WHY_QUALIFIED, skills(need.skills(), frame));
      case NOT_BLOCKED -> frame.say(Word.ME_WHY_NOT_BLOCKED);
      case NOT_ASKED -> frame.say(Word.ME_WHY_NOT_ASKED);
      case NOT_HELD -> frame.say(Word.ME_WHY_NOT_HELD);
      case WITHIN_REACH -> frame.say(Word.ME_WHY_WITHIN_REACH);
      case IN_AREA -> frame.say(Word.ME_WHY_IN_AREA);
      case IN_TIME -> frame.say(Word.ME_WHY_IN_TIME);
    };
  }

  private static List<Skill> missing(Volunteer owner, Need need) {
    return need.skills().stream().filter(skill -> !owner.skills().contains(skill)).toList();
  }

  private static String skills(Collection<Skill> skills, Frame frame) {
    return listed(skills.stream().map(one -> frame.pick(one.ar(), one.en())), frame);
  }

  private static String languages(Need need, Frame frame) {
    Stream<SpokenLanguage> wanted = need.languages().stream();
    return listed(wanted.map(one -> frame.pick(one.ar(), one.en())), frame);
  }

  private static String listed(Stream<String> names, Frame frame) {
    return names.sorted().collect(joining(frame.arabic() ? "، " : ", "));
  }
}
