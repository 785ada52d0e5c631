package org.fazaa.web.console;

import gg.jte.Content;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.dispatcher.callout.Calibration;
import org.fazaa.dispatcher.callout.ForecastFigures;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.web.DrawCalibration;
import org.fazaa.web.Frame;
import org.fazaa.web.Word;
import org.fazaa.web.Wording;

/**
 * How far the forecasts of a time may be believed.
 *
 * @param cut whether there were more than are counted
 */
record CalibrationPage(
    int days,
    boolean simulated,
    List<Side> sides,
    List<LeftOut> leftOut,
    int waiting,
    boolean cut) {

  static final List<Integer> DAYS = List.of(1, 7, 30, 365);

  static CalibrationPage of(int days, boolean simulated, ForecastFigures figures, Wording words) {
    var leftOut =
        figures.leftOut().entrySet().stream()
            .map(one -> new LeftOut(why(one.getKey().word()), one.getValue()))
            .toList();
    return new CalibrationPage(
        days,
        simulated,
        List.of(
            Side.of(Word.CALIBRATION_PRESS, "press", figures.press(), words),
            Side.of(Word.CALIBRATION_LIVE, "live", figures.live(), words)),
        leftOut,
        figures.waiting(),
        figures.cut());
  }

  /** One kind of forecast: its curve, its bins and its classes. */
  record Side(Word title, String id, Calibration all, Content curve, List<Row> classes) {
    /** From so many on they are worth a judgement. */
    private static final int ENOUGH = 30;

    private static Side of(Word title, String id, ForecastFigures.Side side, Wording words) {
      var svg = DrawCalibration.svg(side.all(), words);
      var classes =
          side.classes().entrySet().stream()
              .filter(one -> one.getValue().forecasts() > 0)
              .map(one -> new Row(one.getKey(), one.getValue()))
              .toList();
      return new Side(title, id, side.all(), out -> out.writeContent(svg), classes);
    }

    boolean isFew() {
      return all.forecasts() < ENOUGH;
    }

    /** The sentences about it, in the reader's language. */
    List<String> says(Frame frame) {
      var ninety = all.aboutNinety();
      var first =
          ninety.isEmpty()
              ? Optional.<String>empty()
              : Optional.of(
                  frame.say(
                      Word.CALIBRATION_NINETY,
                      ninety.forecasts(),
                      ninety.cameTrue(),
                      frame.percent(ninety.share())));
      var brier = all.brier().map(score -> frame.say(Word.CALIBRATION_BRIER, exact(score)));
      var error = all.expectedError().map(off -> frame.say(Word.CALIBRATION_ERROR, points(off)));
      var base = frame.percent(all.baseRate());
      var skill =
          all.skill()
              .map(
                  saved ->
                      saved >= 0
                          ? frame.say(Word.CALIBRATION_SKILL, base, frame.percent(saved))
                          : frame.say(Word.CALIBRATION_NO_SKILL, base, frame.percent(-saved)));
      return List.of(first, error, brier, skill).stream().flatMap(Optional::stream).toList();
    }
  }

  /** One class of needs. */
  record Row(Priority priority, Calibration calibration) {
    String brier() {
      return calibration.brier().map(CalibrationPage::exact).orElse("—");
    }

    String error() {
      return calibration.expectedError().map(CalibrationPage::points).orElse("—");
    }
  }

  record LeftOut(Word why, int forecasts) {}

  static Word why(String word) {
    return Word.valueOf("FORECAST_" + word.toUpperCase(Locale.ROOT));
  }

  private static String exact(double score) {
    return String.format(Locale.ROOT, "%.3f", score);
  }

  private static String points(double share) {
    return String.format(Locale.ROOT, "%.1f%%", share * 100);
  }
}
