package org.fazaa.dispatcher.roster;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;

/**
 * What the roster knows of a volunteer: what the choice goes by, neither name nor phone.
 *
 * @param skills bits of {@link Skill}
 * @param languages bits of {@link org.fazaa.dispatcher.people.SpokenLanguage}
 * @param organisation the one they belong to, or 0
 * @param qualifiedUntil the last day on which a skill is proven; {@link LocalDate#MAX} when the
 *     proof has no end. Empty for nearly everybody
 */
public record Person(
    VolunteerId id,
    Point place,
    long skills,
    int languages,
    Week hours,
    boolean active,
    boolean consented,
    boolean stopped,
    Optional<LocalDate> born,
    Optional<Instant> pausedUntil,
    Optional<Instant> busyFrom,
    Optional<Instant> busyUntil,
    Optional<Instant> lastAsked,
    History history,
    long organisation,
    Map<Skill, LocalDate> qualifiedUntil) {}
