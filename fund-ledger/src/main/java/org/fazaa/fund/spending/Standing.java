package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;

/**
 * How a request stands, read under its lock: what every decision about it looks at.
 *
 * @param version the latest, which alone may be approved or paid
 * @param approvers whose approvals of this version count
 * @param needed how many of them it takes
 * @param reserved whether money is set aside for this version
 * @param payment the order of this version, if there is one
 * @param payeeReady whether the IBAN of this version is the payee's latest, verified and usable
 * @param accredited whether the payee is accredited on this day
 * @param payeeMembers accounts that belong to the payee
 * @param peopleHands accounts that enrolled or verified people whom it would pay
 * @param unverified of the people whom it would pay, one whom nobody has verified
 * @param paidElsewhere of the people whom it would pay, one whom another order pays already
 * @param initiative whose budget it cites, and what is left of that
 * @param useRefused what refuses its use on this day, by the database's name
 */
record Standing(
    DisbursementId id,
    FundId fund,
    long creator,
    int version,
    Money amount,
    Set<Long> approvers,
    int needed,
    boolean withdrawn,
    boolean reserved,
    Optional<Payment> payment,
    boolean payeeReady,
    boolean accredited,
    Set<Long> payeeMembers,
    Set<Long> peopleHands,
    Optional<Long> unverified,
    Optional<Long> paidElsewhere,
    Optional<Budget> initiative,
    Optional<String> useRefused) {

  /** What is left of an initiative's budget; what is reserved for this version is used of it. */
  record Budget(long initiative, Money left) {}

  /** What came of setting money aside. */
  enum Reserved {
    RESERVED,
    NOT_ENOUGH,
    OVER_BUDGET
  }

  boolean approved() {
    return approvers.size() >= needed;
  }

  /** Locks a request until the end of the transaction and reads how it stands. */
  static Optional<Standing> lock(SqlConnection tx, DisbursementId id, Instant now) {
    tx.preparedQuery(LOCK).execute(Tuple.of(id.value())).await();
    var fields = Tuple.of(id.value(), Database.utc(now));
    return tx.preparedQuery(READ).execute(fields).await().stream()
        .map(Standing::standing)
        .findFirst();
  }

  /** Sets money aside for the approved version, if there is enough. */
  Reserved reserve(SqlConnection tx, long by, Instant now) {
    var fields = Tuple.of(id.value(), version, "account:" + by, Database.utc(now));
    var said = tx.preparedQuery(RESERVE).execute(fields).await().iterator().next().getString(0);
    return Reserved.valueOf(said.toUpperCase(Locale.ROOT));
  }

  private static Standing standing(Row row) {
    var currency = row.getString("currency");
    var payment =
        Optional.ofNullable(row.getLong("payment"))
            .map(
                p ->
                    new Payment(
                        p,
                        row.getString("end_to_end"),
                        PaymentState.of(row.getString("state")),
                        row.getOffsetDateTime("paid_at").toInstant()));
    return new Standing(
        new DisbursementId(row.getLong("id")),
        new FundId(row.getLong("fund")),
        row.getLong("creator"),
        row.getInteger("version"),
        Money.of(row.getLong("minor"), currency),
        Set.of(row.getArrayOfLongs("approvers")),
        row.getInteger("needed"),
        row.getBoolean("withdrawn"),
        row.getBoolean("reserved"),
        payment,
        row.getBoolean("payee_ready"),
        row.getBoolean("accredited"),
        Set.of(row.getArrayOfLongs("members")),
        Set.of(row.getArrayOfLongs("hands")),
        Optional.ofNullable(row.getLong("unverified")),
        Optional.ofNullable(row.getLong("paid_elsewhere")),
        Optional.ofNullable(row.getLong("initiative"))
            .map(cited -> new Budget(cited, Money.of(row.getLong("left"), currency))),
        Optional.ofNullable(row.getString("use_refused")));
  }

  private static final String LOCK = "SELECT fund.lock_disbursement($1)";

  private static final String RESERVE = "SELECT fund.reserve($1, $2, $3, $4)";

  private static final String READ =
      """
      SELECT d.id, d.fund, d.currency, d.creator, v.version, v.minor,
             ARRAY(SELECT fund.approvals_valid(d.id, v.version)) AS approvers,
             fund.approvals_needed(d.currency, v.minor, $2) AS needed,
             EXISTS (SELECT FROM fund.withdrawal w WHERE w.disbursement = d.id) AS withdrawn,
             EXISTS (SELECT FROM fund.reservation r
                     WHERE r.disbursement = d.id AND r.version = v.version
                       AND NOT EXISTS (SELECT FROM fund.entry e WHERE e.reverses = r.entry))
               AS reserved,
             p.id AS payment, p.end_to_end, p.paid_at, step.state,
             EXISTS (SELECT FROM fund.payee_verification k
                     WHERE k.payee = v.payee AND k.n = v.iban_n AND k.usable_from <= $2)
               AND NOT EXISTS (SELECT FROM fund.payee_iban i
                               WHERE i.payee = v.payee AND i.n > v.iban_n) AS payee_ready,
             fund.is_accredited(v.payee, $2) AS accredited,
             ARRAY(SELECT m.account FROM fund.payee_member m WHERE m.payee = v.payee) AS members,
             ARRAY(SELECT fund.people_hands(d.id, v.version)) AS hands,
             (SELECT min(l.entitlement) FROM fund.disbursement_entitlement l
              WHERE (l.disbursement, l.version) = (d.id, v.version)
                AND NOT EXISTS (SELECT FROM fund.verification k
                                WHERE k.entitlement = l.entitlement)) AS unverified,
             (SELECT min(l.entitlement) FROM fund.disbursement_entitlement l
              JOIN fund.entitlement_payment e ON e.entitlement = l.entitlement
              WHERE (l.disbursement, l.version) = (d.id, v.version)
                AND fund.payment_stands(e.payment)) AS paid_elsewhere,
             v.initiative,
             fund.budget_in_force(v.initiative) - fund.budget_used(v.initiative) AS left,
             fund.use_refused(d.fund, v.use_rule, v.category, v.region, v.target_group, $2)
               AS use_refused
      FROM fund.disbursement d
      JOIN LATERAL (SELECT v.* FROM fund.disbursement_version v
                    WHERE v.disbursement = d.id ORDER BY v.version DESC LIMIT 1) v ON true
      LEFT JOIN fund.payment p ON (p.disbursement, p.version) = (d.id, v.version)
      LEFT JOIN LATERAL (SELECT k.state FROM fund.payment_step k WHERE k.payment = p.id
                         ORDER BY k.n DESC LIMIT 1) step ON true
      WHERE d.id = $1\
      """;
}
