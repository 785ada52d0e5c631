package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.rehearsal.Kinds.Asked;
import org.fazaa.dispatcher.rehearsal.Kinds.Ignored;

/**
 * What is going to be rehearsed: the incidents of a window of time that ask something of
 * volunteers, in order.
 *
 * @param zone where the clocks of these people hang
 * @param skipped incidents of a kind that no rule knows
 * @param ignored incidents that a rule leaves to others
 */
record Script(String kinds, ZoneId zone, List<Scene> scenes, int skipped, int ignored) {
  private static final double MARGIN_DEGREES = 0.3;

  /** An incident, and what it asks. */
  record Scene(Incident incident, Asked asks) {
    int people() {
      return asks.people().orElse(incident.people());
    }
  }

  static Script read(Rehearsal.Input input) {
    var zone = zone(input);
    var incidents = Incidents.read(input.incidents(), input.columns(), zone);
    var kinds = Kinds.of(input.kinds(), incidents.header());
    var from = from(input, zone);
    var until = from.flatMap(start -> until(input, start)).or(() -> until(input, incidents));
    var window =
        incidents.list().stream()
            .filter(one -> from.isEmpty() || !one.at().isBefore(from.get()))
            .filter(one -> until.isEmpty() || one.at().isBefore(until.get()))
            .toList();
    var script = cast(kinds, zone, window);
    if (script.scenes.isEmpty()) {
      var mistakes = Refused.Mistakes.in(input.incidents());
      mistakes.add(
          "none of its %d incidents lies between --from and --hours and is of a kind that %s knows"
              .formatted(incidents.list().size(), kinds.name()),
          "لا يوجد في الفترة المطلوبة حادث من نوع معروف: راجع --from و --hours و --kinds");
      throw mistakes.refused();
    }
    return script;
  }

  private static Script cast(Kinds kinds, Optional<ZoneId> zone, List<Incident> window) {
    var scenes = new ArrayList<Scene>();
    var skipped = 0;
    var ignored = 0;
    for (var incident : window) {
      switch (kinds.find(incident.kind()).orElse(null)) {
        case Asked asked -> scenes.add(new Scene(incident, asked));
        case Ignored left -> ignored++;
        case null -> skipped++;
      }
    }
    var places = scenes.stream().map(Scene::incident).toList();
    var here = zone.orElseGet(() -> byTheSun(places));
    return new Script(kinds.name(), here, List.copyOf(scenes), skipped, ignored);
  }

  List<Incident> incidents() {
    return scenes.stream().map(Scene::incident).toList();
  }

  Instant begins() {
    return scenes.getFirst().incident.at();
  }

  /** A box around everything that happens. */
  Area area() {
    var west = Math.max(-180, extreme(one -> -one.place().lon()) * -1 - MARGIN_DEGREES);
    var south = Math.max(-90, extreme(one -> -one.place().lat()) * -1 - MARGIN_DEGREES);
    var east = Math.min(180, extreme(one -> one.place().lon()) + MARGIN_DEGREES);
    var north = Math.min(90, extreme(one -> one.place().lat()) + MARGIN_DEGREES);
    var ring =
        new JsonArray()
            .add(new JsonArray().add(west).add(south))
            .add(new JsonArray().add(east).add(south))
            .add(new JsonArray().add(east).add(north))
            .add(new JsonArray().add(west).add(north))
            .add(new JsonArray().add(west).add(south));
    var polygon =
        new JsonObject().put("type", "Polygon").put("coordinates", new JsonArray().add(ring));
    return switch (Area.parse(polygon)) {
      case Area.Parsed.Good(var area) -> area;
      case Area.Parsed.Bad(var flaw) -> throw new IllegalStateException(flaw.en());
    };
  }

  private double extreme(ToDoubleFunction<Incident> degrees) {
    return incidents().stream().mapToDouble(degrees).max().orElseThrow();
  }

  // An hour for every fifteen degrees: right enough to know day from night.
  private static ZoneId byTheSun(List<Incident> places) {
    var lon = places.stream().mapToDouble(one -> one.place().lon()).average().orElse(0);
    return ZoneOffset.ofHours((int) Math.rint(lon / 15));
  }

  private static Optional<ZoneId> zone(Rehearsal.Input input) {
    try {
      return input.zone().map(ZoneId::of);
    } catch (DateTimeException e) {
      var mistakes = Refused.Mistakes.in("--zone " + input.zone().orElseThrow());
      mistakes.add(
          "is no time zone: write it as Asia/Riyadh or +03:00",
          "ليست منطقة زمنية: اكتبها مثل Asia/Riyadh");
      throw mistakes.refused();
    }
  }

  private static Optional<Instant> from(Rehearsal.Input input, Optional<ZoneId> zone) {
    return input
        .from()
        .map(
            written ->
                switch (WrittenTime.read(written, zone)) {
                  case WrittenTime.At(var instant) -> instant;
                  case WrittenTime.WithoutZone() -> throw badFrom(written, "add --zone or a Z");
                  case WrittenTime.Unreadable() ->
                      throw badFrom(written, "write it as 2026-11-22T08:00:00Z");
                });
  }

  private static Refused badFrom(String written, String mend) {
    var mistakes = Refused.Mistakes.in("--from " + written);
    mistakes.add("is no point in time: " + mend, "ليس وقتًا: اكتبه مثل 2026-11-22T08:00:00Z");
    return mistakes.refused();
  }

  private static Optional<Instant> until(Rehearsal.Input input, Incidents incidents) {
    return until(input, incidents.list().getFirst().at());
  }

  private static Optional<Instant> until(Rehearsal.Input input, Instant from) {
    return input.hours().map(hours -> from.plus(Duration.ofSeconds(Math.round(hours * 3600))));
  }
}
