package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.spending.ConfirmFees;
import org.fazaa.fund.spending.FeePolicy;
import org.fazaa.fund.spending.Policy;
import org.fazaa.fund.spending.ProposeFees;

/** Who bears what card providers keep: proposed by one officer, put in force by another. */
public final class FeePolicyRoutes {
  private final Api api;
  private final Pool pool;

  public FeePolicyRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.reads(router, "getFeePolicy", this::inForce);
    api.writes(router, "proposeFees", FeePolicyRoutes::propose);
    api.writes(router, "confirmFees", FeePolicyRoutes::confirm);
  }

  private Answer inForce(Call call) {
    return Answer.ok(json(FeePolicy.inForce(pool, call.now())));
  }

  private static Answer propose(Call call, SqlConnection tx) {
    var draft =
        new ProposeFees.Draft(
            call.key(),
            Optional.ofNullable(call.body().getLong("operator_fund")).map(FundId::new),
            call.body().getString("why"),
            call.who().account());
    return switch (ProposeFees.run(tx, draft, call.now())) {
      case ProposeFees.Outcome.Proposed(var id) -> created(tx, id);
      case ProposeFees.Outcome.AlreadyProposed(var id) -> created(tx, id);
      case ProposeFees.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case ProposeFees.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case ProposeFees.Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case ProposeFees.Outcome.Restricted refusal -> Refusals.conflict(refusal);
      case ProposeFees.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer confirm(Call call, SqlConnection tx) {
    var draft = new ConfirmFees.Draft(call.id("policy"), call.who().account());
    return switch (ConfirmFees.run(tx, draft, call.now())) {
      case ConfirmFees.Outcome.Confirmed(var id) -> created(tx, id);
      case ConfirmFees.Outcome.AlreadyConfirmed(var id) -> created(tx, id);
      case ConfirmFees.Outcome.NoSuchPolicy refusal -> Refusals.missing(refusal);
      case ConfirmFees.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case ConfirmFees.Outcome.OwnProposal refusal -> Refusals.forbidden(refusal);
      case ConfirmFees.Outcome.Overtaken refusal -> Refusals.conflict(refusal);
    };
  }

  private static Answer created(SqlConnection tx, long id) {
    return Answer.created(null, json(FeePolicy.find(tx, id).orElseThrow()));
  }

  private static JsonObject json(FeePolicy policy) {
    return new JsonObject()
        .put("id", policy.id())
        .put("operator_fund", policy.operatorFund().map(FundId::value).orElse(null))
        .put("why", policy.proposal().map(Policy.Proposal::why).orElse(null))
        .put("proposed_by", policy.proposal().map(Policy.Proposal::by).orElse(null))
        .put("confirmed_by", policy.confirmation().map(Policy.Confirmation::by).orElse(null))
        .put("confirmed_at", Wire.time(policy.confirmation().map(Policy.Confirmation::at)));
  }
}
