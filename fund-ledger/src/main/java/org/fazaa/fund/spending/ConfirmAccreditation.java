package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** A second officer confirms the accreditation of a partner that another has entered. */
public final class ConfirmAccreditation {
  static final List<Office> OFFICES = List.of(Office.APPROVER, Office.TREASURER);

  /**
   * @param n the one that the officer saw
   */
  public record Draft(PayeeId payee, int n, long by) {}

  public sealed interface Outcome {
    record Confirmed(Accreditation accreditation) implements Outcome {}

    record AlreadyConfirmed(Accreditation accreditation) implements Outcome {}

    record NoSuchPayee(PayeeId payee) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchPayee(payee);
      }
    }

    record NotAllowed() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.OFFICERS_CONFIRM;
      }
    }

    record OwnEntry() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.ANOTHER_CONFIRMS;
      }
    }

    record VersionMoved(int current) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.moved(current);
      }
    }
  }

  private ConfirmAccreditation() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    Payees.lock(tx);
    var payee = Payees.find(tx, draft.payee());
    if (payee.isEmpty()) {
      return new Outcome.NoSuchPayee(draft.payee());
    }
    var officer = Officer.in(tx, draft.by(), OFFICES, now);
    var outcome = decide(payee.get().accreditation(), draft, officer.isPresent());
    if (outcome instanceof Outcome.Confirmed(var accreditation)) {
      confirm(tx, draft, accreditation, officer.orElseThrow(), now);
    }
    return outcome;
  }

  static Outcome decide(Optional<Accreditation> latest, Draft draft, boolean inOffice) {
    if (!inOffice) {
      return new Outcome.NotAllowed();
    }
    if (latest.filter(one -> one.n() == draft.n()).isEmpty()) {
      return new Outcome.VersionMoved(latest.map(Accreditation::n).orElse(0));
    }
    if (latest.get().confirmed()) {
      return new Outcome.AlreadyConfirmed(latest.get());
    }
    return latest.get().enteredBy() == draft.by()
        ? new Outcome.OwnEntry()
        : new Outcome.Confirmed(latest.get());
  }

  private static void confirm(
      SqlConnection tx, Draft draft, Accreditation entered, Officer officer, Instant now) {
    var fields =
        Tuple.of(
            draft.payee().value(),
            draft.n(),
            entered.enteredBy(),
            draft.by(),
            officer.office().tag(),
            Database.utc(officer.since()),
            Database.utc(now));
    tx.preparedQuery(CONFIRM).execute(fields).await();
  }

  private static final String CONFIRM =
      """
      INSERT INTO fund.accreditation_confirmation
        (payee, n, entered_by, confirmed_by, office, since, confirmed_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)\
      """;
}
