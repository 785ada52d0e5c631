package org.fazaa.fund.ledger;

import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be true of the books at every moment. Each is one statement that finds the rows where
 * it is not; no rows, no violation.
 */
public enum Invariants {
  ENTRIES_BALANCE(
      "كل قيد متوازن في صندوقه وعملته ومكتوب كاملًا",
      "Every entry balances in its fund and currency and is written whole",
      """
      SELECT 'entry ' || p.entry || ' in fund ' || p.fund AS subject
      FROM fund.posting p GROUP BY p.entry, p.fund, p.currency HAVING sum(p.amount) <> 0
      UNION ALL
      SELECT 'entry ' || e.id FROM fund.entry e
      LEFT JOIN fund.posting p ON p.entry = e.id
      GROUP BY e.id HAVING count(p.line) <> e.n_lines\
      """),

  REVERSALS_MIRROR(
      "كل قيد عكسي صورة معكوسة لما عكسه",
      "Every reversal is the mirror of what it reverses",
      """
      SELECT 'entry ' || e.id AS subject
      FROM fund.entry e JOIN fund.posting p ON p.entry = e.id
      LEFT JOIN fund.posting was
        ON was.entry = e.reverses AND was.line = p.line AND was.account = p.account
      WHERE e.reverses IS NOT NULL AND p.amount <> -coalesce(was.amount, 0)\
      """),

  BALANCES_ARE_SUMS(
      "كل رصيد مخزون يساوي مجموع قيوده",
      "Every stored balance is the sum of its postings",
      """
      SELECT 'account ' || a.id || ' (' || a.role || ') of fund ' || a.fund AS subject
      FROM fund.account a
      LEFT JOIN fund.balance b ON b.account = a.id
      LEFT JOIN fund.posting p ON p.account = a.id
      WHERE a.strict GROUP BY a.id, b.held
      HAVING b.held IS DISTINCT FROM -coalesce(sum(p.amount), 0)\
      """),

  NOTHING_OVERDRAWN(
      "لا يُصرف من حساب أكثر مما فيه",
      "No account holds less than nothing for its purpose",
      """
      SELECT 'account ' || a.id || ' (' || a.role || ') of fund ' || a.fund AS subject
      FROM fund.account a JOIN fund.posting p ON p.account = a.id
      WHERE a.role IN ('received', 'available', 'reserved', 'payable')
      GROUP BY a.id HAVING sum(p.amount) > 0\
      """),

  RESERVED_IS_HELD(
      "المحجوز يساوي مجموع الحجوزات القائمة",
      "What is reserved is the sum of the reservations that stand",
      """
      SELECT 'fund ' || a.fund AS subject
      FROM fund.account a
      LEFT JOIN fund.balance b ON b.account = a.id
      WHERE a.role = 'reserved' AND b.held IS DISTINCT FROM (
        SELECT coalesce(sum(r.minor), 0) FROM fund.reservation r
        JOIN fund.disbursement d ON d.id = r.disbursement
        WHERE d.fund = a.fund
          AND NOT EXISTS (SELECT FROM fund.entry e WHERE e.reverses = r.entry)
          AND NOT EXISTS (SELECT FROM fund.payment p WHERE p.disbursement = r.disbursement))
      UNION ALL
      SELECT 'reservation of request ' || r.disbursement || ' version ' || r.version
      FROM fund.reservation r
      WHERE NOT EXISTS (SELECT FROM fund.entry e WHERE e.reverses = r.entry)
        AND (EXISTS (SELECT FROM fund.disbursement_version v
                     WHERE v.disbursement = r.disbursement AND v.version > r.version)
             OR EXISTS (SELECT FROM fund.withdrawal w WHERE w.disbursement = r.disbursement))\
      """),

  PAYMENTS_APPROVED(
      "كل دفعة سبقتها اعتمادات كافية من أشخاص مختلفين لنسختها نفسها",
      "Every payment has enough approvals of exactly its version, by different other people",
      """
      SELECT 'payment ' || p.id AS subject
      FROM fund.payment p
      JOIN fund.disbursement d ON d.id = p.disbursement
      JOIN fund.disbursement_version v
        ON v.disbursement = p.disbursement AND v.version = p.version
      WHERE (SELECT count(*) FROM fund.approvals_valid(p.disbursement, p.version) AS a (approver)
             WHERE a.approver <> p.payer)
            < fund.approvals_needed(d.currency, v.minor)
         OR p.minor <> v.minor
         OR NOT EXISTS (SELECT FROM fund.entry e JOIN fund.posting t ON t.entry = e.id
                        JOIN fund.account a ON a.id = t.account AND a.role = 'payable'
                        WHERE e.id = p.entry AND e.kind = 'payment' AND t.amount = -p.minor
                          AND t.fund = p.fund)\
      """),

  GIFTS_POSTED_ONCE(
      "كل مال وصل له قيد واحد بمبلغه، ولا قيد تبرع بلا تبرع",
      "All money that came has one entry of its amount, and no gift entry lacks its gift",
      """
      SELECT 'gift ' || a.gift AS subject
      FROM fund.arrival a
      WHERE NOT EXISTS (SELECT FROM fund.entry e JOIN fund.posting p ON p.entry = e.id
                        JOIN fund.account c ON c.id = p.account AND c.role = 'received'
                        WHERE e.id = a.entry AND e.kind = 'gift' AND p.amount = -a.minor
                          AND p.fund = a.fund)
         OR (SELECT count(*) FROM fund.settlement s WHERE s.gift = a.gift)
            + (SELECT count(*) FROM fund.unsettled u WHERE u.gift = a.gift) <> 1
         OR EXISTS (SELECT FROM fund.awaited w WHERE w.gift = a.gift)
      UNION ALL
      SELECT 'entry ' || e.id FROM fund.entry e
      WHERE e.kind = 'gift' AND e.reverses IS NULL
        AND NOT EXISTS (SELECT FROM fund.arrival a WHERE a.entry = e.id)
      UNION ALL
      SELECT 'gift ' || g.id FROM fund.gift g
      WHERE g.channel <> 'in_kind'
        AND NOT EXISTS (SELECT FROM fund.arrival a WHERE a.gift = g.id)
        AND NOT EXISTS (SELECT FROM fund.awaited w
                        WHERE w.gift = g.id AND g.channel = 'bank_transfer')
      """),

  FIGURES_ARE_THE_JOURNAL(
      "الأرقام المنشورة هي مجموع القيود",
      "The public figures are the sums of the journal",
      """
      SELECT 'fund ' || f.fund AS subject
      FROM fund.figures f
      WHERE (f.received, f.settling) <> (
        SELECT coalesce(-sum(p.amount) FILTER (WHERE e.kind = 'gift'), 0)::bigint,
               coalesce(-sum(p.amount), 0)::bigint
        FROM fund.account a
        JOIN fund.posting p ON p.account = a.id
        JOIN fund.entry e ON e.id = p.entry
        WHERE a.fund = f.fund AND a.role = 'received')
         OR f.received <> f.settling + f.available + f.reserved + f.paid
      """),

  RECEIPTS_GAPLESS(
      "أرقام الإيصالات متتابعة بلا فجوة، ولكل ما وصل إيصال",
      "Receipt numbers have no gap, and all that came has its receipt",
      """
      SELECT 'series ' || s.series || ' of ' || s.year AS subject
      FROM fund.receipt_series s
      LEFT JOIN fund.receipt r ON r.series = s.series AND r.year = s.year
      GROUP BY s.series, s.year, s.last
      HAVING count(r.number) <> s.last OR max(r.number) IS DISTINCT FROM s.last
      UNION ALL
      SELECT 'receipt ' || r.series || '-' || r.year || '-' || r.number FROM fund.receipt r
      WHERE NOT EXISTS (SELECT FROM fund.receipt_series s
                        WHERE s.series = r.series AND s.year = r.year)
      UNION ALL
      SELECT 'gift ' || g.id FROM fund.gift g
      LEFT JOIN fund.arrival a ON a.gift = g.id
      WHERE (a.gift IS NOT NULL OR g.channel = 'in_kind')
            <> EXISTS (SELECT FROM fund.receipt r WHERE r.gift = g.id)\
      """);

  /** Where an invariant does not hold. */
  public record Violation(Invariants invariant, String subject) {}

  private final Words words;
  private final String violations;

  Invariants(String ar, String en, String violations) {
    this.words = new Words(ar, en);
    this.violations = violations;
  }

  public Words words() {
    return words;
  }

  /** The rows of the books for which this does not hold. */
  public List<Violation> check(SqlClient conn) {
    return conn.preparedQuery(violations).execute().await().stream()
        .map(row -> new Violation(this, row.getString("subject")))
        .toList();
  }

  public static List<Violation> checkAll(SqlClient conn) {
    var found = new ArrayList<Violation>();
    for (var invariant : values()) {
      found.addAll(invariant.check(conn));
    }
    return found;
  }
}
