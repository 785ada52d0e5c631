package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.notifier.Budget;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** What the texts of a crisis may cost. */
public final class BudgetRoutes {

  private final Api api;
  private final Pool pool;
  private final Channel channel;

  public BudgetRoutes(Api api, Pool pool, Channel channel) {
    this.api = api;
    this.pool = pool;
    this.channel = channel;
  }

  public void mount(Router router) {
    api.reads(router, "getBudget", call -> Answer.ok(json(pool, crisis(pool, call))));
    api.writes(router, "setBudget", this::set);
  }

  private static CrisisId crisis(SqlClient connection, Call call) {
    var id = new CrisisId(call.id("crisis"));
    return Crisis.find(connection, id).orElseThrow(() -> Problem.notFound().refused()).id();
  }

  private Answer set(Call call, SqlConnection tx) {
    var by = Duty.of(tx, call).account();
    var id = crisis(tx, call);
    var cap = call.body().getJsonObject("cap");
    if (!cap.getString("currency").equals(channel.currency())) {
      return Answer.refused(Problem.invalid("/cap/currency", otherCurrency()));
    }
    var why = call.body().getString("why");
    var name = Channel.budget(id);
    return switch (Budget.change(tx, name, cap.getLong("minor"), by, why, call.now())) {
      case Budget.Outcome.Changed() ->
          Answer.created(
              null, json(tx, id), new Fact.OutboxFilled(), new Fact.CrisisChanged(id.value()));
      case Budget.Outcome.BelowSpent(var spent) ->
          Answer.refused(Problem.invalid("/cap/minor", belowSpent(spent)));
    };
  }

  private Words otherCurrency() {
    return new Words(
        "تكلفة الرسائل بعملة %s.".formatted(channel.currency()),
        "Texts are paid in %s.".formatted(channel.currency()));
  }

  private static Words belowSpent(long spent) {
    return new Words(
        "صُرف %d بالفعل: اكتب حدًا لا يقل عنه.".formatted(spent),
        "%d has been spent: set a cap that is not below it.".formatted(spent));
  }

  private JsonObject json(SqlClient connection, CrisisId id) {
    var name = Channel.budget(id);
    var budget = Budget.find(connection, name).orElse(new Budget(name, channel.crisisCap(), 0));
    return new JsonObject().put("cap", money(budget.cap())).put("spent", money(budget.spent()));
  }

  private JsonObject money(long minor) {
    return new JsonObject().put("minor", minor).put("currency", channel.currency());
  }
}
