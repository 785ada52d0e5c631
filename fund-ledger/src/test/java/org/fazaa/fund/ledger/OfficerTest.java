package org.fazaa.fund.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.NOW;

import io.vertx.pgclient.PgException;
import java.time.Instant;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.Officer.Appointment;
import org.fazaa.fund.ledger.Officer.Office;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OfficerTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private final Books books = new Books(db);

  @Test
  void anAppointmentHoldsFromItsMomentOn() {
    appoint(101, Office.APPROVER);

    assertThat(Officer.holds(db.pool(), 101, Office.APPROVER, NOW)).isTrue();
    assertThat(Officer.holds(db.pool(), 101, Office.APPROVER, NOW.minusSeconds(1))).isFalse();
    assertThat(Officer.holds(db.pool(), 101, Office.TREASURER, NOW)).isFalse();
    assertThat(Officer.list(db.pool(), NOW)).contains(new Officer(101, Office.APPROVER, NOW));
  }

  @Test
  void whoIsInOfficeIsNotAppointedAgain() {
    appoint(102, Office.TREASURER);

    assertThat(appoint(102, Office.TREASURER))
        .isEqualTo(new Appointment.AlreadyInOffice(new Officer(102, Office.TREASURER, NOW)));
  }

  @Test
  void aDismissedOfficerMayBeAppointedAgainLater() {
    appoint(103, Office.APPROVER);
    var later = NOW.plusSeconds(60);
    var muchLater = NOW.plusSeconds(120);

    assertThat(dismiss(103, later)).isTrue();
    assertThat(dismiss(103, later)).isFalse();
    assertThat(Officer.holds(db.pool(), 103, Office.APPROVER, later)).isFalse();
    assertThat(Officer.holds(db.pool(), 103, Office.APPROVER, NOW)).isTrue();
    books.inTransaction(tx -> Officer.appoint(tx, 103, Office.APPROVER, 1, muchLater));
    assertThat(Officer.since(db.pool(), 103, Office.APPROVER, muchLater)).contains(muchLater);
  }

  @Test
  void nobodyAppointsThemselves() {
    Appointment own =
        books.inTransaction(tx -> Officer.appoint(tx, 104, Office.TREASURER, 104, NOW));
    assertThat(own).isEqualTo(new Appointment.OwnOffice());
    assertThatThrownBy(
            () ->
                db.pool()
                    .query(
                        """
                        INSERT INTO fund.officer (account, office, since, appointed_by)
                        VALUES (104, 'treasurer', '2026-03-01Z', 104)\
                        """)
                    .execute()
                    .await())
        .isInstanceOfSatisfying(
            PgException.class,
            e -> assertThat(e.getConstraint()).isEqualTo("nobody_appoints_themselves"));
  }

  private Appointment appoint(long account, Office office) {
    return books.inTransaction(tx -> Officer.appoint(tx, account, office, 1, NOW));
  }

  private boolean dismiss(long account, Instant at) {
    return books.inTransaction(tx -> Officer.dismiss(tx, account, Office.APPROVER, 1, at));
  }
}
