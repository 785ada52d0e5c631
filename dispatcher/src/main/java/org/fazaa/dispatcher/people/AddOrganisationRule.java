package org.fazaa.dispatcher.people;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps an organisation's volunteers from being asked from now or later on. Who has been asked
 * already stays asked: what they promised is theirs to keep.
 */
public final class AddOrganisationRule {

  /**
   * @param organisation its code
   * @param from now, if empty
   * @param until for good, if empty
   */
  public record Draft(
      String organisation,
      Set<CallKind> kinds,
      Optional<Instant> from,
      Optional<Instant> until,
      OrganisationRule.Why why) {}

  public sealed interface Outcome {
    record Added(OrganisationRule rule) implements Outcome {}

    record NoSuchOrganisation() implements Outcome {}

    record Incomplete(List<Flaw> flaws) implements Outcome {}
  }

  private static final int WHY_LENGTH_MAX = 200;

  private AddOrganisationRule() {}

  public static Outcome run(SqlConnection tx, long byAccount, Draft draft, Instant now) {
    var organisation = Organisations.find(tx, draft.organisation);
    if (organisation.isEmpty()) return new Outcome.NoSuchOrganisation();
    var flaws = check(draft, now);
    if (!flaws.isEmpty()) return new Outcome.Incomplete(flaws);
    var row =
        Tuple.of(organisation.get())
            .addValue(OrganisationRule.words(draft.kinds))
            .addValue(utc(draft.from.orElse(now)))
            .addValue(draft.until.map(end -> utc(end)).orElse(null))
            .addValue(draft.why.ar().strip())
            .addValue(draft.why.en().strip())
            .addValue(byAccount)
            .addValue(utc(now));
    var added = tx.preparedQuery(INSERT).execute(row).await().iterator().next();
    return new Outcome.Added(OrganisationRule.find(tx, added.getLong("id")).orElseThrow());
  }

  static List<Flaw> check(Draft draft, Instant now) {
    var flaws = new ArrayList<Flaw>();
    if (draft.kinds.isEmpty()) flaws.add(KINDS);
    if (!isSaid(draft.why.ar())) flaws.add(WHY_AR);
    if (!isSaid(draft.why.en())) flaws.add(WHY_EN);
    var begins = draft.from.filter(now::isBefore).orElse(now);
    if (draft.until.isPresent() && !draft.until.get().isAfter(begins)) flaws.add(UNTIL);
    return List.copyOf(flaws);
  }

  private static boolean isSaid(String why) {
    return why != null && !why.isBlank() && why.strip().length() <= WHY_LENGTH_MAX;
  }

  private static final Flaw KINDS =
      new Flaw(
          "kinds",
          "Choose for which calls: life, urgent, planned.",
          "اختر لأي نداء: حياة أو عاجل أو مخطط.");
  private static final Flaw WHY_AR =
      new Flaw(
          "why_ar",
          "Write in Arabic why: 1 to 200 characters.",
          "اكتب السبب بالعربية: من حرف إلى 200 حرف.");
  private static final Flaw WHY_EN =
      new Flaw(
          "why_en",
          "Write in English why: 1 to 200 characters.",
          "اكتب السبب بالإنجليزية: من حرف إلى 200 حرف.");
  private static final Flaw UNTIL =
      new Flaw(
          "until",
          "Write an end after the start and after now, or none.",
          "اكتب نهاية بعد البداية وبعد الآن، أو لا تكتب شيئًا.");

  private static final String INSERT =
      """
      INSERT INTO dispatch.organisation_rule
        (organisation, kinds, from_at, until, why_ar, why_en, added_by, added_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      RETURNING id\
      """;
}
