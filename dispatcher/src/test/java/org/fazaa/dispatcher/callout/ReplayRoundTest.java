package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.fazaa.config.TestDatabase;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.callout.ReplayRound.Outcome;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Consent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a round decided, it decides again from what was stored, and it says why. */
class ReplayRoundTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "dispatch");

  @AfterEach
  void nothingIsBroken() {
    Town.assertInvariants(db);
  }

  @Test
  void everyRoundOfRandomCallOutsReplaysToTheSame() {
    var before = lastRound();
    for (var seed = 1; seed <= 8; seed++) callOutsAtRandom(new Random(seed));

    var rounds = ReplayRound.rounds(db.pool(), Instant.EPOCH, before, 10_000);
    assertThat(rounds).hasSizeGreaterThan(40);
    var decisions = new ArrayList<Decisions.Decision>();
    for (var round : rounds) {
      var outcome = ReplayRound.replay(db.pool(), round);
      assertThat(outcome).isInstanceOf(Outcome.Same.class);
      decisions.addAll(((Outcome.Same) outcome).decisions());
    }
    assertThat(decisions)
        .extracting(Decisions.Decision::why)
        .contains("waiting", "texts", "nobody_left");
    assertThat(decisions).anyMatch(one -> one.wave().filter(wave -> wave > 1).isPresent());
    var reasons = new HashSet<String>();
    for (var row : db.pool().query("SELECT why FROM dispatch.not_asked").execute().await()) {
      reasons.add(row.getString("why"));
    }
    assertThat(reasons).contains("stopped", "inactive", "texts");
    assertThat(count("FROM dispatch.round WHERE cardinality(overtaken) > 0")).isPositive();
    // A line that asks nobody and says nothing new is not kept.
    assertThat(count("FROM dispatch.round WHERE needs > cardinality(asked_for)")).isPositive();
  }

  private static void callOutsAtRandom(Random random) {
    var town = new Town(db);
    var people = new ArrayList<>(town.people(60));
    people.addAll(town.people(12, Skill.FIRST_AID));
    var needs = new ArrayList<NeedId>();
    for (var i = 0; i < 5; i++) {
      var priority = Priority.values()[random.nextInt(3)];
      var skills = i == 0 ? new Skill[] {Skill.FIRST_AID} : new Skill[0];
      needs.add(town.need(1 + random.nextInt(4), priority, skills));
      assertThat(town.callOut(needs.getLast(), 2 + random.nextInt(40)))
          .isInstanceOf(StartCallOut.Outcome.Started.class);
    }
    var policy =
        List.of(Round.PRICED, Round.PRICED, Waves.FIXED, Waves.NEAREST).get(random.nextInt(4));
    RandomGenerator meddling =
        () -> {
          meddle(town, people, needs, random);
          return random.nextLong();
        };
    for (var turn = 0; turn < 30; turn++) {
      town.after(Duration.ofMillis(5_000 + random.nextInt(100_000)));
      town.hear();
      town.round(policy, meddling).run(town.now);
      if (turn % 3 == 0) answerOne(town, needs, random);
    }
  }

  // While the policy thinks, people stop, leave and answer.
  private static void meddle(
      Town town, List<VolunteerId> people, List<NeedId> needs, Random random) {
    var some = new ArrayList<>(people);
    Collections.shuffle(some, random);
    var few = some.subList(0, 8);
    town.tx(
        tx -> {
          switch (random.nextInt(6)) {
            case 0 -> few.forEach(one -> Volunteers.setActive(tx, one, false));
            case 1 ->
                Volunteers.list(tx, few)
                    .values()
                    .forEach(one -> Consent.stop(tx, one.phone(), Consent.How.REPLY, town.now));
            default -> {
              // nobody this time
            }
          }
          return few;
        });
    if (random.nextInt(3) == 0) answerOne(town, needs, random);
  }

  private static void answerOne(Town town, List<NeedId> needs, Random random) {
    var open = town.offers(needs.get(random.nextInt(needs.size())), State.OPEN);
    if (open.isEmpty()) return;
    town.says(open.get(random.nextInt(open.size())), random.nextInt(3) == 0 ? "2" : "1");
  }

  @Test
  void whoIsAskedElsewhereMeanwhileCostsNothingAndIsExplained() {
    var town = new Town(db);
    town.people(3);
    var other = town.need(1, Priority.URGENT);
    var need = town.need(3, Priority.URGENT);
    town.callOut(need);
    town.hear();
    RandomGenerator meddling =
        () -> {
          askElsewhere(need, other);
          return 1;
        };

    town.round(Round.PRICED, meddling).run(town.now);

    assertThat(town.offers(need)).isEmpty();
    assertThat(town.view(need).texts()).isZero();
    assertThat(town.view(need).cost()).isZero();
    var decision = newest(need);
    assertThat(decision.people())
        .hasSize(3)
        .allMatch(one -> one.offer().isEmpty())
        .allMatch(one -> one.why().en().contains("being asked for something else"));
    assertThat(ReplayRound.run(db.pool(), decision.id())).isInstanceOf(Outcome.Same.class);
  }

  private static void askElsewhere(NeedId need, NeedId other) {
    db.superuserPool()
        .preparedQuery(
            """
            INSERT INTO dispatch.offer
              (need, volunteer, entered_by, code, life, simulated, state, asked_at, changed_at,
               valid_until, km, rate, useful, gain, price, rarer, recent, said_yes, said_no)
            SELECT $1, v.id, 1, 'ZZ' || v.id, false, true, 'open', now(), now(), now(),
              0, 0, 0, 0, 0, 0, 0, 0, 0
            FROM dispatch.volunteer v JOIN dispatch.need n ON n.id = $2
            WHERE abs(v.lon - n.lon) < 0.5
            """)
        .execute(Tuple.of(other.value(), need.value()))
        .await();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "offer SET km = km + 1e-12 WHERE id = (SELECT max(id) FROM dispatch.offer)",
        "offer SET price = price * 1.0000001 WHERE id = (SELECT max(id) FROM dispatch.offer)",
        "offer SET said_no = 1 WHERE id = (SELECT max(id) FROM dispatch.offer)",
        "offer SET decision = NULL WHERE id = (SELECT max(id) FROM dispatch.offer)",
        "decision SET expected = expected + 1e-12 WHERE id = $1",
        "decision SET reach = reach + 1 WHERE id = $1",
        "decision SET why = 'full' WHERE id = $1",
        "decision SET asked = asked + 1 WHERE id = $1",
        "round SET asked = asked[2:] || asked[1] WHERE id = $2",
        "round SET seed = seed + 1 WHERE id = $2",
        "round SET board = set_byte(board, 200, 255 - get_byte(board, 200)) WHERE id = $2",
      })
  void whatWasTamperedWithIsFound(String change) {
    var town = new Town(db);
    town.people(40);
    var need = TakeOfferTest.called(town, 3, Priority.URGENT);
    var decision = newest(need);
    assertThat(ReplayRound.run(db.pool(), decision.id())).isInstanceOf(Outcome.Same.class);

    var sql =
        change
            .replace("$1", String.valueOf(decision.id()))
            .replace("$2", String.valueOf(decision.round().orElseThrow()));
    var changed = db.superuserPool().query("UPDATE dispatch." + sql).execute().await();

    assertThat(changed.rowCount()).isOne();
    var outcome = ReplayRound.run(db.pool(), decision.id());
    assertThat(outcome).isInstanceOf(Outcome.Differs.class);
    assertThat(((Outcome.Differs) outcome).differences()).isNotEmpty();
    assertThat(((Outcome.Differs) outcome).otherRules()).isFalse();
  }

  @Test
  void eachPersonHasTheirLineInBothLanguages() {
    var town = new Town(db);
    town.people(30, Skill.FIRST_AID);
    var need = town.need(2, Priority.LIFE, Skill.FIRST_AID);
    town.callOut(need);
    town.ask();
    var first = newest(need);
    town.after(Duration.ofSeconds(90));
    var answer = "1";
    for (var offer : town.offers(need)) {
      town.says(offer, answer);
      answer = "2";
    }
    town.ask();
    var second = newest(need);

    assertThat(first.people()).hasSize(first.asked());
    assertThat(first.people().getFirst().why())
        .isEqualTo(
            new Title(
                "سُئل لأنه يبعد 0.0 كم، لديه إسعافات أولية، نادرًا ما سُئل من قبل؛ الدفعة الأولى:"
                    + " 2 من 2 أماكن شاغرة",
                "asked because 0.0 km away, has First aid, has hardly been asked before; first"
                    + " wave, 2 of 2 places open"));
    assertThat(second.id()).isGreaterThan(first.id());
    assertThat(second.people()).isNotEmpty();
    assertThat(second.people().getFirst().why().en())
        .endsWith("; wave 2 because 1 of 2 places open after 90 seconds");
    assertThat(second.people().getFirst().why().ar())
        .endsWith("؛ الدفعة 2 لأن 1 من 2 أماكن شاغرة بعد 90 ثانية");
    assertThat(Needs.offers(db.pool(), need))
        .extracting(Needs.OfferView::why)
        .containsAll(first.people().stream().map(Decisions.Person::why).toList());
  }

  @Test
  void whoIsAskedInsteadOfAFullNeedOrPhonedHasALineToo() {
    var town = new Town(db);
    town.people(12);
    var full = TakeOfferTest.called(town, 1, Priority.URGENT);
    var offers = town.offers(full);
    var next = town.need(4, Priority.URGENT);
    town.callOut(next);
    offers.forEach(offer -> town.says(offer, "1"));
    var phoned = town.people(1).getFirst();
    var enter = new EnterByHand(town.make);
    town.tx(tx -> enter.run(tx, town.staff(tx), next, phoned, town.now));

    var decisions = Decisions.list(db.pool(), next, Optional.empty(), 50);

    assertThat(decisions).extracting(Decisions.Decision::policy).contains("next", "hand");
    assertThat(decisions).allMatch(one -> one.people().size() == one.asked());
    assertThat(decisions)
        .flatExtracting(Decisions.Decision::people)
        .extracting(one -> one.why().en())
        .anyMatch(why -> why.startsWith("asked because said yes to “Clean-up”, which was full"))
        .contains("entered by hand by Huda after a call");
    assertThat(ReplayRound.run(db.pool(), decisions.getFirst().id()))
        .isInstanceOf(Outcome.NoRound.class);
  }

  @Test
  void whyNobodyIsAskedIsSaidOnceUntilItChanges() {
    var town = new Town(db);
    town.hear();
    var need = town.need(1, Priority.LIFE);
    town.callOut(need);
    for (var i = 0; i < 6; i++) {
      town.after(Duration.ofSeconds(31));
      town.ask();
    }
    assertThat(Decisions.list(db.pool(), need, Optional.empty(), 50))
        .singleElement()
        .satisfies(
            one -> assertThat(one.says().en()).startsWith("Nobody was asked: nobody is left"));

    town.people(20);
    town.after(Duration.ofSeconds(31));
    town.ask();
    town.says(town.offers(need).getFirst(), "1");
    for (var i = 0; i < 3; i++) {
      town.after(Duration.ofSeconds(31));
      town.ask();
    }

    assertThat(Decisions.list(db.pool(), need, Optional.empty(), 50))
        .extracting(Decisions.Decision::why)
        .containsExactly("waiting", "nobody_left");
  }

  @Test
  void theLogIsPagedNewestFirst() {
    var town = new Town(db);
    town.people(40);
    var need = TakeOfferTest.called(town, 3, Priority.LIFE);
    for (var i = 0; i < 5; i++) {
      town.after(Duration.ofMinutes(3));
      town.ask();
    }
    var all = Decisions.list(db.pool(), need, Optional.empty(), 50);
    assertThat(all).hasSizeGreaterThan(3);

    var page = Decisions.list(db.pool(), need, Optional.empty(), 2);
    var older = Decisions.list(db.pool(), need, Optional.of(page.getLast().id()), 50);

    assertThat(Stream.concat(page.stream(), older.stream())).isEqualTo(all);
  }

  @Test
  void whatWasSeenIsLetGoOfByAgeAndBySizeAndTheDecisionsStay() {
    var town = new Town(db);
    town.people(40);
    var old = newest(TakeOfferTest.called(town, 1, Priority.LIFE));
    town.after(Duration.ofDays(300));
    var young = newest(TakeOfferTest.called(town, 1, Priority.LIFE));
    town.after(Duration.ofDays(101));

    expire(new ExpireRounds(db.pool()), town.now);
    assertThat(ReplayRound.run(db.pool(), old.id())).isInstanceOf(Outcome.Forgotten.class);
    assertThat(ReplayRound.run(db.pool(), young.id())).isInstanceOf(Outcome.Same.class);

    expire(new ExpireRounds(db.pool(), 100), town.now);
    var outcome = ReplayRound.run(db.pool(), young.id());
    assertThat(outcome)
        .isEqualTo(new Outcome.Forgotten(young.round().orElseThrow(), List.of(young)));
  }

  private static void expire(ExpireRounds work, Instant now) {
    while (work.run(now)) {
      // until there is no more
    }
  }

  private static Decisions.Decision newest(NeedId need) {
    return Decisions.list(db.pool(), need, Optional.empty(), 1).getFirst();
  }

  private static long lastRound() {
    var rows = db.pool().query("SELECT coalesce(max(id), 0) FROM dispatch.round").execute().await();
    return rows.iterator().next().getLong(0);
  }

  private static long count(String from) {
    var rows = db.pool().query("SELECT count(*) " + from).execute().await();
    return rows.iterator().next().getLong(0);
  }
}
