package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.CloseCrisis;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.CrisisKind;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.OpenCrisis;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.notifier.Budget;
import org.fazaa.notifier.Outbox;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Towns;
import org.fazaa.web.Word;
import org.fazaa.web.Words;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** Crises: the list, the three screens that launch one, its board, and the red button. */
public final class CrisisRoutes {
  private static final Duration REACHED_SHOWN = Duration.ofDays(14);
  static final Set<Role> DISPATCH = EnumSet.of(Role.COORDINATOR);
  static final Set<Role> LOOK =
      EnumSet.of(Role.COORDINATOR, Role.MANAGER, Role.AUDITOR, Role.ADMIN);

  private static final Set<Role> ANYBODY = EnumSet.allOf(Role.class);
  private static final int TIMELINE_MAX = 14;
  private static final int NEEDS_MAX = 60;

  /** From this share of the cost cap on, the board warns. */
  private static final double CAP_NEAR = 0.8;

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final Roster roster;
  private final Forecasts forecasts;
  private final String currency;

  public CrisisRoutes(
      Frames frames, Forms forms, Pool pool, Roster roster, Forecasts forecasts, String currency) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.roster = roster;
    this.forecasts = forecasts;
    this.currency = currency;
  }

  public void mount(Router router) {
    router.get("/").handler(this::home);
    router.get("/crises/new").handler(this::launch);
    forms.post(router, "/crises", DISPATCH, this::open);
    router.get("/crises/:crisis").handler(context -> board(context, "console/board"));
    router.get("/crises/:crisis/board").handler(context -> board(context, "console/needs"));
    forms.post(router, "/crises/:crisis/closure", DISPATCH, CrisisRoutes::close);
    forms.post(router, "/crises/:crisis/budget", DISPATCH, this::setBudget);
    forms.post(router, "/silence", DISPATCH, CrisisRoutes::silence);
    forms.post(router, "/silence/end", DISPATCH, CrisisRoutes::endSilence);
  }

  private void home(RoutingContext context) {
    if (Guard.find(context).isEmpty()) {
      context.redirect("/funds");
      return;
    }
    var who = Guard.require(context, ANYBODY);
    var frame = frames.of(context);
    var rows = Crisis.list(pool).stream().map(crisis -> row(crisis, frame)).toList();
    var reached =
        Funds.listReached(pool, frame.now().minus(REACHED_SHOWN)).stream()
            .map(
                fund ->
                    new HomePage.Reached(fund.id().value(), FinanceRoutes.in(fund.name(), frame)))
            .toList();
    var page = new HomePage(rows, reached, Volunteers.count(pool), who.hasAny(DISPATCH));
    frames.show(context, "console/home", frame, page);
  }

  private HomePage.Row row(Crisis crisis, Frame frame) {
    return new HomePage.Row(
        crisis.id().value(),
        Shown.title(crisis.name(), frame),
        Shown.title(crisis.kind().title(), frame),
        Shown.area(crisis, frame),
        crisis.isDrill(),
        crisis.openedAt(),
        crisis.closedAt(),
        crisis.needs(),
        crisis.people(),
        crisis.filled(),
        needsHuman(crisis));
  }

  private int needsHuman(Crisis crisis) {
    if (crisis.closedAt().isPresent()) return 0;
    return (int)
        Needs.list(pool, crisis.id()).stream()
            .filter(view -> view.need().needsHumanAt().isPresent())
            .count();
  }

  // The first two screens only carry what was typed to the next; a mistake stops at its screen.
  private void launch(RoutingContext context) {
    Guard.require(context, DISPATCH);
    var frame = frames.of(context);
    var draft = placed(LaunchPage.Draft.of(Form.of(context.queryParams())));
    var asked = context.queryParams().get("step");
    var step = asked == null ? 1 : asked.equals("3") ? 3 : asked.equals("2") ? 2 : 1;
    var flaws = new ArrayList<String>();
    if (step > 1) flaws.addAll(flawsOfFirst(draft, frame));
    if (!flaws.isEmpty()) step = 1;
    if (step > 2) flaws.addAll(flawsOfArea(draft, frame));
    if (step > 2 && !flaws.isEmpty()) step = 2;
    frames.show(context, "console/launch", frame, page(step, draft, flaws, frame));
  }

  private LaunchPage page(int step, LaunchPage.Draft draft, List<String> flaws, Frame frame) {
    var area = step == 3 ? area(draft) : Optional.<Area>empty();
    return new LaunchPage(
        step,
        draft,
        Stream.of(CrisisKind.values())
            .map(kind -> new Choice(kind.word(), Shown.title(kind.title(), frame)))
            .toList(),
        COUNTRIES.stream().map(code -> new Choice(code, country(code, frame))).toList(),
        Shown.towns(draft.country(), frame),
        flaws,
        area.map(
                where ->
                    frame.say(
                        Word.AREA_AROUND,
                        Towns.name(where.center(), frame),
                        frame.km(where.radiusKm())))
            .orElse(""),
        area.map(this::inside).orElse(0),
        area.map(where -> map(where, List.of(), frame)));
  }

  private int inside(Area area) {
    return roster.isLoaded()
        ? roster.inside(
            area.center(), area.radiusKm(), (lon, lat) -> area.contains(new Point(lon, lat)))
        : 0;
  }

  private static String country(String code, Frame frame) {
    return Locale.of("", code).getDisplayCountry(Locale.forLanguageTag(frame.words().tag()));
  }

  /** A town that was chosen gives the point, unless one was typed over it. */
  private static LaunchPage.Draft placed(LaunchPage.Draft draft) {
    var town = Towns.find(draft.town());
    if (town.isEmpty() || !draft.lat().isEmpty()) return draft;
    var place = town.get().place();
    return new LaunchPage.Draft(
        draft.kind(),
        draft.nameAr(),
        draft.nameEn(),
        draft.mode(),
        draft.country(),
        draft.town(),
        String.valueOf(place.lat()),
        String.valueOf(place.lon()),
        draft.radiusKm());
  }

  private static List<String> flawsOfFirst(LaunchPage.Draft draft, Frame frame) {
    var flaws = new ArrayList<String>();
    if (CrisisKind.of(draft.kind()).isEmpty()) flaws.add(frame.say(Word.FLAW_KIND));
    if (draft.nameAr().isEmpty() || draft.nameEn().isEmpty()) flaws.add(frame.say(Word.FLAW_NAME));
    return flaws;
  }

  private static List<String> flawsOfArea(LaunchPage.Draft draft, Frame frame) {
    return area(draft).isPresent() ? List.of() : List.of(frame.say(Word.FLAW_AREA));
  }

  private static Optional<Area> area(LaunchPage.Draft draft) {
    var place = Places.point(draft.lon(), draft.lat());
    var km = Places.number(draft.radiusKm());
    if (place.isEmpty() || km.isEmpty() || km.get() <= 0 || km.get() > 500) {
      return Optional.empty();
    }
    return Optional.of(new Area.Circle(place.get(), km.get() * 1000));
  }

  private Next open(Forms.Form form, SqlConnection tx) {
    var written = LaunchPage.Draft.of(Shown.form(form));
    var draft =
        new OpenCrisis.Draft(
            new Title(written.nameAr(), written.nameEn()),
            CrisisKind.of(written.kind()).orElse(null),
            area(written).orElse(null),
            Mode.of(written.mode()).orElse(null),
            written.country(),
            Optional.empty());
    var outcome = OpenCrisis.run(tx, staff(form, tx), draft, form.now());
    return switch (outcome) {
      case OpenCrisis.Outcome.Opened(var id) ->
          new Next.See("/crises/" + id.value() + "?said=launched", outcome.facts());
      case OpenCrisis.Outcome.Incomplete(var flaws) ->
          new Next.Again(
              context -> {
                var frame = frames.of(context);
                var page = page(1, written, Shown.flaws(flaws, frame), frame);
                frames.show(context, "console/launch", frame, page);
              });
    };
  }

  private void board(RoutingContext context, String name) {
    var who = Guard.require(context, LOOK);
    var crisis =
        Crisis.find(pool, new CrisisId(Places.id(context, "crisis")))
            .orElseThrow(() -> Problem.notFound().refused());
    var frame = frames.of(context, crisis.zone());
    var views = Needs.list(pool, crisis.id()).stream().limit(NEEDS_MAX).toList();
    var rows =
        views.stream()
            .map(view -> NeedRow.of(view, forecasts.says(pool, view, frame), frame))
            .toList();
    var page =
        new BoardPage(
            head(crisis, frame),
            rows,
            timeline(crisis, frame),
            map(crisis.area(), views, frame),
            Amounts.cost(views, frame),
            cap(crisis.id()),
            Outbox.isHalted(pool),
            who.hasAny(DISPATCH),
            frame.now());
    frames.show(context, name, frame, page);
  }

  private Optional<BoardPage.Cap> cap(CrisisId crisis) {
    return Budget.find(pool, Channel.budget(crisis))
        .map(
            budget ->
                new BoardPage.Cap(
                    Amounts.of(budget.cap(), currency),
                    Amounts.plain(budget.cap(), currency),
                    currency,
                    budget.spent() >= budget.cap() * CAP_NEAR));
  }

  private Next setBudget(Forms.Form form, SqlConnection tx) {
    var id = new CrisisId(form.id("crisis"));
    var by = staff(form, tx).account();
    var back =
        "/crises/" + Crisis.find(tx, id).orElseThrow(Problem.notFound()::refused).id().value();
    var cap = Amounts.minor(form.text("cap"), currency);
    if (cap.isEmpty()) return new Next.See(back + "?said=no_amount", List.of());
    var why = "on its board";
    return switch (Budget.change(tx, Channel.budget(id), cap.get(), by, why, form.now())) {
      case Budget.Outcome.Changed() ->
          new Next.See(
              back + "?said=saved",
              List.of(new Fact.OutboxFilled(), new Fact.CrisisChanged(id.value())));
      case Budget.Outcome.BelowSpent below -> new Next.See(back + "?said=below_spent", List.of());
    };
  }

  private static BoardPage.Head head(Crisis crisis, Frame frame) {
    return new BoardPage.Head(
        crisis.id().value(),
        Shown.title(crisis.name(), frame),
        Shown.title(crisis.kind().title(), frame),
        Shown.area(crisis, frame),
        crisis.isDrill(),
        crisis.openedAt(),
        crisis.closedAt());
  }

  private List<Event> timeline(Crisis crisis, Frame frame) {
    return Needs.timeline(pool, crisis.id(), TIMELINE_MAX).stream()
        .map(event -> Event.of(event, frame))
        .toList();
  }

  static AreaMap map(Area area, List<Needs.View> needs, Frame frame) {
    var center = area.center();
    var spots =
        needs.stream()
            .map(Needs.View::need)
            .filter(need -> need.state() != org.fazaa.dispatcher.crisis.Need.State.CLOSED)
            .map(
                need ->
                    new AreaMap.At(
                        Shown.title(need.title(), frame),
                        need.place().lon(),
                        need.place().lat(),
                        need.isFull() ? "full" : need.priority().word()))
            .toList();
    var towns =
        Towns.near(center, area.radiusKm() * 1.6).stream()
            .map(town -> Shown.town(town, frame))
            .toList();
    return AreaMap.of(area, spots, towns);
  }

  private static Next close(Forms.Form form, SqlConnection tx) {
    var id = form.id("crisis");
    var outcome =
        CloseCrisis.run(tx, staff(form, tx), new CrisisId(id), "closed on its board", form.now());
    return switch (outcome) {
      case CloseCrisis.Outcome.Closed closed ->
          new Next.See("/crises/" + id + "?said=closed", outcome.facts());
      case CloseCrisis.Outcome.AlreadyClosed closed -> new Next.See("/crises/" + id, List.of());
      case CloseCrisis.Outcome.NoSuchCrisis none -> throw Problem.notFound().refused();
    };
  }

  private static Next silence(Forms.Form form, SqlConnection tx) {
    Outbox.halt(tx, form.who().account(), "the red button", form.now());
    return Shown.back(form, "/", List.of(new Fact.OutboxFilled()));
  }

  private static Next endSilence(Forms.Form form, SqlConnection tx) {
    Outbox.resume(tx, form.who().account(), "let go again", form.now());
    return Shown.back(form, "/", List.of(new Fact.OutboxFilled()));
  }

  /** Whoever may dispatch, by the row that says so. */
  static Staff staff(Forms.Form form, SqlConnection tx) {
    return Staff.find(tx, form.who().account())
        .orElseThrow(
            () ->
                Problem.notAllowed(
                        new Words(
                            "لست من فريق التوجيه. اطلب ذلك من مدير النظام.",
                            "You are not on the dispatch staff. Ask an admin for it."))
                    .refused());
  }

  private static final List<String> COUNTRIES =
      List.of("SA", "AE", "QA", "KW", "BH", "OM", "YE", "JO", "IQ", "SY", "LB", "PS", "EG", "SD");
}
