package org.fazaa.dispatcher.people;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Collection;
import java.util.TreeMap;
import org.fazaa.config.Database;

/** What came of asking people, added to their history. */
public final class Contacts {

  public enum Event {
    /** A text left for them. */
    ASKED,
    YES,
    NO,
    /** Their offer ran out without an answer. */
    SILENT,
    /** Their yes got a place: a text they did not mind. */
    PLACED,
    /** Their yes came when all places were taken. */
    ALREADY_FILLED
  }

  /**
   * @param weight how much a no counts; 1 for all that is no no
   */
  public record Contact(VolunteerId volunteer, CallKind kind, Event event, double weight) {
    public Contact(VolunteerId volunteer, CallKind kind, Event event) {
      this(volunteer, kind, event, 1);
    }
  }

  private static final int FATIGUE = CallKind.values().length * 2;
  private static final int COLUMNS = FATIGUE + 1;

  private Contacts() {}

  public static void record(SqlConnection tx, Collection<Contact> contacts, Instant now) {
    if (contacts.isEmpty()) return;
    var sums = new TreeMap<VolunteerId, double[]>();
    var asked = new TreeMap<VolunteerId, Boolean>();
    for (var contact : contacts) {
      add(contact, sums.computeIfAbsent(contact.volunteer, id -> new double[COLUMNS]));
      asked.merge(contact.volunteer, contact.event == Event.ASKED, Boolean::logicalOr);
    }
    var ids = sums.keySet().stream().map(VolunteerId::value).toArray(Long[]::new);
    Database.later(tx.preparedQuery(LOCK).execute(Tuple.of(ids)));
    var values =
        Tuple.tuple()
            .addOffsetDateTime(utc(now))
            .addDouble((double) History.ANSWERS_HALVE_IN.toSeconds())
            .addDouble((double) History.FATIGUE_FADES_IN.toSeconds())
            .addArrayOfLong(ids)
            .addArrayOfBoolean(asked.values().toArray(Boolean[]::new));
    for (var i = 0; i < COLUMNS; i++) {
      var column = i;
      values.addArrayOfDouble(
          sums.values().stream().map(sum -> sum[column]).toArray(Double[]::new));
    }
    Database.later(tx.preparedQuery(ADD).execute(values));
  }

  private static void add(Contact contact, double[] sum) {
    var yes = contact.kind.ordinal() * 2;
    switch (contact.event) {
      case ASKED -> sum[FATIGUE]++;
      case YES -> sum[yes]++;
      case NO, SILENT -> sum[yes + 1] += contact.weight;
      case PLACED -> sum[FATIGUE]--;
      case ALREADY_FILLED -> sum[FATIGUE]++;
    }
  }

  // In the order of the ids, so that two of these wait for each other instead of deadlocking.
  private static final String LOCK =
      "SELECT id FROM dispatch.volunteer WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

  private static final String ADD =
      """
      UPDATE dispatch.volunteer v SET
        contact_at = GREATEST($1, v.contact_at),
        last_asked_at = CASE WHEN told.asked THEN $1 ELSE v.last_asked_at END,
        fatigue = GREATEST(0, v.fatigue * exp(-age / $3::float8) + told.fatigue),
        yes_life = v.yes_life * power(0.5, age / $2::float8) + told.yes_life,
        no_life = v.no_life * power(0.5, age / $2::float8) + told.no_life,
        yes_urgent = v.yes_urgent * power(0.5, age / $2::float8) + told.yes_urgent,
        no_urgent = v.no_urgent * power(0.5, age / $2::float8) + told.no_urgent,
        yes_planned = v.yes_planned * power(0.5, age / $2::float8) + told.yes_planned,
        no_planned = v.no_planned * power(0.5, age / $2::float8) + told.no_planned
      FROM UNNEST($4::bigint[], $5::boolean[], $6::float8[], $7::float8[], $8::float8[],
            $9::float8[], $10::float8[], $11::float8[], $12::float8[])
          AS told (id, asked, yes_life, no_life, yes_urgent, no_urgent, yes_planned, no_planned,
            fatigue)
        JOIN dispatch.volunteer known USING (id),
        LATERAL (
          SELECT GREATEST(0, extract(epoch FROM $1::timestamptz - known.contact_at))::float8
        ) AS since (age)
      WHERE v.id = told.id\
      """;
}
