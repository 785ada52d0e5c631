package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.people.Organisations;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.reach.ReachTest;
import org.fazaa.dispatcher.reach.StartReachTest;
import org.fazaa.dispatcher.reach.StartReachTest.Outcome;
import org.fazaa.dispatcher.reach.StartReachTest.Selection;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** Whether people can be reached, and by which ways: started here, and looked at. */
public final class ReachTestRoutes {
  private static final Set<Role> READS = EnumSet.of(Role.COORDINATOR, Role.MANAGER);
  private static final int MOST = StartReachTest.PEOPLE_MAX;
  private static final int USUAL = 50;

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final StartReachTest start;

  public ReachTestRoutes(Frames frames, Forms forms, Pool pool, StartReachTest start) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.start = start;
  }

  public void mount(Router router) {
    router.get("/reach-tests").handler(this::list);
    forms.post(router, "/reach-tests", READS, this::start);
    router.get("/reach-tests/:test").handler(this::one);
  }

  private void list(RoutingContext context) {
    Guard.require(context, READS);
    var usual = Form.with("whom", "sample", "sample", Integer.toString(USUAL));
    list(context, usual, List.of());
  }

  private void list(RoutingContext context, Form form, List<String> flaws) {
    var frame = frames.of(context);
    var rows =
        ReachTest.list(pool, frame.now()).stream()
            .map(
                test ->
                    new ReachTestsPage.Row(
                        test.id(),
                        test.startedAt(),
                        test.people(),
                        test.reached(),
                        test.answered()))
            .toList();
    var organisations =
        Organisations.list(pool).stream()
            .map(one -> new Choice(one.code(), frame.pick(one.ar(), one.en())))
            .toList();
    var page = new ReachTestsPage(rows, organisations, MOST, form, flaws);
    frames.show(context, "console/reachTests", frame, page);
  }

  /** A selection, or what is wrong with the one that was written. */
  private record Chosen(Optional<Selection> selection, Word flaw) {
    static Chosen of(Optional<? extends Selection> selection, Word flaw) {
      return new Chosen(selection.map(one -> one), flaw);
    }
  }

  private Next start(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var chosen = chosen(written);
    if (chosen.selection.isEmpty()) return again(written, chosen.flaw, MOST);
    return switch (start.run(tx, chosen.selection.get(), form.who().account(), form.now())) {
      case Outcome.Started(var id) ->
          new Next.See("/reach-tests/" + id, List.of(new Fact.OutboxFilled()));
      case Outcome.NoSuchOrganisation(var code) ->
          again(written, Word.FLAW_REACH_ORGANISATION, code);
      case Outcome.NoSuchVolunteers(var ids) -> {
        var missing = ids.stream().map(id -> "" + id.value()).collect(Collectors.joining(", "));
        yield again(written, Word.FLAW_REACH_UNKNOWN, missing);
      }
      case Outcome.TooMany(var people) -> again(written, Word.FLAW_REACH_TOO_MANY, people, MOST);
      case Outcome.NobodyToTest(var leftOut) -> again(written, Word.FLAW_REACH_NOBODY);
    };
  }

  private static Chosen chosen(Form written) {
    return switch (written.of("whom")) {
      case "sample" ->
          Chosen.of(
              Places.whole(written.of("sample"))
                  .filter(n -> n >= 1 && n <= MOST)
                  .map(Selection.Sample::new),
              Word.FLAW_REACH_SAMPLE);
      case "organisation" ->
          Chosen.of(
              Optional.of(written.of("organisation"))
                  .filter(code -> !code.isEmpty())
                  .map(Selection.OfOrganisation::new),
              Word.FLAW_REACH_WHOM);
      case "listed" ->
          Chosen.of(ids(written.of("ids")).map(Selection.Listed::new), Word.FLAW_REACH_IDS);
      default -> new Chosen(Optional.empty(), Word.FLAW_REACH_WHOM);
    };
  }

  /** Numbers with anything between them that is no letter and no digit. */
  private static Optional<List<VolunteerId>> ids(String written) {
    var ids = new ArrayList<VolunteerId>();
    for (var word : written.strip().split("[\\s,،;؛]+")) {
      var id = Places.whole(word).filter(n -> n > 0);
      if (id.isEmpty()) return Optional.empty();
      ids.add(new VolunteerId(id.get()));
    }
    return Optional.of(ids);
  }

  private Next again(Form written, Word flaw, Object... values) {
    return new Next.Again(
        context -> {
          context.response().setStatusCode(422);
          list(context, written, List.of(frames.of(context).say(flaw, values)));
        });
  }

  private void one(RoutingContext context) {
    Guard.require(context, READS);
    var frame = frames.of(context);
    var id = Places.id(context, "test");
    var test =
        ReachTest.find(pool, id, frame.now()).orElseThrow(() -> Problem.notFound().refused());
    var results =
        ReachTest.people(pool, id, frame.now()).stream().map(one -> person(one, frame)).toList();
    var ways = new ArrayList<ReachTestPage.WayRow>();
    test.ways()
        .forEach(
            (way, tally) ->
                ways.add(
                    new ReachTestPage.WayRow(
                        frame.say(NeedPage.word(way)),
                        tally.tried(),
                        tally.sent(),
                        tally.delivered(),
                        tally.answered(),
                        tally.failed(),
                        tally.silent())));
    var page =
        new ReachTestPage(
            id,
            test.startedAt(),
            test.until(),
            test.people(),
            test.leftOut(),
            test.reached(),
            test.answered(),
            ways,
            results);
    frames.show(context, "console/reachTest", frame, page);
  }

  private static ReachTestPage.Person person(ReachTest.Person person, Frame frame) {
    var tries =
        person.tries().stream()
            .map(
                one ->
                    new ReachTestPage.Try(
                        frame.say(NeedPage.word(one.way())),
                        tone(one.result()),
                        frame.say(word(one.result())),
                        one.problem()))
            .toList();
    return new ReachTestPage.Person(
        person.volunteer().value(), person.name(), person.phone().masked(), tries);
  }

  private static String tone(ReachTest.Result result) {
    return switch (result) {
      case ANSWERED, DELIVERED -> "yes";
      case WAITING, SENT -> "calling";
      case FAILED -> "human";
      case SILENT -> "paused";
    };
  }

  private static Word word(ReachTest.Result result) {
    return switch (result) {
      case WAITING -> Word.REACH_WAITING;
      case SENT -> Word.REACH_SENT;
      case DELIVERED -> Word.REACH_DELIVERED;
      case ANSWERED -> Word.REACH_ANSWERED;
      case FAILED -> Word.REACH_FAILED;
      case SILENT -> Word.REACH_SILENT;
    };
  }
}
