package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fazaa.config.Fact;
import org.fazaa.fund.giving.AskRefund;
import org.fazaa.fund.giving.ConfirmRefund;
import org.fazaa.fund.giving.CoverFees;
import org.fazaa.fund.giving.Donations;
import org.fazaa.fund.giving.RecordPayout;
import org.fazaa.fund.giving.Refund;
import org.fazaa.fund.giving.TopUpReserve;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.web.Choice;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;
import org.fazaa.web.session.Who;

/** Refunds asked by one and confirmed by another, and the provider's payouts and fees. */
public final class RefundRoutes {
  private static final Set<Role> ASK = EnumSet.of(Role.FINANCE);
  private static final Set<Role> CONFIRM = EnumSet.of(Role.APPROVER);
  private static final String HERE = "/finance/refunds";

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public RefundRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get(HERE).handler(context -> show(context, List.of()));
    forms.post(router, HERE, ASK, this::ask);
    forms.post(router, HERE + "/:refund/confirmation", CONFIRM, this::confirm);
    forms.post(router, "/finance/reserve", ASK, this::topUp);
    forms.post(router, "/finance/payouts", ASK, this::payout);
    forms.post(router, "/finance/fees", ASK, this::cover);
  }

  private void show(RoutingContext context, List<String> flaws) {
    var who = Guard.require(context, FinanceRoutes.LOOK);
    var frame = frames.of(context);
    var funds = Funds.list(pool).stream().filter(fund -> !fund.demonstration()).toList();
    var givers = funds.stream().filter(fund -> fund.restriction() == Restriction.UNRESTRICTED);
    var page =
        new RefundsPage(
            Refund.list(pool).stream().map(one -> row(one, who, frame)).toList(),
            Refund.doubts(pool).stream().map(one -> doubt(one, frame)).toList(),
            givers.map(fund -> choice(fund, frame)).toList(),
            funds.stream().map(fund -> choice(fund, frame)).toList(),
            flaws);
    frames.show(context, "console/refunds", frame, page);
  }

  private static Choice choice(Fund fund, Frame frame) {
    return new Choice(Long.toString(fund.id().value()), FinanceRoutes.in(fund.name(), frame));
  }

  private static RefundsPage.Row row(Refund refund, Who who, Frame frame) {
    return new RefundsPage.Row(
        refund.id(),
        FinanceRoutes.in(refund.fundName(), frame),
        refund.giftCode(),
        refund.amount().toString(),
        refund.why(),
        FinanceRoutes.in(refund.state().words(), frame),
        refund.askedAt(),
        refund.state() == Refund.State.ASKED
            && who.hasAny(CONFIRM)
            && refund.askedBy() != who.account());
  }

  private static RefundsPage.Doubt doubt(Refund.Doubt doubt, Frame frame) {
    return new RefundsPage.Doubt(
        FinanceRoutes.in(doubt.fundName(), frame),
        doubt.giftCode(),
        FinanceRoutes.in(doubt.why().words(), frame),
        doubt.details(),
        doubt.foundAt());
  }

  private Next ask(Forms.Form form, SqlConnection tx) {
    var gift = Donations.find(tx, form.text("gift"));
    if (gift.isEmpty() || gift.get().amount().isEmpty()) {
      return again(new AskRefund.Outcome.NotPaidByCard(form.text("gift")));
    }
    var amount = Money.parse(form.text("amount"), gift.get().amount().get().currency());
    if (amount.isEmpty()) return again(Word.FLAW_AMOUNT);
    var draft =
        new AskRefund.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            form.text("gift"),
            amount.get(),
            form.text("why"),
            form.who().account());
    return switch (AskRefund.run(tx, draft, form.now())) {
      case AskRefund.Outcome.Asked(var refund) -> see(refund.fund());
      case AskRefund.Outcome.AlreadyAsked(var refund) -> see(refund.fund());
      case AskRefund.Outcome.DiffersFromFirst refusal -> again(refusal);
      case AskRefund.Outcome.NotPaidByCard refusal -> again(refusal);
      case AskRefund.Outcome.MoreThanGiven refusal -> again(refusal);
      case AskRefund.Outcome.NotTreasurer refusal -> again(refusal);
      case AskRefund.Outcome.Invalid refusal -> again(refusal);
    };
  }

  private Next confirm(Forms.Form form, SqlConnection tx) {
    var draft = new ConfirmRefund.Draft(form.id("refund"), form.who().account());
    return switch (ConfirmRefund.run(tx, draft, form.now())) {
      case ConfirmRefund.Outcome.Confirmed(var refund) -> confirmed(refund);
      case ConfirmRefund.Outcome.AlreadyConfirmed(var refund) -> confirmed(refund);
      case ConfirmRefund.Outcome.NoSuchRefund refusal -> again(refusal);
      case ConfirmRefund.Outcome.OwnRefund refusal -> again(refusal);
      case ConfirmRefund.Outcome.NotApprover refusal -> again(refusal);
      case ConfirmRefund.Outcome.FundFrozen refusal -> again(refusal);
      case ConfirmRefund.Outcome.MoreThanGiven refusal -> again(refusal);
      case ConfirmRefund.Outcome.ReserveShort refusal -> again(refusal);
    };
  }

  private Next topUp(Forms.Form form, SqlConnection tx) {
    var fund = fund(form, "fund");
    var giver = fund(form, "from");
    var amount = Money.parse(form.text("amount"), fund.currency());
    if (amount.isEmpty()) return again(Word.FLAW_AMOUNT);
    var key = "page-" + form.text(Forms.ONCE_FIELD);
    var draft =
        new TopUpReserve.Draft(key, giver.id(), fund.id(), amount.get(), form.who().account());
    return switch (TopUpReserve.run(tx, draft, form.now())) {
      case TopUpReserve.Outcome.ToppedUp() -> see(fund.id());
      case TopUpReserve.Outcome.AlreadyToppedUp() -> see(fund.id());
      case TopUpReserve.Outcome.NoSuchFund refusal -> again(refusal);
      case TopUpReserve.Outcome.Restricted refusal -> again(refusal);
      case TopUpReserve.Outcome.OtherCurrency refusal -> again(refusal);
      case TopUpReserve.Outcome.Pretended refusal -> again(refusal);
      case TopUpReserve.Outcome.FundFrozen refusal -> again(refusal);
      case TopUpReserve.Outcome.TooLittle refusal -> again(refusal);
      case TopUpReserve.Outcome.NotTreasurer refusal -> again(refusal);
      case TopUpReserve.Outcome.Invalid refusal -> again(refusal);
    };
  }

  private Next payout(Forms.Form form, SqlConnection tx) {
    var fund = fund(form, "fund");
    var amount = Money.parse(form.text("amount"), fund.currency());
    if (amount.isEmpty()) return again(Word.FLAW_AMOUNT);
    var line = form.text("bank_line");
    var draft = new RecordPayout.Draft(fund.id(), amount.get(), line, form.who().account());
    return switch (RecordPayout.run(tx, draft, form.now())) {
      case RecordPayout.Outcome.Recorded() -> see(fund.id());
      case RecordPayout.Outcome.AlreadyRecorded() -> see(fund.id());
      case RecordPayout.Outcome.LineUsed refusal -> again(refusal);
      case RecordPayout.Outcome.NoSuchFund refusal -> again(refusal);
      case RecordPayout.Outcome.MoreThanCleared refusal -> again(refusal);
      case RecordPayout.Outcome.NotTreasurer refusal -> again(refusal);
      case RecordPayout.Outcome.Invalid refusal -> again(refusal);
    };
  }

  private Next cover(Forms.Form form, SqlConnection tx) {
    var fund = fund(form, "fund");
    var draft = new CoverFees.Draft(fund.id(), form.who().account());
    return switch (CoverFees.run(tx, draft, form.now())) {
      case CoverFees.Outcome.Covered covered -> see(fund.id());
      case CoverFees.Outcome.NothingToCover refusal -> again(refusal);
      case CoverFees.Outcome.TooLittle refusal -> again(refusal);
      case CoverFees.Outcome.FundFrozen refusal -> again(refusal);
      case CoverFees.Outcome.NotTreasurer refusal -> again(refusal);
    };
  }

  private Fund fund(Forms.Form form, String field) {
    var written = form.text(field);
    if (!written.matches("[0-9]{1,18}")) throw Problem.notFound().refused();
    return Funds.find(pool, new FundId(Long.parseLong(written)))
        .orElseThrow(() -> Problem.notFound().refused());
  }

  private static Next see(FundId fund) {
    return new Next.See(HERE, List.of(new Fact.DonationRecorded(fund.value())));
  }

  private static Next confirmed(Refund refund) {
    var news =
        List.<Fact>of(
            new Fact.RefundConfirmed(refund.id()),
            new Fact.DonationRecorded(refund.fund().value()));
    return new Next.See(HERE, news);
  }

  private Next again(Refusal refusal) {
    return new Next.Again(
        context -> show(context, FinanceRoutes.flaws(refusal, frames.of(context))));
  }

  private Next again(Word why) {
    return new Next.Again(context -> show(context, List.of(frames.of(context).say(why))));
  }
}
