package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.dispatcher.callout.AskPerson;
import org.fazaa.dispatcher.callout.AskRing;
import org.fazaa.dispatcher.callout.ConfirmRing;
import org.fazaa.dispatcher.callout.Help;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.callout.ProposeHelp;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.web.Overrides;
import org.fazaa.web.Problem;

/** Beside the rounds: a ring, a person, a stop, each foreseen first; and what would help a need. */
public final class OverrideRoutes {
  private final Api api;
  private final Pool pool;
  private final AskRing askRing;
  private final ConfirmRing confirmRing;
  private final AskPerson askPerson;
  private final ProposeEnvelope propose;
  private final ProposeHelp help;

  public OverrideRoutes(
      Api api,
      Pool pool,
      AskRing askRing,
      ConfirmRing confirmRing,
      AskPerson askPerson,
      ProposeEnvelope propose,
      ProposeHelp help) {
    this.api = api;
    this.pool = pool;
    this.askRing = askRing;
    this.confirmRing = confirmRing;
    this.askPerson = askPerson;
    this.propose = propose;
    this.help = help;
  }

  public void mount(Router router) {
    api.reads(router, "previewRing", this::previewRing);
    api.writes(router, "askRing", this::askRing);
    api.writes(router, "confirmRing", this::confirmRing);
    api.reads(router, "previewPerson", this::previewPerson);
    api.writes(router, "askPerson", this::askPerson);
    api.reads(router, "previewPause", this::previewPause);
    api.reads(router, "getHelp", this::help);
  }

  private Answer previewRing(Call call) {
    var need = new NeedId(call.id("need"));
    return askRing
        .preview(pool, need, call.decimal("km"), call.now())
        .map(one -> foreseen(one.refusal().flatMap(Overrides::problem), json(one)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer foreseen(Optional<Problem> refused, JsonObject preview) {
    return refused.map(Answer::refused).orElseGet(() -> Answer.ok(preview));
  }

  private static JsonObject json(AskRing.Preview preview) {
    return new JsonObject()
        .put("need", preview.need().id().value())
        .put("km", preview.km())
        .put("people", preview.people())
        .put("texts_left", preview.stakes().textsLeft())
        .put("cost", money(preview.stakes().cost(), preview.stakes().currency()))
        .put("cost_left", money(preview.stakes().costLeft(), preview.stakes().currency()))
        .put("chance_now", preview.before())
        .put("chance", preview.after())
        .put("expected_yes", preview.expected())
        .put("too_late", preview.tooLate())
        .put("by", Wire.time(preview.need().fillBy()))
        .put("type_count", preview.typeCount())
        .put("second_person", preview.secondPerson());
  }

  private static JsonObject money(int minor, String currency) {
    return new JsonObject().put("minor", minor).put("currency", currency);
  }

  private Answer askRing(Call call, SqlConnection tx) {
    var need = new NeedId(call.id("need"));
    var body = call.body();
    var request =
        new AskRing.Request(
            body.getDouble("km"),
            body.getInteger("people"),
            Optional.ofNullable(body.getInteger("typed_count")));
    return answer(askRing.run(tx, Duty.of(tx, call), need, request, call.now()));
  }

  private static Answer answer(AskRing.Outcome outcome) {
    var refused = Overrides.problem(outcome);
    if (refused.isPresent()) return Answer.refused(refused.get());
    var json =
        outcome instanceof AskRing.Outcome.NeedsSecondPerson second
            ? new JsonObject()
                .put("state", "waiting_for_second")
                .put("ring", second.ring())
                .put("people", 0)
            : new JsonObject()
                .put("state", "asked")
                .put("ring", null)
                .put("people", ((AskRing.Outcome.Asked) outcome).people());
    return Answer.created(null, json, outcome.facts());
  }

  private Answer confirmRing(Call call, SqlConnection tx) {
    var outcome = confirmRing.run(tx, Duty.of(tx, call), call.id("ring"), call.now());
    var refused = Overrides.problem(outcome);
    if (refused.isPresent()) return Answer.refused(refused.get());
    return answer(((ConfirmRing.Outcome.Confirmed) outcome).ring());
  }

  private Answer previewPerson(Call call) {
    var need = new NeedId(call.id("need"));
    var person = new VolunteerId(call.id("volunteer"));
    return askPerson
        .preview(pool, need, person, call.now())
        .map(one -> foreseen(one.refusal().flatMap(Overrides::problem), json(one)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static JsonObject json(AskPerson.Preview preview) {
    var broken = new JsonArray();
    for (var one : preview.broken()) {
      broken.add(
          new JsonObject()
              .put("rule", one.rule().name().toLowerCase(Locale.ROOT))
              .put("ar", one.ar())
              .put("en", one.en()));
    }
    return new JsonObject()
        .put("need", preview.need().id().value())
        .put("volunteer", preview.person().id().value())
        .put("km", preview.km())
        .put("texts_left", preview.stakes().textsLeft())
        .put("cost", money(preview.stakes().cost(), preview.stakes().currency()))
        .put("cost_left", money(preview.stakes().costLeft(), preview.stakes().currency()))
        .put("yes", preview.rate())
        .put("chance_now", preview.before())
        .put("chance", preview.after())
        .put("by", Wire.time(preview.need().fillBy()))
        .put("broken", broken);
  }

  private Answer askPerson(Call call, SqlConnection tx) {
    var need = new NeedId(call.id("need"));
    var person = new VolunteerId(call.body().getLong("volunteer"));
    var anyway = call.body().getBoolean("anyway", false);
    var outcome = askPerson.run(tx, Duty.of(tx, call), need, person, anyway, call.now());
    return Overrides.problem(outcome)
        .map(Answer::refused)
        .orElseGet(
            () ->
                Answer.created(
                    null,
                    new JsonObject().put("volunteer", person.value()).put("state", "asked"),
                    outcome.facts()));
  }

  private Answer previewPause(Call call) {
    return propose
        .pause(pool, new NeedId(call.id("need")), call.now())
        .map(
            stop ->
                Answer.ok(
                    new JsonObject()
                        .put("need", call.id("need"))
                        .put("open_offers", stop.silent())
                        .put("expected_yes", stop.expected())
                        .put("chance_going_on", stop.goingOn())
                        .put("chance", stop.stopped())
                        .put("by", Wire.time(stop.by()))))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private Answer help(Call call) {
    return help.run(pool, new NeedId(call.id("need")), call.now())
        .map(found -> Answer.ok(json(found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static JsonObject json(Help help) {
    return new JsonObject()
        .put("need", help.need().value())
        .put("chance", help.chance())
        .put("says", Wire.words(help.says()))
        .put("steps", help.json());
  }
}
