package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.key;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Use;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who bears fees is said by two people. */
class FeePolicyTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final long NOBODY = 987_654;

  private static Instant at = NOW;

  private final Books books = new Books(db);

  @BeforeEach
  void later() {
    if (at.equals(NOW)) books.appointOfficers();
    at = at.plusSeconds(60);
  }

  @Test
  void whatAnotherConfirmsIsInForceFromThenOnAndNotBefore() {
    var operator = unrestricted();
    var before = FeePolicy.inForce(db.pool(), at).operatorFund();
    var id = proposed(Optional.of(operator), HUDA_REQUESTER);
    assertThat(FeePolicy.inForce(db.pool(), at).operatorFund()).isEqualTo(before);

    assertThat(confirm(id, SAAD_APPROVER)).isEqualTo(new ConfirmFees.Outcome.Confirmed(id));
    assertThat(confirm(id, NOURA_TREASURER))
        .isEqualTo(new ConfirmFees.Outcome.AlreadyConfirmed(id));

    var inForce = FeePolicy.inForce(db.pool(), at);
    assertThat(inForce.operatorFund()).contains(operator);
    assertThat(inForce.confirmation().orElseThrow().by()).isEqualTo(SAAD_APPROVER);
    assertThat(FeePolicy.inForce(db.pool(), at.minusSeconds(1)).operatorFund()).isEqualTo(before);
  }

  @Test
  void nobodyConfirmsTheirOwnNorWhatWasOvertakenNorWithoutOffice() {
    var first = proposed(Optional.empty(), SAAD_APPROVER);
    assertThat(confirm(first, SAAD_APPROVER)).isEqualTo(new ConfirmFees.Outcome.OwnProposal());
    assertThat(confirm(first, HUDA_REQUESTER)).isEqualTo(new ConfirmFees.Outcome.NotAllowed());
    assertThat(confirm(first, NOBODY)).isEqualTo(new ConfirmFees.Outcome.NotAllowed());
    proposed(Optional.empty(), HUDA_REQUESTER);
    assertThat(confirm(first, NOURA_TREASURER)).isEqualTo(new ConfirmFees.Outcome.Overtaken());
    assertThat(confirm(987_654, NOURA_TREASURER))
        .isEqualTo(new ConfirmFees.Outcome.NoSuchPolicy(987_654));
  }

  @Test
  void onlyAnUnrestrictedFundThatIsThereBearsThemAndOnlyOfficersSaySo() {
    var purpose = books.openFund();
    var nowhere = new FundId(987_654);
    assertThat(propose(key(), Optional.of(purpose), HUDA_REQUESTER))
        .isEqualTo(new ProposeFees.Outcome.Restricted());
    assertThat(propose(key(), Optional.of(nowhere), HUDA_REQUESTER))
        .isEqualTo(new ProposeFees.Outcome.NoSuchFund(nowhere));
    assertThat(propose(key(), Optional.empty(), NOBODY))
        .isEqualTo(new ProposeFees.Outcome.NotAllowed());
    assertThat(propose("", Optional.empty(), HUDA_REQUESTER))
        .isInstanceOf(ProposeFees.Outcome.Invalid.class);
  }

  @Test
  void aKeyProposesOnce() {
    var key = key();
    var first = propose(key, Optional.empty(), HUDA_REQUESTER);
    var id = ((ProposeFees.Outcome.Proposed) first).id();
    assertThat(propose(key, Optional.empty(), HUDA_REQUESTER))
        .isEqualTo(new ProposeFees.Outcome.AlreadyProposed(id));
    assertThat(propose(key, Optional.empty(), SAAD_APPROVER))
        .isEqualTo(new ProposeFees.Outcome.DiffersFromFirst());
  }

  @Test
  void twoWhoConfirmAtOnceMakeOnePolicy() throws Exception {
    var id = proposed(Optional.empty(), HUDA_REQUESTER);
    List<Callable<ConfirmFees.Outcome>> both =
        List.of(() -> confirm(id, SAAD_APPROVER), () -> confirm(id, NOURA_TREASURER));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var outcomes =
          threads.invokeAll(both).stream()
              .map(one -> one.resultNow().getClass().getSimpleName())
              .toList();
      assertThat(outcomes).containsExactlyInAnyOrder("Confirmed", "AlreadyConfirmed");
    }
  }

  @Test
  void theDatabaseRefusesOnePersonARestrictedFundAndWhatWasOvertaken() {
    var own = proposed(Optional.empty(), SAAD_APPROVER);
    assertRefused(CONFIRM, Tuple.of(own, SAAD_APPROVER, since(SAAD_APPROVER)), "fee_policy_by_two");
    proposed(Optional.empty(), HUDA_REQUESTER);
    assertRefused(
        CONFIRM, Tuple.of(own, NOURA_TREASURER, since(NOURA_TREASURER)), "fee_policy_is_latest");
    assertRefused(
        PROPOSE,
        Tuple.of(books.openFund().value(), SAAD_APPROVER, since(SAAD_APPROVER), key()),
        "operator_fund_is_unrestricted");
  }

  private void assertRefused(String sql, Tuple fields, String constraint) {
    fields.addOffsetDateTime(Database.utc(at));
    assertThatThrownBy(() -> db.pool().preparedQuery(sql).execute(fields).await())
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo(constraint));
  }

  private FundId unrestricted() {
    return books.openFund(Restriction.UNRESTRICTED, Terms.Opening.of(Use.ANY));
  }

  private OffsetDateTime since(long account) {
    return db.pool()
        .preparedQuery("SELECT min(since) FROM fund.officer WHERE account = $1")
        .execute(Tuple.of(account))
        .await()
        .iterator()
        .next()
        .getOffsetDateTime(0);
  }

  private long proposed(Optional<FundId> operator, long by) {
    return ((ProposeFees.Outcome.Proposed) propose(key(), operator, by)).id();
  }

  private ProposeFees.Outcome propose(String key, Optional<FundId> operator, long by) {
    var draft = new ProposeFees.Draft(key, operator, "board", by);
    return books.inTransaction(tx -> ProposeFees.run(tx, draft, at));
  }

  private ConfirmFees.Outcome confirm(long id, long by) {
    return books.inTransaction(tx -> ConfirmFees.run(tx, new ConfirmFees.Draft(id, by), at));
  }

  private static final String CONFIRM =
      """
      INSERT INTO fund.fee_confirmation
        (proposal, proposed_by, confirmed_by, office, since, confirmed_at)
      SELECT $1, p.proposed_by, $2, o.office, $3, $4
      FROM fund.fee_proposal p JOIN fund.officer o ON (o.account, o.since) = ($2, $3)
      WHERE p.id = $1\
      """;

  private static final String PROPOSE =
      """
      INSERT INTO fund.fee_proposal (bearer, operator_fund, proposed_by, office, since, proposed_at,
                                     why, idem_key, request_hash)
      VALUES ('operator', $1, $2, 'approver', $3, $5, 'board', $4, sha256('x'))\
      """;
}
