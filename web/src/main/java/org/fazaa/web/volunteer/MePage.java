package org.fazaa.web.volunteer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.web.Choice;

/**
 * A volunteer's own page: what we know of them, and what is theirs to change.
 *
 * @param token what its forms carry
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
    String hours,
    Instant since,
    List<Promise> promises,
    List<NotAsked> notAsked,
    boolean takesTexts,
    Optional<String> blocked,
    String language,
    List<Choice> textLanguages,
    Optional<String> flaw) {

  /** A place, or one on standby; {@code link} leads to its answer page. */
  record Promise(
      String title, String place, Instant startsAt, Instant endsAt, boolean standby, String link) {}

  /** Something near them that they were not asked for; {@code place} is only its town. */
  record NotAsked(String title, String place, Instant startsAt, Instant endsAt, List<String> why) {}
}
