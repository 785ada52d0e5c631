package org.fazaa.fund.spending;

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
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * A requester proposes to move what is left of a closed fund to another, as the fund said when it
 * was opened. Nothing moves before approvers approve it.
 */
public final class ProposeSurplus {
  private static final int WHY_MAX = 1_000;

  /**
   * @param key made by the caller before the first attempt, unique among callers
   * @param why the decision that it follows
   */
  public record Draft(String key, FundId fund, FundId to, Money amount, String why, long by) {}

  public sealed interface Outcome {
    record Proposed(long move) implements Outcome {}

    record AlreadyProposed(long move) implements Outcome {}

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

    record NotRequester() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "اقتراح نقل الفائض لطالب الصرف: اطلب ذلك من أحدهم",
            "Requesters propose to move a surplus: ask one of them");
      }
    }

    record StillOpen() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "الصندوق ما زال مفتوحًا، ولا فائض قبل إغلاقه: أغلقه أولًا",
            "The fund is still open, and nothing is left over before it is closed: close it first");
      }
    }

    record NotAsSaid() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "قال الصندوق عند افتتاحه إن فائضه يذهب إلى غير هذا: راجع شروطه",
            "When it was opened the fund said that its surplus goes elsewhere: see its terms");
      }
    }

    record LeavesItsClass() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "يبقى المال المقيد في قيده وعملته، ولا يدخل الزكاة والوقف غيرهما: اختر صندوقًا مثله",
            "Restricted money stays in its class and currency, and nothing else enters zakat or"
                + " waqf: choose a fund of the same kind");
      }
    }

    record TooLittle(Money available) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "المتاح غير المحجوز " + available + ": اكتب مبلغًا لا يزيد عليه",
            available + " is free and not reserved: give an amount within it");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private ProposeSurplus() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var fund = Funds.find(tx, draft.fund());
    if (fund.isEmpty()) {
      return new Outcome.NoSuchFund(draft.fund());
    }
    if (Funds.find(tx, draft.to()).isEmpty()) {
      return new Outcome.NoSuchFund(draft.to());
    }
    var flaws = flaws(draft, fund.get());
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    if (!Officer.holds(tx, draft.by(), Office.REQUESTER, now)) {
      return new Outcome.NotRequester();
    }
    var first = tx.preparedQuery(FIND_FIRST).execute(Tuple.of(draft.key())).await().size() > 0;
    var refused = first ? Optional.<Outcome>empty() : refused(tx, draft);
    return refused.orElseGet(() -> propose(tx, draft, now));
  }

  private static List<Flaw> flaws(Draft draft, Fund fund) {
    return RequestDisbursement.inCurrency(new Flaws().key(draft.key()), fund, draft.amount())
        .text("why", draft.why(), WHY_MAX)
        .found();
  }

  private static Optional<Outcome> refused(SqlConnection tx, Draft draft) {
    var fields = Tuple.of(draft.fund().value(), draft.to().value());
    var why = tx.preparedQuery(REFUSED).execute(fields).await().iterator().next().getString(0);
    if (why != null) {
      return Optional.of(
          switch (why) {
            case "surplus_of_closed_fund" -> new Outcome.StillOpen();
            case "surplus_goes_as_said", "surplus_goes_elsewhere" -> new Outcome.NotAsSaid();
            default -> new Outcome.LeavesItsClass();
          });
    }
    var available = Funds.figures(tx, draft.fund()).orElseThrow().available();
    return Optional.<Outcome>of(new Outcome.TooLittle(available))
        .filter(little -> available.minor() < draft.amount().minor());
  }

  private static Outcome propose(SqlConnection tx, Draft draft, Instant now) {
    var hash =
        Content.hash(
            draft.fund().value(), draft.to().value(), draft.amount(), draft.why(), draft.by());
    var fields =
        Tuple.of(
            draft.key(),
            hash,
            draft.fund().value(),
            draft.to().value(),
            draft.amount().minor(),
            draft.why(),
            draft.by(),
            Database.utc(now));
    var row = tx.preparedQuery(PROPOSE).execute(fields).await().iterator().next();
    if (!row.getBoolean("same")) {
      return new Outcome.DiffersFromFirst();
    }
    var id = row.getLong("id");
    return row.getBoolean("is_new") ? new Outcome.Proposed(id) : new Outcome.AlreadyProposed(id);
  }

  private static final String FIND_FIRST = "SELECT FROM fund.surplus_move WHERE idem_key = $1";

  private static final String REFUSED = "SELECT fund.surplus_move_refused($1, $2)";

  private static final String PROPOSE =
      "SELECT id, is_new, same FROM fund.propose_surplus($1, $2, $3, $4, $5, $6, $7, $8)";
}
