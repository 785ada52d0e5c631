package org.fazaa.fund.ledger;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;

/** Opens a fund with its accounts. A repeated command answers with the first fund. */
public final class OpenFund {
  private static final int NAME_MAX = 200;
  private static final int PURPOSE_MAX = 2_000;
  private static final int PERMIT_MAX = 100;

  /**
   * @param key made by the caller before the first attempt, unique among callers
   * @param licence number of the permission to collect, where the law asks for one
   * @param campaign number of the approved campaign
   * @param demonstration true where money is only pretended
   * @param by the account that opens it
   */
  public record Draft(
      String key,
      Words name,
      Currency currency,
      Restriction restriction,
      Words purpose,
      Optional<Long> targetMinor,
      Optional<String> licence,
      Optional<String> campaign,
      boolean demonstration,
      long by) {}

  public sealed interface Outcome {
    record Opened(FundId fund) implements Outcome {}

    record AlreadyOpened(FundId fund) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "استُعمل مفتاح التكرار هذا لفتح صندوق آخر: استعمل مفتاحًا جديدًا",
            "This idempotency key opened a different fund: use a new key");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private OpenFund() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var flaws = flaws(draft, keeps(tx, draft.currency()));
    return flaws.isEmpty() ? open(tx, draft, now) : new Outcome.Invalid(flaws);
  }

  static List<Flaw> flaws(Draft draft, boolean currencyKept) {
    var flaws =
        new Flaws()
            .key(draft.key())
            .words("name", draft.name(), NAME_MAX)
            .words("purpose", draft.purpose(), PURPOSE_MAX)
            .text("licence", draft.licence(), PERMIT_MAX)
            .text("campaign", draft.campaign(), PERMIT_MAX)
            .unless(
                currencyKept,
                "currency",
                "لا نمسك حسابات بهذه العملة: اختر عملة أخرى مثل SAR",
                "We keep no books in this currency: choose another, such as SAR");
    draft.targetMinor().ifPresent(t -> flaws.money("target", new Money(t, draft.currency())));
    return flaws.found();
  }

  private static boolean keeps(SqlConnection tx, Currency currency) {
    var exponent = currency.getDefaultFractionDigits();
    var kept = Tuple.of(currency.getCurrencyCode(), exponent);
    return tx.preparedQuery(FIND_CURRENCY).execute(kept).await().size() == 1;
  }

  private static Outcome open(SqlConnection tx, Draft draft, Instant now) {
    var hash =
        Content.hash(
            draft.name(),
            draft.currency(),
            draft.restriction(),
            draft.purpose(),
            draft.targetMinor(),
            draft.licence(),
            draft.campaign(),
            draft.demonstration());
    var fields =
        Tuple.tuple()
            .addString(draft.key())
            .addBuffer(hash)
            .addString(draft.name().ar())
            .addString(draft.name().en())
            .addString(draft.currency().getCurrencyCode())
            .addString(draft.restriction().tag())
            .addString(draft.purpose().ar())
            .addString(draft.purpose().en())
            .addLong(draft.targetMinor().orElse(null))
            .addString(draft.licence().orElse(null))
            .addString(draft.campaign().orElse(null))
            .addBoolean(draft.demonstration())
            .addLong(draft.by())
            .addOffsetDateTime(Database.utc(now));
    var row = tx.preparedQuery(OPEN_FUND).execute(fields).await().iterator().next();
    if (!row.getBoolean("same")) {
      return new Outcome.DiffersFromFirst();
    }
    var fund = new FundId(row.getLong("id"));
    return row.getBoolean("is_new") ? new Outcome.Opened(fund) : new Outcome.AlreadyOpened(fund);
  }

  private static final String FIND_CURRENCY =
      "SELECT FROM fund.currency WHERE code = $1 AND exponent = $2";

  private static final String OPEN_FUND =
      """
      SELECT id, is_new, same
      FROM fund.open_fund($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)\
      """;
}
