package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.roster.Candidate;
import org.fazaa.dispatcher.roster.Query;
import org.fazaa.dispatcher.roster.Reason;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.dispatcher.roster.Rule;
import org.fazaa.notifier.Language;

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
      Forecast forecast) {}

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
    return new Proposal(
        need.id(),
        area,
        Envelope.rules(need),
        line.options().size(),
        texts,
        texts * costOfOne(need, now),
        make.channel().currency(),
        need.endsAt(),
        texts > Envelope.TYPED_ABOVE,
        texts > Envelope.SECOND_ABOVE,
        Forecast.of(line, texts, now));
  }

  /** What this many more texts would give for a need, before the press and while it runs. */
  public Optional<Forecast> forecast(SqlClient conn, NeedId id, int texts, Instant now) {
    return Need.find(conn, id)
        .map(need -> Forecast.of(line(conn, need, area(conn, need), now), texts, now));
  }

  /** Who could be asked now, nearest first. */
  public List<Candidate> candidates(SqlClient conn, Need need, int limit, Instant now) {
    return roster.candidates(query(conn, need, now), limit);
  }

  /** What every rule says about asking this person for this need. */
  public List<Reason> reasons(SqlClient conn, Need need, VolunteerId volunteer, Instant now) {
    return roster.reasons(volunteer, query(conn, need, now));
  }

  /** How many people within reach each rule keeps from being asked now. */
  public Map<Rule, Integer> turnedAway(SqlClient conn, Need need, Instant now) {
    return roster.turnedAway(query(conn, need, now));
  }

  /** The offer as it will go out, but for its code and the key of its link. */
  public String text(Need need, Language language, Instant now) {
    return make.text(need, language, now);
  }

  /** What a text costs, in the smallest unit of {@link #currency}. */
  public int costOf(String text) {
    return make.channel().cost(text);
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
  private static int texts(Line line, Instant now) {
    var sure = Math.ceilDiv(Forecast.textsFor(line, SURE, now), 5) * 5;
    return Math.clamp(sure, Math.max(1, LEAST_PER_PLACE * line.open()), Envelope.MOST_TEXTS);
  }

  // The dearest language, so that the cap never cuts a wave short.
  private int costOfOne(Need need, Instant now) {
    return Stream.of(Language.values())
        .mapToInt(language -> make.cost(need, language, now))
        .max()
        .getAsInt();
  }
}
