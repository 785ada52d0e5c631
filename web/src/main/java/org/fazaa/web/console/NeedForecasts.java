package org.fazaa.web.console;

import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.Optional;
import org.fazaa.dispatcher.callout.ForecastFigures;
import org.fazaa.dispatcher.callout.ForecastFigures.Kind;
import org.fazaa.dispatcher.callout.ForecastFigures.Said;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.web.Frame;
import org.fazaa.web.Word;

/**
 * What was said of a need: at the press of its last call-out, and last while that ran; and, once
 * its deadline has passed, what happened. Each in the reader's language.
 */
record NeedForecasts(Optional<String> press, Optional<String> live, String happened) {

  /** Empty for a need that was never called out. */
  static Optional<NeedForecasts> of(SqlClient conn, NeedId need, Frame frame) {
    var said = ForecastFigures.of(conn, need);
    var press = last(said, Kind.PRESS);
    var live =
        last(said, Kind.LIVE)
            .filter(one -> press.map(before -> one.at().isAfter(before.at())).orElse(true));
    return live.or(() -> press)
        .map(
            newest ->
                new NeedForecasts(
                    press.map(one -> says(one, frame)),
                    live.map(one -> says(one, frame)),
                    happened(press.orElse(newest), frame)));
  }

  private static Optional<Said> last(List<Said> said, Kind kind) {
    return said.stream().filter(one -> one.kind() == kind).reduce((first, second) -> second);
  }

  private static String says(Said said, Frame frame) {
    return frame.say(Word.FORECAST_SAID, frame.percent(said.chance()), frame.when(said.at()));
  }

  private static String happened(Said said, Frame frame) {
    if (said.leftOut().isPresent()) {
      return frame.say(CalibrationPage.why(said.leftOut().get().word()));
    }
    if (said.filledAt().isPresent()) {
      return frame.say(Word.FORECAST_FILLED, frame.when(said.filledAt().get()));
    }
    return said.held()
        .map(
            held -> frame.say(Word.FORECAST_FAILED, frame.when(said.fillBy()), held, said.people()))
        .orElseGet(() -> frame.say(Word.FORECAST_PENDING, frame.when(said.fillBy())));
  }
}
