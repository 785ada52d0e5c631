package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Set;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.AddPayee;
import org.fazaa.fund.spending.Payee;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.Payees;
import org.fazaa.fund.spending.VerifyPayee;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Who;

/**
 * Partner organisations: added by one person, their IBAN compared with the bank's letter by
 * another.
 */
public final class PayeeRoutes {
  private static final String HERE = "/finance/payees";

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public PayeeRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get(HERE).handler(context -> show(context, Form.EMPTY, List.of()));
    forms.post(router, HERE, FinanceRoutes.ASK, this::add);
    forms.post(router, HERE + "/:payee/verification", FinanceRoutes.ACT, this::verify);
  }

  private void show(RoutingContext context, Form form, List<String> flaws) {
    var who = Guard.require(context, FinanceRoutes.LOOK);
    var frame = frames.of(context);
    var rows = Payees.list(pool).stream().map(payee -> row(payee, who, frame)).toList();
    frames.show(context, "console/payees", frame, new PayeesPage(rows, form, flaws));
  }

  private static PayeesPage.Row row(Payee payee, Who who, Frame frame) {
    var mayVerify =
        payee.verifiedAt().isEmpty()
            && payee.ibanWrittenBy() != who.account()
            && who.hasAny(FinanceRoutes.ACT);
    return new PayeesPage.Row(
        payee.id().value(),
        FinanceRoutes.in(payee.name(), frame),
        who.hasAny(FinanceRoutes.ACT) ? payee.iban() : payee.ibanMasked(),
        payee.ibanVersion(),
        payee.usableFrom(),
        mayVerify);
  }

  private Next add(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var name = new Words(written.of("name_ar"), written.of("name_en"));
    var draft = new AddPayee.Draft(name, written.of("iban"), Set.of(), form.who().account());
    return switch (AddPayee.run(tx, draft, form.now())) {
      case AddPayee.Outcome.Added added -> new Next.See(HERE, List.of());
      case AddPayee.Outcome.IbanTaken refusal -> again(written, refusal);
      case AddPayee.Outcome.NotAllowed refusal -> again(written, refusal);
      case AddPayee.Outcome.NoSuchPayee refusal -> again(written, refusal);
      case AddPayee.Outcome.Invalid refusal -> again(written, refusal);
    };
  }

  private Next verify(Forms.Form form, SqlConnection tx) {
    var draft =
        new VerifyPayee.Draft(
            new PayeeId(form.id("payee")),
            Places.whole(form.text("iban_version")).orElse(0),
            form.text("evidence"),
            form.who().account());
    return switch (VerifyPayee.run(tx, draft, form.now())) {
      case VerifyPayee.Outcome.Verified verified -> new Next.See(HERE, List.of());
      case VerifyPayee.Outcome.AlreadyVerified known -> new Next.See(HERE, List.of());
      case VerifyPayee.Outcome.NoSuchPayee refusal -> again(Form.EMPTY, refusal);
      case VerifyPayee.Outcome.IbanChanged refusal -> again(Form.EMPTY, refusal);
      case VerifyPayee.Outcome.OwnIban refusal -> again(Form.EMPTY, refusal);
      case VerifyPayee.Outcome.NotAllowed refusal -> again(Form.EMPTY, refusal);
      case VerifyPayee.Outcome.Invalid refusal -> again(Form.EMPTY, refusal);
    };
  }

  private Next again(Form written, Refusal refusal) {
    return new Next.Again(
        context -> show(context, written, FinanceRoutes.flaws(refusal, frames.of(context))));
  }
}
