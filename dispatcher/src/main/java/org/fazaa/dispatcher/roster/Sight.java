package org.fazaa.dispatcher.roster;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;

/**
 * A query, made ready for comparing, and the person it looks at just now: what the rules see. One
 * walks over a whole search, so nothing is allocated for those who are passed over.
 */
final class Sight {
  private static final double FADES_IN_SECONDS = History.FATIGUE_FADES_IN.toSeconds();

  final Query query;
  final long skills;
  final int languages;
  final Week hours;
  final int startsAt;
  final int endsAt;
  final int now;
  final int rest;
  final int gap;
  final int bornLatest;

  Cell cell;
  int i;
  private double km;

  Sight(Query query) {
    this.query = query;
    skills = Skill.mask(query.skills());
    languages = SpokenLanguage.mask(query.languages());
    hours = Week.of(query.startsAt(), query.endsAt(), query.limits().zone());
    startsAt = Cell.seconds(query.startsAt());
    endsAt = Cell.seconds(query.endsAt());
    now = Cell.seconds(query.now());
    rest = (int) query.limits().rest().toSeconds();
    gap = (int) query.limits().gap().toSeconds();
    var today = LocalDate.ofInstant(query.now(), query.limits().zone());
    bornLatest = (int) today.minusYears(query.limits().ageLeast()).toEpochDay();
  }

  void look(Cell at, int index) {
    cell = at;
    i = index;
    km = Double.NaN;
  }

  /** True when every rule allows to ask this person. */
  boolean isEligible() {
    for (var rule : Rule.ALL) {
      if (!rule.holds(this)) return false;
    }
    return true;
  }

  /** The first rule that forbids to ask this person. */
  Optional<Rule> firstBroken() {
    for (var rule : Rule.ALL) {
      if (!rule.holds(this)) return Optional.of(rule);
    }
    return Optional.empty();
  }

  VolunteerId volunteer() {
    return new VolunteerId(cell.id[i]);
  }

  double km() {
    if (Double.isNaN(km)) {
      var place = query.place();
      km = Point.km(place.lon(), place.lat(), cell.lon[i], cell.lat[i]);
    }
    return km;
  }

  long personSkills() {
    return cell.skills[i];
  }

  int personLanguages() {
    return cell.languages[i];
  }

  boolean isFree() {
    return cell.hours[i].contains(hours);
  }

  int pausedUntil() {
    return cell.pausedUntil[i];
  }

  int busyFrom() {
    return cell.busyFrom[i];
  }

  int busyUntil() {
    return cell.busyUntil[i];
  }

  int lastAsked() {
    return cell.lastAsked[i];
  }

  int born() {
    return cell.born[i];
  }

  double lon() {
    return cell.lon[i];
  }

  double lat() {
    return cell.lat[i];
  }

  /** The organisation they belong to, or 0. */
  long organisation() {
    return cell.organisation[i];
  }

  /** The last day on which each skill is proven. */
  Map<Skill, LocalDate> qualifiedUntil() {
    return cell.qualifiedUntil.get(i);
  }

  /** How tired they were when they were last in contact with us. */
  double fatigueThen() {
    return cell.fatigue[i];
  }

  boolean has(byte flag) {
    return (cell.flags[i] & flag) != 0;
  }

  double fatigue() {
    var age = Math.max(0L, (long) now - cell.contactAt[i]);
    return cell.fatigue[i] * Math.exp(-age / FADES_IN_SECONDS);
  }

  Candidate candidate() {
    return new Candidate(
        volunteer(),
        km(),
        query.limits().travel(km()),
        cell.skills[i],
        cell.languages[i],
        cell.history(i).at(query.now()),
        Cell.instant(cell.busyUntil[i]),
        Cell.instant(cell.lastAsked[i]));
  }
}
