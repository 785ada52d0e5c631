package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.nextIban;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.Words;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayeesTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private final Books books = new Books(db);

  @BeforeAll
  static void officers() {
    new Books(db).appointOfficers();
  }

  @ParameterizedTest
  @CsvSource({
    "SA0380000000608010167519, true",
    "sa03 8000 0000 6080 1016 7519, true",
    "AE070331234567890123456, true",
    "KW81CBKU0000000000001234560101, true",
    "SA0380000000608010167518, false",
    "SA038000000060801016751, false",
    "XX0380000000608010167519, false",
    "12345, false",
    "'', false",
  })
  void anIbanIsCheckedByCountryLengthAndCheckDigits(String written, boolean valid) {
    assertThat(Ibans.valid(written)).isEqualTo(valid);
  }

  @Test
  void aPayeeIsAddedUnverifiedAndItsIbanIsShownMasked() {
    var payee = Payees.find(db.pool(), books.addPayee()).orElseThrow();

    assertThat(payee.usableFrom()).isEmpty();
    assertThat(payee.ibanVersion()).isEqualTo(1);
    assertThat(payee.ibanMasked()).hasSize(8).startsWith("SA••").doesNotContain("0000000");
    assertThat(Payees.list(db.pool())).contains(payee);
  }

  @Test
  void oneIbanBelongsToOnePayeeEvenWhenAddedManyTimesAtOnce() throws Exception {
    var draft = draft(nextIban(), HUDA_REQUESTER);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<AddPayee.Outcome> add = () -> add(draft);
      var added = 0;
      for (var outcome : threads.invokeAll(Collections.nCopies(8, add))) {
        added += outcome.get() instanceof AddPayee.Outcome.Added ? 1 : 0;
      }
      assertThat(added).isEqualTo(1);
    }
    assertThat(add(draft)).isInstanceOf(AddPayee.Outcome.IbanTaken.class);
  }

  @Test
  void onlyRequestersAndTreasurersAddPayees() {
    assertThat(add(draft(nextIban(), SAAD_APPROVER))).isEqualTo(new AddPayee.Outcome.NotAllowed());
    assertThat(add(draft(nextIban(), NOURA_TREASURER))).isInstanceOf(AddPayee.Outcome.Added.class);
    assertThat(add(draft("SA00", HUDA_REQUESTER))).isInstanceOf(AddPayee.Outcome.Invalid.class);
  }

  @Test
  void anotherOfficerVerifiesAndItCountsAtOnce() {
    var payee = books.addPayee();

    assertThat(verify(payee, 1, SAAD_APPROVER)).isEqualTo(new VerifyPayee.Outcome.Verified(NOW));
    assertThat(verify(payee, 1, NOURA_TREASURER))
        .isEqualTo(new VerifyPayee.Outcome.AlreadyVerified(NOW));
  }

  @Test
  void whoWroteAnIbanDoesNotVerifyIt() {
    var payee = ((AddPayee.Outcome.Added) add(draft(nextIban(), NOURA_TREASURER))).payee();

    assertThat(verify(payee, 1, NOURA_TREASURER)).isEqualTo(new VerifyPayee.Outcome.OwnIban());
    assertThat(verify(payee, 1, HUDA_REQUESTER)).isEqualTo(new VerifyPayee.Outcome.NotAllowed());
    assertThatThrownBy(() -> verifyInSql(payee, NOURA_TREASURER, NOURA_TREASURER))
        .isInstanceOfSatisfying(
            PgException.class,
            e -> assertThat(e.getConstraint()).isEqualTo("verifier_is_not_writer"));
    assertThatThrownBy(() -> verifyInSql(payee, SAAD_APPROVER, NOURA_TREASURER))
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("23503"));
  }

  @Test
  @Tag("S28")
  void aChangedIbanMustBeVerifiedAnewAndWaitsADay() {
    var payee = books.verifiedPayee();
    books.inTransaction(tx -> AddPayee.changeIban(tx, payee, nextIban(), HUDA_REQUESTER, NOW));

    assertThat(Payees.find(db.pool(), payee).orElseThrow().usableFrom()).isEmpty();
    assertThat(verify(payee, 1, SAAD_APPROVER)).isEqualTo(new VerifyPayee.Outcome.IbanChanged(2));
    assertThat(verify(payee, 2, SAAD_APPROVER))
        .isEqualTo(new VerifyPayee.Outcome.Verified(NOW.plus(Duration.ofHours(24))));
  }

  @Test
  void aPayeeThatIsNotThereIsNamed() {
    var nobody = new PayeeId(987_654);

    assertThat(verify(nobody, 1, SAAD_APPROVER))
        .isEqualTo(new VerifyPayee.Outcome.NoSuchPayee(nobody));
    AddPayee.Outcome changed =
        books.inTransaction(tx -> AddPayee.changeIban(tx, nobody, nextIban(), HUDA_REQUESTER, NOW));
    assertThat(changed).isEqualTo(new AddPayee.Outcome.NoSuchPayee(nobody));
  }

  private AddPayee.Outcome add(AddPayee.Draft draft) {
    return books.inTransaction(tx -> AddPayee.run(tx, draft, NOW));
  }

  private static AddPayee.Draft draft(String iban, long by) {
    return new AddPayee.Draft(new Words("جمعية إطعام", "Eta'am Society"), iban, Set.of(), by);
  }

  private VerifyPayee.Outcome verify(PayeeId payee, int ibanVersion, long by) {
    var draft = new VerifyPayee.Draft(payee, ibanVersion, "Letter of the bank", by);
    return books.inTransaction(tx -> VerifyPayee.run(tx, draft, NOW));
  }

  private static void verifyInSql(PayeeId payee, long writtenBy, long verifiedBy) {
    db.pool()
        .preparedQuery(
            """
            INSERT INTO fund.payee_verification
              (payee, n, written_by, verified_by, verified_at, usable_from, evidence)
            VALUES ($1, 1, $2, $3, '2026-03-01Z', '2026-03-01Z', 'none')\
            """)
        .execute(Tuple.of(payee.value(), writtenBy, verifiedBy))
        .await();
  }
}
