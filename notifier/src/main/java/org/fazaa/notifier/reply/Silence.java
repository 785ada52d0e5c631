package org.fazaa.notifier.reply;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.fazaa.notifier.Phone;

/** Who has not been heard of since they were asked; any reply breaks it, whatever it says. */
public final class Silence {

  private Silence() {}

  /** Those of these phones from which something has come since, read or not. */
  public static Set<Phone> brokenBy(SqlConnection tx, Map<Phone, Instant> since) {
    var asked = since.entrySet().stream().toList();
    var columns =
        Tuple.tuple()
            .addArrayOfString(asked.stream().map(one -> one.getKey().e164()).toArray(String[]::new))
            .addArrayOfOffsetDateTime(
                asked.stream().map(one -> utc(one.getValue())).toArray(OffsetDateTime[]::new));
    var heard = new HashSet<Phone>();
    for (var row : tx.preparedQuery(FIND).execute(columns).await()) {
      heard.add(new Phone(row.getString("phone")));
    }
    return heard;
  }

  private static final String FIND =
      """
      SELECT s.phone FROM unnest($1::text[], $2::timestamptz[]) AS s(phone, since)
      WHERE EXISTS (
        SELECT FROM notify.reply r WHERE r.from_phone = s.phone AND r.arrived_at >= s.since)\
      """;
}
