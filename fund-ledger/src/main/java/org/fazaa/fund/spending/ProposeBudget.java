package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * An officer proposes another budget of an initiative; until it is confirmed the old one counts.
 */
public final class ProposeBudget {
  private static final int WHY_MAX = 1_000;

  public record Draft(long initiative, Money budget, String why, long by) {}

  public sealed interface Outcome {
    record Proposed(int n) implements Outcome {}

    /** The latest proposal says just this. */
    record AlreadyProposed(int n) implements Outcome {}

    record NoSuchInitiative(long initiative) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchInitiative(initiative);
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

  private ProposeBudget() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    Initiatives.lock(tx, draft.initiative());
    var found = Initiatives.find(tx, draft.initiative());
    if (found.isEmpty()) {
      return new Outcome.NoSuchInitiative(draft.initiative());
    }
    var flaws = flaws(found.get().budget().currency(), draft.budget(), draft.why()).found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var officer = Officer.in(tx, draft.by(), EnterAccreditation.OFFICES, now);
    if (officer.isEmpty()) {
      return new Outcome.NotAllowed();
    }
    var waiting = found.get().waiting().filter(one -> says(one, draft));
    if (waiting.isPresent()) {
      return new Outcome.AlreadyProposed(waiting.get().n());
    }
    int n = found.get().budgets().size() + 1;
    write(tx, draft.initiative(), n, draft.budget(), draft.why(), officer.get(), now);
    return new Outcome.Proposed(n);
  }

  static Flaws flaws(Currency currency, Money budget, String why) {
    return new Flaws()
        .money("budget", budget)
        .unless(
            budget.currency().equals(currency),
            "budget.currency",
            "هذا الصندوق بعملة " + currency + ": اكتب المبلغ بها",
            "This fund is kept in " + currency + ": give the amount in it")
        .text("why", why, WHY_MAX);
  }

  private static boolean says(Initiative.Budget one, Draft draft) {
    return one.amount().equals(draft.budget())
        && one.why().equals(draft.why())
        && one.proposedBy() == draft.by();
  }

  static void write(
      SqlConnection tx,
      long initiative,
      int n,
      Money budget,
      String why,
      Officer officer,
      Instant now) {
    var fields =
        Tuple.of(
            initiative,
            n,
            budget.minor(),
            why,
            officer.account(),
            officer.office().tag(),
            Database.utc(officer.since()),
            Database.utc(now));
    tx.preparedQuery(PROPOSE).execute(fields).await();
  }

  private static final String PROPOSE =
      """
      INSERT INTO fund.initiative_budget
        (initiative, n, minor, why, proposed_by, office, since, proposed_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)\
      """;
}
