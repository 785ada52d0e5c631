package org.fazaa.web;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Somebody chooses the language that pages speak to them. */
public final class LanguageRoutes {
  private static final int SEE_OTHER = 303;
  private static final Duration KEPT = Duration.ofDays(365);

  public void mount(Router router) {
    router.post("/language").handler(LanguageRoutes::choose);
  }

  private static void choose(RoutingContext context) {
    var chosen = Wording.of(String.valueOf(context.request().getFormAttribute("to")));
    var cookie =
        Cookie.cookie(Preferred.COOKIE, chosen.tag())
            .setPath("/")
            .setHttpOnly(true)
            .setSameSite(CookieSameSite.LAX)
            .setMaxAge(KEPT.toSeconds());
    context
        .response()
        .addCookie(cookie)
        .setStatusCode(SEE_OTHER)
        .putHeader("Location", Frames.local(context.request().getFormAttribute("back")))
        .end();
  }
}
