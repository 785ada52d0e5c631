package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Asked;
import org.fazaa.dispatcher.callout.Cause;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.DeclineOffer;
import org.fazaa.dispatcher.callout.EnterByHand;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.OfferId;
import org.fazaa.dispatcher.callout.ReleasePlace;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.TextState;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** Who was asked for a need, and what a coordinator enters for them. */
public final class OfferRoutes {

  private final Api api;
  private final Pool pool;
  private final EnterByHand enterByHand;

  public OfferRoutes(Api api, Pool pool, EnterByHand enterByHand) {
    this.api = api;
    this.pool = pool;
    this.enterByHand = enterByHand;
  }

  public void mount(Router router) {
    api.reads(router, "listOffers", this::list);
    api.writes(router, "enterByHand", this::enter);
    api.writes(router, "withdrawOffer", OfferRoutes::withdraw);
    api.writes(router, "releasePlace", OfferRoutes::release);
  }

  private Answer list(Call call) {
    var need = new NeedId(call.id("need"));
    if (Needs.find(pool, need).isEmpty()) return Answer.refused(Problem.notFound());
    var found = Needs.offers(pool, need);
    var abouts = found.stream().map(offer -> offer.id().about()).toList();
    var texts = Outbox.states(pool, Channel.PURPOSE, abouts);
    var offers = new JsonArray();
    found.forEach(offer -> offers.add(json(offer, texts.get(offer.id().about()))));
    return Answer.ok(new JsonObject().put("need", need.value()).put("offers", offers));
  }

  private static JsonObject json(Needs.OfferView offer, TextState text) {
    return new JsonObject()
        .put("id", offer.id().value())
        .put("volunteer", offer.volunteer().value())
        .put("name", offer.name())
        .put("code", offer.code())
        .put("state", offer.state().word())
        .put("asked_at", Wire.time(offer.askedAt()))
        .put("answered_at", Wire.time(offer.answeredAt()))
        .put("expected_at", Wire.time(offer.journey().eta()))
        .put("on_way_at", Wire.time(offer.journey().onWay()))
        .put("arrived_at", Wire.time(offer.journey().arrived()))
        .put("left_at", Wire.time(offer.journey().left()))
        .put("party", offer.journey().party().orElse(null))
        .put("leaning", offer.journey().leaning())
        .put("last_resort", offer.journey().lastResort())
        .put("km", offer.km())
        .put("chance", offer.rate())
        .put("by_hand", offer.byHand())
        .put("why", Wire.words(offer.why()))
        .put("text", text == null ? null : text.tag());
  }

  private Answer enter(Call call, SqlConnection tx) {
    var by = Duty.of(tx, call);
    var need = new NeedId(call.id("need"));
    var volunteer = new VolunteerId(call.body().getLong("volunteer"));
    return switch (enterByHand.run(tx, by, need, volunteer, call.now())) {
      case EnterByHand.Outcome.Entered entered ->
          done(entered.asked(), "assigned", entered.facts());
      case EnterByHand.Outcome.AlreadyTheirs(var asked) -> done(asked, "assigned", List.of());
      case EnterByHand.Outcome.Full(var full) -> Answer.refused(FULL);
      case EnterByHand.Outcome.Overlaps(var other) -> Answer.refused(overlaps(other));
      case EnterByHand.Outcome.NeedOver() -> Answer.refused(NeedRoutes.NEED_OVER);
      case EnterByHand.Outcome.NoSuchNeed() -> Answer.refused(Problem.notFound());
      case EnterByHand.Outcome.NoSuchVolunteer() ->
          Answer.refused(Problem.invalid("/volunteer", NO_SUCH_VOLUNTEER));
    };
  }

  private static Answer withdraw(Call call, SqlConnection tx) {
    var cause = Cause.staff(Duty.of(tx, call));
    return switch (DeclineOffer.run(tx, offer(call), cause, call.now())) {
      case DeclineOffer.Outcome.Declined declined ->
          done(declined.asked(), "declined", declined.facts());
      case DeclineOffer.Outcome.GaveBack gaveBack ->
          done(gaveBack.asked(), "withdrawn", gaveBack.facts());
      case DeclineOffer.Outcome.NothingToDo(var asked) ->
          done(asked, asked.offer().state().word(), List.of());
      case DeclineOffer.Outcome.NoSuchOffer() -> Answer.refused(Problem.notFound());
    };
  }

  private static Answer release(Call call, SqlConnection tx) {
    return switch (ReleasePlace.run(tx, Duty.of(tx, call), offer(call), call.now())) {
      case ReleasePlace.Outcome.Released released ->
          done(released.asked(), "released", released.facts());
      case ReleasePlace.Outcome.NothingHeld(var asked) -> Answer.refused(NOTHING_HELD);
      case ReleasePlace.Outcome.NoSuchOffer() -> Answer.refused(Problem.notFound());
    };
  }

  private static OfferId offer(Call call) {
    return new OfferId(call.id("offer"));
  }

  private static Answer done(Asked asked, String outcome, List<Fact> news) {
    var json = new JsonObject().put("offer", asked.offer().id().value()).put("outcome", outcome);
    return Answer.created(null, json, news);
  }

  private static Problem overlaps(Asked.Elsewhere other) {
    return Problem.conflict(
        "busy-then",
        new Words("لديه مهمة أخرى في الوقت نفسه", "They have another task at that time"),
        new Words(
            "«%s» (%s): حرّره منها أولًا.".formatted(other.title().ar(), other.code()),
            "“%s” (%s): release them there first.".formatted(other.title().en(), other.code())));
  }

  private static final Problem FULL =
      Problem.conflict(
          "full",
          new Words("اكتمل العدد", "This need is full"),
          new Words("زد عدد الأشخاص أولًا.", "Raise the number of people first."));

  private static final Problem NOTHING_HELD =
      Problem.conflict(
          "nothing-held",
          new Words("لا مكان محجوزًا", "They hold no place"),
          new Words("لا شيء يُحرَّر.", "There is nothing to release."));

  private static final Words NO_SUCH_VOLUNTEER =
      new Words("لا متطوع بهذا الرقم.", "There is no volunteer with this number.");
}
