package org.fazaa.dispatcher.roster;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.fazaa.dispatcher.people.OrganisationRule;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Who is looked for.
 *
 * @param reachKm no further than this from the place, as the crow flies
 * @param area and only in here
 * @param skills all of them
 * @param languages any of them; none means that any language will do
 * @param asked have been asked for the same need already
 * @param held are being asked for something else, and are not to be asked now
 * @param proof only whose skills are proven until after its end
 * @param blocked organisations whose people are not to be asked now, and why
 */
public record Query(
    Point place,
    double reachKm,
    Region area,
    Set<Skill> skills,
    Set<SpokenLanguage> languages,
    Instant startsAt,
    Instant endsAt,
    Limits limits,
    Set<VolunteerId> asked,
    Set<VolunteerId> held,
    Instant now,
    boolean proof,
    Map<Long, OrganisationRule.Why> blocked) {
  public static final double REACH_KM_MAX = 1_000;

  public Query {
    if (!(reachKm > 0 && reachKm <= REACH_KM_MAX)) {
      throw new IllegalArgumentException("reach must be within (0, " + REACH_KM_MAX + "] km");
    }
    if (endsAt.isBefore(startsAt)) throw new IllegalArgumentException("ends before it starts");
  }

  /** The same, and no further than this from the place. */
  public Query within(double km) {
    if (km >= reachKm) return this;
    return new Query(
        place, km, area, skills, languages, startsAt, endsAt, limits, asked, held, now, proof,
        blocked);
  }

  /** By people's own word of their skills, and no organisation in the way. */
  public Query(
      Point place,
      double reachKm,
      Region area,
      Set<Skill> skills,
      Set<SpokenLanguage> languages,
      Instant startsAt,
      Instant endsAt,
      Limits limits,
      Set<VolunteerId> asked,
      Set<VolunteerId> held,
      Instant now) {
    this(
        place, reachKm, area, skills, languages, startsAt, endsAt, limits, asked, held, now, false,
        Map.of());
  }
}
