package org.fazaa.fund.giving;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.fund.giving.Pledges.Asked;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Texts;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.reply.AnswerLink;

/**
 * Opens the instalments of pledges on their day and asks their givers by a text with a link, once
 * more where nothing came; what is opened and its text commit together. A giver whose pledge ended
 * without their doing is told.
 */
public final class AskInstalments implements Loop.Work {

  /** What texts about pledges, and their links, are marked with. */
  public static final String PURPOSE = "pledge";

  /** So many instalments in a row may stay unpaid; then the pledge ends. */
  static final int MISSED_MOST = 3;

  /** How long a link is good: until well behind the next instalment of a month. */
  static final Duration PATIENCE = Duration.ofDays(40);

  private static final int ASKED_AT_ONCE = 100;
  private static final int PRIORITY = 20;

  private final Pool pool;
  private final Bus bus;
  private final AnswerLink links;
  private final Optional<String> publicUrl;
  private final Ways ways;

  /**
   * @param publicUrl where the pages behind links are reached; empty where they cannot be
   */
  public AskInstalments(
      Pool pool, Bus bus, AnswerLink links, Optional<String> publicUrl, Ways ways) {
    this.pool = pool;
    this.bus = bus;
    this.links = links;
    this.publicUrl = publicUrl;
    this.ways = ways;
  }

  @Override
  public String name() {
    return "ask-instalments";
  }

  @Override
  public Duration poll() {
    return Duration.ofSeconds(10);
  }

  @Override
  public Optional<Instant> nextDue() {
    var row = pool.preparedQuery(FIND_NEXT_DUE).execute().await().iterator().next();
    return Optional.ofNullable(row.getOffsetDateTime(0)).map(OffsetDateTime::toInstant);
  }

  /** One turn; an end is told whatever is due besides. */
  @Override
  public boolean run(Instant now) {
    int most = Database.inTransaction(pool, tx -> ask(tx, now));
    if (most > 0) bus.publish(new Fact.OutboxFilled());
    return most == ASKED_AT_ONCE;
  }

  private int ask(SqlConnection tx, Instant now) {
    var at = Database.utc(now);
    var opened = ids(tx, OPEN, Tuple.of(ASKED_AT_ONCE, MISSED_MOST, at));
    var again = ids(tx, ASK_AGAIN, Tuple.of(ASKED_AT_ONCE, at));
    var ended = ids(tx, TELL_ENDS, Tuple.of(ASKED_AT_ONCE));
    var texts = new ArrayList<Draft>();
    opened.forEach(id -> due(tx, id).ifPresent(one -> texts.add(due("pledge-due", id, one, now))));
    again.forEach(
        id -> due(tx, id).ifPresent(one -> texts.add(due("pledge-due-again", id, one, now))));
    for (var id : ended) {
      Pledges.find(tx, id)
          .flatMap(pledge -> Pledges.asked(tx, pledge))
          .ifPresent(one -> texts.add(ended(one, now)));
    }
    Outbox.addAll(tx, texts, now);
    return Math.max(opened.size(), Math.max(again.size(), ended.size()));
  }

  private static List<Long> ids(SqlConnection tx, String sql, Tuple fields) {
    return tx.preparedQuery(sql).execute(fields).await().stream()
        .map(row -> row.getLong(0))
        .toList();
  }

  private static Optional<Asked> due(SqlConnection tx, long instalment) {
    return Pledges.ofInstalment(tx, instalment).flatMap(pledge -> Pledges.asked(tx, pledge));
  }

  // Where no link may be sent, the giver finds the same behind their own statement.
  private Draft due(String name, long instalment, Asked asked, Instant now) {
    var until = now.plus(PATIENCE);
    var about = Long.toString(instalment);
    var link =
        publicUrl
            .filter(url -> ways.mayLink(CountryRules.of(asked.phone().country())))
            .map(url -> " " + url + "/a/" + links.token(PURPOSE, about, until));
    var values =
        Map.of(
            "amount", asked.pledge().amount().toString(),
            "fund", fundName(asked),
            "link", link.orElse(""));
    return text(link.isPresent() ? name : name + "-plain", asked, about, values, until);
  }

  private static Draft ended(Asked asked, Instant now) {
    var why = asked.pledge().end().orElseThrow() == Pledge.End.MISSED ? "missed" : "closed";
    var values = Map.of("fund", fundName(asked));
    var about = Long.toString(asked.pledge().id());
    return text("pledge-ended-" + why, asked, about, values, now.plus(PATIENCE));
  }

  private static String fundName(Asked asked) {
    var name = asked.pledge().fundName();
    return asked.language() == Language.AR ? name.ar() : name.en();
  }

  private static Draft text(
      String name, Asked asked, String about, Map<String, String> values, Instant until) {
    return new Draft(
        asked.phone(),
        asked.language(),
        MessageClass.FUND,
        PURPOSE,
        about,
        null,
        Texts.render(name, asked.language(), values),
        false,
        Occasion.ASK,
        null,
        PRIORITY,
        until);
  }

  private static final String OPEN = "SELECT instalment FROM fund.open_instalments($1, $2, $3)";

  private static final String ASK_AGAIN =
      "SELECT instalment FROM fund.ask_instalments_again($1, $2)";

  private static final String TELL_ENDS = "SELECT pledge FROM fund.tell_pledge_ends($1)";

  private static final String FIND_NEXT_DUE =
      """
      SELECT least((SELECT min(due_at) FROM fund.pledge_due),
                   (SELECT min(ask_at) FROM fund.instalment_due))\
      """;
}
