package org.fazaa.web.volunteer;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.time.InstantSource;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.reach.ReachAnswers;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Preferred;
import org.fazaa.web.Wording;

/**
 * The page behind the link of a reachability test: a press shows that the message was read. Looking
 * shows nothing, for programs that preview links look as well.
 */
public final class ReachAnswerRoutes {
  private final Frames frames;
  private final Pool pool;
  private final Bus bus;
  private final InstantSource clock;
  private final AnswerLink links;

  public ReachAnswerRoutes(
      Frames frames, Pool pool, Bus bus, InstantSource clock, AnswerLink links) {
    this.frames = frames;
    this.pool = pool;
    this.bus = bus;
    this.clock = clock;
    this.links = links;
  }

  public void mount(Router router) {
    router.get("/a/:token").handler(this::look);
    router.post("/a/:token").handler(this::press);
  }

  private void look(RoutingContext context) {
    check(context).ifPresentOrElse(id -> show(context, id, false), context::next);
  }

  private void press(RoutingContext context) {
    check(context)
        .ifPresentOrElse(
            id -> {
              var now = clock.instant();
              Database.inTransaction(pool, tx -> ReachAnswers.press(tx, id, now))
                  .forEach(bus::publish);
              show(context, id, true);
            },
            context::next);
  }

  /** Empty when the link is of something else, or dead. */
  private Optional<Long> check(RoutingContext context) {
    return links
        .read(context.pathParam("token"), clock.instant())
        .filter(target -> target.purpose().equals(Ways.TEST_PURPOSE))
        .map(target -> Long.valueOf(target.about()));
  }

  private void show(RoutingContext context, long id, boolean pressed) {
    var language = ReachAnswers.language(pool, id).orElse(Language.EN);
    frames.show(
        context, "volunteer/reach", inTheirs(context, language), new ReachAnswerPage(pressed));
  }

  private Frame inTheirs(RoutingContext context, Language language) {
    var frame = frames.of(context);
    if (context.request().getCookie(Preferred.COOKIE) != null) return frame;
    return frame.in(language == Language.AR ? Wording.AR : Wording.EN);
  }
}
