package org.fazaa.fund.giving;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.fund.ledger.FundId;

/**
 * Makes money that has come free to spend once it is due. Gifts touch no balance on their way in;
 * here many of them become one entry for each fund.
 */
public final class SettleGifts implements Loop.Work {
  private static final int BATCH = 1_000;

  private final Pool pool;
  private final Bus bus;

  public SettleGifts(Pool pool, Bus bus) {
    this.pool = pool;
    this.bus = bus;
  }

  @Override
  public String name() {
    return "settle-gifts";
  }

  @Override
  public boolean run(Instant now) {
    var funds = Database.inTransaction(pool, tx -> settle(tx, now));
    funds.forEach(fund -> bus.publish(new Fact.DonationRecorded(fund.value())));
    return !funds.isEmpty();
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

  /** Settles what is due, a batch at most, and names the funds that have more to spend now. */
  public static List<FundId> settle(SqlConnection tx, Instant now) {
    var fields = Tuple.of(BATCH, Database.utc(now));
    return tx.preparedQuery(SETTLE).execute(fields).await().stream()
        .map(row -> new FundId(row.getLong(0)))
        .toList();
  }

  private static final String SETTLE = "SELECT fund.settle_gifts($1, $2)";

  private static final String FIND_NEXT_DUE = "SELECT min(due_at) FROM fund.unsettled";
}
