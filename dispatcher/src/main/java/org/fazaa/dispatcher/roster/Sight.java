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

  private final Weeks weeks;
  private final int skillsLow;
  private final int skillsHigh;

  private int[] rows;
  private int at;
  private int room;
  private int i;
  private long[] proofs;
  private double km;

  Sight(Query query, Weeks weeks) {
    this.weeks = weeks;
    this.query = query;
    skills = Skill.mask(query.skills());
    skillsLow = (int) skills;
    skillsHigh = (int) (skills >>> 32);
    languages = SpokenLanguage.mask(query.languages());
    hours = Week.of(query.startsAt(), query.endsAt(), query.limits().zone());
    startsAt = Columns.seconds(query.startsAt());
    endsAt = Columns.seconds(query.endsAt());
    now = Columns.seconds(query.now());
    rest = (int) query.limits().rest().toSeconds();
    gap = (int) query.limits().gap().toSeconds();
    var today = LocalDate.ofInstant(query.now(), query.limits().zone());
    bornLatest = (int) today.minusYears(query.limits().ageLeast()).toEpochDay();
  }

  /** Whether anybody of a block may have the skills and a language that are asked for. */
  boolean mayBeIn(Block block) {
    return (block.skills & skills) == skills
        && (languages == 0 || (block.languages & languages) != 0);
  }

  /**
   * The first from {@code from} on whom skills and language do not turn away, or {@code end}. The
   * rules say the same of them; this only passes the others over without a look at each rule.
   */
  int next(int[] all, int places, int from, int end) {
    for (var one = from; one < end; one++) {
      if ((all[one] & skillsLow) == skillsLow
          && (skillsHigh == 0 || (all[places + one] & skillsHigh) == skillsHigh)
          && (languages == 0 || (all[Columns.LANGUAGES * places + one] & languages) != 0)) {
        return one;
      }
    }
    return end;
  }

  /** Looks at one of the people of a block. */
  void look(int[] all, int places, int index, long[] theirProofs) {
    rows = all;
    at = 0;
    room = places;
    i = index;
    proofs = theirProofs;
    km = Double.NaN;
  }

  /** Looks at a person who was copied out of their block. */
  void lookAtCopy(int[] copies, int begin, long[] own) {
    look(copies, 1, 0, own);
    at = begin;
  }

  /** Copies the person in sight to where there is room for one. */
  void copyTo(int[] copies, int begin) {
    Columns.copy(rows, at, room, i, copies, begin, 1, 0);
  }

  /** True when every rule allows to ask this person. */
  boolean isEligible() {
    return Rule.allHold(this);
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
    return Columns.id(rows, at, room, i);
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
    return (column(Columns.HOURS) & flag) != 0;
  }

  boolean isFree() {
    return weeks.get(column(Columns.HOURS) >>> Columns.FLAG_BITS).contains(hours);
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
    return detail(Columns.BORN);
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

  /** How tired they were when they were last in contact with us. */
  double fatigueThen() {
    return Columns.decimal(detail(Columns.FATIGUE));
  }

  double fatigue() {
    var age = Math.max(0L, (long) now - detail(Columns.CONTACT_AT));
    return fatigueThen() * Math.exp(-age / FADES_IN_SECONDS);
  }

  Candidate candidate() {
    return new Candidate(
        volunteer(),
        km(),
        query.limits().travel(km()),
        personSkills(),
        personLanguages(),
        Columns.history(rows, at, room, i).at(query.now()),
        Columns.instant(busyUntil()),
        Columns.instant(lastAsked()));
  }

  private int column(int column) {
    return rows[at + column * room + i];
  }

  private int detail(int detail) {
    return rows[at + Columns.COLUMNS * room + i * Columns.DETAILS + detail];
  }
}
