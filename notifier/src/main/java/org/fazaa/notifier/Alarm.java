package org.fazaa.notifier;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a person must look at, because no program can mend it. It stays until somebody has. */
public final class Alarm {

  /** What is wrong, and what to do about it. */
  public enum Kind {
    DANGER(
        "متطوع يقول إنه في خطر: اقرأ رده أول صندوق الردود واتصل به الآن",
        "A volunteer may be in danger: read their reply on top of the inbox and phone them now"),
    CARRIER_REFUSES(
        "الناقل يرفض كل الرسائل: راجع المفتاح والمرسل والدول المفعّلة لديه",
        "The carrier refuses every text: check the key, the sender and the countries it enables"),
    WAY_REFUSED(
        "الناقل يرفض واتساب أو الاتصال الصوتي، فتُرسل رسائل نصية بدله: راجع القوالب والأرقام",
        "WhatsApp or calls are refused and SMS go instead: check templates and numbers"),
    FILTERED(
        "المشغّلون يحجبون رسائلنا: راجع صياغتها قبل إرسال مثلها",
        "Operators filter our texts: look at their wording before more like them leave"),
    UNREACHABLE(
        "هواتف لا تصلها الرسائل: اطلب من أصحابها أرقامًا أخرى",
        "Phones that no text reaches: ask their owners for other numbers"),
    NOT_DELIVERED(
        "رسائل لم تصل بعد محاولتين: اتصل بأصحابها هاتفيًا",
        "Texts that did not arrive in two tries: call these people instead"),
    CONFLICT(
        "قال الناقل عن رسالة إنها وصلت وإنها لم تصل: اسأل صاحبها",
        "The carrier said of one text that it arrived and that it did not: ask its reader"),
    SIGNATURES(
        "رسائل واردة بتوقيع خاطئ: راجع FAZAA_PUBLIC_URL و TWILIO_AUTH_TOKEN",
        "Webhooks with a wrong signature: check FAZAA_PUBLIC_URL and TWILIO_AUTH_TOKEN"),
    CARRIER_SILENT(
        "الناقل لا يجيب عن رسائل لا نعرف مصيرها: راجع حالته قبل أن تكررها",
        "The carrier does not say what became of texts in doubt: look at its status page first"),
    STRAY(
        "رسائل يعرفها طرف واحد، نحن أو الناقل: قارنها بسجله",
        "Texts that only one side knows, the carrier or we: compare them with its log"),
    CODES_CAPPED(
        "بلغت رموز الدخول حد كلفة اليوم وتوقفت: انظر من يطلبها، فقد يكون ذلك استنزافًا",
        "Codes by text have reached the day's cap and rest: see who asks, it may be pumping"),
    SPOOLED(
        "وصلت ردود وقاعدة البيانات غائبة: تُقرأ عند عودتها",
        "Replies came while the database was away: they are read when it is back");

    private final String arabic;
    private final String english;

    Kind(String arabic, String english) {
      this.arabic = arabic;
      this.english = english;
    }

    public String arabic() {
      return arabic;
    }

    public String english() {
      return english;
    }

    String tag() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Kind of(String tag) {
      return valueOf(tag.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /**
   * An alarm that nobody has seen to.
   *
   * @param about which one of its kind: a code, the number of a text, or nothing
   * @param times how often it has happened since it was raised
   */
  public record Open(
      long id, Kind kind, String about, String detail, int times, Instant since, Instant last) {}

  private static final int LIST_MAX = 100;
  private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

  private Alarm() {}

  /**
   * @param detail for whoever looks; no phone and no name
   */
  public static void raise(SqlConnection tx, Kind kind, String about, String detail, Instant now) {
    var raised = Tuple.of(kind.tag(), about, detail, utc(now));
    var row = tx.preparedQuery(RAISE).execute(raised).await().iterator().next();
    if (row.getInteger("times") == 1) {
      LOG.warn("{} {}: {}", kind.english(), about, detail);
    }
  }

  /** Newest first, at most {@value #LIST_MAX}. */
  public static List<Open> list(SqlClient connection) {
    var rows = connection.preparedQuery(LIST).execute(Tuple.of(LIST_MAX)).await();
    return StreamSupport.stream(rows.spliterator(), false).map(Alarm::open).toList();
  }

  /** Somebody saw to it; what happens from now on raises a new one. */
  public static boolean see(SqlConnection tx, long alarm, long byAccount, Instant now) {
    var seen = Tuple.of(alarm, byAccount, utc(now));
    return tx.preparedQuery(SEE).execute(seen).await().rowCount() == 1;
  }

  private static Open open(Row row) {
    return new Open(
        row.getLong("id"),
        Kind.of(row.getString("kind")),
        row.getString("about"),
        row.getString("detail"),
        row.getInteger("times"),
        row.getOffsetDateTime("raised_at").toInstant(),
        row.getOffsetDateTime("last_at").toInstant());
  }

  private static final String RAISE =
      """
      INSERT INTO notify.alarm AS a (kind, about, detail, raised_at, last_at)
      VALUES ($1, $2, $3, $4, $4)
      ON CONFLICT (kind, about) WHERE seen_at IS NULL
      DO UPDATE SET times = a.times + 1, detail = excluded.detail, last_at = excluded.last_at
      RETURNING times\
      """;

  private static final String LIST =
      """
      SELECT id, kind, about, detail, times, raised_at, last_at FROM notify.alarm
      WHERE seen_at IS NULL
      ORDER BY last_at DESC, id DESC
      LIMIT $1\
      """;

  private static final String SEE =
      """
      UPDATE notify.alarm SET seen_at = $3, seen_by = $2
      WHERE id = $1 AND seen_at IS NULL\
      """;
}
