package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.ConfirmCallOut;
import org.fazaa.dispatcher.callout.Envelope;
import org.fazaa.dispatcher.callout.PauseCallOut;
import org.fazaa.dispatcher.callout.StartCallOut;
import org.fazaa.dispatcher.callout.StartCallOut.Outcome;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** Calling out: within an envelope, with a second person when it is large, and stopping. */
public final class CallOutRoutes {

  private final Api api;
  private final StartCallOut startCallOut;
  private final String currency;

  /** {@code currency}: of what texts cost. */
  public CallOutRoutes(Api api, StartCallOut startCallOut, String currency) {
    this.api = api;
    this.startCallOut = startCallOut;
    this.currency = currency;
  }

  public void mount(Router router) {
    api.writes(router, "startCallOut", this::start);
    api.writes(router, "confirmCallOut", CallOutRoutes::confirm);
    api.writes(router, "pauseCallOut", CallOutRoutes::pause);
  }

  private Answer start(Call call, SqlConnection tx) {
    var by = Duty.of(tx, call);
    var need = new NeedId(call.id("need"));
    return switch (startCallOut.run(tx, by, need, request(tx, need, call.body()), call.now())) {
      case Outcome.Started started -> called(tx, started.envelope(), started.facts());
      case Outcome.NeedsSecondPerson waiting -> called(tx, waiting.envelope(), waiting.facts());
      case Outcome.NoSuchNeed() -> Answer.refused(Problem.notFound());
      case Outcome.NeedOver() -> Answer.refused(NeedRoutes.NEED_OVER);
      case Outcome.DrillOnRealCarrier() -> Answer.refused(DRILL_ON_REAL_CARRIER);
      case Outcome.AlreadyCalling(var envelope) -> Answer.refused(ALREADY_CALLING);
      case Outcome.AlreadyFull() -> Answer.refused(ALREADY_FULL);
      case Outcome.Incomplete(var flaws) -> Answer.refused(Wire.invalid(flaws));
      case Outcome.TypeTheCount(var texts) -> Answer.refused(typeTheCount(texts));
    };
  }

  private StartCallOut.Request request(SqlConnection tx, NeedId id, JsonObject body) {
    return new StartCallOut.Request(
        Need.find(tx, id)
            .filter(any -> body.containsKey("km"))
            .map(need -> new Area.Circle(need.place(), body.getDouble("km") * 1000)),
        Optional.ofNullable(body.getInteger("max_texts")),
        Optional.ofNullable(body.getJsonObject("cost_cap")).map(this::cost),
        Optional.ofNullable(body.getString("expires_at")).map(at -> Wire.time(at, "/expires_at")),
        Optional.ofNullable(body.getInteger("typed_count")));
  }

  private int cost(JsonObject written) {
    if (!written.getString("currency").equals(currency)) {
      throw Problem.invalid(
              "/cost_cap/currency",
              new Words(
                  "تكلفة الرسائل بعملة %s.".formatted(currency),
                  "Texts are paid in %s.".formatted(currency)))
          .refused();
    }
    return (int) Math.min(Integer.MAX_VALUE, written.getLong("minor"));
  }

  private static Answer called(SqlConnection tx, long id, java.util.List<Fact> news) {
    var envelope = Envelope.find(tx, id).orElseThrow();
    return Answer.created(null, json(envelope), news);
  }

  private static Answer confirm(Call call, SqlConnection tx) {
    var by = Duty.of(tx, call);
    var envelope = call.id("envelope");
    return switch (ConfirmCallOut.run(tx, by, envelope, call.now())) {
      case ConfirmCallOut.Outcome.Started started -> called(tx, envelope, started.facts());
      case ConfirmCallOut.Outcome.NoSuchEnvelope() -> Answer.refused(Problem.notFound());
      case ConfirmCallOut.Outcome.AlreadyInForce() -> Answer.refused(ALREADY_CALLING);
      case ConfirmCallOut.Outcome.SamePerson() -> Answer.refused(SAME_PERSON);
      case ConfirmCallOut.Outcome.Expired() -> Answer.refused(EXPIRED);
      case ConfirmCallOut.Outcome.NeedOver() -> Answer.refused(NeedRoutes.NEED_OVER);
      case ConfirmCallOut.Outcome.AlreadyCalling(var other) -> Answer.refused(ALREADY_CALLING);
      case ConfirmCallOut.Outcome.AlreadyFull() -> Answer.refused(ALREADY_FULL);
      case ConfirmCallOut.Outcome.ChangedMeanwhile() -> Answer.refused(CHANGED_MEANWHILE);
    };
  }

  private static Answer pause(Call call, SqlConnection tx) {
    var need = new NeedId(call.id("need"));
    return switch (PauseCallOut.run(tx, Duty.of(tx, call), need, call.now())) {
      case PauseCallOut.Outcome.Paused paused ->
          Answer.created(null, NeedRoutes.shown(tx, need), paused.facts());
      case PauseCallOut.Outcome.NoSuchNeed() -> Answer.refused(Problem.notFound());
      case PauseCallOut.Outcome.NotCalling() -> Answer.refused(NOT_CALLING);
    };
  }

  private static JsonObject json(Envelope envelope) {
    var cap =
        new JsonObject().put("minor", envelope.costCap()).put("currency", envelope.currency());
    return new JsonObject()
        .put("need", envelope.need().value())
        .put("envelope", envelope.id())
        .put("state", envelope.inForce() ? "calling" : "waiting_for_second")
        .put("max_texts", envelope.maxTexts())
        .put("cost_cap", cap)
        .put("expires_at", Wire.time(envelope.expiresAt()));
  }

  private static Problem typeTheCount(int texts) {
    return Problem.conflict(
        "type-the-count",
        new Words("أعد كتابة عدد الرسائل", "Type the number of texts"),
        new Words(
            "قد تُرسل %d رسالة: أعد كتابة العدد في typed_count لتؤكد.".formatted(texts),
            "Up to %d texts may leave: write that number in typed_count to confirm."
                .formatted(texts)));
  }

  private static final Problem DRILL_ON_REAL_CARRIER =
      Problem.conflict(
          "drill-on-real-carrier",
          new Words("لا يستدعي التدريب أحدًا عبر شركة حقيقية", "A drill calls nobody for real"),
          new Words(
              "جرّب التدريب على نسخة بلا TWILIO_*، أو افتح أزمة حقيقية.",
              "Drill on a program without TWILIO_*, or open a live crisis."));

  private static final Problem ALREADY_CALLING =
      Problem.conflict(
          "already-calling",
          new Words("الاستدعاء جارٍ", "This need is being called out"),
          new Words("أوقفه مؤقتًا أولًا لتغيّر حدوده.", "Pause it first to change its limits."));

  private static final Problem ALREADY_FULL =
      Problem.conflict(
          "already-full",
          new Words("اكتمل العدد", "This need is full"),
          new Words("زد عدد الأشخاص إن لزم غيرهم.", "Raise the number of people for more."));

  private static final Problem SAME_PERSON =
      Problem.notAllowed(
          new Words(
              "يؤكد الاستدعاء الكبير شخص غير الذي أطلقه.",
              "A large call-out is confirmed by somebody other than whoever began it."));

  private static final Problem EXPIRED =
      Problem.conflict(
          "envelope-expired",
          new Words("انتهت مهلة هذا الاستدعاء", "This call-out has expired"),
          new Words("ابدأ استدعاء جديدًا.", "Begin a new one."));

  private static final Problem CHANGED_MEANWHILE =
      Problem.conflict(
          "changed-meanwhile",
          new Words("تغيّر الاحتياج منذ الطلب", "The need has changed since this was asked for"),
          new Words(
              "انظر إليه كما هو الآن وابدأ من جديد.", "Look at it as it is now and begin anew."));

  private static final Problem NOT_CALLING =
      Problem.conflict(
          "not-calling",
          new Words("لا استدعاء جاريًا", "This need is not being called out"),
          new Words("لا شيء يوقَف.", "There is nothing to pause."));
}
