package org.fazaa.fund.ledger;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;

/**
 * Closes a month of the books, of all funds together. Nothing is booked into it any more: what
 * becomes known later is booked into an open month, keeps the day on which it happened, and is
 * shown as of a prior period. Months are closed in their order.
 */
public final class ClosePeriod {

  public record Draft(YearMonth month, long by) {}

  /**
   * A month with entries.
   *
   * @param entries booked into it
   * @param prior those of them that happened in a month that was closed by then
   */
  public record Period(YearMonth month, long entries, long prior, Optional<Instant> closedAt) {}

  public sealed interface Outcome {
    record Closed() implements Outcome {}

    record AlreadyClosed() implements Outcome {}

    record NotOver(YearMonth month) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لم ينته الشهر " + month + " بعد: أغلقه بعد آخر يوم فيه",
            "Month " + month + " is not over: close it after its last day");
      }
    }

    record EarlierOpen(YearMonth month) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "قبل " + month + " شهر فيه قيود ولم يُغلق: أغلق الأشهر بترتيبها",
            "A month with entries before " + month + " is open: close months in their order");
      }
    }

    record NotTreasurer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "إغلاق الأشهر لأمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer closes a month: ask one to do it");
      }
    }
  }

  private ClosePeriod() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var month = draft.month().atDay(1);
    var fields = Tuple.of(month, draft.by(), Database.utc(now));
    var said = tx.preparedQuery(CLOSE).execute(fields).await().iterator().next().getString(0);
    return switch (said) {
      case "closed" -> new Outcome.Closed();
      case "already" -> new Outcome.AlreadyClosed();
      case "not_over" -> new Outcome.NotOver(draft.month());
      case "earlier_open" -> new Outcome.EarlierOpen(draft.month());
      case "not_treasurer" -> new Outcome.NotTreasurer();
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  /** The months of the books, latest first, two years of them at most. */
  public static List<Period> list(SqlClient conn) {
    var periods = new ArrayList<Period>();
    for (var row : conn.preparedQuery(LIST).execute().await()) {
      periods.add(
          new Period(
              YearMonth.from(row.get(LocalDate.class, "booked")),
              row.getLong("entries"),
              row.getLong("prior"),
              Optional.ofNullable(row.getOffsetDateTime("closed_at")).map(at -> at.toInstant())));
    }
    return periods;
  }

  private static final String CLOSE = "SELECT fund.close_period($1, $2, $3)";

  private static final String LIST =
      """
      SELECT e.booked, count(*) AS entries,
             count(*) FILTER (WHERE fund.month_of(e.event_at) < e.booked) AS prior, c.closed_at
      FROM fund.entry e LEFT JOIN fund.period_closing c ON c.month = e.booked
      GROUP BY e.booked, c.closed_at ORDER BY e.booked DESC LIMIT 24\
      """;
}
