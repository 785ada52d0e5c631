package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Cause;
import org.fazaa.dispatcher.callout.ConfirmCallOut;
import org.fazaa.dispatcher.callout.DeclineOffer;
import org.fazaa.dispatcher.callout.EnterByHand;
import org.fazaa.dispatcher.callout.Envelope;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.OfferId;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.callout.StartCallOut;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Candidate;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Way;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;

/** A need's page: who could come and why, the envelope of its call-out, and who was asked. */
public final class CallOutRoutes {
  private static final int CANDIDATES_SHOWN = 12;

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final ProposeEnvelope propose;
  private final StartCallOut start;
  private final EnterByHand enterByHand;
  private final Forecasts forecasts;

  public CallOutRoutes(
      Frames frames,
      Forms forms,
      Pool pool,
      ProposeEnvelope propose,
      StartCallOut start,
      EnterByHand enterByHand,
      Forecasts forecasts) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.propose = propose;
    this.start = start;
    this.enterByHand = enterByHand;
    this.forecasts = forecasts;
  }

  public void mount(Router router) {
    router.get("/needs/:need").handler(context -> show(context, List.of()));
    router.get("/needs/:need/live").handler(this::live);
    forms.post(router, "/needs/:need/callout", CrisisRoutes.DISPATCH, this::callOut);
    forms.post(router, "/needs/:need/callout/confirmation", CrisisRoutes.DISPATCH, this::confirm);
    forms.post(router, "/needs/:need/answers", CrisisRoutes.DISPATCH, this::enter);
    forms.post(router, "/offers/:offer/withdrawal", CrisisRoutes.DISPATCH, this::withdraw);
  }

  private void show(RoutingContext context, List<String> flaws) {
    var view = view(context);
    var crisis = Crisis.find(pool, view.need().crisis()).orElseThrow();
    var frame = frames.of(context, crisis.zone());
    frames.show(context, "console/need", frame, page(context, view, crisis, frame, flaws));
  }

  private void live(RoutingContext context) {
    var view = view(context);
    var crisis = Crisis.find(pool, view.need().crisis()).orElseThrow();
    var frame = frames.of(context, crisis.zone());
    var page = page(view, crisis, frame, mayDispatch(context), Plan.NONE, List.of());
    frames.show(context, "console/needLive", frame, page);
  }

  private Needs.View view(RoutingContext context) {
    Guard.require(context, CrisisRoutes.LOOK);
    return Needs.find(pool, new NeedId(Places.id(context, "need")))
        .orElseThrow(() -> Problem.notFound().refused());
  }

  private static boolean mayDispatch(RoutingContext context) {
    return Guard.find(context).map(who -> who.hasAny(CrisisRoutes.DISPATCH)).orElse(false);
  }

  /** What a page adds to the live part: who could come, and what a call-out would be. */
  private record Plan(
      Optional<NeedPage.CallOut> callout,
      Optional<NeedPage.Second> second,
      List<NeedPage.Candidate> candidates,
      List<NeedPage.WhyNot> whyNot,
      List<TextPreview> previews) {
    static final Plan NONE =
        new Plan(Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());
  }

  private NeedPage page(
      RoutingContext context, Needs.View view, Crisis crisis, Frame frame, List<String> flaws) {
    var plan = Plan.NONE;
    var said = new ArrayList<>(flaws);
    if (view.need().state() != Need.State.CLOSED) {
      try {
        plan = plan(view, crisis.country(), frame);
      } catch (Roster.NotLoaded stillReading) {
        said.add(frame.say(Word.ROSTER_LOADING));
      }
    }
    return page(view, crisis, frame, mayDispatch(context), plan, said);
  }

  private NeedPage page(
      Needs.View view,
      Crisis crisis,
      Frame frame,
      boolean mayDispatch,
      Plan plan,
      List<String> flaws) {
    var offers = Needs.offers(pool, view.need().id()).stream().map(CallOutRoutes::offer).toList();
    return new NeedPage(
        NeedRow.of(view, forecasts.says(pool, view, frame), frame),
        NeedForecasts.of(pool, view.need().id(), frame),
        crisis.id().value(),
        Shown.title(crisis.name(), frame),
        crisis.isDrill(),
        mayDispatch,
        mayDispatch ? plan.callout : Optional.empty(),
        mayDispatch ? plan.second : Optional.empty(),
        plan.candidates,
        plan.whyNot,
        plan.previews,
        offers,
        DecisionRoutes.newest(pool, view.need().id(), frame),
        flaws);
  }

  private static NeedPage.Offer offer(Needs.OfferView offer) {
    return new NeedPage.Offer(
        offer.id().value(),
        offer.code(),
        offer.name(),
        offer.phone().masked(),
        state(offer),
        offer.askedAt(),
        offer.answeredAt(),
        offer.journey().eta().filter(any -> offer.journey().arrived().isEmpty()),
        offer.journey().party(),
        offer.km());
  }

  private static String state(Needs.OfferView offer) {
    var journey = offer.journey();
    return switch (offer.state()) {
      case OPEN -> journey.lastResort() ? "last_resort" : journey.leaning() ? "leaning" : "asked";
      case ASSIGNED -> {
        if (journey.left().isPresent()) yield "left";
        if (journey.arrived().isPresent()) yield "there";
        yield journey.onWay().isPresent() ? "on_way" : "assigned";
      }
      case DECLINED, STANDBY, WITHDRAWN, RELEASED, TOO_LATE, STOOD_DOWN, EXPIRED ->
          offer.state().word();
    };
  }

  private Plan plan(Needs.View view, String country, Frame frame) {
    var need = view.need();
    var canStart = need.state() != Need.State.CALLING && !need.isFull();
    var proposal =
        canStart
            ? propose.run(pool, need.id(), Optional.empty(), Optional.empty(), frame.now())
            : Optional.<ProposeEnvelope.Proposal>empty();
    return new Plan(
        proposal.map(one -> callOut(one, frame)),
        view.waitingEnvelope().filter(any -> canStart).flatMap(this::second),
        candidates(need, frame),
        whyNot(need, frame),
        propose.samples(need, country, frame.now()).stream()
            .map(one -> TextPreview.of(one.text(), one.language(), propose))
            .toList());
  }

  private static NeedPage.CallOut callOut(ProposeEnvelope.Proposal proposal, Frame frame) {
    var forecast = proposal.forecast();
    var steps = new ArrayList<NeedPage.Step>();
    for (var step : forecast.steps()) {
      var chosen = step.texts() == forecast.texts();
      steps.add(new NeedPage.Step(step.texts(), step.chance(), chosen));
    }
    return new NeedPage.CallOut(
        proposal.candidates(),
        proposal.maxTexts(),
        Amounts.of(proposal.costCap(), proposal.currency()),
        Amounts.plain(proposal.costCap(), proposal.currency()),
        proposal.currency(),
        forecast.chance(),
        forecast.likelyTexts(),
        forecast.by(),
        proposal.expiresAt(),
        steps,
        proposal.typeCount(),
        proposal.secondPerson(),
        proposal.reach().stream().map(one -> reach(one, proposal.currency(), frame)).toList());
  }

  private static NeedPage.Reach reach(ProposeEnvelope.Reach one, String currency, Frame frame) {
    return new NeedPage.Reach(
        Shown.country(one.country(), frame),
        one.way(),
        one.answer(),
        one.language().tag(),
        one.people(),
        one.segments(),
        Amounts.of(one.cost(), currency),
        one.way() == Way.SMS ? Optional.of(one.text()) : Optional.empty());
  }

  private Optional<NeedPage.Second> second(long id) {
    return Envelope.find(pool, id)
        .map(envelope -> new NeedPage.Second(id, "#" + envelope.approvedBy(), envelope.maxTexts()));
  }

  private List<NeedPage.Candidate> candidates(Need need, Frame frame) {
    var found = propose.candidates(pool, need, CANDIDATES_SHOWN, frame.now());
    var people = Volunteers.list(pool, found.stream().map(Candidate::volunteer).toList());
    return found.stream()
        .filter(one -> people.containsKey(one.volunteer()))
        .map(one -> candidate(one, people.get(one.volunteer()).name(), need, frame))
        .toList();
  }

  private static NeedPage.Candidate candidate(Candidate one, String name, Need need, Frame frame) {
    var tally = one.history().of(need.priority().kind());
    var reach = Math.max(10, one.km() * 1.2);
    var spare = Long.bitCount(one.skills()) - need.skills().size();
    return new NeedPage.Candidate(
        one.volunteer().value(),
        name,
        frame.say(Word.TRAVELS, frame.span(one.travel())),
        share((tally.yes() + 1) / (tally.yes() + tally.no() + 4)),
        share(1 - Math.min(1, one.km() / Math.max(30, reach))),
        share(1 / (1 + one.history().fatigue())),
        share(1 / (1 + 0.15 * Math.max(0, spare))),
        one.km(),
        Shown.skills(Skill.in(one.skills()), frame));
  }

  private static int share(double of) {
    return (int) Math.round(100 * Math.clamp(of, 0, 1));
  }

  private List<NeedPage.WhyNot> whyNot(Need need, Frame frame) {
    return propose.turnedAway(pool, need, frame.now()).entrySet().stream()
        .sorted(Map.Entry.<org.fazaa.dispatcher.roster.Rule, Integer>comparingByValue().reversed())
        .map(left -> new NeedPage.WhyNot(left.getKey().broken(frame.arabic()), left.getValue()))
        .toList();
  }

  private Next callOut(Forms.Form form, SqlConnection tx) {
    var id = new NeedId(form.id("need"));
    var need = Need.find(tx, id).orElseThrow(() -> Problem.notFound().refused());
    var request =
        new StartCallOut.Request(
            Optional.empty(),
            Places.whole(form.text("max_texts")),
            Amounts.minor(form.text("cost_cap"), propose.currency()),
            NeedRoutes.time(form.text("expires_at"), need.zone()),
            Places.whole(form.text("typed_count")));
    var outcome = start.run(tx, CrisisRoutes.staff(form, tx), id, request, form.now());
    return switch (outcome) {
      case StartCallOut.Outcome.Started started -> see(id, "called", outcome.facts());
      case StartCallOut.Outcome.NeedsSecondPerson second -> see(id, "second", outcome.facts());
      case StartCallOut.Outcome.AlreadyCalling known -> see(id, "called", List.of());
      case StartCallOut.Outcome.AlreadyFull full -> see(id, "full", List.of());
      case StartCallOut.Outcome.NeedOver over -> see(id, "over", List.of());
      case StartCallOut.Outcome.NoSuchNeed none -> throw Problem.notFound().refused();
      case StartCallOut.Outcome.DrillOnRealCarrier drill -> again(Word.FLAW_DRILL);
      case StartCallOut.Outcome.TypeTheCount(var texts) -> again(Word.FLAW_TYPE_COUNT, texts);
      case StartCallOut.Outcome.Incomplete(var flaws) ->
          new Next.Again(
              context -> show(context, Shown.flaws(flaws, frames.of(context, need.zone()))));
    };
  }

  private Next confirm(Forms.Form form, SqlConnection tx) {
    var id = new NeedId(form.id("need"));
    var envelope = Places.whole(form.text("envelope")).orElse(0);
    var outcome = ConfirmCallOut.run(tx, CrisisRoutes.staff(form, tx), envelope, form.now());
    return switch (outcome) {
      case ConfirmCallOut.Outcome.Started started -> see(id, "called", outcome.facts());
      case ConfirmCallOut.Outcome.AlreadyInForce known -> see(id, "called", List.of());
      case ConfirmCallOut.Outcome.AlreadyCalling known -> see(id, "called", List.of());
      case ConfirmCallOut.Outcome.NeedOver over -> see(id, "over", List.of());
      case ConfirmCallOut.Outcome.Expired expired -> again(Word.FLAW_EXPIRED);
      case ConfirmCallOut.Outcome.SamePerson same -> again(Word.FLAW_SAME_PERSON);
      case ConfirmCallOut.Outcome.NoSuchEnvelope none -> throw Problem.notFound().refused();
    };
  }

  /** Somebody was phoned: what they said counts like an answer by text. */
  private Next enter(Forms.Form form, SqlConnection tx) {
    var id = new NeedId(form.id("need"));
    var need = Need.find(tx, id).orElseThrow(() -> Problem.notFound().refused());
    var country = Crisis.find(tx, need.crisis()).orElseThrow().country();
    var volunteer =
        Phone.parse(form.text("phone"), country).flatMap(phone -> Volunteers.find(tx, phone));
    if (volunteer.isEmpty()) return again(Word.FLAW_NOBODY_WITH_PHONE);
    var by = CrisisRoutes.staff(form, tx);
    if (form.text("answer").equals("no")) {
      return Needs.offers(tx, id).stream()
          .filter(offer -> offer.volunteer().equals(volunteer.get().id()))
          .findFirst()
          .map(offer -> decline(tx, offer.id(), id, by, form))
          .orElseGet(() -> again(Word.FLAW_NOT_ASKED));
    }
    var outcome = enterByHand.run(tx, by, id, volunteer.get().id(), form.now());
    return switch (outcome) {
      case EnterByHand.Outcome.Entered entered -> see(id, "coming", outcome.facts());
      case EnterByHand.Outcome.AlreadyTheirs known -> see(id, "coming", List.of());
      case EnterByHand.Outcome.Full full -> see(id, "full", List.of());
      case EnterByHand.Outcome.NeedOver over -> see(id, "over", List.of());
      case EnterByHand.Outcome.Overlaps(var other) ->
          again(Word.FLAW_OVERLAPS, other.title().en(), other.code());
      case EnterByHand.Outcome.NoSuchNeed none -> throw Problem.notFound().refused();
      case EnterByHand.Outcome.NoSuchVolunteer none -> again(Word.FLAW_NOBODY_WITH_PHONE);
    };
  }

  private Next withdraw(Forms.Form form, SqlConnection tx) {
    var id = new OfferId(form.id("offer"));
    var offer = Needs.offer(tx, id).orElseThrow(() -> Problem.notFound().refused());
    return decline(tx, id, offer.need(), CrisisRoutes.staff(form, tx), form);
  }

  private Next decline(SqlConnection tx, OfferId offer, NeedId need, Staff by, Forms.Form form) {
    var outcome = DeclineOffer.run(tx, offer, Cause.staff(by), form.now());
    return switch (outcome) {
      case DeclineOffer.Outcome.Declined no -> see(need, "not_coming", outcome.facts());
      case DeclineOffer.Outcome.GaveBack back -> see(need, "not_coming", outcome.facts());
      case DeclineOffer.Outcome.NothingToDo known -> see(need, "not_coming", List.of());
      case DeclineOffer.Outcome.NoSuchOffer none -> throw Problem.notFound().refused();
    };
  }

  private static Next see(NeedId need, String said, List<Fact> news) {
    return new Next.See("/needs/" + need.value() + "?said=" + said, news);
  }

  private Next again(Word why, Object... values) {
    return new Next.Again(context -> show(context, List.of(frames.of(context).say(why, values))));
  }
}
