package org.fazaa.web;

import java.util.Locale;
import org.fazaa.dispatcher.callout.Calibration;
import org.fazaa.dispatcher.callout.Calibration.Bin;

/**
 * The reliability curve as a picture that needs no script and no style sheet, for a page and for a
 * file alike: what was said along the bottom, what came true up the side, and the line on which
 * both are the same.
 */
public final class DrawCalibration {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 400;
  private static final double LEFT = 62;
  private static final double TOP = 12;
  private static final double SIDE = 300;
  private static final double BARS = 36;
  private static final double SMALLEST = 3.5;
  private static final double LARGEST = 9;

  private final Calibration calibration;
  private final int most;
  private final StringBuilder svg = new StringBuilder();

  private DrawCalibration(Calibration calibration) {
    this.calibration = calibration;
    this.most = calibration.bins().stream().mapToInt(Bin::forecasts).max().orElse(0);
  }

  /** An SVG element with its name space, so that it is a whole file too. */
  public static String svg(Calibration calibration, Wording words) {
    var drawing = new DrawCalibration(calibration);
    drawing.add(HEAD, WIDTH, HEIGHT, words.of(Word.CURVE_LABEL, calibration.forecasts()));
    drawing.frame(words);
    drawing.line();
    calibration.bins().stream().filter(bin -> !bin.isEmpty()).forEach(drawing::bin);
    return drawing.svg.append("</svg>\n").toString();
  }

  private void frame(Wording words) {
    for (var tenth = 0; tenth <= 10; tenth += 2) {
      var share = tenth / 10.0;
      add(GRID, LEFT, y(share), LEFT + SIDE, y(share));
      add(GRID, x(share), TOP, x(share), TOP + SIDE);
      add(TICK, LEFT - 6, y(share) + 4, "end", tenth * 10 + "%");
      add(TICK, x(share), TOP + SIDE + BARS + 18, "middle", tenth * 10 + "%");
    }
    add(DIAGONAL, x(0), y(0), x(1), y(1));
    add(AXIS, LEFT + SIDE / 2, HEIGHT - 8.0, "", words.of(Word.CURVE_SAID));
    var middle = TOP + SIDE / 2;
    var turned = text(" transform=\"rotate(-90 16 %.1f)\"", middle);
    add(AXIS, 16.0, middle, turned, words.of(Word.CURVE_CAME_TRUE));
  }

  private void line() {
    var points = new StringBuilder();
    for (var bin : calibration.bins()) {
      if (!bin.isEmpty()) points.append(text("%.1f,%.1f ", x(bin.said()), y(bin.share())));
    }
    add(LINE, points.toString().strip());
  }

  // The dot is as large as the bin is full; the whisker is where the true share may lie.
  private void bin(Bin bin) {
    var x = x(bin.said());
    var part = (double) bin.forecasts() / most;
    add(WHISKER, x, y(bin.high()), x, y(bin.low()));
    add(DOT, x, y(bin.share()), SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(part));
    var height = Math.max(1.5, part * (BARS - 6));
    var width = SIDE * (bin.to() - bin.from()) - 4;
    add(BAR, x(bin.from()) + 2, TOP + SIDE + 3, width, height);
  }

  private static double x(double share) {
    return LEFT + SIDE * share;
  }

  private static double y(double share) {
    return TOP + SIDE * (1 - share);
  }

  private void add(String pattern, Object... values) {
    svg.append(text(pattern, values)).append('\n');
  }

  private static String text(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private static final String HEAD =
      "<svg class=\"curve\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
          + " direction=\"ltr\" font-family=\"Plex, Noto Sans Arabic, sans-serif\""
          + " font-size=\"12\" aria-label=\"%s\">\n"
          + "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>";

  private static final String GRID =
      "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#e3e9e6\" fill=\"none\"/>";

  private static final String DIAGONAL =
      "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#8a9a92\" stroke-dasharray=\"5 4\""
          + " fill=\"none\"/>";

  private static final String TICK =
      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#56655f\">%s</text>";

  private static final String AXIS =
      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" fill=\"#17231f\"%s>%s</text>";

  private static final String LINE =
      "<polyline points=\"%s\" stroke=\"#0b7a55\" stroke-width=\"2\" fill=\"none\"/>";

  private static final String WHISKER =
      "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#0b7a55\" stroke-opacity=\".55\" fill=\"none\"/>";

  private static final String DOT =
      "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#0b7a55\" stroke=\"#fff\"/>";

  private static final String BAR =
      "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#b9cfc5\"/>";
}
