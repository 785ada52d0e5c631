package org.fazaa.web.session;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.time.InstantSource;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** Signing in, by password or by demo link, and out. */
public final class SessionRoutes {

  /** What the sign-in page shows again: nothing yet, or what was typed and why it did not do. */
  public record Shown(String login, String back, Optional<Problem> why) {}

  /** Draws the sign-in page. */
  public interface Door {
    void show(RoutingContext context, Shown shown);
  }

  /** Draws the page with the one button of a demo link: looking at a link must not use it up. */
  public interface DemoDoor {
    void show(RoutingContext context, String action);
  }

  private static final int SEE_OTHER = 303;

  private final Pool pool;
  private final SignIn signIn;
  private final DemoLinks demoLinks;
  private final InstantSource clock;
  private final Door door;
  private final DemoDoor demoDoor;

  public SessionRoutes(
      Pool pool,
      SignIn signIn,
      DemoLinks demoLinks,
      InstantSource clock,
      Door door,
      DemoDoor demoDoor) {
    this.pool = pool;
    this.signIn = signIn;
    this.demoLinks = demoLinks;
    this.clock = clock;
    this.door = door;
    this.demoDoor = demoDoor;
  }

  public void mount(Router router) {
    router.get("/sign-in").handler(this::show);
    router.post("/sign-in").handler(this::signIn);
    router.post("/sign-out").handler(this::signOut);
    router
        .get("/demo/:secret")
        .handler(context -> demoDoor.show(context, context.request().path()));
    router.post("/demo/:secret").handler(this::enterDemo);
  }

  private void show(RoutingContext context) {
    var back = local(context.queryParams().get("next"));
    door.show(context, new Shown("", back, Optional.empty()));
  }

  private void signIn(RoutingContext context) {
    var request = context.request();
    var login = field(request, "login");
    var back = local(request.getFormAttribute("back"));
    var address = request.remoteAddress().host();
    var outcome = signIn.run(pool, login, field(request, "password"), address, clock.instant());
    switch (outcome) {
      case SignIn.Outcome.SignedIn(var secret) -> enter(context, secret, back);
      case SignIn.Outcome.Wrong() -> refuse(context, new Shown(login, back, Optional.of(WRONG)));
      case SignIn.Outcome.TooMany(var left) -> {
        context.response().putHeader("Retry-After", "" + left.toSeconds());
        var why = Problem.tooMany(left.toSeconds());
        refuse(context, new Shown(login, back, Optional.of(why)));
      }
    }
  }

  private void refuse(RoutingContext context, Shown shown) {
    context.response().setStatusCode(shown.why().orElseThrow().status());
    door.show(context, shown);
  }

  private void enterDemo(RoutingContext context) {
    var link = context.pathParam("secret");
    var secret =
        Database.inTransaction(pool, tx -> demoLinks.take(tx, link, clock.instant()))
            .orElseThrow(() -> USED_UP.refused());
    enter(context, secret, "/");
  }

  private void enter(RoutingContext context, String secret, String to) {
    endOld(context);
    context
        .response()
        .addCookie(Guard.cookie(secret))
        .setStatusCode(SEE_OTHER)
        .putHeader("Location", to)
        .end();
  }

  private void signOut(RoutingContext context) {
    endOld(context);
    context
        .response()
        .addCookie(Guard.cookie("").setMaxAge(0))
        .putHeader("Clear-Site-Data", "\"cache\", \"storage\"")
        .setStatusCode(SEE_OTHER)
        .putHeader("Location", "/")
        .end();
  }

  private void endOld(RoutingContext context) {
    var cookie = context.request().getCookie(Guard.COOKIE);
    if (cookie != null) Sessions.end(pool, cookie.getValue());
  }

  private static String field(HttpServerRequest request, String name) {
    var value = request.getFormAttribute(name);
    return value == null ? "" : value;
  }

  /** A page of ours; anything else, such as another site, becomes the first page. */
  private static String local(String path) {
    var ours =
        path != null
            && path.startsWith("/")
            && !path.startsWith("//")
            && path.chars().noneMatch(c -> c == '\\' || c < ' ');
    return ours ? path : "/";
  }

  private static final Problem WRONG =
      Problem.of(
          401,
          "wrong-password",
          new Words("لم يصح الدخول", "That did not work"),
          new Words(
              "اسم الدخول أو كلمة المرور غير صحيحة. راجعهما ثم حاول.",
              "The login or the password is wrong. Check both and try again."));

  private static final Problem USED_UP =
      Problem.of(
          410,
          "link-used",
          new Words("استُعمل هذا الرابط", "This link was used"),
          new Words(
              "روابط التجربة تعمل مرة واحدة: أعد تشغيل البرنامج لتحصل على غيرها.",
              "A demo link works once: start the program again to get new ones."));
}
