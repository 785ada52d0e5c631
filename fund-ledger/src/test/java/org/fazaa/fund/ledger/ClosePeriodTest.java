package org.fazaa.fund.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.sar;

import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.ClosePeriod.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClosePeriodTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final YearMonth MAY = YearMonth.of(2026, 5);
  private static final YearMonth JUNE = YearMonth.of(2026, 6);
  private static final Instant MAY_9 = Instant.parse("2026-05-09T09:00:00Z");
  private static final Instant JUNE_9 = Instant.parse("2026-06-09T09:00:00Z");
  private static final Instant JULY_2 = Instant.parse("2026-07-02T09:00:00Z");
  private static final Optional<Instant> JULY = Optional.of(Instant.parse("2026-06-30T21:00:00Z"));

  private final Books books = new Books(db);
  private FundId fund;

  @BeforeEach
  void booksOfTwoMonths() {
    if (Officer.list(db.pool(), JULY_2).isEmpty()) books.appointOfficers();
    fund = books.openFund();
    move(100, MAY_9, MAY_9);
    move(20, JUNE_9, JUNE_9);
  }

  @Test
  void monthsCloseInTheirOrderWhenTheyAreOverAndByATreasurer() {
    assertThat(close(JUNE, JUNE_9)).isInstanceOf(Outcome.NotOver.class);
    assertThat(close(JUNE, HUDA_REQUESTER, JULY_2)).isInstanceOf(Outcome.NotTreasurer.class);
    assertThat(close(JUNE, JULY_2)).isInstanceOf(Outcome.EarlierOpen.class);
    assertThat(close(MAY, JULY_2)).isInstanceOf(Outcome.Closed.class);
    assertThat(close(JUNE, JULY_2)).isInstanceOf(Outcome.Closed.class);
    assertThat(close(MAY, JULY_2)).isInstanceOf(Outcome.AlreadyClosed.class);

    move(3, JUNE_9, JULY_2);

    var july = ClosePeriod.list(db.pool()).getFirst();
    assertThat(july).extracting(ClosePeriod.Period::entries).isEqualTo(1L);
    assertThat(july).extracting(ClosePeriod.Period::prior).isEqualTo(1L);
    assertThat(asOf(JULY, JULY)).containsEntry("bank", sar(120));
    assertThat(asOf(JULY, Optional.empty())).containsEntry("bank", sar(123));
  }

  private Map<String, Money> asOf(Optional<Instant> happened, Optional<Instant> known) {
    return Journal.asOf(db.pool(), fund, happened, known);
  }

  private Outcome close(YearMonth month, Instant now) {
    return close(month, NOURA_TREASURER, now);
  }

  private Outcome close(YearMonth month, long by, Instant now) {
    return books.inTransaction(tx -> ClosePeriod.run(tx, new ClosePeriod.Draft(month, by), now));
  }

  /** Money moves in the bank, known at a later time. */
  private void move(long riyals, Instant happened, Instant known) {
    var fields =
        Tuple.of(
            fund.value(), riyals * 100, Books.key(), Database.utc(happened), Database.utc(known));
    db.superuserPool().preparedQuery(MOVE).execute(fields).await();
  }

  private static final String MOVE =
      "SELECT fund.move('correction', $1, 'bank', 'suspense', $2, $3, 'test', $4, $5)";
}
