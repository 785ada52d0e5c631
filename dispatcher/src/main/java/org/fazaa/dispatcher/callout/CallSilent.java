package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.reply.Silence;

/**
 * While lives are at risk and places are open, whoever has been silent for three minutes is called,
 * once: a text is easily slept through. Each call counts as one more text of the envelope.
 */
public final class CallSilent implements Loop.Work {
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final int NEEDS_PER_TURN = 20;
  private static final int CALLS_PER_NEED = 500;

  private final Pool pool;
  private final Bus bus;
  private final MakeOffers make;
  private final Optional<Integer> costOfCall;

  public CallSilent(Pool pool, Bus bus, MakeOffers make) {
    this.pool = pool;
    this.bus = bus;
    this.make = make;
    this.costOfCall = Optional.ofNullable(make.channel().ways().costs().get(Way.VOICE));
  }

  @Override
  public String name() {
    return "call the silent";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.NeedChanged.class);
  }

  @Override
  public Optional<Instant> nextDue() {
    if (costOfCall.isEmpty()) return Optional.empty();
    var row =
        pool.preparedQuery(NEXT).execute(Tuple.of(costOfCall.get())).await().iterator().next();
    return Optional.ofNullable(row.getOffsetDateTime("asked_at"))
        .map(OffsetDateTime::toInstant)
        .map(asked -> asked.plus(PATIENCE));
  }

  @Override
  public boolean run(Instant now) {
    if (costOfCall.isEmpty()) return false;
    var facts = new ArrayList<Fact>();
    var due = Tuple.of(costOfCall.get(), silentSince(now), Database.utc(now), NEEDS_PER_TURN);
    for (var row : pool.preparedQuery(FIND_DUE).execute(due).await()) {
      var need = row.getLong("need");
      facts.addAll(Database.inTransaction(pool, tx -> callFor(tx, need, now)));
    }
    facts.forEach(bus::publish);
    return !facts.isEmpty();
  }

  private List<Fact> callFor(SqlConnection tx, long id, Instant now) {
    for (var row : tx.preparedQuery(LOCK_NEED).execute(Tuple.of(id)).await()) {
      var need = Need.of(row);
      var envelope = Envelope.lock(tx, need.envelope().orElseThrow()).orElseThrow();
      return now.isBefore(envelope.expiresAt()) ? call(tx, need, envelope, now) : List.of();
    }
    return List.of();
  }

  private List<Fact> call(SqlConnection tx, Need need, Envelope envelope, Instant now) {
    var left = envelope.textsLeft();
    if (costOfCall.get() > 0) left = Math.min(left, envelope.costLeft() / costOfCall.get());
    var silent = new ArrayList<Offer>();
    var open = Tuple.of(need.id().value(), silentSince(now), Database.utc(now), CALLS_PER_NEED);
    for (var row : tx.preparedQuery(LOCK_SILENT).execute(open).await()) silent.add(Offer.of(row));
    if (silent.isEmpty()) return List.of();
    var people = Volunteers.list(tx, silent.stream().map(Offer::volunteer).toList());
    var since = silent.stream().collect(Collectors.toMap(Offer::phone, Offer::askedAt));
    var heard = Silence.brokenBy(tx, since);
    var calls = new ArrayList<Draft>();
    var called = new ArrayList<Long>();
    var looked = new ArrayList<Long>();
    for (var offer : silent) {
      var volunteer = people.get(offer.volunteer());
      var calledFor = !heard.contains(offer.phone()) && mayBeCalled(need, volunteer);
      if (calledFor && called.size() == left) continue; // until the envelope is raised
      looked.add(offer.id().value());
      if (!calledFor) continue;
      called.add(offer.id().value());
      calls.add(make.draft(offer, need, Optional.empty(), Way.VOICE, now));
    }
    tx.preparedQuery(LOOKED).execute(columns(looked, called, now)).await();
    if (calls.isEmpty()) return List.of();
    Outbox.addAll(tx, calls, now);
    var cost = calls.size() * costOfCall.get();
    Envelope.spend(tx, Map.of(envelope.id(), new Envelope.Spent(calls.size(), cost)));
    return List.of(
        new Fact.OutboxFilled(), new Fact.NeedChanged(need.crisis().value(), need.id().value()));
  }

  // Whoever was called in the first place is not called again.
  private boolean mayBeCalled(Need need, Volunteer volunteer) {
    return volunteer.active()
        && volunteer.takesTexts()
        && make.step(need, volunteer).way() != Way.VOICE
        && make.channel().ways().call(volunteer.reached()).isPresent();
  }

  private static OffsetDateTime silentSince(Instant now) {
    return Database.utc(now.minus(PATIENCE));
  }

  private static Tuple columns(List<Long> looked, List<Long> called, Instant now) {
    return Tuple.tuple()
        .addArrayOfLong(looked.toArray(Long[]::new))
        .addArrayOfLong(called.toArray(Long[]::new))
        .addOffsetDateTime(Database.utc(now));
  }

  // Offers that a call may still help, of needs whose envelope has room for one.
  private static final String SILENT =
      """
      FROM dispatch.offer o
      JOIN dispatch.need n ON n.id = o.need AND n.state = 'calling' AND n.filled < n.people
      JOIN dispatch.envelope e ON e.id = n.envelope
        AND e.texts < e.max_texts AND e.cost + $1 <= e.cost_cap
      WHERE o.life AND o.state = 'open' AND o.looked_at IS NULL
      """;

  private static final String NEXT = "SELECT min(o.asked_at) AS asked_at\n" + SILENT;

  private static final String FIND_DUE =
      "SELECT DISTINCT o.need\n"
          + SILENT
          + """
            AND o.asked_at <= $2 AND o.valid_until > $3 AND e.expires_at > $3
          ORDER BY o.need
          LIMIT $4
          """;

  private static final String LOCK_NEED =
      Need.SELECT
          + """
          WHERE n.id = $1 AND n.state = 'calling' AND n.filled < n.people
          FOR NO KEY UPDATE OF n
          """;

  private static final String LOCK_SILENT =
      Offer.SELECT
          + """
          WHERE o.need = $1 AND o.life AND o.state = 'open' AND o.looked_at IS NULL
            AND o.asked_at <= $2 AND o.valid_until > $3
          ORDER BY o.id
          LIMIT $4
          FOR UPDATE OF o SKIP LOCKED
          """;

  private static final String LOOKED =
      """
      UPDATE dispatch.offer SET looked_at = $3, called = id = ANY ($2::bigint[])
      WHERE id = ANY ($1::bigint[])
      """;
}
