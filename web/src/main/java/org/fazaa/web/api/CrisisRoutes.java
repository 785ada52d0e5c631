package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.fazaa.dispatcher.callout.CloseCrisis;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.CrisisKind;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.OpenCrisis;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** Crises: launched, looked at, closed. */
public final class CrisisRoutes {

  private final Api api;
  private final Pool pool;

  public CrisisRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.writes(router, "openCrisis", CrisisRoutes::open);
    api.reads(router, "listCrises", call -> list());
    api.reads(router, "getCrisis", this::find);
    api.writes(router, "closeCrisis", CrisisRoutes::close);
  }

  private static Answer open(Call call, SqlConnection tx) {
    return switch (OpenCrisis.run(tx, Duty.of(tx, call), draft(call.body()), call.now())) {
      case OpenCrisis.Outcome.Opened opened ->
          Answer.created(
              "/api/crises/" + opened.crisis().value(),
              json(Crisis.find(tx, opened.crisis()).orElseThrow()),
              opened.facts());
      case OpenCrisis.Outcome.Incomplete(var flaws) -> Answer.refused(Wire.invalid(flaws));
    };
  }

  private static OpenCrisis.Draft draft(JsonObject body) {
    return new OpenCrisis.Draft(
        Wire.title(body.getJsonObject("name")),
        CrisisKind.of(body.getString("kind")).orElseThrow(),
        area(body.getJsonObject("area")),
        Mode.of(body.getString("mode")).orElseThrow(),
        body.getString("country"),
        Optional.ofNullable(body.getString("zone")).map(CrisisRoutes::zone));
  }

  private static Area area(JsonObject written) {
    return switch (Area.parse(written)) {
      case Area.Parsed.Good(var area) -> area;
      case Area.Parsed.Bad(var flaw) -> {
        var words = new Words(flaw.ar(), flaw.en());
        throw Problem.invalid("/" + flaw.field(), words).refused();
      }
    };
  }

  private static ZoneId zone(String written) {
    try {
      return ZoneId.of(written);
    } catch (DateTimeException e) {
      throw Problem.invalid("/zone", NO_SUCH_ZONE).refused();
    }
  }

  private Answer list() {
    var crises = new JsonArray();
    Crisis.list(pool).forEach(crisis -> crises.add(json(crisis)));
    return Answer.ok(new JsonObject().put("crises", crises));
  }

  private Answer find(Call call) {
    return Crisis.find(pool, new CrisisId(call.id("crisis")))
        .map(crisis -> Answer.ok(json(crisis)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer close(Call call, SqlConnection tx) {
    var id = new CrisisId(call.id("crisis"));
    var why = call.body().getString("why", "");
    return switch (CloseCrisis.run(tx, Duty.of(tx, call), id, why, call.now())) {
      case CloseCrisis.Outcome.Closed closed ->
          Answer.created(null, json(Crisis.find(tx, id).orElseThrow()), closed.facts());
      case CloseCrisis.Outcome.AlreadyClosed(var at) -> Answer.refused(alreadyClosed(at));
      case CloseCrisis.Outcome.NoSuchCrisis() -> Answer.refused(Problem.notFound());
    };
  }

  static Problem alreadyClosed(Instant at) {
    return Problem.conflict(
        "crisis-over",
        new Words("أُغلقت هذه الأزمة", "This crisis is closed"),
        new Words(
            "أُغلقت في %s: افتح أزمة جديدة إن لزم.".formatted(at),
            "It was closed at %s: open a new one if it goes on.".formatted(at)));
  }

  private static JsonObject json(Crisis crisis) {
    return new JsonObject()
        .put("id", crisis.id().value())
        .put("name", Wire.words(crisis.name()))
        .put("kind", crisis.kind().word())
        .put("mode", crisis.mode().word())
        .put("country", crisis.country())
        .put("zone", crisis.zone().getId())
        .put("area", crisis.area().json())
        .put("opened_at", Wire.time(crisis.openedAt()))
        .put("closed_at", Wire.time(crisis.closedAt()))
        .put("needs", crisis.needs())
        .put("people", crisis.people())
        .put("filled", crisis.filled())
        .put("texts", crisis.texts());
  }

  private static final Words NO_SUCH_ZONE =
      new Words(
          "لا منطقة زمنية بهذا الاسم: اكتب مثل Asia/Riyadh.",
          "There is no such time zone: write one like Asia/Riyadh.");
}
