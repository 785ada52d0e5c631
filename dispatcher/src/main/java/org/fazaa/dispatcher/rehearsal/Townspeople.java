package org.fazaa.dispatcher.rehearsal;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.rehearsal.Answers.Intent;
import org.fazaa.dispatcher.rehearsal.Happened.Texts;
import org.fazaa.notifier.Text;
import org.fazaa.notifier.TextState;
import org.fazaa.notifier.carrier.simulated.Crowd;
import org.fazaa.notifier.carrier.simulated.Reaction;
import org.fazaa.notifier.reply.Meaning;

/**
 * The people of a rehearsal, as the carrier meets them: each has a phone, and does about its texts
 * what the {@link Truth} says.
 */
final class Townspeople implements Crowd {
  private static final Duration WRITES_AGAIN_AFTER = Duration.ofSeconds(5);

  /** A text that says where to go is only sent to whoever has a place. */
  private static final Pattern WHERE_TO_GO = Pattern.compile("-?\\d{1,2}\\.\\d{5},-?\\d{1,3}\\.");

  private static final Pattern CODE = Pattern.compile("\\b[A-Z][2-9][A-Z][2-9]\\b");

  private final Pool pool;
  private final Truth truth;
  private final Map<String, Truth.Person> byPhone = new HashMap<>();
  private final Map<Long, Truth.Person> byId = new HashMap<>();
  private final Map<String, Truth.Offer> offers = new HashMap<>();
  private final Map<Long, Texts> texts = new HashMap<>();
  private final Map<Long, Point> places = new HashMap<>();
  private long lastOffer;

  Townspeople(Pool pool, Truth truth) {
    this.pool = pool;
    this.truth = truth;
    for (var row : pool.query(LIST_VOLUNTEERS).execute().await()) {
      var home = new Point(row.getDouble("lon"), row.getDouble("lat"));
      var person = truth.person(row.getLong("number"), home);
      byPhone.put(row.getString("phone"), person);
      byId.put(row.getLong("id"), person);
    }
  }

  /** How many there are. */
  int count() {
    return byPhone.size();
  }

  Truth truth() {
    return truth;
  }

  /**
   * @param volunteer by the number of their row
   */
  Truth.Person person(long volunteer) {
    return byId.get(volunteer);
  }

  /** How likely somebody in truth says yes to an offer that is made now. */
  double chance(NeedId need, VolunteerId volunteer, Instant now) {
    var place = places.computeIfAbsent(need.value(), this::place);
    return truth.chanceOfYes(person(volunteer.value()), place, now);
  }

  private Point place(long need) {
    var row = pool.preparedQuery(FIND_PLACE).execute(Tuple.of(need)).await().iterator().next();
    return new Point(row.getDouble("lon"), row.getDouble("lat"));
  }

  /** Whether somebody meant to say yes to an offer, by the number of its row. */
  boolean wasWilling(long offer) {
    var asked = offers.get(String.valueOf(offer));
    return asked != null && asked.wasWilling();
  }

  Texts textsAbout(long need) {
    return texts.getOrDefault(need, Texts.NONE);
  }

  /** Texts that asked nothing. */
  int notices() {
    return truth.notices();
  }

  /** What somebody meant by what they wrote, as a coordinator finds out by asking them. */
  Meaning meant(String phone) {
    var person = byPhone.get(phone);
    var intent = person == null ? Intent.UNCLEAR : person.meant();
    return switch (intent) {
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
    var outcome = outcome(text, person, now);
    if (outcome instanceof Truth.Outcome.Lost) {
      return List.of(new Reaction.Status(Duration.ZERO, TextState.FAILED, "30008"));
    }
    var reactions = new ArrayList<Reaction>();
    reactions.add(new Reaction.Status(Duration.ZERO, TextState.DELIVERED, null));
    switch (outcome) {
      case Truth.Outcome.Lost lost -> {}
      case Truth.Outcome.Nothing nothing -> {}
      case Truth.Outcome.Silence silence -> reactions.add(new Reaction.Silence());
      case Truth.Outcome.Says says -> {
        reactions.add(new Reaction.Says(says.after(), says.words()));
        if (says.twice()) {
          reactions.add(new Reaction.Says(says.after().plus(WRITES_AGAIN_AFTER), says.words()));
        }
      }
    }
    return reactions;
  }

  private Truth.Outcome outcome(Text text, Truth.Person person, Instant now) {
    var offer = offer(text.about());
    if (offer.isEmpty()) {
      return truth.onNotice(person);
    }
    if (!text.answerable()) {
      return truth.onNotice(person, offer.get(), notice(text, person), text.language(), now);
    }
    var outcome = truth.onOffer(person, offer.get(), text.language(), text.code(), now);
    var lost = outcome instanceof Truth.Outcome.Lost ? 1 : 0;
    var stops = outcome instanceof Truth.Outcome.Says(var intent, _, _, _) && intent == Intent.STOP;
    texts.merge(offer.get().need, new Texts(1, lost, stops ? 1 : 0), Texts::plus);
    return outcome;
  }

  private static Truth.Notice notice(Text text, Truth.Person person) {
    var codes = CODE.matcher(text.body()).results().map(match -> match.group()).distinct().toList();
    if (codes.size() > 1 && codes.stream().anyMatch(person::meant)) {
      return Truth.Notice.WHICH;
    }
    return WHERE_TO_GO.matcher(text.body()).find() ? Truth.Notice.PLACE : Truth.Notice.OTHER;
  }

  // Offers are many and made in the order of their numbers: read what is new, once.
  private Optional<Truth.Offer> offer(String about) {
    if (!offers.containsKey(about)) {
      for (var row : pool.preparedQuery(LIST_OFFERS).execute(Tuple.of(lastOffer)).await()) {
        lastOffer = row.getLong("id");
        var place = new Point(row.getDouble("lon"), row.getDouble("lat"));
        offers.put(String.valueOf(lastOffer), new Truth.Offer(row.getLong("need"), place));
      }
    }
    return Optional.ofNullable(offers.get(about));
  }

  private static final String LIST_VOLUNTEERS =
      """
      SELECT id, phone, lon, lat, row_number() OVER (ORDER BY id) AS number
      FROM dispatch.volunteer
      """;

  private static final String FIND_PLACE = "SELECT lon, lat FROM dispatch.need WHERE id = $1";

  private static final String LIST_OFFERS =
      """
      SELECT o.id, o.need, n.lon, n.lat
      FROM dispatch.offer o JOIN dispatch.need n ON n.id = o.need
      WHERE o.id > $1
      ORDER BY o.id
      """;
}
