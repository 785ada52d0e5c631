package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Reason;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.dispatcher.roster.Rule;

/**
 * A coordinator asks one person by name, beside the rounds. A rule that only spares people may be
 * set aside once the coordinator has seen it; every other one always refuses.
 */
public final class AskPerson {
  /** These spare somebody a text; what is not here protects them, us or what was approved. */
  private static final Set<Rule> SPARING =
      Set.of(Rule.NOT_JUST_ASKED, Rule.WITHIN_BUDGET, Rule.RESTED, Rule.FREE);

  private static final Title SAYS =
      new Title(
          "بقرار المنسق سُئل شخص واحد بالاسم.", "A coordinator had one person asked by name.");

  public sealed interface Outcome extends News {

    record Asked(Need need, long decision) implements Outcome {
      @Override
      public List<Fact> facts() {
        return Asking.facts(need);
      }
    }

    record NoSuchNeed() implements Outcome {}

    record NoSuchVolunteer() implements Outcome {}

    record Refused(Refusal why) implements Outcome {}

    /** Rules that nobody sets aside. */
    record Forbidden(List<Reason> broken) implements Outcome {}

    /** Rules that the coordinator must have seen first. */
    record SayAnyway(List<Reason> broken) implements Outcome {}

    record ExceedsEnvelope(AskRing.Stakes stakes) implements Outcome {}

    /** They stopped our texts, were asked for something else or have joined this very moment. */
    record OutOfReach() implements Outcome {}
  }

  /**
   * What asking this person would give.
   *
   * @param rate how likely they say yes
   * @param before the chance to fill by the deadline if nobody more is asked
   * @param after the same once they are asked
   * @param broken rules that would be set aside
   * @param refusal what would be answered whatever is ticked
   */
  public record Preview(
      Need need,
      Volunteer person,
      double km,
      double rate,
      AskRing.Stakes stakes,
      double before,
      double after,
      List<Reason> broken,
      Optional<Outcome> refusal) {}

  private final Asking asking;
  private final Lines lines;
  private final Roster roster;

  public AskPerson(Roster roster, MakeOffers make) {
    this.roster = roster;
    this.asking = new Asking(make);
    this.lines = new Lines(roster, make.channel().simulated());
  }

  /** Nothing is written; empty when there is no such need or no such person. */
  public Optional<Preview> preview(SqlClient conn, NeedId id, VolunteerId person, Instant now) {
    return Need.find(conn, id)
        .flatMap(need -> Volunteers.find(conn, person).map(one -> preview(conn, need, one, now)));
  }

  private Preview preview(SqlClient conn, Need need, Volunteer person, Instant now) {
    var envelope = Asking.envelope(conn, need);
    var line = line(conn, need, person, now);
    var option = line.options().getFirst();
    var refusal = asking.refusal(need, envelope, now).<Outcome>map(Outcome.Refused::new);
    var stakes = stakes(need, person, envelope, now);
    var broken =
        refusal.isPresent() ? List.<Reason>of() : broken(conn, need, person, envelope, now);
    if (refusal.isEmpty()) refusal = refusal(broken, true);
    if (refusal.isEmpty() && stakes.exceed()) {
      refusal = Optional.of(new Outcome.ExceedsEnvelope(stakes));
    }
    return new Preview(
        need,
        person,
        option.km(),
        option.rate(),
        stakes,
        Forecast.of(line, 0, now).chance(),
        Forecast.atOnce(line, 1, now).chance(),
        broken,
        refusal);
  }

  /**
   * @param anyway whether the coordinator has seen which sparing rules this sets aside
   */
  public Outcome run(
      SqlConnection tx, Staff by, NeedId id, VolunteerId person, boolean anyway, Instant now) {
    var found = Need.lock(tx, id);
    if (found.isEmpty()) return new Outcome.NoSuchNeed();
    var need = found.get();
    var known = Volunteers.find(tx, person);
    if (known.isEmpty()) return new Outcome.NoSuchVolunteer();
    var envelope = Asking.envelope(tx, need);
    var refusal = asking.refusal(need, envelope, now);
    if (refusal.isPresent()) return new Outcome.Refused(refusal.get());
    if (roster.find(person).isEmpty()) return new Outcome.OutOfReach();
    var against = refusal(broken(tx, need, known.get(), envelope, now), anyway);
    if (against.isPresent()) return against.get();
    if (Asking.reachable(tx, List.of(known.get()), now).isEmpty()) return new Outcome.OutOfReach();
    var stakes = stakes(need, known.get(), envelope, now);
    if (stakes.exceed()) return new Outcome.ExceedsEnvelope(stakes);
    var line = line(tx, need, known.get(), now);
    var wish = new Asking.Wish(by, "person", need, line, many -> SAYS);
    return asking
        .run(tx, wish, Map.of(person, known.get()), now)
        .<Outcome>map(done -> new Outcome.Asked(need, done.decision()))
        .orElse(new Outcome.OutOfReach());
  }

  static Optional<Outcome> refusal(List<Reason> broken, boolean anyway) {
    var forbids = broken.stream().filter(one -> !SPARING.contains(one.rule())).toList();
    if (!forbids.isEmpty()) return Optional.of(new Outcome.Forbidden(forbids));
    if (!anyway && !broken.isEmpty()) return Optional.of(new Outcome.SayAnyway(broken));
    return Optional.empty();
  }

  private List<Reason> broken(
      SqlClient conn, Need need, Volunteer person, Optional<Envelope> envelope, Instant now) {
    var query = lines.query(conn, need, envelope.orElseThrow().area(), now);
    return roster.whyNot(person.id(), query);
  }

  private Line line(SqlClient conn, Need need, Volunteer person, Instant now) {
    var wish = new Lines.Wish(need, Envelope.around(need), 1, 1);
    var line = lines.of(conn, List.of(wish), now).getFirst();
    return line.withOptions(List.of(lines.option(conn, need, person, now)));
  }

  private AskRing.Stakes stakes(
      Need need, Volunteer person, Optional<Envelope> envelope, Instant now) {
    return new AskRing.Stakes(
        1,
        envelope.map(Envelope::textsLeft).orElse(0),
        asking.make().cost(need, person, now),
        envelope.map(Envelope::costLeft).orElse(0),
        asking.make().channel().currency());
  }
}
