package org.fazaa.dispatcher.callout;

import static org.fazaa.dispatcher.callout.Standing.NONE;

import java.util.Locale;
import org.fazaa.notifier.reply.Meaning;

/** What a reply does, by what it means and by where its writer stands: {@link #of} is the table. */
enum Effect {
  TAKE(
      "A place is theirs, or standby, or they are told why not: full (and asked for the next open"
          + " need), over, busy elsewhere. A repeated yes is told that the place is theirs"),
  TAKE_AGAIN(
      "As take; but a bare word may only be thanks, and is asked for a digit or the code first"),
  ASK_TIME("No place is taken: they are asked at what time they can come, and noted as leaning"),
  WEIGH(
      "By the time that they name. Before the start, or within 45 minutes of a running need: as"
          + " take, with the hour they are expected at. While it runs: noted, and a person decides."
          + " After its end: as leave. Without a time: as ask time"),
  EXPECT(
      "The hour is noted and they are told when they are expected; a person decides if it is after"
          + " the end. Without a time: as ask time"),
  KEEP_LAST("Kept as the last: a place is theirs when it is free and nobody is left to ask"),
  SET_OUT("As take, and on the way. Without a place they are told so, and a person knows"),
  ARRIVE("As take, and there. Without a place they are told so, and a person knows"),
  DEPART("They have left; a person knows if we had not heard that they were there"),
  LEAVE("Declined, or the place is given back and standby moves up. Never an opt-out"),
  STOP("No more texts at all, and they leave all that they were asked for or had promised"),
  START("Texts again"),
  SAY_HELP("They are told what can be answered, and the emergency number"),
  DANGER(
      "The desk is rung, the reply is on top of the inbox, and they are asked where they are and"
          + " told the emergency number, again at each such reply that names no place"),
  FREE_PHONE(
      "The phone is nobody's any more: no text goes there, their offers are withdrawn, their places"
          + " are free. One text says sorry"),
  SAY_WHO("They are told who writes and why"),
  SAY_AREA("They are told the area, and never the exact place"),
  SAY_PLACE("They are told when and where to meet"),
  BRING(
      "Their own yes, as take. How many come is noted, they are asked for the leader and the names,"
          + " and a person decides about the others, whose places nobody takes by themselves"),
  SAY_OVER("They are told that it is over"),
  NOTHING("Nothing: it was known, or needs no answer"),
  PERSON("A person reads it");

  private final String says;

  Effect(String says) {
    this.says = says;
  }

  String says() {
    return says;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /**
   * The table.
   *
   * @param sure whether the reading is: one that is only likely takes and gives back nothing
   */
  static Effect of(Meaning meaning, boolean sure, Standing standing) {
    return sure ? sure(meaning, standing) : likely(meaning, standing);
  }

  private static Effect likely(Meaning meaning, Standing standing) {
    return switch (meaning) {
      case YES ->
          switch (standing) {
            case OPEN, EXPIRED -> ASK_TIME;
            case ASSIGNED,
                ON_SITE,
                LEFT,
                STANDBY,
                DECLINED,
                WITHDRAWN,
                RELEASED,
                TOO_LATE,
                STOOD_DOWN,
                OVER,
                NONE ->
                PERSON;
          };
      case DANGER -> DANGER;
      case NO,
          LATER,
          LAST_RESORT,
          ON_MY_WAY,
          HERE,
          DONE,
          DROP,
          STOP,
          START,
          HELP,
          WRONG_NUMBER,
          WHO,
          WHERE,
          GROUP,
          PERSON ->
          PERSON;
    };
  }

  private static Effect sure(Meaning meaning, Standing standing) {
    return switch (meaning) {
      case YES -> yes(standing);
      case NO -> no(standing);
      case DROP -> drop(standing);
      case LATER -> later(standing);
      case LAST_RESORT -> lastResort(standing);
      case ON_MY_WAY -> onMyWay(standing);
      case HERE -> here(standing);
      case DONE -> done(standing);
      case WHERE -> where(standing);
      case GROUP -> group(standing);
      case HELP -> standing == NONE ? PERSON : SAY_HELP;
      case WHO -> standing == NONE ? PERSON : SAY_WHO;
      case STOP -> STOP;
      case START -> START;
      case DANGER -> DANGER;
      case WRONG_NUMBER -> FREE_PHONE;
      case PERSON -> PERSON;
    };
  }

  private static Effect yes(Standing standing) {
    return switch (standing) {
      case OPEN, ASSIGNED, ON_SITE, STANDBY, TOO_LATE, STOOD_DOWN, EXPIRED -> TAKE;
      case DECLINED, WITHDRAWN, RELEASED -> TAKE_AGAIN;
      case LEFT -> NOTHING;
      case OVER -> SAY_OVER;
      case NONE -> PERSON;
    };
  }

  private static Effect no(Standing standing) {
    return switch (standing) {
      case OPEN, ASSIGNED, STANDBY, TOO_LATE, STOOD_DOWN, EXPIRED -> LEAVE;
      case LEFT, DECLINED, WITHDRAWN, RELEASED, OVER -> NOTHING;
      case ON_SITE, NONE -> PERSON;
    };
  }

  private static Effect drop(Standing standing) {
    return switch (standing) {
      case OPEN, ASSIGNED, ON_SITE, STANDBY, TOO_LATE, STOOD_DOWN, EXPIRED -> LEAVE;
      case LEFT, DECLINED, WITHDRAWN, RELEASED, OVER -> NOTHING;
      case NONE -> PERSON;
    };
  }

  private static Effect later(Standing standing) {
    return switch (standing) {
      case OPEN, DECLINED, WITHDRAWN, TOO_LATE, STOOD_DOWN, EXPIRED -> WEIGH;
      case ASSIGNED, STANDBY -> EXPECT;
      case OVER -> SAY_OVER;
      case ON_SITE, LEFT, RELEASED, NONE -> PERSON;
    };
  }

  private static Effect lastResort(Standing standing) {
    return switch (standing) {
      case OPEN, DECLINED, WITHDRAWN, TOO_LATE, STOOD_DOWN, EXPIRED -> KEEP_LAST;
      case STANDBY -> TAKE;
      case OVER -> SAY_OVER;
      case ASSIGNED, ON_SITE, LEFT, RELEASED, NONE -> PERSON;
    };
  }

  private static Effect onMyWay(Standing standing) {
    return switch (standing) {
      case OPEN, ASSIGNED, STANDBY, DECLINED, WITHDRAWN, TOO_LATE, STOOD_DOWN, EXPIRED, OVER ->
          SET_OUT;
      case ON_SITE, LEFT, RELEASED, NONE -> PERSON;
    };
  }

  private static Effect here(Standing standing) {
    return switch (standing) {
      case OPEN,
          ASSIGNED,
          ON_SITE,
          STANDBY,
          DECLINED,
          WITHDRAWN,
          TOO_LATE,
          STOOD_DOWN,
          EXPIRED,
          OVER ->
          ARRIVE;
      case LEFT, RELEASED, NONE -> PERSON;
    };
  }

  private static Effect done(Standing standing) {
    return switch (standing) {
      case ASSIGNED, ON_SITE, OVER -> DEPART;
      case LEFT -> NOTHING;
      case OPEN, STANDBY, DECLINED, WITHDRAWN, RELEASED, TOO_LATE, STOOD_DOWN, EXPIRED, NONE ->
          PERSON;
    };
  }

  private static Effect where(Standing standing) {
    return switch (standing) {
      case ASSIGNED, ON_SITE, LEFT -> SAY_PLACE;
      case OPEN, STANDBY, DECLINED, WITHDRAWN, RELEASED, TOO_LATE, STOOD_DOWN, EXPIRED -> SAY_AREA;
      case OVER -> SAY_OVER;
      case NONE -> PERSON;
    };
  }

  private static Effect group(Standing standing) {
    return switch (standing) {
      case OPEN, ASSIGNED, ON_SITE, STANDBY, DECLINED, WITHDRAWN, TOO_LATE, STOOD_DOWN, EXPIRED ->
          BRING;
      case OVER -> SAY_OVER;
      case LEFT, RELEASED, NONE -> PERSON;
    };
  }
}
