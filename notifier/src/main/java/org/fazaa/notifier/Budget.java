package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What may be spent on texts for one cause, such as a crisis. A text that would exceed it waits,
 * and expires unsent unless somebody raises the cap.
 *
 * @param cap in the smallest unit of the money that texts are paid in
 * @param spent on texts that the carrier took or may have taken
 */
public record Budget(String name, long cap, long spent) {

  public sealed interface Outcome {
    record Changed() implements Outcome {}

    /** It cannot be less than what has been spent. */
    record BelowSpent(long spent) implements Outcome {}
  }

  /** Opens it with this cap unless it is open. */
  public static void open(SqlConnection tx, String name, long cap, Instant now) {
    tx.preparedQuery(OPEN).execute(Tuple.of(name, cap, utc(now))).await();
  }

  public static Optional<Budget> find(SqlClient connection, String name) {
    var rows = connection.preparedQuery(FIND).execute(Tuple.of(name)).await();
    if (rows.size() == 0) {
      return Optional.empty();
    }
    var row = rows.iterator().next();
    return Optional.of(new Budget(name, row.getLong("cap"), row.getLong("spent")));
  }

  /** Somebody sets the cap, and says why. Publish {@code Fact.OutboxFilled} afterwards. */
  public static Outcome change(
      SqlConnection tx, String name, long cap, long byAccount, String why, Instant now) {
    open(tx, name, cap, now);
    var budget = lock(tx, List.of(name)).get(name);
    if (cap < budget.spent) {
      return new Outcome.BelowSpent(budget.spent);
    }
    tx.preparedQuery(CHANGE).execute(Tuple.of(name, cap, byAccount, why, utc(now))).await();
    tx.preparedQuery(WAKE).execute(Tuple.of(name, utc(now))).await();
    return new Outcome.Changed();
  }

  long left() {
    return cap - spent;
  }

  /** Locked in the order of their names until the transaction ends. */
  static Map<String, Budget> lock(SqlConnection tx, Collection<String> names) {
    var budgets = new HashMap<String, Budget>();
    if (names.isEmpty()) {
      return budgets;
    }
    tx.preparedQuery(LOCK)
        .execute(Tuple.of((Object) names.toArray(String[]::new)))
        .await()
        .forEach(
            row ->
                budgets.put(
                    row.getString("name"),
                    new Budget(row.getString("name"), row.getLong("cap"), row.getLong("spent"))));
    return budgets;
  }

  /** Adds to what was spent, or takes from it what the carrier certainly did not take. */
  static void spend(SqlConnection tx, Map<String, Long> amounts) {
    if (amounts.isEmpty()) {
      return;
    }
    var names = amounts.keySet().stream().sorted().toArray(String[]::new);
    var values = new Long[names.length];
    for (int i = 0; i < names.length; i++) {
      values[i] = amounts.get(names[i]);
    }
    tx.preparedQuery(SPEND).execute(Tuple.tuple().addValue(names).addValue(values)).await();
  }

  private static final String OPEN =
      """
      INSERT INTO notify.budget (name, cap, opened_at) VALUES ($1, $2, $3)
      ON CONFLICT DO NOTHING\
      """;

  private static final String FIND = "SELECT cap, spent FROM notify.budget WHERE name = $1";

  private static final String LOCK =
      """
      SELECT name, cap, spent FROM notify.budget
      WHERE name = ANY ($1::text[])
      ORDER BY name
      FOR UPDATE\
      """;

  private static final String CHANGE =
      """
      WITH changed AS (
        INSERT INTO notify.budget_change (name, cap, changed_by, why, changed_at)
        VALUES ($1, $2, $3, $4, $5))
      UPDATE notify.budget SET cap = $2 WHERE name = $1\
      """;

  private static final String WAKE =
      """
      UPDATE notify.text SET due_at = $2
      WHERE state = 'queued' AND budget = $1 AND problem = 'cost cap'\
      """;

  private static final String SPEND =
      """
      UPDATE notify.budget b SET spent = b.spent + a.amount
      FROM unnest($1::text[], $2::bigint[]) AS a(name, amount)
      WHERE b.name = a.name\
      """;
}
