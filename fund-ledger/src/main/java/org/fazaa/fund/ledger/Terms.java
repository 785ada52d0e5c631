package org.fazaa.fund.ledger;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.config.Database;

/**
 * What a fund says of its money: what it may be used for and when, until when gifts are taken, and
 * what becomes of what is left.
 *
 * @param rules those in force and those ended, in their order
 * @param use the days within which a fund for a period may be used
 * @param closesOn the last day of gifts
 * @param surplus unknown of funds that were opened before it was asked
 * @param changes what was proposed later, newest first
 * @param reachedAt when it had received its target
 */
public record Terms(
    FundId fund,
    List<Rule> rules,
    Optional<Days> use,
    Optional<LocalDate> closesOn,
    boolean stopsAtTarget,
    Optional<Surplus> surplus,
    Optional<FundId> surplusTo,
    List<Change> changes,
    Optional<Instant> reachedAt) {
  public static final ZoneId ZONE = ZoneId.of("Asia/Riyadh");

  /** From one day to another, both included. */
  public record Days(LocalDate from, LocalDate until) {}

  public record Rule(long id, Use use, Origin origin, Instant since, Optional<Instant> endedAt) {
    public boolean inForce() {
      return endedAt.isEmpty();
    }
  }

  public enum Origin {
    OPENING("منذ افتتاح الصندوق", "Since the fund was opened"),
    CHANGE("أضافها شخصان لاحقًا", "Added later by two people"),
    MIGRATION("قبل وجود الضوابط", "From before there were rules");

    private final Words words;

    Origin(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What becomes of what is left when a fund is closed. */
  public enum Surplus {
    SUCCESSOR("يُنقل إلى صندوق مسمى", "It goes to a named fund"),
    SAME_PURPOSE("يُحفظ لأزمة قادمة للغرض نفسه", "It is kept for the next crisis of this purpose"),
    AUTHORITY("تقرره الجهة المختصة", "The authority decides");

    private final Words words;

    Surplus(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Surplus of(String tag) {
      return valueOf(tag.toUpperCase(Locale.ROOT));
    }
  }

  /** What a change of terms would do. */
  public sealed interface What {
    record AddRule(Use use) implements What {}

    record EndRule(long rule) implements What {}

    record ClosingDay(LocalDate closesOn) implements What {}
  }

  /** A change that one officer proposed; in force from when another confirmed it. */
  public record Change(
      long id,
      What what,
      String why,
      long proposedBy,
      Instant proposedAt,
      Optional<Long> confirmedBy) {}

  /**
   * What is said when a fund is opened.
   *
   * @param uses its first rules
   * @param use the days of a fund for a period, of no other
   * @param surplusTo the successor, where it names one
   */
  public record Opening(
      List<Use> uses,
      Optional<Days> use,
      Optional<LocalDate> closesOn,
      boolean stopsAtTarget,
      Surplus surplus,
      Optional<FundId> surplusTo) {

    /** Rules of its use, and nothing special besides: the authority decides what becomes of it. */
    public static Opening of(Use... uses) {
      return new Opening(
          List.of(uses),
          Optional.empty(),
          Optional.empty(),
          false,
          Surplus.AUTHORITY,
          Optional.empty());
    }
  }

  public List<Rule> inForce() {
    return rules.stream().filter(Rule::inForce).toList();
  }

  public static Optional<Terms> find(SqlClient conn, FundId fund) {
    return conn.preparedQuery(FIND).execute(Tuple.of(fund.value())).await().stream()
        .map(row -> terms(conn, fund, row))
        .findFirst();
  }

  /** Why money of a fund may not be used so at this time; empty when it may. */
  public static Optional<Words> refusal(SqlClient conn, FundId fund, Use use, Instant now) {
    var fields =
        Tuple.of(
            fund.value(),
            use.category().tag(),
            use.region().tag(),
            use.targetGroup().tag(),
            Database.utc(now));
    var why = conn.preparedQuery(REFUSED).execute(fields).await().iterator().next().getString(0);
    return Optional.ofNullable(why).map(name -> said(name, conn, fund));
  }

  /** What the database's name of a refused use means to people. */
  public static Words said(String refused, SqlClient conn, FundId fund) {
    return switch (refused) {
      case "zakat_to_its_classes" -> ZAKAT_TO_ITS_CLASSES;
      case "used_within_its_time" -> find(conn, fund).orElseThrow().outsideItsTime();
      case "use_allowed_by_fund" -> find(conn, fund).orElseThrow().notAllowed();
      case String other -> throw new IllegalStateException("unknown refusal " + other);
    };
  }

  private Words outsideItsTime() {
    var days = use.orElseThrow();
    return new Words(
        "يُصرف من هذا الصندوق من %s إلى %s فقط: اختر صندوقًا آخر"
            .formatted(days.from(), days.until()),
        "This fund is spent from %s until %s only: choose another fund"
            .formatted(days.from(), days.until()));
  }

  private Words notAllowed() {
    if (inForce().isEmpty()) {
      return new Words(
          "لم يحدد هذا الصندوق أوجه صرفه بعد: اقترح ضابطًا وليؤكده شخص آخر",
          "This fund does not say yet what it is for: propose a rule and have it confirmed");
    }
    var ar = new ArrayList<String>();
    var en = new ArrayList<String>();
    for (var rule : inForce()) {
      ar.add(rule.use().words().ar());
      en.add(rule.use().words().en());
    }
    return new Words(
        "لا يسمح هذا الصندوق بهذا الوجه: اختر مما يسمح به (" + String.join(" | ", ar) + ")",
        "This fund does not allow this use: choose of what it allows ("
            + String.join(" | ", en)
            + ")");
  }

  static final Words ZAKAT_TO_ITS_CLASSES =
      new Words(
          "لا تُصرف الزكاة إلا في مصارفها الثمانية: اختر واحدًا منها",
          "Zakat goes to its eight classes only: choose one of them");

  private static Terms terms(SqlClient conn, FundId fund, Row row) {
    var from = Optional.ofNullable(row.getLocalDate("use_from"));
    return new Terms(
        fund,
        conn.preparedQuery(LIST_RULES).execute(Tuple.of(fund.value())).await().stream()
            .map(Terms::rule)
            .toList(),
        from.map(day -> new Days(day, row.getLocalDate("use_until"))),
        Optional.ofNullable(row.getLocalDate("closes_on")),
        row.getBoolean("stops_at_target"),
        Optional.ofNullable(row.getString("surplus")).map(Surplus::of),
        Optional.ofNullable(row.getLong("surplus_to")).map(FundId::new),
        conn.preparedQuery(LIST_CHANGES).execute(Tuple.of(fund.value())).await().stream()
            .map(Terms::change)
            .toList(),
        Optional.ofNullable(row.getOffsetDateTime("reached_at")).map(at -> at.toInstant()));
  }

  private static Use use(Row row) {
    return Use.of(
        row.getString("category"), row.getString("region"), row.getString("target_group"));
  }

  private static Rule rule(Row row) {
    return new Rule(
        row.getLong("id"),
        use(row),
        Origin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)),
        row.getOffsetDateTime("since").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("ended_at")).map(at -> at.toInstant()));
  }

  static Change change(Row row) {
    What what =
        switch (row.getString("kind")) {
          case "rule" -> new What.AddRule(use(row));
          case "end_rule" -> new What.EndRule(row.getLong("rule"));
          case "closing_day" -> new What.ClosingDay(row.getLocalDate("closes_on"));
          case String other -> throw new IllegalStateException("unknown change " + other);
        };
    return new Change(
        row.getLong("id"),
        what,
        row.getString("why"),
        row.getLong("proposed_by"),
        row.getOffsetDateTime("proposed_at").toInstant(),
        Optional.ofNullable(row.getLong("confirmed_by")));
  }

  private static final String FIND =
      """
      SELECT t.use_from, t.use_until, fund.closes_on(t.fund) AS closes_on, t.stops_at_target,
             t.surplus, t.surplus_to, r.reached_at
      FROM fund.terms t LEFT JOIN fund.target_reached r ON r.fund = t.fund WHERE t.fund = $1\
      """;

  private static final String LIST_RULES =
      """
      SELECT r.id, r.category, r.region, r.target_group, r.origin, r.since, e.ended_at
      FROM fund.use_rule r LEFT JOIN fund.use_rule_end e ON e.rule = r.id
      WHERE r.fund = $1 ORDER BY r.id\
      """;

  private static final String LIST_CHANGES =
      """
      SELECT c.id, c.kind, c.category, c.region, c.target_group, c.rule, c.closes_on, c.why,
             c.proposed_by, c.proposed_at, k.confirmed_by
      FROM fund.terms_change c LEFT JOIN fund.terms_confirmation k ON k.change = c.id
      WHERE c.fund = $1 ORDER BY c.id DESC\
      """;

  private static final String REFUSED =
      "SELECT fund.use_refused($1, fund.rule_for($1, $2, $3, $4), $2, $3, $4, $5)";
}
