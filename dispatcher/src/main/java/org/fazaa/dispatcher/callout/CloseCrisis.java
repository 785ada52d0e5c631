package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Staff;

/** A crisis ends, and with it every need that is still open. */
public final class CloseCrisis {

  public sealed interface Outcome extends News {
    record Closed(CrisisId crisis, List<CloseNeed.Outcome> needs) implements Outcome {
      @Override
      public List<Fact> facts() {
        var facts = new ArrayList<Fact>();
        needs.forEach(need -> facts.addAll(need.facts()));
        facts.add(new Fact.CrisisChanged(crisis.value()));
        return facts;
      }
    }

    record AlreadyClosed(Instant at) implements Outcome {}

    record NoSuchCrisis() implements Outcome {}
  }

  private CloseCrisis() {}

  public static Outcome run(SqlConnection tx, Staff by, CrisisId id, String why, Instant now) {
    var rows = tx.preparedQuery(LOCK).execute(Tuple.of(id.value())).await().iterator();
    if (!rows.hasNext()) return new Outcome.NoSuchCrisis();
    var closedAt = rows.next().getOffsetDateTime("closed_at");
    if (closedAt != null) return new Outcome.AlreadyClosed(closedAt.toInstant());
    var closure = Tuple.of(id.value(), by.account(), Database.utc(now), why);
    tx.preparedQuery(CLOSE).execute(closure).await();
    var needs = new ArrayList<CloseNeed.Outcome>();
    for (var row : tx.preparedQuery(OPEN_NEEDS).execute(Tuple.of(id.value())).await()) {
      needs.add(CloseNeed.run(tx, by, new NeedId(row.getLong("id")), why, now));
    }
    return new Outcome.Closed(id, needs);
  }

  private static final String LOCK =
      """
      SELECT x.closed_at
      FROM dispatch.crisis c LEFT JOIN dispatch.crisis_closure x ON x.crisis = c.id
      WHERE c.id = $1
      FOR UPDATE OF c
      """;

  private static final String CLOSE =
      """
      INSERT INTO dispatch.crisis_closure (crisis, closed_by, closed_at, why)
      VALUES ($1, $2, $3, $4)
      """;

  private static final String OPEN_NEEDS =
      "SELECT id FROM dispatch.need WHERE crisis = $1 AND state <> 'closed' ORDER BY id";
}
