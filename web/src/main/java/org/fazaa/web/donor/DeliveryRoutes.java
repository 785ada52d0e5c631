package org.fazaa.web.donor;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.time.InstantSource;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.fund.spending.AskDelivery;
import org.fazaa.fund.spending.DeliveryAnswers;
import org.fazaa.fund.spending.DeliveryAnswers.Question;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Preferred;
import org.fazaa.web.Wording;

/**
 * The page behind the link of a question about a delivery. Only a press answers; looking does not,
 * for programs that preview links look as well.
 */
public final class DeliveryRoutes {
  private final Frames frames;
  private final Pool pool;
  private final Bus bus;
  private final InstantSource clock;
  private final AnswerLink links;

  public DeliveryRoutes(Frames frames, Pool pool, Bus bus, InstantSource clock, AnswerLink links) {
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
    question(context).ifPresentOrElse(found -> show(context, found), context::next);
  }

  private void press(RoutingContext context) {
    question(context)
        .ifPresentOrElse(
            found -> {
              var said = context.request().getFormAttribute("received");
              if ("yes".equals(said) || "no".equals(said)) {
                var received = "yes".equals(said);
                Database.inTransaction(
                        pool,
                        tx -> DeliveryAnswers.press(tx, found.id(), received, clock.instant()))
                    .forEach(bus::publish);
              }
              show(context, DeliveryAnswers.find(pool, found.id()).orElseThrow());
            },
            context::next);
  }

  /** Empty when the link is of something else, or dead. */
  private Optional<Question> question(RoutingContext context) {
    return links
        .read(context.pathParam("token"), clock.instant())
        .filter(target -> target.purpose().equals(AskDelivery.PURPOSE))
        .flatMap(target -> DeliveryAnswers.find(pool, Long.parseLong(target.about())));
  }

  private void show(RoutingContext context, Question found) {
    var frame = inTheirs(context, found.language());
    var payee = frame.pick(found.payeeName().ar(), found.payeeName().en());
    var page = new DeliveryPage(found.amount().toString(), payee, found.received());
    frames.show(context, "donor/delivery", frame, page);
  }

  private Frame inTheirs(RoutingContext context, Language language) {
    var frame = frames.of(context);
    if (context.request().getCookie(Preferred.COOKIE) != null) return frame;
    return frame.in(language == Language.AR ? Wording.AR : Wording.EN);
  }
}
