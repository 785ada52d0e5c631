package org.fazaa.web;

import io.vertx.core.Handler;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.roster.Roster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whatever goes wrong on the way to an answer ends here as a problem, and says nothing of our
 * inside.
 */
final class Failures implements Handler<RoutingContext> {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private final BiConsumer<RoutingContext, Problem> page;

  /** {@code page} shows a problem to a person; programs get JSON. */
  Failures(BiConsumer<RoutingContext, Problem> page) {
    this.page = page;
  }

  void mount(Router router) {
    router.route().failureHandler(this);
    // No route matched: these do not pass failure handlers.
    for (int status : new int[] {404, 405, 406, 415}) router.errorHandler(status, this);
  }

  @Override
  public void handle(RoutingContext context) {
    if (context.response().ended()) return;
    if (context.response().headWritten()) {
      context.response().reset();
      return;
    }
    answer(context, problem(context));
  }

  private void answer(RoutingContext context, Problem problem) {
    if (!wantsPage(context)) {
      write(context, problem);
    } else if (problem.status() == 401 && context.request().method() == HttpMethod.GET) {
      var next = URLEncoder.encode(context.request().uri(), StandardCharsets.UTF_8);
      context.redirect("/sign-in?next=" + next);
    } else {
      context.response().setStatusCode(problem.status());
      page.accept(context, problem);
    }
  }

  static void write(RoutingContext context, Problem problem) {
    var response = context.response().setStatusCode(problem.status());
    if (problem.status() == 401) response.putHeader("WWW-Authenticate", "Bearer");
    response
        .putHeader("Content-Type", Problem.MEDIA_TYPE)
        .putHeader("Content-Language", Preferred.language(context))
        .end(problem.json(Preferred.language(context)).toBuffer());
  }

  private static Problem problem(RoutingContext context) {
    var failure = context.failure();
    if (failure instanceof Problem.Refused refused) return refused.problem();
    if (failure != null && isAway(failure)) {
      LOG.warn("{} {}: away", context.request().method(), RequestTimes.route(context), failure);
      return Problem.away();
    }
    if (failure instanceof PgException refused && FROZEN.equals(refused.getConstraint())) {
      return FUND_FROZEN;
    }
    return switch (context.statusCode()) {
      case 400 -> Problem.malformed(UNREADABLE);
      case 404 -> Problem.notFound();
      case 405 -> Problem.unknownMethod();
      case 413 -> Problem.tooLarge(WebServer.BODY_MAX);
      case 415 -> Problem.unknownMediaType("application/json");
      default -> broken(context, failure);
    };
  }

  private static Problem broken(RoutingContext context, Throwable failure) {
    var id = UUID.randomUUID().toString();
    var route = RequestTimes.route(context);
    LOG.error("{} {} {} broke", id, context.request().method(), route, failure);
    return Problem.broken(id);
  }

  /** Faults that pass by themselves: the same request may be sent again. */
  private static boolean isAway(Throwable failure) {
    return switch (failure) {
      case Database.Away e -> true;
      case PgException e -> isPassing(e.getSqlState());
      case ClosedConnectionException e -> true;
      case ConnectionPoolTooBusyException e -> true;
      case ConnectException e -> true;
      case TimeoutException e -> true;
      case RejectedExecutionException e -> true;
      case Bus.NoAnswer e -> true;
      case Roster.NotLoaded e -> true;
      // The pool's own "Timeout" has no type of its own.
      default -> String.valueOf(failure.getMessage()).startsWith("Timeout");
    };
  }

  /**
   * Connection trouble, server shutting down, cancelled by a time limit, a lock not free in time.
   */
  private static boolean isPassing(String state) {
    return state != null
        && (state.startsWith("08")
            || state.startsWith("53")
            || state.startsWith("57")
            || state.equals("55P03")
            || state.equals("40001")
            || state.equals("40P01"));
  }

  private static boolean wantsPage(RoutingContext context) {
    var path = context.normalizedPath();
    if (path.startsWith("/api/") || path.startsWith("/twilio/")) return false;
    var accept = context.request().getHeader("Accept");
    return accept != null && accept.contains("text/html");
  }

  private static final Words UNREADABLE =
      new Words(
          "الطلب غير مكتوب كما يلزم. راجعه ثم أعد الإرسال.",
          "The request is not written as it must be. Check it and send it again.");

  /** Whatever would take money out of a fund may meet this wall, and there is one answer to it. */
  private static final String FROZEN = "fund_not_frozen";

  private static final Problem FUND_FROZEN =
      Problem.of(
          409,
          "fund-frozen",
          new Words("هذا الصندوق مجمد", "This fund is frozen"),
          new Words(
              "وُجد في دفاتره ما لا يصح، فلا يخرج منه مال حتى ينظر مدقق: افتح صفحة المراقبة.",
              "Something in its books was found wrong, and no money leaves it until an auditor has"
                  + " looked: see the watch page."));
}
