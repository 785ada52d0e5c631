package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.fazaa.config.Fact;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.spending.ApproveDisbursement;
import org.fazaa.fund.spending.Disbursement;
import org.fazaa.fund.spending.DisbursementId;
import org.fazaa.fund.spending.Disbursements;
import org.fazaa.fund.spending.EditDisbursement;
import org.fazaa.fund.spending.FollowPayment;
import org.fazaa.fund.spending.PayDisbursement;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.Payment;
import org.fazaa.fund.spending.PaymentState;
import org.fazaa.fund.spending.RecordDelivery;
import org.fazaa.fund.spending.RequestDisbursement;
import org.fazaa.fund.spending.WithdrawDisbursement;
import org.fazaa.web.Problem;

/** Money on its way out: asked for, approved by two, paid, and what it became. */
public final class DisbursementRoutes {

  private final Api api;
  private final Pool pool;
  private final PayDisbursement payDisbursement;

  public DisbursementRoutes(Api api, Pool pool, RandomGenerator random) {
    this.api = api;
    this.pool = pool;
    this.payDisbursement = new PayDisbursement(random);
  }

  public void mount(Router router) {
    api.writes(router, "requestDisbursement", DisbursementRoutes::request);
    api.reads(router, "getDisbursement", this::find);
    api.writes(router, "approveDisbursement", DisbursementRoutes::approve);
    api.writes(router, "payDisbursement", this::pay);
    api.writes(router, "recordDelivery", DisbursementRoutes::deliver);
    api.writes(router, "editDisbursement", DisbursementRoutes::edit);
    api.writes(router, "withdrawDisbursement", DisbursementRoutes::withdraw);
    api.writes(router, "followPayment", DisbursementRoutes::follow);
  }

  private static Answer request(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new RequestDisbursement.Draft(
            call.key(),
            new FundId(call.id("fund")),
            new PayeeId(body.getLong("payee")),
            Wire.money(body.getJsonObject("amount"), "/amount"),
            body.getString("purpose"),
            body.getString("evidence"),
            Wire.number(body, "initiative"),
            Wire.numbers(body.getJsonArray("entitlements", new JsonArray())),
            TermsRoutes.use(body.getJsonObject("use")),
            call.who().account());
    return switch (RequestDisbursement.run(tx, draft, call.now())) {
      case RequestDisbursement.Outcome.Requested(var id, var version) -> changed(tx, id);
      case RequestDisbursement.Outcome.AlreadyRequested(var id, var version) -> changed(tx, id);
      case RequestDisbursement.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case RequestDisbursement.Outcome.NotRequester refusal -> Refusals.forbidden(refusal);
      case RequestDisbursement.Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case RequestDisbursement.Outcome.NoSuchPayee refusal -> Refusals.missing(refusal);
      case RequestDisbursement.Outcome.NoSuchInitiative refusal -> Refusals.missing(refusal);
      case RequestDisbursement.Outcome.UseNotAllowed refusal -> Refusals.conflict(refusal);
      case RequestDisbursement.Outcome.NotPayable refusal -> Refusals.conflict(refusal);
      case RequestDisbursement.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer edit(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new EditDisbursement.Draft(
            id(call),
            body.getInteger("version"),
            new PayeeId(body.getLong("payee")),
            Wire.money(body.getJsonObject("amount"), "/amount"),
            body.getString("purpose"),
            body.getString("evidence"),
            Wire.number(body, "initiative"),
            Wire.numbers(body.getJsonArray("entitlements", new JsonArray())),
            TermsRoutes.use(body.getJsonObject("use")),
            call.who().account());
    return switch (EditDisbursement.run(tx, draft, call.now())) {
      case EditDisbursement.Outcome.Edited edited -> changed(tx, id(call));
      case EditDisbursement.Outcome.NoSuchRequest refusal -> Refusals.missing(refusal);
      case EditDisbursement.Outcome.NotYours refusal -> Refusals.forbidden(refusal);
      case EditDisbursement.Outcome.Withdrawn refusal -> Refusals.conflict(refusal);
      case EditDisbursement.Outcome.AlreadyPaid refusal -> Refusals.conflict(refusal);
      case EditDisbursement.Outcome.VersionMoved refusal -> Refusals.conflict(refusal);
      case EditDisbursement.Outcome.NoSuchPayee refusal -> Refusals.missing(refusal);
      case EditDisbursement.Outcome.NoSuchInitiative refusal -> Refusals.missing(refusal);
      case EditDisbursement.Outcome.UseNotAllowed refusal -> Refusals.conflict(refusal);
      case EditDisbursement.Outcome.NotPayable refusal -> Refusals.conflict(refusal);
      case EditDisbursement.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer withdraw(Call call, SqlConnection tx) {
    var why = call.body().getString("why");
    var draft = new WithdrawDisbursement.Draft(id(call), why, call.who().account());
    return switch (WithdrawDisbursement.run(tx, draft, call.now())) {
      case WithdrawDisbursement.Outcome.Withdrawn withdrawn -> changed(tx, id(call));
      case WithdrawDisbursement.Outcome.AlreadyWithdrawn known -> changed(tx, id(call));
      case WithdrawDisbursement.Outcome.NoSuchRequest refusal -> Refusals.missing(refusal);
      case WithdrawDisbursement.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case WithdrawDisbursement.Outcome.AlreadyPaid refusal -> Refusals.conflict(refusal);
      case WithdrawDisbursement.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer follow(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new FollowPayment.Draft(
            id(call),
            PaymentState.of(body.getString("state")),
            Optional.ofNullable(body.getString("bank_line")),
            Optional.ofNullable(body.getString("why")),
            call.who().account());
    return switch (FollowPayment.run(tx, draft, call.now())) {
      case FollowPayment.Outcome.Followed followed -> changed(tx, id(call));
      case FollowPayment.Outcome.AlreadySaid known -> changed(tx, id(call));
      case FollowPayment.Outcome.NotPaid refusal -> Refusals.conflict(refusal);
      case FollowPayment.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
      case FollowPayment.Outcome.NotFrom refusal -> Refusals.conflict(refusal);
      case FollowPayment.Outcome.AlreadyConfirmed refusal -> Refusals.conflict(refusal);
      case FollowPayment.Outcome.LineUsed refusal -> Refusals.conflict(refusal);
      case FollowPayment.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private Answer find(Call call) {
    return Disbursements.find(pool, id(call))
        .map(found -> Answer.ok(json(found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer approve(Call call, SqlConnection tx) {
    var version = call.body().getInteger("version");
    var draft = new ApproveDisbursement.Draft(id(call), version, call.who().account());
    return switch (ApproveDisbursement.run(tx, draft, call.now())) {
      case ApproveDisbursement.Outcome.Approved approved -> changed(tx, id(call));
      case ApproveDisbursement.Outcome.AlreadyApproved approved -> changed(tx, id(call));
      case ApproveDisbursement.Outcome.NoSuchRequest refusal -> Refusals.missing(refusal);
      case ApproveDisbursement.Outcome.NotApprover refusal -> Refusals.forbidden(refusal);
      case ApproveDisbursement.Outcome.OwnRequest refusal -> Refusals.forbidden(refusal);
      case ApproveDisbursement.Outcome.BelongsToPayee refusal -> Refusals.forbidden(refusal);
      case ApproveDisbursement.Outcome.HandlesItsPeople refusal -> Refusals.forbidden(refusal);
      case ApproveDisbursement.Outcome.Withdrawn refusal -> Refusals.conflict(refusal);
      case ApproveDisbursement.Outcome.AlreadyPaid refusal -> Refusals.conflict(refusal);
      case ApproveDisbursement.Outcome.VersionMoved refusal -> Refusals.conflict(refusal);
    };
  }

  private Answer pay(Call call, SqlConnection tx) {
    var draft = new PayDisbursement.Draft(id(call), call.who().account());
    return switch (payDisbursement.run(tx, draft, call.now())) {
      case PayDisbursement.Outcome.Paid paid -> changed(tx, id(call));
      case PayDisbursement.Outcome.AlreadyPaid paid -> changed(tx, id(call));
      case PayDisbursement.Outcome.CameBack refusal -> Refusals.conflict(refusal);
      case PayDisbursement.Outcome.HandlesItsPeople refusal -> Refusals.forbidden(refusal);
      case PayDisbursement.Outcome.NotAccredited refusal -> Refusals.conflict(refusal);
      case PayDisbursement.Outcome.UseNotAllowed refusal -> Refusals.conflict(refusal);
      case PayDisbursement.Outcome.Unverified refusal -> Refusals.conflict(refusal);
      case PayDisbursement.Outcome.PaidElsewhere refusal -> Refusals.conflict(refusal);
      case PayDisbursement.Outcome.OverBudget refusal -> Refusals.conflict(refusal);
      case PayDisbursement.Outcome.NoSuchRequest refusal -> Refusals.missing(refusal);
      case PayDisbursement.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
      case PayDisbursement.Outcome.Withdrawn refusal -> Refusals.conflict(refusal);
      case PayDisbursement.Outcome.PayerApproved refusal -> Refusals.forbidden(refusal);
      case PayDisbursement.Outcome.NotApproved refusal -> Refusals.conflict(refusal);
      case PayDisbursement.Outcome.PayeeNotReady refusal -> Refusals.conflict(refusal);
      case PayDisbursement.Outcome.NotEnough refusal -> Refusals.conflict(refusal);
    };
  }

  private static Answer deliver(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new RecordDelivery.Draft(
            call.key(),
            id(call),
            Wire.money(body.getJsonObject("amount"), "/amount"),
            body.getInteger("people"),
            body.getString("evidence"),
            call.who().account());
    return switch (RecordDelivery.run(tx, draft, call.now())) {
      case RecordDelivery.Outcome.Delivered delivered -> changed(tx, id(call));
      case RecordDelivery.Outcome.AlreadyRecorded delivered -> changed(tx, id(call));
      case RecordDelivery.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case RecordDelivery.Outcome.NotPaid refusal -> Refusals.conflict(refusal);
      case RecordDelivery.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case RecordDelivery.Outcome.MoreThanPaid refusal -> Refusals.conflict(refusal);
      case RecordDelivery.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static DisbursementId id(Call call) {
    return new DisbursementId(call.id("disbursement"));
  }

  private static Answer changed(SqlConnection tx, DisbursementId id) {
    var found = Disbursements.find(tx, id).orElseThrow();
    return Answer.created(
        "/api/disbursements/" + id.value(),
        json(found),
        new Fact.DisbursementChanged(found.fund().value(), id.value()));
  }

  private static JsonObject json(Disbursement found) {
    var version = found.version();
    return new JsonObject()
        .put("id", found.id().value())
        .put("fund", found.fund().value())
        .put("version", version.number())
        .put("amount", Wire.money(version.amount()))
        .put("payee", version.payee().value())
        .put("purpose", version.purpose())
        .put("evidence", version.evidence())
        .put("initiative", version.initiative().map(cited -> cited.initiative()).orElse(null))
        .put("entitlements", new JsonArray(version.entitlements()))
        .put("use", TermsRoutes.json(version.use()))
        .put("state", found.state().tag())
        .put("requested_by", found.creator())
        .put("requested_at", Wire.time(found.requestedAt()))
        .put("approvals", approvals(found))
        .put("needed", found.needed())
        .put("payment", found.payment().map(DisbursementRoutes::json).orElse(null))
        .put("delivered", Wire.money(found.delivered()));
  }

  private static JsonArray approvals(Disbursement found) {
    var approvals = new JsonArray();
    for (var approval : found.approvals()) {
      approvals.add(
          new JsonObject().put("account", approval.approver()).put("at", Wire.time(approval.at())));
    }
    return approvals;
  }

  private static JsonObject json(Payment payment) {
    return new JsonObject()
        .put("end_to_end", payment.endToEnd())
        .put("state", payment.state().tag())
        .put("paid_at", Wire.time(payment.paidAt()));
  }
}
