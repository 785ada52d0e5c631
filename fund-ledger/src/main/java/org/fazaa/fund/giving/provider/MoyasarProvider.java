package org.fazaa.fund.giving.provider;

import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Secret;
import org.fazaa.fund.ledger.Money;

/**
 * A provider that speaks as Moyasar does: invoices with a page of their own, and events that carry
 * a shared secret instead of a signature. It knows no key for a refund, so what has gone back
 * already is asked before anything is sent.
 */
public final class MoyasarProvider implements CardProvider {
  private static final String INVOICES = "/v1/invoices";
  private static final Set<String> PAID = Set.of("paid", "refunded", "captured");
  private static final Set<String> OVER = Set.of("expired", "canceled", "voided");

  private final ProviderApi api;
  private final Secret webhookSecret;
  private final URI events;

  /**
   * @param events where it posts its events, told with each invoice
   */
  public MoyasarProvider(Vertx vertx, URI url, Secret key, Secret webhookSecret, URI events) {
    var user = (key.value() + ":").getBytes(StandardCharsets.UTF_8);
    this.api = new ProviderApi(vertx, url, "Basic " + Base64.getEncoder().encodeToString(user));
    this.webhookSecret = webhookSecret;
    this.events = events;
  }

  @Override
  public String name() {
    return "moyasar";
  }

  // A second invoice for one reference does no harm: the donor is shown the page of one alone.
  @Override
  public Answer<Made> make(Ask ask) {
    var form = new LinkedHashMap<String, String>();
    form.put("amount", Long.toString(ask.amount().minor()));
    form.put("currency", ask.amount().currency().getCurrencyCode());
    form.put("description", ask.description());
    form.put("callback_url", events.toString());
    form.put("success_url", ask.back().toString());
    form.put("back_url", ask.back().toString());
    form.put("expired_at", ask.expires().toString());
    form.put("metadata[reference]", ask.reference());
    return switch (api.post(INVOICES, form, Optional.of(ask.reference()))) {
      case Answer.Said<JsonObject>(var invoice) ->
          new Answer.Said<>(
              new Made(invoice.getString("id"), URI.create(invoice.getString("url"))));
      case Answer.Refused<JsonObject>(var why) -> new Answer.Refused<>(why);
      case Answer.Unknown<JsonObject>(var why) -> new Answer.Unknown<>(why);
    };
  }

  @Override
  public Answer<Seen> fetch(String subject) {
    return switch (api.get(INVOICES + "/" + encode(subject))) {
      case Answer.Said<JsonObject>(var invoice) -> new Answer.Said<>(seen(invoice));
      case Answer.Refused<JsonObject>(var why) -> new Answer.Refused<>(why);
      case Answer.Unknown<JsonObject>(var why) -> new Answer.Unknown<>(why);
    };
  }

  private static Seen seen(JsonObject invoice) {
    var id = invoice.getString("id");
    var payment = payment(invoice);
    if (payment.isPresent()) {
      var one = payment.get();
      var amount = Money.of(one.getLong("amount"), one.getString("currency"));
      return new Seen(id, State.PAID, amount, one.getLong("fee", 0L), List.of());
    }
    var over = OVER.contains(invoice.getString("status"));
    var amount = Money.of(invoice.getLong("amount"), invoice.getString("currency"));
    return new Seen(id, over ? State.OVER : State.OPEN, amount, 0, List.of());
  }

  /** Of all attempts the one that was paid. */
  private static Optional<JsonObject> payment(JsonObject invoice) {
    return invoice.getJsonArray("payments", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .filter(one -> PAID.contains(one.getString("status")))
        .findFirst();
  }

  @Override
  public Answer<String> refund(Return back) {
    return switch (api.get(INVOICES + "/" + encode(back.id()))) {
      case Answer.Said<JsonObject>(var invoice) ->
          payment(invoice)
              .map(one -> refund(back, one))
              .orElseGet(() -> new Answer.Refused<>("not paid"));
      case Answer.Refused<JsonObject>(var why) -> new Answer.Refused<>(why);
      case Answer.Unknown<JsonObject>(var why) -> new Answer.Unknown<>(why);
    };
  }

  private Answer<String> refund(Return back, JsonObject payment) {
    long upTo = back.before().minor() + back.amount().minor();
    var id = payment.getString("id") + "/" + upTo;
    if (payment.getLong("refunded", 0L) >= upTo) {
      return new Answer.Said<>(id);
    }
    var form = new LinkedHashMap<String, String>();
    form.put("amount", Long.toString(back.amount().minor()));
    var path = "/v1/payments/" + encode(payment.getString("id")) + "/refund";
    return switch (api.post(path, form, Optional.of(back.reference()))) {
      case Answer.Said<JsonObject> done -> new Answer.Said<>(id);
      case Answer.Refused<JsonObject>(var why) -> new Answer.Refused<>(why);
      case Answer.Unknown<JsonObject>(var why) -> new Answer.Unknown<>(why);
    };
  }

  @Override
  public boolean isAuthentic(String body, Optional<String> signature, Instant now) {
    try {
      var theirs = new JsonObject(body).getString("secret_token", "");
      return !theirs.isEmpty()
          && MessageDigest.isEqual(
              webhookSecret.value().getBytes(StandardCharsets.UTF_8),
              theirs.getBytes(StandardCharsets.UTF_8));
    } catch (DecodeException | ClassCastException e) {
      return false;
    }
  }

  // Its type is not looked at: payment_failed is written payment_faild in places.
  @Override
  public Optional<Event> read(String body) {
    try {
      var event = new JsonObject(body);
      var invoice = event.getJsonObject("data", new JsonObject()).getString("invoice_id");
      var kept = body.replace(webhookSecret.value(), "•••");
      return Optional.ofNullable(event.getString("id"))
          .map(id -> new Event(id, Optional.ofNullable(invoice), kept));
    } catch (DecodeException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }
}
