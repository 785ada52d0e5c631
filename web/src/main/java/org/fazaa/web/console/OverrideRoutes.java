package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.fazaa.dispatcher.callout.AskPerson;
import org.fazaa.dispatcher.callout.AskRing;
import org.fazaa.dispatcher.callout.ConfirmRing;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Phone;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Overrides;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.console.OverridePage.Act;
import org.fazaa.web.console.OverridePage.Figure;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;

/** Beside the rounds: ask a ring, ask a person, stop; each is foreseen on a page of its own. */
public final class OverrideRoutes {
  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final AskRing askRing;
  private final ConfirmRing confirmRing;
  private final AskPerson askPerson;
  private final ProposeEnvelope propose;

  public OverrideRoutes(
      Frames frames,
      Forms forms,
      Pool pool,
      AskRing askRing,
      ConfirmRing confirmRing,
      AskPerson askPerson,
      ProposeEnvelope propose) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.askRing = askRing;
    this.confirmRing = confirmRing;
    this.askPerson = askPerson;
    this.propose = propose;
  }

  public void mount(Router router) {
    router.get("/needs/:need/ring").handler(context -> ring(context, Optional.empty()));
    router.get("/needs/:need/person").handler(context -> person(context, Optional.empty()));
    router.get("/needs/:need/stop").handler(this::stop);
    forms.post(router, "/needs/:need/ring", CrisisRoutes.DISPATCH, this::askRing);
    forms.post(router, "/rings/:ring/confirmation", CrisisRoutes.DISPATCH, this::confirmRing);
    forms.post(router, "/needs/:need/person", CrisisRoutes.DISPATCH, this::askPerson);
    forms.post(router, "/needs/:need/person/phone", CrisisRoutes.DISPATCH, this::findPerson);
  }

  /** The way of every page here: what is foreseen, in the time zone of the crisis. */
  private interface Drawing {
    OverridePage draw(Need need, Crisis crisis, Frame frame);
  }

  private void show(RoutingContext context, Drawing drawing) {
    Guard.require(context, CrisisRoutes.DISPATCH);
    var need =
        Need.find(pool, new NeedId(Places.id(context, "need")))
            .orElseThrow(() -> Problem.notFound().refused());
    var crisis = Crisis.find(pool, need.crisis()).orElseThrow();
    var frame = frames.of(context, crisis.zone());
    frames.show(context, "console/override", frame, drawing.draw(need, crisis, frame));
  }

  private static String param(RoutingContext context, String name) {
    var value = context.request().getParam(name);
    if (value == null) value = context.request().getFormAttribute(name);
    return value == null ? "" : value.strip();
  }

  private void ring(RoutingContext context, Optional<Problem> refused) {
    var written = param(context, "km");
    var km = Places.number(written).orElse(0.0);
    show(
        context,
        (need, crisis, frame) -> {
          var preview = askRing.preview(pool, need.id(), km, frame.now()).orElseThrow();
          var problem = refused.or(() -> preview.refusal().flatMap(Overrides::problem));
          var title = km > 0 ? frame.say(Word.RING_TITLE, frame.km(km)) : frame.say(Word.ASK_RING);
          var known = preview.people() > 0;
          var says =
              known
                  ? frame.say(
                      Word.RING_SAYS,
                      frame.when(need.fillBy()),
                      frame.percent(preview.after()),
                      frame.percent(preview.before()))
                  : "";
          return page(
              need,
              crisis,
              frame,
              title,
              Optional.of(written),
              known ? figures(preview, frame) : List.of(),
              says,
              List.of(),
              problem,
              preview.refusal().isPresent() ? Optional.empty() : Optional.of(act(preview, frame)));
        });
  }

  private static List<Figure> figures(AskRing.Preview preview, Frame frame) {
    var figures = new ArrayList<Figure>();
    figures.add(figure(frame, Word.IN_THE_RING, frame.number(preview.people())));
    figures.addAll(stakes(preview.stakes(), frame));
    figures.add(figure(frame, Word.CHANCE_AFTER, frame.percent(preview.after())));
    figures.add(figure(frame, Word.EXPECTED_YES, some(preview.expected())));
    figures.add(figure(frame, Word.TOLD_TOO_LATE, some(preview.tooLate())));
    return figures;
  }

  /** What it takes; and what it leaves, where there is enough. */
  private static List<Figure> stakes(AskRing.Stakes stakes, Frame frame) {
    var takes = figure(frame, Word.COST_OF_IT, Amounts.of(stakes.cost(), stakes.currency()));
    var texts = stakes.textsLeft() - stakes.texts();
    var cost = stakes.costLeft() - stakes.cost();
    if (texts < 0 || cost < 0) return List.of(takes);
    var left = frame.count(Word.N_TEXTS, texts) + " · " + Amounts.of(cost, stakes.currency());
    return List.of(takes, figure(frame, Word.LEFT_AFTER, left));
  }

  private static String some(double people) {
    return String.format(Locale.ROOT, "≈ %.1f", people);
  }

  private static Figure figure(Frame frame, Word label, String value) {
    return new Figure(frame.say(label), value);
  }

  private static Act act(AskRing.Preview preview, Frame frame) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("km", String.valueOf(preview.km()));
    fields.put("people", String.valueOf(preview.people()));
    return new Act(
        "/needs/" + preview.need().id().value() + "/ring",
        fields,
        preview.typeCount() ? OptionalInt.of(preview.people()) : OptionalInt.empty(),
        preview.secondPerson(),
        frame.count(Word.ASK_N, preview.people()));
  }

  private static OverridePage page(
      Need need,
      Crisis crisis,
      Frame frame,
      String title,
      Optional<String> km,
      List<Figure> figures,
      String says,
      List<String> broken,
      Optional<Problem> problem,
      Optional<Act> act) {
    return new OverridePage(
        need.id().value(),
        Shown.title(need.title(), frame),
        crisis.id().value(),
        Shown.title(crisis.name(), frame),
        crisis.isDrill(),
        title,
        km,
        figures,
        says,
        broken,
        problem.map(one -> sentences(one, frame)).orElse(List.of()),
        act);
  }

  private static List<String> sentences(Problem problem, Frame frame) {
    if (problem.flaws().isEmpty()) {
      return List.of(frame.pick(problem.detail().ar(), problem.detail().en()));
    }
    return problem.flaws().stream().map(flaw -> sentence(flaw, frame)).toList();
  }

  private static String sentence(Problem.Flaw flaw, Frame frame) {
    var says = frame.pick(flaw.words().ar(), flaw.words().en());
    return switch (flaw.field()) {
      case "/km" -> frame.say(Word.RING_KM) + ": " + says;
      case "/people" -> frame.say(Word.IN_THE_RING) + ": " + says;
      default -> says;
    };
  }

  private Next askRing(Forms.Form form, SqlConnection tx) {
    var id = new NeedId(form.id("need"));
    var request =
        new AskRing.Request(
            Places.number(form.text("km")).orElse(0.0),
            Places.whole(form.text("people")).orElse(0),
            Places.whole(form.text("typed_count")));
    var outcome = askRing.run(tx, CrisisRoutes.staff(form, tx), id, request, form.now());
    var refused = Overrides.problem(outcome);
    if (refused.isPresent()) return new Next.Again(context -> ring(context, refused));
    var said = outcome instanceof AskRing.Outcome.Asked ? "ring" : "second";
    return new Next.See("/needs/" + id.value() + "?said=" + said, outcome.facts());
  }

  private Next confirmRing(Forms.Form form, SqlConnection tx) {
    var by = CrisisRoutes.staff(form, tx);
    var outcome = confirmRing.run(tx, by, form.id("ring"), form.now());
    var refused = Overrides.problem(outcome);
    if (refused.isPresent()) throw refused.get().refused();
    var asked = (AskRing.Outcome.Asked) ((ConfirmRing.Outcome.Confirmed) outcome).ring();
    return new Next.See("/needs/" + asked.need().id().value() + "?said=ring", outcome.facts());
  }

  private void person(RoutingContext context, Optional<Problem> refused) {
    var volunteer = Places.whole(param(context, "volunteer")).orElse(0);
    show(
        context,
        (need, crisis, frame) -> {
          var preview =
              askPerson
                  .preview(pool, need.id(), new VolunteerId(volunteer), frame.now())
                  .orElseThrow(() -> Problem.notFound().refused());
          var problem = refused.or(() -> preview.refusal().flatMap(Overrides::problem));
          var says =
              frame.say(
                  Word.PERSON_SAYS,
                  frame.when(need.fillBy()),
                  frame.percent(preview.after()),
                  frame.percent(preview.before()));
          var may = preview.refusal().isEmpty();
          return page(
              need,
              crisis,
              frame,
              frame.say(Word.ASK_PERSON_TITLE, preview.person().name()),
              Optional.empty(),
              figures(preview, frame),
              may ? says : "",
              may ? broken(preview, frame) : List.of(),
              problem,
              may ? Optional.of(act(preview, frame)) : Optional.empty());
        });
  }

  private static List<Figure> figures(AskPerson.Preview preview, Frame frame) {
    var figures = new ArrayList<Figure>();
    figures.add(figure(frame, Word.DISTANCE, frame.km(preview.km())));
    figures.add(figure(frame, Word.LIKELY_YES, frame.percent(preview.rate())));
    if (preview.refusal().isPresent()) return figures;
    figures.add(figure(frame, Word.CHANCE_AFTER, frame.percent(preview.after())));
    figures.addAll(stakes(preview.stakes(), frame));
    return figures;
  }

  private static List<String> broken(AskPerson.Preview preview, Frame frame) {
    return preview.broken().stream().map(one -> frame.pick(one.ar(), one.en())).toList();
  }

  private static Act act(AskPerson.Preview preview, Frame frame) {
    var volunteer = String.valueOf(preview.person().id().value());
    return new Act(
        "/needs/" + preview.need().id().value() + "/person",
        Map.of("volunteer", volunteer),
        OptionalInt.empty(),
        false,
        frame.say(Word.ASK_NOW));
  }

  private Next findPerson(Forms.Form form, SqlConnection tx) {
    var need =
        Need.find(tx, new NeedId(form.id("need"))).orElseThrow(() -> Problem.notFound().refused());
    var country = Crisis.find(tx, need.crisis()).orElseThrow().country();
    var volunteer =
        Phone.parse(form.text("phone"), country).flatMap(phone -> Volunteers.find(tx, phone));
    var to = "/needs/" + need.id().value();
    return volunteer
        .map(one -> new Next.See(to + "/person?volunteer=" + one.id().value(), List.of()))
        .orElseGet(() -> new Next.See(to + "?said=nobody_with_phone#override", List.of()));
  }

  private Next askPerson(Forms.Form form, SqlConnection tx) {
    var id = new NeedId(form.id("need"));
    var person = new VolunteerId(Places.whole(form.text("volunteer")).orElse(0));
    var anyway = form.text("anyway").equals("yes");
    var by = CrisisRoutes.staff(form, tx);
    var outcome = askPerson.run(tx, by, id, person, anyway, form.now());
    var refused = Overrides.problem(outcome);
    if (refused.isPresent()) return new Next.Again(context -> person(context, refused));
    return new Next.See("/needs/" + id.value() + "?said=person", outcome.facts());
  }

  private void stop(RoutingContext context) {
    show(
        context,
        (need, crisis, frame) -> {
          var stop =
              Optional.of(need)
                  .filter(one -> one.state() == Need.State.CALLING)
                  .flatMap(one -> propose.pause(pool, one.id(), frame.now()));
          return page(
              need,
              crisis,
              frame,
              frame.say(Word.STOP_TITLE),
              Optional.empty(),
              stop.map(one -> figures(one, frame)).orElse(List.of()),
              stop.map(one -> says(one, frame)).orElse(frame.say(Word.NOTHING_TO_STOP)),
              List.of(),
              Optional.empty(),
              stop.map(any -> pause(need, frame)));
        });
  }

  private static List<Figure> figures(ProposeEnvelope.Stop stop, Frame frame) {
    return List.of(
        figure(frame, Word.SILENT_NOW, frame.number(stop.silent())),
        figure(frame, Word.EXPECTED_YES, some(stop.expected())),
        figure(frame, Word.CHANCE_STOPPED, frame.percent(stop.stopped())),
        figure(frame, Word.CHANCE_GOING_ON, frame.percent(stop.goingOn())));
  }

  private static String says(ProposeEnvelope.Stop stop, Frame frame) {
    return frame.say(
        Word.STOP_SAYS,
        frame.when(stop.by()),
        frame.percent(stop.stopped()),
        frame.percent(stop.goingOn()));
  }

  private static Act pause(Need need, Frame frame) {
    var path = "/needs/" + need.id().value() + "/pause";
    return new Act(path, Map.of(), OptionalInt.empty(), false, frame.say(Word.PAUSE));
  }
}
