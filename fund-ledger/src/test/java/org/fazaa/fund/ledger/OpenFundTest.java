package org.fazaa.fund.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.fundDraft;
import static org.fazaa.fund.Books.sar;

import java.util.Currency;
import java.util.Optional;
import java.util.stream.IntStream;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.OpenFund.Draft;
import org.fazaa.fund.ledger.OpenFund.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OpenFundTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private final Books books = new Books(db);

  @Test
  void anOpenedFundIsEmptyAndTakesItsNamesInBothLanguages() {
    var fund = books.openFund();

    var found = Funds.find(db.pool(), fund).orElseThrow();
    assertThat(found.name()).isEqualTo(new Words("صندوق السيول", "Flood fund"));
    assertThat(found.target()).contains(sar(1_000_000));
    assertThat(found.restriction()).isEqualTo(Restriction.PURPOSE);
    assertThat(found.licence()).contains("L-77");
    assertThat(found.open()).isTrue();
    var none = sar(0);
    assertThat(books.figures(fund))
        .isEqualTo(new Figures(none, none, none, none, none, none, none, none, none));
  }

  @Test
  void theSameKeyOpensOneFundAndAnotherContentIsRefused() {
    var draft = fundDraft(true);
    var first = (Outcome.Opened) open(draft);

    assertThat(open(draft)).isEqualTo(new Outcome.AlreadyOpened(first.fund()));
    assertThat(open(withCurrency(draft, "KWD"))).isEqualTo(new Outcome.DiffersFromFirst());
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    var draft = fundDraft(true);
    var bad =
        new Draft(
            draft.key(),
            new Words(" ", "F".repeat(201)),
            Currency.getInstance("CHF"),
            draft.restriction(),
            new Words("غرض\u0000", "Purpose"),
            Optional.of(0L),
            Optional.of(""),
            draft.campaign(),
            true,
            1);

    assertThat(open(bad))
        .isInstanceOfSatisfying(
            Outcome.Invalid.class,
            invalid ->
                assertThat(invalid.flaws())
                    .extracting(Flaw::field)
                    .containsExactly(
                        "name.ar", "name.en", "purpose.ar", "licence", "currency", "target"));
  }

  @Test
  void aFundClosesOnceAndSaysSo() {
    var fund = books.openFund();
    var draft = new CloseFund.Draft(fund, "The campaign has ended", 7);

    assertThat(close(draft)).isEqualTo(new CloseFund.Outcome.Closed());
    assertThat(close(draft)).isEqualTo(new CloseFund.Outcome.AlreadyClosed());
    assertThat(Funds.find(db.pool(), fund).orElseThrow().closedAt()).contains(NOW);
    assertThat(close(new CloseFund.Draft(new FundId(999), "No such", 7)))
        .isEqualTo(new CloseFund.Outcome.NoSuchFund(new FundId(999)));
    assertThat(close(new CloseFund.Draft(fund, "", 7)))
        .isInstanceOf(CloseFund.Outcome.Invalid.class);
  }

  @Test
  void openFundsAreListedBeforeClosedOnes() {
    var closed = books.openFund();
    var open = books.openFund();
    close(new CloseFund.Draft(closed, "Over", 7));

    var ids = Funds.list(db.pool()).stream().map(Fund::id).toList();
    assertThat(ids).containsSubsequence(open, closed);
    assertThat(IntStream.range(0, ids.size()).filter(i -> ids.get(i).equals(open)))
        .containsExactly(0);
  }

  private OpenFund.Outcome open(Draft draft) {
    return books.inTransaction(tx -> OpenFund.run(tx, draft, NOW));
  }

  private CloseFund.Outcome close(CloseFund.Draft draft) {
    return books.inTransaction(tx -> CloseFund.run(tx, draft, NOW));
  }

  private static Draft withCurrency(Draft d, String currency) {
    return new Draft(
        d.key(),
        d.name(),
        Currency.getInstance(currency),
        d.restriction(),
        d.purpose(),
        d.targetMinor(),
        d.licence(),
        d.campaign(),
        d.demonstration(),
        d.by());
  }
}
