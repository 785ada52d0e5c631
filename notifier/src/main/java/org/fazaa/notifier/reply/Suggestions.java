package org.fazaa.notifier.reply;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.fazaa.notifier.reply.Meaning.Stage;

/**
 * What people understood where no rule did: rows that whoever keeps the tables of meanings may add
 * to them. They say what was written, folded to one spelling, and never by whom.
 */
public final class Suggestions {

  /** What is longer is a story, and no row of a table. */
  static final int LENGTH_MAX = 120;

  private static final int LIST_MAX = 1_000;

  /** Phones, and whatever else names somebody by digits. */
  private static final Pattern NUMBERS = Pattern.compile("[0-9][0-9 +()-]{3,}[0-9]");

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** What a sheet would take for a formula. */
  private static final Pattern FORMULA = Pattern.compile("^[=+@\\-\\s]+");

  private Suggestions() {}

  /**
   * @param text in the one spelling that the tables are written in
   * @param times how often it was decided so
   */
  public record Suggestion(
      long id,
      String text,
      Stage stage,
      Meaning meaning,
      int times,
      Instant firstAt,
      Instant lastAt) {}

  static void note(SqlConnection tx, String body, Inbox.Read read, Instant now) {
    var text = text(body);
    if (!text.isEmpty() && text.length() <= LENGTH_MAX) {
      var row = Tuple.of(text, read.stage().tag(), read.meaning().tag(), utc(now));
      tx.preparedQuery(NOTE).execute(row).await();
    }
  }

  static String text(String body) {
    var folded = NUMBERS.matcher(Spelling.fold(body)).replaceAll("#");
    var line = BLANKS.matcher(folded).replaceAll(" ").strip();
    return FORMULA.matcher(line).replaceFirst("");
  }

  /** Those that nobody has dismissed, the most frequent first. */
  public static List<Suggestion> list(SqlClient connection) {
    var found = new ArrayList<Suggestion>();
    for (var row : connection.preparedQuery(LIST).execute(Tuple.of(LIST_MAX)).await()) {
      found.add(suggestion(row));
    }
    return found;
  }

  /** It is in the tables now, or not wanted there; false when there is none to dismiss. */
  public static boolean dismiss(SqlConnection tx, long id, long byAccount, Instant now) {
    return tx.preparedQuery(DISMISS).execute(Tuple.of(id, byAccount, utc(now))).await().rowCount()
        == 1;
  }

  /** As a file for the tables, with the columns text, state and meaning. */
  public static String csv(List<Suggestion> suggestions) {
    var csv = new StringBuilder("text,state,meaning\r\n");
    for (var one : suggestions) {
      csv.append('"')
          .append(one.text().replace("\"", "\"\""))
          .append("\",")
          .append(one.stage().tag())
          .append(',')
          .append(one.meaning().tag())
          .append("\r\n");
    }
    return csv.toString();
  }

  private static Suggestion suggestion(Row row) {
    return new Suggestion(
        row.getLong("id"),
        row.getString("folded"),
        Stage.valueOf(row.getString("stage").toUpperCase(java.util.Locale.ROOT)),
        Meaning.of(row.getString("meaning")),
        row.getInteger("times"),
        row.getOffsetDateTime("first_at").toInstant(),
        row.getOffsetDateTime("last_at").toInstant());
  }

  // What was dismissed is counted on and does not come back.
  private static final String NOTE =
      """
      INSERT INTO notify.suggestion AS s (folded, stage, meaning, first_at, last_at)
      VALUES ($1, $2, $3, $4, $4)
      ON CONFLICT (folded, stage, meaning) DO UPDATE
      SET times = s.times + 1, last_at = greatest(s.last_at, excluded.last_at)\
      """;

  private static final String LIST =
      """
      SELECT id, folded, stage, meaning, times, first_at, last_at FROM notify.suggestion
      WHERE dismissed_at IS NULL
      ORDER BY times DESC, folded, stage, meaning
      LIMIT $1\
      """;

  private static final String DISMISS =
      """
      UPDATE notify.suggestion SET dismissed_at = $3, dismissed_by = $2
      WHERE id = $1 AND dismissed_at IS NULL\
      """;
}
