package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * A treasurer asks that a wrong receipt be void, and whether another shall take its place. Nothing
 * is void until another officer confirms it.
 */
public final class AskVoid {
  private static final int WHY_MAX = 1_000;

  /**
   * @param key made before the first attempt
   * @param number of the receipt, as people write it
   * @param reissue whether another receipt takes its place
   * @param by the treasurer's account
   */
  public record Draft(String key, String number, String why, boolean reissue, long by) {}

  public sealed interface Outcome {
    record Asked(Voiding voiding) implements Outcome {}

    record AlreadyAsked(Voiding voiding) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "استُعمل مفتاح التكرار هذا لطلب إلغاء آخر: استعمل مفتاحًا جديدًا لكل طلب",
            "This idempotency key asked for something else: use a new key for each request");
      }
    }

    record NotTreasurer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "طلب إلغاء الإيصالات لأمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer asks that a receipt be void: ask one to do it");
      }
    }

    record NoSuchReceipt(String number) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا إيصال برقم " + number + ": راجع الرقم على الإيصال",
            "There is no receipt " + number + ": check the number on the paper");
      }
    }

    record AlreadyVoid(String number) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "الإيصال " + number + " ملغى من قبل: لا حاجة إلى شيء",
            "Receipt " + number + " is void already: nothing is needed");
      }
    }

    record Waiting(Voiding voiding) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "طلب إلغاء الإيصال " + voiding.receipt() + " ينتظر تأكيد مسؤول آخر: أكّدوه أو اسحبوه",
            "It was asked before that receipt "
                + voiding.receipt()
                + " be void: confirm that request or withdraw it");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private AskVoid() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = new Flaws().key(draft.key()).text("why", draft.why(), WHY_MAX).found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var number = ReceiptNumber.parse(draft.number());
    return number.isEmpty()
        ? new Outcome.NoSuchReceipt(draft.number())
        : ask(tx, draft, number.get(), now);
  }

  private static Outcome ask(SqlConnection tx, Draft draft, ReceiptNumber number, Instant now) {
    var fields =
        Tuple.tuple()
            .addString(draft.key())
            .addBuffer(Content.hash(number, draft.why(), draft.reissue(), draft.by()))
            .addString(number.series())
            .addInteger(number.year())
            .addLong(number.number())
            .addString(draft.why())
            .addBoolean(draft.reissue())
            .addLong(draft.by())
            .addOffsetDateTime(Database.utc(now));
    var row = tx.preparedQuery(ASK).execute(fields).await().iterator().next();
    var voiding = Optional.ofNullable(row.getLong("voiding")).flatMap(id -> Voiding.find(tx, id));
    return switch (row.getString("outcome")) {
      case "asked" -> new Outcome.Asked(voiding.orElseThrow());
      case "repeated" -> new Outcome.AlreadyAsked(voiding.orElseThrow());
      case "differs" -> new Outcome.DiffersFromFirst();
      case "not_treasurer" -> new Outcome.NotTreasurer();
      case "no_receipt" -> new Outcome.NoSuchReceipt(number.toString());
      case "void" -> new Outcome.AlreadyVoid(number.toString());
      case "pending" -> new Outcome.Waiting(voiding.orElseThrow());
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static final String ASK =
      "SELECT outcome, voiding FROM fund.ask_void($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}
