package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Cause;
import org.fazaa.dispatcher.callout.ConfirmCallOut;
import org.fazaa.dispatcher.callout.ConfirmRing;
import org.fazaa.dispatcher.callout.DeclineOffer;
import org.fazaa.dispatcher.callout.EnterByHand;
import org.fazaa.dispatcher.callout.Envelope;
import org.fazaa.dispatcher.callout.Help;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.OfferId;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.callout.ProposeHelp;
import org.fazaa.dispatcher.callout.StartCallOut;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Way;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Accounts;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;

/** A need's page: who could come and why, the envelope of its call-out, and who was asked. */
public final class CallOutRoutes {
  private static final int CANDIDATES_SHOWN = 12;
  private static final Predicate<Integer> ALLOWED = texts -> texts >= 1 && texts <= 20_000;

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final ProposeEnvelope propose;
  private final StartCallOut start;
  private final EnterByHand enterByHand;
  private final Forecasts forecasts;
  private final ProposeHelp help;

  public CallOutRoutes(
      Frames frames,
      Forms forms,
      Pool pool,
      ProposeEnvelope propose,
      StartCallOut start,
      EnterByHand enterByHand,
      Forecasts forecasts,
      ProposeHelp help) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.propose = propose;
    this.start = start;
    this.enterByHand = enterByHand;
    this.forecasts = forecasts;
    this.help = help;
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
      CandidatesPart candidates,
      List<NeedPage.WhyNot> whyNot,
      List<TextPreview> previews,
      Optional<HelpPanel> help,
      Optional<OverridePanel> override) {
    static final Plan NONE =
        new Plan(
            Optional.empty(),
            Optional.empty(),
            new CandidatesPart(0, false, false, Need.GROWN_UP, List.of()),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());
  }

  private NeedPage page(
      RoutingContext context, Needs.View view, Crisis crisis, Frame frame, List<String> flaws) {
    var plan = Plan.NONE;
    var said = new ArrayList<>(flaws);
    if (view.need().state() != Need.State.CLOSED) {
      try {
        plan = plan(context, view, crisis.country(), frame);
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
        mayDispatch ? plan.help : Optional.empty(),
        mayDispatch ? plan.override : Optional.empty(),
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

  static String state(Needs.OfferView offer) {
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

  private Plan plan(RoutingContext context, Needs.View view, String country, Frame frame) {
    var need = view.need();
    var asked = context.queryParams();
    var area = area(need, asked.contains("km") ? asked.get("km") : "");
    var texts = Places.whole(asked.contains("max_texts") ? asked.get("max_texts") : "");
    var canStart = need.state() != Need.State.CALLING && !need.isFull();
    var proposal =
        canStart
            ? propose.run(pool, need.id(), area, texts.filter(ALLOWED), frame.now())
            : Optional.<ProposeEnvelope.Proposal>empty();
    return new Plan(
        proposal.map(one -> callOut(one, frame)),
        view.waitingEnvelope().filter(any -> canStart).flatMap(id -> second(context, id)),
        candidates(need, frame),
        whyNot(need, frame),
        propose.samples(need, country, frame.now()).stream()
            .map(one -> TextPreview.of(one.text(), one.language(), propose))
            .toList(),
        need.needsHumanAt().flatMap(any -> help(need, frame)),
        need.envelope().map(any -> override(context, need, frame)));
  }

  /** A circle around the need, when a coordinator has written how far. */
  private static Optional<Area> area(Need need, String km) {
    return Places.number(km)
        .filter(any -> any > 0 && any * 1000 <= Area.MOST_RADIUS_M)
        .map(any -> new Area.Circle(need.place(), any * 1000));
  }

  private Optional<HelpPanel> help(Need need, Frame frame) {
    return help.run(pool, need.id(), frame.now())
        .map(
            found ->
                new HelpPanel(
                    frame.percent(found.chance()),
                    found.steps().stream().map(step -> step(need, found, step, frame)).toList()));
  }

  private static HelpPanel.Step step(Need need, Help help, Help.Step step, Frame frame) {
    var page = "/needs/" + need.id().value();
    var calling = need.state() == Need.State.CALLING;
    var says = help.says(step);
    var said = frame.pick(says.ar(), says.en());
    var texts = "max_texts=" + step.texts();
    return switch (step.remedy()) {
      case Help.Remedy.Wider(var km) -> {
        var to = page + "?km=" + Math.round(km) + "&" + texts + "#callout";
        yield new HelpPanel.Step(said, frame.say(Word.HELP_APPROVE), calling, to);
      }
      case Help.Remedy.MoreTexts() -> {
        var to = page + "?" + texts + "#callout";
        yield new HelpPanel.Step(said, frame.say(Word.HELP_APPROVE), calling, to);
      }
      case Help.Remedy.WithoutSkill(var skill) ->
          edit(page, "without=" + skill.code(), said, frame);
      case Help.Remedy.AnyLanguage() -> edit(page, "any_language=yes", said, frame);
      case Help.Remedy.FewerPeople(var people) -> edit(page, "people=" + people, said, frame);
      case Help.Remedy.Later(var starts, var ends) -> {
        var times = "starts_at=" + frame.local(starts) + "&ends_at=" + frame.local(ends);
        yield edit(page, times, said, frame);
      }
      case Help.Remedy.Phone(var silent) ->
          new HelpPanel.Step(said, frame.say(Word.HELP_PHONE), false, page + "#by-hand");
      case Help.Remedy.FromStandby(var people) -> {
        var to = page + "/person?volunteer=" + people.getFirst().value();
        yield new HelpPanel.Step(said, frame.say(Word.HELP_BY_NAME), false, to);
      }
    };
  }

  private static HelpPanel.Step edit(String page, String what, String says, Frame frame) {
    return new HelpPanel.Step(says, frame.say(Word.EDIT_NEED), false, page + "/edit?" + what);
  }

  private OverridePanel override(RoutingContext context, Need need, Frame frame) {
    var waiting =
        ConfirmRing.waiting(pool, need.id(), frame.now())
            .map(
                ring ->
                    new OverridePanel.Waiting(
                        ring.id(),
                        name(ring.by()),
                        isBy(context, ring.by()),
                        frame.km(ring.km()),
                        ring.people()));
    return new OverridePanel(need.state() == Need.State.CALLING, waiting);
  }

  private static NeedPage.CallOut callOut(ProposeEnvelope.Proposal proposal, Frame frame) {
    var forecast = proposal.forecast();
    var steps = new ArrayList<NeedPage.Step>();
    for (var step : forecast.steps()) {
      var chosen = step.texts() == forecast.texts();
      steps.add(new NeedPage.Step(step.texts(), step.chance(), chosen));
    }
    return new NeedPage.CallOut(
        Places.plain(proposal.area().radiusKm()),
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

  private Optional<NeedPage.Second> second(RoutingContext context, long id) {
    return Envelope.find(pool, id)
        .map(
            envelope ->
                new NeedPage.Second(
                    id,
                    name(envelope.approvedBy()),
                    isBy(context, envelope.approvedBy()),
                    envelope.maxTexts()));
  }

  private String name(long account) {
    return Accounts.name(pool, account).orElse("#" + account);
  }

  private static boolean isBy(RoutingContext context, long account) {
    return Guard.find(context).map(who -> who.account() == account).orElse(false);
  }

  private CandidatesPart candidates(Need need, Frame frame) {
    var first = propose.weighed(pool, need, frame.now()).stream().limit(CANDIDATES_SHOWN).toList();
    var people =
        Volunteers.list(pool, first.stream().map(one -> one.person().volunteer()).toList());
    var rows =
        first.stream()
            .filter(one -> people.containsKey(one.person().volunteer()))
            .map(one -> row(one, people.get(one.person().volunteer()), need, frame))
            .toList();
    return new CandidatesPart(
        need.id().value(), need.isFull(), need.proof(), need.ageLeast(), rows);
  }

  private static CandidatesPart.Row row(
      ProposeEnvelope.Weighed one, Volunteer volunteer, Need need, Frame frame) {
    return new CandidatesPart.Row(
        volunteer.id().value(),
        volunteer.name(),
        one.person().km(),
        Shown.skills(volunteer.skills(), frame),
        Merit.of(one, need, frame));
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
    var area = area(need, form.text("km"));
    if (area.isEmpty() && !form.text("km").isEmpty()) return again(Word.FLAW_KM);
    var request =
        new StartCallOut.Request(
            area,
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
      case ConfirmCallOut.Outcome.AlreadyFull full -> see(id, "full", List.of());
      case ConfirmCallOut.Outcome.Expired expired -> again(Word.FLAW_EXPIRED);
      case ConfirmCallOut.Outcome.ChangedMeanwhile changed -> again(Word.FLAW_CHANGED_MEANWHILE);
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
          again(
              frame ->
                  frame.say(Word.FLAW_OVERLAPS, Shown.title(other.title(), frame), other.code()));
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
    return again(frame -> frame.say(why, values));
  }

  private Next again(Function<Frame, String> why) {
    return new Next.Again(context -> show(context, List.of(why.apply(frames.of(context)))));
  }
}
