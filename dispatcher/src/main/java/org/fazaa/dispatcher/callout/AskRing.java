package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Flaw;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Query;
import org.fazaa.dispatcher.roster.Roster;

/**
 * A coordinator asks everybody within so many kilometres of a need at once, beside the rounds. What
 * that would give is shown first; it stays within the envelope of the call-out.
 */
public final class AskRing {
  /** How long a second person may take to confirm a large one. */
  static final Duration WAITS = Duration.ofHours(1);

  /**
   * @param km around the need's place
   * @param people at most so many are asked, nearest first: as many as the coordinator was shown
   * @param typedCount the same number again, when there are many
   */
  public record Request(double km, int people, Optional<Integer> typedCount) {}

  public sealed interface Outcome extends News {

    record Asked(Need need, int people, long decision) implements Outcome {
      @Override
      public List<Fact> facts() {
        return Asking.facts(need);
      }
    }

    /** So many that somebody else must confirm: {@link ConfirmRing}. */
    record NeedsSecondPerson(Need need, long ring) implements Outcome {
      @Override
      public List<Fact> facts() {
        return List.of(new Fact.NeedChanged(need.crisis().value(), need.id().value()));
      }
    }

    record NoSuchNeed() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}

    record Incomplete(List<Flaw> flaws) implements Outcome {}

    /** So many people that the number must be typed. */
    record TypeTheCount(int people) implements Outcome {}

    /** The approved area ends before the ring does: a wider one needs a new envelope. */
    record BeyondArea(double km) implements Outcome {}

    /** More than is left of the envelope: a smaller ring, or a new envelope. */
    record ExceedsEnvelope(Stakes stakes) implements Outcome {}

    record NobodyThere(double km) implements Outcome {}
  }

  /**
   * What asking would take, and what the envelope has left; costs in the smallest unit of {@code
   * currency}.
   */
  public record Stakes(int texts, int textsLeft, int cost, int costLeft, String currency) {
    boolean exceed() {
      return texts > textsLeft || cost > costLeft;
    }
  }

  /**
   * What asking everybody in a ring would give.
   *
   * @param before the chance to fill by the deadline if nobody more is asked
   * @param after the same once these are asked
   * @param expected how many yes are to be expected by then
   * @param tooLate how many willing people would be told that it is filled already
   * @param refusal what would be answered if it were confirmed as it is
   */
  public record Preview(
      Need need,
      double km,
      int people,
      Stakes stakes,
      double before,
      double after,
      double expected,
      double tooLate,
      Optional<Outcome> refusal) {

    public boolean typeCount() {
      return people > Envelope.TYPED_ABOVE;
    }

    public boolean secondPerson() {
      return people > Envelope.SECOND_ABOVE;
    }
  }

  private final Asking asking;
  private final Lines lines;

  public AskRing(Roster roster, MakeOffers make) {
    this.asking = new Asking(make);
    this.lines = new Lines(roster, make.channel().simulated());
  }

  /** Nothing is written; empty when there is no such need. */
  public Optional<Preview> preview(SqlClient conn, NeedId id, double km, Instant now) {
    return Need.find(conn, id).map(need -> preview(conn, need, km, now));
  }

  private Preview preview(SqlClient conn, Need need, double km, Instant now) {
    var envelope = Asking.envelope(conn, need);
    var refusal = refusal(need, envelope, km, now);
    if (refusal.isPresent()) return blank(need, km, refusal.get());
    var ring = ring(conn, need, envelope.orElseThrow(), km, now);
    var stakes = stakes(need, ring, envelope.get(), now);
    if (ring.people.isEmpty()) refusal = Optional.of(new Outcome.NobodyThere(km));
    else if (stakes.exceed()) refusal = Optional.of(new Outcome.ExceedsEnvelope(stakes));
    var many = ring.people.size();
    var standby = Math.max(0, need.standbyPlaces() - need.standby());
    return new Preview(
        need,
        km,
        many,
        stakes,
        Forecast.of(ring.line, 0, now).chance(),
        Forecast.atOnce(ring.line, many, now).chance(),
        Asking.expectedYes(ring.line, now),
        Asking.tooLate(ring.line, standby, now),
        refusal);
  }

  private Preview blank(Need need, double km, Outcome refusal) {
    var currency = asking.make().channel().currency();
    var none = new Stakes(0, 0, 0, 0, currency);
    return new Preview(need, km, 0, none, 0, 0, 0, 0, Optional.of(refusal));
  }

  public Outcome run(SqlConnection tx, Staff by, NeedId id, Request request, Instant now) {
    var found = Need.lock(tx, id);
    if (found.isEmpty()) return new Outcome.NoSuchNeed();
    var need = found.get();
    var envelope = Asking.envelope(tx, need);
    var refusal = refusal(need, envelope, request.km, now);
    if (refusal.isPresent()) return refusal.get();
    if (request.people < 1 || request.people > Envelope.MOST_TEXTS) {
      return new Outcome.Incomplete(
          List.of(new Flaw("people", "between 1 and 20000", "بين 1 و20000")));
    }
    var typed = request.typedCount.equals(Optional.of(request.people));
    if (request.people > Envelope.TYPED_ABOVE && !typed) {
      return new Outcome.TypeTheCount(request.people);
    }
    if (request.people <= Envelope.SECOND_ABOVE) {
      var outcome = ask(tx, by, need, envelope.orElseThrow(), request.km, request.people, now);
      if (outcome instanceof Outcome.Asked asked) keep(tx, by, need, request, asked.decision, now);
      return outcome;
    }
    var ring = ring(tx, need, envelope.orElseThrow(), request.km, now).nearest(request.people);
    if (ring.people.isEmpty()) return new Outcome.NobodyThere(request.km);
    var stakes = stakes(need, ring, envelope.get(), now);
    if (stakes.exceed()) return new Outcome.ExceedsEnvelope(stakes);
    return new Outcome.NeedsSecondPerson(need, keep(tx, by, need, request, null, now));
  }

  /** Asks the nearest in a ring, at most so many; the need is held. */
  Outcome ask(
      SqlConnection tx, Staff by, Need need, Envelope envelope, double km, int most, Instant now) {
    var whole = ring(tx, need, envelope, km, now).nearest(most);
    var reachable = Asking.reachable(tx, whole.people.values(), now);
    var ring = whole.only(reachable);
    if (ring.people.isEmpty()) return new Outcome.NobodyThere(km);
    var stakes = stakes(need, ring, envelope, now);
    if (stakes.exceed()) return new Outcome.ExceedsEnvelope(stakes);
    var wish = new Asking.Wish(by, "ring", need, ring.line, many -> says(km, many));
    return asking
        .run(tx, wish, ring.people, now)
        .<Outcome>map(done -> new Outcome.Asked(need, done.people(), done.decision()))
        .orElse(new Outcome.NobodyThere(km));
  }

  private Optional<Outcome> refusal(
      Need need, Optional<Envelope> envelope, double km, Instant now) {
    if (!(km > 0 && km <= Query.REACH_KM_MAX)) {
      return Optional.of(
          new Outcome.Incomplete(
              List.of(
                  new Flaw(
                      "km", "above 0 and at most 1000 km", "أكثر من صفر و1000 كم على الأكثر"))));
    }
    var refusal = asking.refusal(need, envelope, now);
    if (refusal.isPresent()) return refusal.map(Outcome.Refused::new);
    var area = envelope.orElseThrow().area();
    var farthest = need.place().kmTo(area.center()) + area.radiusKm();
    return km > farthest ? Optional.of(new Outcome.BeyondArea(farthest)) : Optional.empty();
  }

  /** Who may be asked in a ring, nearest first: exactly these stand in the line. */
  private record Ring(Line line, Map<VolunteerId, Volunteer> people) {

    Ring nearest(int most) {
      if (people.size() <= most) return this;
      return only(line.options().subList(0, most).stream().map(o -> people.get(o.volunteer())));
    }

    Ring only(List<Volunteer> some) {
      return some.size() == people.size() ? this : only(some.stream());
    }

    private Ring only(Stream<Volunteer> some) {
      var left = new HashMap<VolunteerId, Volunteer>();
      some.forEach(one -> left.put(one.id(), one));
      var options =
          line.options().stream().filter(one -> left.containsKey(one.volunteer())).toList();
      return new Ring(line.withOptions(options), left);
    }
  }

  private Ring ring(SqlClient conn, Need need, Envelope envelope, double km, Instant now) {
    var wish = new Lines.Wish(need, envelope.area(), km, Envelope.MOST_TEXTS);
    var line = lines.of(conn, List.of(wish), now).getFirst();
    var may = new ArrayList<Line.Option>();
    for (var option : line.options()) if (line.mayAsk(option)) may.add(option);
    var known = Volunteers.list(conn, may.stream().map(Line.Option::volunteer).toList());
    known.values().removeIf(one -> !one.active() || !one.takesTexts());
    may.removeIf(option -> !known.containsKey(option.volunteer()));
    return new Ring(line.withOptions(List.copyOf(may)), known);
  }

  private Stakes stakes(Need need, Ring ring, Envelope envelope, Instant now) {
    return new Stakes(
        ring.people.size(),
        envelope.textsLeft(),
        asking.cost(need, ring.people.values(), now),
        envelope.costLeft(),
        envelope.currency());
  }

  private static long keep(
      SqlConnection tx, Staff by, Need need, Request request, Long decision, Instant now) {
    var row =
        Tuple.of(need.id().value(), need.envelope().orElseThrow(), request.km, request.people)
            .addValue(request.typedCount.orElse(null))
            .addValue(by.account())
            .addValue(Database.utc(now))
            .addValue(Database.utc(now.plus(WAITS)))
            .addValue(decision)
            .addValue(need.version());
    return tx.preparedQuery(INSERT).execute(row).await().iterator().next().getLong("id");
  }

  private static Title says(double km, int people) {
    return new Title(
        String.format(Locale.ROOT, "بقرار المنسق سُئل كل من ضمن %.1f كم: %d.", km, people),
        String.format(
            Locale.ROOT,
            "A coordinator had everybody within %.1f km asked: %d people.",
            km,
            people));
  }

  private static final String INSERT =
      """
      INSERT INTO dispatch.ring
        (need, envelope, km, people, typed_count, asked_by, asked_at, expires_at, decision,
         need_version)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      RETURNING id
      """;
}
