package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.ZoneId;
import java.time.chrono.HijrahChronology;
import java.time.chrono.HijrahDate;
import java.time.temporal.ChronoField;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Money;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;

/**
 * What a giver's phone gave in one year: the receipt of each gift, and the sums of the money that
 * came. Goods and pretended money are listed and never summed with money.
 *
 * @param receipts by the day they came; a gift whose receipt was reissued has its latest one
 * @param sums of live receipts for real money, one for each currency
 * @param demonstrations the same of pretended money
 * @param whole false when there are more gifts than a statement lists
 */
public record Statement(
    Period period,
    List<Receipt> receipts,
    List<Money> sums,
    List<Money> demonstrations,
    boolean whole) {

  public static final int RECEIPTS_MAX = 1_000;
  private static final ZoneId HOME = ZoneId.of("Asia/Riyadh");

  /** The calendar in which a year is meant. */
  public enum Calendar {
    GREGORIAN,
    HIJRI;

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A year of a calendar, from the first moment of it up to the first of the next. */
  public record Period(Calendar calendar, int year) {

    /** The year in which a moment lies. */
    public static Period of(Calendar calendar, Instant at) {
      var day = at.atZone(HOME).toLocalDate();
      return switch (calendar) {
        case GREGORIAN -> new Period(calendar, day.getYear());
        case HIJRI -> new Period(calendar, HijrahDate.from(day).get(ChronoField.YEAR));
      };
    }

    /** Whether the calendar is known for this year. */
    public static boolean isKnown(Calendar calendar, int year) {
      return switch (calendar) {
        case GREGORIAN -> year >= 2000 && year <= 2099;
        case HIJRI -> year >= 1420 && year <= 1520;
      };
    }

    public Instant from() {
      return begins(year);
    }

    public Instant to() {
      return begins(year + 1);
    }

    private Instant begins(int year) {
      var day =
          switch (calendar) {
            case GREGORIAN -> Year.of(year).atDay(1);
            case HIJRI -> LocalDate.from(HijrahChronology.INSTANCE.date(year, 1, 1));
          };
      return day.atStartOfDay(HOME).toInstant();
    }
  }

  /** Whoever asks has proven that the phone is theirs. */
  public static Statement find(SqlClient conn, Phone phone, Period period) {
    var fields =
        Tuple.of(
            phone.e164(), Database.utc(period.from()), Database.utc(period.to()), RECEIPTS_MAX + 1);
    var found = Receipt.rows(conn, LIST, fields).toList();
    var receipts = found.subList(0, Math.min(found.size(), RECEIPTS_MAX));
    return new Statement(
        period,
        List.copyOf(receipts),
        sums(receipts.stream().filter(one -> !one.demonstration()).toList()),
        sums(receipts.stream().filter(Receipt::demonstration).toList()),
        found.size() <= RECEIPTS_MAX);
  }

  /** In which language whoever gave or pledged with this phone last reads; empty for others. */
  public static Optional<Language> findLanguage(SqlClient conn, Phone phone) {
    return conn.preparedQuery(FIND_LANGUAGE).execute(Tuple.of(phone.e164())).await().stream()
        .map(row -> Language.of(row.getString(0)))
        .findFirst();
  }

  /** Only what is live, and only money. */
  static List<Money> sums(Collection<Receipt> receipts) {
    var sums = new TreeMap<String, Money>(Comparator.naturalOrder());
    for (var receipt : receipts) {
      if (receipt.ofGoods() || receipt.standing() != Receipt.Standing.LIVE) continue;
      var came = receipt.amount().orElseThrow();
      sums.merge(
          came.currency().getCurrencyCode(),
          came,
          (a, b) -> new Money(Math.addExact(a.minor(), b.minor()), a.currency()));
    }
    return List.copyOf(sums.values());
  }

  private static final String FIND_LANGUAGE =
      """
      (SELECT language FROM fund.donor WHERE phone = $1 ORDER BY gift DESC LIMIT 1)
      UNION ALL
      (SELECT language FROM fund.pledger WHERE phone = $1 ORDER BY pledge DESC LIMIT 1)\
      """;

  // The year is that in which the money or the goods came, whenever the receipt was reissued.
  private static final String LIST =
      Receipt.RECEIPT
          + """
          JOIN fund.receipt came ON came.gift = r.gift AND came.version = 1
          WHERE d.phone = $1 AND came.issued_at >= $2 AND came.issued_at < $3 AND n.gift IS NULL
          ORDER BY came.issued_at, r.gift LIMIT $4\
          """;
}
