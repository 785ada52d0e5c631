package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.roster.Roster;

/**
 * Keeps what would help a need as it was when the policy first could not see it filling: boards
 * show it, and later it can be held against what happened.
 */
public final class RecordHelp implements Loop.Work {
  private static final int NEEDS_PER_TURN = 20;

  private final Pool pool;
  private final Bus bus;
  private final Roster roster;
  private final ProposeHelp propose;

  public RecordHelp(Pool pool, Bus bus, Roster roster, ProposeHelp propose) {
    this.pool = pool;
    this.bus = bus;
    this.roster = roster;
    this.propose = propose;
  }

  @Override
  public String name() {
    return "record help";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.NeedChanged.class);
  }

  @Override
  public boolean run(Instant now) {
    if (!roster.isLoaded()) return false;
    var news = new ArrayList<Fact>();
    for (var row : pool.preparedQuery(FIND).execute(Tuple.of(NEEDS_PER_TURN)).await()) {
      var id = new NeedId(row.getLong("id"));
      var raised = row.getOffsetDateTime("needs_human_at");
      var help = propose.run(pool, id, now).orElseThrow();
      var says = help.says();
      var kept =
          Tuple.of(id.value(), raised, Database.utc(now), help.chance())
              .addValue(help.json())
              .addValue(says.ar())
              .addValue(says.en());
      // Another node may have been faster.
      if (pool.preparedQuery(INSERT).execute(kept).await().rowCount() == 0) continue;
      news.add(new Fact.NeedChanged(row.getLong("crisis"), id.value()));
    }
    news.forEach(bus::publish);
    return !news.isEmpty();
  }

  private static final String FIND =
      """
      SELECT n.id, n.crisis, n.needs_human_at FROM dispatch.need n
      WHERE n.needs_human_at IS NOT NULL AND n.state <> 'closed'
        AND NOT EXISTS (
          SELECT FROM dispatch.help h WHERE h.need = n.id AND h.raised_at = n.needs_human_at)
      ORDER BY n.id
      LIMIT $1
      """;

  private static final String INSERT =
      """
      INSERT INTO dispatch.help (need, raised_at, said_at, chance, ways, says_ar, says_en)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT DO NOTHING
      """;
}
