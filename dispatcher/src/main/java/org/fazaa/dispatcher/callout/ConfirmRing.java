package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Staff;

/** A second person confirms a large ring, and everybody in it is asked. */
public final class ConfirmRing {

  public sealed interface Outcome extends News {

    /** What came of asking, which may be a refusal. */
    record Confirmed(AskRing.Outcome ring) implements Outcome {
      @Override
      public List<Fact> facts() {
        return ring.facts();
      }
    }

    record NoSuchRing() implements Outcome {}

    record AlreadyAsked() implements Outcome {}

    /** Whoever asked for it cannot confirm it. */
    record SamePerson() implements Outcome {}

    record Expired() implements Outcome {}

    /** The need was edited, or called out anew, since this was asked for. */
    record ChangedMeanwhile() implements Outcome {}
  }

  /** A ring that waits for a second person. */
  public record Waiting(long id, double km, int people, long by, Instant expiresAt) {}

  private final AskRing askRing;
  private final Asking asking;

  public ConfirmRing(AskRing askRing, MakeOffers make) {
    this.askRing = askRing;
    this.asking = new Asking(make);
  }

  /** The last one of this need that may still be confirmed. */
  public static Optional<Waiting> waiting(SqlClient conn, NeedId need, Instant now) {
    var of = Tuple.of(need.value(), Database.utc(now));
    for (var row : conn.preparedQuery(WAITING).execute(of).await()) {
      return Optional.of(
          new Waiting(
              row.getLong("id"),
              row.getDouble("km"),
              row.getInteger("people"),
              row.getLong("asked_by"),
              row.getOffsetDateTime("expires_at").toInstant()));
    }
    return Optional.empty();
  }

  public Outcome run(SqlConnection tx, Staff second, long ring, Instant now) {
    var known = read(tx, FIND, ring);
    if (known.isEmpty()) return new Outcome.NoSuchRing();
    var need = Need.lock(tx, new NeedId(known.get().getLong("need"))).orElseThrow();
    var row = read(tx, FIND + "FOR UPDATE", ring).orElseThrow();
    if (row.getLong("decision") != null) return new Outcome.AlreadyAsked();
    if (row.getLong("asked_by") == second.account()) return new Outcome.SamePerson();
    if (!now.isBefore(row.getOffsetDateTime("expires_at").toInstant())) {
      return new Outcome.Expired();
    }
    var anew = !need.envelope().equals(Optional.of(row.getLong("envelope")));
    if (anew || need.version() != row.getInteger("need_version")) {
      return new Outcome.ChangedMeanwhile();
    }
    var envelope = Asking.envelope(tx, need);
    var refusal = asking.refusal(need, envelope, now);
    if (refusal.isPresent()) {
      return new Outcome.Confirmed(new AskRing.Outcome.Refused(refusal.get()));
    }
    var outcome =
        askRing.ask(
            tx,
            Staff.find(tx, row.getLong("asked_by")).orElse(second),
            need,
            envelope.orElseThrow(),
            row.getDouble("km"),
            row.getInteger("people"),
            now);
    if (outcome instanceof AskRing.Outcome.Asked asked) {
      var confirmed =
          Tuple.of(ring, second.account(), Database.utc(now)).addValue(asked.decision());
      tx.preparedQuery(CONFIRM).execute(confirmed).await();
    }
    return new Outcome.Confirmed(outcome);
  }

  private static Optional<Row> read(SqlConnection tx, String sql, long ring) {
    for (var row : tx.preparedQuery(sql).execute(Tuple.of(ring)).await()) return Optional.of(row);
    return Optional.empty();
  }

  private static final String FIND =
      """
      SELECT need, need_version, envelope, km, people, asked_by, expires_at, decision
      FROM dispatch.ring WHERE id = $1
      """;

  private static final String WAITING =
      """
      SELECT r.id, r.km, r.people, r.asked_by, r.expires_at
      FROM dispatch.ring r JOIN dispatch.need n ON n.id = r.need AND n.envelope = r.envelope
        AND n.version = r.need_version
      WHERE r.need = $1 AND r.decision IS NULL AND r.expires_at > $2
      ORDER BY r.id DESC LIMIT 1
      """;

  private static final String CONFIRM =
      "UPDATE dispatch.ring SET second_by = $2, second_at = $3, decision = $4 WHERE id = $1";
}
