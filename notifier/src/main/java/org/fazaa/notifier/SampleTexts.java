package org.fazaa.notifier;

import java.util.HashMap;
import java.util.Map;

/** Texts as somebody would get them, with values of usual length: to be judged before they go. */
public final class SampleTexts {
  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("people", "10"),
          Map.entry("party", "4"),
          Map.entry("time", "16:30"),
          Map.entry("place", "21.54290,39.17280"),
          Map.entry("code", "F7K2"),
          Map.entry("other_code", "M3P9"),
          Map.entry("code6", "482913"),
          Map.entry("emergency", "911"),
          Map.entry("amount", "500.00 SAR"),
          Map.entry("digits", "7519"),
          Map.entry("link", " https://fazaa.example/a/AAGqu4kBsG0t8cV1x2Yz3w"));

  private SampleTexts() {}

  /** With these values in place of the usual ones. */
  public static String render(String name, Language language, Map<String, String> instead) {
    return Texts.render(name, language, values(name, language, instead));
  }

  static Map<String, String> values(String name, Language language, Map<String, String> instead) {
    var values = new HashMap<>(SAME);
    values.putAll(words(language));
    values.putAll(instead);
    values.keySet().retainAll(Texts.placeholders(name, language));
    return values;
  }

  private static Map<String, String> words(Language language) {
    return switch (language) {
      case AR ->
          words(
              "تنظيف بعد السيل",
              "توزيع الطعام",
              "اليوم من 16:00 إلى 20:00",
              "حي النسيم، جدة",
              "جمعية البر",
              "صندوق السيول");
      case EN ->
          words(
              "Flood clean-up",
              "Food packing",
              "today 16:00 to 20:00",
              "Al-Naseem, Jeddah",
              "Al-Birr Society",
              "Flood fund");
      case UR ->
          words(
              "Flood clean-up",
              "Food packing",
              "آج 16:00 تا 20:00",
              "Al-Naseem, Jeddah",
              "Al-Birr Society",
              "Flood fund");
    };
  }

  private static Map<String, String> words(
      String title, String other, String when, String area, String payee, String fund) {
    return Map.of(
        "title", title,
        "filled", other,
        "other", other,
        "when", when,
        "area", area,
        "payee", payee,
        "fund", fund,
        "choices", "F7K2 " + title + "; M3P9 " + other);
  }
}
