package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import org.fazaa.config.Fact;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.spending.ApproveSurplus;
import org.fazaa.fund.spending.ProposeSurplus;
import org.fazaa.fund.spending.SurplusMove;
import org.fazaa.web.Problem;

/** What is left of closed funds, on its way to others. */
public final class SurplusRoutes {
  private final Api api;
  private final Pool pool;

  public SurplusRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.writes(router, "proposeSurplus", SurplusRoutes::propose);
    api.reads(router, "getSurplusMove", this::find);
    api.writes(router, "approveSurplus", SurplusRoutes::approve);
  }

  private Answer find(Call call) {
    return SurplusMove.find(pool, call.id("move"))
        .map(found -> Answer.ok(json(found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer propose(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new ProposeSurplus.Draft(
            call.key(),
            new FundId(call.id("fund")),
            new FundId(body.getLong("to")),
            Wire.money(body.getJsonObject("amount"), "/amount"),
            body.getString("why"),
            call.who().account());
    return switch (ProposeSurplus.run(tx, draft, call.now())) {
      case ProposeSurplus.Outcome.Proposed(var id) -> changed(tx, id);
      case ProposeSurplus.Outcome.AlreadyProposed(var id) -> changed(tx, id);
      case ProposeSurplus.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case ProposeSurplus.Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case ProposeSurplus.Outcome.NotRequester refusal -> Refusals.forbidden(refusal);
      case ProposeSurplus.Outcome.StillOpen refusal -> Refusals.conflict(refusal);
      case ProposeSurplus.Outcome.NotAsSaid refusal -> Refusals.conflict(refusal);
      case ProposeSurplus.Outcome.LeavesItsClass refusal -> Refusals.conflict(refusal);
      case ProposeSurplus.Outcome.TooLittle refusal -> Refusals.conflict(refusal);
      case ProposeSurplus.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer approve(Call call, SqlConnection tx) {
    var id = call.id("move");
    var draft = new ApproveSurplus.Draft(id, call.who().account());
    return switch (ApproveSurplus.run(tx, draft, call.now())) {
      case ApproveSurplus.Outcome.Approved approved -> changed(tx, id);
      case ApproveSurplus.Outcome.Moved moved -> changed(tx, id);
      case ApproveSurplus.Outcome.AlreadyApproved approved -> changed(tx, id);
      case ApproveSurplus.Outcome.NoSuchMove refusal -> Refusals.missing(refusal);
      case ApproveSurplus.Outcome.NotApprover refusal -> Refusals.forbidden(refusal);
      case ApproveSurplus.Outcome.OwnProposal refusal -> Refusals.forbidden(refusal);
      case ApproveSurplus.Outcome.AlreadyMoved refusal -> Refusals.conflict(refusal);
      case ApproveSurplus.Outcome.Frozen refusal -> Refusals.conflict(refusal);
      case ApproveSurplus.Outcome.TooLittle refusal -> Refusals.conflict(refusal);
    };
  }

  private static Answer changed(SqlConnection tx, long id) {
    var found = SurplusMove.find(tx, id).orElseThrow();
    return Answer.created(
        "/api/surplus-moves/" + id,
        json(found),
        new Fact.DonationRecorded(found.fund().value()),
        new Fact.DonationRecorded(found.to().value()));
  }

  private static JsonObject json(SurplusMove found) {
    return new JsonObject()
        .put("id", found.id())
        .put("fund", found.fund().value())
        .put("to", found.to().value())
        .put("amount", Wire.money(found.amount()))
        .put("why", found.why())
        .put("proposed_by", found.proposedBy())
        .put("proposed_at", Wire.time(found.proposedAt()))
        .put("approvers", new JsonArray(found.approvers()))
        .put("needed", found.needed())
        .put("moved_at", Wire.time(found.movedAt()));
  }
}
