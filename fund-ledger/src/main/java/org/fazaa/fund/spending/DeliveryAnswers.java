package org.fazaa.fund.spending;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Texts;

/** What people say when they are asked whether something reached them. The last answer counts. */
public final class DeliveryAnswers {

  /**
   * What somebody was asked.
   *
   * @param received what they said last
   */
  public record Question(
      long id,
      long fund,
      long disbursement,
      Money amount,
      Words payeeName,
      Language language,
      Optional<Boolean> received) {}

  private DeliveryAnswers() {}

  public static Optional<Question> find(SqlClient conn, long question) {
    return conn.preparedQuery(FIND).execute(Tuple.of(question)).await().stream()
        .map(DeliveryAnswers::question)
        .findFirst();
  }

  /** The button behind the signed link was pressed. What to tell after the commit. */
  public static List<Fact> press(SqlConnection tx, long question, boolean received, Instant now) {
    return take(tx, question, received, Optional.empty(), Optional.empty(), now);
  }

  /** A reply is answered by a text; who pressed sees it on the page. */
  static List<Fact> take(
      SqlConnection tx,
      long id,
      boolean received,
      Optional<Long> reply,
      Optional<Phone> from,
      Instant now) {
    tx.preparedQuery(LOCK).execute(Tuple.of("fund.delivery_question " + id)).await();
    var found = find(tx, id);
    if (found.isEmpty()) {
      return List.of();
    }
    var question = found.get();
    boolean changes = !question.received().equals(Optional.of(received));
    if (changes) {
      var fields = Tuple.of(id, received, reply.orElse(null), Database.utc(now));
      tx.preparedQuery(ANSWER).execute(fields).await();
    }
    if (from.isPresent() && tells(tx, from.get(), id, changes, now)) {
      Outbox.add(tx, thanks(question, from.get(), received, now), now);
    }
    return List.of(
        new Fact.OutboxFilled(),
        new Fact.DisbursementChanged(question.fund(), question.disbursement()));
  }

  private static boolean tells(
      SqlConnection tx, Phone phone, long id, boolean changes, Instant now) {
    return changes
        ? Outbox.mayAnswer(tx, phone, now)
        : Outbox.mayRepeat(tx, phone, Long.toString(id), now);
  }

  private static Draft thanks(Question question, Phone to, boolean received, Instant now) {
    var text = received ? "delivery-received" : "delivery-missed";
    return new Draft(
        to,
        question.language(),
        MessageClass.FUND,
        AskDelivery.PURPOSE,
        Long.toString(question.id()),
        null,
        Texts.render(text, question.language(), Map.of("amount", question.amount().toString())),
        false,
        Occasion.ANSWER,
        null,
        Outbox.ANSWERS_FIRST,
        now.plus(Outbox.ANSWERS_WINDOW));
  }

  private static Question question(Row row) {
    return new Question(
        row.getLong("id"),
        row.getLong("fund"),
        row.getLong("disbursement"),
        Money.of(row.getLong("minor"), row.getString("currency")),
        new Words(row.getString("name_ar"), row.getString("name_en")),
        Optional.ofNullable(row.getString("language")).map(Language::of).orElse(Language.EN),
        Optional.ofNullable(row.getBoolean("received")));
  }

  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

  private static final String FIND =
      """
      SELECT q.id, p.fund, p.disbursement, t.minor, f.currency, y.name_ar, y.name_en, c.language,
             a.received
      FROM fund.delivery_question q
      JOIN fund.payment p ON p.id = q.payment
      JOIN fund.fund f ON f.id = p.fund
      JOIN fund.entitlement t ON t.id = q.entitlement
      JOIN fund.payee y ON y.id = t.payee
      LEFT JOIN fund.entitled_contact c ON c.entitlement = q.entitlement
      LEFT JOIN LATERAL (SELECT a.received FROM fund.delivery_answer a
                         WHERE a.question = q.id ORDER BY a.n DESC LIMIT 1) a ON true
      WHERE q.id = $1\
      """;

  private static final String ANSWER =
      """
      INSERT INTO fund.delivery_answer (question, n, received, reply, answered_at)
      SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4 FROM fund.delivery_answer WHERE question = $1\
      """;
}
