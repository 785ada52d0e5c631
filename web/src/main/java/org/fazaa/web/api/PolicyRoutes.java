package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import org.fazaa.fund.spending.ConfirmPolicy;
import org.fazaa.fund.spending.Policies;
import org.fazaa.fund.spending.Policy;
import org.fazaa.fund.spending.ProposePolicy;

/** How many approvals amounts need: proposed by one officer, put in force by another. */
public final class PolicyRoutes {
  private final Api api;
  private final Pool pool;

  public PolicyRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.reads(router, "getApprovalPolicy", this::inForce);
    api.writes(router, "proposePolicy", PolicyRoutes::propose);
    api.writes(router, "confirmPolicy", PolicyRoutes::confirm);
  }

  private Answer inForce(Call call) {
    var currency = Wire.currency(call.text("currency"), "currency");
    return Answer.ok(json(Policies.inForce(pool, currency, call.now())));
  }

  private static Answer propose(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new ProposePolicy.Draft(
            call.key(),
            Wire.currency(body.getString("currency"), "/currency"),
            steps(body.getJsonArray("steps")),
            body.getString("why"),
            call.who().account());
    return switch (ProposePolicy.run(tx, draft, call.now())) {
      case ProposePolicy.Outcome.Proposed(var version) -> created(tx, version);
      case ProposePolicy.Outcome.AlreadyProposed(var version) -> created(tx, version);
      case ProposePolicy.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case ProposePolicy.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case ProposePolicy.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer confirm(Call call, SqlConnection tx) {
    var draft = new ConfirmPolicy.Draft((int) call.id("policy"), call.who().account());
    return switch (ConfirmPolicy.run(tx, draft, call.now())) {
      case ConfirmPolicy.Outcome.Confirmed(var version) -> created(tx, version);
      case ConfirmPolicy.Outcome.AlreadyConfirmed(var version) -> created(tx, version);
      case ConfirmPolicy.Outcome.NoSuchPolicy refusal -> Refusals.missing(refusal);
      case ConfirmPolicy.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case ConfirmPolicy.Outcome.OwnProposal refusal -> Refusals.forbidden(refusal);
      case ConfirmPolicy.Outcome.Overtaken refusal -> Refusals.conflict(refusal);
    };
  }

  private static List<Policy.Step> steps(JsonArray written) {
    return written.stream()
        .map(JsonObject.class::cast)
        .map(step -> new Policy.Step(step.getLong("from_minor"), step.getInteger("needed")))
        .toList();
  }

  private static Answer created(SqlConnection tx, int version) {
    return Answer.created(null, json(Policies.find(tx, version).orElseThrow()));
  }

  private static JsonObject json(Policy policy) {
    var steps = new JsonArray();
    for (var step : policy.steps()) {
      steps.add(new JsonObject().put("from_minor", step.fromMinor()).put("needed", step.needed()));
    }
    return new JsonObject()
        .put("version", policy.version())
        .put("currency", policy.currency().getCurrencyCode())
        .put("steps", steps)
        .put("why", policy.proposal().map(Policy.Proposal::why).orElse(null))
        .put("proposed_by", policy.proposal().map(Policy.Proposal::by).orElse(null))
        .put("confirmed_by", policy.confirmation().map(Policy.Confirmation::by).orElse(null))
        .put("confirmed_at", Wire.time(policy.confirmation().map(Policy.Confirmation::at)));
  }
}
