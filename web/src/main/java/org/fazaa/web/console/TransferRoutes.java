package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fazaa.config.Fact;
import org.fazaa.fund.giving.ConfirmTransfer;
import org.fazaa.fund.giving.Donation;
import org.fazaa.fund.giving.Donations;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** A treasurer finds promised transfers on the bank's statement; each then gets its receipt. */
public final class TransferRoutes {
  private static final Set<Role> ACT = EnumSet.of(Role.FINANCE);
  private static final String HERE = "/finance/transfers";

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public TransferRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get(HERE).handler(context -> show(context, List.of()));
    forms.post(router, HERE, ACT, this::confirm);
  }

  private void show(RoutingContext context, List<String> flaws) {
    Guard.require(context, FinanceRoutes.LOOK);
    var frame = frames.of(context);
    var rows = new ArrayList<TransfersPage.Row>();
    for (var fund : Funds.list(pool)) {
      Donations.awaiting(pool, fund.id()).forEach(gift -> rows.add(row(fund, gift, frame)));
    }
    var page = new TransfersPage(rows, flaws);
    frames.show(context, "console/transfers", frame, page);
  }

  private List<Donation> awaiting() {
    var all = new ArrayList<Donation>();
    for (var fund : Funds.list(pool)) all.addAll(Donations.awaiting(pool, fund.id()));
    return all;
  }

  private static TransfersPage.Row row(Fund fund, Donation gift, Frame frame) {
    var amount = gift.amount().orElseThrow();
    return new TransfersPage.Row(
        gift.transferReference().orElseThrow(),
        FinanceRoutes.in(fund.name(), frame),
        amount.toString(),
        amount.amount(),
        gift.givenAt());
  }

  private Next confirm(Forms.Form form, SqlConnection tx) {
    var reference = form.text("reference");
    var promised =
        awaiting().stream()
            .filter(gift -> gift.transferReference().orElseThrow().equals(reference))
            .findFirst()
            .orElseThrow(() -> Problem.notFound().refused());
    var arrived = Money.parse(form.text("arrived"), promised.amount().orElseThrow().currency());
    if (arrived.isEmpty()) {
      return new Next.Again(
          context -> show(context, List.of(frames.of(context).say(Word.FLAW_AMOUNT))));
    }
    var draft =
        new ConfirmTransfer.Draft(
            reference, arrived.get(), form.text("bank_line"), form.who().account());
    return switch (ConfirmTransfer.run(tx, draft, form.now())) {
      case ConfirmTransfer.Outcome.Confirmed(var gift) -> see(gift);
      case ConfirmTransfer.Outcome.AlreadyConfirmed(var gift) -> see(gift);
      case ConfirmTransfer.Outcome.DiffersFromFirst refusal -> again(refusal);
      case ConfirmTransfer.Outcome.NoSuchTransfer refusal -> again(refusal);
      case ConfirmTransfer.Outcome.LineUsed refusal -> again(refusal);
      case ConfirmTransfer.Outcome.NotTreasurer refusal -> again(refusal);
      case ConfirmTransfer.Outcome.Invalid refusal -> again(refusal);
    };
  }

  private static Next see(Donation gift) {
    return new Next.See(HERE, List.of(new Fact.DonationRecorded(gift.fund().value())));
  }

  private Next again(Refusal refusal) {
    return new Next.Again(
        context -> show(context, FinanceRoutes.flaws(refusal, frames.of(context))));
  }
}
