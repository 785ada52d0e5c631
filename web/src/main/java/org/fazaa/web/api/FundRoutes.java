package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.fund.giving.Pledges;
import org.fazaa.fund.ledger.Figures;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.OpenFund;
import org.fazaa.fund.ledger.OpenFund.Outcome;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.web.Problem;

/** Funds and their public figures. */
public final class FundRoutes {

  private final Api api;
  private final Pool pool;
  private final boolean demonstration;

  /** {@code demonstration}: nothing outside is connected, so money is only pretended. */
  public FundRoutes(Api api, Pool pool, boolean demonstration) {
    this.api = api;
    this.pool = pool;
    this.demonstration = demonstration;
  }

  public void mount(Router router) {
    api.writes(router, "openFund", this::open);
    api.reads(router, "getFund", call -> find(pool, new FundId(call.id("fund"))));
  }

  private Answer open(Call call, SqlConnection tx) {
    return switch (OpenFund.run(tx, draft(call), call.now())) {
      case Outcome.Opened(var fund) -> created(tx, fund);
      case Outcome.AlreadyOpened(var fund) -> created(tx, fund);
      case Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private OpenFund.Draft draft(Call call) {
    var body = call.body();
    var target = Optional.ofNullable(body.getJsonObject("target"));
    var restriction =
        Restriction.valueOf(body.getString("restriction", "purpose").toUpperCase(Locale.ROOT));
    return new OpenFund.Draft(
        call.key(),
        Wire.fundWords(body.getJsonObject("name")),
        Wire.currency(body.getString("currency"), "/currency"),
        restriction,
        Wire.fundWords(body.getJsonObject("purpose")),
        target.map(money -> Wire.money(money, "/target").minor()),
        Optional.ofNullable(body.getString("licence")),
        Optional.ofNullable(body.getString("campaign")),
        demonstration,
        terms(body, restriction),
        call.who().account());
  }

  /** Whoever says nothing of its use opens a fund for any use; zakat has to name its classes. */
  private static Terms.Opening terms(JsonObject body, Restriction restriction) {
    var anything =
        restriction == Restriction.ZAKAT ? new JsonArray() : JsonArray.of(new JsonObject());
    var from = day(body, "use_from");
    return new Terms.Opening(
        TermsRoutes.uses(body.getJsonArray("uses", anything)),
        from.map(first -> new Terms.Days(first, day(body, "use_until").orElse(first))),
        day(body, "closes_on"),
        body.getBoolean("stops_at_target", false),
        Terms.Surplus.of(body.getString("surplus", "authority")),
        Wire.number(body, "surplus_to").map(FundId::new));
  }

  private static Optional<LocalDate> day(JsonObject body, String field) {
    return Optional.ofNullable(body.getString(field)).map(day -> Wire.day(day, "/" + field));
  }

  private static Answer created(SqlConnection tx, FundId fund) {
    return Answer.created("/api/funds/" + fund.value(), json(tx, fund).orElseThrow());
  }

  private static Answer find(SqlClient client, FundId fund) {
    return json(client, fund).map(Answer::ok).orElse(Answer.refused(Problem.notFound()));
  }

  private static Optional<JsonObject> json(SqlClient client, FundId id) {
    var fund = Funds.find(client, id);
    return fund.map(
        found ->
            json(found, Funds.figures(client, id).orElseThrow(), Funds.moved(client, id))
                .put("terms", TermsRoutes.json(Terms.find(client, id).orElseThrow()))
                .put("pledges", pledges(client, id)));
  }

  private static JsonObject json(Fund fund, Figures figures, Funds.Moved moved) {
    return new JsonObject()
        .put("id", fund.id().value())
        .put("name", Wire.words(fund.name()))
        .put("currency", fund.currency().getCurrencyCode())
        .put("restriction", fund.restriction().tag())
        .put("purpose", Wire.words(fund.purpose()))
        .put("target", Wire.money(fund.target()))
        .put("demonstration", fund.demonstration())
        .put("opened_at", Wire.time(fund.openedAt()))
        .put("closed_at", Wire.time(fund.closedAt()))
        .put(
            "figures",
            json(figures)
                .put("moved_in", Wire.money(moved.in()))
                .put("moved_out", Wire.money(moved.out())));
  }

  private static JsonArray pledges(SqlClient client, FundId id) {
    var pledges = new JsonArray();
    for (var one : Pledges.regular(client, id)) {
      pledges.add(
          new JsonObject()
              .put("every", one.every().tag())
              .put("count", one.pledges())
              .put("amount", Wire.money(one.amount())));
    }
    return pledges;
  }

  private static JsonObject json(Figures figures) {
    return new JsonObject()
        .put("received", Wire.money(figures.received()))
        .put("settling", Wire.money(figures.settling()))
        .put("banked", Wire.money(figures.banked()))
        .put("available", Wire.money(figures.available()))
        .put("reserved", Wire.money(figures.reserved()))
        .put("paid", Wire.money(figures.paid()))
        .put("confirmed", Wire.money(figures.confirmed()))
        .put("delivered", Wire.money(figures.delivered()))
        .put("pledged", Wire.money(figures.pledged()));
  }
}
