package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import java.util.Optional;
import org.fazaa.dispatcher.callout.Decisions;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.session.Guard;

/** Why whom: the decisions of a need with a line for each person. */
public final class DecisionRoutes {
  private static final int NEWEST = 6;
  private static final int NEWEST_PEOPLE = 12;
  private static final int PAGE = 25;

  private final Frames frames;
  private final Pool pool;

  public DecisionRoutes(Frames frames, Pool pool) {
    this.frames = frames;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get("/needs/:need/decisions").handler(this::show);
    router.get("/needs/:need/decisions/live").handler(this::live);
  }

  /** The newest few, for the page of the need. */
  static DecisionLog newest(SqlClient conn, NeedId need, Frame frame) {
    var decisions = Decisions.list(conn, need, Optional.empty(), NEWEST + 1);
    return DecisionLog.of(need.value(), decisions, NEWEST, NEWEST_PEOPLE, frame);
  }

  private void show(RoutingContext context) {
    var need = need(context);
    var crisis = Crisis.find(pool, need.crisis()).orElseThrow();
    var frame = frames.of(context, crisis.zone());
    var before =
        Optional.ofNullable(context.queryParams().get("before"))
            .filter(written -> written.matches("[0-9]{1,18}"))
            .map(Long::valueOf);
    var decisions = Decisions.list(pool, need.id(), before, PAGE + 1);
    var log = DecisionLog.of(need.id().value(), decisions, PAGE, Integer.MAX_VALUE, frame);
    var page = new DecisionsPage(Shown.title(need.title(), frame), crisis.isDrill(), log);
    frames.show(context, "console/decisionsPage", frame, page);
  }

  private void live(RoutingContext context) {
    var need = need(context);
    var crisis = Crisis.find(pool, need.crisis()).orElseThrow();
    var frame = frames.of(context, crisis.zone());
    frames.show(context, "console/decisions", frame, newest(pool, need.id(), frame));
  }

  private Need need(RoutingContext context) {
    Guard.require(context, CrisisRoutes.LOOK);
    return Need.find(pool, new NeedId(Places.id(context, "need")))
        .orElseThrow(() -> Problem.notFound().refused());
  }
}
