package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Question;
import org.fazaa.dispatcher.callout.Forecast;
import org.fazaa.dispatcher.roster.Reason;
import org.fazaa.web.Problem;

/** Who could come, why, and how sure we are; asked of a node that holds the roster. */
public final class CandidateRoutes {

  private static final int LIMIT = 50;
  private static final int TEXTS = 40;

  private final Api api;
  private final Bus bus;

  public CandidateRoutes(Api api, Bus bus) {
    this.api = api;
    this.bus = bus;
  }

  public void mount(Router router) {
    api.reads(router, "listCandidates", this::candidates);
    api.reads(router, "getForecast", this::forecast);
  }

  private Answer candidates(Call call) {
    var need = call.id("need");
    var found = call.has("volunteer") ? one(need, call.id("volunteer")) : nearest(need, call);
    return found
        .map(list -> Answer.ok(new JsonObject().put("need", need).put("candidates", list)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private Optional<JsonArray> nearest(long need, Call call) {
    var question = new Question.Candidates(need, call.number("limit", LIMIT));
    var answer = bus.ask(question, RosterAnswers.Candidates.class);
    return answer.found().map(CandidateRoutes::json);
  }

  private Optional<JsonArray> one(long need, long volunteer) {
    var question = new Question.Suitability(need, volunteer);
    var answer = bus.ask(question, RosterAnswers.Suitability.class);
    return answer
        .reasons()
        .filter(reasons -> !reasons.isEmpty())
        .map(reasons -> new JsonArray().add(json(volunteer, null, null, reasons)));
  }

  private static JsonArray json(List<RosterAnswers.Found> found) {
    var candidates = new JsonArray();
    for (var one : found) {
      candidates.add(json(one.volunteer(), one.km(), one.travelSeconds(), one.reasons()));
    }
    return candidates;
  }

  private static JsonObject json(long volunteer, Double km, Long travel, List<Reason> reasons) {
    var said = new JsonArray();
    for (var reason : reasons) {
      said.add(
          new JsonObject()
              .put("rule", reason.rule().name().toLowerCase(Locale.ROOT))
              .put("holds", reason.holds())
              .put("ar", reason.ar())
              .put("en", reason.en()));
    }
    return new JsonObject()
        .put("volunteer", volunteer)
        .put("may_be_asked", reasons.stream().allMatch(Reason::holds))
        .put("km", km)
        .put("travel_s", travel)
        .put("reasons", said);
  }

  private Answer forecast(Call call) {
    var question = new Question.Forecast(call.id("need"), call.number("texts", TEXTS));
    var chances = bus.ask(question, RosterAnswers.Chances.class);
    return chances
        .forecast()
        .map(forecast -> Answer.ok(json(forecast).put("reach", reach(chances))))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static JsonArray reach(RosterAnswers.Chances chances) {
    var reach = new JsonArray();
    for (var one : chances.reach()) {
      var cost = new JsonObject().put("minor", one.cost()).put("currency", chances.currency());
      reach.add(
          new JsonObject()
              .put("country", one.country())
              .put("way", one.way().tag())
              .put("answer", one.answer().name().toLowerCase(Locale.ROOT))
              .put("language", one.language().tag())
              .put("people", one.people())
              .put("text", one.text())
              .put("segments", one.segments())
              .put("cost", cost));
    }
    return reach;
  }

  private static JsonObject json(Forecast forecast) {
    var steps = new JsonArray();
    for (var step : forecast.steps()) {
      steps.add(new JsonObject().put("texts", step.texts()).put("chance", step.chance()));
    }
    return new JsonObject()
        .put("need", forecast.need().value())
        .put("open", forecast.open())
        .put("texts", forecast.texts())
        .put("candidates", forecast.candidates())
        .put("chance", forecast.chance())
        .put("expected", forecast.expected())
        .put("comes", forecast.comes())
        .put("likely_texts", forecast.likelyTexts())
        .put("by", Wire.time(forecast.by()))
        .put("steps", steps);
  }
}
