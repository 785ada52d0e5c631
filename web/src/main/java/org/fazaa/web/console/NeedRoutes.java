package org.fazaa.web.console;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.dispatcher.callout.CloseNeed;
import org.fazaa.dispatcher.callout.EditNeed;
import org.fazaa.dispatcher.callout.PauseCallOut;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.OpenNeed;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Towns;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;

/** Needs: added, edited while they run, paused and closed. */
public final class NeedRoutes {
  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public NeedRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get("/crises/:crisis/needs/new").handler(this::blank);
    forms.post(router, "/crises/:crisis/needs", CrisisRoutes.DISPATCH, this::open);
    router.get("/needs/:need/edit").handler(this::filledIn);
    forms.post(router, "/needs/:need", CrisisRoutes.DISPATCH, this::edit);
    forms.post(router, "/needs/:need/pause", CrisisRoutes.DISPATCH, NeedRoutes::pause);
    forms.post(router, "/needs/:need/closure", CrisisRoutes.DISPATCH, NeedRoutes::close);
  }

  private void blank(RoutingContext context) {
    Guard.require(context, CrisisRoutes.DISPATCH);
    var crisis = crisis(Places.id(context, "crisis"));
    var frame = frames.of(context, crisis.zone());
    var hour = frame.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.HOURS);
    var center = crisis.area().center();
    var form =
        Form.with(
            "priority", "urgent",
            "people", "10",
            "age_least", String.valueOf(Need.GROWN_UP),
            "starts_at", frame.local(hour),
            "ends_at", frame.local(hour.plus(Duration.ofHours(4))),
            "lat", String.valueOf(center.lat()),
            "lon", String.valueOf(center.lon()));
    show(context, crisis, Optional.empty(), form, List.of());
  }

  private void filledIn(RoutingContext context) {
    Guard.require(context, CrisisRoutes.DISPATCH);
    var need =
        Need.find(pool, new NeedId(Places.id(context, "need")))
            .orElseThrow(() -> Problem.notFound().refused());
    var crisis = crisis(need.crisis().value());
    var frame = frames.of(context, crisis.zone());
    var form = form(need, context, frame);
    show(context, crisis, Optional.of(need.id().value()), form, List.of());
  }

  // As it is, but for what a button that led here proposes.
  private static Form form(Need need, RoutingContext context, Frame frame) {
    var asked = context.queryParams();
    var skills = new ArrayList<>(Skill.codes(need.skills()));
    skills.removeAll(asked.getAll("without"));
    var languages =
        asked.contains("any_language") ? List.<String>of() : SpokenLanguage.codes(need.languages());
    var fields = new HashMap<String, List<String>>();
    fields.put("priority", List.of(need.priority().word()));
    fields.put("people", List.of(proposed(asked, "people", String.valueOf(need.people()))));
    fields.put("title_ar", List.of(need.title().ar()));
    fields.put("title_en", List.of(need.title().en()));
    fields.put("starts_at", List.of(proposed(asked, "starts_at", frame.local(need.startsAt()))));
    fields.put("ends_at", List.of(proposed(asked, "ends_at", frame.local(need.endsAt()))));
    fields.put("lat", List.of(String.valueOf(need.place().lat())));
    fields.put("lon", List.of(String.valueOf(need.place().lon())));
    fields.put("version", List.of(String.valueOf(need.version())));
    fields.put("skills", skills);
    fields.put("languages", languages);
    return new Form(fields);
  }

  private static String proposed(MultiMap asked, String field, String otherwise) {
    return asked.contains(field) ? asked.get(field) : otherwise;
  }

  private void show(
      RoutingContext context, Crisis crisis, Optional<Long> need, Form form, List<String> flaws) {
    var frame = frames.of(context, crisis.zone());
    var page =
        new NeedFormPage(
            crisis.id().value(),
            Shown.title(crisis.name(), frame),
            crisis.isDrill(),
            need,
            form,
            Shown.skills(frame),
            languages(frame),
            Shown.towns(crisis.country(), frame),
            flaws);
    frames.show(context, "console/needForm", frame, page);
  }

  private static List<Choice> languages(Frame frame) {
    return Stream.of(SpokenLanguage.values())
        .map(one -> new Choice(one.code(), frame.pick(one.ar(), one.en())))
        .toList();
  }

  private Next open(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var crisis = crisis(form.id("crisis"));
    var draft =
        new OpenNeed.Draft(
            new Title(written.of("title_ar"), written.of("title_en")),
            skills(written),
            spoken(written),
            written.of("proof").equals("yes"),
            Places.whole(written.of("age_least")).orElse(Need.GROWN_UP),
            Places.whole(written.of("people")).orElse(0),
            place(written).orElse(null),
            time(written.of("starts_at"), crisis.zone()).orElse(null),
            time(written.of("ends_at"), crisis.zone()).orElse(null),
            Priority.of(written.of("priority")).orElse(null));
    var by = CrisisRoutes.staff(form, tx);
    var outcome = OpenNeed.run(tx, by, crisis.id(), draft, form.now());
    return switch (outcome) {
      case OpenNeed.Outcome.Opened opened ->
          new Next.See("/needs/" + opened.need().value() + "#callout", outcome.facts());
      case OpenNeed.Outcome.Incomplete(var flaws) ->
          new Next.Again(
              context ->
                  show(
                      context,
                      crisis,
                      Optional.empty(),
                      written,
                      Shown.flaws(flaws, frames.of(context))));
      case OpenNeed.Outcome.CrisisOver over ->
          new Next.See("/crises/" + crisis.id().value() + "?said=over", List.of());
      case OpenNeed.Outcome.NoCrisis none -> throw Problem.notFound().refused();
    };
  }

  private Next edit(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var id = new NeedId(form.id("need"));
    var need = Need.find(tx, id).orElseThrow(() -> Problem.notFound().refused());
    var crisis = crisis(need.crisis().value());
    var edit =
        new EditNeed.Edit(
            Optional.of(new Title(written.of("title_ar"), written.of("title_en"))),
            Optional.of(Places.whole(written.of("people")).orElse(0)),
            place(written),
            time(written.of("starts_at"), crisis.zone()),
            time(written.of("ends_at"), crisis.zone()),
            Priority.of(written.of("priority")),
            Optional.of(skills(written)).filter(any -> written.chose("rules", "shown")),
            Optional.of(spoken(written, need)).filter(any -> written.chose("rules", "shown")));
    var seen = Places.whole(written.of("version"));
    var outcome = EditNeed.run(tx, CrisisRoutes.staff(form, tx), id, seen, edit, form.now());
    return switch (outcome) {
      case EditNeed.Outcome.Edited edited -> {
        var paused = edited.need().pausedWhy().filter("rules"::equals).isPresent();
        var said = paused ? "?said=rules_changed#callout" : "?said=saved";
        yield new Next.See("/needs/" + id.value() + said, outcome.facts());
      }
      case EditNeed.Outcome.Incomplete(var flaws) ->
          new Next.Again(
              context ->
                  show(
                      context,
                      crisis,
                      Optional.of(id.value()),
                      written,
                      Shown.flaws(flaws, frames.of(context))));
      case EditNeed.Outcome.ChangedMeanwhile changed ->
          new Next.See("/needs/" + id.value() + "?said=changed_meanwhile", List.of());
      case EditNeed.Outcome.NeedOver over ->
          new Next.See("/needs/" + id.value() + "?said=over", List.of());
      case EditNeed.Outcome.NoSuchNeed none -> throw Problem.notFound().refused();
    };
  }

  private static Next pause(Forms.Form form, SqlConnection tx) {
    var id = new NeedId(form.id("need"));
    var outcome = PauseCallOut.run(tx, CrisisRoutes.staff(form, tx), id, form.now());
    return switch (outcome) {
      case PauseCallOut.Outcome.Paused paused ->
          Shown.back(form, "/needs/" + id.value(), outcome.facts());
      case PauseCallOut.Outcome.NotCalling known ->
          Shown.back(form, "/needs/" + id.value(), List.of());
      case PauseCallOut.Outcome.NoSuchNeed none -> throw Problem.notFound().refused();
    };
  }

  private static Next close(Forms.Form form, SqlConnection tx) {
    var id = new NeedId(form.id("need"));
    var by = CrisisRoutes.staff(form, tx);
    var outcome = CloseNeed.run(tx, by, id, "closed on its board", form.now());
    return switch (outcome) {
      case CloseNeed.Outcome.Closed closed ->
          Shown.back(form, "/needs/" + id.value(), outcome.facts());
      case CloseNeed.Outcome.AlreadyClosed known ->
          Shown.back(form, "/needs/" + id.value(), List.of());
      case CloseNeed.Outcome.NoSuchNeed none -> throw Problem.notFound().refused();
    };
  }

  private Crisis crisis(long id) {
    return Crisis.find(pool, new CrisisId(id)).orElseThrow(() -> Problem.notFound().refused());
  }

  private static Set<Skill> skills(Form form) {
    var skills = EnumSet.noneOf(Skill.class);
    form.all("skills").forEach(code -> Skill.of(code).ifPresent(skills::add));
    return skills;
  }

  private static Set<SpokenLanguage> spoken(Form form) {
    var spoken = EnumSet.noneOf(SpokenLanguage.class);
    form.all("languages").forEach(code -> SpokenLanguage.of(code).ifPresent(spoken::add));
    return spoken;
  }

  // The form offers one language: where there are several, leaving it as it was keeps them all.
  private static Set<SpokenLanguage> spoken(Form form, Need need) {
    var chosen = spoken(form);
    return need.languages().containsAll(chosen) && !chosen.isEmpty() ? need.languages() : chosen;
  }

  /** The point that was typed, else the town that was chosen. */
  private static Optional<Point> place(Form form) {
    return Places.point(form.of("lon"), form.of("lat"))
        .or(() -> Towns.find(form.of("town")).map(Towns.Town::place));
  }

  static Optional<Instant> time(String written, ZoneId zone) {
    try {
      return Optional.of(LocalDateTime.parse(written).atZone(zone).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
