package org.fazaa.notifier.reply;

import java.util.Map;
import org.fazaa.notifier.Phone;

/**
 * A reply as it came in.
 *
 * @param provider who brought it: {@code twilio}, {@code simulated}, {@code link}
 * @param providerId the provider's id of it, by which a repetition is known
 * @param raw everything that came with it
 */
public record Arrived(
    String provider,
    String providerId,
    Phone from,
    String to,
    String body,
    Map<String, String> raw) {

  /** The way the person answered, as pages show it. */
  String way() {
    return provider.equals("twilio") ? "sms" : provider;
  }
}
