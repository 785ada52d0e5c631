package org.fazaa.fund.giving;

import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.gift;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import org.fazaa.config.Bus;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.provider.CardProvider;
import org.fazaa.fund.giving.provider.MoyasarProvider;
import org.fazaa.fund.giving.provider.StripeProvider;
import org.fazaa.fund.giving.provider.standin.PaymentOptions;
import org.fazaa.fund.giving.provider.standin.PaymentsStandIn;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;

/** A card provider's stand-in, the people who pay there, and the loops that ask it. */
final class Cards implements AutoCloseable {
  private static final Random RANDOM = new Random(7);

  final TestDatabase db;
  final Books books;
  final PaymentsStandIn standIn;
  final CardProvider provider;
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.of(vertx);
  final HttpClient http = HttpClient.newHttpClient();

  Cards(TestDatabase db, String manner) {
    this.db = db;
    this.books = new Books(db);
    var options = PaymentOptions.of(manner, null).at(InstantSource.fixed(NOW));
    this.standIn = PaymentsStandIn.start(options);
    this.provider = provider(db, manner, options);
  }

  private CardProvider provider(TestDatabase db, String manner, PaymentOptions options) {
    var url = URI.create(standIn.url());
    return manner.equals("stripe")
        ? new StripeProvider(db.vertx(), url, options.key(), options.webhookSecret())
        : new MoyasarProvider(
            db.vertx(),
            url,
            options.key(),
            options.webhookSecret(),
            URI.create("http://localhost"));
  }

  RecordDonation.Outcome record(RecordDonation.Draft draft) {
    var record = new RecordDonation(RANDOM, Optional.of(provider.name()));
    return books.inTransaction(tx -> record.run(tx, draft, NOW));
  }

  Donation ask(FundId fund, Money amount) {
    var asked = record(gift(fund, Channel.CARD, amount));
    return ((RecordDonation.Outcome.Recorded) asked).donation();
  }

  PayByCard.Outcome goToPay(Donation gift) {
    return new PayByCard(db.pool(), provider)
        .run(gift.code(), URI.create("http://localhost/receipts/" + gift.code()), NOW);
  }

  /** The number by which the stand-in knows the payment of a gift. */
  String payment(Donation gift) {
    var url = ((PayByCard.Outcome.Go) goToPay(gift)).payUrl().toString();
    return url.substring(url.lastIndexOf('/') + 1);
  }

  /** Something happens at the provider's: nobody has told us yet. */
  void happens(String what, JsonObject details) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(standIn.url() + "/stand-in/" + what))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(details.encode()))
              .build();
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) throw new IllegalStateException(answer.body());
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void pay(Donation gift) {
    var choice = new JsonObject().put("payment", payment(gift)).put("choice", "paid");
    happens("choices", choice);
  }

  /** A gift that has been paid and booked. */
  Donation paid(FundId fund, Money amount) {
    var gift = ask(fund, amount);
    pay(gift);
    look(NOW.plusSeconds(60));
    return now(gift);
  }

  Donation now(Donation gift) {
    return Donations.find(db.pool(), gift.code()).orElseThrow();
  }

  /** The loop asks about everything that is due. */
  boolean look(Instant at) {
    return new FollowCards(db.pool(), bus, provider).run(at);
  }

  void sendRefunds(Instant at) {
    new SendRefunds(db.pool(), bus, provider).run(at);
  }

  /** An event comes in, true or made up, about the payment of a gift. */
  boolean tell(String event, Donation gift, Instant at) {
    var subject =
        db.pool()
            .preparedQuery("SELECT provider_id FROM fund.card_payment WHERE gift = $1")
            .execute(Tuple.of(gift.gift()))
            .await()
            .iterator()
            .next()
            .getString(0);
    var told = new CardProvider.Event(event, Optional.of(subject), "{}");
    return books.inTransaction(tx -> KeepCardEvent.run(tx, provider.name(), told, at));
  }

  long count(String from) {
    var sql = "SELECT count(*) FROM " + from;
    return db.superuserPool().query(sql).execute().await().iterator().next().getLong(0);
  }

  @Override
  public void close() {
    standIn.close();
    vertx.close().await();
  }
}
