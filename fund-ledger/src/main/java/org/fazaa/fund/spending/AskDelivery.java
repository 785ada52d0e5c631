package org.fazaa.fund.spending;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.fund.ledger.Money;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Texts;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.reply.AnswerLink;

/**
 * Once the bank has confirmed a payment to entitled people, each of them is asked by a text whether
 * it reached them: the question and the text commit together, and the partner has no hand in it.
 */
public final class AskDelivery implements Loop.Work {

  /** What the fund's texts, and the replies to them, are marked with. */
  public static final String PURPOSE = "fund";

  /** How long an answer is waited for. */
  static final Duration PATIENCE = Duration.ofDays(30);

  private static final int ASKED_AT_ONCE = 100;
  private static final int PRIORITY = 20;
  private static final String TEXT = "delivery-asked";

  private final Pool pool;
  private final Bus bus;
  private final AnswerLink links;
  private final Optional<String> publicUrl;
  private final Ways ways;

  /**
   * @param publicUrl where answer pages are reached; empty where they cannot be
   */
  public AskDelivery(Pool pool, Bus bus, AnswerLink links, Optional<String> publicUrl, Ways ways) {
    this.pool = pool;
    this.bus = bus;
    this.links = links;
    this.publicUrl = publicUrl;
    this.ways = ways;
  }

  @Override
  public String name() {
    return "ask delivery";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.DisbursementChanged.class);
  }

  @Override
  public Duration poll() {
    return Duration.ofSeconds(10);
  }

  @Override
  public boolean run(Instant now) {
    int asked = Database.inTransaction(pool, tx -> ask(tx, now));
    if (asked > 0) bus.publish(new Fact.OutboxFilled());
    return asked == ASKED_AT_ONCE;
  }

  private record Question(long id, Phone phone, Language language, Money amount, String payee) {}

  private int ask(SqlConnection tx, Instant now) {
    var texts = new ArrayList<Draft>();
    var due = Tuple.of(Database.utc(now), ASKED_AT_ONCE);
    for (var row : tx.preparedQuery(ASK).execute(due).await()) {
      text(question(row), now).ifPresent(texts::add);
    }
    Outbox.addAll(tx, texts, now);
    return texts.size();
  }

  private static Question question(Row row) {
    var language = Language.of(row.getString("language"));
    return new Question(
        row.getLong("id"),
        new Phone(row.getString("phone")),
        language,
        Money.of(row.getLong("minor"), row.getString("currency")),
        row.getString(language == Language.AR ? "name_ar" : "name_en"));
  }

  // Where no reply can be read the link alone answers; where neither works an officer must ask.
  private Optional<Draft> text(Question asked, Instant now) {
    var until = now.plus(PATIENCE);
    var about = Long.toString(asked.id);
    var rules = CountryRules.of(asked.phone.country());
    var link =
        publicUrl
            .filter(url -> ways.mayLink(rules))
            .map(url -> " " + url + "/a/" + links.token(PURPOSE, about, until))
            .orElse("");
    var values = Map.of("amount", asked.amount.toString(), "payee", asked.payee, "link", link);
    var text =
        switch (ways.bySms(rules)) {
          case REPLY, PRESS -> Optional.of(TEXT);
          case LINK, CODE ->
              link.isEmpty() ? Optional.<String>empty() : Optional.of(TEXT + "-link");
        };
    return text.map(
        name ->
            new Draft(
                asked.phone,
                asked.language,
                MessageClass.FUND,
                PURPOSE,
                about,
                null,
                Texts.render(name, asked.language, values),
                true,
                Occasion.ASK,
                null,
                PRIORITY,
                until));
  }

  private static final String ASK =
      """
      WITH due AS (
        SELECT e.entitlement, e.payment
        FROM fund.payment_step s
        JOIN fund.entitlement_payment e ON e.payment = s.payment
        JOIN fund.entitled_contact c ON c.entitlement = e.entitlement
        WHERE s.state = 'confirmed' AND fund.payment_stands(s.payment)
          AND NOT EXISTS (SELECT FROM fund.delivery_question q
                          WHERE (q.entitlement, q.payment) = (e.entitlement, e.payment))
        ORDER BY e.payment, e.entitlement LIMIT $2
      ), asked AS (
        INSERT INTO fund.delivery_question (entitlement, payment, asked_at)
        SELECT d.entitlement, d.payment, $1 FROM due d
        ON CONFLICT DO NOTHING RETURNING id, entitlement
      )
      SELECT q.id, c.phone, c.language, t.minor, f.currency, y.name_ar, y.name_en
      FROM asked q
      JOIN fund.entitlement t ON t.id = q.entitlement
      JOIN fund.entitled_contact c ON c.entitlement = q.entitlement
      JOIN fund.payee y ON y.id = t.payee
      JOIN fund.programme g ON g.id = t.programme
      JOIN fund.fund f ON f.id = g.fund\
      """;
}
