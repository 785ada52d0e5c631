package org.fazaa.fund.giving.provider.standin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;

/** A payment as the stand-in has it, told in the manner of either provider. */
final class Charge {
  private static final long FEE_PER_THOUSAND = 25;
  private static final long DISPUTE_FEE = 1_500;
  private static final int THOUSAND = 1_000;

  final String number;
  final String reference;
  final String currency;
  final String name;
  final String back;
  final Instant expires;
  long minor;
  boolean paid;
  boolean over;
  long refunded;
  int refunds;
  long disputed;

  Charge(
      String number,
      String reference,
      long minor,
      String currency,
      String name,
      String back,
      Instant expires) {
    this.number = number;
    this.reference = reference;
    this.minor = minor;
    this.currency = currency;
    this.name = name;
    this.back = back;
    this.expires = expires;
  }

  String session() {
    return "cs_test_" + number;
  }

  String intent() {
    return "pi_test_" + number;
  }

  String invoice() {
    return "inv-" + number;
  }

  String payment() {
    return "pay-" + number;
  }

  long fee() {
    return paid ? minor * FEE_PER_THOUSAND / THOUSAND : 0;
  }

  boolean isOver(Instant now) {
    return over || !paid && !now.isBefore(expires);
  }

  JsonObject asSession(String url, boolean expanded, Instant now) {
    var status = paid ? "complete" : isOver(now) ? "expired" : "open";
    var session =
        new JsonObject()
            .put("id", session())
            .put("object", "checkout.session")
            .put("url", url)
            .put("status", status)
            .put("payment_status", paid ? "paid" : "unpaid")
            .put("amount_total", minor)
            .put("currency", currency.toLowerCase(Locale.ROOT))
            .put("client_reference_id", reference);
    if (!paid) return session.putNull("payment_intent");
    var balance = new JsonObject().put("id", "txn_" + number).put("fee", fee());
    var charge =
        new JsonObject()
            .put("id", "ch_" + number)
            .put("amount_refunded", refunded)
            .put("disputed", disputed > 0)
            .put("balance_transaction", balance);
    var intent = new JsonObject().put("id", intent()).put("latest_charge", charge);
    return session.put("payment_intent", expanded ? intent : intent());
  }

  JsonObject asDispute() {
    var line = new JsonObject().put("fee", DISPUTE_FEE).put("amount", -disputed);
    return new JsonObject()
        .put("id", "dp_test_" + number)
        .put("object", "dispute")
        .put("amount", disputed)
        .put("currency", currency.toLowerCase(Locale.ROOT))
        .put("payment_intent", intent())
        .put("status", "needs_response")
        .put("balance_transactions", new JsonArray().add(line));
  }

  JsonObject asPayment() {
    return new JsonObject()
        .put("id", payment())
        .put("invoice_id", invoice())
        .put("status", paid ? refunded > 0 ? "refunded" : "paid" : "failed")
        .put("amount", minor)
        .put("currency", currency)
        .put("fee", fee())
        .put("refunded", refunded);
  }

  JsonObject asInvoice(String url, Instant now) {
    var payments = new JsonArray();
    if (paid) payments.add(asPayment());
    return new JsonObject()
        .put("id", invoice())
        .put("url", url)
        .put("status", paid ? "paid" : isOver(now) ? "expired" : "initiated")
        .put("amount", minor)
        .put("currency", currency)
        .put("payments", payments)
        .put("metadata", new JsonObject().put("reference", reference));
  }
}
