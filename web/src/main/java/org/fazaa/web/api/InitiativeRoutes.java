package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.spending.ConfirmBudget;
import org.fazaa.fund.spending.Initiative;
import org.fazaa.fund.spending.Initiatives;
import org.fazaa.fund.spending.OpenInitiative;
import org.fazaa.fund.spending.ProposeBudget;
import org.fazaa.web.Problem;

/** What a fund wants done, each with a budget that two people made. */
public final class InitiativeRoutes {
  private final Api api;
  private final Pool pool;

  public InitiativeRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.writes(router, "openInitiative", InitiativeRoutes::open);
    api.reads(router, "getInitiative", this::find);
    api.writes(router, "proposeBudget", InitiativeRoutes::propose);
    api.writes(router, "confirmBudget", InitiativeRoutes::confirm);
  }

  private Answer find(Call call) {
    return Initiatives.find(pool, call.id("initiative"))
        .map(found -> Answer.ok(json(found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer open(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new OpenInitiative.Draft(
            call.key(),
            new FundId(call.id("fund")),
            Wire.fundWords(body.getJsonObject("name")),
            Wire.money(body.getJsonObject("budget"), "/budget"),
            body.getString("why"),
            call.who().account());
    return switch (OpenInitiative.run(tx, draft, call.now())) {
      case OpenInitiative.Outcome.Opened(var id) -> created(tx, id);
      case OpenInitiative.Outcome.AlreadyOpened(var id) -> created(tx, id);
      case OpenInitiative.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case OpenInitiative.Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case OpenInitiative.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case OpenInitiative.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer propose(Call call, SqlConnection tx) {
    var id = call.id("initiative");
    var budget = Wire.money(call.body().getJsonObject("budget"), "/budget");
    var draft =
        new ProposeBudget.Draft(id, budget, call.body().getString("why"), call.who().account());
    return switch (ProposeBudget.run(tx, draft, call.now())) {
      case ProposeBudget.Outcome.Proposed proposed -> created(tx, id);
      case ProposeBudget.Outcome.AlreadyProposed proposed -> created(tx, id);
      case ProposeBudget.Outcome.NoSuchInitiative refusal -> Refusals.missing(refusal);
      case ProposeBudget.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case ProposeBudget.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer confirm(Call call, SqlConnection tx) {
    var id = call.id("initiative");
    var draft = new ConfirmBudget.Draft(id, call.body().getInteger("n"), call.who().account());
    return switch (ConfirmBudget.run(tx, draft, call.now())) {
      case ConfirmBudget.Outcome.Confirmed confirmed -> created(tx, id);
      case ConfirmBudget.Outcome.AlreadyConfirmed confirmed -> created(tx, id);
      case ConfirmBudget.Outcome.NoSuchInitiative refusal -> Refusals.missing(refusal);
      case ConfirmBudget.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case ConfirmBudget.Outcome.OwnProposal refusal -> Refusals.forbidden(refusal);
      case ConfirmBudget.Outcome.VersionMoved refusal -> Refusals.conflict(refusal);
      case ConfirmBudget.Outcome.BelowUsed refusal -> Refusals.conflict(refusal);
    };
  }

  private static Answer created(SqlConnection tx, long id) {
    return Answer.created("/api/initiatives/" + id, json(Initiatives.find(tx, id).orElseThrow()));
  }

  private static JsonObject json(Initiative found) {
    var budgets = new JsonArray();
    for (var one : found.budgets()) {
      budgets.add(
          new JsonObject()
              .put("n", one.n())
              .put("amount", Wire.money(one.amount()))
              .put("why", one.why())
              .put("proposed_by", one.proposedBy())
              .put("confirmed_by", one.confirmedBy().orElse(null)));
    }
    return new JsonObject()
        .put("id", found.id())
        .put("fund", found.fund().value())
        .put("name", Wire.words(found.name()))
        .put("budget", Wire.money(found.budget()))
        .put("used", Wire.money(found.used()))
        .put("budgets", budgets);
  }
}
