package org.fazaa.fund.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.sar;

import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the books say of earlier moments, on both axes of time. */
class PastTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final Instant MAY_9 = Instant.parse("2026-05-09T09:00:00Z");
  private static final Instant JUNE_9 = Instant.parse("2026-06-09T09:00:00Z");
  private static final Optional<Instant> JULY = Optional.of(Instant.parse("2026-06-30T21:00:00Z"));

  private final Books books = new Books(db);
  private FundId fund;

  @BeforeEach
  void booksOfTwoMonths() {
    fund = books.openFund();
    move(100, MAY_9, MAY_9);
    move(20, JUNE_9, JUNE_9);
  }

  @Test
  void thePastIsTheSameWhetherItWasFoldedInOrNot() {
    move(7, MAY_9, JUNE_9.plusSeconds(61));
    var moments = new Instant[] {MAY_9, MAY_9.plusSeconds(1), JUNE_9, JUNE_9.plusSeconds(62)};
    var before = all(moments);

    books.inTransaction(FoldBooks::fold);

    assertThat(all(moments)).isEqualTo(before);
    assertThat(asOf(Optional.of(MAY_9), Optional.empty())).doesNotContainKey("bank");
    assertThat(asOf(JULY, Optional.of(JUNE_9.plusSeconds(61)))).containsEntry("bank", sar(120));
    assertThat(asOf(JULY, Optional.of(JUNE_9.plusSeconds(62)))).containsEntry("bank", sar(127));
  }

  private Map<String, Map<String, Money>> all(Instant[] moments) {
    var all = new TreeMap<String, Map<String, Money>>();
    for (var happened : moments) {
      for (var known : moments) {
        all.put(happened + " " + known, asOf(Optional.of(happened), Optional.of(known)));
      }
    }
    return all;
  }

  private Map<String, Money> asOf(Optional<Instant> happened, Optional<Instant> known) {
    return Journal.asOf(db.pool(), fund, happened, known);
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
