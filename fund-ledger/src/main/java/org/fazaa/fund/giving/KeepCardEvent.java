package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.fazaa.config.Database;
import org.fazaa.fund.giving.provider.CardProvider;

/**
 * Keeps what a card provider tells, raw and once, before anybody understands it; whatever it is
 * about is then asked of the provider.
 */
public final class KeepCardEvent {
  private KeepCardEvent() {}

  /** False when it had come before. */
  public static boolean run(
      SqlConnection tx, String provider, CardProvider.Event event, Instant now) {
    var fields =
        Tuple.of(
            provider, event.id(), event.subject().orElse(null), event.body(), Database.utc(now));
    return tx.preparedQuery(KEEP).execute(fields).await().iterator().next().getBoolean(0);
  }

  private static final String KEEP = "SELECT fund.keep_psp_event($1, $2, $3, $4, $5)";
}
