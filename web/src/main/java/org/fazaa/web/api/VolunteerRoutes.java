package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.people.EditVolunteers;
import org.fazaa.dispatcher.people.EditVolunteers.Edit;
import org.fazaa.dispatcher.people.Qualification;
import org.fazaa.dispatcher.people.Register;
import org.fazaa.dispatcher.people.Register.Outcome;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.StartTexts;
import org.fazaa.dispatcher.people.VerifyQualification;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.people.Week;
import org.fazaa.notifier.Way;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** Volunteers one by one; a whole file of them comes through {@link ImportRoutes}. */
public final class VolunteerRoutes {

  private final Api api;
  private final Pool pool;
  private final EditVolunteers edits;
  private final String country;

  /** {@code country}: whose national phone numbers may be written without a country code. */
  public VolunteerRoutes(Api api, Pool pool, EditVolunteers edits, String country) {
    this.api = api;
    this.pool = pool;
    this.edits = edits;
    this.country = country;
  }

  public void mount(Router router) {
    api.writes(router, "registerVolunteer", this::register);
    api.reads(router, "getVolunteer", this::find);
    api.writes(router, "setWays", VolunteerRoutes::setWays);
    api.writes(router, "setHours", this::setHours);
    api.writes(router, "setPlace", this::setPlace);
    api.writes(router, "startTexts", VolunteerRoutes::startTexts);
    api.reads(router, "listQualifications", this::qualifications);
    api.writes(router, "verifyQualification", VolunteerRoutes::verify);
  }

  private Answer register(Call call, SqlConnection tx) {
    return switch (Register.run(tx, draft(call.body()), call.now())) {
      case Outcome.Registered(var id) ->
          Answer.created(
              "/api/volunteers/" + id.value(),
              json(Volunteers.find(tx, id).orElseThrow()),
              new Fact.VolunteersChanged());
      case Outcome.PhoneTaken(var id) -> Answer.refused(phoneTaken(id));
      case Outcome.Incomplete(var flaws) -> Answer.refused(Wire.invalid(flaws));
    };
  }

  private static Answer startTexts(Call call, SqlConnection tx) {
    var id = new VolunteerId(call.id("volunteer"));
    var why = call.body().getString("why", "");
    return switch (StartTexts.run(tx, id, call.who().account(), why, call.now())) {
      case StartTexts.Outcome.Started(var volunteer) ->
          Answer.created(null, json(volunteer), new Fact.VolunteersChanged());
      case StartTexts.Outcome.NotStopped(var volunteer) -> Answer.created(null, json(volunteer));
      case StartTexts.Outcome.Blocked(var sender) -> Answer.refused(blocked(sender));
      case StartTexts.Outcome.NoReason none -> Answer.refused(Problem.invalid("/why", SAY_WHY));
      case StartTexts.Outcome.NoSuchVolunteer none -> Answer.refused(Problem.notFound());
    };
  }

  private Register.Draft draft(JsonObject body) {
    var place = body.getJsonArray("place");
    return new Register.Draft(
        body.getString("name"),
        body.getString("phone"),
        country,
        body.getString("language"),
        Wire.texts(body.getJsonArray("skills")),
        Wire.texts(body.getJsonArray("languages")),
        place.getDouble(0),
        place.getDouble(1),
        body.getString("born"),
        body.getString("hours"),
        body.getString("organisation"),
        Wire.texts(body.getJsonArray("ways")),
        body.getBoolean("consent", true));
  }

  private static Answer setWays(Call call, SqlConnection tx) {
    var id = new VolunteerId(call.id("volunteer"));
    var ways = call.body().getJsonArray("ways").stream().map(tag -> Way.of("" + tag)).toList();
    return Volunteers.setWays(tx, id, List.copyOf(new LinkedHashSet<>(ways)))
        ? Answer.created(
            null, json(Volunteers.find(tx, id).orElseThrow()), new Fact.VolunteersChanged())
        : Answer.refused(Problem.notFound());
  }

  private Answer qualifications(Call call) {
    var id = new VolunteerId(call.id("volunteer"));
    if (Volunteers.find(pool, id).isEmpty()) return Answer.refused(Problem.notFound());
    var listed = new JsonArray();
    Qualification.list(pool, id).forEach(one -> listed.add(json(one)));
    return Answer.ok(new JsonObject().put("qualifications", listed));
  }

  private static Answer verify(Call call, SqlConnection tx) {
    var id = new VolunteerId(call.id("volunteer"));
    var body = call.body();
    var draft =
        new VerifyQualification.Draft(
            body.getString("skill"), body.getString("valid_until"), body.getString("proof"));
    return switch (VerifyQualification.run(tx, id, call.who().account(), draft, call.now())) {
      case VerifyQualification.Outcome.Verified(var qualification) ->
          Answer.created(null, json(qualification), new Fact.VolunteersChanged());
      case VerifyQualification.Outcome.NoSuchVolunteer none -> Answer.refused(Problem.notFound());
      case VerifyQualification.Outcome.Incomplete(var flaws) -> Answer.refused(Wire.invalid(flaws));
    };
  }

  private static JsonObject json(Qualification one) {
    return new JsonObject()
        .put("skill", one.skill().code())
        .put("valid_until", one.until().map(LocalDate::toString).orElse(null))
        .put("proof", one.proof())
        .put("verified_at", Wire.time(one.verifiedAt()));
  }

  private Answer setHours(Call call, SqlConnection tx) {
    var id = new VolunteerId(call.id("volunteer"));
    return Week.parse(call.body().getString("hours"))
        .map(hours -> edit(tx, new Edit.Hours(id, hours)))
        .orElse(Answer.refused(Problem.invalid("/hours", LIKE_THIS)));
  }

  private Answer setPlace(Call call, SqlConnection tx) {
    var id = new VolunteerId(call.id("volunteer"));
    var place = Wire.point(call.body().getJsonArray("place"), "/place");
    return edit(tx, new Edit.Place(id, place));
  }

  // It commits before the caller's key does: should we die in between, the repeat sets the same.
  private Answer edit(SqlConnection tx, Edit edit) {
    return switch (edits.run(edit).await()) {
      case EditVolunteers.Outcome.Edited() ->
          Answer.created(null, json(Volunteers.find(tx, edit.volunteer()).orElseThrow()));
      case EditVolunteers.Outcome.NoSuchVolunteer() -> Answer.refused(Problem.notFound());
      case EditVolunteers.Outcome.TooMany() -> Answer.refused(Problem.tooManyAtOnce());
    };
  }

  private Answer find(Call call) {
    return Volunteers.find(pool, new VolunteerId(call.id("volunteer")))
        .map(found -> Answer.ok(json(found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static JsonObject json(Volunteer found) {
    return new JsonObject()
        .put("id", found.id().value())
        .put("name", found.name())
        .put("phone", found.phone().e164())
        .put("language", found.language().tag())
        .put("languages", new JsonArray(SpokenLanguage.codes(found.languages())))
        .put("skills", new JsonArray(Skill.codes(found.skills())))
        .put("place", Wire.point(found.place()))
        .put("hours", found.hours().toString())
        .put("ways", new JsonArray(found.ways().stream().map(Way::tag).toList()))
        .put("failing_ways", failing(found))
        .put("active", found.active())
        .put("stopped", found.stoppedAt().isPresent())
        .put("unreachable", found.unreachableAt().isPresent())
        .put("registered_at", Wire.time(found.registeredAt()))
        .put("last_asked_at", Wire.time(found.lastAskedAt()));
  }

  private static JsonArray failing(Volunteer found) {
    return new JsonArray(found.failingWays().stream().sorted().map(Way::tag).toList());
  }

  private static final Words LIKE_THIS =
      new Words(
          "اكتب الأوقات هكذا: sun-thu 16-23; fri-sat 8-24، أو always.",
          "Write the hours like sun-thu 16-23; fri-sat 8-24, or always.");

  private static final Words SAY_WHY =
      new Words("اكتب كيف طلب أن تعود الرسائل.", "Write how they asked for texts again.");

  private static Problem blocked(String sender) {
    return Problem.conflict(
        "blocked-by-carrier",
        new Words("شركة الهاتف تحجب رسائلنا", "The operator blocks our texts"),
        new Words(
            "على صاحب الهاتف أن يرسل START بنفسه إلى %s."
                .formatted(sender.isBlank() ? "رقمنا" : sender),
            "The owner of the phone must send START to %s."
                .formatted(sender.isBlank() ? "our number" : sender)));
  }

  private static Problem phoneTaken(VolunteerId id) {
    return Problem.conflict(
        "phone-taken",
        new Words("الرقم مسجل", "This phone is registered"),
        new Words(
            "الرقم للمتطوع %d: عدّل بياناته، أو اكتب رقمًا آخر.".formatted(id.value()),
            "It belongs to volunteer %d: change that one, or write another phone."
                .formatted(id.value())));
  }
}
