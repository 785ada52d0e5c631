package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HashSet;
import java.util.Optional;
import java.util.stream.Stream;
import org.fazaa.config.Invariant;
import org.fazaa.config.Invariant.Outcome;
import org.fazaa.config.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each invariant is broken by a superuser, as the program never could, and must notice. */
class InvariantsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  @BeforeAll
  static void textsAndRepliesOfEveryKind() {
    db.superuserPool().query(HISTORY).execute().await();
  }

  @Test
  void nothingIsFoundWhereAllIsWell() {
    for (var invariant : Invariants.ALL) {
      assertThat(invariant.look(db.pool(), NOW)).as(said(invariant)).isEqualTo(new Outcome.Holds());
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("breaches")
  void aBreachIsFound(String number, String what, Optional<String> subject, String breach) {
    var invariant = find(number);
    var connection = db.superuserPool().getConnection().await();
    try {
      connection.begin().await();
      connection.query(WITHOUT_CONSTRAINTS).execute().await();
      connection.query(breach).execute().await();
      var found = invariant.check().run(connection, NOW);
      assertThat(found)
          .singleElement()
          .satisfies(one -> assertThat(one.subject()).isEqualTo(subject));
      assertThat(found.getFirst().details()).allSatisfy(InvariantsTest::namesNoPhone);
    } finally {
      connection.close().await();
    }
    assertThat(invariant.look(db.pool(), NOW)).isEqualTo(new Outcome.Holds());
  }

  @Test
  void noneIsLeftWithoutAPlantedBreach() {
    var planted = new HashSet<String>();
    breaches().forEach(breach -> planted.add((String) breach.get()[0]));

    assertThat(Invariants.ALL)
        .extracting(Invariant::number)
        .containsExactlyInAnyOrderElementsOf(planted);
  }

  @Test
  void manyBreachesAreCountedAndOnlyTheFirstAreNamed() {
    var connection = db.superuserPool().getConnection().await();
    try {
      connection.begin().await();
      connection.query(texts("submitting", 30)).execute().await();
      var found = find("19").check().run(connection, NOW.plusSeconds(300));
      assertThat(found.getFirst().rows()).isEqualTo(30);
      assertThat(found.getFirst().details()).hasSize(Invariant.DETAILS_MAX);
    } finally {
      connection.close().await();
    }
  }

  @Test
  void whatCouldNotBeLookedAtIsNotCalledGreen() {
    var slow =
        check(
            (tx, now) -> {
              tx.query("SELECT pg_sleep(30)").execute().await();
              return java.util.List.of();
            });

    assertThat(slow.look(db.pool(), NOW)).isInstanceOf(Outcome.NotChecked.class);
  }

  @Test
  void aCheckCannotMendAnything() {
    var eager =
        check(
            (tx, now) -> {
              tx.query("UPDATE notify.text SET state = 'delivered'").execute().await();
              return java.util.List.of();
            });

    assertThat(eager.look(db.pool(), NOW)).isInstanceOf(Outcome.NotChecked.class);
  }

  private static Invariant check(Invariant.Check check) {
    var says = new Invariant.Says("تجربة", "trial");
    return new Invariant("0", says, says, Invariant.Pauses.NOTHING, check);
  }

  private static void namesNoPhone(String detail) {
    assertThat(detail).doesNotContainPattern("\\+[0-9]{7}");
  }

  private static String said(Invariant invariant) {
    return invariant.number() + ": " + invariant.holds().en();
  }

  private static Invariant find(String number) {
    return Invariants.ALL.stream()
        .filter(one -> one.number().equals(number))
        .findFirst()
        .orElseThrow();
  }

  static Stream<Arguments> breaches() {
    return Stream.of(
        breach(
            "14",
            "a reply is not read",
            "",
            "UPDATE notify.reply SET state = 'kept', about = NULL WHERE id = 1"),
        breach(
            "14",
            "a reply is read and has no effect",
            "dispatch:1",
            "UPDATE notify.reply SET state = 'read' WHERE id = 1"),
        breach(
            "14",
            "a reply waits its turn while earlier ones had their effect",
            "",
            """
            UPDATE notify.reply SET done_at = '2026-11-22 07:59:50Z', meaning = 'no' WHERE id = 1;
            UPDATE notify.reply SET state = 'read', about = '1', purpose = 'dispatch'
            WHERE id = (SELECT max(id) FROM notify.reply)\
            """),
        breach(
            "14",
            "a reply is passed over by later ones",
            "dispatch:1",
            """
            UPDATE notify.reply SET done_at = '2026-11-22 07:59:50Z' WHERE id > 1;
            UPDATE notify.reply SET state = 'read' WHERE id = 1\
            """),
        breach(
            "14",
            "what a person decided has no effect",
            "dispatch:3",
            """
            UPDATE notify.reply SET state = 'read', decided_at = '2026-11-22 07:58Z'
            WHERE state = 'person'\
            """),
        breach(
            "14",
            "nobody tells a yes",
            "dispatch:1",
            "DELETE FROM notify.text WHERE about = '1' AND NOT answerable"),
        breach("16", "two accepted at once", "dispatch", again(1, "accepted")),
        breach(
            "16",
            "a service text after an unknown",
            "dispatch",
            "UPDATE notify.text SET message_class = 'service' WHERE id = 2"),
        breach("16", "three submissions", "dispatch", again(2, "unknown")),
        breach(
            "16",
            "one more after one that was accepted",
            "dispatch",
            """
            UPDATE notify.attempt SET outcome = 'accepted', answered_at = posted_at
            WHERE text_id = 2 AND outcome = 'unknown'\
            """),
        breach(
            "16",
            "a notice sent again",
            "dispatch",
            "UPDATE notify.text SET answerable = false WHERE id = 2"),
        breach(
            "16",
            "two messages at the carrier",
            "dispatch",
            """
            INSERT INTO notify.status_seen (provider, sid, word, text_id, raw, arrived_at)
            VALUES ('twilio', 'SM-other', 'sent', 1, '{}', '2026-11-22 07:50Z')\
            """),
        breach(
            "16",
            "two questions about one offer",
            "dispatch",
            "UPDATE notify.text SET answerable = true WHERE about = '1'"),
        breach("17", "after a stop", "dispatch", stopped("2026-11-22 07:49Z")),
        breach(
            "17",
            "after its time",
            "dispatch",
            "UPDATE notify.text SET valid_until = '2026-11-22 07:40Z' WHERE id = 1"),
        breach("18", "five in an hour", "dispatch", questions(5, "minute")),
        breach("18", "eleven in a day", "dispatch", questions(11, "hour")),
        breach(
            "17",
            "in the night",
            "dispatch",
            """
            UPDATE notify.text SET country = 'SA', occasion = 'ask', message_class = 'service',
              valid_until = '2026-11-23 08:00Z' WHERE id = 1;
            UPDATE notify.attempt SET posted_at = posted_at + interval '14 hours'
            WHERE text_id = 1\
            """),
        breach(
            "18",
            "more than the budget",
            "dispatch",
            """
            INSERT INTO notify.budget (name, cap, spent, opened_at)
            VALUES ('crisis 1', 10, 11, '2026-11-22 07:00Z');
            UPDATE notify.text SET budget = 'crisis 1' WHERE id = 1\
            """),
        breach(
            "20",
            "our text is not there",
            "dispatch",
            """
            INSERT INTO notify.stray (carrier, sid, known_by, text_id, sent_at, found_at)
            VALUES ('twilio', 'SM1', 'us', 1, '2026-11-22 07:50Z', '2026-11-22 07:59Z')\
            """),
        breach(
            "20",
            "a message that is not ours",
            "",
            """
            INSERT INTO notify.stray (carrier, sid, known_by, sent_at, found_at)
            VALUES ('twilio', 'SM77', 'carrier', '2026-11-22 07:50Z', '2026-11-22 07:59Z')\
            """),
        breach(
            "21",
            "a wrong signature",
            "",
            """
            INSERT INTO notify.alarm (kind, about, detail, raised_at, last_at)
            VALUES ('signatures', '', 'none', '2026-11-22 07:00Z', '2026-11-22 07:55Z')\
            """),
        breach("19", "submitting for ever", "dispatch", texts("submitting", 1)),
        breach("19", "unknown for ever", "dispatch", texts("unknown", 1)),
        breach(
            "19",
            "a lease that nobody took over",
            "dispatch",
            """
            UPDATE notify.text SET state = 'unknown', state_at = '2026-11-22 08:00Z',
              lease_until = clock_timestamp() - interval '61 seconds' WHERE id = 1\
            """),
        breach(
            "19",
            "a reply that failed",
            "",
            "UPDATE notify.reply SET why = 'fault', arrived_at = '2026-11-22 07:40Z' WHERE state ="
                + " 'person'"),
        breach("21", "nothing arrives any more", "dispatch", endings("failed")),
        breach("21", "statuses come late", "", LATE_STATUSES));
  }

  private static Arguments breach(String number, String what, String subject, String sql) {
    return arguments(number, what, Optional.of(subject).filter(one -> !one.isEmpty()), sql);
  }

  private static String again(long text, String outcome) {
    return """
    INSERT INTO notify.attempt (fence, text_id, carrier, posted_at, outcome, answered_at)
    VALUES (900, %d, 'twilio', '2026-11-22 07:50Z', '%s', '2026-11-22 07:50:01Z')\
    """
        .formatted(text, outcome);
  }

  private static String stopped(String since) {
    return """
    INSERT INTO notify.consent_change (phone, stopped, how, changed_at)
    SELECT to_phone, true, 'reply', '%s' FROM notify.text WHERE id = 1\
    """
        .formatted(since);
  }

  private static String texts(String state, int many) {
    return """
    INSERT INTO notify.text (to_phone, language, message_class, purpose, about, body, segments,
      answerable, priority, valid_until, created_at, state, state_at, due_at, posts)
    SELECT '+96655000' || 1000 + i, 'en', 'service', 'dispatch', 'stuck ' || i, 'body', 1,
      false, 1, '2026-11-22 09:00Z', '2026-11-22 07:50Z', '%s', '2026-11-22 07:57Z',
      '2026-11-22 07:50Z', 1
    FROM generate_series(1, %d) i\
    """
        .formatted(state, many);
  }

  /** The last of them just now, one each minute or hour before. */
  private static String questions(int many, String each) {
    return """
    WITH asked AS (
      INSERT INTO notify.text (to_phone, language, message_class, purpose, about, body,
        segments, answerable, priority, valid_until, created_at, state, state_at, due_at,
        posts, occasion, begun_at)
      SELECT '+966550001000', 'en', 'service', 'dispatch', 'often ' || i, 'body', 1,
        true, 1, '2026-11-22 09:00Z', '2026-11-20 08:00Z', 'sent', '2026-11-22 08:00Z',
        '2026-11-22 07:50Z', 1, 'ask',
        '2026-11-22 07:59Z'::timestamptz - (i - 1) * interval '1 %s'
      FROM generate_series(1, %d) i
      RETURNING id, begun_at)
    INSERT INTO notify.attempt (fence, text_id, carrier, posted_at, outcome, answered_at)
    SELECT 1000 + id, id, 'twilio', begun_at, 'accepted', '2026-11-22 07:59:30Z'
    FROM asked\
    """
        .formatted(each, many);
  }

  /** A hundred that ended lately, after a hundred that were delivered. */
  private static String endings(String lately) {
    return """
    INSERT INTO notify.text (to_phone, language, message_class, purpose, about, body, segments,
      answerable, priority, valid_until, created_at, state, state_at, due_at, posts)
    SELECT '+96655000' || 1000 + i, 'en', 'service', 'dispatch', 'end ' || i, 'body', 1,
      false, 1, '2026-11-22 09:00Z', '2026-11-22 04:00Z',
      CASE WHEN i <= 100 THEN 'delivered' ELSE '%s' END::notify.text_state,
      CASE WHEN i <= 100 THEN '2026-11-22 05:00Z' ELSE '2026-11-22 07:55Z' END::timestamptz,
      '2026-11-22 04:00Z', 1
    FROM generate_series(1, 200) i\
    """
        .formatted(lately);
  }

  private static final String LATE_STATUSES =
      """
      WITH late AS (
        INSERT INTO notify.text (to_phone, language, message_class, purpose, about, body, segments,
          answerable, priority, valid_until, created_at, state, state_at, due_at, posts)
        SELECT '+96655000' || 1000 + i, 'en', 'service', 'dispatch', 'late ' || i, 'body', 1,
          false, 1, '2026-11-22 09:00Z', '2026-11-22 07:54Z', 'accepted', '2026-11-22 07:55Z',
          '2026-11-22 07:55Z', 1
        FROM generate_series(1, 20) i
        RETURNING id)
      INSERT INTO notify.attempt (fence, text_id, carrier, posted_at, outcome, answered_at)
      SELECT 1000 + id, id, 'twilio', '2026-11-22 07:55Z', 'accepted', '2026-11-22 07:55Z'
      FROM late\
      """;

  private static final String WITHOUT_CONSTRAINTS =
      """
      SET LOCAL session_replication_role = replica;
      ALTER TABLE notify.text DROP CONSTRAINT repeated_only_for_life;
      ALTER TABLE notify.text DROP CONSTRAINT never_posted_twice_for_nothing;
      ALTER TABLE notify.budget DROP CONSTRAINT budget_check\
      """;

  /** A question that was answered, one that was sent again after an unknown, and one unsure. */
  private static final String HISTORY =
      """
      INSERT INTO notify.text (to_phone, language, message_class, purpose, about, code, body,
        segments, answerable, priority, valid_until, created_at, state, state_at, due_at, fence,
        posts, unknowns, carrier, sid)
      VALUES
        ('+966501234567', 'en', 'life-safety', 'dispatch', '1', 'F7K2', 'come', 1, true, 90,
         '2026-11-22 08:20Z', '2026-11-22 07:50Z', 'delivered', '2026-11-22 07:51Z',
         '2026-11-22 07:50Z', 1, 1, 0, 'twilio', 'SM1'),
        ('+966507654321', 'en', 'life-safety', 'dispatch', '2', 'G7K2', 'come', 1, true, 90,
         '2026-11-22 08:20Z', '2026-11-22 07:50Z', 'delivered', '2026-11-22 07:53Z',
         '2026-11-22 07:50Z', 3, 2, 1, 'twilio', 'SM3'),
        ('+966501234567', 'en', 'life-safety', 'dispatch', '1', 'F7K2', 'you are in', 1, false, 91,
         '2026-11-22 09:20Z', '2026-11-22 07:52Z', 'delivered', '2026-11-22 07:53Z',
         '2026-11-22 07:52Z', 4, 1, 0, 'twilio', 'SM4');
      INSERT INTO notify.attempt (fence, text_id, carrier, posted_at, outcome, sid, answered_at)
      VALUES
        (1, 1, 'twilio', '2026-11-22 07:50Z', 'accepted', 'SM1', '2026-11-22 07:50:01Z'),
        (2, 2, 'twilio', '2026-11-22 07:50Z', 'unknown', NULL, NULL),
        (3, 2, 'twilio', '2026-11-22 07:52Z', 'accepted', 'SM3', '2026-11-22 07:52:01Z'),
        (4, 3, 'twilio', '2026-11-22 07:52Z', 'accepted', 'SM4', '2026-11-22 07:52:01Z');
      INSERT INTO notify.status_seen (provider, sid, word, text_id, raw, arrived_at)
      VALUES ('twilio', 'SM1', 'delivered', 1, '{}', '2026-11-22 07:50:05Z'),
        ('twilio', 'SM2', 'delivered', 2, '{}', '2026-11-22 07:52:05Z'),
        ('twilio', 'SM3', 'delivered', 2, '{}', '2026-11-22 07:52:06Z');
      INSERT INTO notify.reply (provider, provider_id, from_phone, to_address, body, way, raw,
        arrived_at, state, meaning, why, text_id, purpose, about, outcome, done_at)
      VALUES
        ('twilio', 'SM90', '+966501234567', '+1', 'yes', 'sms', '{}', '2026-11-22 07:52Z', 'done',
         'yes', 'word', 1, 'dispatch', '1', 'assigned', '2026-11-22 07:52Z'),
        ('twilio', 'SM91', '+966507654321', '+1', 'maybe', 'sms', '{}', '2026-11-22 07:53Z',
         'person', 'person', 'unsure', 2, 'dispatch', '3', NULL, NULL);
      INSERT INTO notify.consent_change (phone, stopped, how, changed_at)
      VALUES ('+966507654321', true, 'reply', '2026-11-01 08:00Z'),
        ('+966507654321', false, 'reply', '2026-11-02 08:00Z')\
      """;
}
