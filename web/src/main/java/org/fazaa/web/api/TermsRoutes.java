package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Fact;
import org.fazaa.fund.ledger.ConfirmTerms;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.ProposeTerms;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Terms.What;
import org.fazaa.fund.ledger.Use;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** What funds say of their money, and how two people change it. */
public final class TermsRoutes {
  private final Api api;
  private final Pool pool;

  public TermsRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.reads(router, "getTerms", this::find);
    api.writes(router, "proposeTerms", TermsRoutes::propose);
    api.writes(router, "confirmTerms", TermsRoutes::confirm);
  }

  private Answer find(Call call) {
    return Terms.find(pool, new FundId(call.id("fund")))
        .map(found -> Answer.ok(whole(found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer propose(Call call, SqlConnection tx) {
    var fund = new FundId(call.id("fund"));
    var why = call.body().getString("why");
    var draft =
        new ProposeTerms.Draft(call.key(), fund, what(call.body()), why, call.who().account());
    return switch (ProposeTerms.run(tx, draft, call.now())) {
      case ProposeTerms.Outcome.Proposed(var id) -> changed(tx, fund, id);
      case ProposeTerms.Outcome.AlreadyProposed(var id) -> changed(tx, fund, id);
      case ProposeTerms.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case ProposeTerms.Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case ProposeTerms.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case ProposeTerms.Outcome.FundClosed refusal -> Refusals.conflict(refusal);
      case ProposeTerms.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static What what(JsonObject body) {
    var kind = body.getString("kind");
    var field =
        switch (kind) {
          case "rule" -> "use";
          case "end_rule" -> "rule";
          default -> "closes_on";
        };
    if (!body.containsKey(field)) throw Problem.invalid("/" + field, MISSING).refused();
    return switch (kind) {
      case "rule" -> new What.AddRule(use(body.getJsonObject(field)));
      case "end_rule" -> new What.EndRule(body.getLong(field));
      default -> new What.ClosingDay(Wire.day(body.getString(field), "/closes_on"));
    };
  }

  private static Answer confirm(Call call, SqlConnection tx) {
    var fund = new FundId(call.id("fund"));
    var id = call.id("change");
    var draft = new ConfirmTerms.Draft(fund, id, call.who().account());
    return switch (ConfirmTerms.run(tx, draft, call.now())) {
      case ConfirmTerms.Outcome.Confirmed confirmed -> changed(tx, fund, id);
      case ConfirmTerms.Outcome.AlreadyConfirmed confirmed -> changed(tx, fund, id);
      case ConfirmTerms.Outcome.NoSuchChange refusal -> Refusals.missing(refusal);
      case ConfirmTerms.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case ConfirmTerms.Outcome.OwnProposal refusal -> Refusals.forbidden(refusal);
      case ConfirmTerms.Outcome.Overtaken refusal -> Refusals.conflict(refusal);
    };
  }

  private static Answer changed(SqlConnection tx, FundId fund, long change) {
    var terms = Terms.find(tx, fund).orElseThrow();
    var body = terms.changes().stream().filter(one -> one.id() == change).findFirst();
    return Answer.created(
        "/api/funds/" + fund.value() + "/terms",
        json(body.orElseThrow()),
        new Fact.DonationRecorded(fund.value()));
  }

  /** A use as it is written; what is not named is any. */
  static Use use(JsonObject written) {
    if (written == null) return Use.ANY;
    return Use.of(
        written.getString("category", "any"),
        written.getString("region", "any"),
        written.getString("target_group", "any"));
  }

  static List<Use> uses(JsonArray written) {
    return written.stream().map(one -> use((JsonObject) one)).toList();
  }

  static JsonObject json(Use use) {
    return new JsonObject()
        .put("category", use.category().tag())
        .put("region", use.region().tag())
        .put("target_group", use.targetGroup().tag());
  }

  private static JsonObject whole(Terms terms) {
    var changes = new JsonArray();
    terms.changes().forEach(change -> changes.add(json(change)));
    return new JsonObject().put("terms", json(terms)).put("changes", changes);
  }

  static JsonObject json(Terms terms) {
    var rules = new JsonArray();
    for (var rule : terms.rules()) {
      rules.add(
          new JsonObject()
              .put("id", rule.id())
              .put("use", json(rule.use()))
              .put("origin", rule.origin().tag())
              .put("since", Wire.time(rule.since()))
              .put("ended_at", Wire.time(rule.endedAt())));
    }
    return new JsonObject()
        .put("rules", rules)
        .put("use_from", day(terms.use().map(Terms.Days::from)))
        .put("use_until", day(terms.use().map(Terms.Days::until)))
        .put("closes_on", day(terms.closesOn()))
        .put("stops_at_target", terms.stopsAtTarget())
        .put("surplus", terms.surplus().map(Terms.Surplus::tag).orElse(null))
        .put("surplus_to", terms.surplusTo().map(FundId::value).orElse(null));
  }

  private static JsonObject json(Terms.Change change) {
    var json = new JsonObject().put("id", change.id());
    switch (change.what()) {
      case What.AddRule(var use) -> json.put("kind", "rule").put("use", json(use));
      case What.EndRule(var rule) -> json.put("kind", "end_rule").put("rule", rule);
      case What.ClosingDay(var day) ->
          json.put("kind", "closing_day").put("closes_on", day.toString());
    }
    return json.put("why", change.why())
        .put("proposed_by", change.proposedBy())
        .put("proposed_at", Wire.time(change.proposedAt()))
        .put("confirmed_by", change.confirmedBy().orElse(null));
  }

  private static String day(Optional<LocalDate> day) {
    return day.map(LocalDate::toString).orElse(null);
  }

  private static final Words MISSING =
      new Words("اكتب ما يخص هذا النوع من التعديل", "Give what this kind of change is about");
}
