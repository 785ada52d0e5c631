package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.add;
import static org.fazaa.notifier.Sample.offer;

import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.fazaa.config.Bus;
import org.fazaa.config.Secret;
import org.fazaa.config.Settings;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.carrier.standin.Faults;
import org.fazaa.notifier.carrier.standin.Manner;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.fazaa.notifier.carrier.twilio.TwilioCarrier;
import org.fazaa.notifier.reply.AnswerLink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A carrier that fails as carriers do, second by second on a clock of our own. */
class CarrierFaultsTest {
  private static final String ACCOUNT = "AC" + "0".repeat(32);
  private static final Secret SECRET = new Secret("secret");
  private static final int TEXTS = 120;

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static Bus bus;

  private Pool pool;
  private TwilioStandIn twilio;
  private SendDue send;
  private SettleUnknown settle;

  @BeforeAll
  static void openBus() {
    bus = Bus.of(db.vertx());
  }

  @BeforeEach
  void start() {
    Sample.empty(db.superuserPool());
    pool = db.pool();
    var options = new StandInOptions().still().clock(InstantSource.fixed(NOW)).seed(7);
    twilio = TwilioStandIn.start(db.vertx(), options.account(ACCOUNT, "SK1", SECRET, SECRET));
    var settings =
        new Settings.Twilio(
            ACCOUNT,
            "SK1",
            SECRET,
            List.of(SECRET),
            "+15005550006",
            "",
            twilio.url(),
            0,
            20,
            List.of(),
            Optional.empty(),
            Map.of(),
            Optional.empty());
    var carrier =
        new TwilioCarrier(
            db.vertx(),
            settings,
            new Settings.Cost(40, 1_000_000),
            URI.create("https://fazaa.example"),
            new AnswerLink(new byte[32]));
    send = new SendDue(pool, bus, carrier);
    settle = new SettleUnknown(pool, bus, carrier);
  }

  @AfterEach
  void stop() {
    twilio.close();
  }

  /** Of ten POSTs three fail: half of those were taken all the same. */
  @Test
  @Tag("F15")
  void whatIsInDoubtIsSettledInTimeAndNobodyGetsMoreThanOneTextTooMany() {
    twilio.faults(
        Faults.parse("accept-then-cut=0.1,accept-then-500=0.05,cut=0.05,500=0.05,503=0.05"));
    var texts = offers();
    var since = new HashMap<Long, Instant>();
    var lasted = new HashMap<Long, Duration>();
    for (int second = 0; second < 900 && !isOver(second, since); second++) {
      var now = NOW.plusSeconds(second);
      turn(now);
      var doubtful = ids("SELECT id FROM notify.text WHERE state = 'unknown'");
      for (var gone : new HashSet<>(since.keySet())) {
        if (!doubtful.contains(gone)) {
          lasted.put(gone, Duration.between(since.remove(gone), now));
        }
      }
      doubtful.forEach(id -> since.putIfAbsent(id, now));
    }

    assertThat(lasted).as("something was in doubt").hasSizeGreaterThan(TEXTS / 10);
    assertThat(lasted.values()).allMatch(time -> time.compareTo(Duration.ofSeconds(120)) <= 0);
    assertThat(ids("SELECT id FROM notify.text WHERE state IN ('queued', 'submitting', 'unknown')"))
        .isEmpty();
    var posts = twilio.postsByMessage();
    assertThat(texts).allMatch(text -> posts.get(Long.toString(text)) <= 2);
    // What the carrier had was found there, soon, and not sent again.
    for (var text : texts) {
      if (posts.get(Long.toString(text)) == 1 && lasted.containsKey(text)) {
        assertThat(lasted.get(text)).isLessThanOrEqualTo(Duration.ofSeconds(30));
      }
    }
    assertThat(twilio.accepted()).isLessThanOrEqualTo(TEXTS);
    assertThat(ids("SELECT id FROM notify.text WHERE state = 'accepted'"))
        .hasSizeGreaterThan(TEXTS * 9 / 10);
  }

  @Test
  @Tag("F14")
  void aCarrierThatSaysLaterIsNotAskedEarlier() {
    twilio.always(new Manner.RefuseUntil(429, 20429, 7));
    var texts = offers();
    turn(NOW);
    long first = twilio.posted();
    assertThat(first).isBetween(1L, (long) TEXTS);
    for (int second = 1; second < 7; second++) {
      turn(NOW.plusSeconds(second));
    }
    assertThat(twilio.posted()).isEqualTo(first);

    turn(NOW.plusSeconds(8)); // those on their way find out, and are told the same
    long second = twilio.posted();
    assertThat(second - first).isLessThan(TEXTS);
    for (int later = 9; later < 14; later++) {
      turn(NOW.plusSeconds(later));
    }
    assertThat(twilio.posted()).isEqualTo(second);

    twilio.always(new Manner.Accept());
    for (int later = 15; later < 200; later++) {
      turn(NOW.plusSeconds(later));
    }
    assertThat(ids("SELECT id FROM notify.text WHERE state = 'accepted'")).hasSameSizeAs(texts);
    assertThat(twilio.accepted()).isEqualTo(TEXTS);
  }

  /** The sender dies between its POST and the answer, and the carrier is then silent too. */
  @Test
  @Tag("F15")
  void aCarrierThatCannotBeAskedIsShownAndNothingIsRepeatedBlindly() {
    twilio.always(new Manner.AcceptThenCut());
    long text = offers().getFirst();
    turn(NOW);
    assertThat(Sample.state(pool, text)).isEqualTo(TextState.UNKNOWN);

    twilio.close();
    for (int second = 1; second < 200; second++) {
      settle.run(NOW.plusSeconds(second));
    }
    assertThat(Alarm.list(pool))
        .extracting(Alarm.Open::kind)
        .containsOnly(Alarm.Kind.CARRIER_SILENT);
  }

  private List<Long> offers() {
    return add(
        pool,
        IntStream.range(0, TEXTS)
            .mapToObj(i -> offer(new Phone("+9665" + (10_000_000 + i)), "o" + i, "F" + (1_000 + i)))
            .toList());
  }

  private boolean isOver(int second, Map<Long, Instant> since) {
    return second > 5
        && since.isEmpty()
        && ids("SELECT id FROM notify.text WHERE state IN ('queued', 'submitting', 'unknown')")
            .isEmpty();
  }

  private void turn(Instant now) {
    boolean did = true;
    while (did || send.isFlying()) {
      did = send.run(now);
      if (!did && send.isFlying()) {
        send.stirred().await();
      }
    }
    while (settle.run(now)) {
      // until nothing is due
    }
  }

  private Set<Long> ids(String sql) {
    var ids = new HashSet<Long>();
    pool.query(sql).execute().await().forEach(row -> ids.add(row.getLong(0)));
    return ids;
  }
}
