package org.fazaa.fund.spending;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * An officer proposes how many approvals amounts of a currency shall need. Nothing changes before
 * another officer confirms it.
 */
public final class ProposePolicy {
  private static final int WHY_MAX = 1_000;
  private static final int STEPS_MAX = 20;
  private static final int NEEDED_MIN = 2;
  private static final int NEEDED_MAX = 9;

  /**
   * @param key made by the caller before the first attempt, unique among callers
   * @param steps the first of them from 0, each for a larger amount
   */
  public record Draft(
      String key, Currency currency, List<Policy.Step> steps, String why, long by) {}

  public sealed interface Outcome {
    record Proposed(int version) implements Outcome {}

    record AlreadyProposed(int version) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.KEY_USED;
      }
    }

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.OFFICERS_PROPOSE;
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private ProposePolicy() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = flaws(draft, keeps(tx, draft.currency()));
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var officer = Officer.in(tx, draft.by(), EnterAccreditation.OFFICES, now);
    if (officer.isEmpty()) {
      return new Outcome.NotAllowed();
    }
    Policies.lock(tx);
    var hash = Content.hash(draft.currency(), draft.steps(), draft.why(), draft.by());
    return first(tx, draft.key(), hash)
        .orElseGet(() -> propose(tx, draft, hash, officer.get(), now));
  }

  static List<Flaw> flaws(Draft draft, boolean currencyKept) {
    var steps = draft.steps();
    boolean rising = !steps.isEmpty() && steps.getFirst().fromMinor() == 0;
    boolean met = true;
    for (int i = 0; i < steps.size(); i++) {
      rising &= i == 0 || steps.get(i).fromMinor() > steps.get(i - 1).fromMinor();
      met &= steps.get(i).needed() >= NEEDED_MIN && steps.get(i).needed() <= NEEDED_MAX;
    }
    return new Flaws()
        .key(draft.key())
        .text("why", draft.why(), WHY_MAX)
        .unless(
            currencyKept,
            "currency",
            "لا نمسك حسابات بهذه العملة: اختر عملة أخرى مثل SAR",
            "We keep no books in this currency: choose another, such as SAR")
        .unless(
            rising && steps.size() <= STEPS_MAX,
            "steps",
            "ابدأ من صفر ثم زد المبلغ في كل درجة، ولا تزد على " + STEPS_MAX + " درجة",
            "Begin at zero, raise the amount with each step, at most " + STEPS_MAX + " steps")
        .unless(
            met,
            "steps",
            "لكل مبلغ اعتمادان على الأقل وتسعة على الأكثر",
            "Every amount needs two approvals at least and nine at most")
        .found();
  }

  private static boolean keeps(SqlConnection tx, Currency currency) {
    var code = Tuple.of(currency.getCurrencyCode());
    return tx.preparedQuery(FIND_CURRENCY).execute(code).await().size() == 1;
  }

  private static Optional<Outcome> first(SqlConnection tx, String key, Buffer hash) {
    return tx.preparedQuery(FIND_FIRST).execute(Tuple.of(key)).await().stream()
        .map(
            row ->
                row.getBuffer("request_hash").equals(hash)
                    ? new Outcome.AlreadyProposed(row.getInteger("version"))
                    : (Outcome) new Outcome.DiffersFromFirst())
        .findFirst();
  }

  private static Outcome propose(
      SqlConnection tx, Draft draft, Buffer hash, Officer officer, Instant now) {
    var fields =
        Tuple.of(
            draft.currency().getCurrencyCode(),
            draft.by(),
            officer.office().tag(),
            Database.utc(officer.since()),
            Database.utc(now),
            draft.why(),
            draft.key(),
            hash);
    int version = tx.preparedQuery(PROPOSE).execute(fields).await().iterator().next().getInteger(0);
    var steps =
        Tuple.of(
            version,
            draft.currency().getCurrencyCode(),
            draft.steps().stream().map(Policy.Step::fromMinor).toArray(Long[]::new),
            draft.steps().stream().map(Policy.Step::needed).toArray(Integer[]::new));
    tx.preparedQuery(ADD_STEPS).execute(steps).await();
    return new Outcome.Proposed(version);
  }

  private static final String FIND_CURRENCY = "SELECT FROM fund.currency WHERE code = $1";

  private static final String FIND_FIRST =
      "SELECT version, request_hash FROM fund.policy_version WHERE idem_key = $1";

  private static final String PROPOSE =
      """
      INSERT INTO fund.policy_version
        (version, currency, proposed_by, office, since, proposed_at, why, idem_key, request_hash)
      SELECT max(version) + 1, $1, $2, $3, $4, $5, $6, $7, $8 FROM fund.policy_version
      RETURNING version\
      """;

  private static final String ADD_STEPS =
      """
      INSERT INTO fund.approval_policy (version, currency, from_minor, needed)
      SELECT $1, $2, s.from_minor, s.needed
      FROM unnest($3::bigint[], $4::int[]) AS s (from_minor, needed)\
      """;
}
