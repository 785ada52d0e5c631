package org.fazaa.fund.giving.provider;

import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fazaa.config.Secret;
import org.fazaa.fund.ledger.Money;

/**
 * A provider that speaks as Stripe does: its own pay pages, signed events that come at least once
 * and in any order, keys that make a repetition harmless.
 */
public final class StripeProvider implements CardProvider {
  private static final Duration TOLERANCE = Duration.ofSeconds(300);
  private static final String ALGORITHM = "HmacSHA256";
  private static final String SESSIONS = "/v1/checkout/sessions";
  private static final String INTENT = "pi_";

  private final ProviderApi api;
  private final Secret webhookSecret;

  public StripeProvider(Vertx vertx, URI url, Secret key, Secret webhookSecret) {
    this.api = new ProviderApi(vertx, url, "Bearer " + key.value());
    this.webhookSecret = webhookSecret;
  }

  @Override
  public String name() {
    return "stripe";
  }

  @Override
  public Answer<Made> make(Ask ask) {
    var item = "line_items[0]";
    var form = new LinkedHashMap<String, String>();
    form.put("mode", "payment");
    form.put("client_reference_id", ask.reference());
    form.put(item + "[quantity]", "1");
    form.put(item + "[price_data][currency]", code(ask.amount()));
    form.put(item + "[price_data][unit_amount]", Long.toString(ask.amount().minor()));
    form.put(item + "[price_data][product_data][name]", ask.description());
    form.put("success_url", ask.back().toString());
    form.put("cancel_url", ask.back().toString());
    form.put("expires_at", Long.toString(ask.expires().getEpochSecond()));
    return switch (api.post(SESSIONS, form, Optional.of(ask.reference()))) {
      case Answer.Said<JsonObject>(var session) ->
          new Answer.Said<>(
              new Made(session.getString("id"), URI.create(session.getString("url"))));
      case Answer.Refused<JsonObject>(var why) -> new Answer.Refused<>(why);
      case Answer.Unknown<JsonObject>(var why) -> new Answer.Unknown<>(why);
    };
  }

  @Override
  public Answer<Seen> fetch(String subject) {
    var expand = "expand[]=payment_intent.latest_charge.balance_transaction";
    if (!subject.startsWith(INTENT)) {
      return switch (api.get(SESSIONS + "/" + encode(subject) + "?" + expand)) {
        case Answer.Said<JsonObject>(var session) -> seen(session);
        case Answer.Refused<JsonObject>(var why) -> new Answer.Refused<>(why);
        case Answer.Unknown<JsonObject>(var why) -> new Answer.Unknown<>(why);
      };
    }
    return switch (api.get(SESSIONS + "?payment_intent=" + encode(subject))) {
      case Answer.Said<JsonObject>(var list) ->
          objects(list)
              .map(session -> fetch(session.getString("id")))
              .findFirst()
              .orElseGet(() -> new Answer.Refused<>("no session of " + subject));
      case Answer.Refused<JsonObject>(var why) -> new Answer.Refused<>(why);
      case Answer.Unknown<JsonObject>(var why) -> new Answer.Unknown<>(why);
    };
  }

  private Answer<Seen> seen(JsonObject session) {
    var amount = money(session.getLong("amount_total"), session.getString("currency"));
    var id = session.getString("id");
    if (!"paid".equals(session.getString("payment_status"))) {
      var over = "expired".equals(session.getString("status"));
      return new Answer.Said<>(new Seen(id, over ? State.OVER : State.OPEN, amount, 0, List.of()));
    }
    var intent = session.getJsonObject("payment_intent", new JsonObject());
    var charge = intent.getJsonObject("latest_charge", new JsonObject());
    var balance = charge.getJsonObject("balance_transaction", new JsonObject());
    long fee = balance.getLong("fee", 0L);
    if (!charge.getBoolean("disputed", false)) {
      return new Answer.Said<>(new Seen(id, State.PAID, amount, fee, List.of()));
    }
    return switch (api.get("/v1/disputes?payment_intent=" + encode(intent.getString("id")))) {
      case Answer.Said<JsonObject>(var list) ->
          new Answer.Said<>(new Seen(id, State.PAID, amount, fee, disputes(list)));
      case Answer.Refused<JsonObject>(var why) -> new Answer.Unknown<>(why);
      case Answer.Unknown<JsonObject>(var why) -> new Answer.Unknown<>(why);
    };
  }

  private static List<Dispute> disputes(JsonObject list) {
    var disputes = new ArrayList<Dispute>();
    objects(list)
        .forEach(
            one -> {
              long fee = 0;
              for (var line : one.getJsonArray("balance_transactions", new JsonArray())) {
                fee += ((JsonObject) line).getLong("fee", 0L);
              }
              var amount = money(one.getLong("amount"), one.getString("currency"));
              disputes.add(new Dispute(one.getString("id"), amount, fee));
            });
    return disputes;
  }

  @Override
  public Answer<String> refund(Return back) {
    return switch (api.get(SESSIONS + "/" + encode(back.id()))) {
      case Answer.Said<JsonObject>(var session) -> {
        var form = new LinkedHashMap<String, String>();
        form.put("payment_intent", session.getString("payment_intent"));
        form.put("amount", Long.toString(back.amount().minor()));
        yield switch (api.post("/v1/refunds", form, Optional.of(back.reference()))) {
          case Answer.Said<JsonObject>(var refund) -> new Answer.Said<>(refund.getString("id"));
          case Answer.Refused<JsonObject>(var why) -> new Answer.Refused<>(why);
          case Answer.Unknown<JsonObject>(var why) -> new Answer.Unknown<>(why);
        };
      }
      case Answer.Refused<JsonObject>(var why) -> new Answer.Refused<>(why);
      case Answer.Unknown<JsonObject>(var why) -> new Answer.Unknown<>(why);
    };
  }

  @Override
  public boolean isAuthentic(String body, Optional<String> signature, Instant now) {
    var at = new ArrayList<Long>();
    var signed = new ArrayList<String>();
    for (var part : signature.orElse("").split(",")) {
      var pair = part.strip().split("=", 2);
      if (pair.length == 2 && pair[0].equals("t") && pair[1].matches("[0-9]{1,12}")) {
        at.add(Long.valueOf(pair[1]));
      } else if (pair.length == 2 && pair[0].equals("v1")) {
        signed.add(pair[1]);
      }
    }
    if (at.size() != 1) {
      return false;
    }
    var age = Duration.between(Instant.ofEpochSecond(at.getFirst()), now).abs();
    var ours = sign(at.getFirst() + "." + body);
    boolean matches = false;
    for (var theirs : signed) {
      matches |= equal(ours, theirs);
    }
    return matches && age.compareTo(TOLERANCE) <= 0;
  }

  private String sign(String content) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      var key = webhookSecret.value().getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static boolean equal(String ours, String theirs) {
    return MessageDigest.isEqual(
        ours.getBytes(StandardCharsets.UTF_8), theirs.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<Event> read(String body) {
    try {
      var event = new JsonObject(body);
      var object =
          event.getJsonObject("data", new JsonObject()).getJsonObject("object", new JsonObject());
      var subject =
          "checkout.session".equals(object.getString("object"))
              ? object.getString("id")
              : object.getString("payment_intent");
      return Optional.ofNullable(event.getString("id"))
          .map(id -> new Event(id, Optional.ofNullable(subject), body));
    } catch (DecodeException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private static Stream<JsonObject> objects(JsonObject list) {
    return list.getJsonArray("data", new JsonArray()).stream().map(JsonObject.class::cast);
  }

  private static Money money(long minor, String currency) {
    return new Money(minor, Currency.getInstance(currency.toUpperCase(Locale.ROOT)));
  }

  private static String code(Money amount) {
    return amount.currency().getCurrencyCode().toLowerCase(Locale.ROOT);
  }

  private static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }
}
