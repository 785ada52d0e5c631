package org.fazaa.dispatcher.roster;

import static java.util.Comparator.comparingDouble;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;
import org.junit.jupiter.api.Test;

class GridTest {

  @Test
  void aSearchFindsWhomAFullScanFinds() {
    var random = new Random(11);
    var people = new People(random);
    var everybody = new TreeMap<Long, Person>();
    var grid = new Grid();
    var found = 0;
    for (var round = 0; round < 30; round++) {
      change(grid, everybody, people, random);
      assertThat(grid.size()).isEqualTo(everybody.size());
      for (var i = 0; i < 50; i++) {
        var query = people.query(4_000);
        var limit = 1 + random.nextInt(200);
        var candidates = grid.nearest(query, limit);
        assertThat(candidates).isEqualTo(scan(everybody.values(), query, limit));
        found += candidates.size();
      }
    }
    assertThat(found).as("the queries find somebody").isGreaterThan(5_000);
  }

  @Test
  void everybodyIsRememberedToTheSecond() {
    var people = new People(new Random(12));
    var all = new ArrayList<Person>();
    for (var id = 1L; id <= 2_000; id++) all.add(people.person(id));

    var grid = new Grid();
    grid.change(all, List.of());

    for (var one : all) assertThat(grid.find(one.id())).contains(rounded(one));
    assertThat(grid.find(new VolunteerId(2_001))).isEmpty();
    assertThat(grid.find(new VolunteerId(99_999_999))).isEmpty();
  }

  @Test
  void whatChangesIsKnownAtOnce() {
    var grid = new Grid();
    grid.change(List.of(People.plain(1, 46, 24)), List.of());
    grid.change(List.of(People.plain(1, 47, 25), People.plain(2, 46, 24)), List.of());

    assertThat(grid.size()).isEqualTo(2);
    assertThat(grid.find(new VolunteerId(1)).orElseThrow().place()).isEqualTo(new Point(47, 25));
    assertThat(grid.holders(Skill.BOAT)).isEqualTo(2);

    grid.change(List.of(), List.of(new VolunteerId(1), new VolunteerId(2), new VolunteerId(3)));
    assertThat(grid.size()).isZero();
    assertThat(grid.holders(Skill.BOAT)).isZero();
    assertThat(grid.find(new VolunteerId(1))).isEmpty();
  }

  @Test
  void whoMovesDuringASearchIsFoundOnceAndNotTwice() throws InterruptedException {
    var roster = new Roster();
    var all = new ArrayList<Person>();
    for (var id = 1L; id <= 500; id++) all.add(People.plain(id, 46 + id * 1e-4, 24));
    roster.replace(new Grid());
    roster.change(all, List.of());
    var stop = new AtomicBoolean();
    var mover =
        Thread.ofVirtual()
            .start(
                () -> {
                  var random = new Random(13);
                  while (!stop.get()) {
                    var id = 1 + random.nextLong(500);
                    var lon = 45.8 + random.nextDouble(0.4);
                    roster.change(List.of(People.plain(id, lon, 24)), List.of());
                  }
                });

    var query = People.anybodyNear(new Point(46, 24), 100);
    for (var i = 0; i < 500; i++) {
      var ids = new HashSet<VolunteerId>();
      for (var one : roster.candidates(query, 1_000)) ids.add(one.volunteer());
      assertThat(ids).hasSize(500);
    }
    stop.set(true);
    mover.join();
  }

  private static void change(
      Grid grid, TreeMap<Long, Person> everybody, People people, Random random) {
    var changed = new TreeMap<Long, Person>();
    for (var i = 0; i < 400; i++) {
      var id = 1 + random.nextLong(4_000);
      changed.put(id, people.person(id));
    }
    var gone = new HashSet<VolunteerId>();
    for (var i = 0; i < 50; i++) {
      var id = 1 + random.nextLong(4_000);
      if (!changed.containsKey(id)) gone.add(new VolunteerId(id));
    }
    changed.forEach((id, one) -> everybody.put(id, rounded(one)));
    gone.forEach(id -> everybody.remove(id.value()));
    grid.change(changed.values(), gone);
  }

  // Written out again, one condition after the other, from what a coordinator would say.
  private static List<Candidate> scan(Iterable<Person> people, Query query, int limit) {
    var found = new ArrayList<Candidate>();
    for (var one : people) {
      if (!mayBeAsked(one, query)) continue;
      var km = one.place().kmTo(query.place());
      found.add(
          new Candidate(
              one.id(),
              km,
              query.limits().travel(km),
              one.skills(),
              one.languages(),
              one.history().at(query.now()),
              one.busyUntil(),
              one.lastAsked()));
    }
    found.sort(comparingDouble(Candidate::km).thenComparing(Candidate::volunteer));
    return found.subList(0, Math.min(limit, found.size()));
  }

  private static boolean mayBeAsked(Person one, Query query) {
    var limits = query.limits();
    var km = one.place().kmTo(query.place());
    var hours = Week.of(query.startsAt(), query.endsAt(), limits.zone());
    var today = LocalDate.ofInstant(query.now(), limits.zone());
    var busy =
        one.busyUntil().isPresent()
            && one.busyUntil().get().isAfter(query.startsAt())
            && one.busyFrom().get().isBefore(query.endsAt());
    var tired =
        one.busyUntil().isPresent()
            && !one.busyUntil().get().isAfter(query.startsAt())
            && one.busyUntil().get().plus(limits.rest()).isAfter(query.startsAt());
    return one.active()
        && one.consented()
        && !one.stopped()
        && one.pausedUntil().filter(until -> until.isAfter(query.now())).isEmpty()
        && one.born().filter(day -> day.plusYears(limits.ageLeast()).isAfter(today)).isEmpty()
        && skills(one).containsAll(query.skills())
        && (query.languages().isEmpty()
            || SpokenLanguage.in(one.languages()).stream().anyMatch(query.languages()::contains))
        && one.hours().contains(hours)
        && !busy
        && !tired
        && one.lastAsked().filter(asked -> asked.plus(limits.gap()).isAfter(query.now())).isEmpty()
        && one.history().at(query.now()).fatigue() <= limits.fatigueMost()
        && !query.asked().contains(one.id())
        && !query.held().contains(one.id())
        && km <= query.reachKm()
        && query.area().contains(one.place().lon(), one.place().lat())
        && !query.now().plus(limits.travel(km)).isAfter(query.endsAt());
  }

  private static Set<Skill> skills(Person one) {
    return Skill.in(one.skills());
  }

  /** As precise as the grid remembers: places to two metres, times to the second, answers
   * to a hundredth. */
  static Person rounded(Person one) {
    var history = one.history();
    return new Person(
        one.id(),
        new Point((float) one.place().lon(), (float) one.place().lat()),
        one.skills(),
        one.languages(),
        one.hours(),
        one.active(),
        one.consented(),
        one.stopped(),
        one.born(),
        one.pausedUntil().map(time -> time.truncatedTo(ChronoUnit.SECONDS)),
        one.busyFrom().map(time -> time.truncatedTo(ChronoUnit.SECONDS)),
        one.busyUntil().map(time -> time.truncatedTo(ChronoUnit.SECONDS)),
        one.lastAsked().map(time -> time.truncatedTo(ChronoUnit.SECONDS)),
        new History(
            rounded(history.life()),
            rounded(history.urgent()),
            rounded(history.planned()),
            Math.round(history.fatigue() * 256) / 256.0,
            history.at().truncatedTo(ChronoUnit.SECONDS)),
        one.organisation(),
        one.qualifiedUntil());
  }

  private static Tally rounded(Tally tally) {
    return new Tally(Math.round(tally.yes() * 256) / 256.0, Math.round(tally.no() * 256) / 256.0);
  }
}
