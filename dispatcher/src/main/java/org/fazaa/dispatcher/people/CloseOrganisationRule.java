package org.fazaa.dispatcher.people;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;

/** An organisation's volunteers may be asked again. */
public final class CloseOrganisationRule {

  public sealed interface Outcome {
    record Closed(OrganisationRule rule) implements Outcome {}

    record AlreadyClosed(OrganisationRule rule) implements Outcome {}

    record NoSuchRule() implements Outcome {}
  }

  private CloseOrganisationRule() {}

  public static Outcome run(SqlConnection tx, long byAccount, long id, Instant now) {
    var closed = tx.preparedQuery(CLOSE).execute(Tuple.of(id, byAccount, utc(now))).await();
    var found = OrganisationRule.find(tx, id);
    if (found.isEmpty()) return new Outcome.NoSuchRule();
    return closed.rowCount() == 1
        ? new Outcome.Closed(found.get())
        : new Outcome.AlreadyClosed(found.get());
  }

  private static final String CLOSE =
      """
      UPDATE dispatch.organisation_rule SET closed_by = $2, closed_at = $3
      WHERE id = $1 AND closed_at IS NULL\
      """;
}
