package org.fazaa.web.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.fund.giving.KeepCardEvent;
import org.fazaa.fund.giving.provider.CardProvider;
import org.fazaa.web.Problem;
import org.fazaa.web.WebServer;
import org.fazaa.web.Words;

/**
 * The card provider's events. What is authentic is kept, once, and answered; what it means is asked
 * of the provider afterwards. Whatever is not taken here it sends again, and without any event it
 * is asked all the same. Without a provider nothing is authentic.
 */
public final class CardEventRoutes {
  private final Pool pool;
  private final Bus bus;
  private final InstantSource clock;
  private final Optional<CardProvider> provider;
  private final Counter refused;

  public CardEventRoutes(
      Pool pool,
      Bus bus,
      InstantSource clock,
      Optional<CardProvider> provider,
      MeterRegistry meters) {
    this.pool = pool;
    this.bus = bus;
    this.clock = clock;
    this.provider = provider;
    this.refused = meters.counter("fazaa.card.event.refused");
  }

  public void mount(Router router) {
    router.post("/payments/events").handler(this::take);
  }

  private void take(RoutingContext context) {
    var buffer = context.body().buffer();
    if (buffer == null) throw UNREADABLE.refused();
    if (buffer.length() > WebServer.WEBHOOK_MAX) {
      throw Problem.tooLarge(WebServer.WEBHOOK_MAX).refused();
    }
    var body = buffer.toString(StandardCharsets.UTF_8);
    var signature = Optional.ofNullable(context.request().getHeader("Stripe-Signature"));
    var now = clock.instant();
    var authentic = provider.filter(one -> one.isAuthentic(body, signature, now));
    if (authentic.isEmpty()) {
      refused.increment();
      throw NOT_AUTHENTIC.refused();
    }
    var event = authentic.get().read(body).orElseThrow(UNREADABLE::refused);
    var name = authentic.get().name();
    var isNew =
        Database.inTransaction(pool, tx -> KeepCardEvent.run(tx, name, event, clock.instant()));
    if (isNew) bus.publish(new Fact.CardHeard());
    context.response().setStatusCode(204).end();
  }

  private static final Problem NOT_AUTHENTIC =
      Problem.notAllowed(
          new Words(
              "التوقيع ناقص أو قديم أو غير صحيح. راجع FAZAA_PAYMENTS_WEBHOOK_SECRET.",
              "The signature is missing, old or wrong. Check FAZAA_PAYMENTS_WEBHOOK_SECRET."));

  private static final Problem UNREADABLE =
      Problem.malformed(new Words("ليس هذا حدثًا له معرّف.", "This is no event that has an id."));
}
