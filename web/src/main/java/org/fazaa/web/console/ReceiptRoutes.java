package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.fund.giving.AskVoid;
import org.fazaa.fund.giving.ConfirmVoid;
import org.fazaa.fund.giving.Receipt;
import org.fazaa.fund.giving.ReceiptNumber;
import org.fazaa.fund.giving.Voiding;
import org.fazaa.fund.giving.WithdrawVoid;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Word;
import org.fazaa.web.session.Accounts;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;
import org.fazaa.web.session.Who;

/** The finance desk makes wrong receipts void: one officer asks, another confirms. */
public final class ReceiptRoutes {
  private static final Set<Role> ASK = EnumSet.of(Role.FINANCE);
  private static final String HERE = "/finance/receipts";
  private static final String VOIDING = HERE + "/voidings/:voiding";

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public ReceiptRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get(HERE).handler(this::look);
    forms.post(router, HERE, ASK, this::ask);
    forms.post(router, VOIDING + "/confirmation", FinanceRoutes.ACT, this::confirm);
    forms.post(router, VOIDING + "/withdrawal", FinanceRoutes.ACT, this::withdraw);
  }

  private void look(RoutingContext context) {
    var number = Optional.ofNullable(context.queryParams().get("number")).orElse("").strip();
    var unknown = !number.isEmpty() && find(number).isEmpty();
    var flaw = frames.of(context).say(Word.NO_SUCH_RECEIPT);
    show(context, number, Form.EMPTY, unknown ? List.of(flaw) : List.of());
  }

  private void show(RoutingContext context, String number, Form form, List<String> flaws) {
    var who = Guard.require(context, FinanceRoutes.LOOK);
    var frame = frames.of(context);
    var page =
        new ReceiptsPage(
            number,
            find(number).map(one -> found(one, frame)),
            who.has(Role.FINANCE),
            form,
            Voiding.list(pool).stream().map(one -> row(one, who, frame)).toList(),
            flaws);
    frames.show(context, "console/receipts", frame, page);
  }

  private Optional<Receipt> find(String number) {
    return ReceiptNumber.parse(number).flatMap(one -> Receipt.findByNumber(pool, one));
  }

  private static ReceiptsPage.Found found(Receipt one, Frame frame) {
    return new ReceiptsPage.Found(
        one.number(),
        FinanceRoutes.in(one.standing().words(), frame),
        one.standing() == Receipt.Standing.LIVE,
        FinanceRoutes.in(one.fundName(), frame),
        one.ofGoods()
            ? one.goods().orElse(FinanceRoutes.in(one.channel().words(), frame))
            : one.amount().map(Money::toString).orElseThrow(),
        one.donorName().orElse(frame.say(Word.ANONYMOUS)),
        one.givenAt(),
        one.reissuedAs());
  }

  private ReceiptsPage.Row row(Voiding one, Who who, Frame frame) {
    var open = one.state() == Voiding.State.WAITING && who.hasAny(FinanceRoutes.ACT);
    return new ReceiptsPage.Row(
        one.id(),
        one.receipt(),
        one.why(),
        FinanceRoutes.in(one.state().words(), frame),
        Accounts.name(pool, one.askedBy()).orElse("#" + one.askedBy()),
        one.askedAt(),
        one.reissue(),
        one.reissuedAs(),
        open && one.askedBy() != who.account(),
        open);
  }

  private Next ask(Forms.Form form, SqlConnection tx) {
    var number = form.text("number");
    var draft =
        new AskVoid.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            number,
            form.text("why"),
            form.text("reissue").equals("yes"),
            form.who().account());
    var written = Shown.form(form);
    return switch (AskVoid.run(tx, draft, form.now())) {
      case AskVoid.Outcome.Asked asked -> see();
      case AskVoid.Outcome.AlreadyAsked asked -> see();
      case AskVoid.Outcome.DiffersFromFirst refusal -> again(number, written, refusal);
      case AskVoid.Outcome.NotTreasurer refusal -> again(number, written, refusal);
      case AskVoid.Outcome.NoSuchReceipt refusal -> again(number, written, refusal);
      case AskVoid.Outcome.AlreadyVoid refusal -> again(number, written, refusal);
      case AskVoid.Outcome.Waiting refusal -> again(number, written, refusal);
      case AskVoid.Outcome.Invalid refusal -> again(number, written, refusal);
    };
  }

  private Next confirm(Forms.Form form, SqlConnection tx) {
    var draft = new ConfirmVoid.Draft(form.id("voiding"), form.who().account());
    return switch (ConfirmVoid.run(tx, draft, form.now())) {
      case ConfirmVoid.Outcome.Confirmed confirmed -> see();
      case ConfirmVoid.Outcome.AlreadyConfirmed confirmed -> see();
      case ConfirmVoid.Outcome.NoSuchRequest refusal -> again("", Form.EMPTY, refusal);
      case ConfirmVoid.Outcome.OwnRequest refusal -> again("", Form.EMPTY, refusal);
      case ConfirmVoid.Outcome.Withdrawn refusal -> again("", Form.EMPTY, refusal);
      case ConfirmVoid.Outcome.NotOfficer refusal -> again("", Form.EMPTY, refusal);
    };
  }

  private Next withdraw(Forms.Form form, SqlConnection tx) {
    var draft = new WithdrawVoid.Draft(form.id("voiding"), form.who().account());
    return switch (WithdrawVoid.run(tx, draft, form.now())) {
      case WithdrawVoid.Outcome.Withdrawn withdrawn -> see();
      case WithdrawVoid.Outcome.AlreadyWithdrawn withdrawn -> see();
      case WithdrawVoid.Outcome.NoSuchRequest refusal -> again("", Form.EMPTY, refusal);
      case WithdrawVoid.Outcome.TooLate refusal -> again("", Form.EMPTY, refusal);
      case WithdrawVoid.Outcome.NotOfficer refusal -> again("", Form.EMPTY, refusal);
    };
  }

  private static Next see() {
    return new Next.See(HERE, List.of());
  }

  private Next again(String number, Form written, Refusal refusal) {
    return new Next.Again(
        context ->
            show(context, number, written, FinanceRoutes.flaws(refusal, frames.of(context))));
  }
}
