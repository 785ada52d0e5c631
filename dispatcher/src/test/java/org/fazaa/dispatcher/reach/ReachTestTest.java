package org.fazaa.dispatcher.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.people.AddOrganisation;
import org.fazaa.dispatcher.people.Register;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.reach.ReachTest.Result;
import org.fazaa.dispatcher.reach.StartReachTest.Outcome;
import org.fazaa.dispatcher.reach.StartReachTest.Selection;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.ReadReplies;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachTestTest {
  private static final AtomicInteger COUNT = new AtomicInteger(510_000_000);
  private static final int STAFF = 7;

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static Bus bus;
  private static CollectReach collect;
  private static StartReachTest start;
  private Instant now = Instant.parse("2026-11-22T08:00:00Z");

  @BeforeAll
  static void everyWayIsOpen() {
    db.superuserPool()
        .query(
            """
            INSERT INTO notify.way_out (way, lane, cost)
            VALUES ('voice', '+15005550007', 30), ('whatsapp', '+14155238886', 10)
            """)
        .execute()
        .await();
    bus = Bus.of(db.vertx());
    collect = new CollectReach(db.pool(), bus);
    var ways = new Ways(Map.of(Way.VOICE, 30, Way.WHATSAPP, 10), Map.of(), false, true);
    var links = new AnswerLink(new byte[32]);
    var channel =
        new Channel(true, Optional.of("https://f.test"), links, 5, "SAR", 1_000_000, ways);
    start = new StartReachTest(channel, new Random(3));
  }

  @AfterAll
  static void waysAreClosed() {
    db.superuserPool().query("DELETE FROM notify.way_out").execute().await();
  }

  @Test
  void eachWayIsTriedInTheOrderThatThePersonWishesAndNeverAtNight() {
    var sara = person("whatsapp", "voice");
    started(listed(sara));
    assertThat(texts(sara, "way")).containsExactly("whatsapp", "voice", "sms");
    assertThat(texts(sara, "message_class || occasion")).containsOnly("serviceask");
    assertThat(texts(sara, "purpose")).containsOnly("reach");
    assertThat(texts(sara, "body"))
        .allSatisfy(body -> assertThat(body).startsWith("DRILL").contains("https://f.test/a/"));
  }

  @Test
  void whoeverDidNotWishForCallsIsNotCalled() {
    var omar = person();
    started(listed(omar));
    assertThat(texts(omar, "way")).containsExactly("sms", "whatsapp");
  }

  @Test
  void resultsAreKeptPerWayAndWhatFailedComesLastUntilItWorks() {
    var sara = person("whatsapp", "sms", "voice");
    var test = started(listed(sara));
    assertThat(results(test))
        .containsOnly(Map.entry("whatsapp", Result.WAITING), waiting("sms"), waiting("voice"));
    set(sara, Way.WHATSAPP, "failed", "63024");
    set(sara, Way.SMS, "delivered", null);
    set(sara, Way.VOICE, "sent", null);
    collect.run(now);
    assertThat(results(test))
        .containsEntry("whatsapp", Result.FAILED)
        .containsEntry("sms", Result.DELIVERED)
        .containsEntry("voice", Result.SENT);
    assertThat(find(sara).failingWays()).containsExactly(Way.WHATSAPP);
    var problem = ReachTest.people(db.pool(), test, now).getFirst().tries().getFirst().problem();
    assertThat(problem).contains("63024");
    var ways = ReachTest.find(db.pool(), test, now).orElseThrow().ways();
    assertThat(ways.get(Way.WHATSAPP)).isEqualTo(new ReachTest.Tally(1, 1, 0, 0, 1, 0));
    assertThat(ways.get(Way.SMS)).isEqualTo(new ReachTest.Tally(1, 1, 1, 0, 0, 0));

    now = now.plus(StartReachTest.PATIENCE);
    assertThat(results(test)).containsEntry("sms", Result.SILENT);

    now = now.plusSeconds(60);
    var again = started(listed(sara));
    assertThat(texts(sara, "way").subList(3, 6)).containsExactly("sms", "voice", "whatsapp");
    set(sara, Way.WHATSAPP, "delivered", null);
    collect.run(now);
    assertThat(results(again)).containsEntry("whatsapp", Result.DELIVERED);
    assertThat(find(sara).failingWays()).isEmpty();
  }

  @Test
  void whatIsStillRepeatedHasNotFailedYet() {
    var omar = person();
    var test = started(listed(omar));
    set(omar, Way.SMS, "failed", "30003");
    db.superuserPool()
        .preparedQuery(
            """
            INSERT INTO notify.text (
              to_phone, language, message_class, purpose, about, body, segments, answerable,
              priority, valid_until, way, lane, country, occasion, cost, created_at, state_at,
              due_at, repeat_of)
            SELECT to_phone, language, message_class, purpose, about, body, segments, answerable,
              priority, valid_until, way, lane, country, occasion, cost, created_at, state_at,
              due_at, id
            FROM notify.text WHERE to_phone = $1 AND way = 'sms'
            """)
        .execute(Tuple.of(omar.phone().e164()))
        .await();
    collect.run(now);
    assertThat(results(test)).containsEntry("sms", Result.WAITING);
    assertThat(find(omar).failingWays()).isEmpty();
    set(omar, Way.SMS, "failed", "30003");
    collect.run(now);
    assertThat(results(test)).containsEntry("sms", Result.FAILED);
    assertThat(find(omar).failingWays()).containsExactly(Way.SMS);
  }

  @Test
  void anyTextThatArrivesByAFailingWayLaterMendsIt() {
    var huda = person();
    started(listed(huda));
    set(huda, Way.SMS, "failed", "30005");
    collect.run(now);
    assertThat(find(huda).failingWays()).containsExactly(Way.SMS);

    now = now.plus(Duration.ofHours(2));
    says(huda, "sms", "hello");
    collect.run(now);
    assertThat(find(huda).failingWays()).isEmpty();
  }

  @Test
  void aRefusalOfOursSaysNothingOfTheWay() {
    var zaid = person();
    var test = started(listed(zaid));
    set(zaid, Way.SMS, "refused", "had enough");
    collect.run(now);
    assertThat(results(test)).containsEntry("sms", Result.FAILED);
    assertThat(find(zaid).failingWays()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, done", "2, done", "STOP, done", "where do I go?, person"})
  void anyReplyCountsForItsOwnWay(String body, String state) {
    var noor = person("whatsapp", "sms");
    var test = started(listed(noor));
    set(noor, Way.SMS, "sent", null);
    set(noor, Way.WHATSAPP, "sent", null);
    says(noor, "whatsapp", body);
    assertThat(results(test))
        .containsEntry("whatsapp", Result.ANSWERED)
        .containsEntry("sms", Result.SENT);
    var found = ReachTest.find(db.pool(), test, now).orElseThrow();
    assertThat(found.answered()).isOne();
    assertThat(found.ways().get(Way.WHATSAPP).delivered()).as("answered, so delivered").isOne();
    assertThat(column("SELECT state FROM notify.reply WHERE from_phone = $1", noor))
        .containsExactly(state);
    assertThat(column("SELECT id FROM dispatch.offer WHERE volunteer::text = $1", noor.id()))
        .isEmpty();
  }

  @Test
  void dangerIsReadAtOnceAndAWrongNumberIsNoAnswer() {
    var mona = person();
    var test = started(listed(mona));
    set(mona, Way.SMS, "sent", null);
    says(mona, "sms", "wrong number");
    assertThat(results(test)).containsEntry("sms", Result.SENT);
    says(mona, "sms", "help me I am trapped");
    assertThat(results(test)).containsEntry("sms", Result.ANSWERED);
    assertThat(Inbox.isInDanger(db.pool(), mona.phone())).isTrue();
  }

  @Test
  void theButtonBehindTheLinkCountsForTheWayThatBroughtIt() {
    var adel = person("whatsapp", "sms");
    var test = started(listed(adel));
    var about = column("SELECT about FROM notify.text WHERE way = 'sms' AND to_phone = $1", adel);
    tx(tx -> ReachAnswers.press(tx, Long.parseLong(about.getFirst()), now));
    assertThat(results(test))
        .containsEntry("sms", Result.ANSWERED)
        .containsEntry("whatsapp", Result.WAITING);
  }

  @Test
  void whoeverMayNotBeTextedIsLeftOut() {
    var able = person();
    var stopped = person();
    tx(tx -> stop(tx, stopped));
    var tested = person();
    started(listed(tested));
    var test = started(listed(able, stopped, tested));
    var found = ReachTest.find(db.pool(), test, now).orElseThrow();
    assertThat(found.people()).isOne();
    assertThat(found.leftOut()).isEqualTo(2);
    assertThat(texts(stopped, "way")).isEmpty();
    assertThat(run(listed(stopped, tested))).isEqualTo(new Outcome.NobodyToTest(2));
  }

  @Test
  void anOrganisationAndASampleAreChosenFrom() {
    var code = "reach-" + COUNT.incrementAndGet();
    tx(tx -> AddOrganisation.run(tx, new AddOrganisation.Draft(code, "جهة", "Some")));
    var one = person(code, List.of());
    person();
    var test = started(new Selection.OfOrganisation(code));
    assertThat(ReachTest.people(db.pool(), test, now))
        .extracting(ReachTest.Person::volunteer)
        .containsExactly(one.id());
    assertThat(run(new Selection.OfOrganisation("nobody-at-all")))
        .isEqualTo(new Outcome.NoSuchOrganisation("nobody-at-all"));
    for (var i = 0; i < 4; i++) person();
    var sample = started(new Selection.Sample(3));
    var found = ReachTest.find(db.pool(), sample, now).orElseThrow();
    assertThat(found.people() + found.leftOut()).isEqualTo(3);
  }

  @Test
  void whatIsNotThereIsNamedAndNothingIsSent() {
    var able = person();
    var missing = new VolunteerId(99_999_999);
    assertThat(run(new Selection.Listed(List.of(able.id(), missing))))
        .isEqualTo(new Outcome.NoSuchVolunteers(List.of(missing)));
    assertThat(run(new Selection.Sample(StartReachTest.PEOPLE_MAX + 1)))
        .isEqualTo(new Outcome.TooMany(StartReachTest.PEOPLE_MAX + 1));
    assertThat(texts(able, "way")).isEmpty();
  }

  private static Map.Entry<String, Result> waiting(String way) {
    return Map.entry(way, Result.WAITING);
  }

  private static Selection listed(Volunteer... people) {
    return new Selection.Listed(List.of(people).stream().map(Volunteer::id).toList());
  }

  private Outcome run(Selection selection) {
    return tx(tx -> start.run(tx, selection, STAFF, now));
  }

  private long started(Selection selection) {
    var outcome = run(selection);
    assertThat(outcome).isInstanceOf(Outcome.Started.class);
    return ((Outcome.Started) outcome).test();
  }

  /** By way. */
  private Map<String, Result> results(long test) {
    var results = new HashMap<String, Result>();
    for (var person : ReachTest.people(db.pool(), test, now)) {
      for (var one : person.tries()) results.put(one.way().tag(), one.result());
    }
    return results;
  }

  private Volunteer person(String... ways) {
    return person(null, List.of(ways));
  }

  private Volunteer person(String organisation, List<String> ways) {
    var draft =
        new Register.Draft(
            "Volunteer",
            "+966" + COUNT.incrementAndGet(),
            null,
            "en",
            List.of(),
            List.of(),
            39.1,
            21.5,
            null,
            null,
            organisation,
            ways,
            true);
    var outcome = tx(tx -> Register.run(tx, draft, now.minus(Duration.ofDays(1))));
    return find(((Register.Outcome.Registered) outcome).id());
  }

  private static Volunteer find(Volunteer person) {
    return find(person.id());
  }

  private static Volunteer find(VolunteerId id) {
    return Volunteers.find(db.pool(), id).orElseThrow();
  }

  private Object stop(SqlConnection tx, Volunteer person) {
    Consent.stop(tx, person.phone(), Consent.How.REPLY, now);
    return person;
  }

  /** As the carrier tells of the newest text by this way. */
  private void set(Volunteer person, Way way, String state, String problem) {
    db.superuserPool()
        .preparedQuery(
            """
            UPDATE notify.text SET state = $3::text::notify.text_state, state_at = $4, posts = 1,
              begun_at = $4, problem = $5
            WHERE id = (SELECT max(id) FROM notify.text WHERE to_phone = $1 AND way = $2)
            """)
        .execute(Tuple.of(person.phone().e164(), way.tag(), state, Database.utc(now), problem))
        .await();
  }

  /** It is kept, read and taken. */
  private void says(Volunteer person, String way, String body) {
    now = now.plusSeconds(1);
    var to = way.equals("whatsapp") ? "whatsapp:+1" : "+1";
    var key = "SM" + COUNT.incrementAndGet();
    tx(
        tx ->
            TakeReply.run(tx, new Arrived("twilio", key, person.phone(), to, body, Map.of()), now));
    new ReadReplies(db.pool(), bus).run(now);
    while (collect.run(now)) {
      // until nothing waits
    }
  }

  private static List<String> texts(Volunteer person, String column) {
    return column(
        "SELECT (" + column + ")::text FROM notify.text WHERE to_phone = $1 ORDER BY id", person);
  }

  private static List<String> column(String sql, Volunteer person) {
    return values(sql, person.phone().e164());
  }

  private static List<String> column(String sql, VolunteerId id) {
    return values(sql, Long.toString(id.value()));
  }

  private static List<String> values(String sql, String of) {
    var values = new ArrayList<String>();
    for (var row : db.superuserPool().preparedQuery(sql).execute(Tuple.of(of)).await()) {
      values.add(String.valueOf(row.getValue(0)));
    }
    return values;
  }

  private static <T> T tx(Function<SqlConnection, T> work) {
    return Database.inTransaction(db.pool(), work);
  }
}
