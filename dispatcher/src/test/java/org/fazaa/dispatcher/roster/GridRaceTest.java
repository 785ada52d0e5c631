package org.fazaa.dispatcher.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;
import org.junit.jupiter.api.Test;

/** Searches race with changes: nobody waits, nobody is lost, nobody is seen half changed. */
class GridRaceTest {
  private static final int PEOPLE = 1_500;
  private static final Point RIYADH = new Point(46.675, 24.713);

  @Test
  void whatIsFoundAmidChangesWasTrueOnceAndAfterwardsAFullScanFindsTheSame() throws Exception {
    var random = new Random(21);
    var people = new People(random);
    var grid = new Grid();
    var everybody = new TreeMap<Long, Person>();
    var written = new ConcurrentHashMap<Long, Queue<Person>>();
    for (var id = 1L; id <= PEOPLE; id++) write(grid, everybody, written, people.person(id));
    var found = 0;
    for (var round = 0; round < 25; round++) {
      var raced = new ArrayList<Query>();
      for (var i = 0; i < 20; i++) raced.add(people.query(PEOPLE));
      var left = new int[] {2_000};
      during(
          () -> {
            var id = 1 + random.nextLong(PEOPLE);
            if (random.nextInt(20) == 0) {
              everybody.remove(id);
              grid.change(List.of(), List.of(new VolunteerId(id)));
            } else {
              write(grid, everybody, written, people.person(id));
            }
            return --left[0] > 0;
          },
          () -> {
            for (var query : raced) assertWereTrueOnce(grid.nearest(query, 100), query, written);
            return null;
          });
      for (var i = 0; i < 40; i++) {
        var query = people.query(PEOPLE);
        var candidates = grid.nearest(query, 100);
        assertThat(candidates).isEqualTo(GridTest.scan(everybody.values(), query, 100));
        found += candidates.size();
      }
    }
    assertThat(found).as("the queries find somebody").isGreaterThan(3_000);
  }

  @Test
  void nobodyIsLostOrFoundTwiceOrSeenHalfChanged() throws Exception {
    var random = new Random(22);
    var grid = new Grid();
    for (var id = 1L; id <= PEOPLE; id++) grid.change(List.of(marked(id, (int) id)), List.of());
    var query = People.anybodyNear(RIYADH, 100);
    during(
        () -> {
          grid.change(
              List.of(marked(1 + random.nextLong(PEOPLE), random.nextInt(100_000))), List.of());
          return true;
        },
        () -> {
          for (var i = 0; i < 300; i++) {
            var ids = new HashSet<VolunteerId>();
            var candidates = grid.nearest(query, 2 * PEOPLE);
            for (var one : candidates) {
              ids.add(one.volunteer());
              assertThat(one).isEqualTo(candidate(one.volunteer().value(), markOf(one), query));
            }
            assertThat(ids).hasSize(PEOPLE);
            assertThat(candidates).hasSize(PEOPLE);
            assertThat(grid.nearest(query, 50)).hasSize(50);
            var id = new VolunteerId(1 + i);
            var person = grid.find(id).orElseThrow();
            var mark = (int) person.organisation();
            assertThat(person).isEqualTo(GridTest.rounded(marked(id.value(), mark)));
            assertThat(grid.reasons(id, query)).allMatch(Reason::holds);
          }
          return null;
        });
  }

  private static int markOf(Candidate one) {
    var asked = one.lastAsked().orElseThrow();
    return (int) (People.NOW.getEpochSecond() - asked.getEpochSecond()) - 3_600;
  }

  private static Candidate candidate(long id, int mark, Query query) {
    return GridTest.candidate(GridTest.rounded(marked(id, mark)), query);
  }

  /** Somebody whose place, skills, hours and history all come from one number. */
  private static Person marked(long id, int mark) {
    var asked = People.NOW.minusSeconds(3_600 + mark);
    var tally = new Tally(mark % 200, mark % 50);
    return new Person(
        new VolunteerId(id),
        new Point(RIYADH.lon() + mark % 7 * 0.02, RIYADH.lat() + mark % 11 * 0.02),
        1L << mark % 49 | 1L << mark % 13,
        1 << mark % 29,
        new Week(-1, -1, mark % 4),
        true,
        true,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.of(Instant.EPOCH.plusSeconds(1_600_000_000)),
        Optional.of(Instant.EPOCH.plusSeconds(1_600_000_000 + mark)),
        Optional.of(asked),
        new History(tally, tally, Tally.NONE, mark % 9, asked),
        mark,
        mark % 10 == 0 ? Map.of(Skill.NURSE, LocalDate.ofEpochDay(mark)) : Map.of());
  }

  private static void write(
      Grid grid, Map<Long, Person> everybody, Map<Long, Queue<Person>> written, Person one) {
    var rounded = GridTest.rounded(one);
    everybody.put(one.id().value(), rounded);
    written.computeIfAbsent(one.id().value(), none -> new ConcurrentLinkedQueue<>()).add(rounded);
    grid.change(List.of(one), List.of());
  }

  private static void assertWereTrueOnce(
      List<Candidate> candidates, Query query, Map<Long, Queue<Person>> written) {
    assertThat(candidates).extracting(Candidate::volunteer).doesNotHaveDuplicates();
    for (var one : candidates) {
      assertThat(written.get(one.volunteer().value()))
          .anyMatch(
              person ->
                  GridTest.mayBeAsked(person, query)
                      && GridTest.candidate(person, query).equals(one));
    }
  }

  // Changes on and on while two search at the same time.
  private static void during(Callable<Boolean> change, Callable<Void> search)
      throws InterruptedException, ExecutionException {
    var over = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(3)) {
      var changing =
          threads.submit(
              () -> {
                while (!over.get() && change.call()) continue;
                return null;
              });
      try {
        for (var searching : threads.invokeAll(List.of(search, search))) searching.get();
      } finally {
        over.set(true);
      }
      changing.get();
    }
  }
}
