package org.fazaa.fund.giving;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.fund.giving.Pledge.End;
import org.fazaa.fund.giving.Pledge.Every;
import org.fazaa.fund.giving.Pledge.Instalment;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;

/** Pledges as they are read: by their code, by an instalment, by the giver's phone, by the fund. */
public final class Pledges {
  private static final int LIST_MAX = 50;
  private static final int INSTALMENTS_MAX = 24;

  /** What all pledges to a fund that stand promise in each week or month. */
  public record Regular(Every every, long pledges, Money amount) {}

  /** Whom to ask, and what about. */
  record Asked(Pledge pledge, Phone phone, Language language, Donor donor) {}

  private Pledges() {}

  public static Optional<Pledge> find(SqlClient conn, String code) {
    return list(conn, FIND_BY_CODE, Tuple.of(code)).stream().findFirst();
  }

  public static Optional<Pledge> find(SqlClient conn, long id) {
    return list(conn, FIND_BY_ID, Tuple.of(id)).stream().findFirst();
  }

  public static Optional<Pledge> ofInstalment(SqlClient conn, long instalment) {
    return list(conn, FIND_BY_INSTALMENT, Tuple.of(instalment)).stream().findFirst();
  }

  /** Those of a phone: the ones that stand first, then the newest. */
  public static List<Pledge> ofGiver(SqlClient conn, Phone phone) {
    return list(conn, LIST_BY_PHONE, Tuple.of(phone.e164(), LIST_MAX));
  }

  public static List<Regular> regular(SqlClient conn, FundId fund) {
    return conn.preparedQuery(LIST_REGULAR).execute(Tuple.of(fund.value())).await().stream()
        .map(
            row ->
                new Regular(
                    Every.of(row.getString("every")),
                    row.getLong("pledges"),
                    Money.of(row.getLong("minor"), row.getString("currency"))))
        .toList();
  }

  /** In which language the giver reads. */
  public static Optional<Language> language(SqlClient conn, long pledge) {
    return conn.preparedQuery(FIND_PLEDGER).execute(Tuple.of(pledge)).await().stream()
        .map(row -> Language.of(row.getString("language")))
        .findFirst();
  }

  static Optional<Asked> asked(SqlClient conn, Pledge pledge) {
    return conn.preparedQuery(FIND_PLEDGER).execute(Tuple.of(pledge.id())).await().stream()
        .map(
            row -> {
              var phone = new Phone(row.getString("phone"));
              var language = Language.of(row.getString("language"));
              var name = Optional.ofNullable(row.getString("name"));
              var donor = new Donor(name, Optional.of(phone), language, pledge.anonymous());
              return new Asked(pledge, phone, language, donor);
            })
        .findFirst();
  }

  private static List<Pledge> list(SqlClient conn, String sql, Tuple fields) {
    var rows = new ArrayList<Row>();
    conn.preparedQuery(sql).execute(fields).await().forEach(rows::add);
    if (rows.isEmpty()) return List.of();
    var opened = opened(conn, rows.stream().map(row -> row.getLong("id")).toList());
    return rows.stream()
        .map(row -> pledge(row, opened.getOrDefault(row.getLong("id"), List.of())))
        .toList();
  }

  private static Map<Long, List<Instalment>> opened(SqlClient conn, Collection<Long> pledges) {
    var rows = new ArrayList<Row>();
    var fields = Tuple.of(pledges.toArray(Long[]::new), INSTALMENTS_MAX);
    conn.preparedQuery(LIST_INSTALMENTS).execute(fields).await().forEach(rows::add);
    var paying = new ArrayList<Long>();
    for (var row : rows) {
      if (row.getLong("gift") != null) paying.add(row.getLong("gift"));
    }
    var gifts = paying.isEmpty() ? Map.<Long, Donation>of() : Donations.list(conn, paying);
    var opened = new HashMap<Long, List<Instalment>>();
    for (var row : rows) {
      var gift = Optional.ofNullable(row.getLong("gift")).map(gifts::get);
      var one =
          new Instalment(row.getLong("id"), row.getInteger("n"), row.getLocalDate("due"), gift);
      opened.computeIfAbsent(row.getLong("pledge"), pledge -> new ArrayList<>()).add(one);
    }
    return opened;
  }

  private static Pledge pledge(Row row, List<Instalment> opened) {
    return new Pledge(
        row.getLong("id"),
        row.getString("code"),
        new FundId(row.getLong("fund")),
        new Words(row.getString("name_ar"), row.getString("name_en")),
        row.getBoolean("demonstration"),
        Money.of(row.getLong("minor"), row.getString("currency")),
        Every.of(row.getString("every")),
        row.getLocalDate("first_day"),
        Optional.ofNullable(row.getInteger("instalments")),
        row.getBoolean("anonymous"),
        row.getOffsetDateTime("pledged_at").toInstant(),
        Optional.ofNullable(row.getString("why")).map(End::of),
        Optional.ofNullable(row.getLocalDate("next")),
        opened);
  }

  private static final String PLEDGE =
      """
      SELECT p.id, p.code, p.fund, f.name_ar, f.name_en, f.demonstration, p.currency, p.minor,
             p.every, p.first_day, p.instalments, p.anonymous, p.pledged_at, e.why,
             CASE WHEN e.pledge IS NULL AND last.n < p.most
                  THEN fund.instalment_day(p.first_day, p.every, last.n + 1) END AS next
      FROM fund.pledge p
      JOIN fund.fund f ON f.id = p.fund
      LEFT JOIN fund.pledge_end e ON e.pledge = p.id
      CROSS JOIN LATERAL (SELECT coalesce(max(i.n), 0)::int AS n FROM fund.instalment i
                          WHERE i.pledge = p.id) last
      """;

  private static final String FIND_BY_ID = PLEDGE + "WHERE p.id = $1";

  private static final String FIND_BY_CODE =
      PLEDGE
          + """
          WHERE p.code = $1
            AND p.id = CASE WHEN $1 ~ '^[0-9]{1,18}-' THEN split_part($1, '-', 1)::bigint END\
          """;

  private static final String FIND_BY_INSTALMENT =
      PLEDGE + "WHERE p.id = (SELECT i.pledge FROM fund.instalment i WHERE i.id = $1)";

  private static final String LIST_BY_PHONE =
      PLEDGE
          + """
          JOIN fund.pledger g ON g.pledge = p.id
          WHERE g.phone = $1 ORDER BY e.pledge IS NOT NULL, p.id DESC LIMIT $2\
          """;

  private static final String LIST_INSTALMENTS =
      """
      SELECT i.id, i.pledge, i.n, i.due, fund.instalment_gift_of(i.id) AS gift
      FROM unnest($1::bigint[]) AS a (pledge)
      CROSS JOIN LATERAL (SELECT o.id, o.pledge, o.n, o.due FROM fund.instalment o
                          WHERE o.pledge = a.pledge ORDER BY o.n DESC LIMIT $2) i
      ORDER BY i.pledge, i.n DESC\
      """;

  private static final String LIST_REGULAR =
      """
      SELECT every, pledges, minor, currency FROM fund.pledged_regularly
      WHERE fund = $1 ORDER BY every\
      """;

  private static final String FIND_PLEDGER =
      "SELECT name, phone, language FROM fund.pledger WHERE pledge = $1";
}
