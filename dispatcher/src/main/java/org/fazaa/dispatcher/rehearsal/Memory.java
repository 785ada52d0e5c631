package org.fazaa.dispatcher.rehearsal;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.rehearsal.Happened.Event;
import org.fazaa.dispatcher.rehearsal.Happened.Forecast;
import org.fazaa.dispatcher.rehearsal.Happened.Need;
import org.fazaa.dispatcher.rehearsal.Happened.Offer;

/** Reads what happened from the tables, after the last need has closed. */
final class Memory {
  private final Pool pool;
  private final Townspeople people;
  private final List<Need> needs = new ArrayList<>();
  private final List<Offer> offers = new ArrayList<>();
  private final Map<Long, Integer> rankOfNeed = new HashMap<>();
  private final Map<Long, Integer> rankOfOffer = new HashMap<>();

  private Memory(Pool pool, Townspeople people) {
    this.pool = pool;
    this.people = people;
  }

  static Happened read(
      Pool pool, Townspeople people, Coordinator coordinator, List<Duration> decisions) {
    var memory = new Memory(pool, people);
    memory.readNeeds();
    memory.readOffers();
    return new Happened(
        memory.skills(),
        List.copyOf(memory.needs),
        List.copyOf(memory.offers),
        memory.events(),
        memory.forecasts(),
        List.copyOf(decisions),
        people.notices(),
        coordinator.read());
  }

  private List<Set<Skill>> skills() {
    var skills = new ArrayList<Set<Skill>>();
    for (var row : pool.query(LIST_PEOPLE).execute().await()) {
      skills.add(skills(row));
    }
    return List.copyOf(skills);
  }

  private void readNeeds() {
    for (var row : pool.query(LIST_NEEDS).execute().await()) {
      var id = row.getLong("id");
      rankOfNeed.put(id, needs.size());
      needs.add(
          new Need(
              needs.size(),
              Priority.of(row.getString("priority")).orElseThrow(),
              row.getInteger("people"),
              skills(row),
              new Point(row.getDouble("lon"), row.getDouble("lat")),
              time(row, "opened_at"),
              time(row, "fill_by"),
              time(row, "ends_at"),
              perhaps(row, "signalled_at"),
              row.getInteger("filled"),
              row.getString("state"),
              people.textsAbout(id)));
    }
  }

  private void readOffers() {
    for (var row : pool.query(LIST_OFFERS).execute().await()) {
      var need = needs.get(rankOfNeed.get(row.getLong("need")));
      var person = people.person(row.getLong("volunteer"));
      rankOfOffer.put(row.getLong("id"), offers.size());
      offers.add(
          new Offer(
              need.rank(),
              person.number,
              time(row, "asked_at"),
              time(row, "changed_at"),
              perhaps(row, "answered_at"),
              State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
              row.getDouble("rate"),
              row.getDouble("km"),
              people.wasWilling(row.getLong("id")),
              Truth.travel(person, need.place()),
              people.truth().comes(person.number, row.getLong("need"))));
    }
  }

  private List<Event> events() {
    var events = new ArrayList<Event>();
    for (var row : pool.query(LIST_EVENTS).execute().await()) {
      var offer = rankOfOffer.get(row.getLong("offer"));
      events.add(new Event(offer, time(row, "at"), row.getString("what")));
    }
    return List.copyOf(events);
  }

  private List<Forecast> forecasts() {
    var forecasts = new ArrayList<Forecast>();
    for (var row : pool.query(LIST_FORECASTS).execute().await()) {
      var need = rankOfNeed.get(row.getLong("need"));
      var atPress = row.getString("kind").equals("press");
      forecasts.add(new Forecast(need, time(row, "at"), atPress, row.getDouble("chance")));
    }
    return List.copyOf(forecasts);
  }

  private static Instant time(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }

  private static Optional<Instant> perhaps(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  private static Set<Skill> skills(Row row) {
    var skills = EnumSet.noneOf(Skill.class);
    for (var code : row.getArrayOfStrings("skills")) Skill.of(code).ifPresent(skills::add);
    return skills;
  }

  private static final String LIST_PEOPLE = "SELECT skills FROM dispatch.volunteer ORDER BY id";

  private static final String LIST_NEEDS =
      """
      SELECT n.id, n.priority, n.people, n.skills, n.lon, n.lat, n.filled, n.state, n.opened_at,
        n.fill_by, n.ends_at,
        (SELECT min(d.at) FROM dispatch.decision d WHERE d.need = n.id AND d.human) AS signalled_at
      FROM dispatch.need n
      ORDER BY n.id
      """;

  private static final String LIST_OFFERS =
      """
      SELECT id, need, volunteer, asked_at, changed_at, answered_at, state, rate, km
      FROM dispatch.offer
      ORDER BY need, volunteer
      """;

  // What people changed meanwhile was not put to the test.
  private static final String LIST_FORECASTS =
      """
      SELECT need, at, kind, chance FROM dispatch.forecast
      WHERE void_why IS NULL
      ORDER BY id
      """;

  private static final String LIST_EVENTS =
      "SELECT offer, at, what FROM dispatch.offer_event ORDER BY id";
}
