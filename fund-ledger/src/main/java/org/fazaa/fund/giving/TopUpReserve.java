package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * A treasurer keeps money of an unrestricted fund for gifts that may have to go back although they
 * are spent. No money leaves the funds, and none that was given for a purpose moves.
 */
public final class TopUpReserve {
  /**
   * @param giver the unrestricted fund that bears it
   * @param fund the fund whose reserve grows
   * @param by the treasurer's account
   */
  public record Draft(String key, FundId giver, FundId fund, Money amount, long by) {}

  public sealed interface Outcome {
    record ToppedUp() implements Outcome {}

    record AlreadyToppedUp() implements Outcome {}

    record NoSuchFund() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أحد الصندوقين غير موجود: راجع الرقمين",
            "One of the two funds does not exist: check their numbers");
      }
    }

    record Restricted() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "مال الصندوق الدافع مقيد بغرضه: اختر صندوقًا غير مقيد",
            "The money of the giving fund is for its purpose: choose an unrestricted fund");
      }
    }

    record OtherCurrency() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "الصندوقان بعملتين: اختر صندوقًا بالعملة نفسها",
            "The funds are kept in two currencies: choose one in the same currency");
      }
    }

    record Pretended() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أحد الصندوقين تجريبي ولا يختلط مال حقيقي بتجريبي: اختر صندوقًا آخر",
            "One of the funds only pretends, and real money never mixes with it: choose another");
      }
    }

    record FundFrozen() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أحد الصندوقين مجمّد: اطلب من المدقق النظر فيه",
            "One of the funds is frozen: ask an auditor to look");
      }
    }

    record TooLittle() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "المتاح في الصندوق الدافع أقل من ذلك: اكتب مبلغًا أصغر",
            "The giving fund has less than that to spend: write a smaller amount");
      }
    }

    record NotTreasurer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "زيادة الاحتياطي لأمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer tops up a reserve: ask one to do it");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private TopUpReserve() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = new Flaws().key(draft.key()).money("amount", draft.amount()).found();
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    var fields =
        Tuple.of(
            draft.giver().value(),
            draft.fund().value(),
            draft.amount().minor(),
            draft.key(),
            draft.by(),
            Database.utc(now));
    var said = tx.preparedQuery(TOP_UP).execute(fields).await().iterator().next().getString(0);
    return switch (said) {
      case "topped" -> new Outcome.ToppedUp();
      case "repeated" -> new Outcome.AlreadyToppedUp();
      case "no_fund" -> new Outcome.NoSuchFund();
      case "restricted" -> new Outcome.Restricted();
      case "currency" -> new Outcome.OtherCurrency();
      case "pretence" -> new Outcome.Pretended();
      case "frozen" -> new Outcome.FundFrozen();
      case "too_little" -> new Outcome.TooLittle();
      case "not_treasurer" -> new Outcome.NotTreasurer();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static final String TOP_UP = "SELECT fund.top_up_reserve($1, $2, $3, $4, $5, $6)";
}
