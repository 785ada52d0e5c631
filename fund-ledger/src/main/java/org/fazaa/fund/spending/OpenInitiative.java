package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** Opens an initiative of a fund and proposes its first budget. */
public final class OpenInitiative {
  private static final int NAME_MAX = 200;

  /**
   * @param key made by the caller before the first attempt, unique among callers
   * @param why the budget is as it is
   */
  public record Draft(String key, FundId fund, Words name, Money budget, String why, long by) {}

  public sealed interface Outcome {
    record Opened(long initiative) implements Outcome {}

    record AlreadyOpened(long initiative) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.KEY_USED;
      }
    }

    record NoSuchFund(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchFund(fund);
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

  private OpenInitiative() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var fund = Funds.find(tx, draft.fund());
    if (fund.isEmpty()) {
      return new Outcome.NoSuchFund(draft.fund());
    }
    var flaws = flaws(fund.get(), draft);
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var officer = Officer.in(tx, draft.by(), EnterAccreditation.OFFICES, now);
    return officer.isEmpty() ? new Outcome.NotAllowed() : open(tx, draft, officer.get(), now);
  }

  static List<Flaw> flaws(Fund fund, Draft draft) {
    return ProposeBudget.flaws(fund.currency(), draft.budget(), draft.why())
        .key(draft.key())
        .words("name", draft.name(), NAME_MAX)
        .found();
  }

  private static Outcome open(SqlConnection tx, Draft draft, Officer officer, Instant now) {
    var hash =
        Content.hash(draft.fund().value(), draft.name(), draft.budget(), draft.why(), draft.by());
    var fields =
        Tuple.of(
            draft.fund().value(),
            draft.name().ar(),
            draft.name().en(),
            draft.by(),
            officer.office().tag(),
            Database.utc(officer.since()),
            Database.utc(now),
            draft.key(),
            hash);
    var opened = tx.preparedQuery(OPEN).execute(fields).await();
    if (opened.size() == 0) {
      var first = tx.preparedQuery(FIND_FIRST).execute(Tuple.of(draft.key())).await();
      var row = first.iterator().next();
      return row.getBuffer("request_hash").equals(hash)
          ? new Outcome.AlreadyOpened(row.getLong("id"))
          : new Outcome.DiffersFromFirst();
    }
    long id = opened.iterator().next().getLong(0);
    ProposeBudget.write(tx, id, 1, draft.budget(), draft.why(), officer, now);
    return new Outcome.Opened(id);
  }

  private static final String OPEN =
      """
      INSERT INTO fund.initiative
        (fund, name_ar, name_en, opened_by, office, since, opened_at, idem_key, request_hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (idem_key) DO NOTHING RETURNING id\
      """;

  private static final String FIND_FIRST =
      "SELECT id, request_hash FROM fund.initiative WHERE idem_key = $1";
}
