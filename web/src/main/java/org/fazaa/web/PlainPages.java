package org.fazaa.web;

import io.vertx.ext.web.RoutingContext;
import org.fazaa.web.api.Contract;
import org.fazaa.web.session.SessionRoutes;
import org.fazaa.web.volunteer.AnswerRoutes;

/** Pages without a look. */
final class PlainPages {

  private PlainPages() {}

  static void problem(RoutingContext context, Problem problem) {
    send(context, "<h1>%s</h1><p>%s</p>".formatted(problem.title().en(), problem.detail().en()));
  }

  static void signIn(RoutingContext context, SessionRoutes.Shown shown) {
    send(
        context,
        "<form method=post><input name=login><input name=password type=password><button>Sign"
            + " in</button></form>");
  }

  static void demo(RoutingContext context, String action) {
    send(
        context, "<form method=post action=\"%s\"><button>Enter</button></form>".formatted(action));
  }

  static void answer(RoutingContext context, AnswerRoutes.Shown shown) {
    send(
        context,
        "<form method=post><button name=answer value=yes>Yes</button>"
            + "<button name=answer value=no>No</button></form>");
  }

  static void contract(RoutingContext context, Contract contract) {
    send(context, "<a href=/api/openapi.yaml>openapi.yaml</a>");
  }

  private static void send(RoutingContext context, String body) {
    context.response().putHeader("Content-Type", "text/html; charset=utf-8").end(body);
  }
}
