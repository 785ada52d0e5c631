package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.fazaa.config.TestDatabase;
import org.fazaa.config.TestNodes;
import org.fazaa.notifier.carrier.standin.Answers;
import org.fazaa.notifier.carrier.standin.Faults;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two thousand people are called out by the whole program, in a process of its own, through a
 * carrier that fails three POSTs in ten and loses, doubles and turns round what it reports. The
 * carrier's own count is the witness.
 */
@Tag("soak")
class CallOutSoakTest {
  private static final Logger LOG = LoggerFactory.getLogger(CallOutSoakTest.class);
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final int VOLUNTEERS = 4_000;
  private static final int NEEDS = 40;
  private static final int PEOPLE = 40;
  private static final int TEXTS = 50;
  private static final double SPEED = 60;

  private static final String FAULTS =
      "accept-then-cut=0.05,cut=0.05,accept-then-500=0.04,500=0.04,503=0.06,429=0.04:1s"
          + ",timeout=0.01,silence=0.01"
          + ",lost-callbacks=0.1,doubled-callbacks=0.2,reversed-callbacks=0.2"
          + ",late-callbacks=0.1:5s,undelivered=0.02,lost-replies=0.02,doubled-replies=0.1";

  private static final String ANSWERS = "yes=0.4,no=0.25,odd=0.05,stop=0.01";

  @RegisterExtension
  static final TestDatabase db = TestDatabase.of("notify", "dispatch", "fund", "web");

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void nobodyIsForgottenAndNobodyIsAskedTwiceWhoMayNotBe() {
    int port = TestNodes.freePort();
    var options =
        new StandInOptions()
            .faults(Faults.parse(FAULTS))
            .answers(Answers.parse(ANSWERS), SPEED)
            .repliesTo(URI.create("http://127.0.0.1:" + port + "/twilio/replies"));
    try (var carrier = TwilioStandIn.start(options);
        var program = RunningFazaa.start(port, settings(carrier))) {
      program.signInAsCoordinator();
      program.importVolunteers(VOLUNTEERS);
      var crisis = program.launchCrisis();
      var needs =
          IntStream.range(0, NEEDS)
              .mapToObj(i -> program.callOut(crisis, i % 2 == 0 ? "life" : "urgent", PEOPLE, TEXTS))
              .toList();
      await().atMost(LIMIT).until(() -> asked() >= NEEDS * TEXTS || allFull(program, needs));
      await().atMost(LIMIT).until(() -> texts("state IN ('queued', 'submitting')") == 0);
      await().atMost(LIMIT).until(() -> unsettled() == 0);
      tell(program, carrier, needs);
      assertNoneLost(carrier);
      assertNoneDoubledThatMayNot(carrier);
    }
  }

  private static Map<String, String> settings(TwilioStandIn carrier) {
    var settings = new HashMap<>(carrier.settings());
    settings.put("DATABASE_URL", Program.written(db.url()));
    settings.put("DATABASE_OWNER_URL", Program.written(db.ownerUrl()));
    return settings;
  }

  private static boolean allFull(RunningFazaa program, List<Object> needs) {
    return needs.stream().allMatch(need -> program.need(need).getInteger("filled") >= PEOPLE);
  }

  private static long asked() {
    return count("SELECT count(*) FROM dispatch.offer");
  }

  // A text whose POST had no answer is settled once the carrier said or was asked.
  private static long unsettled() {
    return texts("state = 'unknown'");
  }

  private static void assertNoneLost(TwilioStandIn carrier) {
    var posted = carrier.postsByMessage();
    var sent = ids("state IN ('accepted', 'sent', 'delivered')");
    assertThat(sent).isNotEmpty().allMatch(posted::containsKey, "was posted");
  }

  private static void assertNoneDoubledThatMayNot(TwilioStandIn carrier) {
    var life = ids("message_class = 'life-safety'");
    assertThat(carrier.acceptedByMessage())
        .allSatisfy(
            (message, times) ->
                assertThat(times).as(message).isLessThanOrEqualTo(life.contains(message) ? 2 : 1));
  }

  private static void tell(RunningFazaa program, TwilioStandIn carrier, List<Object> needs) {
    int filled = needs.stream().mapToInt(need -> program.need(need).getInteger("filled")).sum();
    var report = new JsonObject(carrier.report());
    LOG.info("needs {}, places {}, filled {}", needs.size(), needs.size() * PEOPLE, filled);
    LOG.info("offers {}", counts("SELECT state::text, count(*) FROM dispatch.offer GROUP BY 1"));
    LOG.info("texts {}", counts("SELECT state::text, count(*) FROM notify.text GROUP BY 1"));
    LOG.info(
        "sent {}, answered {}, filled {}, doubled {}, cost {}",
        report.getInteger("accepted"),
        report.getJsonObject("replies").getInteger("sent"),
        filled,
        report.getJsonObject("doubled").getInteger("by_callback"),
        report.getInteger("cost_minor"));
    program.said().stream().filter(line -> line.contains(" ERROR ")).limit(20).forEach(LOG::info);
    LOG.info("the carrier's report {}", report.encodePrettily());
  }

  private static long texts(String which) {
    return count("SELECT count(*) FROM notify.text WHERE " + which);
  }

  private static List<String> ids(String which) {
    var ids = new ArrayList<String>();
    rows("SELECT id::text FROM notify.text WHERE " + which)
        .forEach(row -> ids.add(row.getString(0)));
    return ids;
  }

  private static long count(String sql) {
    return rows(sql).iterator().next().getLong(0);
  }

  private static Map<String, Long> counts(String sql) {
    var counts = new TreeMap<String, Long>();
    rows(sql).forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }

  private static Iterable<Row> rows(String sql) {
    return db.superuserPool().query(sql).execute().await();
  }
}
