package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Candidate;
import org.fazaa.dispatcher.roster.Query;
import org.fazaa.dispatcher.roster.Reason;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.dispatcher.roster.Rule;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Segments;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;

/**
 * What a coordinator sees before pressing Call out: how many people may be asked, how many texts
 * that will take for how much money, and how sure we are. Nothing is written.
 */
public final class ProposeEnvelope {
  private static final double SURE = 0.95;
  private static final int LEAST_PER_PLACE = 10;

  private final Roster roster;
  private final MakeOffers make;
  private final Lines lines;

  public ProposeEnvelope(Roster roster, MakeOffers make) {
    this.roster = roster;
    this.make = make;
    this.lines = new Lines(roster, make.channel().simulated());
  }

  /**
   * @param typeCount whether the number of texts must be typed
   * @param secondPerson whether somebody else must confirm
   */
  public record Proposal(
      NeedId need,
      Area area,
      String rules,
      int candidates,
      int maxTexts,
      int costCap,
      String currency,
      Instant expiresAt,
      boolean typeCount,
      boolean secondPerson,
      Forecast forecast,
      List<Reach> reach) {}

  /**
   * Those who may be asked and whose offer is the same text by the same way.
   *
   * @param country two letters; empty where the phone does not tell
   * @param answer how they are asked to answer
   * @param text as an SMS says it, but for its code and the key of its link
   * @param segments of that SMS; 0 by another way
   * @param cost of asking one of them
   */
  public record Reach(
      String country,
      Way way,
      Ways.Answer answer,
      Language language,
      int people,
      String text,
      int segments,
      int cost) {
    private Reach of(int many) {
      return new Reach(country, way, answer, language, many, text, segments, cost);
    }
  }

  /** The proposal for this need, with the coordinator's own wishes where there are any. */
  public Optional<Proposal> run(
      SqlClient conn, NeedId id, Optional<Area> area, Optional<Integer> maxTexts, Instant now) {
    return Need.find(conn, id).map(need -> propose(conn, need, area, maxTexts, now));
  }

  Proposal propose(
      SqlClient conn, Need need, Optional<Area> wished, Optional<Integer> maxTexts, Instant now) {
    var area = wished.orElse(Envelope.around(need));
    var line = line(conn, need, area, now);
    var texts = maxTexts.orElseGet(() -> texts(line, now));
    var reach = reach(conn, need, line, now);
    return new Proposal(
        need.id(),
        area,
        Envelope.rules(need),
        line.options().size(),
        texts,
        texts * costOfOne(reach, need, now),
        make.channel().currency(),
        need.endsAt(),
        texts > Envelope.TYPED_ABOVE,
        texts > Envelope.SECOND_ABOVE,
        Forecast.of(line, texts, now),
        reach);
  }

  /** What this many more texts would give for a need, before the press and while it runs. */
  public Optional<Forecast> forecast(SqlClient conn, NeedId id, int texts, Instant now) {
    return Need.find(conn, id)
        .map(need -> Forecast.of(line(conn, need, area(conn, need), now), texts, now));
  }

  /**
   * What stopping would mean: whoever was asked may still answer.
   *
   * @param silent how many have an open offer
   * @param expected how many of them will still say yes
   * @param goingOn the chance to fill by then with the texts that are left
   * @param stopped the same if nobody more is asked
   */
  public record Stop(int silent, double expected, double goingOn, double stopped, Instant by) {}

  public Optional<Stop> pause(SqlClient conn, NeedId id, Instant now) {
    return Need.find(conn, id)
        .map(
            need -> {
              var line = line(conn, need, area(conn, need), now);
              var left = Asking.envelope(conn, need).map(Envelope::textsLeft).orElse(0);
              return new Stop(
                  line.waiting().size(),
                  line.expected(now),
                  Forecast.of(line, left, now).chance(),
                  Forecast.of(line, 0, now).chance(),
                  line.fillBy());
            });
  }

  /** By which ways those who could be asked now would be asked, and what they would read. */
  public List<Reach> reach(SqlClient conn, NeedId id, Instant now) {
    return Need.find(conn, id)
        .map(need -> reach(conn, need, line(conn, need, area(conn, need), now), now))
        .orElse(List.of());
  }

  /** Who could be asked now, nearest first. */
  public List<Candidate> candidates(SqlClient conn, Need need, int limit, Instant now) {
    return roster.candidates(query(conn, need, now), limit);
  }

  /**
   * Somebody who could be asked, as the policy weighs them.
   *
   * @param chance that they say yes and arrive in time
   * @param price of asking them: how tired they are, and what rare skills they would take along
   */
  public record Weighed(Line.Option person, double chance, double price) {}

  /** Who could be asked now, first whom the policy would ask first. */
  public List<Weighed> weighed(SqlClient conn, Need need, Instant now) {
    var line = line(conn, need, area(conn, need), now);
    var tuning = Round.PRICED.tuning();
    return line.options().stream()
        .map(one -> new Weighed(one, tuning.reward(line, one), tuning.price(line, one)))
        .sorted(
            Comparator.comparingDouble((Weighed one) -> one.chance / one.price)
                .reversed()
                .thenComparingLong(one -> one.person.volunteer().value()))
        .toList();
  }

  /** What every rule says about asking this person for this need. */
  public List<Reason> reasons(SqlClient conn, Need need, VolunteerId volunteer, Instant now) {
    return roster.reasons(volunteer, query(conn, need, now));
  }

  /** How many people within reach each rule keeps from being asked now. */
  public Map<Rule, Integer> turnedAway(SqlClient conn, Need need, Instant now) {
    return roster.turnedAway(query(conn, need, now));
  }

  public String currency() {
    return make.channel().currency();
  }

  private Query query(SqlClient conn, Need need, Instant now) {
    return lines.query(conn, need, area(conn, need), now);
  }

  private static Area area(SqlClient conn, Need need) {
    return need.envelope()
        .flatMap(id -> Envelope.find(conn, id))
        .map(Envelope::area)
        .orElse(Envelope.around(need));
  }

  private Line line(SqlClient conn, Need need, Area area, Instant now) {
    return lines.of(conn, List.of(need), Map.of(need.id(), area), now).getFirst();
  }

  // Enough to be nearly sure, in fives; never so few that one unlucky wave uses them up.
  public static int texts(Line line, Instant now) {
    var sure = Math.ceilDiv(Forecast.textsFor(line, SURE, now), 5) * 5;
    return Math.clamp(sure, Math.max(1, LEAST_PER_PLACE * line.open()), Envelope.MOST_TEXTS);
  }

  // The dearest that anybody costs, so that the cap never cuts a wave short.
  private int costOfOne(List<Reach> reach, Need need, Instant now) {
    return Stream.concat(reach.stream(), samples(need, "*", now).stream())
        .mapToInt(Reach::cost)
        .max()
        .orElseThrow();
  }

  private List<Reach> reach(SqlClient conn, Need need, Line line, Instant now) {
    var ids = line.options().stream().map(Line.Option::volunteer).toList();
    var people = new HashMap<Reach, Integer>();
    for (var one : Volunteers.list(conn, ids).values()) {
      var step = make.step(need, one);
      people.merge(reach(need, one.phone().country(), step, one.language(), now), 1, Integer::sum);
    }
    return people.entrySet().stream()
        .map(same -> same.getKey().of(same.getValue()))
        .sorted(Comparator.comparingInt(Reach::people).reversed().thenComparing(Reach::country))
        .toList();
  }

  private Reach reach(Need need, String country, Ways.Step step, Language language, Instant now) {
    var text = make.text(need, language, CountryRules.of(country), now);
    var segments = step.way() == Way.SMS ? Segments.of(text).segments() : 0;
    var cost = make.channel().cost(step.way(), text);
    return new Reach(country, step.way(), step.answer(), language, 0, text, segments, cost);
  }

  /** What a text costs as an SMS, in small coins. */
  public int costOf(String text) {
    return make.channel().cost(Way.SMS, text);
  }

  /** The offer as an SMS to people of this country says it, in each language. */
  public List<Reach> samples(Need need, String country, Instant now) {
    var rules = CountryRules.of(country);
    var step = new Ways.Step(Way.SMS, make.channel().ways().bySms(rules));
    return Stream.of(Language.values())
        .map(language -> reach(need, country, step, language, now))
        .toList();
  }
}
