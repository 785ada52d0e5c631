package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Fact;
import org.fazaa.config.Invariant;
import org.fazaa.config.Invariant.Pauses;
import org.fazaa.config.Node;
import org.fazaa.notifier.Alarm;
import org.fazaa.notifier.Findings;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.ReleaseFindings;
import org.fazaa.web.Watch;
import org.fazaa.web.WatchBoard;
import org.fazaa.web.WatchFigures;
import org.fazaa.web.Word;
import org.fazaa.web.Words;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** What must be true, whether it is, and one button to let go on what was stopped for it. */
public final class WatchRoutes {
  private static final Set<Role> LOOKS =
      EnumSet.of(Role.COORDINATOR, Role.MANAGER, Role.AUDITOR, Role.ADMIN);
  private static final Set<Role> RELEASES = EnumSet.of(Role.COORDINATOR, Role.ADMIN, Role.AUDITOR);

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final Watch watch;
  private final Node node;

  public WatchRoutes(Frames frames, Forms forms, Pool pool, Watch watch, Node node) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.watch = watch;
    this.node = node;
  }

  public void mount(Router router) {
    router.get("/watch").handler(context -> show(context, "console/watch"));
    router.get("/watch/lines").handler(context -> show(context, "console/watchLines"));
    forms.post(router, "/watch/:invariant/release", RELEASES, this::release);
    forms.post(router, "/watch/alarms/:alarm/seen", RELEASES, WatchRoutes::see);
  }

  private void show(RoutingContext context, String name) {
    var who = Guard.require(context, LOOKS);
    var frame = frames.of(context);
    var rows = watch.read(frame.now()).lines().stream().map(line -> row(line, frame)).toList();
    var figures = WatchFigures.read(pool, node);
    var alarms = Alarm.list(pool).stream().map(alarm -> alarm(alarm, frame)).toList();
    var page = new WatchPage(rows, figures, alarms, who.hasAny(RELEASES));
    frames.show(context, name, frame, page);
  }

  private static WatchPage.Alarm alarm(Alarm.Open alarm, Frame frame) {
    var says = frame.pick(alarm.kind().arabic(), alarm.kind().english());
    var detail = (alarm.about() + " " + alarm.detail()).strip();
    return new WatchPage.Alarm(alarm.id(), says, detail, alarm.times(), alarm.last());
  }

  private static WatchPage.Row row(WatchBoard.Line line, Frame frame) {
    var invariant = line.invariant();
    return new WatchPage.Row(
        invariant.number(),
        in(invariant.holds(), frame),
        in(invariant.mend(), frame),
        line.state().name().toLowerCase(Locale.ROOT),
        frame.say(pauses(invariant.pauses())),
        line.checkedAt(),
        line.problem(),
        line.findings().stream().map(finding -> finding(finding, frame)).toList(),
        line.mayBeReleased());
  }

  private static String in(Invariant.Says says, Frame frame) {
    return frame.pick(says.ar(), says.en());
  }

  private static Word pauses(Pauses pauses) {
    return switch (pauses) {
      case NOTHING -> Word.WATCH_PAUSES_NOTHING;
      case NEED, ABOUT -> Word.WATCH_PAUSES_NEED;
      case PURPOSE -> Word.WATCH_PAUSES_PURPOSE;
      case FUND -> Word.WATCH_PAUSES_FUND;
    };
  }

  private static WatchPage.Finding finding(Findings.Finding finding, Frame frame) {
    return new WatchPage.Finding(
        finding.foundAt(),
        finding.stops() ? stopped(finding, frame) : Optional.empty(),
        finding.clearedAt(),
        finding.releasedAt(),
        finding.rows(),
        finding.details(),
        finding.rows() - finding.details().size());
  }

  private static Optional<String> stopped(Findings.Finding finding, Frame frame) {
    var subject = finding.subject().orElseThrow();
    return switch (finding.pauses()) {
      case NOTHING -> Optional.empty();
      case NEED -> Optional.of(frame.say(Word.WATCH_STOPPED_NEED, subject));
      case ABOUT ->
          Optional.of(
              frame.say(Word.WATCH_STOPPED_ABOUT, subject.substring(subject.indexOf(':') + 1)));
      case PURPOSE -> Optional.of(frame.say(Word.WATCH_STOPPED_PURPOSE, subject));
      case FUND -> Optional.of(frame.say(Word.WATCH_STOPPED_FUND, subject));
    };
  }

  private static Next see(Forms.Form form, SqlConnection tx) {
    var seen = Alarm.see(tx, form.id("alarm"), form.who().account(), form.now());
    return seen
        ? new Next.See("/watch?said=alarm_seen", List.of(new Fact.WatchChanged()))
        : new Next.See("/watch?said=already_decided", List.of());
  }

  private Next release(Forms.Form form, SqlConnection tx) {
    var number = form.context().pathParam("invariant");
    if (watch.invariants().stream().noneMatch(one -> one.number().equals(number))) {
      throw Problem.notFound().refused();
    }
    var why = form.text("why");
    if (why.isEmpty() || why.length() > ReleaseFindings.WHY_MAX) {
      throw Problem.invalid("why", WHY_NEEDED).refused();
    }
    return switch (ReleaseFindings.run(tx, number, form.who().account(), why, form.now())) {
      case ReleaseFindings.Outcome.Released(var findings, var facts) ->
          new Next.See("/watch?said=released", facts);
      case ReleaseFindings.Outcome.NothingFound() ->
          new Next.See("/watch?said=already_decided", List.of());
      case ReleaseFindings.Outcome.NotAuditor(var refusal) ->
          throw Problem.notAllowed(new Words(refusal.words().ar(), refusal.words().en())).refused();
    };
  }

  private static final Words WHY_NEEDED =
      new Words(
          "اكتب ما نظرت فيه ولماذا يجوز أن يستمر، في 500 حرف أو أقل.",
          "Write what you looked at and why it may go on, in 500 letters or fewer.");
}
