package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashSet;
import java.util.Set;
import org.fazaa.fund.spending.AddPayee;
import org.fazaa.fund.spending.Payee;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.Payees;
import org.fazaa.fund.spending.VerifyPayee;

/** Organisations that may be paid, and the second look at their IBAN. */
public final class PayeeRoutes {

  private final Api api;

  public PayeeRoutes(Api api) {
    this.api = api;
  }

  public void mount(Router router) {
    api.writes(router, "addPayee", PayeeRoutes::add);
    api.writes(router, "verifyPayee", PayeeRoutes::verify);
  }

  private static Answer add(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new AddPayee.Draft(
            Wire.fundWords(body.getJsonObject("name")),
            body.getString("iban"),
            members(body.getJsonArray("members", new JsonArray())),
            call.who().account());
    return switch (AddPayee.run(tx, draft, call.now())) {
      case AddPayee.Outcome.Added(var payee) -> created(tx, payee);
      case AddPayee.Outcome.IbanTaken refusal -> Refusals.conflict(refusal);
      case AddPayee.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case AddPayee.Outcome.NoSuchPayee refusal -> Refusals.missing(refusal);
      case AddPayee.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer verify(Call call, SqlConnection tx) {
    var payee = new PayeeId(call.id("payee"));
    var draft =
        new VerifyPayee.Draft(
            payee,
            call.body().getInteger("iban_version"),
            call.body().getString("evidence"),
            call.who().account());
    return switch (VerifyPayee.run(tx, draft, call.now())) {
      case VerifyPayee.Outcome.Verified(var usableFrom) -> created(tx, payee);
      case VerifyPayee.Outcome.AlreadyVerified(var usableFrom) -> created(tx, payee);
      case VerifyPayee.Outcome.NoSuchPayee refusal -> Refusals.missing(refusal);
      case VerifyPayee.Outcome.IbanChanged refusal -> Refusals.conflict(refusal);
      case VerifyPayee.Outcome.OwnIban refusal -> Refusals.forbidden(refusal);
      case VerifyPayee.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case VerifyPayee.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Set<Long> members(JsonArray accounts) {
    var members = new HashSet<Long>();
    for (var account : accounts) members.add(((Number) account).longValue());
    return members;
  }

  private static Answer created(SqlConnection tx, PayeeId payee) {
    return Answer.created(null, json(Payees.find(tx, payee).orElseThrow()));
  }

  private static JsonObject json(Payee payee) {
    return new JsonObject()
        .put("id", payee.id().value())
        .put("name", Wire.words(payee.name()))
        .put("iban", payee.ibanMasked())
        .put("iban_version", payee.ibanVersion())
        .put("usable_from", Wire.time(payee.usableFrom()));
  }
}
