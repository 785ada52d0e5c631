package org.fazaa.notifier.carrier.twilio;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fazaa.notifier.StatusArrived.Sequel;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;

/**
 * What each of Twilio's error codes means for the text, its sender and its phone: first as the
 * answer to a POST, then as part of a later status.
 */
enum TwilioCodes {
  WRONG_KEY(20003, "wrong key", TwilioCodes::page, Sequel.NONE),
  NOT_FOUND(20404, "no such account or resource", TwilioCodes::page, Sequel.NONE),
  // One phone abroad must not hold up everybody else's texts: only those to its country are
  // refused.
  COUNTRY_OFF(21408, "texts to this country are not enabled", TwilioCodes::other, Sequel.NONE),
  SENDER_CANNOT(21606, "this sender cannot send texts", TwilioCodes::page, Sequel.NONE),
  TOO_MANY(20429, "too many requests", TwilioCodes::rest, Sequel.NONE),
  TOO_MANY_AT_ONCE(429, "too many requests", TwilioCodes::rest, Sequel.NONE),
  THEIR_FAULT(20500, "their own fault", asked -> new Submission.Unknown("code 20500"), Sequel.NONE),
  NO_NUMBER(21211, "not a phone number", TwilioCodes::unusable, Sequel.UNREACHABLE),
  NOT_MOBILE(21614, "not a mobile phone", TwilioCodes::unusable, Sequel.UNREACHABLE),
  OPTED_OUT(21610, "the person said stop", asked -> new Submission.OptedOut(), Sequel.STOP),
  QUEUE_FULL(21611, "the sender's queue is full", TwilioCodes::drain, Sequel.REST_LANE),
  QUEUE_OVERFLOWED(30001, "the service's queue is full", TwilioCodes::drain, Sequel.REST_LANE),
  NO_ROUTE(21612, "this sender does not reach this phone", TwilioCodes::other, Sequel.NONE),
  TOO_LONG(21617, "longer than 1600 characters", TwilioCodes::giveUp, Sequel.NONE),
  HANDSET_OFF(30003, "the phone is off or out of reach", TwilioCodes::later, Sequel.ONCE_MORE),
  UNSAID(30008, "not delivered, for no reason given", TwilioCodes::later, Sequel.ONCE_MORE),
  BLOCKED(30004, "the text was blocked", TwilioCodes::giveUp, Sequel.REWORD),
  FILTERED(30007, "the operator filtered the text", TwilioCodes::giveUp, Sequel.REWORD),
  UNKNOWN_HANDSET(30005, "no such phone any more", TwilioCodes::unusable, Sequel.UNREACHABLE),
  LANDLINE(30006, "a landline", TwilioCodes::unusable, Sequel.UNREACHABLE),
  EXPIRED(30036, "expired in the queue", TwilioCodes::giveUp, Sequel.NONE),
  NOT_THERE(63003, "nobody has WhatsApp under this number", TwilioCodes::bySms, Sequel.OTHER_WAY),
  NOT_TAKEN(63005, "WhatsApp does not take these words", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  NO_CHANNEL(63007, "not a WhatsApp sender", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  AGAINST_POLICY(63013, "against WhatsApp's rules", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  OUTSIDE_WINDOW(
      63016,
      "outside the 24 h in which free words may be sent",
      TwilioCodes::bySms,
      Sequel.OTHER_WAY),
  NOT_A_RECEIVER(63024, "cannot get WhatsApp messages", TwilioCodes::bySms, Sequel.OTHER_WAY),
  NO_SUCH_LANGUAGE(
      63027, "no such template in this language", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  WRONG_VALUES(63028, "the template takes other values", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  NOT_TO_THIS_PERSON(
      63032, "WhatsApp limits what this person gets", TwilioCodes::bySms, Sequel.OTHER_WAY),
  TEMPLATE_REJECTED(63040, "the template was rejected", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  TEMPLATE_PAUSED(63041, "the template is paused", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  WITHHELD(63049, "WhatsApp chose not to deliver it", TwilioCodes::bySms, Sequel.OTHER_WAY),
  NO_TEMPLATE(21655, "no such template", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  VALUES_UNREADABLE(21656, "its values cannot be read", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  NOT_OUR_CALLER(21210, "not a number of ours", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  NO_CALLS_THERE(
      21215, "calls to this country are not enabled", TwilioCodes::mendWay, Sequel.OTHER_WAY),
  CHAT_RATE(63017, "too many chat messages", TwilioCodes::rest, Sequel.NONE),
  CHAT_DAY_FULL(
      63038, "the account's limit for the day is used up", TwilioCodes::page, Sequel.NONE),
  CHECKS_SPENT(60202, "too many checks of a code", TwilioCodes::coolDown, Sequel.NONE),
  CODES_SPENT(60203, "too many codes sent", TwilioCodes::coolDown, Sequel.NONE),
  FRAUD_GUARD(60410, "blocked by the fraud guard", TwilioCodes::giveUp, Sequel.NONE);

  /** When it says "not now" and not until when. */
  static final Duration TOO_MANY_REST = Duration.ofSeconds(1);

  /** What only a person can mend is tried again this often: one text shows whether it is. */
  static final Duration PAGED_REST = Duration.ofMinutes(1);

  /** A full queue is ten hours long; a minute makes room where it is drained at all. */
  static final Duration DRAIN_REST = Duration.ofMinutes(1);

  /** A phone that was off, and a limit of ten minutes. */
  static final Duration LATER = Duration.ofMinutes(2);

  static final Duration COOL_DOWN = Duration.ofMinutes(10);
  static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(10);

  /** A refusal as it came, apart from its code. */
  record Asked(String name, String why, Optional<String> retryAfter, Instant now) {
    private Submission refused(Action action) {
      return new Submission.Refused(name, why, action);
    }
  }

  private static final Map<Integer, TwilioCodes> BY_CODE =
      Arrays.stream(values()).collect(Collectors.toMap(one -> one.code, Function.identity()));

  private final int code;
  private final String meaning;
  private final Function<Asked, Submission> posted;
  private final Sequel sequel;

  TwilioCodes(int code, String meaning, Function<Asked, Submission> posted, Sequel sequel) {
    this.code = code;
    this.meaning = meaning;
    this.posted = posted;
    this.sequel = sequel;
  }

  static Optional<TwilioCodes> of(int code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }

  String meaning() {
    return meaning;
  }

  /** What the answer to a POST with this code is. */
  Submission posted(Asked asked) {
    return posted.apply(asked);
  }

  /** What follows when this code comes later, with a status. */
  Sequel sequel() {
    return sequel;
  }

  private static Submission page(Asked asked) {
    return asked.refused(new Action.StopLane(asked.now().plus(PAGED_REST), true));
  }

  private static Submission rest(Asked asked) {
    return asked.refused(new Action.StopLane(comeBack(asked), false));
  }

  private static Submission drain(Asked asked) {
    return asked.refused(new Action.StopLane(asked.now().plus(DRAIN_REST), false));
  }

  private static Submission later(Asked asked) {
    return asked.refused(new Action.TryLater(asked.now().plus(LATER)));
  }

  private static Submission coolDown(Asked asked) {
    return asked.refused(new Action.TryLater(asked.now().plus(COOL_DOWN)));
  }

  private static Submission unusable(Asked asked) {
    return asked.refused(new Action.NumberUnusable());
  }

  private static Submission other(Asked asked) {
    return asked.refused(new Action.OtherSender());
  }

  private static Submission bySms(Asked asked) {
    return asked.refused(new Action.OtherWay(false));
  }

  private static Submission mendWay(Asked asked) {
    return asked.refused(new Action.OtherWay(true));
  }

  private static Submission giveUp(Asked asked) {
    return asked.refused(new Action.GiveUp());
  }

  private static Instant comeBack(Asked asked) {
    try {
      long seconds = asked.retryAfter().map(String::strip).map(Long::parseLong).orElse(1L);
      return asked.now().plusSeconds(Math.clamp(seconds, 1, RETRY_AFTER_MAX.toSeconds()));
    } catch (NumberFormatException e) { // a date: nobody sends one here
      return asked.now().plus(TOO_MANY_REST);
    }
  }
}
