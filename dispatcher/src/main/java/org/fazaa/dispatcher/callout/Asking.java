package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * Asking beside the rounds, because a coordinator wants it: by the same limits, and written in the
 * same way. Whoever writes holds the need, as a round does, and leaves another version of it: so a
 * round that has thought meanwhile about the need as it was asks nobody.
 */
final class Asking {
  private final MakeOffers make;

  Asking(MakeOffers make) {
    this.make = make;
  }

  MakeOffers make() {
    return make;
  }

  /** Why nobody may be asked for this need just now. */
  Optional<Refusal> refusal(Need need, Optional<Envelope> envelope, Instant now) {
    if (TakeOffer.isOver(need, now)) return Optional.of(Refusal.NEED_OVER);
    if (need.mode() == Mode.DRILL && !make.channel().simulated()) {
      return Optional.of(Refusal.DRILL_ON_REAL_CARRIER);
    }
    if (need.pausedByWatch()) return Optional.of(Refusal.PAUSED_BY_WATCH);
    if (envelope.isEmpty()) return Optional.of(Refusal.NOT_CALLED_OUT);
    if (need.isFull()) return Optional.of(Refusal.ALREADY_FULL);
    if (!envelope.get().rules().equals(Envelope.rules(need))) {
      return Optional.of(Refusal.RULES_CHANGED);
    }
    if (!now.isBefore(envelope.get().expiresAt())) return Optional.of(Refusal.ENVELOPE_EXPIRED);
    return Optional.empty();
  }

  static Optional<Envelope> envelope(SqlClient conn, Need need) {
    return need.envelope().flatMap(id -> Envelope.find(conn, id));
  }

  int cost(Need need, Collection<Volunteer> people, Instant now) {
    return people.stream().mapToInt(one -> make.cost(need, one, now)).sum();
  }

  /** Those of these who may still be texted; it is found out at the last moment. */
  static List<Volunteer> reachable(SqlConnection tx, Collection<Volunteer> people, Instant now) {
    var out = SendRound.takeNoTexts(tx, people, now);
    return people.stream().filter(one -> SendRound.unasked(one, out).isEmpty()).toList();
  }

  /**
   * Who asks whom.
   *
   * @param policy what the stored decision is called by
   * @param line with exactly those who are to be asked
   * @param says what it says of so many people
   */
  record Wish(Staff by, String policy, Need need, Line line, IntFunction<Title> says) {}

  /** The stored decision, and how many were asked. */
  record Done(long decision, int people) {}

  /**
   * Writes offers and texts, books them, and stores the decision. Whoever is being asked something
   * else at this very moment is left out.
   *
   * @return empty when nobody was left to ask, and then nothing is written
   */
  Optional<Done> run(SqlConnection tx, Wish wish, Map<VolunteerId, Volunteer> people, Instant now) {
    var need = wish.need;
    var useful = Rates.poissonBelow(wish.line.expected(now), wish.line.open());
    var choices = new ArrayList<MakeOffers.Choice>();
    for (var option : wish.line.options()) {
      var price = Round.PRICED.tuning().price(wish.line, option);
      var factors = new Policy.Factors(option.rate(), useful, option.rate() * useful, price);
      var volunteer = people.get(option.volunteer());
      choices.add(
          new MakeOffers.Choice(
              need, volunteer, option, factors, Optional.empty(), Optional.empty()));
    }
    var made = make.run(tx, choices, now);
    if (made.isEmpty()) return Optional.empty();
    var asked = new HashSet<VolunteerId>();
    for (var offer : made) asked.add(offer.volunteer());
    var cost = cost(need, asked.stream().map(people::get).toList(), now);
    var envelope = need.envelope().orElseThrow();
    Envelope.spend(tx, Map.of(envelope, new Envelope.Spent(made.size(), cost)));
    var decision = decide(tx, wish, asked, now);
    var ids = made.stream().map(offer -> offer.id().value()).toArray(Long[]::new);
    tx.preparedQuery(CITE).execute(Tuple.tuple().addLong(decision).addArrayOfLong(ids)).await();
    var again = Policy.lookAgain(need.priority(), true, now);
    var moved = Tuple.of(need.id().value(), Database.utc(now), Database.utc(again));
    tx.preparedQuery(UPDATE_NEED).execute(moved).await();
    return Optional.of(new Done(decision, made.size()));
  }

  private static long decide(
      SqlConnection tx, Wish wish, Collection<VolunteerId> asked, Instant now) {
    var line = wish.line;
    var expected = line.expected(now);
    for (var option : line.options()) {
      if (asked.contains(option.volunteer())) expected += option.rate();
    }
    var says = wish.says.apply(asked.size());
    var row =
        Tuple.of(wish.need.id().value(), Database.utc(now), wish.policy)
            .addValue(asked.size())
            .addValue(line.open())
            .addValue(expected)
            .addValue(line.options().size())
            .addValue(wish.need.needsHumanAt().isPresent())
            .addValue(says.ar())
            .addValue(says.en())
            .addValue(wish.by.account())
            .addValue(wish.need.people());
    return tx.preparedQuery(INSERT_DECISION).execute(row).await().iterator().next().getLong("id");
  }

  static List<Fact> facts(Need need) {
    return List.of(
        new Fact.NeedChanged(need.crisis().value(), need.id().value()),
        new Fact.OutboxFilled(),
        new Fact.VolunteersChanged());
  }

  /** How many will say yes by the time the need should be full, those who are silent now too. */
  static double expectedYes(Line line, Instant now) {
    var left = Duration.between(now, line.fillBy());
    var sum = line.expected(now);
    for (var one : line.options()) {
      var travel = Duration.ofMillis((long) (Rates.travelMinutes(one.km()) * 60_000));
      sum += one.rate() * line.delay().answeredWithin(left.minus(travel));
    }
    return sum;
  }

  /**
   * How many of those who will say yes, however late, will be told that it is filled already;
   * averaged over the same worlds as a {@link Forecast}.
   *
   * @param standby how many more would be kept in reserve
   */
  static double tooLate(Line line, int standby, Instant now) {
    var yes = line.expected(now);
    for (var one : line.options()) yes += one.rate();
    var late = 0.0;
    for (var w = 0; w < Forecast.WORLDS.length; w++) {
      var mean = yes * Forecast.WORLDS[w];
      var kept = 0.0;
      for (var k = 1; k <= line.open() + standby; k++) kept += 1 - Rates.poissonBelow(mean, k);
      late += Forecast.WEIGHTS[w] * Math.max(0, mean - kept);
    }
    return late;
  }

  private static final String INSERT_DECISION =
      """
      INSERT INTO dispatch.decision
        (need, at, policy, seed, why, asked, open, expected, reach, human, says_ar, says_en,
         by_staff, people)
      VALUES ($1, $2, $3, 0, 'override', $4, $5, $6, $7, $8, $9, $10, $11, $12)
      RETURNING id
      """;

  private static final String CITE =
      "UPDATE dispatch.offer SET decision = $1 WHERE id = ANY ($2::bigint[])";

  private static final String UPDATE_NEED =
      """
      UPDATE dispatch.need
      SET last_wave_at = $2,
          next_round_at = CASE WHEN state = 'calling' THEN $3 ELSE next_round_at END
      WHERE id = $1
      """;
}
