package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hundred thousand acceptances that race for places: whole crowds say yes at once to needs of any
 * size, some twice, some take it back at once, and needs are closed in the middle of it.
 */
@Tag("soak")
class RacedAcceptancesTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Logger LOG = LoggerFactory.getLogger(RacedAcceptancesTest.class);
  private static final int ACCEPTANCES = Integer.getInteger("soak.acceptances", 100_000);
  private static final int PEOPLE = 1_000;
  private static final int NEEDS = 12;
  private static final int PLACES_MAX = 40;
  private static final int TEXTS = 120;
  private static final double TAKEN_BACK = 0.1;
  private static final double SAID_TWICE = 0.1;
  private static final double CLOSED = 0.2;

  private final Map<String, Integer> answers = new TreeMap<>();
  private int acceptances;

  @Test
  @Timeout(value = 8, unit = TimeUnit.HOURS)
  void noneIsGivenTwiceNobodyIsAskedTwiceAndNobodyIsAskedAfterTheEnd() throws Exception {
    var random = new Random(1448);
    var crowds = 0;
    var places = 0;
    try (var threads = Executors.newFixedThreadPool(16)) {
      for (; acceptances < ACCEPTANCES; crowds++) {
        places += crowd(threads, new Random(random.nextLong()));
        Town.assertInvariants(db);
        assertThat(count(HOLDS_TWO)).as("people with two open offers below life class").isZero();
        assertThat(count(TEXTED_AFTER_THE_END)).as("asked after they were stood down").isZero();
      }
    }
    assertThat(count(OVERFILLED)).isZero();
    LOG.info(
        "{} acceptances of {} crowds raced for {} places: {}; 0 places given twice, 0 people asked"
            + " twice at a time, 0 asked after the end",
        acceptances,
        crowds,
        places,
        answers);
  }

  /** One town's people are asked until nobody is left to ask; how many places they raced for. */
  private int crowd(ExecutorService threads, Random random) throws Exception {
    var town = new Town(db);
    town.people(PEOPLE);
    var needs = new ArrayList<NeedId>();
    var places = 0;
    for (var i = 0; i < NEEDS; i++) {
      var people = 1 + random.nextInt(PLACES_MAX);
      places += people;
      needs.add(town.need(people, random.nextInt(4) == 0 ? Priority.LIFE : Priority.URGENT));
      town.callOut(needs.getLast(), TEXTS);
    }
    town.ask(Waves.ALL);
    db.superuserPool().query(HALF_LEAVE).execute().await();
    race(threads, town, needs, random);
    return places;
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

  // Who is asked by a text that has not left yet is stood down by keeping it back.
  private static final String HALF_LEAVE =
      """
      UPDATE notify.text SET state = 'sent', posts = 1 WHERE state = 'queued' AND id % 2 = 0\
      """;

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
  private static final String TEXTED_AFTER_THE_END =
      """
      SELECT t.id FROM notify.text t
      JOIN dispatch.offer o ON t.purpose = 'dispatch' AND t.about = o.id::text
      WHERE o.state = 'stood_down' AND t.answerable AND t.state IN ('queued', 'submitting')\
      """;
}
