package org.fazaa.dispatcher.people;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.people.Register.Outcome.Registered;
import org.fazaa.notifier.Phone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VolunteersTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final VolunteerId FIRST = new VolunteerId(0);

  @Test
  void areFoundByTheBeginningsOfTheirNamesHoweverTheLettersWereTyped() {
    var ahmad = register("أحمد بن إبراهيم العنزي", "+966502000001");
    var maha = register("مها الأحمدي", "+966502000002");
    register("Mona Zahid", "+966502000003");

    assertThat(search("احمد")).containsExactly(ahmad);
    assertThat(search("ابراه أحم")).containsExactly(ahmad);
    assertThat(search("الاحمدي")).containsExactly(maha);
    assertThat(search("zAH")).hasSize(1);
    assertThat(search("zahid & ' | ! :*")).hasSize(1);
    assertThat(search("nobody")).isEmpty();
  }

  @Test
  void areFoundByTheLastDigitsOfTheirPhone() {
    var salem = register("Salem", "+966503214321");

    assertThat(search("4321")).containsExactly(salem);
    assertThat(search("050 321 4321")).containsExactly(salem);
    assertThat(search("+966 50 321 4321")).containsExactly(salem);
    assertThat(search("٠٥٠٣٢١٤٣٢١")).containsExactly(salem);
    assertThat(search("9999")).isEmpty();
  }

  @Test
  void comeInPages() {
    var all =
        List.of(
            register("Paged", "+966504000001"),
            register("Paged", "+966504000002"),
            register("Paged", "+966504000003"));

    var first = Volunteers.search(db.pool(), "paged", FIRST, 2);
    var second = Volunteers.search(db.pool(), "paged", first.getLast().id(), 2);

    assertThat(first).extracting(Volunteer::id).isEqualTo(all.subList(0, 2));
    assertThat(second).extracting(Volunteer::id).isEqualTo(all.subList(2, 3));
    assertThat(Volunteers.search(db.pool(), "", FIRST, 1)).hasSize(1);
    assertThat(Volunteers.list(db.pool(), all)).containsOnlyKeys(all);
  }

  @Test
  void pauseAndComeBack() {
    var id = register("Rami", "+966505000001");
    var until = NOW.plus(Duration.ofDays(3));

    assertThat(did(tx -> Volunteers.pause(tx, id, Optional.of(until)))).isTrue();
    assertThat(find(id).pausedUntil()).contains(until);
    assertThat(did(tx -> Volunteers.pause(tx, id, Optional.empty()))).isTrue();
    assertThat(find(id).pausedUntil()).isEmpty();
    assertThat(did(tx -> Volunteers.setActive(tx, id, false))).isTrue();
    assertThat(find(id).active()).isFalse();
    assertThat(did(tx -> Volunteers.setActive(tx, new VolunteerId(999_999), false))).isFalse();
  }

  @Test
  void areBusyAndFreeAgain() {
    var id = register("Lina", "+966505000002");
    var week = Week.parse("fri 8-12").orElseThrow();

    did(tx -> Volunteers.setBusy(tx, id, NOW, NOW.plusSeconds(3_600)));
    assertThat(find(id).busyFrom()).contains(NOW);
    assertThat(find(id).busyUntil()).contains(NOW.plusSeconds(3_600));
    did(tx -> Volunteers.setFree(tx, id));
    assertThat(find(id).busyUntil()).isEmpty();
    did(tx -> Volunteers.setHours(tx, id, week));
    assertThat(find(id).hours()).isEqualTo(week);
  }

  @Test
  void stopOnceAndStartAgain() {
    var id = register("Nora", "+966505000003");
    var phone = new Phone("+966505000003");

    assertThat(who(tx -> Volunteers.stop(tx, phone, NOW))).contains(id);
    who(tx -> Volunteers.stop(tx, phone, NOW.plusSeconds(60)));
    assertThat(find(id).stoppedAt()).as("since the first time").contains(NOW);
    assertThat(who(tx -> Volunteers.start(tx, phone, NOW))).contains(id);
    assertThat(find(id).stoppedAt()).isEmpty();
    assertThat(who(tx -> Volunteers.stop(tx, new Phone("+97455550000"), NOW))).isEmpty();
  }

  private static List<VolunteerId> search(String asked) {
    return Volunteers.search(db.pool(), asked, FIRST, 10).stream().map(Volunteer::id).toList();
  }

  private static Volunteer find(VolunteerId id) {
    return Volunteers.find(db.pool(), id).orElseThrow();
  }

  private static boolean did(Function<SqlConnection, Boolean> change) {
    return Database.inTransaction(db.pool(), change);
  }

  private static Optional<VolunteerId> who(Function<SqlConnection, Optional<VolunteerId>> change) {
    return Database.inTransaction(db.pool(), change);
  }

  private static VolunteerId register(String name, String phone) {
    return Database.inTransaction(
        db.pool(),
        tx -> ((Registered) Register.run(tx, RegisterTest.draft(name, phone), NOW)).id());
  }
}
