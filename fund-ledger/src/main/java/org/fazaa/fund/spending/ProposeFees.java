package org.fazaa.fund.spending;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.ledger.Words;

/**
 * An officer proposes who shall bear what card providers keep. Nothing changes before another
 * officer confirms it.
 */
public final class ProposeFees {
  private static final int WHY_MAX = 1_000;

  /**
   * @param key made by the caller before the first attempt, unique among callers
   * @param operatorFund the unrestricted fund that bears them; absent where each fund bears its own
   */
  public record Draft(String key, Optional<FundId> operatorFund, String why, long by) {}

  public sealed interface Outcome {
    record Proposed(long id) implements Outcome {}

    record AlreadyProposed(long id) implements Outcome {}

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

    record NoSuchFund(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchFund(fund);
      }
    }

    record Restricted() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "مال هذا الصندوق مقيد بغرضه: اختر صندوقًا غير مقيد",
            "This fund's money is for its purpose alone: choose an unrestricted fund");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private ProposeFees() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = new Flaws().key(draft.key()).text("why", draft.why(), WHY_MAX).found();
    if (!flaws.isEmpty()) return new Outcome.Invalid(flaws);
    var officer = Officer.in(tx, draft.by(), EnterAccreditation.OFFICES, now);
    if (officer.isEmpty()) return new Outcome.NotAllowed();
    FeePolicy.lock(tx);
    var hash = Content.hash(draft.operatorFund(), draft.why(), draft.by());
    var first = first(tx, draft.key(), hash);
    if (first.isPresent()) return first.get();
    var refused = draft.operatorFund().flatMap(id -> refused(id, Funds.find(tx, id)));
    return refused.orElseGet(() -> propose(tx, draft, hash, officer.get(), now));
  }

  static Optional<Outcome> refused(FundId id, Optional<Fund> fund) {
    if (fund.isEmpty()) return Optional.of(new Outcome.NoSuchFund(id));
    return fund.get().restriction() == Restriction.UNRESTRICTED
        ? Optional.empty()
        : Optional.of(new Outcome.Restricted());
  }

  private static Optional<Outcome> first(SqlConnection tx, String key, Buffer hash) {
    return tx.preparedQuery(FIND_FIRST).execute(Tuple.of(key)).await().stream()
        .map(
            row ->
                row.getBuffer("request_hash").equals(hash)
                    ? new Outcome.AlreadyProposed(row.getLong("id"))
                    : (Outcome) new Outcome.DiffersFromFirst())
        .findFirst();
  }

  private static Outcome propose(
      SqlConnection tx, Draft draft, Buffer hash, Officer officer, Instant now) {
    var fields =
        Tuple.of(
            draft.operatorFund().map(FundId::value).orElse(null),
            draft.by(),
            officer.office().tag(),
            Database.utc(officer.since()),
            Database.utc(now),
            draft.why(),
            draft.key(),
            hash);
    var row = tx.preparedQuery(PROPOSE).execute(fields).await().iterator().next();
    return new Outcome.Proposed(row.getLong("id"));
  }

  private static final String FIND_FIRST =
      "SELECT id, request_hash FROM fund.fee_proposal WHERE idem_key = $1";

  private static final String PROPOSE =
      """
      INSERT INTO fund.fee_proposal (bearer, operator_fund, proposed_by, office, since, proposed_at,
                                     why, idem_key, request_hash)
      VALUES (CASE WHEN $1::bigint IS NULL THEN 'fund' ELSE 'operator' END, $1, $2, $3, $4, $5, $6,
              $7, $8)
      RETURNING id\
      """;
}
