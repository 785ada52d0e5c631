package org.fazaa.fund.ledger;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.config.Database;

/** An account that may do something with money, and since when. */
public record Officer(long account, Office office, Instant since) {

  public enum Office {
    /** Asks for money to be paid, and names payees. */
    REQUESTER("طالب الصرف", "Requester"),
    /** Approves what others ask for. */
    APPROVER("معتمِد", "Approver"),
    /** Confirms money that has come and orders what was approved to be paid. */
    TREASURER("أمين الصندوق", "Treasurer"),
    /** Reads the books and writes nothing. */
    AUDITOR("مدقق", "Auditor");

    private final Words words;

    Office(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Office of(String tag) {
      return valueOf(tag.toUpperCase(Locale.ROOT));
    }
  }

  public sealed interface Appointment {
    record Appointed(Officer officer) implements Appointment {}

    record AlreadyInOffice(Officer officer) implements Appointment {}

    record OwnOffice() implements Appointment, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا يعيّن أحد نفسه: اطلب ذلك من مسؤول آخر",
            "Nobody appoints themselves: ask another administrator");
      }
    }
  }

  /**
   * Puts an account in office. {@code by} is the appointing account, 0 the program at its start.
   */
  public static Appointment appoint(
      SqlConnection tx, long account, Office office, long by, Instant now) {
    if (account == by) {
      return new Appointment.OwnOffice();
    }
    var held = since(tx, account, office, now);
    if (held.isPresent()) {
      return new Appointment.AlreadyInOffice(new Officer(account, office, held.get()));
    }
    var fields = Tuple.of(account, office.tag(), Database.utc(now), by);
    tx.preparedQuery(APPOINT).execute(fields).await();
    return new Appointment.Appointed(new Officer(account, office, now));
  }

  /** Ends an office. What was done in it stands. False when the account did not hold it. */
  public static boolean dismiss(
      SqlConnection tx, long account, Office office, long by, Instant now) {
    var fields = Tuple.of(account, office.tag(), Database.utc(now), by);
    return tx.preparedQuery(DISMISS).execute(fields).await().rowCount() > 0;
  }

  public static boolean holds(SqlClient conn, long account, Office office, Instant now) {
    return since(conn, account, office, now).isPresent();
  }

  /** The first of these offices that an account holds. */
  public static Optional<Officer> in(
      SqlClient conn, long account, List<Office> offices, Instant now) {
    return offices.stream()
        .flatMap(
            office ->
                since(conn, account, office, now)
                    .map(since -> new Officer(account, office, since))
                    .stream())
        .findFirst();
  }

  /** Since when an account holds an office, if it does. */
  public static Optional<Instant> since(SqlClient conn, long account, Office office, Instant now) {
    var fields = Tuple.of(account, office.tag(), Database.utc(now));
    var row = conn.preparedQuery(FIND_SINCE).execute(fields).await().iterator().next();
    return Optional.ofNullable(row.getOffsetDateTime(0)).map(OffsetDateTime::toInstant);
  }

  /** Everybody in office now. */
  public static List<Officer> list(SqlClient conn, Instant now) {
    return conn.preparedQuery(LIST_OFFICERS).execute(Tuple.of(Database.utc(now))).await().stream()
        .map(
            row ->
                new Officer(
                    row.getLong("account"),
                    Office.of(row.getString("office")),
                    row.getOffsetDateTime("since").toInstant()))
        .toList();
  }

  private static final String APPOINT =
      """
      INSERT INTO fund.officer (account, office, since, appointed_by) VALUES ($1, $2, $3, $4)
      ON CONFLICT DO NOTHING\
      """;

  private static final String DISMISS =
      """
      INSERT INTO fund.dismissal (account, office, since, dismissed_at, dismissed_by)
      SELECT $1, $2, s.since, $3, $4 FROM fund.office_since($1, $2, $3) AS s (since)
      WHERE s.since IS NOT NULL\
      """;

  private static final String FIND_SINCE = "SELECT fund.office_since($1, $2, $3)";

  private static final String LIST_OFFICERS =
      """
      SELECT o.account, o.office, o.since FROM fund.officer o
      WHERE o.since = fund.office_since(o.account, o.office, $1) ORDER BY o.account, o.office\
      """;
}
