package org.fazaa.fund.spending;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/** A treasurer says which bank account a fund pays from. */
public final class EnterPayingAccount {
  private static final int HOLDER_MAX = 140;
  private static final String BIC = "[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?";

  /**
   * @param bic the code of its bank, where it is known
   */
  public record Draft(FundId fund, String holder, String iban, Optional<String> bic, long by) {}

  public sealed interface Outcome {
    record Set(Payments.Account account) implements Outcome {}

    record NoSuchFund(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return Said.noSuchFund(fund);
      }
    }

    record NotTreasurer() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "حساب الصندوق البنكي يكتبه أمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer writes a fund's bank account: ask one to do it");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private EnterPayingAccount() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var bic = draft.bic().map(code -> code.strip().toUpperCase(Locale.ROOT));
    var flaws = flaws(draft, bic);
    if (!flaws.isEmpty()) {
      return new Outcome.Invalid(flaws);
    }
    if (Funds.find(tx, draft.fund()).isEmpty()) {
      return new Outcome.NoSuchFund(draft.fund());
    }
    var since = Officer.since(tx, draft.by(), Office.TREASURER, now);
    if (since.isEmpty()) {
      return new Outcome.NotTreasurer();
    }
    var account = new Payments.Account(draft.holder(), Ibans.plain(draft.iban()), bic);
    if (!Payments.account(tx, draft.fund()).equals(Optional.of(account))) {
      Payees.lock(tx);
      var fields =
          Tuple.of(
              draft.fund().value(),
              account.holder(),
              account.iban(),
              bic.orElse(null),
              draft.by(),
              Database.utc(since.get()),
              Database.utc(now));
      tx.preparedQuery(SET).execute(fields).await();
    }
    return new Outcome.Set(account);
  }

  static List<Flaw> flaws(Draft draft, Optional<String> bic) {
    return AddPayee.flaws(draft.iban())
        .text("holder", draft.holder(), HOLDER_MAX)
        .unless(
            bic.isEmpty() || bic.get().matches(BIC),
            "bic",
            "رمز البنك ثمانية أحرف أو أحد عشر: انسخه من خطاب البنك، أو اتركه فارغًا",
            "A bank's code has 8 or 11 characters: copy it from the bank's letter or leave it out")
        .found();
  }

  private static final String SET =
      """
      INSERT INTO fund.paying_account (fund, n, holder, iban, bic, written_by, since, written_at)
      SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5, $6, $7 FROM fund.paying_account
      WHERE fund = $1\
      """;
}
