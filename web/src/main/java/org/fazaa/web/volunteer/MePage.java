package org.fazaa.web.volunteer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;

/**
 * A volunteer's own page: what we know of them, and what is theirs to change.
 *
 * @param token what its forms carry
 * @param free the days on which they can be called; empty when that is always
 * @param days from Sunday, as the form of the hours is filled in
 * @param blocked how to get texts again from an operator that holds them back
 * @param flaw why what was sent did not do
 */
record MePage(
    String token,
    String name,
    String phone,
    List<String> skills,
    List<String> languages,
    String area,
    List<Day> free,
    List<Day> days,
    Pause pause,
    Instant since,
    List<Promise> promises,
    List<NotAsked> notAsked,
    boolean takesTexts,
    Optional<String> blocked,
    String language,
    List<Choice> textLanguages,
    Optional<String> flaw) {

  /** When they can be called on a day, from 0 for Sunday, like {@code 8-12, 16-23}. */
  record Day(int number, String name, String hours) {}

  /**
   * @param until when they can be asked again, in words; empty while they do not pause
   */
  record Pause(Optional<String> until, List<Choice> choices) {}

  /** A place, or one on standby; {@code link} leads to its answer page. */
  record Promise(
      String title, String place, Instant startsAt, Instant endsAt, boolean standby, String link) {}

  /** Something near them that they were not asked for; {@code place} is only its town. */
  record NotAsked(String title, String place, Instant startsAt, Instant endsAt, List<String> why) {}
}
