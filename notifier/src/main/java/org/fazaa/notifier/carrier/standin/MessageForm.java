package org.fazaa.notifier.carrier.standin;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is asked for with the POST of a message, and whether Twilio would take it. */
record MessageForm(
    String to,
    String from,
    String service,
    String body,
    String validity,
    String callback,
    String template,
    List<String> values) {

  static final int VALIDITY_MAX_SECONDS = 36_000;
  private static final int BODY_MAX = 1_600;

  private static final Pattern PHONE = Pattern.compile("(whatsapp:)?\\+[1-9][0-9]{6,14}");
  private static final Pattern NAME =
      Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11}"); // registered, one-way
  private static final Pattern SHORT_CODE = Pattern.compile("[0-9]{3,8}");
  private static final String WHATSAPP = "whatsapp:";
  private static final Pattern TEMPLATE = Pattern.compile("HX[0-9a-fA-F]{32}");

  /** What a button carries is long, and no word. */
  private static final Pattern PAYLOAD = Pattern.compile("[A-Za-z0-9_-]{16,200}");

  private static final Pattern SERVICE = Pattern.compile("MG[0-9a-fA-F]{32}");

  /** Numbers that Twilio itself set aside for tests. */
  private static final Map<String, Refusal> MAGIC_RECEIVERS =
      Map.of(
          "+15005550001", refused(21211, "Invalid 'To' Phone Number: +1500555XXXX"),
          "+15005550002",
              refused(21612, "The 'To' number is not reachable from this 'From' number"),
          "+15005550003", refused(21408, "Permission to send an SMS has not been enabled"),
          "+15005550004", refused(21610, "Attempt to send to unsubscribed recipient"),
          "+15005550009", refused(21614, "'To' number is not a valid mobile number"));

  private static final Map<String, Refusal> MAGIC_SENDERS =
      Map.of(
          "+15005550001", refused(21212, "The 'From' number is not a valid phone number"),
          "+15005550007", refused(21606, "The 'From' number is not SMS-capable for your account"),
          "+15005550008", refused(21611, "This 'From' number has exceeded its queue limit"));

  static final Refusal OPTED_OUT = MAGIC_RECEIVERS.get("+15005550004");
  static final Refusal QUEUE_FULL = MAGIC_SENDERS.get("+15005550008");

  static MessageForm of(Map<String, String> form) {
    var body = form.getOrDefault("Body", "");
    var template = form.getOrDefault("ContentSid", "");
    var values = values(form.getOrDefault("ContentVariables", "{}"));
    var other = template.isEmpty() ? form.getOrDefault("MediaUrl", "") : words(template, values);
    return new MessageForm(
        form.getOrDefault("To", "").strip(),
        form.getOrDefault("From", "").strip(),
        form.getOrDefault("MessagingServiceSid", "").strip(),
        body.isEmpty() ? other : body,
        form.getOrDefault("ValidityPeriod", ""),
        form.getOrDefault("StatusCallback", ""),
        template,
        values.orElse(List.of()));
  }

  /** Empty when they cannot be read. */
  private static Optional<List<String>> values(String written) {
    try {
      return Optional.of(
          new JsonObject(written)
              .stream()
                  .sorted(Comparator.comparing(value -> number(value.getKey())))
                  .map(value -> String.valueOf(value.getValue()))
                  .toList());
    } catch (DecodeException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static int number(String name) {
    return Integer.parseInt(name);
  }

  // Its real words are known to the carrier alone: what fills them stands for them.
  private static String words(String template, Optional<List<String>> values) {
    var said = values.orElse(List.of());
    var shown = said.subList(0, said.size() - buttons(said).size());
    return shown.isEmpty() ? template : String.join("; ", shown) + (said.equals(shown) ? "" : "?");
  }

  /** What its buttons for yes and no carry, which are the last two values; or none. */
  List<String> buttons() {
    return buttons(values);
  }

  private static List<String> buttons(List<String> values) {
    var last = values.subList(Math.max(0, values.size() - 2), values.size());
    boolean carry = last.size() == 2 && last.stream().allMatch(v -> PAYLOAD.matcher(v).matches());
    return carry ? List.copyOf(last) : List.of();
  }

  boolean byWhatsapp() {
    return to.startsWith(WHATSAPP);
  }

  /** Free words, which go only to those who wrote lately. */
  boolean free() {
    return template.isEmpty();
  }

  boolean byService() {
    return !service.isEmpty();
  }

  /** Seconds that it may wait in the queue. */
  int validitySeconds() {
    return validity.isEmpty() ? VALIDITY_MAX_SECONDS : Integer.parseInt(validity);
  }

  /** The first thing that is wrong with it; opt-outs and full queues are not known here. */
  Optional<Refusal> refusal() {
    return receiver().or(this::sender).or(this::content);
  }

  private Optional<Refusal> receiver() {
    if (to.isEmpty()) {
      return Optional.of(refused(21604, "A 'To' phone number is required."));
    }
    if (!PHONE.matcher(to).matches()) {
      return Optional.of(refused(21211, "Invalid 'To' Phone Number: " + hidden(to)));
    }
    return Optional.ofNullable(MAGIC_RECEIVERS.get(to));
  }

  private Optional<Refusal> sender() {
    if (byService()) {
      return SERVICE.matcher(service).matches()
          ? Optional.empty()
          : Optional.of(refused(21701, "The Messaging Service does not exist"));
    }
    if (from.isEmpty()) {
      return Optional.of(refused(21603, "A 'From' phone number is required."));
    }
    boolean known =
        PHONE.matcher(from).matches()
            || NAME.matcher(from).matches()
            || SHORT_CODE.matcher(from).matches();
    return known
        ? Optional.ofNullable(MAGIC_SENDERS.get(from))
        : Optional.of(refused(21606, "The 'From' number is not SMS-capable for your account"));
  }

  private Optional<Refusal> content() {
    if (!byService() && to.startsWith(WHATSAPP) != from.startsWith(WHATSAPP)) {
      return Optional.of(refused(63007, "Could not find a Channel with the specified From"));
    }
    if (!template.isEmpty() && !TEMPLATE.matcher(template).matches()) {
      return Optional.of(refused(21655, "The ContentSid is invalid"));
    }
    if (!template.isEmpty() && values.isEmpty()) {
      return Optional.of(refused(21656, "The ContentVariables are invalid"));
    }
    if (body.isEmpty()) {
      return Optional.of(refused(21602, "Message body is required."));
    }
    if (body.length() > BODY_MAX) {
      return Optional.of(
          refused(21617, "The concatenated message body exceeds the 1600 character limit"));
    }
    if (!validity.isEmpty() && !validityInRange()) {
      return Optional.of(refused(90007, "ValidityPeriod must be from 1 to 36000 seconds"));
    }
    if (!callback.isEmpty() && !isWebAddress(callback)) {
      return Optional.of(refused(21609, "The StatusCallback URL is not a valid URL."));
    }
    return Optional.empty();
  }

  private boolean validityInRange() {
    try {
      int seconds = Integer.parseInt(validity);
      return seconds >= 1 && seconds <= VALIDITY_MAX_SECONDS;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  static boolean isWebAddress(String written) {
    try {
      var uri = new URI(written);
      return uri.getHost() != null && ("http".equals(uri.getScheme()) || https(uri));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean https(URI uri) {
    return "https".equals(uri.getScheme());
  }

  private static Refusal refused(int code, String message) {
    return new Refusal(400, code, message);
  }

  private static String hidden(String number) {
    return number.length() <= 4 ? "XXXX" : number.substring(0, number.length() - 4) + "XXXX";
  }
}
