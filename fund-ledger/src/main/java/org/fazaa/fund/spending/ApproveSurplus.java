package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** An approver approves that a surplus is moved. The last approval it takes moves it. */
public final class ApproveSurplus {

  public record Draft(long move, long by) {}

  public sealed interface Outcome {
    record Approved() implements Outcome {}

    record Moved() implements Outcome {}

    record AlreadyApproved() implements Outcome {}

    record NoSuchMove(long move) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا نقل فائض برقم " + move + ": راجع الرقم",
            "There is no move " + move + " of a surplus: check the number");
      }
    }

    record NotApprover() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "الاعتماد لمن عُيّن معتمِدًا: اطلب من معتمِد مراجعته",
            "Only approvers approve: ask one to look at it");
      }
    }

    record OwnProposal() implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.ANOTHER_CONFIRMS;
      }
    }

    record AlreadyMoved() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "نُقل هذا الفائض ولا يُنقل مرتين: راجع السجل",
            "This surplus is moved and is not moved twice: see the journal");
      }
    }

    record Frozen() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أحد الصندوقين مجمّد ولا يخرج منه مال: اطلب من المدقق مراجعته",
            "One of the two funds is frozen and no money leaves it: ask an auditor to look");
      }
    }

    record TooLittle() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لم يعد المتاح غير المحجوز يكفي: اقترح نقل مبلغ أقل",
            "What is free and not reserved is too little by now: propose a smaller amount");
      }
    }
  }

  private ApproveSurplus() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var fields = Tuple.of(draft.move(), draft.by(), Database.utc(now));
    var said = tx.preparedQuery(APPROVE).execute(fields).await().iterator().next().getString(0);
    return switch (said) {
      case "approved" -> new Outcome.Approved();
      case "moved" -> new Outcome.Moved();
      case "already" -> new Outcome.AlreadyApproved();
      case "no_such" -> new Outcome.NoSuchMove(draft.move());
      case "not_approver" -> new Outcome.NotApprover();
      case "same_person" -> new Outcome.OwnProposal();
      case "over" -> new Outcome.AlreadyMoved();
      case "frozen" -> new Outcome.Frozen();
      case "too_little" -> new Outcome.TooLittle();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static final String APPROVE = "SELECT fund.approve_surplus($1, $2, $3)";
}
