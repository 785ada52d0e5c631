package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * A carrier tells how far a text got. Statuses come in any order and any number, before the answer
 * to the POST or long after: each is kept once, and a text only ever moves forward. Whom the
 * carrier blocks because they told it to stop, we stop texting too.
 */
public final class TakeStatus {

  private TakeStatus() {}

  /** The ids of texts that moved; publish {@code Fact.TextChanged} for them after the commit. */
  public static List<Long> run(SqlConnection tx, StatusArrived status, Instant now) {
    return runAll(tx, List.of(status), now);
  }

  public static List<Long> runAll(SqlConnection tx, List<StatusArrived> statuses, Instant now) {
    var moved = new ArrayList<Long>();
    var blocked = new ArrayList<Phone>();
    tx.preparedQuery(KEEP_AND_APPLY)
        .execute(columns(statuses).addValue(utc(now)))
        .await()
        .forEach(
            row -> {
              moved.add(row.getLong("id"));
              if (Consent.STOPPED.equals(row.getString("problem"))) {
                blocked.add(new Phone(row.getString("to_phone")));
              }
            });
    blocked.forEach(phone -> Consent.stop(tx, phone, Consent.How.CARRIER, now));
    return moved;
  }

  private static Tuple columns(List<StatusArrived> statuses) {
    return Tuple.tuple()
        .addValue(statuses.stream().map(StatusArrived::provider).toArray(String[]::new))
        .addValue(statuses.stream().map(StatusArrived::sid).toArray(String[]::new))
        .addValue(statuses.stream().map(StatusArrived::word).toArray(String[]::new))
        .addValue(statuses.stream().map(TakeStatus::state).toArray(String[]::new))
        .addValue(statuses.stream().map(StatusArrived::text).toArray(Long[]::new))
        .addValue(statuses.stream().map(StatusArrived::problem).toArray(String[]::new))
        .addValue(statuses.stream().map(TakeStatus::raw).toArray(String[]::new));
  }

  // Only the carrier's side of the list may be claimed by a carrier.
  private static String state(StatusArrived status) {
    return status
        .state()
        .filter(state -> state.compareTo(TextState.ACCEPTED) >= 0)
        .map(TextState::tag)
        .orElse(null);
  }

  private static String raw(StatusArrived status) {
    return new JsonObject(new HashMap<>(status.raw())).encode().replace("\\u0000", "\uFFFD");
  }

  private static final String KEEP_AND_APPLY =
      """
      WITH came AS (
        SELECT c.provider, c.sid, c.word, c.state::notify.text_state AS state, c.problem, c.raw,
               coalesce(c.text_id, (SELECT a.text_id FROM notify.attempt a
                                    WHERE a.sid = c.sid AND a.carrier = c.provider LIMIT 1))
                 AS text_id
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
          $7::text[]) AS c(provider, sid, word, state, text_id, problem, raw)),
      kept AS (
        INSERT INTO notify.status_seen (provider, sid, word, text_id, code, raw, arrived_at)
        SELECT provider, sid, word, text_id, problem, raw::jsonb, $8 FROM came
        ON CONFLICT (provider, sid, word) DO NOTHING),
      furthest AS (
        SELECT DISTINCT ON (text_id) text_id, state, sid, problem
        FROM came WHERE state IS NOT NULL
        ORDER BY text_id, state DESC)
      UPDATE notify.text t
      SET state = f.state, state_at = $8, sid = coalesce(t.sid, f.sid), problem = f.problem
      FROM furthest f
      WHERE t.id = f.text_id AND t.state < f.state
      RETURNING t.id, t.to_phone, t.problem\
      """;
}
