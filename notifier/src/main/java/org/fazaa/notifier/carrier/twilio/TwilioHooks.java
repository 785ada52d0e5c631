package org.fazaa.notifier.carrier.twilio;

import com.twilio.rest.api.v2010.account.Message;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.StatusArrived;
import org.fazaa.notifier.TextState;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Attachments;
import org.fazaa.notifier.reply.Attachments.Attached;

/** Reads the forms that Twilio posts, after {@link TwilioSignature} has let them in. */
public final class TwilioHooks {

  /** No webhook of theirs comes near this. */
  public static final int BODY_MAX_BYTES = 16 * 1024;

  private static final Map<String, TextState> STATES =
      Map.ofEntries(
          Map.entry("accepted", TextState.ACCEPTED),
          Map.entry("scheduled", TextState.ACCEPTED),
          Map.entry("queued", TextState.ACCEPTED),
          Map.entry("sending", TextState.ACCEPTED),
          Map.entry("sent", TextState.SENT),
          Map.entry("partially_delivered", TextState.SENT),
          Map.entry("delivered", TextState.DELIVERED),
          Map.entry("read", TextState.DELIVERED),
          Map.entry("undelivered", TextState.FAILED),
          Map.entry("failed", TextState.FAILED),
          Map.entry("canceled", TextState.FAILED));

  /** What names a message, or says how it fares. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final String EXPIRED_IN_QUEUE = "30036";
  private static final String OPTED_OUT = "21610";

  private TwilioHooks() {}

  /** A reply; empty when it does not say who wrote what, or under which id. */
  public static Optional<Arrived> reply(String body) {
    var form = form(body);
    var id = form.getOrDefault("MessageSid", form.getOrDefault("SmsSid", ""));
    var from = phone(form.getOrDefault("From", ""));
    if (!ID.matcher(id).matches() || from.isEmpty()) {
      return Optional.empty();
    }
    var to = form.getOrDefault("To", "");
    var said = form.getOrDefault("Body", "");
    return Optional.of(
        new Arrived(TwilioCarrier.NAME, id, from.get(), to, said, form, attached(form)));
  }

  private static List<Attached> attached(Map<String, String> form) {
    var attached = new ArrayList<Attached>();
    pin(form).ifPresent(attached::add);
    for (int i = 0; i < Attachments.MOST; i++) {
      var url = form.get("MediaUrl" + i);
      if (url != null && !url.isBlank()) {
        var type = form.getOrDefault("MediaContentType" + i, "");
        attached.add(new Attached.File(type, url.strip()));
      }
    }
    return attached;
  }

  private static Optional<Attached> pin(Map<String, String> form) {
    try {
      var lat = Double.parseDouble(form.getOrDefault("Latitude", ""));
      var lon = Double.parseDouble(form.getOrDefault("Longitude", ""));
      var label =
          Stream.of(form.get("Label"), form.get("Address"))
              .filter(part -> part != null && !part.isBlank())
              .distinct()
              .collect(Collectors.joining(", "));
      boolean onEarth = Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
      return onEarth ? Optional.of(new Attached.Pin(lon, lat, label)) : Optional.empty();
    } catch (NumberFormatException e) { // none was sent
      return Optional.empty();
    }
  }

  /** A reply that a list shows, under the id that its webhook had or would have had. */
  static Optional<Arrived> listed(Message message) {
    var from = message.getFrom() == null ? "" : message.getFrom().getEndpoint();
    return phone(from)
        .map(
            phone ->
                new Arrived(
                    TwilioCarrier.NAME,
                    message.getSid(),
                    phone,
                    String.valueOf(message.getTo()),
                    message.getBody() == null ? "" : message.getBody(),
                    Map.of("MessageSid", message.getSid(), "ListedAs", "inbound")));
  }

  /**
   * A status; empty when it does not say of what.
   *
   * @param message our id, which we put into the URL as {@code m}; may be null
   */
  public static Optional<StatusArrived> status(String body, String message) {
    var form = form(body);
    var sid = form.getOrDefault("MessageSid", form.getOrDefault("SmsSid", ""));
    var word = form.getOrDefault("MessageStatus", form.getOrDefault("SmsStatus", ""));
    if (!ID.matcher(sid).matches() || !ID.matcher(word).matches()) {
      return Optional.empty();
    }
    var problem = problem(form.get("ErrorCode"));
    return Optional.of(
        new StatusArrived(
            TwilioCarrier.NAME,
            sid,
            word,
            state(word, problem),
            id(message),
            problem,
            sequel(form.get("ErrorCode")),
            form));
  }

  static StatusArrived.Sequel sequel(String code) {
    try {
      return TwilioCodes.of(Integer.parseInt(String.valueOf(code).strip()))
          .map(TwilioCodes::sequel)
          .orElse(StatusArrived.Sequel.NONE);
    } catch (NumberFormatException e) { // no code, or none of theirs
      return StatusArrived.Sequel.NONE;
    }
  }

  private static String problem(String code) {
    if (code == null || code.isBlank()) {
      return null;
    }
    return code.equals(OPTED_OUT) ? Consent.STOPPED : code.replaceAll("[^0-9A-Za-z]", "");
  }

  static Optional<TextState> state(String word, String problem) {
    if (EXPIRED_IN_QUEUE.equals(problem)) {
      return Optional.of(TextState.EXPIRED);
    }
    return Optional.ofNullable(STATES.get(word));
  }

  private static Optional<Phone> phone(String written) {
    try {
      return Optional.of(new Phone(written));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Long id(String message) {
    try {
      return message == null ? null : Long.valueOf(message);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  // Some of its products post JSON; the fields are called the same.
  private static Map<String, String> json(String body) {
    var form = new HashMap<String, String>();
    try {
      new JsonObject(body)
          .forEach(field -> form.put(field.getKey(), String.valueOf(field.getValue())));
    } catch (DecodeException e) {
      return Map.of();
    }
    return form;
  }

  private static Map<String, String> form(String body) {
    if (body.startsWith("{")) {
      return json(body);
    }
    var form = new HashMap<String, String>();
    try {
      TwilioSignature.fields(body).forEach((name, values) -> form.put(name, values.first()));
    } catch (IllegalArgumentException e) { // broken escapes: nothing in it can be trusted
      return Map.of();
    }
    return form;
  }
}
