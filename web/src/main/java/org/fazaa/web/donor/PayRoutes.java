package org.fazaa.web.donor;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import org.fazaa.fund.giving.PayByCard;
import org.fazaa.fund.giving.provider.CardProvider;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** The way from a gift to the page on which its card is asked for, which is not ours. */
public final class PayRoutes {
  private static final int SEE_OTHER = 303;

  private final Optional<PayByCard> payByCard;
  private final URI publicUrl;
  private final InstantSource clock;

  /** {@code publicUrl} is where donors come back to. */
  public PayRoutes(Pool pool, Optional<CardProvider> provider, URI publicUrl, InstantSource clock) {
    this.payByCard = provider.map(one -> new PayByCard(pool, one));
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  public void mount(Router router) {
    router.get("/pay/:code").handler(this::go);
  }

  // A link and not a form: our pages send forms to nobody else.
  private void go(RoutingContext context) {
    var code = context.pathParam("code");
    var receipt = "/receipts/" + code;
    var pay = payByCard.orElseThrow(() -> Problem.notFound().refused());
    var to =
        switch (pay.run(code, publicUrl.resolve(receipt), clock.instant())) {
          case PayByCard.Outcome.Go(var url) -> url.toString();
          case PayByCard.Outcome.NothingToPay() -> receipt;
          case PayByCard.Outcome.ProviderAway away -> throw away(away).refused();
        };
    context.response().setStatusCode(SEE_OTHER).putHeader("Location", to).end();
  }

  private static Problem away(PayByCard.Outcome.ProviderAway away) {
    var words = new Words(away.words().ar(), away.words().en());
    return Problem.of(503, "provider-away", TITLE, words);
  }

  private static final Words TITLE =
      new Words("تعذّر فتح صفحة الدفع", "The pay page could not be opened");
}
