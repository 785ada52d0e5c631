package org.fazaa.dispatcher.rehearsal;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.rehearsal.Answers.Intent;
import org.fazaa.notifier.Text;
import org.fazaa.notifier.TextState;
import org.fazaa.notifier.carrier.simulated.Crowd;
import org.fazaa.notifier.carrier.simulated.Reaction;
import org.fazaa.notifier.reply.Meaning;

/**
 * The people of a rehearsal. What moves them is hidden from the policy, which must find out by
 * asking: how willing each is, how distance, the hour and too many texts wear that down, how slowly
 * they write, and what goes wrong on the way.
 */
final class Townspeople implements Crowd {

  // Figures of published call-outs by SMS, or guesses between them.
  private static final double WILLING_MEAN = 0.15;
  private static final double WILLING_SHAPE = 1.2;
  private static final double DISTANCE_KM = 5;
  private static final double WEARY_PER_TEXT = 0.02;
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

  /** A text that says where to go is only sent to whoever has a place. */
  private static final Pattern WHERE_TO_GO = Pattern.compile("-?\\d{1,2}\\.\\d{5},-?\\d{1,3}\\.");

  private static final Pattern CODE = Pattern.compile("\\b[A-Z][2-9][A-Z][2-9]\\b");

  private final Pool pool;
  private final ZoneId zone;
  private final long seed;
  private final Answers answers = new Answers();
  private final Map<String, Person> byPhone = new HashMap<>();
  private final Map<String, Offer> offers = new HashMap<>();
  private long lastOffer;
  private int notices;

  private static final class Person {
    final long number;
    final Point place;
    final double willing;
    double weary;
    Instant wearyAt = Instant.EPOCH;
    Instant saidYesAt = Instant.MIN;
    Offer meant;

    Person(long number, Point place, double willing) {
      this.number = number;
      this.place = place;
      this.willing = willing;
    }

    double weary(Instant now) {
      var age = (double) Duration.between(wearyAt, now).toSeconds();
      return weary * Math.exp(-age / REST_HALF_WAY.toSeconds());
    }
  }

  /** Something that a person was asked, and what they are going to say to it. */
  private static final class Offer {
    final long need;
    final Point place;
    String code;
    Intent intent;
    boolean clear;
    Instant answersAt;

    Offer(long need, Point place) {
      this.need = need;
      this.place = place;
    }
  }

  private final Map<Long, Integer> textsByNeed = new HashMap<>();
  private final Map<Long, Integer> stopsByNeed = new HashMap<>();

  Townspeople(Pool pool, ZoneId zone, long seed) {
    this.pool = pool;
    this.zone = zone;
    this.seed = seed;
    for (var row : pool.query(LIST_VOLUNTEERS).execute().await()) {
      var home = new Point(row.getDouble("lon"), row.getDouble("lat"));
      var number = row.getLong("number");
      byPhone.put(row.getString("phone"), person(number, home));
    }
  }

  private Person person(long number, Point home) {
    var random = Draws.of(seed, Draws.About.TRUTH, number);
    var odds = (1 - WILLING_MEAN) / WILLING_MEAN;
    var willing = Draws.beta(WILLING_SHAPE, WILLING_SHAPE * odds, random);
    var place = random.nextDouble() < MOVED ? SyntheticVolunteers.near(home, random) : home;
    return new Person(number, place, willing);
  }

  /** How many there are. */
  int count() {
    return byPhone.size();
  }

  /** Offers of this need that were handed to the carrier. */
  int textsAbout(long need) {
    return textsByNeed.getOrDefault(need, 0);
  }

  /** How many wanted no more texts after an offer of this need. */
  int stopsAfter(long need) {
    return stopsByNeed.getOrDefault(need, 0);
  }

  /** Texts that asked nothing. */
  int notices() {
    return notices;
  }

  /** Whether somebody who promised to come does. */
  boolean comes(long person, long need) {
    return Draws.of(seed, Draws.About.ATTENDANCE, person, need).nextDouble() >= DOES_NOT_COME;
  }

  /** What somebody meant by what they wrote, as a coordinator finds out by asking them. */
  Meaning meant(String phone) {
    var person = byPhone.get(phone);
    if (person == null || person.meant == null || !person.meant.clear) {
      return Meaning.PERSON;
    }
    return switch (person.meant.intent) {
      case YES -> Meaning.YES;
      case NO -> Meaning.NO;
      case DROP -> Meaning.DROP;
      case STOP -> Meaning.STOP;
      case UNCLEAR -> Meaning.PERSON;
    };
  }

  @Override
  public List<Reaction> onText(Text text, Instant now) {
    var person = byPhone.get(text.to().e164());
    if (person == null || text.post() > 1) {
      return List.of();
    }
    var offer = offer(text.about());
    var about = offer.map(one -> one.need).orElse(0L);
    var random = Draws.of(seed, Draws.About.REACTION, person.number, about, count(text, about));
    if (random.nextDouble() < LOST) {
      return List.of(new Reaction.Status(Duration.ZERO, TextState.FAILED, "30008"));
    }
    var reactions = new ArrayList<Reaction>();
    reactions.add(new Reaction.Status(Duration.ZERO, TextState.DELIVERED, null));
    if (offer.isEmpty()) {
      return reactions;
    }
    if (text.answerable()) {
      ask(person, offer.get(), text, now, random, reactions);
    } else {
      tell(person, offer.get(), text, now, random, reactions);
    }
    return reactions;
  }

  private long count(Text text, long need) {
    if (!text.answerable()) {
      return ++notices;
    }
    textsByNeed.merge(need, 1, Integer::sum);
    return 0;
  }

  private void ask(
      Person person,
      Offer offer,
      Text text,
      Instant now,
      RandomGenerator random,
      List<Reaction> reactions) {
    var chance = chance(person, offer, now);
    tire(person, now);
    offer.code = text.code();
    offer.clear = random.nextDouble() >= UNCLEAR;
    offer.intent = intent(chance, random);
    if (offer.intent == null) {
      return;
    }
    var delay = Math.max(DELAY_MIN_S, Draws.lognormal(DELAY_MEDIAN_S, DELAY_SIGMA, random));
    offer.answersAt = now.plus(seconds(delay));
    person.meant = offer;
    switch (offer.intent) {
      case YES -> person.saidYesAt = offer.answersAt;
      case STOP -> stopsByNeed.merge(offer.need, 1, Integer::sum);
      case NO, DROP, UNCLEAR -> {}
    }
    var intent = offer.clear ? offer.intent : Intent.UNCLEAR;
    var words = answers.word(intent, text.language(), text.code(), random);
    reactions.add(new Reaction.Says(seconds(delay), words));
    if (random.nextDouble() < WRITES_TWICE) {
      reactions.add(new Reaction.Says(seconds(delay + 5), words));
    }
  }

  /** What somebody wants to say, or null: most say nothing. */
  private static Intent intent(double chance, RandomGenerator random) {
    var stops = random.nextDouble() < STOPS;
    var willing = random.nextDouble() < chance;
    var saw = random.nextDouble() >= NEVER_SAW;
    var declines = random.nextDouble() < SAYS_NO;
    if (stops) {
      return Intent.STOP;
    }
    if (willing) {
      return Intent.YES;
    }
    return saw && declines ? Intent.NO : null;
  }

  private double chance(Person person, Offer offer, Instant now) {
    var km = person.place.kmTo(offer.place);
    var base =
        person.willing
            * Math.exp(-km / DISTANCE_KM)
            * atHour(now.atZone(zone).getHour())
            * Math.exp(-WEARY_PER_TEXT * person.weary(now));
    var justRefused = now.isBefore(person.saidYesAt.plus(STILL_WILLING_FOR));
    var again = justRefused ? STILL_WILLING * Math.exp(-km / STILL_WILLING_KM) : 0;
    return Math.min(0.95, Math.max(base, again));
  }

  private static double atHour(int hour) {
    if (hour < 6) {
      return 0.45;
    }
    if (hour < 9) {
      return 0.9;
    }
    return hour < 22 ? 1.1 : 0.8;
  }

  private static void tire(Person person, Instant now) {
    person.weary = person.weary(now) + 1;
    person.wearyAt = now;
  }

  // People read what they are told: which of several, where to go, or that they are not needed.
  private void tell(
      Person person,
      Offer offer,
      Text text,
      Instant now,
      RandomGenerator random,
      List<Reaction> reactions) {
    var pending = offer.answersAt != null && now.isBefore(offer.answersAt);
    var codes = CODE.matcher(text.body()).results().map(match -> match.group()).distinct().toList();
    if (codes.size() > 1 && person.meant != null && codes.contains(person.meant.code)) {
      var digit = person.meant.intent == Intent.YES ? "1 " : "2 ";
      reactions.add(new Reaction.Says(delay(random), digit + person.meant.code));
    } else if (pending && random.nextDouble() < HONOURS_STAND_DOWN) {
      offer.answersAt = null;
      reactions.add(new Reaction.Silence());
    } else if (WHERE_TO_GO.matcher(text.body()).find() && random.nextDouble() < GIVES_BACK) {
      offer.intent = Intent.DROP;
      person.meant = offer;
      var words = answers.word(Intent.DROP, text.language(), offer.code, random);
      reactions.add(new Reaction.Says(delay(random).multipliedBy(5), words));
    }
  }

  private static Duration delay(RandomGenerator random) {
    return seconds(DELAY_MIN_S + Draws.lognormal(DELAY_MEDIAN_S / 2, DELAY_SIGMA, random));
  }

  // Offers are many and made in the order of their numbers: read what is new, once.
  private Optional<Offer> offer(String about) {
    if (!offers.containsKey(about)) {
      for (var row : pool.preparedQuery(LIST_OFFERS).execute(Tuple.of(lastOffer)).await()) {
        lastOffer = row.getLong("id");
        var place = new Point(row.getDouble("lon"), row.getDouble("lat"));
        offers.put(String.valueOf(lastOffer), new Offer(row.getLong("need"), place));
      }
    }
    return Optional.ofNullable(offers.get(about));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private static final String LIST_VOLUNTEERS =
      """
      SELECT phone, lon, lat, row_number() OVER (ORDER BY id) AS number FROM dispatch.volunteer
      """;

  private static final String LIST_OFFERS =
      """
      SELECT o.id, o.need, n.lon, n.lat
      FROM dispatch.offer o JOIN dispatch.need n ON n.id = o.need
      WHERE o.id > $1
      ORDER BY o.id
      """;
}
