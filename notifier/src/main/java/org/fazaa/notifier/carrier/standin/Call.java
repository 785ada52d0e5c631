package org.fazaa.notifier.carrier.standin;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/**
 * A call as Twilio keeps it.
 *
 * @param url that says what the call says
 * @param callback where its statuses are posted, or null
 * @param events which of them; empty: only the last
 */
record Call(
    String sid,
    String account,
    String to,
    String from,
    String url,
    String callback,
    Set<String> events,
    String status,
    Instant created) {

  static final String QUEUED = "queued";
  static final String RINGING = "ringing";
  static final String IN_PROGRESS = "in-progress";
  static final String COMPLETED = "completed";
  static final String BUSY = "busy";
  static final String NO_ANSWER = "no-answer";

  private static final DateTimeFormatter RFC_2822 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  Call moved(String status) {
    return new Call(sid, account, to, from, url, callback, events, status, created);
  }

  /** Whether the program asked to be told of the status that it has now. */
  boolean tells() {
    var event =
        switch (status) {
          case RINGING -> "ringing";
          case IN_PROGRESS -> "answered";
          default -> "completed";
        };
    return callback != null && (events.contains(event) || event.equals("completed"));
  }

  JsonObject json() {
    return new JsonObject()
        .put("account_sid", account)
        .put("api_version", "2010-04-01")
        .put("date_created", RFC_2822.format(created))
        .put("direction", "outbound-api")
        .put("from", from)
        .put("sid", sid)
        .put("status", status)
        .put("to", to)
        .put("uri", "/2010-04-01/Accounts/" + account + "/Calls/" + sid + ".json");
  }
}
