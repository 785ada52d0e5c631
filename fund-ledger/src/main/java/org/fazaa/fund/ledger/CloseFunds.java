package org.fazaa.fund.ledger;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;

/**
 * Closes funds whose last day of gifts is over, and notes which have reached their target. A gift
 * that comes before the turn does is refused by the database by the time at which it was given.
 */
public final class CloseFunds implements Loop.Work {
  private final Pool pool;
  private final Bus bus;

  public CloseFunds(Pool pool, Bus bus) {
    this.pool = pool;
    this.bus = bus;
  }

  @Override
  public String name() {
    return "close-funds";
  }

  @Override
  public boolean run(Instant now) {
    var changed = new LinkedHashSet<FundId>();
    changed.addAll(Database.inTransaction(pool, tx -> closeDue(tx, now)));
    changed.addAll(Database.inTransaction(pool, tx -> noteTargets(tx, now)));
    changed.forEach(fund -> bus.publish(new Fact.DonationRecorded(fund.value())));
    return !changed.isEmpty();
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.DonationRecorded.class);
  }

  @Override
  public Optional<Instant> nextDue() {
    var row = pool.preparedQuery(FIND_NEXT_DUE).execute().await().iterator().next();
    return Optional.ofNullable(row.getOffsetDateTime(0)).map(OffsetDateTime::toInstant);
  }

  /** Closes what is due, as of the end of its last day. */
  public static List<FundId> closeDue(SqlConnection tx, Instant now) {
    return funds(tx, CLOSE_DUE, now);
  }

  /** Notes funds that have received what they wanted, and closes those that said so. */
  public static List<FundId> noteTargets(SqlConnection tx, Instant now) {
    return funds(tx, NOTE_TARGETS, now);
  }

  private static List<FundId> funds(SqlConnection tx, String query, Instant now) {
    var funds = new ArrayList<FundId>();
    for (var row : tx.preparedQuery(query).execute(Tuple.of(Database.utc(now))).await()) {
      funds.add(new FundId(row.getLong(0)));
    }
    return funds;
  }

  private static final String CLOSE_DUE = "SELECT fund.close_due($1)";

  private static final String NOTE_TARGETS = "SELECT fund.note_targets($1)";

  private static final String FIND_NEXT_DUE = "SELECT min(at) FROM fund.closing_due";
}
