package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.fazaa.config.Fact;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.spending.DisbursementId;
import org.fazaa.fund.spending.Disbursements;
import org.fazaa.fund.spending.EnterPayingAccount;
import org.fazaa.fund.spending.FollowPayment;
import org.fazaa.fund.spending.MakePaymentFile;
import org.fazaa.fund.spending.PaymentFile;
import org.fazaa.fund.spending.PaymentState;
import org.fazaa.fund.spending.Payments;
import org.fazaa.fund.spending.SendPaymentFile;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;

/** Payment orders on their way to the bank: one file to download, and what became of each order. */
public final class PaymentRoutes {
  private static final String HERE = "/finance/payments";

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final MakePaymentFile makePaymentFile;

  public PaymentRoutes(Frames frames, Forms forms, Pool pool, RandomGenerator random) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.makePaymentFile = new MakePaymentFile(random);
  }

  public void mount(Router router) {
    router.get(HERE).handler(context -> show(context, Form.EMPTY, List.of()));
    router.get(HERE + "/files/:file").handler(this::download);
    forms.post(router, HERE + "/files", FinanceRoutes.ASK, this::make);
    forms.post(router, HERE + "/files/:file/sending", FinanceRoutes.ASK, this::send);
    forms.post(router, HERE + "/account", FinanceRoutes.ASK, this::setAccount);
    forms.post(router, HERE + "/:request/step", FinanceRoutes.ASK, this::follow);
  }

  private void show(RoutingContext context, Form form, List<String> flaws) {
    Guard.require(context, FinanceRoutes.LOOK);
    var frame = frames.of(context);
    var lines = Payments.list(pool);
    var funds = Funds.list(pool).stream().map(fund -> fund(fund, lines, frame)).toList();
    var files = Payments.files(pool).stream().map(file -> file(file, frame)).toList();
    var rows = lines.stream().map(line -> row(line, frame)).toList();
    var page = new PaymentsPage(funds, files, rows, form, flaws);
    frames.show(context, "console/payments", frame, page);
  }

  private PaymentsPage.Fund fund(Fund fund, List<Payments.Line> lines, Frame frame) {
    var prepared =
        lines.stream()
            .filter(
                line ->
                    line.fund().equals(fund.id())
                        && line.file().isEmpty()
                        && line.payment().state() == PaymentState.PREPARED)
            .count();
    return new PaymentsPage.Fund(
        fund.id().value(),
        FinanceRoutes.in(fund.name(), frame),
        Payments.account(pool, fund.id()).map(one -> one.holder() + " · " + one.iban()),
        (int) prepared);
  }

  private static PaymentsPage.File file(PaymentFile file, Frame frame) {
    return new PaymentsPage.File(
        file.id(),
        FinanceRoutes.in(file.fundName(), frame),
        file.message(),
        file.payments(),
        file.sum().toString(),
        file.madeAt(),
        file.unsent());
  }

  private static PaymentsPage.Row row(Payments.Line line, Frame frame) {
    return new PaymentsPage.Row(
        line.disbursement().value(),
        line.purpose(),
        FinanceRoutes.in(line.payeeName(), frame),
        line.payment().endToEnd(),
        line.payment().state().tag(),
        FinanceRoutes.in(line.payment().state().words(), frame),
        line.amount().toString(),
        line.file(),
        line.payment().paidAt());
  }

  private void download(RoutingContext context) {
    Guard.require(context, FinanceRoutes.ASK);
    var id = Places.id(context, "file");
    var file = Payments.findFile(pool, id).orElseThrow(() -> Problem.notFound().refused());
    context
        .response()
        .putHeader("Content-Type", "application/xml; charset=utf-8")
        .putHeader("Content-Disposition", "attachment; filename=\"" + file.message() + ".xml\"")
        .putHeader("Cache-Control", "no-store")
        .end(Payments.content(pool, id).orElseThrow());
  }

  private Next make(Forms.Form form, SqlConnection tx) {
    var fund = new FundId(Places.whole(form.text("fund")).orElse(0));
    var draft = new MakePaymentFile.Draft(fund, form.who().account());
    return switch (makePaymentFile.run(tx, draft, form.now())) {
      case MakePaymentFile.Outcome.Made made -> new Next.See(HERE, List.of());
      case MakePaymentFile.Outcome.NoSuchFund refusal -> again(Form.EMPTY, refusal);
      case MakePaymentFile.Outcome.NotTreasurer refusal -> again(Form.EMPTY, refusal);
      case MakePaymentFile.Outcome.NoAccount refusal -> again(Form.EMPTY, refusal);
      case MakePaymentFile.Outcome.NothingPrepared refusal -> again(Form.EMPTY, refusal);
    };
  }

  private Next send(Forms.Form form, SqlConnection tx) {
    var file = form.id("file");
    return switch (SendPaymentFile.run(
        tx, new SendPaymentFile.Draft(file, form.who().account()), form.now())) {
      case SendPaymentFile.Outcome.Sent(var requests) -> {
        var fund = Payments.findFile(tx, file).orElseThrow().fund().value();
        var news =
            requests.stream()
                .<Fact>map(id -> new Fact.DisbursementChanged(fund, id.value()))
                .toList();
        yield new Next.See(HERE, news);
      }
      case SendPaymentFile.Outcome.NoSuchFile refusal -> again(Form.EMPTY, refusal);
      case SendPaymentFile.Outcome.NotTreasurer refusal -> again(Form.EMPTY, refusal);
    };
  }

  private Next setAccount(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var draft =
        new EnterPayingAccount.Draft(
            new FundId(Places.whole(written.of("fund")).orElse(0)),
            written.of("holder"),
            written.of("iban"),
            Optional.of(written.of("bic")).filter(bic -> !bic.isEmpty()),
            form.who().account());
    return switch (EnterPayingAccount.run(tx, draft, form.now())) {
      case EnterPayingAccount.Outcome.Set set -> new Next.See(HERE, List.of());
      case EnterPayingAccount.Outcome.NoSuchFund refusal -> again(written, refusal);
      case EnterPayingAccount.Outcome.NotTreasurer refusal -> again(written, refusal);
      case EnterPayingAccount.Outcome.Invalid refusal -> again(written, refusal);
    };
  }

  private Next follow(Forms.Form form, SqlConnection tx) {
    var id = new DisbursementId(form.id("request"));
    var state = state(form.text("state"));
    var draft =
        new FollowPayment.Draft(
            id,
            state,
            Optional.of(form.text("bank_line")).filter(line -> !line.isEmpty()),
            Optional.of(form.text("why")).filter(why -> !why.isEmpty()),
            form.who().account());
    return switch (FollowPayment.run(tx, draft, form.now())) {
      case FollowPayment.Outcome.Followed followed -> followed(tx, id);
      case FollowPayment.Outcome.AlreadySaid known -> followed(tx, id);
      case FollowPayment.Outcome.NotPaid refusal -> again(Form.EMPTY, refusal);
      case FollowPayment.Outcome.NotTreasurer refusal -> again(Form.EMPTY, refusal);
      case FollowPayment.Outcome.NotFrom refusal -> again(Form.EMPTY, refusal);
      case FollowPayment.Outcome.AlreadyConfirmed refusal -> again(Form.EMPTY, refusal);
      case FollowPayment.Outcome.LineUsed refusal -> again(Form.EMPTY, refusal);
      case FollowPayment.Outcome.Invalid refusal -> again(Form.EMPTY, refusal);
    };
  }

  private static PaymentState state(String tag) {
    for (var state : PaymentState.values()) {
      if (state.tag().equals(tag)) return state;
    }
    throw Problem.notFound().refused();
  }

  private static Next followed(SqlConnection tx, DisbursementId id) {
    var fund = Disbursements.find(tx, id).orElseThrow().fund().value();
    return new Next.See(
        "/finance/requests/" + id.value(), List.of(new Fact.DisbursementChanged(fund, id.value())));
  }

  private Next again(Form written, Refusal refusal) {
    return new Next.Again(
        context -> show(context, written, FinanceRoutes.flaws(refusal, frames.of(context))));
  }
}
