package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;
import org.fazaa.fund.ledger.ClosePeriod;
import org.fazaa.fund.ledger.ClosePeriod.Outcome;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Journal;
import org.fazaa.web.Problem;

/** The books as they were, and the months of them that are closed. */
public final class BookRoutes {
  private final Api api;
  private final Pool pool;

  public BookRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.reads(router, "getBalances", this::balances);
    api.reads(router, "listPeriods", call -> periods());
    api.writes(router, "closePeriod", BookRoutes::close);
  }

  private Answer balances(Call call) {
    var fund = new FundId(call.id("fund"));
    if (Funds.find(pool, fund).isEmpty()) return Answer.refused(Problem.notFound());
    var happened = moment(call, "happened_before");
    var known = moment(call, "known_before");
    var balances = new JsonArray();
    Journal.asOf(pool, fund, happened, known)
        .forEach(
            (account, money) ->
                balances.add(
                    new JsonObject().put("account", account).put("amount", Wire.money(money))));
    return Answer.ok(
        new JsonObject()
            .put("fund", fund.value())
            .put("happened_before", Wire.time(happened))
            .put("known_before", Wire.time(known))
            .put("balances", balances));
  }

  private static Optional<Instant> moment(Call call, String name) {
    return Optional.ofNullable(call.text(name)).map(written -> Wire.time(written, name));
  }

  private Answer periods() {
    var periods = new JsonArray();
    for (var period : ClosePeriod.list(pool)) {
      periods.add(
          new JsonObject()
              .put("month", period.month().toString())
              .put("entries", period.entries())
              .put("prior", period.prior())
              .put("closed_at", Wire.time(period.closedAt())));
    }
    return Answer.ok(new JsonObject().put("periods", periods));
  }

  private static Answer close(Call call, SqlConnection tx) {
    var month = YearMonth.parse(call.text("month"));
    var draft = new ClosePeriod.Draft(month, call.who().account());
    return switch (ClosePeriod.run(tx, draft, call.now())) {
      case Outcome.Closed(), Outcome.AlreadyClosed() ->
          Answer.created(null, new JsonObject().put("month", month.toString()));
      case Outcome.NotOver refusal -> Refusals.conflict(refusal);
      case Outcome.EarlierOpen refusal -> Refusals.conflict(refusal);
      case Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
    };
  }
}
