package org.fazaa.web.volunteer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answer page before and after an answer. */
public final class VolunteerSamples {
  private VolunteerSamples() {}

  public static Map<String, Object> all(boolean ar, Instant now) {
    var offer =
        new AnswerPage.Offer(
            ar ? "سارة" : "Sara",
            ar ? "تنظيف البيوت بعد السيل" : "House clean-up after the flood",
            ar ? "حي النسيم" : "Al-Naseem",
            now.plus(Duration.ofMinutes(75)),
            now.plus(Duration.ofMinutes(315)),
            List.of(ar ? "تنظيف" : "Cleaning"),
            "F7K2",
            Optional.empty());
    var yours =
        new AnswerPage.Result(
            "yes",
            ar ? "المكان لك" : "The place is yours",
            ar ? "شكرًا لك. الموقع الدقيق أدناه." : "Thank you. Exact place below.");
    return Map.of(
        "volunteer/answer",
        new AnswerPage(
            Optional.of(offer), Optional.empty(), false, true, false, Optional.of("+15005550006")),
        "volunteer/answer#yes",
        new AnswerPage(
            Optional.of(offer), Optional.of(yours), true, false, true, Optional.empty()));
  }
}
