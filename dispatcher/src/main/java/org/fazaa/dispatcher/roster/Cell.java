package org.fazaa.dispatcher.roster;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;

/**
 * The people of one cell of the map, a column for each thing known of them. It never changes once
 * it is in the grid: a change makes another cell. Times are seconds, precise enough for people.
 */
final class Cell {
  /** No such time, or no such day. */
  static final int NONE = Integer.MIN_VALUE;

  static final byte ACTIVE = 1;
  static final byte CONSENTED = 2;
  static final byte STOPPED = 4;

  private static final long EPOCH = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();

  final long[] id;
  final long[] skills;
  final int[] languages;
  final byte[] flags;
  final float[] lon;
  final float[] lat;
  final Week[] hours;
  final int[] born;
  final int[] pausedUntil;
  final int[] busyFrom;
  final int[] busyUntil;
  final int[] lastAsked;
  final int[] contactAt;
  final float[] fatigue;
  final float[] tallies; // yes and no for life, urgent and planned: six in a row for each person

  final long[] organisation;
  final List<Map<Skill, LocalDate>> qualifiedUntil = new ArrayList<>();

  private static final int TALLIES = 6;

  private Cell(int size) {
    id = new long[size];
    skills = new long[size];
    languages = new int[size];
    flags = new byte[size];
    lon = new float[size];
    lat = new float[size];
    hours = new Week[size];
    born = new int[size];
    pausedUntil = new int[size];
    busyFrom = new int[size];
    busyUntil = new int[size];
    lastAsked = new int[size];
    contactAt = new int[size];
    fatigue = new float[size];
    organisation = new long[size];
    for (var i = 0; i < size; i++) qualifiedUntil.add(Map.of());
    tallies = new float[size * TALLIES];
  }

  static final Cell EMPTY = new Cell(0);

  int size() {
    return id.length;
  }

  int find(long wanted) {
    for (var i = 0; i < id.length; i++) {
      if (id[i] == wanted) return i;
    }
    return -1;
  }

  /** This cell without those who leave it, and with those who come: not the same people. */
  Cell with(List<Person> coming, Set<Long> leaving) {
    var stay = leaving.isEmpty() ? size() : 0;
    for (var i = 0; i < size() && !leaving.isEmpty(); i++) {
      if (!leaving.contains(id[i])) stay++;
    }
    var next = new Cell(stay + coming.size());
    if (stay == size()) {
      copy(0, next, 0, stay);
    } else {
      for (int i = 0, at = 0; i < size(); i++) {
        if (!leaving.contains(id[i])) copy(i, next, at++, 1);
      }
    }
    for (var i = 0; i < coming.size(); i++) next.set(stay + i, coming.get(i));
    return next;
  }

  private void copy(int from, Cell to, int at, int count) {
    System.arraycopy(id, from, to.id, at, count);
    System.arraycopy(skills, from, to.skills, at, count);
    System.arraycopy(languages, from, to.languages, at, count);
    System.arraycopy(flags, from, to.flags, at, count);
    System.arraycopy(lon, from, to.lon, at, count);
    System.arraycopy(lat, from, to.lat, at, count);
    System.arraycopy(hours, from, to.hours, at, count);
    System.arraycopy(born, from, to.born, at, count);
    System.arraycopy(pausedUntil, from, to.pausedUntil, at, count);
    System.arraycopy(busyFrom, from, to.busyFrom, at, count);
    System.arraycopy(busyUntil, from, to.busyUntil, at, count);
    System.arraycopy(lastAsked, from, to.lastAsked, at, count);
    System.arraycopy(contactAt, from, to.contactAt, at, count);
    System.arraycopy(fatigue, from, to.fatigue, at, count);
    System.arraycopy(organisation, from, to.organisation, at, count);
    for (var k = 0; k < count; k++) to.qualifiedUntil.set(at + k, qualifiedUntil.get(from + k));
    System.arraycopy(tallies, from * TALLIES, to.tallies, at * TALLIES, count * TALLIES);
  }

  private void set(int i, Person one) {
    id[i] = one.id().value();
    skills[i] = one.skills();
    languages[i] = one.languages();
    flags[i] =
        (byte)
            ((one.active() ? ACTIVE : 0)
                | (one.consented() ? CONSENTED : 0)
                | (one.stopped() ? STOPPED : 0));
    lon[i] = (float) one.place().lon();
    lat[i] = (float) one.place().lat();
    hours[i] = one.hours();
    born[i] = one.born().map(day -> (int) day.toEpochDay()).orElse(NONE);
    pausedUntil[i] = seconds(one.pausedUntil());
    busyFrom[i] = seconds(one.busyFrom());
    busyUntil[i] = seconds(one.busyUntil());
    lastAsked[i] = seconds(one.lastAsked());
    var history = one.history();
    contactAt[i] = seconds(history.at());
    fatigue[i] = (float) history.fatigue();
    organisation[i] = one.organisation();
    qualifiedUntil.set(i, one.qualifiedUntil());
    setTally(i, 0, history.life());
    setTally(i, 1, history.urgent());
    setTally(i, 2, history.planned());
  }

  Person person(int i) {
    return new Person(
        new VolunteerId(id[i]),
        new Point(lon[i], lat[i]),
        skills[i],
        languages[i],
        hours[i],
        (flags[i] & ACTIVE) != 0,
        (flags[i] & CONSENTED) != 0,
        (flags[i] & STOPPED) != 0,
        born[i] == NONE ? Optional.empty() : Optional.of(LocalDate.ofEpochDay(born[i])),
        instant(pausedUntil[i]),
        instant(busyFrom[i]),
        instant(busyUntil[i]),
        instant(lastAsked[i]),
        history(i),
        organisation[i],
        qualifiedUntil.get(i));
  }

  History history(int i) {
    return new History(
        tally(i, 0),
        tally(i, 1),
        tally(i, 2),
        fatigue[i],
        Instant.ofEpochSecond(EPOCH + contactAt[i]));
  }

  private void setTally(int i, int kind, Tally tally) {
    tallies[i * TALLIES + kind * 2] = (float) tally.yes();
    tallies[i * TALLIES + kind * 2 + 1] = (float) tally.no();
  }

  private Tally tally(int i, int kind) {
    var at = i * TALLIES + kind * 2;
    return new Tally(tallies[at], tallies[at + 1]);
  }

  private static int seconds(Optional<Instant> instant) {
    return instant.map(Cell::seconds).orElse(NONE);
  }

  /** Whole seconds in an int reach from 1952 to 2088; what lies outside is as good as the end. */
  static int seconds(Instant instant) {
    return (int) Math.clamp(instant.getEpochSecond() - EPOCH, NONE + 1L, Integer.MAX_VALUE);
  }

  static Optional<Instant> instant(int seconds) {
    return seconds == NONE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(EPOCH + seconds));
  }
}
