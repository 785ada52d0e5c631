package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * An officer enters how long a partner is accredited. It counts once another officer has confirmed
 * it; a later one takes its place, even to end it sooner.
 */
public final class EnterAccreditation {
  static final List<Office> OFFICES = List.of(Office.REQUESTER, Office.APPROVER, Office.TREASURER);

  private static final int AUTHORITY_MAX = 200;
  private static final int LICENCE_MAX = 100;

  public record Draft(
      PayeeId payee, String authority, String licence, LocalDate from, LocalDate until, long by) {}

  public sealed interface Outcome {
    record Entered(int n) implements Outcome {}

    /** The latest says just this. */
    record AlreadyEntered(int n) implements Outcome {}

    record NoSuchPayee(PayeeId payee) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchPayee(payee);
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

  private EnterAccreditation() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = flaws(draft);
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var officer = Officer.in(tx, draft.by(), OFFICES, now);
    if (officer.isEmpty()) {
      return new Outcome.NotAllowed();
    }
    Payees.lock(tx);
    var payee = Payees.find(tx, draft.payee());
    if (payee.isEmpty()) {
      return new Outcome.NoSuchPayee(draft.payee());
    }
    var latest = payee.get().accreditation();
    return latest.filter(one -> says(one, draft)).isPresent()
        ? new Outcome.AlreadyEntered(latest.get().n())
        : enter(tx, draft, latest, officer.get(), now);
  }

  static List<Flaw> flaws(Draft draft) {
    return new Flaws()
        .text("authority", draft.authority(), AUTHORITY_MAX)
        .text("licence", draft.licence(), LICENCE_MAX)
        .unless(
            !draft.until().isBefore(draft.from()),
            "until",
            "نهاية الاعتماد قبل بدايته: صحح التاريخين",
            "It ends before it begins: correct the dates")
        .found();
  }

  private static boolean says(Accreditation one, Draft draft) {
    return one.authority().equals(draft.authority())
        && one.licence().equals(draft.licence())
        && one.from().equals(draft.from())
        && one.until().equals(draft.until());
  }

  private static Outcome enter(
      SqlConnection tx, Draft draft, Optional<Accreditation> latest, Officer officer, Instant now) {
    int n = latest.map(Accreditation::n).orElse(0) + 1;
    var fields =
        Tuple.of(
            draft.payee().value(),
            n,
            draft.authority(),
            draft.licence(),
            draft.from(),
            draft.until(),
            draft.by(),
            officer.office().tag(),
            Database.utc(officer.since()),
            Database.utc(now));
    tx.preparedQuery(ENTER).execute(fields).await();
    return new Outcome.Entered(n);
  }

  private static final String ENTER =
      """
      INSERT INTO fund.accreditation
        (payee, n, authority, licence, valid_from, valid_until, entered_by, office, since,
         entered_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)\
      """;
}
