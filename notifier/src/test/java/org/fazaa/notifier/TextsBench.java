package org.fazaa.notifier;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;

/** The processor time that reading all texts takes once, and filling in one each time. */
final class TextsBench {
  private static final int TIMES = 200_000;
  private static final int PASSES = 5;

  private TextsBench() {}

  public static void main(String[] arguments) {
    var start = now();
    var names = Texts.readAll();
    System.out.printf(
        Locale.ROOT,
        "read all %d texts in %d languages: %.0f ms%n",
        names.size(),
        Language.values().length,
        (now() - start) / 1e6);
    for (var language : Language.values()) {
      measure("offer", language, Map.of("people", "11"));
      measure("assigned", language, Map.of());
    }
  }

  private static long now() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void measure(String name, Language language, Map<String, String> instead) {
    var values = SampleTexts.values(name, language, instead);
    var best = Double.MAX_VALUE;
    var units = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      var start = now();
      for (int time = 0; time < TIMES; time++) {
        units = Texts.render(name, language, values).length();
      }
      best = Math.min(best, (now() - start) / 1e3 / TIMES);
    }
    System.out.printf(
        Locale.ROOT, "%s/%s: %.2f µs a text (%d units)%n", language.tag(), name, best, units);
  }
}
