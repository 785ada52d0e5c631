package org.fazaa.web.volunteer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.web.Choice;

/** The answer page before and after an answer, and a volunteer's own page. */
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
    var me =
        new MePage(
            "token",
            ar ? "سارة الغامدي" : "Sara Al-Ghamdi",
            "+966500000001",
            List.of(ar ? "تنظيف" : "Cleaning", ar ? "إسعاف أولي" : "First aid"),
            List.of(ar ? "العربية" : "Arabic"),
            ar ? "جدة" : "Jeddah",
            List.of(new MePage.Day(0, ar ? "الأحد" : "Sunday", "16-23")),
            List.of(
                new MePage.Day(0, ar ? "الأحد" : "Sunday", "16-23"),
                new MePage.Day(5, ar ? "الجمعة" : "Friday", "")),
            new MePage.Pause(
                Optional.of(ar ? "الجمعة 27 نوفمبر" : "Friday 27 November"),
                List.of(new Choice("7", ar ? "أسبوع" : "A week"))),
            now.minus(Duration.ofDays(300)),
            List.of(
                new MePage.Promise(
                    ar ? "تنظيف البيوت بعد السيل" : "House clean-up after the flood",
                    ar ? "حي النسيم" : "Al-Naseem",
                    now.plus(Duration.ofMinutes(75)),
                    now.plus(Duration.ofMinutes(315)),
                    true,
                    "/a/AAGqu4kBsG0t8cV1x2Yz3w")),
            List.of(
                new MePage.NotAsked(
                    ar ? "تمريض في مركز الإيواء" : "Nursing at the shelter",
                    ar ? "جدة" : "Jeddah",
                    now.plus(Duration.ofMinutes(75)),
                    now.plus(Duration.ofMinutes(315)),
                    List.of(
                        ar
                            ? "تلزم مهارة ليست في ملفك: تمريض."
                            : "It takes a skill that is not in your file: Nurse."))),
            true,
            Optional.empty(),
            "ar",
            List.of(
                new Choice("ar", ar ? "العربية" : "Arabic"),
                new Choice("en", ar ? "الإنجليزية" : "English")),
            Optional.of(ar ? "اكتب الرقم كاملًا." : "Write the whole number."));
    var wrong = new ProofPage.Flaw(ar ? "الرمز غير صحيح" : "This is not the code", "493027");
    return Map.of(
        "volunteer/reach",
        new ReachAnswerPage(false),
        "volunteer/reach#pressed",
        new ReachAnswerPage(true),
        "volunteer/me",
        me,
        "volunteer/proof",
        new ProofPage(false, Optional.empty()),
        "volunteer/proof#code",
        new ProofPage(true, Optional.of(wrong)),
        "volunteer/answer",
        new AnswerPage(
            Optional.of(offer), Optional.empty(), false, true, false, Optional.of("+15005550006")),
        "volunteer/answer#yes",
        new AnswerPage(
            Optional.of(offer), Optional.of(yours), true, false, true, Optional.empty()));
  }
}
