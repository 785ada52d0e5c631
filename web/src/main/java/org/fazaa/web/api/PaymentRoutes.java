package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.fazaa.config.Fact;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.spending.EnterPayingAccount;
import org.fazaa.fund.spending.MakePaymentFile;
import org.fazaa.fund.spending.PaymentFile;
import org.fazaa.fund.spending.Payments;
import org.fazaa.fund.spending.SendPaymentFile;
import org.fazaa.web.Problem;

/** Payment orders on their way to the bank. */
public final class PaymentRoutes {
  private final Api api;
  private final Pool pool;
  private final MakePaymentFile makePaymentFile;

  public PaymentRoutes(Api api, Pool pool, RandomGenerator random) {
    this.api = api;
    this.pool = pool;
    this.makePaymentFile = new MakePaymentFile(random);
  }

  public void mount(Router router) {
    api.writes(router, "setPayingAccount", PaymentRoutes::setAccount);
    api.writes(router, "makePaymentFile", this::make);
    api.reads(router, "getPaymentFile", this::find);
    api.writes(router, "sendPaymentFile", PaymentRoutes::send);
  }

  private static Answer setAccount(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new EnterPayingAccount.Draft(
            new FundId(call.id("fund")),
            body.getString("holder"),
            body.getString("iban"),
            Optional.ofNullable(body.getString("bic")),
            call.who().account());
    return switch (EnterPayingAccount.run(tx, draft, call.now())) {
      case EnterPayingAccount.Outcome.Set(var account) ->
          Answer.created(
              null,
              new JsonObject()
                  .put("holder", account.holder())
                  .put("iban", account.iban())
                  .put("bic", account.bic().orElse(null)));
      case EnterPayingAccount.Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case EnterPayingAccount.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
      case EnterPayingAccount.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private Answer make(Call call, SqlConnection tx) {
    var draft = new MakePaymentFile.Draft(new FundId(call.id("fund")), call.who().account());
    return switch (makePaymentFile.run(tx, draft, call.now())) {
      case MakePaymentFile.Outcome.Made(var file) -> created(tx, file, List.of());
      case MakePaymentFile.Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case MakePaymentFile.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
      case MakePaymentFile.Outcome.NoAccount refusal -> Refusals.conflict(refusal);
      case MakePaymentFile.Outcome.NothingPrepared refusal -> Refusals.conflict(refusal);
    };
  }

  private Answer find(Call call) {
    var file = call.id("file");
    return Payments.findFile(pool, file)
        .map(found -> Answer.ok(json(pool, found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer send(Call call, SqlConnection tx) {
    var file = call.id("file");
    return switch (SendPaymentFile.run(
        tx, new SendPaymentFile.Draft(file, call.who().account()), call.now())) {
      case SendPaymentFile.Outcome.Sent(var requests) -> {
        var fund = Payments.findFile(tx, file).orElseThrow().fund().value();
        var news =
            requests.stream()
                .<Fact>map(id -> new Fact.DisbursementChanged(fund, id.value()))
                .toList();
        yield created(tx, file, news);
      }
      case SendPaymentFile.Outcome.NoSuchFile refusal -> Refusals.missing(refusal);
      case SendPaymentFile.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
    };
  }

  private static Answer created(SqlConnection tx, long file, List<Fact> news) {
    var found = Payments.findFile(tx, file).orElseThrow();
    return Answer.created("/api/payment-files/" + file, json(tx, found), news);
  }

  private static JsonObject json(SqlClient conn, PaymentFile file) {
    return new JsonObject()
        .put("id", file.id())
        .put("fund", file.fund().value())
        .put("message", file.message())
        .put("payments", file.payments())
        .put("sum", Wire.money(file.sum()))
        .put("made_at", Wire.time(file.madeAt()))
        .put("unsent", file.unsent())
        .put("content", Payments.content(conn, file.id()).orElseThrow());
  }
}
