package org.fazaa.web.console;

import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.fazaa.dispatcher.callout.Envelope;
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
    if (need.isFull() || !frame.now().isBefore(need.fillBy())) return Optional.empty();
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
    var says = says(conn, need, now);
    lines.put(need.id(), new Line(now, need.filled(), says));
    return says;
  }

  private static Optional<Says> written(SqlClient conn, Need need, int texts, Instant now) {
    return ForecastFigures.lastLive(conn, need.id(), now.minus(FRESH))
        .filter(said -> said.open() == need.places() && said.texts() == texts)
        .filter(said -> said.fillBy().equals(need.fillBy()))
        .map(said -> new Says(said.texts(), said.chance(), said.fillBy()));
  }

  // Just after a start the roster is still being read; the board does without the line.
  private Optional<Says> says(SqlClient conn, Need need, Instant now) {
    try {
      if (need.state() == Need.State.OPEN) {
        return propose
            .run(conn, need.id(), Optional.empty(), Optional.empty(), now)
            .map(proposal -> says(proposal.forecast()));
      }
      var texts = textsLeft(conn, need);
      var written = written(conn, need, texts, now);
      if (written.isPresent()) return written;
      return propose.forecast(conn, need.id(), texts, now).map(Forecasts::says);
    } catch (Roster.NotLoaded stillReading) {
      return Optional.empty();
    }
  }

  private static Says says(Forecast forecast) {
    return new Says(forecast.texts(), forecast.chance(), forecast.by());
  }

  private static int textsLeft(SqlClient conn, Need need) {
    return need.envelope()
        .flatMap(id -> Envelope.find(conn, id))
        .map(envelope -> envelope.maxTexts() - envelope.texts())
        .orElse(0);
  }
}
