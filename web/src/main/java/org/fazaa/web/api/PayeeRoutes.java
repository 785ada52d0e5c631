package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashSet;
import java.util.Set;
import org.fazaa.config.Fact;
import org.fazaa.fund.spending.Accreditation;
import org.fazaa.fund.spending.AddPayee;
import org.fazaa.fund.spending.ConfirmAccreditation;
import org.fazaa.fund.spending.EnterAccreditation;
import org.fazaa.fund.spending.Payee;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.Payees;
import org.fazaa.fund.spending.VerifyPayee;
import org.fazaa.web.Problem;

/** Organisations that may be paid, and the second look at their IBAN and accreditation. */
public final class PayeeRoutes {

  private final Api api;
  private final Pool pool;

  public PayeeRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.writes(router, "addPayee", PayeeRoutes::add);
    api.writes(router, "verifyPayee", PayeeRoutes::verify);
    api.reads(router, "getPayee", this::find);
    api.writes(router, "changePayeeIban", PayeeRoutes::changeIban);
    api.writes(router, "enterAccreditation", PayeeRoutes::enter);
    api.writes(router, "confirmAccreditation", PayeeRoutes::confirm);
  }

  private static Answer add(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new AddPayee.Draft(
            Wire.fundWords(body.getJsonObject("name")),
            body.getString("iban"),
            members(body.getJsonArray("members", new JsonArray())),
            Wire.contact(body),
            call.who().account());
    return answer(AddPayee.run(tx, draft, call.now()), tx);
  }

  private static Answer changeIban(Call call, SqlConnection tx) {
    var iban = call.body().getString("iban");
    var by = call.who().account();
    return answer(AddPayee.changeIban(tx, id(call), iban, by, call.now()), tx);
  }

  private Answer find(Call call) {
    return Payees.find(pool, id(call))
        .map(payee -> Answer.ok(json(payee)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer answer(AddPayee.Outcome outcome, SqlConnection tx) {
    return switch (outcome) {
      case AddPayee.Outcome.Added(var payee) -> created(tx, payee);
      case AddPayee.Outcome.IbanTaken refusal -> Refusals.conflict(refusal);
      case AddPayee.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case AddPayee.Outcome.NoSuchPayee refusal -> Refusals.missing(refusal);
      case AddPayee.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer enter(Call call, SqlConnection tx) {
    var body = call.body();
    var payee = id(call);
    var draft =
        new EnterAccreditation.Draft(
            payee,
            body.getString("authority"),
            body.getString("licence"),
            Wire.day(body.getString("from"), "/from"),
            Wire.day(body.getString("until"), "/until"),
            call.who().account());
    return switch (EnterAccreditation.run(tx, draft, call.now())) {
      case EnterAccreditation.Outcome.Entered entered -> created(tx, payee);
      case EnterAccreditation.Outcome.AlreadyEntered entered -> created(tx, payee);
      case EnterAccreditation.Outcome.NoSuchPayee refusal -> Refusals.missing(refusal);
      case EnterAccreditation.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case EnterAccreditation.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer confirm(Call call, SqlConnection tx) {
    var payee = id(call);
    int n = call.body().getInteger("n");
    var draft = new ConfirmAccreditation.Draft(payee, n, call.who().account());
    return switch (ConfirmAccreditation.run(tx, draft, call.now())) {
      case ConfirmAccreditation.Outcome.Confirmed confirmed -> created(tx, payee);
      case ConfirmAccreditation.Outcome.AlreadyConfirmed confirmed -> created(tx, payee);
      case ConfirmAccreditation.Outcome.NoSuchPayee refusal -> Refusals.missing(refusal);
      case ConfirmAccreditation.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case ConfirmAccreditation.Outcome.OwnEntry refusal -> Refusals.forbidden(refusal);
      case ConfirmAccreditation.Outcome.VersionMoved refusal -> Refusals.conflict(refusal);
    };
  }

  private static PayeeId id(Call call) {
    return new PayeeId(call.id("payee"));
  }

  private static Answer verify(Call call, SqlConnection tx) {
    var payee = id(call);
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
    var found = Payees.find(tx, payee).orElseThrow();
    return Answer.created(null, json(found), new Fact.OutboxFilled());
  }

  private static JsonObject json(Payee payee) {
    return new JsonObject()
        .put("id", payee.id().value())
        .put("name", Wire.words(payee.name()))
        .put("iban", payee.ibanMasked())
        .put("iban_version", payee.ibanVersion())
        .put("usable_from", Wire.time(payee.usableFrom()))
        .put("accreditation", payee.accreditation().map(PayeeRoutes::json).orElse(null));
  }

  private static JsonObject json(Accreditation one) {
    return new JsonObject()
        .put("n", one.n())
        .put("authority", one.authority())
        .put("licence", one.licence())
        .put("from", one.from().toString())
        .put("until", one.until().toString())
        .put("confirmed", one.confirmed());
  }
}
