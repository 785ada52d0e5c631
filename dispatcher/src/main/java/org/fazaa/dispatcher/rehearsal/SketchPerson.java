package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.Contacts.Event;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;
import org.fazaa.dispatcher.roster.Person;

/** Somebody in a sketch: what the tables would hold of them. */
final class SketchPerson {
  private static final int FATIGUE = CallKind.values().length * 2;

  final VolunteerId id;
  final Point home;
  final Set<Skill> skills;
  private final double[] history = new double[FATIGUE + 1];
  private Instant contactAt;
  private Instant lastAsked;
  private Instant busyFrom;
  private Instant busyUntil;
  boolean stopped;

  /** What waits for their answer, for a matter of life and for an ordinary one. */
  SketchOffer openForLife;

  SketchOffer openOrdinary;

  /** Places that they have, in needs that are not over. */
  final List<SketchOffer> places = new ArrayList<>(1);

  SketchPerson(long number, Point home, Set<Skill> skills, Instant since) {
    this.id = new VolunteerId(number);
    this.home = home;
    this.skills = skills;
    this.contactAt = since;
  }

  /** What the roster knows of them. */
  Person person() {
    return new Person(
        id,
        home,
        Skill.mask(skills),
        0,
        Week.ALWAYS,
        true,
        true,
        stopped,
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(busyFrom),
        Optional.ofNullable(busyUntil),
        Optional.ofNullable(lastAsked),
        history(),
        0,
        Map.of());
  }

  History history() {
    return new History(tally(0), tally(1), tally(2), history[FATIGUE], contactAt);
  }

  private Tally tally(int kind) {
    return new Tally(history[2 * kind], history[2 * kind + 1]);
  }

  /** What came of asking them, summed, as it is added to their row. */
  static final class Sums {
    private final double[] of = new double[FATIGUE + 1];
    private boolean asked;

    void add(CallKind kind, Event event, double weight) {
      var yes = 2 * kind.ordinal();
      switch (event) {
        case ASKED -> {
          of[FATIGUE]++;
          asked = true;
        }
        case YES -> of[yes]++;
        case NO, SILENT -> of[yes + 1] += weight;
        case PLACED -> of[FATIGUE]--;
        case ALREADY_FILLED -> of[FATIGUE]++;
      }
    }
  }

  void record(Sums sums, Instant now) {
    var age = Math.max(0, Duration.between(contactAt, now).toMillis() / 1000.0);
    var left = Math.pow(0.5, age / History.ANSWERS_HALVE_IN.toSeconds());
    for (var i = 0; i < FATIGUE; i++) history[i] = history[i] * left + sums.of[i];
    var tired = history[FATIGUE] * Math.exp(-age / History.FATIGUE_FADES_IN.toSeconds());
    history[FATIGUE] = Math.max(0, tired + sums.of[FATIGUE]);
    if (now.isAfter(contactAt)) contactAt = now;
    if (sums.asked) lastAsked = now;
  }

  /** When they are taken, by the places that they have. */
  void refreshBusy() {
    busyFrom = null;
    busyUntil = null;
    for (var place : places) {
      var need = place.need;
      if (busyFrom == null || need.startsAt.isBefore(busyFrom)) busyFrom = need.startsAt;
      if (busyUntil == null || need.endsAt.isAfter(busyUntil)) busyUntil = need.endsAt;
    }
  }
}
