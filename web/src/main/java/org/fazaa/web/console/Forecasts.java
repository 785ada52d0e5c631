package org.fazaa.web.console;

import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.fazaa.dispatcher.callout.Forecast;
import org.fazaa.dispatcher.callout.ForecastFigures;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.web.Frame;
import org.fazaa.web.Word;

/**
 * The forecast line of each need: as it was last written down while the call-out ran, or else
 * thought out and kept for a few seconds, because many boards ask for the same.
 */
public final class Forecasts {
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final int MOST = 5_000;

  /** For so long what was written down is as good as new, while nobody was asked or answered. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  private record Line(Instant at, int filled, Optional<Says> says) {}

  private record Says(int texts, double chance, Instant by) {}

  private final ProposeEnvelope propose;
  private final ConcurrentHashMap<NeedId, Line> lines = new ConcurrentHashMap<>();

  public Forecasts(ProposeEnvelope propose) {
    this.propose = propose;
  }

  /** What the texts that are left will give, or what a call-out would if it were begun. */
  Optional<String> says(SqlClient conn, Needs.View view, Frame frame) {
    var need = view.need();
    if (need.isFull()) return Optional.empty();
    return switch (need.state()) {
      case CALLING ->
          line(conn, view, frame.now()).map(one -> says(Word.FORECAST_LEFT, one, frame));
      case OPEN -> line(conn, view, frame.now()).map(one -> says(Word.FORECAST_IF, one, frame));
      case PAUSED, CLOSED -> Optional.empty();
    };
  }

  private static String says(Word word, Says says, Frame frame) {
    return frame.say(word, says.texts, frame.when(says.by), frame.percent(says.chance));
  }

  private Optional<Says> line(SqlClient conn, Needs.View view, Instant now) {
    var need = view.need();
    var known = lines.get(need.id());
    var fresh = known != null && known.filled == need.filled() && known.at.plus(KEPT).isAfter(now);
    if (fresh) return known.says;
    if (lines.size() > MOST) lines.clear();
    var says =
        written(conn, view, now)
            .or(
                () ->
                    forecast(conn, view, now)
                        .map(one -> new Says(one.texts(), one.chance(), one.by())));
    lines.put(need.id(), new Line(now, need.filled(), says));
    return says;
  }

  private static Optional<Says> written(SqlClient conn, Needs.View view, Instant now) {
    var need = view.need();
    if (need.state() != Need.State.CALLING) return Optional.empty();
    var latest = ForecastFigures.latest(conn, List.of(need.id()), now.minus(FRESH));
    return Optional.ofNullable(latest.get(need.id()))
        .filter(said -> said.open() == need.places() && said.texts() == textsLeft(view))
        .filter(said -> said.fillBy().equals(need.fillBy()))
        .map(said -> new Says(said.texts(), said.chance(), said.fillBy()));
  }

  private static int textsLeft(Needs.View view) {
    return Math.max(0, view.maxTexts() - view.texts());
  }

  // Just after a start the roster is still being read; the board does without the line.
  private Optional<Forecast> forecast(SqlClient conn, Needs.View view, Instant now) {
    var id = view.need().id();
    try {
      if (view.need().state() == Need.State.OPEN) {
        return propose
            .run(conn, id, Optional.empty(), Optional.empty(), now)
            .map(ProposeEnvelope.Proposal::forecast);
      }
      return propose.forecast(conn, id, textsLeft(view), now);
    } catch (Roster.NotLoaded stillReading) {
      return Optional.empty();
    }
  }
}
