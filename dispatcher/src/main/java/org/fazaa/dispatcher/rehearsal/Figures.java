package org.fazaa.dispatcher.rehearsal;

import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fazaa.dispatcher.crisis.Priority;

/**
 * Reads what happened from the tables, after the last need has closed. People and needs go by their
 * rank in it, so neither numbers of rows nor the time of day of the run enter the digest.
 */
final class Figures {
  private final Townspeople people;
  private final Map<Long, Place> needs = new LinkedHashMap<>();
  private final Map<Long, Event> offers = new HashMap<>();
  private final Map<Priority, Set<Long>> asked = new EnumMap<>(Priority.class);
  private final MessageDigest digest;
  private final Set<Long> flagged = new HashSet<>();
  private int noShows;

  /** A need, and who holds its places as time goes on. */
  private static final class Place {
    final int rank;
    final Priority priority;
    final int people;
    final Instant openedAt;
    final Instant fillBy;
    final Map<Long, Instant> holders = new HashMap<>();
    final Set<Long> refused = new HashSet<>();
    final Set<Long> everHeld = new HashSet<>();

    Place(int rank, Priority priority, int people, Instant openedAt, Instant fillBy) {
      this.rank = rank;
      this.priority = priority;
      this.people = people;
      this.openedAt = openedAt;
      this.fillBy = fillBy;
    }

    boolean isMissed() {
      return holders.size() < people;
    }
  }

  private record Event(long need, long person) {}

  private Figures(Townspeople people) {
    this.people = people;
    for (var priority : Priority.values()) {
      asked.put(priority, new HashSet<>());
    }
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static Figures read(Pool pool, Townspeople people) {
    var figures = new Figures(people);
    figures.readNeeds(pool);
    figures.readOffers(pool);
    figures.readEvents(pool);
    figures.countNoShows();
    return figures;
  }

  /** Needs that were not full at their deadline. */
  int missed() {
    return (int) needs.values().stream().filter(Place::isMissed).count();
  }

  /** Of these, how many were flagged for a human before it. */
  int missedButFlagged() {
    return (int) flagged.stream().filter(id -> needs.get(id).isMissed()).count();
  }

  int noShows() {
    return noShows;
  }

  String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }

  Report.Tally all() {
    var everybody = new HashSet<Long>();
    asked.values().forEach(everybody::addAll);
    return figures(List.copyOf(needs.keySet()), everybody);
  }

  Map<Priority, Report.Tally> classes() {
    var classes = new EnumMap<Priority, Report.Tally>(Priority.class);
    for (var priority : Priority.values()) {
      var ids = needs.keySet().stream().filter(id -> needs.get(id).priority == priority).toList();
      classes.put(priority, figures(ids, asked.get(priority)));
    }
    return classes;
  }

  private Report.Tally figures(List<Long> ids, Set<Long> asked) {
    var seconds = new ArrayList<Long>();
    var filled = 0;
    var overResponses = 0;
    for (var id : ids) {
      var need = needs.get(id);
      filled += add(need, seconds);
      overResponses += need.refused.size();
    }
    seconds.sort(null);
    return new Report.Tally(
        ids.size(),
        filled,
        ids.stream().mapToInt(id -> people.textsAbout(id).handed()).sum(),
        overResponses,
        ids.stream().mapToInt(id -> people.textsAbout(id).stops()).sum(),
        1 - (double) asked.size() / people.count(),
        List.copyOf(seconds));
  }

  /** The time that each place of a need took to fill; answers how many were filled in time. */
  private static int add(Place need, List<Long> seconds) {
    var times = need.holders.values().stream().sorted().limit(need.people).toList();
    times.forEach(at -> seconds.add(Duration.between(need.openedAt, at).toSeconds()));
    var deadline = Duration.between(need.openedAt, need.fillBy).toSeconds();
    for (int empty = times.size(); empty < need.people; empty++) {
      seconds.add(deadline);
    }
    return times.size();
  }

  private void readNeeds(Pool pool) {
    for (var row : pool.query(LIST_NEEDS).execute().await()) {
      var need =
          new Place(
              needs.size(),
              Priority.of(row.getString("priority")).orElseThrow(),
              row.getInteger("people"),
              row.getOffsetDateTime("opened_at").toInstant(),
              row.getOffsetDateTime("fill_by").toInstant());
      needs.put(row.getLong("id"), need);
      if (row.getBoolean("flagged")) {
        flagged.add(row.getLong("id"));
      }
      digest("need", need.rank, need.openedAt, row.getString("state"), row.getInteger("filled"));
    }
  }

  private void readOffers(Pool pool) {
    for (var row : pool.query(LIST_OFFERS).execute().await()) {
      var need = needs.get(row.getLong("need"));
      var person = row.getLong("person");
      offers.put(row.getLong("id"), new Event(row.getLong("need"), person));
      asked.get(need.priority).add(person);
      digest(
          "offer",
          need.rank,
          person,
          row.getOffsetDateTime("asked_at").toInstant(),
          row.getOffsetDateTime("changed_at").toInstant(),
          row.getString("state"));
    }
  }

  // Only what happened before the deadline says whether a need was filled in time.
  private void readEvents(Pool pool) {
    for (var row : pool.query(LIST_EVENTS).execute().await()) {
      var offer = offers.get(row.getLong("offer"));
      var need = needs.get(offer.need);
      var at = row.getOffsetDateTime("at").toInstant();
      var what = row.getString("what");
      switch (what) {
        case "assigned", "promoted" -> {
          need.everHeld.add(offer.person);
          need.refused.remove(offer.person);
          if (!at.isAfter(need.fillBy)) {
            need.holders.put(offer.person, at);
          }
        }
        case "standby", "too_late" -> {
          if (!need.everHeld.contains(offer.person)) {
            need.refused.add(offer.person);
          }
        }
        default -> {
          if (!at.isAfter(need.fillBy)) {
            need.holders.remove(offer.person);
          }
        }
      }
      digest("event", need.rank, offer.person, at, what);
    }
  }

  private void countNoShows() {
    for (var need : needs.entrySet()) {
      for (var person : need.getValue().holders.keySet()) {
        if (!people.truth().comes(person, need.getKey())) {
          noShows++;
        }
      }
    }
  }

  private void digest(Object... facts) {
    digest.update((List.of(facts) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static final String LIST_NEEDS =
      """
      SELECT n.id, n.priority, n.people, n.filled, n.state, n.opened_at, n.fill_by,
        EXISTS (
          SELECT FROM dispatch.decision d
          WHERE d.need = n.id AND d.human AND d.at < n.fill_by) AS flagged
      FROM dispatch.need n
      ORDER BY n.id
      """;

  private static final String LIST_OFFERS =
      """
      SELECT o.id, o.need, p.person, o.asked_at, o.changed_at, o.state
      FROM dispatch.offer o
      JOIN (
        SELECT id, row_number() OVER (ORDER BY id) AS person FROM dispatch.volunteer
      ) p ON p.id = o.volunteer
      ORDER BY o.need, p.person
      """;

  private static final String LIST_EVENTS =
      "SELECT offer, at, what FROM dispatch.offer_event ORDER BY id";
}
