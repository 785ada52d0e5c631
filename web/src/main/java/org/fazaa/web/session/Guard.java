package org.fazaa.web.session;

import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/**
 * Stands at the door: finds out who comes, and turns away what another site makes a browser send.
 * What the caller may then do is asked at each route.
 */
public final class Guard implements Handler<RoutingContext> {

  public static final String COOKIE = "__Host-fazaa";
  public static final String CSRF_FIELD = "csrf";
  public static final String CSRF_HEADER = "X-CSRF-Token";

  private static final String WHO = "who";
  private static final String BEARER = "Bearer ";
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final Pool pool;
  private final Sessions sessions;
  private final InstantSource clock;
  private final Set<String> origins;

  /** {@code origins} are the addresses under which people open our pages. */
  public Guard(Pool pool, Sessions sessions, InstantSource clock, Collection<URI> origins) {
    this.pool = pool;
    this.sessions = sessions;
    this.clock = clock;
    this.origins = Set.copyOf(origins.stream().map(Guard::origin).toList());
  }

  @Override
  public void handle(RoutingContext context) {
    var who = identify(context);
    who.ifPresent(found -> context.put(WHO, found));
    if (!SAFE.contains(context.request().method())) {
      refuseForeign(context);
      who.flatMap(Who::csrf).ifPresent(csrf -> refuseForged(context, csrf));
    }
    context.next();
  }

  public static Optional<Who> find(RoutingContext context) {
    return Optional.ofNullable(context.get(WHO));
  }

  /** Whoever is signed in with one of these roles; anybody else is refused. */
  public static Who require(RoutingContext context, Collection<Role> roles) {
    var who = find(context).orElseThrow(() -> Problem.signInFirst().refused());
    if (!who.hasAny(roles)) throw notYours(roles).refused();
    return who;
  }

  public static Cookie cookie(String secret) {
    return cookie(COOKIE, secret);
  }

  /** A secret that only this browser has, only over TLS, and that no script reads. */
  public static Cookie cookie(String name, String secret) {
    return Cookie.cookie(name, secret)
        .setPath("/")
        .setSecure(true)
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.LAX);
  }

  private Optional<Who> identify(RoutingContext context) {
    var header = context.request().getHeader("Authorization");
    if (header != null) {
      if (!header.startsWith(BEARER)) throw Problem.signInFirst().refused();
      var machine =
          Sessions.findMachine(pool, header.substring(BEARER.length()).strip(), clock.instant());
      // A token that is wrong must not quietly become a visitor.
      return Optional.of(machine.orElseThrow(() -> Problem.signInFirst().refused()));
    }
    var cookie = context.request().getCookie(COOKIE);
    if (cookie == null) return Optional.empty();
    return sessions.find(pool, cookie.getValue(), clock.instant());
  }

  // Machines and carriers send no Origin; a browser always does with what can change something.
  private void refuseForeign(RoutingContext context) {
    var origin = context.request().getHeader("Origin");
    if (origin != null && !origins.contains(origin)) throw forged().refused();
    if (origin == null && "cross-site".equals(context.request().getHeader("Sec-Fetch-Site"))) {
      throw forged().refused();
    }
  }

  private static void refuseForged(RoutingContext context, String csrf) {
    var sent = context.request().getHeader(CSRF_HEADER);
    if (sent == null) sent = context.request().getFormAttribute(CSRF_FIELD);
    if (sent == null || !Unguessable.same(sent, csrf)) throw forged().refused();
  }

  private static String origin(URI address) {
    var port = address.getPort() == -1 ? "" : ":" + address.getPort();
    return address.getScheme() + "://" + address.getHost() + port;
  }

  private static Problem forged() {
    return Problem.of(
        403,
        "stale-page",
        new Words("انتهت صلاحية الصفحة", "This page is out of date"),
        new Words(
            "افتح الصفحة من جديد من موقعنا ثم أعد الإرسال؛ لم يتغيّر شيء.",
            "Open the page again on our own site and send it once more; nothing was changed."));
  }

  private static Problem notYours(Collection<Role> roles) {
    var codes = String.join(", ", roles.stream().sorted().map(Role::code).toList());
    return Problem.notAllowed(
        new Words(
            "يلزم أحد الأدوار: %s. اطلبه من مدير النظام.".formatted(codes),
            "One of these roles is needed: %s. Ask an admin for it.".formatted(codes)));
  }
}
