package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.notifier.SendDue;
import org.fazaa.notifier.carrier.simulated.SimulatedCarrier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acceptances that race for places: whole crowds say yes at once to needs of any size while their
 * texts still leave, some twice, some take it back at once, and needs are closed in the middle of
 * it.
 */
class RacedAcceptancesTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Logger LOG = LoggerFactory.getLogger(RacedAcceptancesTest.class);
  private static final int ACCEPTANCES = Integer.getInteger("soak.acceptances", 100_000);
  private static final long SEED = Long.getLong("soak.seed", 1448);
  private static final int COST = 40;
  private static final double TAKEN_BACK = 0.1;
  private static final double SAID_TWICE = 0.1;
  private static final double CLOSED = 0.2;

  /**
   * How large a race is.
   *
   * @param needs that ask {@code people} for so many {@code places} at most, each by so many texts
   */
  private record Size(int people, int needs, int places, int texts) {
    static final Size SMALL = new Size(120, 5, 12, 30);
    static final Size LARGE = new Size(1_000, 12, 40, 120);
  }

  private final Map<String, Integer> answers = new TreeMap<>();
  private int acceptances;

  @BeforeAll
  static void watchWhatLeaves() {
    for (var statement : WATCH) db.superuserPool().query(statement).execute().await();
  }

  @Test
  void noPlaceIsGivenTwiceInOneCrowd() throws Exception {
    race(Size.SMALL, 1);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 8, unit = TimeUnit.HOURS)
  void noneIsGivenTwiceNobodyIsAskedTwiceAndNobodyIsAskedAfterTheEnd() throws Exception {
    race(Size.LARGE, ACCEPTANCES);
  }

  private void race(Size size, int wanted) throws Exception {
    var random = new Random(SEED);
    var crowds = 0;
    var places = 0;
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (; acceptances < wanted; crowds++) {
        places += crowd(threads, size, new Random(random.nextLong()));
        Town.assertInvariants(db);
        assertThat(count(OVERFILLED)).as("needs with more people than places").isZero();
        assertThat(count(HOLDS_TWO)).as("people with two open offers below life class").isZero();
        assertThat(count(STILL_WAITS)).as("asked after they were stood down").isZero();
        assertThat(count(LEFT_LATE)).as("texts that left after their offer ended").isZero();
      }
    }
    assertThat(count(LEFT)).as("texts that left in time").isPositive();
    LOG.info(
        "{} acceptances of {} crowds raced for {} places: {}; {} texts left meanwhile; 0 places"
            + " given twice, 0 people asked twice at a time, 0 texts left after the end",
        acceptances,
        crowds,
        places,
        answers,
        count(LEFT));
  }

  /** One town's people are asked until nobody is left to ask; how many places they raced for. */
  private int crowd(ExecutorService threads, Size size, Random random) throws Exception {
    var town = new Town(db);
    town.people(size.people);
    var needs = new ArrayList<NeedId>();
    var places = 0;
    for (var i = 0; i < size.needs; i++) {
      var people = 1 + random.nextInt(size.places);
      places += people;
      needs.add(town.need(people, random.nextInt(4) == 0 ? Priority.LIFE : Priority.URGENT));
      town.callOut(needs.getLast(), size.texts);
    }
    for (var any = 0; any < size.needs; any++) {
      town.ask(Waves.ALL);
      town.after(Duration.ofMinutes(2));
    }
    var over = new AtomicBoolean();
    var sending = threads.submit(() -> send(town, over));
    try {
      race(threads, town, needs, random);
    } finally {
      over.set(true);
      sending.get();
    }
    return places;
  }

  // Who is asked by a text that has not left yet is stood down by keeping it back. What was already
  // on its way out and comes back is kept back by the next turn.
  private static void send(Town town, AtomicBoolean over) {
    var send = sender(town);
    while (!over.get()) send.run(town.now);
    send.wind(town.now);
    var last = sender(town);
    while (last.run(town.now)) Thread.onSpinWait();
    last.wind(town.now);
  }

  private static SendDue sender(Town town) {
    var carrier = new SimulatedCarrier(db.pool(), (text, at) -> List.of(), COST);
    return new SendDue(db.pool(), town.bus, carrier);
  }

  private void race(ExecutorService threads, Town town, List<NeedId> needs, Random random)
      throws Exception {
    var calls = new ArrayList<Callable<List<String>>>();
    for (var need : needs) {
      for (var offer : town.offers(need)) {
        var twice = random.nextDouble() < SAID_TWICE;
        var takenBack = random.nextDouble() < TAKEN_BACK;
        calls.add(
            () -> {
              var said = new ArrayList<String>();
              said.add(town.says(offer, "1").word());
              if (twice) said.add(town.says(offer, "1").word());
              if (takenBack) town.says(offer, "2");
              return said;
            });
      }
      if (random.nextDouble() < CLOSED) {
        calls.add(
            () -> {
              town.tx(tx -> CloseNeed.run(tx, town.staff(tx), need, "over", town.now));
              return List.of();
            });
      }
    }
    Collections.shuffle(calls, random);
    var running = new ArrayList<Future<List<String>>>();
    for (var call : calls) running.add(threads.submit(call));
    for (var one : running) {
      for (var word : one.get()) {
        acceptances++;
        answers.merge(word, 1, Integer::sum);
      }
    }
  }

  private static int count(String sql) {
    return db.superuserPool().query(sql).execute().await().rowCount();
  }

  private static final String HOLDS_TWO =
      """
      SELECT volunteer FROM dispatch.offer WHERE state = 'open' AND NOT life
      GROUP BY volunteer HAVING count(*) > 1\
      """;

  private static final String OVERFILLED =
      """
      SELECT n.id FROM dispatch.need n
      WHERE n.people < (SELECT count(*) FROM dispatch.offer o
                        WHERE o.need = n.id AND o.state = 'assigned')\
      """;

  // What asks carries a code that can be answered; what tells of the end does not.
  private static final String STILL_WAITS =
      """
      SELECT t.id FROM notify.text t
      JOIN dispatch.offer o ON t.purpose = 'dispatch' AND t.about = o.id::text
      WHERE o.state IN ('stood_down', 'expired') AND t.answerable AND t.state = 'queued'\
      """;

  // Seen in the statement by which each begins to leave: it holds the text, so whoever ends the
  // offer has either kept it back before or will find it gone.
  private static final List<String> WATCH =
      List.of(
          "CREATE TABLE dispatch.left_text (id bigint, offer_state text)",
          """
          CREATE FUNCTION dispatch.note_leaving() RETURNS trigger
          LANGUAGE plpgsql SECURITY DEFINER AS $$
          BEGIN
            INSERT INTO dispatch.left_text
            SELECT NEW.id, o.state FROM dispatch.offer o WHERE o.id::text = NEW.about;
            RETURN NEW;
          END $$
          """,
          """
          CREATE TRIGGER leaving BEFORE UPDATE ON notify.text FOR EACH ROW
          WHEN (OLD.state = 'queued' AND NEW.state = 'submitting' AND NEW.answerable)
          EXECUTE FUNCTION dispatch.note_leaving()
          """);

  private static final String LEFT = "SELECT id FROM dispatch.left_text";

  private static final String LEFT_LATE =
      "SELECT id FROM dispatch.left_text WHERE offer_state IN ('stood_down', 'expired')";
}
