package org.fazaa.web.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Fact;
import org.fazaa.config.FailPoint;
import org.fazaa.config.GroupCommit;
import org.fazaa.notifier.StatusArrived;
import org.fazaa.notifier.TakeStatus;
import org.fazaa.notifier.carrier.twilio.TwilioHooks;
import org.fazaa.notifier.carrier.twilio.TwilioSignature;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.TakeReply;
import org.fazaa.web.Problem;
import org.fazaa.web.WebServer;
import org.fazaa.web.Words;

/**
 * Twilio's webhooks. What is signed is kept, once, and answered at once; understanding it is left
 * to the loops. Without a carrier nothing is signed, so nothing comes in.
 */
public final class TwilioRoutes {

  private static final String TWIML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";

  private final InstantSource clock;
  private final Optional<TwilioSignature> signature;
  private final GroupCommit<Arrived> replies;
  private final GroupCommit<StatusArrived> statuses;
  private final Counter refused;

  public TwilioRoutes(
      Pool pool,
      Bus bus,
      InstantSource clock,
      Optional<TwilioSignature> signature,
      MeterRegistry meters) {
    this.clock = clock;
    this.signature = signature;
    this.replies = new GroupCommit<>(pool, bus, this::keepReplies);
    this.statuses = new GroupCommit<>(pool, bus, this::takeStatuses);
    this.refused = meters.counter("fazaa.webhook.signature.refused");
    meters.gauge("fazaa.webhook.waiting", replies, GroupCommit::waiting);
  }

  public void mount(Router router) {
    router.post("/twilio/replies").handler(this::reply);
    router.post("/twilio/statuses").handler(this::status);
  }

  private void reply(RoutingContext context) {
    var body = signedBody(context);
    var arrived = TwilioHooks.reply(body).orElseThrow(() -> INCOMPLETE.refused());
    replies.run(arrived);
    FailPoint.AFTER_REPLY_KEPT.reach();
    context.response().putHeader("Content-Type", "text/xml").end(TWIML);
  }

  private void status(RoutingContext context) {
    var body = signedBody(context);
    var message = context.queryParams().get("m");
    var status = TwilioHooks.status(body, message).orElseThrow(() -> INCOMPLETE.refused());
    statuses.run(status);
    context.response().setStatusCode(204).end();
  }

  // One fact for all of them: whoever hears it looks at the table.
  private List<Fact> keepReplies(SqlConnection tx, List<Arrived> arrived) {
    return TakeReply.runAll(tx, arrived, clock.instant()).stream()
        .filter(TakeReply.Outcome.Kept.class::isInstance)
        .reduce((earlier, later) -> later)
        .<List<Fact>>map(kept -> List.of(new Fact.ReplyKept(kept.reply())))
        .orElse(List.of());
  }

  private List<Fact> takeStatuses(SqlConnection tx, List<StatusArrived> arrived) {
    return TakeStatus.runAll(tx, arrived, clock.instant()).stream()
        .<Fact>map(text -> new Fact.TextChanged(text))
        .toList();
  }

  private String signedBody(RoutingContext context) {
    var buffer = context.body().buffer();
    if (buffer == null) throw INCOMPLETE.refused();
    if (buffer.length() > WebServer.WEBHOOK_MAX) {
      throw Problem.tooLarge(WebServer.WEBHOOK_MAX).refused();
    }
    var body = buffer.toString(StandardCharsets.UTF_8);
    var request = context.request();
    var header = request.getHeader("X-Twilio-Signature");
    if (signature.isEmpty() || !signature.get().matches(request.uri(), body, header)) {
      refused.increment();
      throw UNSIGNED.refused();
    }
    return body;
  }

  private static final Problem UNSIGNED =
      Problem.notAllowed(
          new Words(
              "التوقيع ناقص أو غير صحيح. راجع FAZAA_PUBLIC_URL و TWILIO_AUTH_TOKEN.",
              "The signature is missing or wrong. Check FAZAA_PUBLIC_URL and TWILIO_AUTH_TOKEN."));

  private static final Problem INCOMPLETE =
      Problem.malformed(
          new Words(
              "تنقصها MessageSid أو الحقول اللازمة معها.",
              "MessageSid or what must come with it is missing."));
}
