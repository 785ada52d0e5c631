package org.fazaa.web.console;

import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.fazaa.dispatcher.callout.Forecast;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.web.Frame;
import org.fazaa.web.Word;

/** The forecast line of each need, kept for a few seconds because many boards ask for the same. */
public final class Forecasts {
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final int MOST = 5_000;

  private record Line(Instant at, int filled, Optional<Forecast> forecast) {}

  private final ProposeEnvelope propose;
  private final ConcurrentHashMap<NeedId, Line> lines = new ConcurrentHashMap<>();

  public Forecasts(ProposeEnvelope propose) {
    this.propose = propose;
  }

  /** What the texts that are left will give, while a call-out runs. */
  Optional<String> says(SqlClient conn, Needs.View view, Frame frame) {
    var need = view.need();
    if (need.state() != Need.State.CALLING || need.isFull()) return Optional.empty();
    return line(conn, view, frame.now())
        .map(
            forecast ->
                frame.say(
                    Word.FORECAST_LEFT,
                    forecast.texts(),
                    frame.when(forecast.by()),
                    frame.percent(forecast.chance())));
  }

  private Optional<Forecast> line(SqlClient conn, Needs.View view, Instant now) {
    var id = view.need().id();
    var known = lines.get(id);
    var fresh =
        known != null && known.filled == view.need().filled() && known.at.plus(KEPT).isAfter(now);
    if (fresh) return known.forecast;
    if (lines.size() > MOST) lines.clear();
    var left = Math.max(0, view.maxTexts() - view.texts());
    var forecast = forecast(conn, id, left, now);
    lines.put(id, new Line(now, view.need().filled(), forecast));
    return forecast;
  }

  // Just after a start the roster is still being read; the board does without the line.
  private Optional<Forecast> forecast(SqlClient conn, NeedId id, int texts, Instant now) {
    try {
      return propose.forecast(conn, id, texts, now);
    } catch (Roster.NotLoaded stillReading) {
      return Optional.empty();
    }
  }
}
