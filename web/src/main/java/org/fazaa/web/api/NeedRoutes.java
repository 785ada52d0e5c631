package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.callout.CloseNeed;
import org.fazaa.dispatcher.callout.Decisions;
import org.fazaa.dispatcher.callout.EditNeed;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.Offer;
import org.fazaa.dispatcher.callout.OfferId;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.OpenNeed;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.web.Problem;
import org.fazaa.web.Problem.Flaw;
import org.fazaa.web.Words;

/** Needs: said, changed while they fill, closed. */
public final class NeedRoutes {
  private static final int DECISIONS = 50;

  private final Api api;
  private final Pool pool;

  public NeedRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.writes(router, "openNeed", NeedRoutes::open);
    api.reads(router, "listNeeds", this::list);
    api.reads(router, "getNeed", this::find);
    api.reads(router, "listDecisions", this::decisions);
    api.writes(router, "editNeed", NeedRoutes::edit);
    api.writes(router, "closeNeed", NeedRoutes::close);
  }

  private static Answer open(Call call, SqlConnection tx) {
    var crisis = new CrisisId(call.id("crisis"));
    return switch (OpenNeed.run(tx, Duty.of(tx, call), crisis, draft(call.body()), call.now())) {
      case OpenNeed.Outcome.Opened opened ->
          Answer.created(
              "/api/needs/" + opened.need().value(), shown(tx, opened.need()), opened.facts());
      case OpenNeed.Outcome.NoCrisis() -> Answer.refused(Problem.notFound());
      case OpenNeed.Outcome.CrisisOver(var at) -> Answer.refused(CrisisRoutes.alreadyClosed(at));
      case OpenNeed.Outcome.Incomplete(var flaws) -> Answer.refused(Wire.invalid(flaws));
    };
  }

  private static OpenNeed.Draft draft(JsonObject body) {
    var flaws = new ArrayList<Flaw>();
    var skills = skills(body.getJsonArray("skills"), flaws);
    var languages = languages(body.getJsonArray("languages"), flaws);
    if (!flaws.isEmpty()) throw Problem.invalid(flaws).refused();
    return new OpenNeed.Draft(
        Wire.title(body.getJsonObject("title")),
        skills,
        languages,
        body.getInteger("people"),
        Wire.point(body.getJsonArray("place"), "/place"),
        Wire.time(body.getString("starts_at"), "/starts_at"),
        Wire.time(body.getString("ends_at"), "/ends_at"),
        Priority.of(body.getString("priority")).orElseThrow());
  }

  private static Set<Skill> skills(JsonArray codes, List<Flaw> flaws) {
    var skills = EnumSet.noneOf(Skill.class);
    for (var code : Wire.texts(codes)) {
      Skill.of(code).ifPresentOrElse(skills::add, () -> flaws.add(unknown("/skills", code)));
    }
    return skills;
  }

  private static Set<SpokenLanguage> languages(JsonArray codes, List<Flaw> flaws) {
    var languages = EnumSet.noneOf(SpokenLanguage.class);
    for (var code : Wire.texts(codes)) {
      SpokenLanguage.of(code)
          .ifPresentOrElse(languages::add, () -> flaws.add(unknown("/languages", code)));
    }
    return languages;
  }

  private static Flaw unknown(String field, String code) {
    return new Flaw(
        field,
        new Words(
            "لا نعرف «%s»: الرموز في ‎/api/skills.".formatted(code),
            "“%s” is not known: the codes are at /api/skills.".formatted(code)));
  }

  private Answer list(Call call) {
    var crisis = new CrisisId(call.id("crisis"));
    if (Crisis.find(pool, crisis).isEmpty()) return Answer.refused(Problem.notFound());
    var needs = new JsonArray();
    Needs.list(pool, crisis).forEach(view -> needs.add(json(view)));
    return Answer.ok(new JsonObject().put("needs", needs));
  }

  private Answer find(Call call) {
    return Needs.find(pool, new NeedId(call.id("need")))
        .map(view -> Answer.ok(json(view)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private Answer decisions(Call call) {
    var need = new NeedId(call.id("need"));
    if (Need.find(pool, need).isEmpty()) return Answer.refused(Problem.notFound());
    var before = call.has("before") ? Optional.of(call.id("before")) : Optional.<Long>empty();
    var decisions = new JsonArray();
    Decisions.list(pool, need, before, call.number("limit", DECISIONS))
        .forEach(one -> decisions.add(json(one)));
    return Answer.ok(new JsonObject().put("need", need.value()).put("decisions", decisions));
  }

  private static JsonObject json(Decisions.Decision decision) {
    var people = new JsonArray();
    for (var one : decision.people()) {
      people.add(
          new JsonObject()
              .put("volunteer", one.volunteer().value())
              .put("name", one.name())
              .put("offer", one.offer().map(OfferId::value).orElse(null))
              .put("state", one.state().map(Offer.State::word).orElse(null))
              .put("why", Wire.words(one.why())));
    }
    return new JsonObject()
        .put("id", decision.id())
        .put("at", Wire.time(decision.at()))
        .put("policy", decision.policy())
        .put("why", decision.why())
        .put("asked", decision.asked())
        .put("open", decision.open())
        .put("expected", decision.expected())
        .put("reach", decision.reach())
        .put("needs_human", decision.needsHuman())
        .put("wave", decision.wave().orElse(null))
        .put("round", decision.round().orElse(null))
        .put("says", Wire.words(decision.says()))
        .put("people", people);
  }

  private static Answer edit(Call call, SqlConnection tx) {
    var need = new NeedId(call.id("need"));
    var version = Optional.of(call.body().getInteger("version"));
    var by = Duty.of(tx, call);
    return switch (EditNeed.run(tx, by, need, version, change(call.body()), call.now())) {
      case EditNeed.Outcome.Edited edited -> Answer.created(null, shown(tx, need), edited.facts());
      case EditNeed.Outcome.NoSuchNeed() -> Answer.refused(Problem.notFound());
      case EditNeed.Outcome.NeedOver() -> Answer.refused(NEED_OVER);
      case EditNeed.Outcome.ChangedMeanwhile(var now) -> Answer.refused(changedMeanwhile(now));
      case EditNeed.Outcome.Incomplete(var flaws) -> Answer.refused(Wire.invalid(flaws));
    };
  }

  private static EditNeed.Edit change(JsonObject body) {
    return new EditNeed.Edit(
        Optional.ofNullable(body.getJsonObject("title")).map(Wire::title),
        Optional.ofNullable(body.getInteger("people")),
        Optional.ofNullable(body.getJsonArray("place")).map(at -> Wire.point(at, "/place")),
        Optional.ofNullable(body.getString("starts_at")).map(at -> Wire.time(at, "/starts_at")),
        Optional.ofNullable(body.getString("ends_at")).map(at -> Wire.time(at, "/ends_at")),
        Optional.ofNullable(body.getString("priority")).flatMap(Priority::of));
  }

  private static Answer close(Call call, SqlConnection tx) {
    var need = new NeedId(call.id("need"));
    var why = call.body().getString("why", "");
    return switch (CloseNeed.run(tx, Duty.of(tx, call), need, why, call.now())) {
      case CloseNeed.Outcome.Closed closed -> Answer.created(null, shown(tx, need), closed.facts());
      case CloseNeed.Outcome.AlreadyClosed() -> Answer.refused(NEED_OVER);
      case CloseNeed.Outcome.NoSuchNeed() -> Answer.refused(Problem.notFound());
    };
  }

  static JsonObject shown(SqlClient client, NeedId need) {
    return json(Needs.find(client, need).orElseThrow());
  }

  private static JsonObject json(Needs.View view) {
    var need = view.need();
    return new JsonObject()
        .put("id", need.id().value())
        .put("crisis", need.crisis().value())
        .put("title", Wire.words(need.title()))
        .put("skills", new JsonArray(Skill.codes(need.skills())))
        .put("languages", new JsonArray(SpokenLanguage.codes(need.languages())))
        .put("people", need.people())
        .put("place", Wire.point(need.place()))
        .put("starts_at", Wire.time(need.startsAt()))
        .put("ends_at", Wire.time(need.endsAt()))
        .put("fill_by", Wire.time(need.fillBy()))
        .put("priority", need.priority().word())
        .put("state", state(need))
        .put("paused_why", need.pausedWhy().orElse(null))
        .put("filled", need.filled())
        .put("standby", need.standby())
        .put("offers_open", view.offersOpen())
        .put("texts", view.texts())
        .put("version", need.version());
  }

  /** A full need is still open to a withdrawal, but whoever looks at it wants to read "filled". */
  private static String state(Need need) {
    return need.isFull() && need.state() != Need.State.CLOSED ? "filled" : need.state().word();
  }

  private static Problem changedMeanwhile(int version) {
    return Problem.conflict(
        "changed-meanwhile",
        new Words("تغيّر الاحتياج بعد أن رأيته", "The need was changed since you saw it"),
        new Words(
            "هو الآن في نسخته %d: اقرأها ثم أعد تعديلك.".formatted(version),
            "It is now at version %d: read it, then change it again.".formatted(version)));
  }

  static final Problem NEED_OVER =
      Problem.conflict(
          "need-over",
          new Words("انتهى هذا الاحتياج", "This need is over"),
          new Words("أُغلق أو انتهى وقته: أضف احتياجًا جديدًا.", "Open a new one if it goes on."));
}
