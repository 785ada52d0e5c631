package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.Currency;
import org.fazaa.config.Fact;
import org.fazaa.fund.giving.AskRefund;
import org.fazaa.fund.giving.ConfirmRefund;
import org.fazaa.fund.giving.CoverFees;
import org.fazaa.fund.giving.RecordPayout;
import org.fazaa.fund.giving.Refund;
import org.fazaa.fund.giving.TopUpReserve;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.web.Problem;

/** What goes back to donors, what is kept for that, and what the card provider pays and keeps. */
public final class RefundRoutes {
  private final Api api;
  private final Pool pool;

  public RefundRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.reads(router, "listRefunds", this::list);
    api.writes(router, "askRefund", RefundRoutes::ask);
    api.writes(router, "confirmRefund", RefundRoutes::confirm);
    api.writes(router, "topUpReserve", RefundRoutes::topUp);
    api.writes(router, "recordPayout", RefundRoutes::payout);
    api.writes(router, "coverFees", RefundRoutes::cover);
  }

  private Answer list(Call call) {
    var refunds = new JsonArray();
    Refund.list(pool).forEach(one -> refunds.add(json(one)));
    var doubts = new JsonArray();
    for (var doubt : Refund.doubts(pool)) {
      doubts.add(
          new JsonObject()
              .put("donation", doubt.giftCode())
              .put("why", Wire.words(doubt.why().words()))
              .put("details", doubt.details())
              .put("found_at", Wire.time(doubt.foundAt())));
    }
    return Answer.ok(new JsonObject().put("refunds", refunds).put("doubts", doubts));
  }

  private static Answer ask(Call call, SqlConnection tx) {
    var draft =
        new AskRefund.Draft(
            call.key(),
            call.text("code"),
            Wire.money(call.body().getJsonObject("amount"), "/amount"),
            call.body().getString("why"),
            call.who().account());
    return switch (AskRefund.run(tx, draft, call.now())) {
      case AskRefund.Outcome.Asked(var refund) -> created(refund);
      case AskRefund.Outcome.AlreadyAsked(var refund) -> created(refund);
      case AskRefund.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case AskRefund.Outcome.NotPaidByCard refusal -> Refusals.missing(refusal);
      case AskRefund.Outcome.MoreThanGiven refusal -> Refusals.conflict(refusal);
      case AskRefund.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
      case AskRefund.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer confirm(Call call, SqlConnection tx) {
    var draft = new ConfirmRefund.Draft(call.id("refund"), call.who().account());
    return switch (ConfirmRefund.run(tx, draft, call.now())) {
      case ConfirmRefund.Outcome.Confirmed(var refund) -> confirmed(refund);
      case ConfirmRefund.Outcome.AlreadyConfirmed(var refund) -> confirmed(refund);
      case ConfirmRefund.Outcome.NoSuchRefund refusal -> Refusals.missing(refusal);
      case ConfirmRefund.Outcome.OwnRefund refusal -> Refusals.forbidden(refusal);
      case ConfirmRefund.Outcome.NotApprover refusal -> Refusals.forbidden(refusal);
      case ConfirmRefund.Outcome.FundFrozen refusal -> Refusals.conflict(refusal);
      case ConfirmRefund.Outcome.MoreThanGiven refusal -> Refusals.conflict(refusal);
      case ConfirmRefund.Outcome.ReserveShort refusal -> Refusals.conflict(refusal);
    };
  }

  private static Answer topUp(Call call, SqlConnection tx) {
    var amount = Wire.money(call.body().getJsonObject("amount"), "/amount");
    var fund = new FundId(call.id("fund"));
    var giver = new FundId(call.body().getLong("from"));
    var draft = new TopUpReserve.Draft(call.key(), giver, fund, amount, call.who().account());
    return switch (TopUpReserve.run(tx, draft, call.now())) {
      case TopUpReserve.Outcome.ToppedUp() -> moved(fund, amount);
      case TopUpReserve.Outcome.AlreadyToppedUp() -> moved(fund, amount);
      case TopUpReserve.Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case TopUpReserve.Outcome.Restricted refusal -> Refusals.conflict(refusal);
      case TopUpReserve.Outcome.OtherCurrency refusal -> Refusals.conflict(refusal);
      case TopUpReserve.Outcome.Pretended refusal -> Refusals.conflict(refusal);
      case TopUpReserve.Outcome.FundFrozen refusal -> Refusals.conflict(refusal);
      case TopUpReserve.Outcome.TooLittle refusal -> Refusals.conflict(refusal);
      case TopUpReserve.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
      case TopUpReserve.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer payout(Call call, SqlConnection tx) {
    var amount = Wire.money(call.body().getJsonObject("amount"), "/amount");
    var fund = new FundId(call.id("fund"));
    var line = call.body().getString("bank_line");
    var draft = new RecordPayout.Draft(fund, amount, line, call.who().account());
    return switch (RecordPayout.run(tx, draft, call.now())) {
      case RecordPayout.Outcome.Recorded() -> moved(fund, amount);
      case RecordPayout.Outcome.AlreadyRecorded() -> moved(fund, amount);
      case RecordPayout.Outcome.LineUsed refusal -> Refusals.conflict(refusal);
      case RecordPayout.Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case RecordPayout.Outcome.MoreThanCleared refusal -> Refusals.conflict(refusal);
      case RecordPayout.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
      case RecordPayout.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer cover(Call call, SqlConnection tx) {
    var fund = new FundId(call.id("fund"));
    var currency = currency(tx, fund);
    return switch (CoverFees.run(tx, new CoverFees.Draft(fund, call.who().account()), call.now())) {
      case CoverFees.Outcome.Covered(var minor) -> moved(fund, new Money(minor, currency));
      case CoverFees.Outcome.NothingToCover refusal -> Refusals.conflict(refusal);
      case CoverFees.Outcome.TooLittle refusal -> Refusals.conflict(refusal);
      case CoverFees.Outcome.FundFrozen refusal -> Refusals.conflict(refusal);
      case CoverFees.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
    };
  }

  private static Currency currency(SqlConnection tx, FundId fund) {
    return Funds.find(tx, fund).orElseThrow(() -> Problem.notFound().refused()).currency();
  }

  private static Answer created(Refund refund) {
    return Answer.created("/api/refunds", json(refund));
  }

  private static Answer confirmed(Refund refund) {
    return Answer.created(
        "/api/refunds",
        json(refund),
        new Fact.RefundConfirmed(refund.id()),
        new Fact.DonationRecorded(refund.fund().value()));
  }

  private static Answer moved(FundId fund, Money amount) {
    return Answer.created(
        "/api/funds/" + fund.value(),
        new JsonObject().put("fund", fund.value()).put("amount", Wire.money(amount)),
        new Fact.DonationRecorded(fund.value()));
  }

  private static JsonObject json(Refund refund) {
    return new JsonObject()
        .put("id", refund.id())
        .put("fund", refund.fund().value())
        .put("donation", refund.giftCode())
        .put("amount", Wire.money(refund.amount()))
        .put("why", refund.why())
        .put("state", refund.state().tag())
        .put("asked_by", refund.askedBy())
        .put("asked_at", Wire.time(refund.askedAt()))
        .put("confirmed_by", refund.confirmedBy().orElse(null))
        .put("out_of", refund.source().orElse(null));
  }
}
