package org.fazaa.web;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;
import org.fazaa.web.session.Who;

/** The frame of each page that is drawn, and the drawing itself. */
public final class Frames {
  private static final int INBOX_MAX = 99;

  private final Assets assets;
  private final Supplier<String> once;
  private final Pool pool;
  private final InstantSource clock;
  private final ZoneId zone;
  private final boolean simulated;

  /**
   * @param once makes the token of a form
   * @param zone in which times are told where no crisis says otherwise
   * @param simulated whether there are phones to look at
   */
  public Frames(
      Assets assets,
      Supplier<String> once,
      Pool pool,
      InstantSource clock,
      ZoneId zone,
      boolean simulated) {
    this.assets = assets;
    this.once = once;
    this.pool = pool;
    this.clock = clock;
    this.zone = zone;
    this.simulated = simulated;
  }

  /** In which times are told and read where no crisis says otherwise. */
  public ZoneId zone() {
    return zone;
  }

  public Frame of(RoutingContext context) {
    return of(context, zone);
  }

  public Frame of(RoutingContext context, ZoneId zone) {
    var who = Guard.find(context);
    return new Frame(
        Wording.of(language(context, who)),
        assets,
        path(context),
        who.map(Frames::viewer),
        who.flatMap(Who::csrf).orElse(""),
        once,
        zone,
        clock.instant(),
        who.map(this::waiting).orElse(0),
        notice(context).map(word -> Wording.of(language(context, who)).of(word)),
        simulated);
  }

  /** Answers with a page. Its status is 200 unless somebody has set another. */
  public void show(RoutingContext context, String name, Frame frame, Object page) {
    context
        .response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Content-Language", frame.words().tag())
        .end(Pages.draw(name, frame, page));
  }

  private static String language(RoutingContext context, Optional<Who> who) {
    var chosen = context.request().getCookie(Preferred.COOKIE);
    return chosen == null && who.isPresent() ? who.get().language() : Preferred.language(context);
  }

  private static Frame.Viewer viewer(Who who) {
    return new Frame.Viewer(
        who.name(), who.roles().stream().map(Role::code).collect(Collectors.toSet()));
  }

  private int waiting(Who who) {
    var reads = who.has(Role.COORDINATOR) || who.has(Role.MANAGER) || who.has(Role.ADMIN);
    return reads ? Inbox.count(pool, INBOX_MAX) : 0;
  }

  // A refused form is shown at an address that cannot be asked for: where it came from can.
  private static String path(RoutingContext context) {
    if (context.request().method() == HttpMethod.GET) return context.request().uri();
    var from = context.request().getHeader("Referer");
    try {
      return from == null ? "/" : local(URI.create(from).getRawPath());
    } catch (IllegalArgumentException e) {
      return "/";
    }
  }

  /** A path of ours, and nothing that leads elsewhere. */
  public static String local(String path) {
    var ours =
        path != null
            && path.startsWith("/")
            && !path.startsWith("//")
            && path.chars().noneMatch(c -> c == '\\' || c < ' ');
    return ours ? path : "/";
  }

  private static Optional<Word> notice(RoutingContext context) {
    var said = context.queryParams().get("said");
    if (said == null) return Optional.empty();
    var name = "SAID_" + said.toUpperCase(Locale.ROOT);
    return Arrays.stream(Word.values()).filter(word -> word.name().equals(name)).findFirst();
  }
}
