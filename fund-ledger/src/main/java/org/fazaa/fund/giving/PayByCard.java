package org.fazaa.fund.giving;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.giving.provider.CardProvider;
import org.fazaa.fund.giving.provider.CardProvider.Answer;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a donor to the page on which a gift is paid. The provider is asked for it while no
 * transaction is open; however often it is asked, there is one payment for a gift.
 */
public final class PayByCard {
  private static final Logger LOG = LoggerFactory.getLogger(PayByCard.class);

  /** After so long without an event the provider is asked. */
  static final Duration FIRST_LOOK = Duration.ofSeconds(30);

  /** Providers refuse payments that expire sooner than half an hour. */
  private static final Duration EXPIRY_MIN = Duration.ofMinutes(35);

  public sealed interface Outcome {
    record Go(URI payUrl) implements Outcome {}

    /** Paid, lapsed, or not a gift by card: its own page says which. */
    record NothingToPay() implements Outcome {}

    record ProviderAway() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "مزود الدفع لا يجيب الآن ولم يُخصم شيء: أعد المحاولة بعد قليل",
            "The card provider does not answer now and nothing was charged: try again shortly");
      }
    }
  }

  private record Intent(
      long gift, String reference, Money amount, String fundName, Instant expires) {}

  private final Pool pool;
  private final CardProvider provider;

  public PayByCard(Pool pool, CardProvider provider) {
    this.pool = pool;
    this.provider = provider;
  }

  /**
   * @param back the page of the gift, to which the donor returns
   */
  public Outcome run(String code, URI back, Instant now) {
    var known = known(code);
    if (known.isPresent()) {
      return known.get();
    }
    var fields = Tuple.of(code, provider.name(), Database.utc(now));
    var rows = pool.preparedQuery(FIND_INTENT).execute(fields).await();
    var found = rows.stream().map(row -> intent(row, now)).findFirst();
    return found.map(intent -> make(intent, code, back, now)).orElseGet(Outcome.NothingToPay::new);
  }

  private Optional<Outcome> known(String code) {
    return pool.preparedQuery(FIND_PAY_URL).execute(Tuple.of(code)).await().stream()
        .<Outcome>map(row -> new Outcome.Go(URI.create(row.getString(0))))
        .findFirst();
  }

  private static Intent intent(Row row, Instant now) {
    var lapses = row.getOffsetDateTime("lapses_at").toInstant();
    var soonest = now.plus(EXPIRY_MIN);
    return new Intent(
        row.getLong("gift"),
        row.getUUID("reference").toString(),
        Money.of(row.getLong("minor"), row.getString("currency")),
        row.getString("name"),
        lapses.isAfter(soonest) ? lapses : soonest);
  }

  private Outcome make(Intent intent, String code, URI back, Instant now) {
    var ask =
        new CardProvider.Ask(
            intent.reference, intent.amount, intent.fundName, back, intent.expires);
    return switch (provider.make(ask)) {
      case Answer.Said<CardProvider.Made>(var made) -> {
        keep(intent, made, now);
        yield known(code).orElseGet(Outcome.NothingToPay::new);
      }
      case Answer.Refused<CardProvider.Made>(var why) -> away(why);
      case Answer.Unknown<CardProvider.Made>(var why) -> away(why);
    };
  }

  private static Outcome away(String why) {
    LOG.warn("the card provider made no payment: {}", why);
    return new Outcome.ProviderAway();
  }

  private void keep(Intent intent, CardProvider.Made made, Instant now) {
    var look = Database.utc(now.plus(FIRST_LOOK));
    var url = made.payUrl().toString();
    var fields = Tuple.of(intent.gift, made.id(), url, look, Database.utc(now));
    Database.inTransaction(pool, tx -> tx.preparedQuery(KEEP_PAYMENT).execute(fields).await());
  }

  private static final String FIND_PAY_URL =
      """
      SELECT p.pay_url FROM fund.gift g
      JOIN fund.card_payment p ON p.gift = g.id
      JOIN fund.card_awaited w ON w.gift = g.id
      WHERE g.id = fund.gift_of($1)\
      """;

  private static final String FIND_INTENT =
      """
      SELECT i.gift, i.reference, i.minor, i.currency, w.lapses_at,
             CASE d.language WHEN 'ar' THEN f.name_ar ELSE f.name_en END AS name
      FROM fund.gift g
      JOIN fund.card_intent i ON i.gift = g.id AND i.provider = $2
      JOIN fund.card_awaited w ON w.gift = g.id AND w.lapses_at > $3
      JOIN fund.fund f ON f.id = g.fund
      LEFT JOIN fund.donor d ON d.gift = g.id
      WHERE g.id = fund.gift_of($1)\
      """;

  private static final String KEEP_PAYMENT = "SELECT fund.keep_card_payment($1, $2, $3, $4, $5)";
}
