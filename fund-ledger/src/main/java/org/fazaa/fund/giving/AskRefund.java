package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** A treasurer asks for money of a gift to go back; nothing moves before another confirms it. */
public final class AskRefund {
  private static final int WHY_MAX = 1_000;

  /**
   * @param gift the code of the gift
   * @param by the treasurer's account
   */
  public record Draft(String key, String gift, Money amount, String why, long by) {}

  public sealed interface Outcome {
    record Asked(Refund refund) implements Outcome {}

    record AlreadyAsked(Refund refund) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "استُعمل مفتاح التكرار هذا لإعادة أخرى: استعمل مفتاحًا جديدًا لكل طلب",
            "This idempotency key asked for a different refund: use a new key for each");
      }
    }

    record NotPaidByCard(String gift) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا تبرع مدفوعًا بالبطاقة بالرمز " + gift + ": راجع رمز الإيصال",
            "No gift paid by card has the code " + gift + ": check the code of the receipt");
      }
    }

    record MoreThanGiven() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا يعود من التبرع أكثر مما بقي منه: صحح المبلغ",
            "No more can go back than is left of the gift: correct the amount");
      }
    }

    record NotTreasurer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "طلب الإعادة لأمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer asks for refunds: ask one to do it");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private AskRefund() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var gift = Donations.find(tx, draft.gift());
    if (gift.isEmpty() || gift.get().amount().isEmpty()) {
      return new Outcome.NotPaidByCard(draft.gift());
    }
    var flaws = flaws(draft, gift.get());
    return flaws.isEmpty() ? ask(tx, draft, gift.get(), now) : new Outcome.Invalid(flaws);
  }

  private static List<Flaw> flaws(Draft draft, Donation gift) {
    return new Flaws()
        .key(draft.key())
        .text("why", draft.why(), WHY_MAX)
        .money("amount", draft.amount())
        .unless(
            draft.amount().currency().equals(gift.amount().orElseThrow().currency()),
            "amount.currency",
            "أُعطي هذا التبرع بعملة أخرى: أعده بعملته",
            "The gift was given in another currency: give it back in its own")
        .found();
  }

  private static Outcome ask(SqlConnection tx, Draft draft, Donation gift, Instant now) {
    var fields =
        Tuple.tuple()
            .addUUID(Content.fingerprintOfKey(draft.key()))
            .addUUID(Content.fingerprint(draft.gift(), draft.amount(), draft.why(), draft.by()))
            .addLong(gift.gift())
            .addLong(draft.amount().minor())
            .addString(draft.why())
            .addLong(draft.by())
            .addOffsetDateTime(Database.utc(now));
    var row = tx.preparedQuery(ASK).execute(fields).await().iterator().next();
    return switch (row.getString("outcome")) {
      case "asked" -> new Outcome.Asked(found(tx, row.getLong("refund")));
      case "repeated" -> new Outcome.AlreadyAsked(found(tx, row.getLong("refund")));
      case "differs" -> new Outcome.DiffersFromFirst();
      case "not_paid" -> new Outcome.NotPaidByCard(draft.gift());
      case "too_much" -> new Outcome.MoreThanGiven();
      case "not_treasurer" -> new Outcome.NotTreasurer();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static Refund found(SqlConnection tx, long refund) {
    return Refund.find(tx, refund).orElseThrow();
  }

  private static final String ASK =
      "SELECT outcome, refund FROM fund.ask_refund($1, $2, $3, $4, $5, $6, $7)";
}
