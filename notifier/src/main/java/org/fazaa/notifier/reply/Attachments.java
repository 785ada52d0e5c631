package org.fazaa.notifier.reply;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Photos, voice notes and pins that came with replies. {@link TakeAttachments} brings the files.
 */
public final class Attachments {

  /** More than these of one reply are left where they are. */
  public static final int MOST = 10;

  /** What is kept and shown. A drawing may hold a script, and so is not taken for a picture. */
  private static final Pattern SHOWN =
      Pattern.compile(
          "image/(?!svg)[a-z0-9.+-]{1,40}|audio/[a-z0-9.+-]{1,40}|video/mp4|application/pdf");

  /** Why a person must read a reply that has nothing else in it. */
  public static final String WHY = "attached";

  /** Why a file is missing: it is of a kind that is not kept. */
  public static final String TYPE = "type";

  private static final int URL_MAX = 2_000;
  private static final int LABEL_MAX = 200;

  private Attachments() {}

  /** What came with a reply besides its words. */
  public sealed interface Attached {

    /**
     * A place on the map.
     *
     * @param label what it is called there; may be empty
     */
    record Pin(double lon, double lat, String label) implements Attached {}

    /** A photo, a voice note or the like, and where the carrier keeps it. */
    record File(String mediaType, String url) implements Attached {}
  }

  public enum State {
    PIN,
    /** Not fetched yet. */
    AWAITED,
    KEPT,
    /** It will not come any more. */
    MISSING;

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param lon of a pin; else null, like {@code lat}
   * @param problem why it is missing, or null
   */
  public record Attachment(
      long id,
      long reply,
      State state,
      String mediaType,
      Double lon,
      Double lat,
      String label,
      String problem) {}

  public record Content(String mediaType, byte[] bytes) {}

  /** The type alone, without parameters such as a codec. */
  public static String plainType(String written) {
    return written.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  public static boolean isShown(String mediaType) {
    return SHOWN.matcher(plainType(mediaType)).matches();
  }

  static void keep(SqlConnection tx, long reply, List<Attached> attached, Instant now) {
    var rows = new ArrayList<Tuple>();
    for (var one : attached.subList(0, Math.min(attached.size(), MOST))) {
      rows.add(row(reply, rows.size(), one, now));
    }
    if (!rows.isEmpty()) {
      tx.preparedQuery(KEEP).executeBatch(rows).await();
    }
  }

  private static Tuple row(long reply, int place, Attached attached, Instant now) {
    var row = Tuple.of(reply, place, utc(now));
    return switch (attached) {
      case Attached.Pin(double lon, double lat, String label) ->
          row.addValue(State.PIN.tag())
              .addValue("")
              .addValue(null)
              .addValue(lon)
              .addValue(lat)
              .addValue(TakeReply.storable(cut(label)))
              .addValue(null);
      case Attached.File(String type, String url) -> {
        boolean fetched = isShown(type) && url.length() <= URL_MAX;
        yield row.addValue((fetched ? State.AWAITED : State.MISSING).tag())
            .addValue(plainType(TakeReply.storable(cut(type))))
            .addValue(TakeReply.storable(url.length() <= URL_MAX ? url : ""))
            .addValue(null)
            .addValue(null)
            .addValue("")
            .addValue(fetched ? null : TYPE);
      }
    };
  }

  private static String cut(String text) {
    return text.length() > LABEL_MAX ? text.substring(0, LABEL_MAX) : text;
  }

  /** Whether a place on the map came with a reply. */
  public static boolean hasPin(SqlClient connection, long reply) {
    return connection.preparedQuery(FIND_PIN).execute(Tuple.of(reply)).await().size() > 0;
  }

  /** Those of each of these replies that has any, in their order. */
  public static Map<Long, List<Attachment>> of(SqlClient connection, Collection<Long> replies) {
    var found = new HashMap<Long, List<Attachment>>();
    connection
        .preparedQuery(LIST)
        .execute(Tuple.of((Object) replies.toArray(Long[]::new)))
        .await()
        .forEach(
            row ->
                found
                    .computeIfAbsent(row.getLong("reply_id"), first -> new ArrayList<>())
                    .add(attachment(row)));
    return found;
  }

  /** A file that was fetched. */
  public static Optional<Content> content(SqlClient connection, long id) {
    for (var row : connection.preparedQuery(FIND_BYTES).execute(Tuple.of(id)).await()) {
      return Optional.of(
          new Content(row.getString("media_type"), row.getBuffer("bytes").getBytes()));
    }
    return Optional.empty();
  }

  private static Attachment attachment(Row row) {
    return new Attachment(
        row.getLong("id"),
        row.getLong("reply_id"),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getString("media_type"),
        row.getDouble("lon"),
        row.getDouble("lat"),
        row.getString("label"),
        row.getString("problem"));
  }

  private static final String KEEP =
      """
      INSERT INTO notify.attachment (
        reply_id, place, try_at, state, media_type, url, lon, lat, label, problem)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)\
      """;

  private static final String LIST =
      """
      SELECT id, reply_id, state, media_type, lon, lat, label, problem
      FROM notify.attachment
      WHERE reply_id = ANY ($1::bigint[])
      ORDER BY reply_id, place\
      """;

  private static final String FIND_PIN =
      "SELECT id FROM notify.attachment WHERE reply_id = $1 AND state = 'pin' LIMIT 1";

  private static final String FIND_BYTES =
      "SELECT media_type, bytes FROM notify.attachment WHERE id = $1 AND state = 'kept'";
}
