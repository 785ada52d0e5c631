package org.fazaa.notifier.reply;

import java.util.List;
import java.util.Map;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.Attachments.Attached;

/**
 * A reply as it came in.
 *
 * @param provider who brought it: {@code twilio}, {@code simulated}, {@code link}
 * @param providerId the provider's id of it, by which a repetition is known
 * @param raw everything that came with it
 * @param attached photos, voice notes and pins among that
 */
public record Arrived(
    String provider,
    String providerId,
    Phone from,
    String to,
    String body,
    Map<String, String> raw,
    List<Attached> attached) {

  /** Words alone. */
  public Arrived(
      String provider,
      String providerId,
      Phone from,
      String to,
      String body,
      Map<String, String> raw) {
    this(provider, providerId, from, to, body, raw, List.of());
  }

  /** The way the person answered, as pages show it. */
  String way() {
    return provider.equals("twilio") ? "sms" : provider;
  }
}
