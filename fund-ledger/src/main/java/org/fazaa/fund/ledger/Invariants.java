package org.fazaa.fund.ledger;

import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What must be true of the books at every moment. Each is one statement that finds the rows where
 * it is not; no rows, no violation.
 */
public enum Invariants {
  ENTRIES_BALANCE(
      "I1",
      "كل قيد متوازن في صندوقه وعملته ومكتوب كاملًا",
      "Every entry balances in its fund and currency and is written whole",
      """
      SELECT p.fund, 'entry ' || p.entry AS subject
      FROM fund.posting p GROUP BY p.entry, p.fund, p.currency HAVING sum(p.amount) <> 0
      UNION ALL
      SELECT min(p.fund), 'entry ' || e.id FROM fund.entry e
      LEFT JOIN fund.posting p ON p.entry = e.id
      GROUP BY e.id HAVING count(p.line) <> e.n_lines
      UNION ALL
      SELECT p.fund, 'posting ' || p.entry || '/' || p.line FROM fund.posting p
      LEFT JOIN fund.account a ON (a.id, a.fund, a.currency) = (p.account, p.fund, p.currency)
      WHERE a.id IS NULL\
      """),

  REVERSALS_MIRROR(
      "I1r",
      "كل قيد عكسي صورة معكوسة لما عكسه",
      "Every reversal is the mirror of what it reverses",
      """
      SELECT p.fund, 'entry ' || e.id AS subject
      FROM fund.entry e JOIN fund.posting p ON p.entry = e.id
      LEFT JOIN fund.posting was
        ON was.entry = e.reverses AND was.line = p.line AND was.account = p.account
      WHERE e.reverses IS NOT NULL AND p.amount <> -coalesce(was.amount, 0)\
      """),

  ALL_COMES_TO_NOTHING(
      "I2",
      "مجموع كل الأرصدة في كل صندوق وعملة صفر",
      "All balances of a fund and currency together come to nothing",
      """
      SELECT f.id AS fund, 'fund ' || f.id || ' is ' || sum(s.amount) || ' over' AS subject
      FROM fund.fund f CROSS JOIN LATERAL fund.sums_as_of(f.id, NULL, NULL) s
      GROUP BY f.id HAVING sum(s.amount) <> 0\
      """),

  BALANCES_ARE_SUMS(
      "I3",
      "كل رصيد مخزون يساوي مجموع قيوده",
      "Every stored balance is the sum of its postings",
      """
      SELECT a.fund, 'account ' || a.id || ' (' || a.role || ')' AS subject
      FROM fund.account a
      LEFT JOIN fund.balance b ON b.account = a.id
      LEFT JOIN fund.posting p ON p.account = a.id
      WHERE a.strict GROUP BY a.id, b.held
      HAVING b.held IS DISTINCT FROM -coalesce(sum(p.amount), 0)\
      """),

  NOTHING_OVERDRAWN(
      "I4",
      "لا يُصرف من حساب أكثر مما فيه",
      "No account holds less than nothing for its purpose",
      """
      SELECT a.fund, 'account ' || a.id || ' (' || a.role || ')' AS subject
      FROM fund.account a JOIN fund.posting p ON p.account = a.id
      WHERE a.role IN ('received', 'available', 'reserved', 'payable', 'refund_reserve')
      GROUP BY a.id HAVING sum(p.amount) > 0\
      """),

  RESERVED_IS_HELD(
      "I4r",
      "المحجوز يساوي مجموع الحجوزات القائمة",
      "What is reserved is the sum of the reservations that stand",
      """
      SELECT a.fund, 'reserved' AS subject
      FROM fund.account a
      LEFT JOIN fund.balance b ON b.account = a.id
      WHERE a.role = 'reserved' AND b.held IS DISTINCT FROM (
        SELECT coalesce(sum(r.minor), 0) FROM fund.reservation r
        JOIN fund.disbursement d ON d.id = r.disbursement
        WHERE d.fund = a.fund
          AND NOT EXISTS (SELECT FROM fund.entry e WHERE e.reverses = r.entry)
          AND NOT EXISTS (SELECT FROM fund.payment p
                          WHERE (p.disbursement, p.version) = (r.disbursement, r.version)))
      UNION ALL
      SELECT d.fund, 'reservation of request ' || r.disbursement || ' version ' || r.version
      FROM fund.reservation r JOIN fund.disbursement d ON d.id = r.disbursement
      WHERE NOT EXISTS (SELECT FROM fund.entry e WHERE e.reverses = r.entry)
        AND NOT EXISTS (SELECT FROM fund.payment p
                        WHERE (p.disbursement, p.version) = (r.disbursement, r.version))
        AND (EXISTS (SELECT FROM fund.disbursement_version v
                     WHERE v.disbursement = r.disbursement AND v.version > r.version)
             OR EXISTS (SELECT FROM fund.withdrawal w WHERE w.disbursement = r.disbursement))\
      """),

  AXIS_WITHOUT_GAP(
      "I5",
      "لكل ما صار متاحًا مكان واحد متصل، ولا يُصرف مكان مرتين",
      "All that became free to spend has one place, without gap, and no place is spent twice",
      """
      SELECT s.fund, 'span from ' || s.lo AS subject FROM fund.span s
      WHERE s.lo IS NOT NULL AND NOT EXISTS (
        SELECT FROM fund.span b WHERE b.fund = s.fund AND b.hi = s.lo)
      UNION ALL
      SELECT w.fund, 'entry ' || w.entry FROM (
        SELECT s.fund, s.entry, sum(s.hi - s.lo) AS long FROM fund.span s
        WHERE s.lo IS NOT NULL GROUP BY s.fund, s.entry) w
      WHERE w.long IS DISTINCT FROM (
        SELECT -p.amount FROM fund.posting p JOIN fund.account a ON a.id = p.account
        WHERE p.entry = w.entry AND p.fund = w.fund AND a.role = 'available')
      UNION ALL
      SELECT p.fund, e.kind || ' ' || p.entry
      FROM fund.entry e JOIN fund.posting p ON p.entry = e.id
      JOIN fund.account a ON a.id = p.account AND a.role = 'available'
      WHERE (e.kind = 'settlement' OR e.kind = 'surplus' AND p.amount < 0)
        AND NOT EXISTS (SELECT FROM fund.span s WHERE (s.entry, s.fund) = (e.id, p.fund))
      UNION ALL
      SELECT u.fund, 'use by entry ' || u.entry FROM fund.money_use u
      WHERE upper(u.place) > (SELECT max(s.hi) FROM fund.span s WHERE s.fund = u.fund)
         OR lower(u.place) < 0
         OR EXISTS (SELECT FROM fund.money_use o WHERE o.fund = u.fund AND o.place && u.place
                    AND o.ctid <> u.ctid)\
      """),

  USES_ARE_WHAT_WAS_SPENT(
      "I6",
      "أماكن كل دفعة تساوي مبلغها، وضوابط الصندوق تسمح بوجه صرفها",
      "The places that a payment spends come to its amount, for a use that the fund's rules allow",
      """
      SELECT p.fund, 'payment ' || p.id AS subject FROM fund.payment p
      WHERE p.minor IS DISTINCT FROM (
        SELECT sum(upper(u.place) - lower(u.place)) FROM fund.money_use u
        WHERE u.entry = p.entry AND u.fund = p.fund AND u.kind = 'payment')
      UNION ALL
      SELECT u.fund, 'use by entry ' || u.entry FROM fund.money_use u
      WHERE u.kind = 'payment' AND NOT EXISTS (
        SELECT FROM fund.payment p WHERE p.entry = u.entry AND p.fund = u.fund)
      UNION ALL
      SELECT u.fund, 'use by payment ' || p.id
      FROM fund.money_use u JOIN fund.payment p ON p.entry = u.entry
      JOIN fund.disbursement_version v USING (disbursement, version)
      JOIN fund.fund f ON f.id = u.fund
      LEFT JOIN fund.use_rule r ON r.id = v.use_rule
      LEFT JOIN fund.use_rule_end e ON e.rule = r.id
      WHERE CASE WHEN r.id IS NULL THEN f.restriction <> 'unrestricted'
                 ELSE r.fund <> u.fund
                   OR NOT fund.rule_covers(r, v.category, v.region, v.target_group)
                   OR p.id > e.last_payment
                   OR f.restriction = 'zakat' AND r.origin <> 'migration' AND NOT EXISTS (
                        SELECT FROM fund.use_group g WHERE g.code = v.target_group AND g.zakat)
            END IS TRUE
      UNION ALL
      SELECT m.fund, 'surplus move ' || m.id
      FROM fund.surplus_transfer t JOIN fund.surplus_move m ON m.id = t.move
      WHERE m.minor IS DISTINCT FROM (
          SELECT sum(upper(u.place) - lower(u.place)) FROM fund.money_use u
          WHERE u.entry = t.entry AND u.fund = m.fund AND u.kind = 'surplus')
        OR m.minor IS DISTINCT FROM (
          SELECT s.hi - s.lo FROM fund.span s
          WHERE s.source = t.entry AND s.fund = m.to_fund AND s.kind = 'surplus')
        OR fund.surplus_move_refused(m.fund, m.to_fund) IS NOT NULL
      UNION ALL
      SELECT u.fund, 'surplus of entry ' || u.entry FROM fund.money_use u
      WHERE u.kind = 'surplus' AND NOT EXISTS (
        SELECT FROM fund.surplus_transfer t WHERE t.entry = u.entry)
      UNION ALL
      SELECT s.fund, 'surplus of entry ' || s.entry FROM fund.span s
      WHERE s.kind = 'surplus' AND NOT EXISTS (
        SELECT FROM fund.surplus_transfer t WHERE t.entry = s.entry)\
      """),

  PAYMENTS_APPROVED(
      "I7",
      "كل دفعة سبقتها اعتمادات كافية من أشخاص مختلفين لنسختها نفسها",
      "Every payment has enough approvals of exactly its version, by different other people",
      """
      SELECT p.fund, 'payment ' || p.id AS subject
      FROM fund.payment p
      JOIN fund.disbursement d ON d.id = p.disbursement
      JOIN fund.disbursement_version v
        ON v.disbursement = p.disbursement AND v.version = p.version
      WHERE (SELECT count(*) FROM fund.approvals_valid(p.disbursement, p.version) AS a (approver)
             WHERE a.approver <> p.payer)
            < fund.approvals_needed(d.currency, v.minor, p.paid_at)
         OR p.minor <> v.minor
         OR NOT EXISTS (SELECT FROM fund.entry e JOIN fund.posting t ON t.entry = e.id
                        JOIN fund.account a ON a.id = t.account AND a.role = 'payable'
                        WHERE e.id = p.entry AND e.kind = 'payment' AND t.amount = -p.minor
                          AND t.fund = p.fund)
      UNION ALL
      SELECT m.fund, 'surplus move ' || m.id
      FROM fund.surplus_transfer t JOIN fund.surplus_move m ON m.id = t.move
      JOIN fund.fund f ON f.id = m.fund
      WHERE (SELECT count(*) FROM fund.surplus_approval a
             WHERE a.move = m.id AND a.approver <> m.proposed_by
               AND fund.office_since(a.approver, 'approver', a.approved_at) = a.since)
            < fund.approvals_needed(f.currency, m.minor, t.moved_at)\
      """),

  KEYS_ONCE(
      "I8",
      "لكل مفتاح تكرار قيد واحد وتبرع واحد",
      "Every idempotency key has one entry and one gift",
      """
      SELECT NULL::bigint AS fund, 'entries ' || min(e.id) || ' and ' || max(e.id) AS subject
      FROM fund.entry e GROUP BY e.idem_scope, e.idem_key HAVING count(*) > 1
      UNION ALL
      SELECT min(g.fund), 'gifts ' || min(g.id) || ' and ' || max(g.id)
      FROM fund.gift g GROUP BY g.idem HAVING count(*) > 1\
      """),

  GIFTS_POSTED_ONCE(
      "I8g",
      "كل مال وصل مقيد بمبلغه في قيد واحد، ولا قيد تبرع بلا تبرع",
      "All money that came is posted once with its amount, and no gift entry lacks its gifts",
      """
      SELECT coalesce(w.fund, p.fund) AS fund, 'entry ' || coalesce(w.entry, p.entry) AS subject
      FROM (SELECT r.entry, g.fund, sum(r.minor) AS minor
            FROM fund.receipt r JOIN fund.gift g ON g.id = r.gift
            WHERE r.version = 1 AND r.series = 'M' GROUP BY 1, 2) w
      FULL JOIN (
        SELECT p.entry, p.fund, -p.amount AS minor
        FROM fund.entry e JOIN fund.posting p ON p.entry = e.id
        JOIN fund.account a ON a.id = p.account AND a.role = 'received'
        WHERE e.kind = 'gift' AND e.reverses IS NULL) p ON (p.entry, p.fund) = (w.entry, w.fund)
      WHERE w.minor IS DISTINCT FROM p.minor
         OR (SELECT count(*) FROM fund.span s WHERE s.source = w.entry)
            + (SELECT count(*) FROM fund.unsettled u WHERE u.entry = w.entry)
            <> CASE WHEN w.minor = (
                 SELECT sum(b.minor) FROM fund.card_paid k
                 JOIN fund.given_back b ON b.gift = k.gift AND b.source = 'received'
                 WHERE k.entry = w.entry) THEN 0 ELSE 1 END
      UNION ALL
      SELECT g.fund, 'gift ' || g.id FROM fund.gift g
      LEFT JOIN fund.receipt r ON r.gift = g.id AND r.version = 1
      LEFT JOIN fund.awaited w ON w.gift = g.id
      LEFT JOIN fund.card_awaited c ON c.gift = g.id
      LEFT JOIN fund.card_lapse x ON x.gift = g.id AND r.gift IS NULL
      WHERE num_nonnulls(r.gift, w.gift, c.gift, x.gift) <> 1
        AND NOT (g.id > (SELECT p.all_to FROM fund.posted p)
          AND num_nonnulls(r.gift, w.gift, c.gift, x.gift) = 0
          AND (g.channel = 'in_kind' OR (g.channel = 'card' AND g.demonstration))
          AND g.given_at > (SELECT l.given_at - interval '1 minute' FROM fund.gift l
                            ORDER BY l.id DESC LIMIT 1))\
      """),

  CARD_MONEY_IS_PAID(
      "I8c",
      "كل مال بطاقة في صندوق حقيقي لدى مزود الدفع بمبلغه",
      "All card money in a real fund is with the provider, in its amount",
      """
      SELECT g.fund, 'gift ' || g.id AS subject
      FROM fund.gift g
      LEFT JOIN fund.card_intent i ON i.gift = g.id
      LEFT JOIN fund.card_paid k ON k.gift = g.id
      LEFT JOIN fund.receipt r ON r.gift = g.id AND r.version = 1
      WHERE (g.channel = 'card' AND NOT g.demonstration) <> (i.gift IS NOT NULL)
         OR (i.gift IS NOT NULL AND (k.minor, k.entry) IS DISTINCT FROM (r.minor, r.entry))
         OR k.minor <> i.minor OR i.minor <> g.minor\
      """),

  REFUNDS_WITHIN_GIFT(
      "I9",
      "ما أُعيد من تبرع لا يزيد على ما وصل، ولكل إعادة قيدها وشخصان",
      "No more of a gift goes back than came; each refund has its entry and two people",
      """
      SELECT i.fund, 'gift ' || k.gift AS subject
      FROM fund.card_paid k JOIN fund.card_intent i ON i.gift = k.gift
      WHERE k.minor < (SELECT sum(b.minor) FROM fund.given_back b WHERE b.gift = k.gift)
      UNION ALL
      SELECT i.fund, 'entry ' || b.entry
      FROM fund.given_back b JOIN fund.card_intent i ON i.gift = b.gift
      WHERE NOT EXISTS (
          SELECT FROM fund.entry e
          JOIN fund.posting p ON p.entry = e.id AND p.amount = -b.minor
          JOIN fund.account a ON a.id = p.account AND a.role = 'clearing' AND a.fund = i.fund
          JOIN fund.posting q ON q.entry = e.id AND q.amount = b.minor
          JOIN fund.account s ON s.id = q.account AND s.role = b.source
          WHERE e.id = b.entry AND e.kind = b.kind)
        OR CASE b.source WHEN 'available' THEN b.minor ELSE 0 END IS DISTINCT FROM (
          SELECT coalesce(sum(upper(u.place) - lower(u.place)), 0)
          FROM fund.money_use u WHERE u.entry = b.entry)
        OR (b.kind = 'chargeback') <> EXISTS (
          SELECT FROM fund.chargeback c WHERE c.entry = b.entry)
        OR (b.kind = 'refund') <> EXISTS (
          SELECT FROM fund.refund_confirmation c JOIN fund.refund r ON r.id = c.refund
          WHERE c.entry = b.entry AND (r.gift, r.minor) = (b.gift, b.minor)
            AND c.confirmed_by <> r.asked_by)
      UNION ALL
      SELECT p.fund, 'entry ' || e.id
      FROM fund.entry e JOIN fund.posting p ON p.entry = e.id AND p.line = 1
      WHERE e.kind IN ('refund', 'chargeback') AND e.reverses IS NULL
        AND NOT EXISTS (SELECT FROM fund.given_back b WHERE b.entry = e.id)\
      """),

  RECEIPTS_GAPLESS(
      "I10",
      "أرقام الإيصالات متتابعة بلا فجوة، ولكل ما وصل إيصال",
      "Receipt numbers have no gap, and all that came has its receipt",
      """
      SELECT NULL::bigint AS fund, 'series ' || s.series || ' of ' || s.year AS subject
      FROM fund.receipt_series s
      LEFT JOIN fund.receipt r ON r.series = s.series AND r.year = s.year
      GROUP BY s.series, s.year, s.last
      HAVING count(r.number) <> s.last OR max(r.number) IS DISTINCT FROM s.last
      UNION ALL
      SELECT g.fund, 'receipt ' || r.series || '-' || r.year || '-' || r.number
      FROM fund.receipt r LEFT JOIN fund.gift g ON g.id = r.gift
      WHERE g.id IS NULL OR NOT EXISTS (SELECT FROM fund.receipt_series s
                                        WHERE s.series = r.series AND s.year = r.year)\
      """),

  BUDGETS_HOLD(
      "I7b",
      "ما حُجز ودُفع من كل مبادرة لا يزيد على ميزانيتها، ولكل نسخة من السياسة شخصان",
      "What is reserved and paid of an initiative is within its budget, and every policy has two",
      """
      SELECT i.fund, 'initiative ' || i.id AS subject FROM fund.initiative i
      WHERE fund.budget_used(i.id) > fund.budget_in_force(i.id)
      UNION ALL
      SELECT NULL, 'policy ' || c.version
      FROM fund.policy_confirmation c JOIN fund.policy_version v USING (version)
      WHERE c.confirmed_by = v.proposed_by
         OR EXISTS (SELECT FROM fund.approval_policy s
                    WHERE s.version = c.version AND s.needed < 2)\
      """),

  ENTITLED_ONCE(
      "I13",
      "لا يُدفع استحقاق مرتين، ومن سجّل ومن تحقق ومن دفع أشخاص مختلفون",
      "No entitlement is paid twice; who enrols, who verifies and who pays are different people",
      """
      SELECT g.fund, 'entitlement ' || t.id AS subject
      FROM fund.entitlement t JOIN fund.programme g ON g.id = t.programme
      WHERE (SELECT count(*) FROM fund.entitlement_payment e
             WHERE e.entitlement = t.id AND fund.payment_stands(e.payment)) > 1
      UNION ALL
      SELECT p.fund, 'entitlement ' || l.entitlement
      FROM fund.payment p JOIN fund.disbursement_entitlement l USING (disbursement, version)
      LEFT JOIN fund.entitlement_payment e
        ON (e.entitlement, e.payment) = (l.entitlement, p.id)
      LEFT JOIN fund.verification k ON k.entitlement = l.entitlement
      WHERE e.payment IS NULL OR k.verified_by IS NULL
         OR p.payer IN (k.enrolled_by, k.verified_by) OR k.enrolled_by = k.verified_by\
      """),

  PAST_IS_WHAT_IT_WAS(
      "I15",
      "الأرصدة المحفوظة بالساعة تساوي قيود تلك الساعة على محوري الزمن",
      "Balances kept by the hour are the postings of that hour, on both axes of time",
      """
      SELECT a.fund, 'account ' || a.id || ' (' || a.role || ')' AS subject
      FROM (
        SELECT h.account, h.kind, h.happened, h.known, h.delta FROM fund.balance_hour h
        UNION ALL
        SELECT p.account, e.kind, date_trunc('hour', e.event_at, 'UTC'),
               date_trunc('hour', e.recorded_at, 'UTC'), -sum(p.amount)
        FROM fund.folded f
        JOIN fund.entry e ON e.xid8 < f.before
        JOIN fund.posting p ON p.entry = e.id GROUP BY 1, 2, 3, 4
      ) both_ways
      LEFT JOIN fund.account a ON a.id = both_ways.account
      GROUP BY a.fund, a.id, a.role, both_ways.kind, happened, known
      HAVING sum(delta) <> 0
      UNION ALL
      SELECT a.fund, 'account ' || a.id || ' (' || a.role || ')'
      FROM (
        SELECT d.account, d.kind, d.happened, d.known, d.delta FROM fund.balance_day d
        UNION ALL
        SELECT h.account, h.kind, date_trunc('day', h.happened, 'UTC'),
               date_trunc('day', h.known, 'UTC'), -h.delta
        FROM fund.balance_hour h
      ) both_ways
      LEFT JOIN fund.account a ON a.id = both_ways.account
      GROUP BY a.fund, a.id, a.role, both_ways.kind, happened, known
      HAVING sum(delta) <> 0
      UNION ALL
      SELECT a.fund, 'account ' || a.id || ' (' || a.role || ')'
      FROM (
        SELECT m.account, m.kind, m.happened, m.known, m.delta FROM fund.balance_month m
        UNION ALL
        SELECT d.account, d.kind, date_trunc('month', d.happened, 'UTC'),
               date_trunc('month', d.known, 'UTC'), -d.delta
        FROM fund.balance_day d
      ) both_ways
      LEFT JOIN fund.account a ON a.id = both_ways.account
      GROUP BY a.fund, a.id, a.role, both_ways.kind, happened, known
      HAVING sum(delta) <> 0\
      """),

  FIGURES_ARE_THE_JOURNAL(
      "I16",
      "الأرقام المنشورة هي مجموع القيود",
      "The public figures are the sums of the journal",
      """
      SELECT f.fund, 'fund ' || f.fund AS subject
      FROM fund.figures f
      JOIN (
        SELECT p.fund,
               coalesce(-sum(p.amount) FILTER (WHERE a.role = 'received' AND e.kind = 'gift'), 0)
                 + coalesce(sum(p.amount) FILTER (WHERE a.role IN ('clearing', 'bank')
                                          AND e.kind IN ('refund', 'chargeback')), 0) AS received,
               coalesce(-sum(p.amount) FILTER (WHERE a.role = 'received'), 0) AS settling,
               coalesce(-sum(p.amount) FILTER (WHERE a.role = 'available'), 0) AS available,
               coalesce(-sum(p.amount) FILTER (WHERE a.role = 'reserved'), 0) AS reserved
        FROM fund.posting p JOIN fund.account a ON a.id = p.account
        JOIN fund.entry e ON e.id = p.entry GROUP BY p.fund
      ) j ON j.fund = f.fund
      WHERE (f.received, f.settling, f.available, f.reserved)
            <> (j.received, j.settling, j.available, j.reserved)
      UNION ALL
      SELECT m.fund, 'moved of fund ' || m.fund
      FROM fund.moved m CROSS JOIN LATERAL (
        SELECT coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0) AS moved_in,
               coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0) AS moved_out
        FROM fund.account a JOIN fund.posting p ON p.account = a.id
        JOIN fund.entry e ON e.id = p.entry AND e.kind = 'surplus'
        WHERE a.fund = m.fund AND a.role = 'available') j
      WHERE (m.moved_in, m.moved_out) <> (j.moved_in, j.moved_out)\
      """);

  /**
   * Where an invariant does not hold.
   *
   * @param fund whose money it is about; empty where no one fund's
   */
  public record Violation(Invariants invariant, Optional<FundId> fund, String subject) {}

  private final String number;
  private final Words words;
  private final String violations;

  Invariants(String number, String ar, String en, String violations) {
    this.number = number;
    this.words = new Words(ar, en);
    this.violations = violations;
  }

  /** As the watch, the metrics and auditors name it. */
  public String number() {
    return number;
  }

  public Words words() {
    return words;
  }

  /** The rows of the books for which this does not hold. */
  public List<Violation> check(SqlClient conn) {
    return conn.preparedQuery(violations).execute().await().stream()
        .map(
            row ->
                new Violation(
                    this,
                    Optional.ofNullable(row.getLong("fund")).map(FundId::new),
                    row.getString("subject")))
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
