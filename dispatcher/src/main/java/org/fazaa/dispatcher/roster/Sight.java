package org.fazaa.dispatcher.roster;

import java.time.LocalDate;
import java.util.Arrays;
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
  private static final double KM_IN_DEGREE = Point.km(0, 0, 0, 1);

  /** So near, a degree is shorter than it is elsewhere by less than the rest to one. */
  private static final double NEAR_DEGREES = 10;

  private static final double SHORTEST = 0.998;

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
  final LocalDate endsOn;
  private final int lastDay;
  private final long[] blocked; // in order

  private final Weeks weeks;
  private final int[] skillNumbers;
  private final int[] languageNumbers;
  private final int[] skillsAt;
  private final int[] languagesAt;

  private final double kmEast; // in a degree, at least

  private int[] rows;
  private int room;
  private int i;
  private long[] proofs;
  private double km;

  Sight(Query query, Weeks weeks) {
    this.weeks = weeks;
    this.query = query;
    skills = Skill.mask(query.skills());
    languages = SpokenLanguage.mask(query.languages());
    skillNumbers = query.skills().stream().mapToInt(Skill::ordinal).toArray();
    languageNumbers = query.languages().stream().mapToInt(SpokenLanguage::ordinal).toArray();
    skillsAt = new int[skillNumbers.length];
    languagesAt = new int[languageNumbers.length];
    hours = Week.of(query.startsAt(), query.endsAt(), query.limits().zone());
    startsAt = Columns.seconds(query.startsAt());
    endsAt = Columns.seconds(query.endsAt());
    now = Columns.seconds(query.now());
    rest = (int) query.limits().rest().toSeconds();
    gap = (int) query.limits().gap().toSeconds();
    var today = LocalDate.ofInstant(query.now(), query.limits().zone());
    bornLatest = (int) today.minusYears(query.limits().ageLeast()).toEpochDay();
    endsOn = LocalDate.ofInstant(query.endsAt(), query.limits().zone());
    lastDay = (int) endsOn.toEpochDay();
    var latitude = Math.abs(query.place().lat());
    var farthest = Math.min(90, latitude + query.reachKm() / KM_IN_DEGREE);
    kmEast = KM_IN_DEGREE * SHORTEST * Math.sqrt(cosine(latitude) * cosine(farthest));
    blocked = query.blocked().keySet().stream().mapToLong(Long::longValue).sorted().toArray();
  }

  /** Turns to a cell; says whether anybody may have the skills and a language asked for. */
  boolean turnTo(Cell cell) {
    if (!cell.mayHave(skills, languages)) return false;
    if (!cell.isOneBlock()) cell.find(skillNumbers, languageNumbers, skillsAt, languagesAt);
    return true;
  }

  /** Which people of a block of the cell have the skills and a language asked for, by bits. */
  long among(Cell cell, int block) {
    return cell.isOneBlock()
        ? cell.blocks[block].having(skills, languages)
        : cell.having(skillsAt, languagesAt, block);
  }

  /** Looks at one of the people of a block. */
  void look(int[] all, int places, int index, long[] theirProofs) {
    rows = all;
    room = places;
    i = index;
    proofs = theirProofs;
    km = Double.NaN;
  }

  /** Copies the person in sight to where there is room for one. */
  void copyTo(int[] copies, int begin) {
    Columns.copy(rows, room, i, copies, begin, 1, 0);
  }

  /** True when every rule allows to ask this person. */
  boolean isEligible() {
    return Rule.allHold(this);
  }

  /**
   * True when the person in sight is surely farther than this, or out of reach: no more than a few
   * multiplications, where the distance itself needs sines.
   */
  boolean isBeyond(double most) {
    var east = Math.abs(lon() - query.place().lon());
    if (east > NEAR_DEGREES) return false;
    var kmNorth = (lat() - query.place().lat()) * KM_IN_DEGREE * SHORTEST;
    return kmNorth * kmNorth + east * east * kmEast * kmEast > most * most;
  }

  private static double cosine(double degrees) {
    return Math.max(0, Math.cos(Math.toRadians(degrees)));
  }

  /** The first rule that forbids to ask this person. */
  Optional<Rule> firstBroken() {
    for (var rule : Rule.ALL) {
      if (!rule.holds(this)) return Optional.of(rule);
    }
    return Optional.empty();
  }

  VolunteerId volunteer() {
    return new VolunteerId(id());
  }

  long id() {
    return Columns.id(rows, room, i);
  }

  double km() {
    if (Double.isNaN(km)) {
      var place = query.place();
      km = Point.km(place.lon(), place.lat(), lon(), lat());
    }
    return km;
  }

  long personSkills() {
    return Columns.whole(column(Columns.SKILLS_LOW), column(Columns.SKILLS_HIGH));
  }

  int personLanguages() {
    return column(Columns.LANGUAGES);
  }

  boolean has(int flag) {
    return (detail(Columns.HOURS) & flag) != 0;
  }

  boolean isFree() {
    return weeks.get(detail(Columns.HOURS) >>> Columns.FLAG_BITS).contains(hours);
  }

  int pausedUntil() {
    return detail(Columns.PAUSED_UNTIL);
  }

  int busyFrom() {
    return detail(Columns.BUSY_FROM);
  }

  int busyUntil() {
    return detail(Columns.BUSY_UNTIL);
  }

  int lastAsked() {
    return detail(Columns.LAST_ASKED);
  }

  int born() {
    return Columns.born(detail(Columns.FATIGUE));
  }

  double lon() {
    return Columns.decimal(detail(Columns.LON));
  }

  double lat() {
    return Columns.decimal(detail(Columns.LAT));
  }

  /** The organisation they belong to, or 0. */
  long organisation() {
    return detail(Columns.ORGANISATION);
  }

  /** The last day on which each skill is proven. */
  Map<Skill, LocalDate> qualifiedUntil() {
    return proofs.length == 0 ? Map.of() : Proofs.toMap(Proofs.only(proofs, i));
  }

  /** Whether what is on file of each skill that is asked for does until after the end. */
  boolean isQualified() {
    return Proofs.allow(proofs, i, skills, query.proof(), lastDay);
  }

  boolean isBlocked() {
    return blocked.length > 0 && Arrays.binarySearch(blocked, organisation()) >= 0;
  }

  /** How tired they were when they were last in contact with us. */
  double fatigueThen() {
    return Columns.fatigue(detail(Columns.FATIGUE));
  }

  double fatigue() {
    var age = Math.max(0L, (long) now - detail(Columns.CONTACT_AT));
    return fatigueThen() * Math.exp(-age / FADES_IN_SECONDS);
  }

  /** Somebody who was copied at this index. */
  Candidate candidate(int[] copies, int at, double far) {
    var details = at + Columns.COLUMNS;
    return new Candidate(
        new VolunteerId(Integer.toUnsignedLong(copies[details + Columns.ID])),
        far,
        query.limits().travel(far),
        Columns.whole(copies[at + Columns.SKILLS_LOW], copies[at + Columns.SKILLS_HIGH]),
        copies[at + Columns.LANGUAGES],
        Columns.history(copies, at).at(query.now()),
        Columns.instant(copies[details + Columns.BUSY_UNTIL]),
        Columns.instant(copies[details + Columns.LAST_ASKED]));
  }

  private int column(int column) {
    return rows[column * room + i];
  }

  private int detail(int detail) {
    return Columns.detail(rows, room, i, detail);
  }
}
