package org.fazaa.dispatcher.people;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Somebody saw the proof of a volunteer's skill. The latest word on a skill is the one that counts,
 * so a proof that was lost is verified anew with a day that is over. Who has proven a skill has it.
 */
public final class VerifyQualification {

  /**
   * What was written, unchecked.
   *
   * @param until {@code 2027-06-30}, the last day; empty when it has no end
   */
  public record Draft(String skill, String until, String proof) {}

  public sealed interface Outcome {
    record Verified(Qualification qualification) implements Outcome {}

    record NoSuchVolunteer() implements Outcome {}

    record Incomplete(List<Flaw> flaws) implements Outcome {}
  }

  private static final int PROOF_LENGTH_MAX = 300;
  private static final LocalDate FIRST_DAY = LocalDate.of(1950, 1, 1);
  private static final LocalDate LAST_DAY = LocalDate.of(2199, 12, 31);

  private VerifyQualification() {}

  public static Outcome run(
      SqlConnection tx, VolunteerId id, long byAccount, Draft draft, Instant now) {
    var flaws = check(draft);
    if (!flaws.isEmpty()) return new Outcome.Incomplete(flaws);
    var until = until(draft.until).orElseThrow();
    var skill = Skill.of(draft.skill).orElseThrow();
    var has = Tuple.of(id.value(), skill.code());
    if (tx.preparedQuery(LOCK).execute(Tuple.of(id.value())).await().size() == 0) {
      return new Outcome.NoSuchVolunteer();
    }
    var proof = draft.proof.strip();
    var row = Tuple.of(id.value(), skill.code(), until.orElse(null), proof, byAccount, utc(now));
    tx.preparedQuery(WRITE).execute(row).await();
    tx.preparedQuery(ADD_SKILL).execute(has).await();
    return new Outcome.Verified(new Qualification(id, skill, until, proof, byAccount, now));
  }

  static List<Flaw> check(Draft draft) {
    var flaws = new ArrayList<Flaw>();
    var skill = draft.skill == null ? "" : draft.skill;
    if (Skill.of(skill).isEmpty()) flaws.add(new Flaw("skill", SKILL_EN, SKILL_AR));
    if (until(draft.until).isEmpty()) flaws.add(new Flaw("valid_until", UNTIL_EN, UNTIL_AR));
    var proof = draft.proof == null ? "" : draft.proof.strip();
    if (proof.isEmpty() || proof.length() > PROOF_LENGTH_MAX) {
      flaws.add(new Flaw("proof", PROOF_EN, PROOF_AR));
    }
    return List.copyOf(flaws);
  }

  // Empty when it cannot be read, an empty Optional inside when nothing was written.
  private static Optional<Optional<LocalDate>> until(String written) {
    if (written == null || written.isBlank()) return Optional.of(Optional.empty());
    return lastDay(written.strip()).map(Optional::of);
  }

  /** The last day of a qualification; empty when it cannot be one. */
  static Optional<LocalDate> lastDay(String written) {
    try {
      var day = LocalDate.parse(written);
      var possible = !day.isBefore(FIRST_DAY) && !day.isAfter(LAST_DAY);
      return possible ? Optional.of(day) : Optional.empty();
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  private static final String SKILL_EN = "Choose a skill of the list at /api/skills.";
  private static final String SKILL_AR = "اختر مهارة من القائمة ‎/api/skills.";
  private static final String UNTIL_EN =
      "Write the last day as year-month-day, like 2027-06-30, or leave it empty if it has no end.";
  private static final String UNTIL_AR =
      "اكتب آخر يوم: سنة-شهر-يوم، مثل 2027-06-30، أو اتركه فارغًا إن لم تكن له نهاية.";
  private static final String PROOF_EN =
      "Write what you saw, such as the licence and its number: 1 to 300 characters.";
  private static final String PROOF_AR = "اكتب ما رأيته، مثل الرخصة ورقمها: من حرف إلى 300 حرف.";

  private static final String LOCK =
      "SELECT id FROM dispatch.volunteer WHERE id = $1 FOR NO KEY UPDATE";

  private static final String WRITE =
      """
      INSERT INTO dispatch.qualification
        (volunteer, skill, valid_until, proof, verified_by, verified_at)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (volunteer, skill) DO UPDATE SET valid_until = excluded.valid_until,
        proof = excluded.proof, verified_by = excluded.verified_by,
        verified_at = excluded.verified_at\
      """;

  private static final String ADD_SKILL =
      """
      UPDATE dispatch.volunteer SET skills = array_append(skills, $2::text)
      WHERE id = $1 AND NOT $2::text = ANY (skills)\
      """;
}
