package org.fazaa.dispatcher.people;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;

/**
 * Somebody who offered to come when called.
 *
 * @param language what texts to them are written in
 * @param languages what they speak
 * @param ways by which they want to be reached, best first; empty where they have not said
 * @param failingWays those that did not reach them last time
 * @param organisation the code of the organisation that vouches for them
 * @param consentedAt when they agreed to be texted
 * @param stoppedAt since when they want no texts at all
 * @param unreachableAt since when no text reaches them: by their carrier's word, or because the
 *     phone is somebody else's
 * @param pausedUntil their own pause
 * @param busyFrom from the start of what they have said yes to
 */
public record Volunteer(
    VolunteerId id,
    String name,
    Phone phone,
    Language language,
    Set<SpokenLanguage> languages,
    Set<Skill> skills,
    Point place,
    Optional<LocalDate> born,
    Week hours,
    List<Way> ways,
    Set<Way> failingWays,
    Optional<String> organisation,
    boolean active,
    Optional<Instant> consentedAt,
    Optional<Instant> stoppedAt,
    Optional<Instant> unreachableAt,
    Optional<Instant> pausedUntil,
    Optional<Instant> busyFrom,
    Optional<Instant> busyUntil,
    Optional<Instant> lastAskedAt,
    History history,
    Instant registeredAt) {

  /** What choosing a way to them goes by. */
  public Ways.Person reached() {
    return new Ways.Person(phone, ways, failingWays);
  }

  /** Whether they want texts, and texts reach them. */
  public boolean takesTexts() {
    return stoppedAt.isEmpty() && unreachableAt.isEmpty();
  }
}
