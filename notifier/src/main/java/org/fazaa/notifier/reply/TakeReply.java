package org.fazaa.notifier.reply;

import static org.fazaa.config.Database.utc;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Phone;

/**
 * A reply arrives: it is kept, raw and once, and a sure STOP takes effect with it. Everything else
 * happens later in {@link ReadReplies}, so the provider has its answer at once.
 */
public final class TakeReply {

  /** Longer than any SMS; the rest is cut off. */
  public static final int BODY_MAX = 4_000;

  private static final int REPLACEMENT = 0xFFFD;

  /** What a carrier takes as an opt-out by itself, and we do too; and what it takes as its end. */
  private static final Set<String> STOPS =
      Set.of("STOP", "STOPALL", "UNSUBSCRIBE", "QUIT", "REVOKE", "OPTOUT");

  private static final Set<String> STARTS = Set.of("START", "UNSTOP", "YES");

  public sealed interface Outcome {
    long reply();

    record Kept(long reply) implements Outcome {}

    record Repeated(long reply) implements Outcome {}
  }

  private TakeReply() {}

  /** Publish {@code Fact.ReplyKept} after the commit. */
  public static Outcome run(SqlConnection tx, Arrived arrived, Instant now) {
    return runAll(tx, List.of(arrived), now).getFirst();
  }

  public static List<Outcome> runAll(SqlConnection tx, List<Arrived> arrived, Instant now) {
    var columns = columns(arrived).addValue(utc(now));
    var kept = ids(tx, KEEP, columns);
    var known = kept.size() == arrived.size() ? kept : ids(tx, FIND_KEPT, keys(arrived));
    var outcomes = new ArrayList<Outcome>();
    for (var one : arrived) {
      var key = new Key(one.provider(), one.providerId());
      var id = kept.remove(key);
      if (id == null) {
        outcomes.add(new Outcome.Repeated(known.get(key)));
      } else {
        applyConsent(tx, one, id, now);
        Attachments.keep(tx, id, one.attached(), now);
        outcomes.add(new Outcome.Kept(id));
      }
    }
    return outcomes;
  }

  private record Key(String provider, String id) {}

  // The carrier has words of its own (CANCEL is one): what it blocks, we do not send, and only what
  // it lets through again can be started again.
  private static void applyConsent(SqlConnection tx, Arrived arrived, long reply, Instant now) {
    var optOut = optOut(arrived);
    if (optOut.equals("START")) {
      Consent.unblock(tx, arrived.from(), storable(arrived.to()));
    }
    var read = Meaning.read(arrived.body());
    if (read.isSure()) {
      switch (read.meaning()) {
        case STOP -> Consent.stop(tx, arrived.from(), Consent.How.REPLY, reply, now);
        case START -> Consent.start(tx, arrived.from(), Consent.How.REPLY, reply, now);
        default -> {}
      }
    }
    if (optOut.equals("STOP")) {
      Consent.block(tx, arrived.from(), storable(arrived.to()), now);
    }
  }

  // Where the carrier does not say what it made of a word, its own words are known.
  private static String optOut(Arrived arrived) {
    var said = arrived.raw().get("OptOutType");
    if (said != null || !arrived.way().equals("sms")) {
      return said == null ? "" : said;
    }
    var word = arrived.body().strip().toUpperCase(Locale.ROOT);
    return STOPS.contains(word) ? "STOP" : STARTS.contains(word) ? "START" : "";
  }

  private static Map<Key, Long> ids(SqlConnection tx, String sql, Tuple columns) {
    var ids = new HashMap<Key, Long>();
    tx.preparedQuery(sql)
        .execute(columns)
        .await()
        .forEach(
            row ->
                ids.put(
                    new Key(row.getString("provider"), row.getString("provider_id")),
                    row.getLong("id")));
    return ids;
  }

  private static Tuple keys(List<Arrived> arrived) {
    return Tuple.tuple()
        .addValue(arrived.stream().map(Arrived::provider).toArray(String[]::new))
        .addValue(arrived.stream().map(Arrived::providerId).toArray(String[]::new));
  }

  private static Tuple columns(List<Arrived> arrived) {
    return keys(arrived)
        .addValue(arrived.stream().map(Arrived::from).map(Phone::e164).toArray(String[]::new))
        .addValue(arrived.stream().map(a -> storable(a.to())).toArray(String[]::new))
        .addValue(arrived.stream().map(a -> storable(a.body())).toArray(String[]::new))
        .addValue(arrived.stream().map(Arrived::way).toArray(String[]::new))
        .addValue(arrived.stream().map(TakeReply::raw).toArray(String[]::new));
  }

  // PostgreSQL holds every character except NUL, and half of a surrogate pair is no character.
  static String storable(String text) {
    var cut = text.length() > BODY_MAX ? text.substring(0, BODY_MAX) : text;
    var whole = new StringBuilder(cut.length());
    cut.codePoints()
        .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
        .forEach(whole::appendCodePoint);
    return whole.toString();
  }

  private static String raw(Arrived arrived) {
    var raw = new JsonObject();
    arrived.raw().forEach((name, value) -> raw.put(storable(name), storable(value)));
    return raw.encode();
  }

  // Numbered as they came and written in the order of their keys: two batches with the same
  // messages in them then never wait for one another in a circle.
  private static final String KEEP =
      """
      WITH numbered AS (
        SELECT a.*, nextval('notify.reply_id_seq') AS id
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
          $7::text[]) WITH ORDINALITY
          AS a(provider, provider_id, from_phone, to_address, body, way, raw, place)
        ORDER BY a.place)
      INSERT INTO notify.reply (
        id, provider, provider_id, from_phone, to_address, body, way, raw, arrived_at)
      OVERRIDING SYSTEM VALUE
      SELECT id, provider, provider_id, from_phone, to_address, body, way, raw::jsonb, $8
      FROM numbered
      ORDER BY provider, provider_id, id
      ON CONFLICT (provider, provider_id) DO NOTHING
      RETURNING provider, provider_id, id\
      """;

  private static final String FIND_KEPT =
      """
      SELECT r.provider, r.provider_id, r.id
      FROM notify.reply r
      JOIN unnest($1::text[], $2::text[]) k(provider, provider_id)
        ON (r.provider, r.provider_id) = (k.provider, k.provider_id)\
      """;
}
