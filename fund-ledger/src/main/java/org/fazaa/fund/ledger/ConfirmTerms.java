package org.fazaa.fund.ledger;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Terms.What;

/** A second officer confirms a change of what a fund says, which holds from then on. */
public final class ConfirmTerms {
  private static final List<Office> OFFICES = List.of(Office.APPROVER, Office.TREASURER);

  public record Draft(FundId fund, long change, long by) {}

  public sealed interface Outcome {
    record Confirmed() implements Outcome {}

    record AlreadyConfirmed() implements Outcome {}

    record NoSuchChange(long change) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا تعديل برقم " + change + " على هذا الصندوق: راجع الرقم",
            "This fund has no change " + change + ": check the number");
      }
    }

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "التأكيد للمعتمِد وأمين الصندوق: اطلب ذلك من أحدهما",
            "Approvers and treasurers confirm: ask one of them");
      }
    }

    record OwnProposal() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "كتبتَ هذا بنفسك: يجب أن يؤكده شخص آخر",
            "You wrote this yourself: somebody else must confirm it");
      }
    }

    record Overtaken() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "سبق هذا التعديل تعديل آخر، أو مضى يومه: اقترح تعديلًا جديدًا",
            "Another change came before this one, or its day is over: propose a new one");
      }
    }
  }

  private ConfirmTerms() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    tx.preparedQuery(LOCK).execute(Tuple.of(draft.by(), draft.fund().value())).await();
    var terms = Terms.find(tx, draft.fund());
    var change =
        terms.flatMap(
            found -> found.changes().stream().filter(c -> c.id() == draft.change()).findFirst());
    if (change.isEmpty()) {
      return new Outcome.NoSuchChange(draft.change());
    }
    var officer = Officer.in(tx, draft.by(), OFFICES, now);
    var open = Funds.find(tx, draft.fund()).orElseThrow().open();
    var today = LocalDate.ofInstant(now, Terms.ZONE);
    var outcome = decide(terms.get(), change.get(), draft.by(), officer.isPresent(), open, today);
    if (outcome instanceof Outcome.Confirmed) {
      confirm(tx, change.get(), officer, now);
    }
    return outcome;
  }

  static Outcome decide(
      Terms terms, Terms.Change change, long by, boolean inOffice, boolean open, LocalDate today) {
    if (!inOffice) {
      return new Outcome.NotAllowed();
    }
    if (change.confirmedBy().isPresent()) {
      return new Outcome.AlreadyConfirmed();
    }
    if (change.proposedBy() == by) {
      return new Outcome.OwnProposal();
    }
    return stands(terms, change, open, today) ? new Outcome.Confirmed() : new Outcome.Overtaken();
  }

  private static boolean stands(Terms terms, Terms.Change change, boolean open, LocalDate today) {
    return switch (change.what()) {
      case What.AddRule(var use) ->
          terms.inForce().stream().noneMatch(rule -> rule.use().equals(use));
      case What.EndRule(var rule) -> terms.inForce().stream().anyMatch(one -> one.id() == rule);
      case What.ClosingDay(var day) ->
          open
              && !day.isBefore(today)
              && terms.changes().stream()
                  .noneMatch(
                      later ->
                          later.id() > change.id()
                              && later.what() instanceof What.ClosingDay
                              && later.confirmedBy().isPresent());
    };
  }

  private static void confirm(
      SqlConnection tx, Terms.Change change, Optional<Officer> officer, Instant now) {
    var fields =
        Tuple.of(
            change.id(),
            change.proposedBy(),
            officer.orElseThrow().account(),
            officer.orElseThrow().office().tag(),
            Database.utc(officer.orElseThrow().since()),
            Database.utc(now));
    tx.preparedQuery(CONFIRM).execute(fields).await();
  }

  // The order in which a payment takes the same locks: first the officer's, then the fund's.
  private static final String LOCK = "SELECT fund.lock_terms($1, $2)";

  private static final String CONFIRM =
      """
      INSERT INTO fund.terms_confirmation
        (change, proposed_by, confirmed_by, office, since, confirmed_at)
      VALUES ($1, $2, $3, $4, $5, $6)\
      """;
}
