package org.fazaa.notifier.carrier.standin;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/**
 * A message as Twilio keeps it.
 *
 * @param inbound written by a person, not to one
 * @param from the sender; null while a messaging service has not chosen one
 * @param service the messaging service, or null
 * @param error Twilio's code, or null
 * @param callback where its statuses are posted, or null
 * @param sent null until it left
 */
record Message(
    long number,
    boolean inbound,
    String sid,
    String account,
    String to,
    String from,
    String service,
    String body,
    int segments,
    String status,
    Integer error,
    String callback,
    Instant created,
    Instant sent,
    Instant updated) {

  static final String QUEUED = "queued";
  static final String ACCEPTED = "accepted";
  static final String SENT = "sent";
  static final String DELIVERED = "delivered";
  static final String UNDELIVERED = "undelivered";
  static final String FAILED = "failed";
  static final String CANCELED = "canceled";
  static final String RECEIVED = "received";

  private static final Set<String> FINAL =
      Set.of(DELIVERED, UNDELIVERED, FAILED, CANCELED, RECEIVED);
  private static final DateTimeFormatter RFC_2822 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  boolean isFinal() {
    return FINAL.contains(status);
  }

  /** What a STOP is about: the service when there is one. */
  String sender() {
    return service == null ? from : service;
  }

  Message moved(String status, Integer error, String from, Instant now) {
    var left = sent == null && (status.equals(SENT) || status.equals(DELIVERED)) ? now : sent;
    return new Message(
        number, inbound, sid, account, to, from, service, body, segments, status, error, callback,
        created, left, now);
  }

  Message redacted(Instant now) {
    return new Message(
        number, inbound, sid, account, to, from, service, "", segments, status, error, callback,
        created, sent, now);
  }

  String path() {
    return "/2010-04-01/Accounts/" + account + "/Messages/" + sid;
  }

  JsonObject json() {
    return new JsonObject()
        .put("account_sid", account)
        .put("api_version", "2010-04-01")
        .put("body", body)
        .put("date_created", RFC_2822.format(created))
        .put("date_sent", sent == null ? null : RFC_2822.format(sent))
        .put("date_updated", RFC_2822.format(updated))
        .put("direction", inbound ? "inbound" : "outbound-api")
        .put("error_code", error)
        .put("error_message", null)
        .put("from", from)
        .put("messaging_service_sid", service)
        .put("num_media", "0")
        .put("num_segments", status.equals(ACCEPTED) ? "0" : Integer.toString(segments))
        .put("price", null)
        .put("price_unit", "USD")
        .put("sid", sid)
        .put("status", status)
        .put("subresource_uris", new JsonObject().put("media", path() + "/Media.json"))
        .put("to", to)
        .put("uri", path() + ".json");
  }
}
