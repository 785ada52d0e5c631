package org.fazaa.fund.giving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fazaa.fund.Books.sar;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.fazaa.config.Bus;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.GatherGifts.Answer;
import org.fazaa.fund.giving.RecordDonation.Draft;
import org.fazaa.fund.giving.RecordDonation.Outcome;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GatherGiftsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final int WAITING_MAX = 3;

  private static final Random CODES = new Random(5);

  private static Bus bus;

  private final Books books = new Books(db);
  private GatherGifts gatherGifts;
  private FundId fund;

  @BeforeAll
  static void bus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void open() {
    var record = new RecordDonation(CODES);
    gatherGifts = new GatherGifts(db.pool(), bus, () -> Books.NOW, record, WAITING_MAX);
    fund = books.openFund();
  }

  @Test
  void allThatWaitAtATimeAreWrittenTogetherAndEachIsAnswered() {
    var first = gift();
    var closing = holdUp();
    var answers = new ArrayList<Future<Answer>>();
    answers.add(gatherGifts.run(first));
    awaitHeldUp();
    answers.add(gatherGifts.run(gift()));
    answers.add(gatherGifts.run(first));
    answers.add(gatherGifts.run(Books.gift(fund, Channel.CARD, sar(0))));
    letGo(closing);

    assertThat(answers)
        .extracting(one -> given(one).getClass().getSimpleName())
        .containsExactly("Recorded", "Recorded", "AlreadyRecorded", "Invalid");
    gatherGifts.post();
    assertThat(books.figures(fund).received()).isEqualTo(sar(10));
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @Test
  void whoeverIsTooManyIsToldSoAndTheSameKeyIsGoodForAnotherTry() {
    var closing = holdUp();
    var waiting = new ArrayList<Future<Answer>>();
    waiting.add(gatherGifts.run(gift()));
    awaitHeldUp();
    for (int i = 0; i < WAITING_MAX; i++) waiting.add(gatherGifts.run(gift()));
    var late = gift();

    assertThat(gatherGifts.run(late).await()).isInstanceOf(Answer.TooMany.class);

    letGo(closing);
    waiting.forEach(one -> assertThat(given(one)).isInstanceOf(Outcome.Recorded.class));
    assertThat(given(gatherGifts.run(late))).isInstanceOf(Outcome.Recorded.class);
    assertThat(given(gatherGifts.run(late))).isInstanceOf(Outcome.AlreadyRecorded.class);
    gatherGifts.post();
    assertThat(books.figures(fund).received()).isEqualTo(sar(5 * (WAITING_MAX + 2)));
  }

  @Test
  void whoeverWaitsForAReceiptHasOneOfTheirOwn() throws Exception {
    Callable<String> give =
        () -> {
          var given = (Outcome.Recorded) given(gatherGifts.run(gift()));
          assertThat(given.donation().receiptNumber()).isEmpty();
          return gatherGifts.receipted(given.donation()).receiptNumber().orElseThrow();
        };
    try (var givers = Executors.newVirtualThreadPerTaskExecutor()) {
      var receipts = new HashSet<String>();
      for (var one : givers.invokeAll(Collections.nCopies(WAITING_MAX, give))) {
        receipts.add(one.get());
      }
      assertThat(receipts).hasSize(WAITING_MAX);
    }
    assertThat(books.figures(fund).received()).isEqualTo(sar(5 * WAITING_MAX));
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @Test
  void stoppingWaitsUntilEverybodyHasAnAnswer() {
    var closing = holdUp();
    var waiting = List.of(gatherGifts.run(gift()), gatherGifts.run(gift()));
    awaitHeldUp();
    letGo(closing);

    gatherGifts.wind(Instant.MAX);

    assertThat(waiting).allMatch(Future::succeeded);
  }

  private Draft gift() {
    return Books.gift(fund, Channel.CARD, sar(5));
  }

  private static Outcome given(Future<Answer> answer) {
    return ((Answer.Given) answer.await()).outcome();
  }

  /** As if a fund were being closed: gifts wait for it. */
  private static SqlConnection holdUp() {
    var connection = db.pool().getConnection().await();
    connection.begin().await();
    connection.query(LOCK).execute().await();
    return connection;
  }

  private static void letGo(SqlConnection closing) {
    closing.close().await();
  }

  private static void awaitHeldUp() {
    await().until(() -> db.pool().query(WAITS).execute().await().iterator().next().getBoolean(0));
  }

  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('fund.closing', 0))";

  private static final String WAITS =
      """
      SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                     WHERE d.datname = current_database() AND l.locktype = 'advisory'
                       AND NOT l.granted)\
      """;
}
