package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.people.AddOrganisation;
import org.fazaa.dispatcher.people.AddOrganisationRule;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.CloseOrganisationRule;
import org.fazaa.dispatcher.people.OrganisationRule;
import org.fazaa.dispatcher.people.Organisations;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** Partners that bring volunteers, and their rules of when those may be asked. */
public final class OrganisationRoutes {

  private final Api api;
  private final Pool pool;

  public OrganisationRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.reads(router, "listOrganisations", this::list);
    api.writes(router, "addOrganisation", OrganisationRoutes::add);
    api.writes(router, "addOrganisationRule", OrganisationRoutes::addRule);
    api.writes(router, "closeOrganisationRule", OrganisationRoutes::closeRule);
  }

  private Answer list(Call call) {
    var organisations = new JsonArray();
    var rules = OrganisationRule.list(pool, call.now());
    for (var one : Organisations.list(pool)) {
      var theirs = new JsonArray();
      rules.stream()
          .filter(rule -> rule.code().equals(one.code()))
          .forEach(rule -> theirs.add(json(rule, call)));
      organisations.add(
          new JsonObject()
              .put("code", one.code())
              .put("name", Wire.words(one.ar(), one.en()))
              .put("rules", theirs));
    }
    return Answer.ok(new JsonObject().put("organisations", organisations));
  }

  private static Answer add(Call call, SqlConnection tx) {
    var name = call.body().getJsonObject("name");
    var code = call.body().getString("code");
    var draft = new AddOrganisation.Draft(code, name.getString("ar"), name.getString("en"));
    return switch (AddOrganisation.run(tx, draft)) {
      case AddOrganisation.Outcome.Added added ->
          Answer.created(
              null,
              new JsonObject()
                  .put("code", code)
                  .put("name", Wire.words(draft.nameAr().strip(), draft.nameEn().strip()))
                  .put("rules", new JsonArray()));
      case AddOrganisation.Outcome.CodeTaken taken -> Answer.refused(CODE_TAKEN);
      case AddOrganisation.Outcome.Incomplete(var flaws) -> Answer.refused(Wire.invalid(flaws));
    };
  }

  private static Answer addRule(Call call, SqlConnection tx) {
    var why = call.body().getJsonObject("why");
    var draft =
        new AddOrganisationRule.Draft(
            call.text("organisation"),
            kinds(call.body().getJsonArray("kinds")),
            Optional.ofNullable(call.body().getString("from")).map(at -> Wire.time(at, "/from")),
            Optional.ofNullable(call.body().getString("until")).map(at -> Wire.time(at, "/until")),
            new OrganisationRule.Why(why.getString("ar"), why.getString("en")));
    return switch (AddOrganisationRule.run(tx, call.who().account(), draft, call.now())) {
      case AddOrganisationRule.Outcome.Added(var rule) -> Answer.created(null, json(rule, call));
      case AddOrganisationRule.Outcome.NoSuchOrganisation none ->
          Answer.refused(Problem.notFound());
      case AddOrganisationRule.Outcome.Incomplete(var flaws) -> Answer.refused(Wire.invalid(flaws));
    };
  }

  private static Answer closeRule(Call call, SqlConnection tx) {
    var by = call.who().account();
    return switch (CloseOrganisationRule.run(tx, by, call.id("rule"), call.now())) {
      case CloseOrganisationRule.Outcome.Closed(var rule) -> Answer.created(null, json(rule, call));
      case CloseOrganisationRule.Outcome.AlreadyClosed(var rule) ->
          Answer.created(null, json(rule, call));
      case CloseOrganisationRule.Outcome.NoSuchRule none -> Answer.refused(Problem.notFound());
    };
  }

  private static Set<CallKind> kinds(JsonArray written) {
    if (written == null) return EnumSet.allOf(CallKind.class);
    var kinds = EnumSet.noneOf(CallKind.class);
    for (var word : Wire.texts(written)) kinds.add(CallKind.valueOf(word.toUpperCase(Locale.ROOT)));
    return kinds;
  }

  private static JsonObject json(OrganisationRule rule, Call call) {
    return new JsonObject()
        .put("id", rule.id())
        .put("organisation", rule.code())
        .put("kinds", new JsonArray(rule.kinds().stream().map(OrganisationRule::word).toList()))
        .put("from", Wire.time(rule.from()))
        .put("until", Wire.time(rule.until()))
        .put("why", Wire.words(rule.why().ar(), rule.why().en()))
        .put("closed_at", Wire.time(rule.closedAt()))
        .put("in_force", rule.isInForce(call.now()));
  }

  private static final Problem CODE_TAKEN =
      Problem.conflict(
          "organisation-code-taken",
          new Words("الرمز مستعمل", "This code is in use"),
          new Words("لجهة أخرى الرمز نفسه: اختر رمزًا آخر.", "Choose another one."));
}
