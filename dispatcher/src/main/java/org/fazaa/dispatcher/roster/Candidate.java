package org.fazaa.dispatcher.roster;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Somebody who may be asked, with all that the choice among candidates goes by.
 *
 * @param km as the crow flies
 * @param travel an estimate
 * @param skills bits of {@link org.fazaa.dispatcher.people.Skill}
 * @param languages bits of {@link org.fazaa.dispatcher.people.SpokenLanguage}
 * @param history as it has faded by now
 */
public record Candidate(
    VolunteerId volunteer,
    double km,
    Duration travel,
    long skills,
    int languages,
    History history,
    Optional<Instant> busyUntil,
    Optional<Instant> lastAsked) {}
