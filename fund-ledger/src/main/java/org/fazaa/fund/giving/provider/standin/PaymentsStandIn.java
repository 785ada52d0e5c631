package org.fazaa.fund.giving.provider.standin;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Stands where a card provider is: makes payments ready, shows a page on which they are paid,
 * declined or left, gives back, raises disputes, and tells about it more than once and in any
 * order. No card is asked for and no money exists. Everything is in memory and bounded.
 */
public final class PaymentsStandIn implements AutoCloseable {
  private static final int RUN_LETTERS = 8;
  private static final int CHARGES_MAX = 100_000;
  private static final Duration DAY = Duration.ofDays(1);

  private final Vertx vertx;
  private final boolean owner;
  private final PaymentOptions options;
  private final CardEvents events;
  private final Map<String, Charge> charges = new LinkedHashMap<>();
  private final Map<String, Charge> byReference = new LinkedHashMap<>();
  private final Map<String, JsonObject> refunds = new LinkedHashMap<>();
  // No id is ever given twice, whatever was started when: whoever keeps them keeps them for good.
  private final String run = letters();
  private HttpServer server;

  private PaymentsStandIn(Vertx vertx, boolean owner, PaymentOptions options) {
    this.vertx = vertx;
    this.owner = owner;
    this.options = options;
    this.events = new CardEvents(vertx, options);
  }

  /** On a Vert.x of its own. */
  public static PaymentsStandIn start(PaymentOptions options) {
    return new PaymentsStandIn(Vertx.vertx(), true, options).listen();
  }

  private PaymentsStandIn listen() {
    try {
      server =
          vertx
              .createHttpServer()
              .requestHandler(this::handle)
              .listen(options.port(), options.host())
              .await();
      return this;
    } catch (Exception e) { // await throws whatever listening threw, undeclared
      close();
      throw e;
    }
  }

  public String url() {
    return "http://" + options.host() + ":" + server.actualPort();
  }

  /** What a program must be told to use it. */
  public Map<String, String> settings() {
    return Map.of(
        "FAZAA_PAYMENTS_URL", url(),
        "FAZAA_PAYMENTS_MANNER", options.manner(),
        "FAZAA_PAYMENTS_KEY", options.key().value(),
        "FAZAA_PAYMENTS_WEBHOOK_SECRET", options.webhookSecret().value());
  }

  @Override
  public void close() {
    if (owner) vertx.close().await();
    else if (server != null) server.close().await();
  }

  private void handle(HttpServerRequest request) {
    request.setExpectMultipart(request.method() == HttpMethod.POST && isForm(request));
    request.body().onSuccess(body -> route(request, body));
  }

  private static boolean isForm(HttpServerRequest request) {
    return !String.valueOf(request.getHeader("Content-Type")).startsWith("application/json");
  }

  private void route(HttpServerRequest request, Buffer body) {
    var path = request.path();
    try {
      if (path.startsWith("/pay/")) page(request);
      else if (path.startsWith("/stand-in/")) steer(request, body);
      else if (!isKnown(request.getHeader("Authorization"))) fail(request, 401, "wrong key");
      else if (path.startsWith("/v1/checkout/sessions")) sessions(request);
      else if (path.startsWith("/v1/invoices")) invoices(request);
      else if (path.equals("/v1/refunds")) refund(request);
      else if (path.equals("/v1/disputes")) disputes(request);
      else if (path.startsWith("/v1/payments/")) refundPayment(request);
      else fail(request, 404, "no such address");
    } catch (IllegalArgumentException e) {
      fail(request, 400, e.getMessage());
    }
  }

  private boolean isKnown(String authorization) {
    var key = options.key().value();
    var basic = Base64.getEncoder().encodeToString((key + ":").getBytes());
    return ("Bearer " + key).equals(authorization) || ("Basic " + basic).equals(authorization);
  }

  private void sessions(HttpServerRequest request) {
    var now = options.clock().instant();
    if (request.method() == HttpMethod.POST) {
      var form = request.formAttributes();
      var price = "line_items[0][price_data]";
      var charge =
          make(
              need(form, "client_reference_id"),
              Long.parseLong(need(form, price + "[unit_amount]")),
              need(form, price + "[currency]").toUpperCase(),
              need(form, price + "[product_data][name]"),
              need(form, "success_url"),
              Instant.ofEpochSecond(Long.parseLong(need(form, "expires_at"))));
      answer(request, charge.asSession(payUrl(charge), false, now));
    } else if (request.getParam("payment_intent") != null) {
      var charge = charge(request.getParam("payment_intent"));
      var session = charge.asSession(payUrl(charge), false, now);
      answer(request, new JsonObject().put("data", new JsonArray().add(session)));
    } else {
      var charge = charge(request.path());
      var expanded = request.getParam("expand[]") != null;
      answer(request, charge.asSession(payUrl(charge), expanded, now));
    }
  }

  private void invoices(HttpServerRequest request) {
    var now = options.clock().instant();
    if (request.method() == HttpMethod.POST) {
      var form = request.formAttributes();
      var charge =
          make(
              need(form, "metadata[reference]"),
              Long.parseLong(need(form, "amount")),
              need(form, "currency"),
              need(form, "description"),
              need(form, "success_url"),
              Instant.parse(need(form, "expired_at")));
      answer(request, charge.asInvoice(payUrl(charge), now));
    } else {
      var charge = charge(request.path());
      answer(request, charge.asInvoice(payUrl(charge), now));
    }
  }

  private Charge make(
      String reference, long minor, String currency, String name, String back, Instant expires) {
    var now = options.clock().instant();
    if (expires.isAfter(now.plus(DAY))) throw new IllegalArgumentException("expires too late");
    if (charges.size() >= CHARGES_MAX) throw new IllegalArgumentException("too many payments");
    return byReference.computeIfAbsent(
        reference,
        fresh -> {
          var number = run + (charges.size() + 1);
          var charge = new Charge(number, fresh, minor, currency, name, back, expires);
          charges.put(number, charge);
          return charge;
        });
  }

  private void refund(HttpServerRequest request) {
    var form = request.formAttributes();
    var charge = charge(need(form, "payment_intent"));
    var key = String.valueOf(request.getHeader("Idempotency-Key"));
    var first = refunds.get(key);
    if (first != null) {
      answer(request, first);
      return;
    }
    long minor = giveBack(charge, Long.parseLong(need(form, "amount")));
    var refund =
        new JsonObject()
            .put("id", "re_" + charge.number + "_" + charge.refunds)
            .put("object", "refund")
            .put("amount", minor)
            .put("payment_intent", charge.intent());
    refunds.put(key, refund);
    events.tell(charge, "refund.created", refund);
    answer(request, refund);
  }

  private void refundPayment(HttpServerRequest request) {
    var charge = charge(request.path().replace("/refund", ""));
    giveBack(charge, Long.parseLong(need(request.formAttributes(), "amount")));
    events.tell(charge, "payment_refunded", charge.asPayment());
    answer(request, charge.asPayment());
  }

  private static long giveBack(Charge charge, long minor) {
    if (!charge.paid || minor > charge.minor - charge.refunded - charge.disputed) {
      throw new IllegalArgumentException("more than is left of the payment");
    }
    charge.refunded += minor;
    charge.refunds++;
    return minor;
  }

  private void disputes(HttpServerRequest request) {
    var charge = charge(String.valueOf(request.getParam("payment_intent")));
    var list = new JsonArray();
    if (charge.disputed > 0) list.add(charge.asDispute());
    answer(request, new JsonObject().put("data", list));
  }

  private void page(HttpServerRequest request) {
    var charge = charge(request.path());
    if (request.method() == HttpMethod.POST) {
      choose(charge, String.valueOf(request.formAttributes().get("choice")));
      request.response().setStatusCode(303).putHeader("Location", charge.back).end();
      return;
    }
    request
        .response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .end(PAGE.formatted(escape(charge.name), charge.minor, charge.currency, charge.number));
  }

  private void choose(Charge charge, String choice) {
    boolean stripe = options.manner().equals("stripe");
    var now = options.clock().instant();
    if (charge.paid || charge.isOver(now) || choice.equals("leave")) return;
    charge.paid = choice.equals("paid");
    var type =
        charge.paid
            ? stripe ? "checkout.session.completed" : "payment_paid"
            : stripe ? "payment_intent.payment_failed" : "payment_faild";
    var object = stripe ? charge.asSession(payUrl(charge), false, now) : charge.asPayment();
    events.tell(charge, type, object);
  }

  /** From the program's own machine: what people and banks do. */
  private void steer(HttpServerRequest request, Buffer body) {
    if (request.path().equals("/stand-in/payments")) {
      var all = new JsonArray();
      charges.values().forEach(one -> all.add(one.asPayment().put("reference", one.reference)));
      answer(request, new JsonObject().put("payments", all));
      return;
    }
    var ask = new JsonObject(body);
    var charge = charge(ask.getString("payment"));
    switch (request.path()) {
      case "/stand-in/choices" -> choose(charge, ask.getString("choice"));
      case "/stand-in/amounts" -> charge.minor = ask.getLong("minor");
      case "/stand-in/expiries" -> charge.over = true;
      case "/stand-in/disputes" -> {
        charge.disputed = ask.getLong("minor", charge.minor);
        events.tell(charge, "charge.dispute.created", charge.asDispute());
      }
      default -> throw new IllegalArgumentException("no such deed");
    }
    answer(request, charge.asPayment());
  }

  private static String letters() {
    return new SecureRandom()
        .ints(RUN_LETTERS, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Whatever names it: every id ends in its number. */
  private Charge charge(String named) {
    return Optional.ofNullable(charges.get(String.valueOf(named).replaceAll("^.*[^a-z0-9]", "")))
        .orElseThrow(() -> new IllegalArgumentException("no such payment"));
  }

  private String payUrl(Charge charge) {
    return url() + "/pay/" + charge.number;
  }

  private static String need(MultiMap form, String field) {
    var value = form.get(field);
    if (value == null) throw new IllegalArgumentException(field + " is missing");
    return value;
  }

  private static void answer(HttpServerRequest request, JsonObject json) {
    request.response().putHeader("Content-Type", "application/json").end(json.encode());
  }

  private static void fail(HttpServerRequest request, int status, String why) {
    var error = new JsonObject().put("error", new JsonObject().put("message", why));
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(error.encode());
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static final String PAGE =
      """
      <!doctype html><html lang="en"><meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>A card provider's stand-in</title>
      <h1>No card is asked for · لا تُطلب بطاقة</h1>
      <p><bdi>%s</bdi>: <b>%d</b> %s</p>
      <form method="post" action="/pay/%s">
      <button name="choice" value="paid">Paid · دُفع</button>
      <button name="choice" value="declined">Declined · رُفض</button>
      <button name="choice" value="leave">Leave · مغادرة</button>
      </form></html>
      """;
}
