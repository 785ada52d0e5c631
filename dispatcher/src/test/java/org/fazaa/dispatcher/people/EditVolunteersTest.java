package org.fazaa.dispatcher.people;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Loop;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.people.EditVolunteers.Edit;
import org.fazaa.dispatcher.people.EditVolunteers.Outcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many change at once: each is told what became of their own, and the last word counts. */
class EditVolunteersTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final Week EVENINGS = Week.parse("sun-thu 16-23").orElseThrow();
  private static final Week WEEKENDS = Week.parse("fri-sat 8-24").orElseThrow();
  private static final Point TAIF = new Point(40.41, 21.27);
  private static Bus bus;

  private final Queue<Set<VolunteerId>> learned = new ConcurrentLinkedQueue<>();
  private final EditVolunteers.Memory memory =
      new EditVolunteers.Memory() {
        @Override
        public String columns() {
          return "v.id";
        }

        @Override
        public Writing begin(Set<VolunteerId> people) {
          return new Writing() {
            @Override
            public void committed(RowSet<Row> rows) {
              var ids = new HashSet<VolunteerId>();
              for (var row : rows) ids.add(new VolunteerId(row.getLong(0)));
              learned.add(ids);
            }

            @Override
            public void close() {}
          };
        }
      };

  private final EditVolunteers edits = new EditVolunteers(db.pool(), bus, memory);

  @BeforeAll
  static void openBus() {
    bus = Bus.of(db.vertx());
  }

  @Test
  void whatWaitsTogetherIsWrittenTogetherAndEachHearsOfTheirOwn() {
    var people = register(3);
    var nobody = new VolunteerId(999_999);
    var hours = edits.run(new Edit.Hours(people.get(0), EVENINGS));
    var place = edits.run(new Edit.Place(people.get(1), TAIF));
    var pause = edits.run(new Edit.Pause(people.get(2), Optional.of(NOW.plusSeconds(60))));
    var none = edits.run(new Edit.Hours(nobody, EVENINGS));
    assertThat(hours.isComplete()).as("nothing is promised before the commit").isFalse();

    edits.wind(NOW);

    assertThat(List.of(hours.result(), place.result(), pause.result()))
        .containsOnly(new Outcome.Edited());
    assertThat(none.result()).isEqualTo(new Outcome.NoSuchVolunteer());
    assertThat(find(people.get(0)).hours()).isEqualTo(EVENINGS);
    assertThat(find(people.get(1)).place()).isEqualTo(TAIF);
    assertThat(find(people.get(1)).hours()).as("nothing else changes").isEqualTo(Week.ALWAYS);
    assertThat(find(people.get(2)).pausedUntil()).contains(NOW.plusSeconds(60));
    assertThat(learned).as("one commit").containsExactly(Set.copyOf(people));
    assertThat(edits.run(NOW)).as("nothing is left").isFalse();
  }

  @Test
  void ofOnePersonTheLaterEditCountsAndTheOthersStay() {
    var one = register(1).getFirst();
    edits.run(new Edit.Pause(one, Optional.of(NOW.plusSeconds(60))));
    edits.run(new Edit.Hours(one, EVENINGS));
    edits.run(new Edit.Place(one, TAIF));
    edits.run(new Edit.Hours(one, WEEKENDS));
    edits.run(new Edit.Pause(one, Optional.empty()));
    edits.wind(NOW);

    assertThat(find(one).hours()).isEqualTo(WEEKENDS);
    assertThat(find(one).place()).isEqualTo(TAIF);
    assertThat(find(one).pausedUntil()).isEmpty();
  }

  @Test
  void whoComesWhenTooManyWaitIsRefusedAndNothingOfItIsKept() {
    var few = new EditVolunteers(db.pool(), bus, memory, 2);
    var people = register(3);
    var taken = people.subList(0, 2).stream().map(id -> few.run(new Edit.Hours(id, EVENINGS)));
    var waiting = taken.toList();
    assertThat(few.run(new Edit.Hours(people.get(2), EVENINGS)).result())
        .isEqualTo(new Outcome.TooMany());
    few.wind(NOW);

    assertThat(waiting).extracting(Future::result).containsOnly(new Outcome.Edited());
    assertThat(find(people.get(2)).hours()).isEqualTo(Week.ALWAYS);
    few.run(new Edit.Hours(people.get(2), EVENINGS));
    few.wind(NOW);
    assertThat(find(people.get(2)).hours()).as("there is room again").isEqualTo(EVENINGS);
  }

  @Test
  void clientsThatRaceForOnePersonFindTheLastCommitInTheTableAndHearTheSame() throws Exception {
    var people = register(5);
    var loop = Loop.of(edits, () -> NOW);
    var deployed = db.vertx().deployVerticle(loop, Loop.options()).await();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          IntStream.range(0, 40)
              .mapToObj(client -> clients.submit(() -> editMany(people, new Random(client))))
              .toList();
      for (var one : running) assertThat(one.get()).isEqualTo(25);
      for (var id : people) {
        assertThat(edits.run(new Edit.Hours(id, EVENINGS)).await()).isEqualTo(new Outcome.Edited());
        assertThat(find(id).hours()).as("told after the commit").isEqualTo(EVENINGS);
      }
    } finally {
      db.vertx().undeploy(deployed).await();
    }
    assertThat(learned.size()).as("fewer commits than edits").isLessThan(40 * 25);
  }

  private int editMany(List<VolunteerId> people, Random random) {
    var edited = 0;
    for (var i = 0; i < 25; i++) {
      var who = people.get(random.nextInt(people.size()));
      var edit = random.nextBoolean() ? new Edit.Hours(who, WEEKENDS) : new Edit.Place(who, TAIF);
      if (edits.run(edit).await() instanceof Outcome.Edited) edited++;
    }
    return edited;
  }

  @Test
  void nobodyWaitsForADatabaseThatIsAway() {
    var one = register(1).getFirst();
    var other = db.open(db.vertx());
    var apart = new EditVolunteers(other.dispatch(), bus, memory);
    other.close();
    var edit = apart.run(new Edit.Hours(one, EVENINGS));

    apart.wind(NOW);
    assertThat(edit.failed()).isTrue();
    assertThat(find(one).hours()).isEqualTo(Week.ALWAYS);
  }

  @Test
  void atTheEndWhoWaitsIsStillServed() {
    var people = register(EditVolunteers.BATCH_MAX + 1);
    var waiting = people.stream().map(id -> edits.run(new Edit.Hours(id, EVENINGS))).toList();
    edits.wind(NOW);

    assertThat(waiting).extracting(Future::result).containsOnly(new Outcome.Edited());
    assertThat(learned).hasSize(2);
    assertThat(edits.poll()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  private static Volunteer find(VolunteerId id) {
    return Volunteers.find(db.pool(), id).orElseThrow();
  }

  private static int phones = 500_000_000;

  private static List<VolunteerId> register(int many) {
    return Database.inTransaction(
        db.pool(),
        tx ->
            IntStream.range(0, many)
                .mapToObj(i -> "+966" + phones++)
                .map(phone -> Register.run(tx, draft(phone), NOW))
                .map(outcome -> ((Register.Outcome.Registered) outcome).id())
                .toList());
  }

  private static Register.Draft draft(String phone) {
    var none = List.<String>of();
    return new Register.Draft(
        "Sara", phone, "SA", "ar", none, none, 39.2, 21.5, null, null, null, none, true);
  }
}
