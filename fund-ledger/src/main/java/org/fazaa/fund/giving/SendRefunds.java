package org.fazaa.fund.giving;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.fund.giving.provider.CardProvider;
import org.fazaa.fund.giving.provider.CardProvider.Answer;
import org.fazaa.fund.ledger.Money;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the provider what is to go back. Each is told under its own reference, so that telling it
 * again after an answer that never came gives back once.
 */
public final class SendRefunds implements Loop.Work {
  private static final Logger LOG = LoggerFactory.getLogger(SendRefunds.class);
  private static final int BATCH = 20;

  /** Longer than an answer takes: until then nobody else tells the same. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final Pool pool;
  private final Bus bus;
  private final CardProvider provider;

  public SendRefunds(Pool pool, Bus bus, CardProvider provider) {
    this.pool = pool;
    this.bus = bus;
    this.provider = provider;
  }

  @Override
  public String name() {
    return "send-refunds";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.RefundConfirmed.class);
  }

  @Override
  public boolean run(Instant now) {
    var leased = Database.inTransaction(pool, tx -> lease(tx, now));
    leased.forEach(refund -> send(refund, now));
    return leased.size() == BATCH;
  }

  private static List<Long> lease(SqlConnection tx, Instant now) {
    var fields = Tuple.of(BATCH, Database.utc(now.plus(LEASE)), Database.utc(now));
    return tx.preparedQuery(TAKE_UNSENT).execute(fields).await().stream()
        .map(row -> row.getLong(0))
        .toList();
  }

  private void send(long refund, Instant now) {
    var fields = Tuple.of(refund, provider.name());
    var row = pool.preparedQuery(FIND_RETURN).execute(fields).await().iterator().next();
    var currency = row.getString("currency");
    var back =
        new CardProvider.Return(
            row.getString("provider_id"),
            row.getUUID("reference").toString(),
            Money.of(row.getLong("minor"), currency),
            Money.of(row.getLong("before"), currency));
    switch (provider.refund(back)) {
      case Answer.Said<String>(var id) -> end(refund, Optional.of(id), Optional.empty(), now);
      case Answer.Refused<String>(var why) -> {
        LOG.error("the provider refused refund {}: {}", refund, why);
        end(refund, Optional.empty(), Optional.of(why), now);
      }
      case Answer.Unknown<String>(var why) ->
          LOG.warn("refund {} may not have arrived, told again later: {}", refund, why);
    }
    bus.publish(new Fact.DonationRecorded(row.getLong("fund")));
  }

  private void end(long refund, Optional<String> id, Optional<String> refused, Instant now) {
    var fields = Tuple.of(refund, id.orElse(null), refused.orElse(null), Database.utc(now));
    Database.inTransaction(pool, tx -> tx.preparedQuery(END).execute(fields).await());
  }

  private static final String TAKE_UNSENT = "SELECT fund.lease_refunds($1, $2, $3)";

  private static final String FIND_RETURN =
      """
      SELECT r.reference, r.minor, i.currency, i.fund, p.provider_id,
             (SELECT coalesce(sum(o.minor), 0)::bigint
              FROM fund.refund o JOIN fund.refund_sent s ON s.refund = o.id
              WHERE o.gift = r.gift) AS before
      FROM fund.refund r
      JOIN fund.card_intent i ON i.gift = r.gift
      JOIN fund.card_payment p ON p.gift = r.gift AND p.provider = $2
      WHERE r.id = $1\
      """;

  private static final String END = "SELECT fund.end_refund($1, $2, $3, $4)";
}
