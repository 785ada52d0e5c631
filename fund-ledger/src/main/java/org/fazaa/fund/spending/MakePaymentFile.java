package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Codes;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.Officer.Office;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * Puts the prepared payments of a fund into one file for the bank. The file is kept as it was made,
 * and no payment is ever in two.
 */
public final class MakePaymentFile {
  private static final int ORDERS_MAX = 1_000;
  private static final int MESSAGE_LENGTH = 10;

  public record Draft(FundId fund, long by) {}

  public sealed interface Outcome {
    record Made(long file) implements Outcome {}

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
            "ملف البنك يعدّه أمين الصندوق وحده: اطلب منه ذلك",
            "Only a treasurer makes a file for the bank: ask one to do it");
      }
    }

    record NoAccount(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لم يُكتب الحساب البنكي الذي يدفع منه هذا الصندوق: اكتبه أولًا",
            "The bank account that this fund pays from is not known: write it first");
      }
    }

    record NothingPrepared() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا دفعات معدّة في هذا الصندوق خارج ملفات سابقة",
            "This fund has no prepared payments that are not in a file already");
      }
    }
  }

  private record Prepared(long payment, Pain001.Order order) {}

  private final RandomGenerator random;

  /** With the source of message ids. */
  public MakePaymentFile(RandomGenerator random) {
    this.random = random;
  }

  public Outcome run(SqlConnection tx, Draft draft, Instant now) {
    if (Funds.find(tx, draft.fund()).isEmpty()) {
      return new Outcome.NoSuchFund(draft.fund());
    }
    var since = Officer.since(tx, draft.by(), Office.TREASURER, now);
    if (since.isEmpty()) {
      return new Outcome.NotTreasurer();
    }
    var account = Payments.account(tx, draft.fund());
    if (account.isEmpty()) {
      return new Outcome.NoAccount(draft.fund());
    }
    tx.preparedQuery(LOCK).execute(Tuple.of("fund.payment_file " + draft.fund().value())).await();
    var prepared = prepared(tx, draft.fund());
    return prepared.isEmpty()
        ? new Outcome.NothingPrepared()
        : new Outcome.Made(make(tx, draft, account.get(), prepared, since.get(), now));
  }

  private static List<Prepared> prepared(SqlConnection tx, FundId fund) {
    var found = new ArrayList<Prepared>();
    var fields = Tuple.of(fund.value(), ORDERS_MAX);
    for (Row row : tx.preparedQuery(FIND_PREPARED).execute(fields).await()) {
      found.add(
          new Prepared(
              row.getLong("id"),
              new Pain001.Order(
                  row.getString("end_to_end"),
                  Money.of(row.getLong("minor"), row.getString("currency")),
                  row.getString("name_en"),
                  row.getString("iban"))));
    }
    return found;
  }

  private long make(
      SqlConnection tx,
      Draft draft,
      Payments.Account account,
      List<Prepared> prepared,
      Instant since,
      Instant now) {
    var message = "FZ-" + draft.fund().value() + "-" + Codes.draw(random, MESSAGE_LENGTH);
    var debtor = new Pain001.Debtor(account.holder(), account.iban(), account.bic());
    var orders = prepared.stream().map(Prepared::order).toList();
    var fields =
        Tuple.of(
            draft.fund().value(),
            message,
            orders.size(),
            orders.stream().mapToLong(order -> order.amount().minor()).sum(),
            Pain001.write(message, debtor, orders, now),
            draft.by(),
            Database.utc(since),
            Database.utc(now));
    long file = tx.preparedQuery(MAKE).execute(fields).await().iterator().next().getLong(0);
    var payments = prepared.stream().map(Prepared::payment).toArray(Long[]::new);
    tx.preparedQuery(FILL).execute(Tuple.tuple().addLong(file).addArrayOfLong(payments)).await();
    return file;
  }

  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

  private static final String FIND_PREPARED =
      """
      SELECT p.id, p.end_to_end, p.minor, f.currency, y.name_en, i.iban
      FROM fund.payment p
      JOIN fund.fund f ON f.id = p.fund
      JOIN fund.disbursement_version v USING (disbursement, version)
      JOIN fund.payee y ON y.id = v.payee
      JOIN fund.payee_iban i ON i.payee = v.payee AND i.n = v.iban_n
      WHERE p.fund = $1 AND fund.payment_state(p.id) = 'prepared'
        AND NOT EXISTS (SELECT FROM fund.payment_in_file l WHERE l.payment = p.id)
      ORDER BY p.id LIMIT $2\
      """;

  private static final String MAKE =
      """
      INSERT INTO fund.payment_file
        (fund, message, payments, minor, content, made_by, since, made_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id\
      """;

  private static final String FILL =
      "INSERT INTO fund.payment_in_file (payment, file) SELECT unnest($2::bigint[]), $1";
}
