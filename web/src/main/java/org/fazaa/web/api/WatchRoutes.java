package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.Locale;
import org.fazaa.config.Fact;
import org.fazaa.config.Invariant;
import org.fazaa.config.Node;
import org.fazaa.notifier.Alarm;
import org.fazaa.notifier.Findings.Finding;
import org.fazaa.web.Problem;
import org.fazaa.web.ReleaseFindings;
import org.fazaa.web.Watch;
import org.fazaa.web.WatchBoard;
import org.fazaa.web.WatchFigures;
import org.fazaa.web.Words;

/** What must be true, whether it is, and letting go on what was stopped because it was not. */
public final class WatchRoutes {

  private final Api api;
  private final Pool pool;
  private final Watch watch;
  private final Node node;

  public WatchRoutes(Api api, Pool pool, Watch watch, Node node) {
    this.api = api;
    this.pool = pool;
    this.watch = watch;
    this.node = node;
  }

  public void mount(Router router) {
    api.reads(router, "getWatch", this::read);
    api.writes(router, "releaseFindings", this::release);
    api.writes(router, "seeAlarm", WatchRoutes::see);
  }

  private Answer read(Call call) {
    var invariants = new JsonArray();
    watch.read(call.now()).lines().forEach(line -> invariants.add(json(line)));
    var alarms = new JsonArray();
    Alarm.list(pool).forEach(alarm -> alarms.add(json(alarm)));
    var figures = json(WatchFigures.read(pool, node));
    return Answer.ok(
        new JsonObject()
            .put("invariants", invariants)
            .put("alarms", alarms)
            .put("figures", figures));
  }

  private Answer release(Call call, SqlConnection tx) {
    var number = call.text("invariant");
    if (watch.invariants().stream().noneMatch(one -> one.number().equals(number))) {
      return Answer.refused(Problem.notFound());
    }
    var why = call.body().getString("why");
    return switch (ReleaseFindings.run(tx, number, call.who().account(), why, call.now())) {
      case ReleaseFindings.Outcome.Released(var findings, var facts) ->
          Answer.created(
              null, new JsonObject().put("invariant", number).put("released", findings), facts);
      case ReleaseFindings.Outcome.NothingFound() -> Answer.refused(NOTHING_FOUND);
      case ReleaseFindings.Outcome.NotAuditor(var refusal) -> Refusals.forbidden(refusal);
    };
  }

  private static Answer see(Call call, SqlConnection tx) {
    var id = call.id("alarm");
    if (!Alarm.see(tx, id, call.who().account(), call.now())) {
      return Answer.refused(Problem.notFound());
    }
    return Answer.created(null, new JsonObject().put("alarm", id), new Fact.WatchChanged());
  }

  private static JsonObject json(Alarm.Open alarm) {
    return new JsonObject()
        .put("id", alarm.id())
        .put("says", Wire.words(alarm.kind().arabic(), alarm.kind().english()))
        .put("about", alarm.about())
        .put("detail", alarm.detail())
        .put("times", alarm.times())
        .put("since", Wire.time(alarm.since()))
        .put("last", Wire.time(alarm.last()));
  }

  private static JsonObject json(WatchBoard.Line line) {
    var findings = new JsonArray();
    line.findings().forEach(finding -> findings.add(json(finding)));
    var invariant = line.invariant();
    return new JsonObject()
        .put("number", invariant.number())
        .put("holds", json(invariant.holds()))
        .put("mend", json(invariant.mend()))
        .put("pauses", invariant.pauses().name().toLowerCase(Locale.ROOT))
        .put("state", line.state().name().toLowerCase(Locale.ROOT))
        .put("checked_at", Wire.time(line.checkedAt()))
        .put("problem", line.problem().orElse(null))
        .put("findings", findings);
  }

  private static JsonObject json(WatchFigures figures) {
    var troubles = new JsonArray();
    for (var trouble : figures.troubles()) {
      troubles.add(
          new JsonObject()
              .put("sender", trouble.sender())
              .put("says", trouble.says())
              .put("until", Wire.time(trouble.until())));
    }
    return new JsonObject()
        .put("halted", figures.halted())
        .put("queued", figures.outbox().queued())
        .put("submitting", figures.outbox().submitting())
        .put("unknown", figures.outbox().unknown())
        .put("oldest_due", Wire.time(figures.outbox().oldestDue()))
        .put("troubles", troubles)
        .put("nodes", figures.nodes());
  }

  private static JsonObject json(Invariant.Says says) {
    return new JsonObject().put("ar", says.ar()).put("en", says.en());
  }

  private static JsonObject json(Finding finding) {
    return new JsonObject()
        .put("id", finding.id())
        .put("stops", finding.stops())
        .put("subject", finding.subject().orElse(null))
        .put("rows", finding.rows())
        .put("details", new JsonArray(finding.details()))
        .put("found_at", Wire.time(finding.foundAt()))
        .put("cleared_at", Wire.time(finding.clearedAt()))
        .put("released_at", Wire.time(finding.releasedAt()));
  }

  private static final Problem NOTHING_FOUND =
      Problem.conflict(
          "nothing-found",
          new Words("لا شيء ينتظر", "Nothing waits for you"),
          new Words(
              "لا مخالفة لهذا الثابت لم يُنظر فيها؛ لم يتغيّر شيء.",
              "No finding of this invariant is left to look at; nothing was changed."));
}
