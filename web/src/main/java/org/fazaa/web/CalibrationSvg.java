package org.fazaa.web;

import java.util.Locale;
import org.fazaa.dispatcher.callout.Calibration;

/** How far forecasts may be believed, as a picture: on the line they come true as often as said. */
final class CalibrationSvg {
  private static final int SIDE = 400;
  private static final int MARGIN = 60;
  private static final double LARGEST = 10;

  private CalibrationSvg() {}

  static String of(Calibration calibration) {
    var svg = new StringBuilder(FRAME.formatted(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN));
    for (var tenth = 0; tenth <= 10; tenth += 2) {
      add(svg, TICKS, x(tenth / 10.0), y(0) + 18, tenth * 10, x(0) - 8, y(tenth / 10.0) + 4,
          tenth * 10);
    }
    add(svg, DIAGONAL, x(0), y(0), x(1), y(1), x(0), y(1), SIDE, SIDE);
    for (var bin : calibration.bins()) {
      if (bin.isEmpty()) continue;
      var radius = Math.max(2, LARGEST * Math.sqrt((double) bin.forecasts() / largest(calibration)));
      add(svg, POINT, x(bin.said()), y(bin.low()), x(bin.said()), y(bin.high()), x(bin.said()),
          y(bin.share()), radius, 100 * bin.said(), 100 * bin.share(), bin.forecasts());
    }
    var middle = x(0.5);
    add(svg, WORDS, middle, y(1) - 34, calibration.forecasts(), calibration.brier().orElse(0.0),
        calibration.expectedError().orElse(0.0), middle, y(0) + 44, y(0.5), y(0.5));
    return svg.append("</svg>\n").toString();
  }

  private static int largest(Calibration calibration) {
    return calibration.bins().stream().mapToInt(Calibration.Bin::forecasts).max().orElse(1);
  }

  private static double x(double share) {
    return MARGIN + SIDE * share;
  }

  private static double y(double share) {
    return MARGIN + SIDE * (1 - share);
  }

  private static void add(StringBuilder svg, String form, Object... values) {
    svg.append(String.format(Locale.ROOT, form, values));
  }

  private static final String FRAME =
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif"
        font-size="13">
      <rect width="100%%" height="100%%" fill="#fff"/>
      """;

  private static final String TICKS =
      """
      <text x="%.0f" y="%.0f" text-anchor="middle">%d</text>
      <text x="%.0f" y="%.0f" text-anchor="end">%d</text>
      """;

  private static final String DIAGONAL =
      """
      <line x1="%.0f" y1="%.0f" x2="%.0f" y2="%.0f" stroke="#888" stroke-dasharray="5 4"/>
      <rect x="%.0f" y="%.0f" width="%d" height="%d" fill="none" stroke="#444"/>
      """;

  private static final String POINT =
      """
      <line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#0b6e4f" stroke-width="2"/>
      <circle cx="%.1f" cy="%.1f" r="%.1f" fill="#0b6e4f">
      <title>%.1f %% → %.1f %% (%d)</title></circle>
      """;

  private static final String WORDS =
      """
      <text x="%.0f" y="%.0f" text-anchor="middle">%d forecasts · توقعات,\
       Brier %.3f, expected error · الخطأ %.3f</text>
      <text x="%.0f" y="%.0f" text-anchor="middle">said, %% · ما قيل</text>
      <text x="18" y="%.0f" text-anchor="middle" transform="rotate(-90 18 %.0f)">came true, %%\
       · ما تحقق</text>
      """;
}
