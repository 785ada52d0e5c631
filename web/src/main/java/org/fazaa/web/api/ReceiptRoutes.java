package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import org.fazaa.fund.giving.AskVoid;
import org.fazaa.fund.giving.ConfirmVoid;
import org.fazaa.fund.giving.Receipt;
import org.fazaa.fund.giving.ReceiptNumber;
import org.fazaa.fund.giving.Voiding;
import org.fazaa.fund.giving.WithdrawVoid;
import org.fazaa.fund.ledger.Money;
import org.fazaa.web.Problem;

/** Receipts: whether one is genuine, and making a wrong one void. */
public final class ReceiptRoutes {

  private final Api api;
  private final Pool pool;

  public ReceiptRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.reads(router, "checkReceipt", this::check);
    api.writes(router, "askVoid", ReceiptRoutes::ask);
    api.reads(router, "listVoidings", this::list);
    api.writes(router, "confirmVoid", ReceiptRoutes::confirm);
    api.writes(router, "withdrawVoid", ReceiptRoutes::withdraw);
  }

  // A number without its code is as unknown as one that was never given.
  private Answer check(Call call) {
    return ReceiptNumber.parse(call.text("number"))
        .flatMap(number -> Receipt.check(pool, number, call.text("code")))
        .map(found -> Answer.ok(json(found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private Answer list(Call call) {
    var voidings = new JsonArray();
    Voiding.list(pool).forEach(one -> voidings.add(json(one)));
    return Answer.ok(new JsonObject().put("voidings", voidings));
  }

  private static Answer ask(Call call, SqlConnection tx) {
    var draft =
        new AskVoid.Draft(
            call.key(),
            call.text("number"),
            call.body().getString("why"),
            call.body().getBoolean("reissue"),
            call.who().account());
    return switch (AskVoid.run(tx, draft, call.now())) {
      case AskVoid.Outcome.Asked(var voiding) -> created(voiding);
      case AskVoid.Outcome.AlreadyAsked(var voiding) -> created(voiding);
      case AskVoid.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case AskVoid.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
      case AskVoid.Outcome.NoSuchReceipt refusal -> Refusals.missing(refusal);
      case AskVoid.Outcome.AlreadyVoid refusal -> Refusals.conflict(refusal);
      case AskVoid.Outcome.Waiting refusal -> Refusals.conflict(refusal);
      case AskVoid.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer confirm(Call call, SqlConnection tx) {
    var draft = new ConfirmVoid.Draft(call.id("voiding"), call.who().account());
    return switch (ConfirmVoid.run(tx, draft, call.now())) {
      case ConfirmVoid.Outcome.Confirmed(var voiding) -> created(voiding);
      case ConfirmVoid.Outcome.AlreadyConfirmed(var voiding) -> created(voiding);
      case ConfirmVoid.Outcome.NoSuchRequest refusal -> Refusals.missing(refusal);
      case ConfirmVoid.Outcome.OwnRequest refusal -> Refusals.forbidden(refusal);
      case ConfirmVoid.Outcome.Withdrawn refusal -> Refusals.conflict(refusal);
      case ConfirmVoid.Outcome.NotOfficer refusal -> Refusals.forbidden(refusal);
    };
  }

  private static Answer withdraw(Call call, SqlConnection tx) {
    var draft = new WithdrawVoid.Draft(call.id("voiding"), call.who().account());
    return switch (WithdrawVoid.run(tx, draft, call.now())) {
      case WithdrawVoid.Outcome.Withdrawn(var voiding) -> created(voiding);
      case WithdrawVoid.Outcome.AlreadyWithdrawn(var voiding) -> created(voiding);
      case WithdrawVoid.Outcome.NoSuchRequest refusal -> Refusals.missing(refusal);
      case WithdrawVoid.Outcome.TooLate refusal -> Refusals.conflict(refusal);
      case WithdrawVoid.Outcome.NotOfficer refusal -> Refusals.forbidden(refusal);
    };
  }

  private static Answer created(Voiding voiding) {
    return Answer.created(null, json(voiding));
  }

  private static JsonObject json(Voiding voiding) {
    return new JsonObject()
        .put("id", voiding.id())
        .put("receipt", voiding.receipt())
        .put("why", voiding.why())
        .put("reissue", voiding.reissue())
        .put("state", voiding.state().tag())
        .put("asked_by", voiding.askedBy())
        .put("asked_at", Wire.time(voiding.askedAt()))
        .put("reissued_as", voiding.reissuedAs().orElse(null));
  }

  // Never who gave. Goods are told by what they are, and an estimate of theirs is no amount.
  private static JsonObject json(Receipt receipt) {
    var goods = receipt.ofGoods();
    return new JsonObject()
        .put("number", receipt.number())
        .put("standing", receipt.standing().tag())
        .put("reissued_as", receipt.reissuedAs().orElse(null))
        .put("voided_at", Wire.time(receipt.voidedAt()))
        .put("fund", receipt.fund().value())
        .put("fund_name", Wire.words(receipt.fundName()))
        .put("amount", Wire.money(goods ? Optional.<Money>empty() : receipt.amount()))
        .put("goods", receipt.goods().orElse(null))
        .put("channel", receipt.channel().tag())
        .put("demonstration", receipt.demonstration())
        .put("given_at", Wire.time(receipt.givenAt()))
        .put("issued_at", Wire.time(receipt.issuedAt()));
  }
}
