package org.fazaa.fund.giving;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.fund.giving.provider.CardProvider;
import org.fazaa.fund.giving.provider.CardProvider.Answer;
import org.fazaa.fund.giving.provider.CardProvider.Seen;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the provider what has become of payments: of those that it has told something about, and of
 * those that it should have told something about. What it answers is booked, and nothing else.
 */
public final class FollowCards implements Loop.Work {
  private static final Logger LOG = LoggerFactory.getLogger(FollowCards.class);
  private static final int BATCH = 50;

  /** Longer than an answer takes: until then nobody else asks the same. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private static final Duration LAPSE_GRACE = Duration.ofHours(1);
  private static final Duration REST_MAX = Duration.ofHours(1);
  private static final int DOUBLINGS_MAX = 10;

  /** So often is asked about what the provider does not know. */
  private static final int REFUSED_MAX = 20;

  private record Due(String subject, int tries) {}

  private final Pool pool;
  private final Bus bus;
  private final CardProvider provider;

  public FollowCards(Pool pool, Bus bus, CardProvider provider) {
    this.pool = pool;
    this.bus = bus;
    this.provider = provider;
  }

  @Override
  public String name() {
    return "follow-cards";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.CardHeard.class);
  }

  @Override
  public Optional<Instant> nextDue() {
    var row = pool.preparedQuery(FIND_NEXT_DUE).execute().await().iterator().next();
    return Optional.ofNullable(row.getOffsetDateTime(0)).map(OffsetDateTime::toInstant);
  }

  @Override
  public boolean run(Instant now) {
    var changed = new HashSet<>(Database.inTransaction(pool, tx -> lapse(tx, now)));
    // As the database keeps it, so that the lease can be known again by its time.
    var lease = now.plus(LEASE).truncatedTo(ChronoUnit.MICROS);
    var due = Database.inTransaction(pool, tx -> lease(tx, lease, now));
    for (var one : due) {
      follow(one, lease, now, changed);
    }
    changed.forEach(fund -> bus.publish(new Fact.DonationRecorded(fund)));
    return due.size() == BATCH || !changed.isEmpty();
  }

  private List<Due> lease(SqlConnection tx, Instant lease, Instant now) {
    var fields = Tuple.of(provider.name(), BATCH, Database.utc(lease), Database.utc(now));
    return tx.preparedQuery(TAKE_DUE).execute(fields).await().stream()
        .map(row -> new Due(row.getString("subject"), row.getInteger("tries")))
        .toList();
  }

  private static Set<Long> lapse(SqlConnection tx, Instant now) {
    var fields = Tuple.of(BATCH, Database.utc(now.minus(LAPSE_GRACE)));
    var funds = new HashSet<Long>();
    tx.preparedQuery(LAPSE).execute(fields).await().forEach(row -> funds.add(row.getLong(0)));
    return funds;
  }

  private void follow(Due due, Instant lease, Instant now, Set<Long> changed) {
    switch (fetch(due)) {
      case Answer.Said<Seen>(var seen) -> {
        var fund = Database.inTransaction(pool, tx -> take(tx, due, seen, lease, now));
        fund.ifPresent(changed::add);
      }
      case Answer.Refused<Seen>(var why) -> {
        if (due.tries < REFUSED_MAX) {
          later(due, why, lease, now);
        } else {
          Database.inTransaction(pool, tx -> put(tx, due, lease, Optional.empty()));
        }
      }
      case Answer.Unknown<Seen>(var why) -> later(due, why, lease, now);
    }
  }

  // Whatever shape an answer has, one payment must not hold up the others.
  private Answer<Seen> fetch(Due due) {
    try {
      return provider.fetch(due.subject);
    } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
      return new Answer.Unknown<>("unreadable answer: " + e);
    }
  }

  private void later(Due due, String why, Instant lease, Instant now) {
    LOG.warn("payment {} cannot be followed: {}", due.subject, why);
    var next = Optional.of(now.plus(rest(due.tries)));
    Database.inTransaction(pool, tx -> put(tx, due, lease, next));
  }

  /** Books what is new, and names the fund that it changed. */
  private Optional<Long> take(SqlConnection tx, Due due, Seen seen, Instant lease, Instant now) {
    boolean did =
        switch (seen.state()) {
          case PAID -> takePaid(tx, seen, now);
          case OVER -> takeOver(tx, seen, now);
          case OPEN -> false;
        };
    var again =
        seen.state() == CardProvider.State.OPEN
            ? Optional.of(now.plus(rest(due.tries)))
            : Optional.<Instant>empty();
    put(tx, due, lease, again);
    return did ? fund(tx, seen) : Optional.empty();
  }

  private boolean takePaid(SqlConnection tx, Seen seen, Instant now) {
    var amount = seen.amount();
    var paid =
        Tuple.of(
            provider.name(),
            seen.id(),
            amount.currency().getCurrencyCode(),
            amount.minor(),
            seen.fee(),
            Database.utc(now));
    var said = text(tx, TAKE_PAYMENT, paid);
    boolean did = said.equals("received");
    if (said.equals("doubt")) {
      LOG.error("payment {} is {}, which is not what was asked for", seen.id(), amount);
    }
    for (var dispute : seen.disputes()) {
      var fields =
          Tuple.of(
              provider.name(),
              seen.id(),
              dispute.id(),
              dispute.amount().minor(),
              dispute.fee(),
              Database.utc(now));
      did |= text(tx, TAKE_CHARGEBACK, fields).equals("charged");
    }
    return did;
  }

  private boolean takeOver(SqlConnection tx, Seen seen, Instant now) {
    var fields = Tuple.of(provider.name(), seen.id(), Database.utc(now));
    return tx.preparedQuery(LAPSE_PAYMENT).execute(fields).await().iterator().next().getBoolean(0);
  }

  private static String text(SqlConnection tx, String sql, Tuple fields) {
    return tx.preparedQuery(sql).execute(fields).await().iterator().next().getString(0);
  }

  private boolean put(SqlConnection tx, Due due, Instant lease, Optional<Instant> next) {
    var at = next.map(Database::utc).orElse(null);
    var fields = Tuple.of(provider.name(), due.subject, Database.utc(lease), at);
    tx.preparedQuery(PUT_DUE).execute(fields).await();
    return true;
  }

  private Optional<Long> fund(SqlConnection tx, Seen seen) {
    var fields = Tuple.of(provider.name(), seen.id());
    return tx.preparedQuery(FIND_FUND).execute(fields).await().stream()
        .map(row -> row.getLong(0))
        .findFirst();
  }

  /** Half a minute at first, then twice as long each time. */
  private static Duration rest(int tries) {
    var rest = PayByCard.FIRST_LOOK.multipliedBy(1L << Math.min(tries, DOUBLINGS_MAX));
    return rest.compareTo(REST_MAX) < 0 ? rest : REST_MAX;
  }

  private static final String FIND_NEXT_DUE = "SELECT min(ask_at) FROM fund.card_due";

  private static final String TAKE_DUE =
      "SELECT subject, tries FROM fund.lease_card_due($1, $2, $3, $4)";

  private static final String PUT_DUE = "SELECT fund.put_card_due($1, $2, $3, $4)";

  private static final String LAPSE = "SELECT fund.lapse_cards($1, $2)";

  private static final String LAPSE_PAYMENT = "SELECT fund.lapse_card_payment($1, $2, $3)";

  private static final String TAKE_PAYMENT =
      "SELECT fund.take_card_payment($1, $2, $3, $4, $5, $6)";

  private static final String TAKE_CHARGEBACK =
      "SELECT fund.take_chargeback($1, $2, $3, $4, $5, $6)";

  private static final String FIND_FUND =
      """
      SELECT i.fund FROM fund.card_payment p JOIN fund.card_intent i ON i.gift = p.gift
      WHERE p.provider = $1 AND p.provider_id = $2\
      """;
}
