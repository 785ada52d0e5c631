package org.fazaa.notifier;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Database;

/** Texts and rows as tests need them. */
public final class Sample {
  public static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  public static final Phone SARA = new Phone("+966501234567");
  public static final Phone OMAR = new Phone("+966507654321");

  private Sample() {}

  /** An offer that may save a life, open for an hour. */
  public static Draft offer(Phone to, String about, String code) {
    return draft(to, MessageClass.LIFE_SAFETY, about, code, true);
  }

  /** A text that nobody should answer. */
  public static Draft notice(Phone to, String about) {
    return draft(to, MessageClass.SERVICE, about, null, false);
  }

  /** An offer of a shift that can wait until morning, for an hour. */
  public static Draft ask(Phone to, String about) {
    return of(to, Occasion.ASK, "dispatch", about);
  }

  public static Draft ask(Phone to, String about, Instant until) {
    return until(ask(to, about), until);
  }

  public static Draft ask(Phone to, String about, Instant now, int seconds) {
    return ask(to, about, now.plusSeconds(seconds));
  }

  public static Draft of(Phone to, Occasion occasion, String purpose, String about) {
    return new Draft(
        to,
        Language.EN,
        MessageClass.SERVICE,
        purpose,
        String.valueOf(about),
        null,
        "Fazaa: about " + about,
        occasion.unasked(),
        occasion,
        null,
        10,
        NOW.plus(Duration.ofHours(1)));
  }

  /** A text of one segment whose cost counts against this budget. */
  public static Draft paidBy(String budget, String about) {
    var draft = notice(SARA, about);
    return with(draft, budget, draft.validUntil());
  }

  public static Draft until(Draft draft, Instant until) {
    return with(draft, draft.budget(), until);
  }

  private static Draft with(Draft draft, String budget, Instant until) {
    return new Draft(
        draft.to(),
        draft.language(),
        draft.messageClass(),
        draft.purpose(),
        draft.about(),
        draft.code(),
        draft.body(),
        draft.answerable(),
        draft.occasion(),
        budget,
        draft.priority(),
        until);
  }

  /** A text as a sender has it in hand. */
  public static Text text(MessageClass messageClass, Occasion occasion, Instant until) {
    return new Text(
        1,
        1,
        SARA,
        Language.EN,
        messageClass,
        "dispatch",
        "1",
        "F7K2",
        "body",
        1,
        "+15005550006",
        "SA",
        occasion,
        "crisis:1",
        40,
        true,
        NOW,
        until);
  }

  public static Draft draft(
      Phone to, MessageClass messageClass, String about, String code, boolean answerable) {
    var until = NOW.plus(Duration.ofHours(1));
    var body = "Fazaa: about " + about + (code == null ? "" : ". Code " + code);
    var occasion = answerable ? Occasion.ALARM : Occasion.ANSWER;
    return new Draft(
        to,
        Language.EN,
        messageClass,
        "dispatch",
        about,
        code,
        body,
        answerable,
        occasion,
        null,
        answerable ? 20 : 10,
        until);
  }

  public static long add(Pool pool, Draft draft) {
    return add(pool, List.of(draft)).getFirst();
  }

  public static List<Long> add(Pool pool, List<Draft> drafts) {
    return Database.inTransaction(pool, tx -> Outbox.addAll(tx, drafts, NOW));
  }

  public static TextState state(Pool pool, long text) {
    return TextState.of(column(pool, text, "state"));
  }

  public static String column(Pool pool, long text, String column) {
    return pool.preparedQuery("SELECT " + column + "::text FROM notify.text WHERE id = $1")
        .execute(Tuple.of(text))
        .await()
        .iterator()
        .next()
        .getString(0);
  }

  public static long count(Pool pool, String table) {
    return pool.query("SELECT count(*) FROM notify." + table)
        .execute()
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  public static void empty(Pool superuser) {
    superuser
        .query(
            """
            TRUNCATE notify.text, notify.attempt, notify.status_seen, notify.lane, notify.halt,
              notify.route, notify.budget, notify.budget_change, notify.hold,
              notify.stopped, notify.consent_change, notify.reply, notify.simulated_event,
              notify.unreachable, notify.blocked, notify.reach_change, notify.alarm,
              notify.comparison, notify.stray, notify.attachment, notify.suggestion\
            """)
        .execute()
        .await();
  }
}
