package org.fazaa.dispatcher.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.people.Contacts.Contact;
import org.fazaa.dispatcher.people.Contacts.Event;
import org.fazaa.dispatcher.people.History.Tally;
import org.fazaa.dispatcher.people.Register.Outcome.Registered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ContactsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @Test
  void answersAreRememberedByKindAndTextsTire() {
    var huda = register("+966501000001");
    record(NOW, huda, CallKind.URGENT, Event.ASKED);
    record(NOW, huda, CallKind.URGENT, Event.YES);
    record(NOW, huda, CallKind.LIFE, Event.ASKED);
    record(NOW, huda, CallKind.LIFE, Event.NO);
    record(NOW, huda, CallKind.PLANNED, Event.ASKED);
    record(NOW, huda, CallKind.PLANNED, Event.SILENT);

    var history = find(huda).history();

    assertThat(history.urgent()).isEqualTo(new Tally(1, 0));
    assertThat(history.life()).isEqualTo(new Tally(0, 1));
    assertThat(history.of(CallKind.PLANNED)).isEqualTo(new Tally(0, 1));
    assertThat(history.fatigue()).isEqualTo(3);
    assertThat(find(huda).lastAskedAt()).contains(NOW);
  }

  @Test
  void aPlaceMakesUpForATextAndAVainYesTiresOnceMore() {
    var huda = register("+966501000002");
    record(NOW, huda, CallKind.LIFE, Event.ASKED);
    record(NOW, huda, CallKind.LIFE, Event.PLACED);
    record(NOW, huda, CallKind.LIFE, Event.PLACED);
    assertThat(find(huda).history().fatigue()).as("never below nothing").isZero();

    record(NOW, huda, CallKind.LIFE, Event.ALREADY_FILLED);
    assertThat(find(huda).history().fatigue()).isOne();
  }

  @Test
  void oldAnswersHalveInSixtyDaysAndTextsFadeInAWeek() {
    var huda = register("+966501000003");
    record(NOW, huda, CallKind.LIFE, Event.YES);
    record(NOW, huda, CallKind.LIFE, Event.ASKED);
    var later = NOW.plus(Duration.ofDays(60));
    var read = find(huda).history().at(later);

    record(later, huda, CallKind.LIFE, Event.YES);

    var written = find(huda).history();
    assertThat(read.life().yes()).isCloseTo(0.5, within(1e-9));
    assertThat(read.fatigue()).isCloseTo(Math.exp(-60.0 / 7), within(1e-9));
    assertThat(written.life().yes()).isCloseTo(1.5, within(1e-9));
    assertThat(written.fatigue()).isCloseTo(read.fatigue(), within(1e-9));
    assertThat(written.at()).isEqualTo(later);
  }

  @Test
  void aClockThatStepsBackFadesNothingAndForgetsNothing() {
    var huda = register("+966501000004");
    record(NOW, huda, CallKind.LIFE, Event.YES);
    record(NOW.minusSeconds(60), huda, CallKind.LIFE, Event.YES);

    assertThat(find(huda).history().life()).isEqualTo(new Tally(2, 0));
    assertThat(find(huda).history().at()).isEqualTo(NOW);
  }

  @Test
  void severalThingsAboutOnePersonCountTogether() {
    var huda = register("+966501000005");
    var events =
        List.of(
            new Contact(huda, CallKind.LIFE, Event.ASKED),
            new Contact(huda, CallKind.LIFE, Event.YES),
            new Contact(huda, CallKind.LIFE, Event.YES));
    Database.inTransaction(
        db.pool(),
        tx -> {
          Contacts.record(tx, events, NOW);
          Contacts.record(tx, List.of(), NOW);
          return null;
        });

    assertThat(find(huda).history().life()).isEqualTo(new Tally(2, 0));
    assertThat(find(huda).history().fatigue()).isOne();
  }

  @Test
  void nothingIsLostWhenManyAreRecordedAtOnce() throws Exception {
    var two = List.of(register("+966501000006"), register("+966501000007"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new ArrayList<Future<?>>();
      for (var i = 0; i < 40; i++) {
        var order = i % 2 == 0 ? two : two.reversed();
        done.add(
            threads.submit(
                () ->
                    Database.inTransaction(
                        db.pool(),
                        tx -> {
                          Contacts.record(
                              tx,
                              order.stream()
                                  .map(id -> new Contact(id, CallKind.LIFE, Event.ASKED))
                                  .toList(),
                              NOW);
                          return null;
                        })));
      }
      for (var one : done) one.get();
    }
    for (var id : two) assertThat(find(id).history().fatigue()).isEqualTo(40);
  }

  private static void record(Instant at, VolunteerId id, CallKind kind, Event event) {
    Database.inTransaction(
        db.pool(),
        tx -> {
          Contacts.record(tx, List.of(new Contact(id, kind, event)), at);
          return null;
        });
  }

  private static Volunteer find(VolunteerId id) {
    return Volunteers.find(db.pool(), id).orElseThrow();
  }

  private static VolunteerId register(String phone) {
    return Database.inTransaction(
        db.pool(),
        tx -> ((Registered) Register.run(tx, RegisterTest.draft("Huda", phone), NOW)).id());
  }
}
