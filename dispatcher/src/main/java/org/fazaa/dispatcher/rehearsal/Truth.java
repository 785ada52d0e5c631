package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.random.RandomGenerator;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.rehearsal.Answers.Intent;
import org.fazaa.notifier.Language;

/**
 * What moves simulated people, hidden from the policy, which must find out by asking: how willing
 * each is, how distance, the hour and too many texts wear that down, how slowly they write, and
 * what goes wrong on the way. Everything hangs on the seed, on numbers of people and needs, and on
 * what was sent; nothing on a database.
 */
final class Truth {

  // Figures of published call-outs by SMS, or guesses between them.
  private static final double WILLING_SHAPE = 1.2;
  private static final double DISTANCE_KM = 5;
  private static final Duration REST_HALF_WAY = Duration.ofDays(7);
  private static final double MOVED = 0.3;
  private static final double NEVER_SAW = 0.35;
  private static final double SAYS_NO = 0.3;
  private static final double UNCLEAR = 0.01;
  private static final double STOPS = 0.0005;
  private static final double LOST = 0.02;
  private static final double WRITES_TWICE = 0.005;
  private static final double HONOURS_STAND_DOWN = 0.95;
  private static final double GIVES_BACK = 0.03;
  private static final double DOES_NOT_COME = 0.08;
  private static final double STILL_WILLING = 0.6;
  private static final double STILL_WILLING_KM = 15;
  private static final Duration STILL_WILLING_FOR = Duration.ofMinutes(30);
  private static final double DELAY_MEDIAN_S = 240;
  private static final double DELAY_SIGMA = 1.2;
  private static final double DELAY_MIN_S = 10;
  private static final double MOST_CERTAIN = 0.95;
  private static final double ROAD_BENDS = 1.3;
  private static final double ROAD_KMH = 40;

  private final long seed;
  private final Regime regime;
  private final ZoneId zone;
  private final Answers answers = new Answers();
  private int notices;

  private Truth(long seed, Regime regime, ZoneId zone) {
    this.seed = seed;
    this.regime = regime;
    this.zone = zone;
  }

  /**
   * @param zone where the clocks of these people hang
   */
  static Truth of(long seed, Regime regime, ZoneId zone) {
    return new Truth(seed, regime, zone);
  }

  /** Somebody, and what has worn them down until now. */
  static final class Person {
    final long number;
    final Point place;
    private final double willing;
    private double weary;
    private Instant wearyAt = Instant.EPOCH;
    private Instant saidYesAt = Instant.MIN;

    /** What they last meant to say something about. */
    private Offer meant;

    private Person(long number, Point place, double willing) {
      this.number = number;
      this.place = place;
      this.willing = willing;
    }

    private double weary(Instant now) {
      var age = (double) Duration.between(wearyAt, now).toSeconds();
      return weary * Math.exp(-age / REST_HALF_WAY.toSeconds());
    }

    private void tire(Instant now) {
      weary = weary(now) + 1;
      wearyAt = now;
    }

    /** Whether what they last wrote was about the offer with this code. */
    boolean meant(String code) {
      return meant != null && code.equals(meant.code);
    }

    /** What they meant by the last thing they wrote, if they can say so. */
    Intent meant() {
      return meant == null || meant.intent == null || !meant.clear ? Intent.UNCLEAR : meant.intent;
    }
  }

  /** Something that a person was asked, and what they are going to say to it. */
  static final class Offer {
    final long need;
    final Point place;
    private String code;
    private Intent intent;
    private boolean clear;
    private boolean willing;
    private Instant answersAt;

    /**
     * @param need by its number in the order of opening, from 1
     */
    Offer(long need, Point place) {
      this.need = need;
      this.place = place;
    }

    /** Whether they meant to say yes when they were asked. */
    boolean wasWilling() {
      return willing;
    }
  }

  /** What a text that asks nothing tells. */
  enum Notice {
    /** To say which of several offers was meant. */
    WHICH,
    /** Where to go: only whoever has a place is told. */
    PLACE,
    /** Anything else, such as a stand-down or that the need is full. */
    OTHER
  }

  /** What comes of one text. */
  sealed interface Outcome {

    /** It never arrived. */
    record Lost() implements Outcome {}

    /** It arrived, and nothing comes back. */
    record Nothing() implements Outcome {}

    /** What was going to be said about this offer is not said any more. */
    record Silence() implements Outcome {}

    /**
     * The person writes back.
     *
     * @param intent what they mean, whether or not the words say so
     */
    record Says(Intent intent, String words, Duration after, boolean twice) implements Outcome {}
  }

  /**
   * @param number of the person in the order of coming in, from 1
   */
  Person person(long number, Point home) {
    var random = Draws.of(seed, Draws.About.TRUTH, number);
    var odds = (1 - regime.willingMean) / regime.willingMean;
    var willing = Draws.beta(WILLING_SHAPE, WILLING_SHAPE * odds, random);
    var place = random.nextDouble() < MOVED ? SyntheticVolunteers.near(home, random) : home;
    return new Person(number, place, willing);
  }

  /** Texts so far that asked nothing. */
  int notices() {
    return notices;
  }

  /** Whether somebody who promised to come does. */
  boolean comes(long person, long need) {
    return Draws.of(seed, Draws.About.ATTENDANCE, person, need).nextDouble() >= DOES_NOT_COME;
  }

  /** How long the way takes. */
  static Duration travel(Person person, Point place) {
    return seconds(person.place.kmTo(place) * ROAD_BENDS / ROAD_KMH * 3600);
  }

  private double chance(Person person, Point place, Instant now) {
    var km = person.place.kmTo(place);
    var base =
        person.willing
            * Math.exp(-km / DISTANCE_KM)
            * atHour(now.atZone(zone).getHour())
            * Math.exp(-regime.wearyPerText * person.weary(now));
    var justRefused = now.isBefore(person.saidYesAt.plus(STILL_WILLING_FOR));
    var again = justRefused ? STILL_WILLING * Math.exp(-km / STILL_WILLING_KM) : 0;
    return Math.min(MOST_CERTAIN, Math.max(base, again));
  }

  /** The chance that a text that is sent now gets a yes. */
  double chanceOfYes(Person person, Point place, Instant now) {
    return (1 - LOST) * (1 - STOPS) * chance(person, place, now);
  }

  private static double atHour(int hour) {
    if (hour < 6) return 0.45;
    if (hour < 9) return 0.9;
    return hour < 22 ? 1.1 : 0.8;
  }

  /** Somebody is asked. */
  Outcome onOffer(Person person, Offer offer, Language language, String code, Instant now) {
    var random = Draws.of(seed, Draws.About.REACTION, person.number, offer.need, 0);
    if (random.nextDouble() < LOST) return new Outcome.Lost();
    var chance = chance(person, offer.place, now);
    person.tire(now);
    offer.code = code;
    offer.clear = random.nextDouble() >= UNCLEAR;
    offer.intent = intent(chance, random);
    offer.willing = offer.intent == Intent.YES;
    if (offer.intent == null) return new Outcome.Nothing();
    var delay =
        seconds(Math.max(DELAY_MIN_S, Draws.lognormal(DELAY_MEDIAN_S, DELAY_SIGMA, random)));
    offer.answersAt = now.plus(delay);
    person.meant = offer;
    if (offer.intent == Intent.YES) person.saidYesAt = offer.answersAt;
    var wording = offer.clear ? offer.intent : Intent.UNCLEAR;
    var words = answers.word(wording, language, code, random);
    return new Outcome.Says(offer.intent, words, delay, random.nextDouble() < WRITES_TWICE);
  }

  /** What somebody wants to say, or null: most say nothing. */
  private static Intent intent(double chance, RandomGenerator random) {
    var stops = random.nextDouble() < STOPS;
    var willing = random.nextDouble() < chance;
    var saw = random.nextDouble() >= NEVER_SAW;
    var declines = random.nextDouble() < SAYS_NO;
    if (stops) return Intent.STOP;
    if (willing) return Intent.YES;
    return saw && declines ? Intent.NO : null;
  }

  /** Somebody is told something that is about no offer. */
  Outcome onNotice(Person person) {
    var random = notice(person, 0);
    return random.nextDouble() < LOST ? new Outcome.Lost() : new Outcome.Nothing();
  }

  /** People read what they are told of an offer. */
  Outcome onNotice(Person person, Offer offer, Notice notice, Language language, Instant now) {
    var random = notice(person, offer.need);
    if (random.nextDouble() < LOST) return new Outcome.Lost();
    if (notice == Notice.WHICH) {
      var digit = person.meant.intent == Intent.YES ? "1 " : "2 ";
      var words = digit + person.meant.code;
      return new Outcome.Says(person.meant.intent, words, delay(random), false);
    }
    var pending = offer.answersAt != null && now.isBefore(offer.answersAt);
    if (pending && random.nextDouble() < HONOURS_STAND_DOWN) {
      offer.answersAt = null;
      return new Outcome.Silence();
    }
    if (notice == Notice.PLACE && random.nextDouble() < GIVES_BACK) {
      offer.intent = Intent.DROP;
      person.meant = offer;
      var words = answers.word(Intent.DROP, language, offer.code, random);
      return new Outcome.Says(Intent.DROP, words, delay(random).multipliedBy(5), false);
    }
    return new Outcome.Nothing();
  }

  private RandomGenerator notice(Person person, long need) {
    return Draws.of(seed, Draws.About.REACTION, person.number, need, ++notices);
  }

  private static Duration delay(RandomGenerator random) {
    return seconds(DELAY_MIN_S + Draws.lognormal(DELAY_MEDIAN_S / 2, DELAY_SIGMA, random));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
