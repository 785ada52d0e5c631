package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.stream.Collectors;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.reach.ReachTest;
import org.fazaa.dispatcher.reach.StartReachTest;
import org.fazaa.dispatcher.reach.StartReachTest.Outcome;
import org.fazaa.dispatcher.reach.StartReachTest.Selection;
import org.fazaa.notifier.Way;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** Whether people can be reached, and by which ways. */
public final class ReachTestRoutes {
  private final Api api;
  private final Pool pool;
  private final StartReachTest start;

  public ReachTestRoutes(Api api, Pool pool, StartReachTest start) {
    this.api = api;
    this.pool = pool;
    this.start = start;
  }

  public void mount(Router router) {
    api.writes(router, "startReachTest", this::start);
    api.reads(router, "listReachTests", this::list);
    api.reads(router, "getReachTest", this::find);
  }

  private Answer start(Call call, SqlConnection tx) {
    return switch (start.run(tx, selection(call.body()), call.who().account(), call.now())) {
      case Outcome.Started(var id) ->
          Answer.created(
              "/api/reach-tests/" + id,
              json(ReachTest.find(tx, id, call.now()).orElseThrow()),
              new Fact.OutboxFilled());
      case Outcome.NoSuchOrganisation(var code) ->
          Answer.refused(
              Problem.invalid(
                  "/organisation",
                  new Words(
                      "لا جهة بالرمز %s.".formatted(code),
                      "There is no organisation %s.".formatted(code))));
      case Outcome.NoSuchVolunteers(var ids) -> {
        var missing = ids.stream().map(id -> "" + id.value()).collect(Collectors.joining(", "));
        yield Answer.refused(
            Problem.invalid(
                "/volunteers",
                new Words(
                    "لا متطوع بهذه الأرقام: %s. احذفها أو صححها.".formatted(missing),
                    "There are no volunteers with these numbers: %s. Take them out or correct them."
                        .formatted(missing))));
      }
      case Outcome.TooMany(var people) ->
          Answer.refused(
              Problem.invalid(
                  "/organisation",
                  new Words(
                      "هؤلاء %d شخص، والحد %d: اختر أقل."
                          .formatted(people, StartReachTest.PEOPLE_MAX),
                      "These are %d people, and a test takes %d: choose fewer."
                          .formatted(people, StartReachTest.PEOPLE_MAX))));
      case Outcome.NobodyToTest(var leftOut) -> Answer.refused(NOBODY);
    };
  }

  // The contract lets exactly one of them through.
  private static Selection selection(JsonObject body) {
    if (body.containsKey("sample")) return new Selection.Sample(body.getInteger("sample"));
    if (body.containsKey("organisation")) {
      return new Selection.OfOrganisation(body.getString("organisation"));
    }
    return new Selection.Listed(
        body.getJsonArray("volunteers").stream()
            .map(id -> new VolunteerId(((Number) id).longValue()))
            .toList());
  }

  private Answer list(Call call) {
    var tests = new JsonArray();
    ReachTest.list(pool, call.now()).forEach(test -> tests.add(json(test)));
    return Answer.ok(new JsonObject().put("tests", tests));
  }

  private Answer find(Call call) {
    var id = call.id("test");
    return ReachTest.find(pool, id, call.now())
        .map(
            test -> {
              var people = new JsonArray();
              ReachTest.people(pool, id, call.now()).forEach(person -> people.add(json(person)));
              return Answer.ok(json(test).put("results", people));
            })
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static JsonObject json(ReachTest test) {
    var ways = new JsonArray();
    test.ways().forEach((way, tally) -> ways.add(json(way, tally)));
    return new JsonObject()
        .put("id", test.id())
        .put("started_at", Wire.time(test.startedAt()))
        .put("until", Wire.time(test.until()))
        .put("started_by", test.startedBy())
        .put("people", test.people())
        .put("left_out", test.leftOut())
        .put("reached", test.reached())
        .put("answered", test.answered())
        .put("ways", ways);
  }

  private static JsonObject json(Way way, ReachTest.Tally tally) {
    return new JsonObject()
        .put("way", way.tag())
        .put("tried", tally.tried())
        .put("sent", tally.sent())
        .put("delivered", tally.delivered())
        .put("answered", tally.answered())
        .put("failed", tally.failed())
        .put("silent", tally.silent());
  }

  private static JsonObject json(ReachTest.Person person) {
    var tries = new JsonArray();
    for (var one : person.tries()) {
      tries.add(
          new JsonObject()
              .put("way", one.way().tag())
              .put("result", one.result().word())
              .put("at", Wire.time(one.at()))
              .put("problem", one.problem().orElse(null)));
    }
    return new JsonObject()
        .put("volunteer", person.volunteer().value())
        .put("name", person.name())
        .put("ways", tries);
  }

  private static final Problem NOBODY =
      Problem.conflict(
          "nobody-to-test",
          new Words("لا أحد يمكن اختباره", "Nobody can be tested"),
          new Words(
              "لا أحد ممن اخترت يمكن مراسلته الآن: أوقفوا الرسائل، أو لديهم طلب قائم، أو اختُبروا"
                  + " خلال يوم. اختر غيرهم.",
              "Nobody of those can be texted now: they said stop, have been asked to come, or were"
                  + " tested within a day. Choose others."));
}
