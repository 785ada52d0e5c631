package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.callout.Help.Remedy;
import org.fazaa.dispatcher.callout.Help.Trial;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Roster;

/**
 * Looks for what would help a need: asks the roster as if the need or its envelope were another,
 * and lets {@link Help} judge what that gives. Nothing is written.
 */
public final class ProposeHelp {
  private static final double[] WIDER = {1.5, 2};
  private static final Duration LATER = Duration.ofDays(1);
  private static final double SURE = 0.8;
  private static final double LIKELY = 0.5;
  private static final int STANDBY_MOST = 20;

  private final Roster roster;
  private final ProposeEnvelope propose;
  private final Lines lines;

  public ProposeHelp(Roster roster, MakeOffers make) {
    this.roster = roster;
    this.propose = new ProposeEnvelope(roster, make);
    this.lines = new Lines(roster, make.channel().simulated());
  }

  /** Empty when there is no such need; without steps when it wants nobody. */
  public Optional<Help> run(SqlClient conn, NeedId id, Instant now) {
    return Need.find(conn, id).map(need -> help(conn, need, now));
  }

  private Help help(SqlClient conn, Need need, Instant now) {
    if (need.isFull() || TakeOffer.isOver(need, now)) {
      return new Help(need.id(), need.isFull() ? 1 : 0, List.of());
    }
    var envelope = Asking.envelope(conn, need);
    var area = envelope.map(Envelope::area).orElse(Envelope.around(need));
    var changes = changes(need, area);
    var wishes = new ArrayList<Lines.Wish>();
    wishes.add(new Lines.Wish(need, area));
    for (var change : changes) wishes.add(new Lines.Wish(change.need, change.area));
    var found = lines.of(conn, wishes, now);
    var line = found.getFirst();
    var texts =
        envelope.map(one -> left(one, need, now)).orElseGet(() -> ProposeEnvelope.texts(line, now));
    var trials = new ArrayList<Trial>();
    for (var i = 0; i < changes.size(); i++) {
      var other = found.get(i + 1);
      var most = Math.max(texts, ProposeEnvelope.texts(other, now));
      trials.add(new Trial(changes.get(i).remedy, other, most));
    }
    trials.addAll(sameNeed(conn, need, line, texts, now));
    return Help.of(line, texts, trials, now);
  }

  private record Change(Remedy remedy, Need need, Area area) {}

  private static List<Change> changes(Need need, Area area) {
    var changes = new ArrayList<Change>();
    var reach = need.place().kmTo(area.center()) + area.radiusKm();
    for (var factor : WIDER) {
      var km = Math.min(Math.ceil(reach * factor), mostKm(need.priority()));
      if (km <= reach) continue;
      var circle = new Area.Circle(need.place(), km * 1000);
      changes.add(new Change(new Remedy.Wider(km), need, circle));
    }
    for (var skill : need.skills()) {
      var fewer = EnumSet.noneOf(Skill.class);
      fewer.addAll(need.skills());
      fewer.remove(skill);
      var without = need.as(fewer, need.languages(), Duration.ZERO);
      changes.add(new Change(new Remedy.WithoutSkill(skill), without, area));
    }
    if (!need.languages().isEmpty()) {
      var any = need.as(need.skills(), Set.of(), Duration.ZERO);
      changes.add(new Change(new Remedy.AnyLanguage(), any, area));
    }
    if (need.priority() == Priority.PLANNED) {
      var later = need.as(need.skills(), need.languages(), LATER);
      var remedy = new Remedy.Later(later.startsAt(), later.endsAt());
      changes.add(new Change(remedy, later, area));
    }
    return changes;
  }

  /** Whoever lives farther away than this does not help in time. */
  private static double mostKm(Priority priority) {
    return switch (priority) {
      case LIFE -> 60;
      case URGENT -> 90;
      case PLANNED -> 150;
    };
  }

  private int left(Envelope envelope, Need need, Instant now) {
    if (!now.isBefore(envelope.expiresAt())) return 0;
    var dearest =
        propose.samples(need, "*", now).stream().mapToInt(ProposeEnvelope.Reach::cost).max();
    var left = envelope.costLeft() / Math.max(1, dearest.orElse(1));
    return Math.min(envelope.textsLeft(), left);
  }

  // What leaves the need and its area as they are.
  private List<Trial> sameNeed(SqlClient conn, Need need, Line line, int texts, Instant now) {
    var trials = new ArrayList<Trial>();
    var more = ProposeEnvelope.texts(line, now);
    if (more > texts) trials.add(new Trial(new Remedy.MoreTexts(), line, more));
    if (!line.waiting().isEmpty()) {
      var phone = new Remedy.Phone(line.waiting().size());
      trials.add(new Trial(phone, line.askedAgain(now), texts));
    }
    var reserve = standby(conn, need, line, now);
    if (!reserve.isEmpty()) {
      var people = reserve.stream().map(Line.Option::volunteer).toList();
      var all = new ArrayList<>(reserve);
      all.addAll(line.options());
      trials.add(new Trial(new Remedy.FromStandby(people), line.withOptions(all), texts));
    }
    fewer(line, texts, now)
        .ifPresent(
            open ->
                trials.add(
                    new Trial(
                        new Remedy.FewerPeople(need.filled() + open), line.open(open), texts)));
    return trials;
  }

  // Those who wait for another need and could be asked for this one, if only a sparing rule is in
  // the way; that they have just said yes counts as one of their answers.
  private List<Line.Option> standby(SqlClient conn, Need need, Line line, Instant now) {
    var known = new HashSet<VolunteerId>();
    line.options().forEach(one -> known.add(one.volunteer()));
    var ids = new ArrayList<VolunteerId>();
    var of = Tuple.of(need.crisis().value(), need.id().value(), STANDBY_MOST);
    for (var row : conn.preparedQuery(STANDBY).execute(of).await()) {
      ids.add(new VolunteerId(row.getLong("volunteer")));
    }
    ids.removeIf(known::contains);
    if (ids.isEmpty()) return List.of();
    var area = Asking.envelope(conn, need).map(Envelope::area).orElse(Envelope.around(need));
    var query = lines.query(conn, need, area, now);
    var rates = lines.rates(conn);
    var options = new ArrayList<Line.Option>();
    for (var one : Volunteers.list(conn, ids).values()) {
      var broken = roster.whyNot(one.id(), query);
      var spared = roster.find(one.id()).isPresent() && AskPerson.refusal(broken, true).isEmpty();
      if (spared) options.add(option(need, one, rates, now));
    }
    return options;
  }

  private Line.Option option(Need need, Volunteer one, Rates rates, Instant now) {
    var history = one.history().at(now).andYes(need.priority().kind());
    return lines.option(need, one, history, rates, now);
  }

  // The most places that would nearly surely fill, or that would likelier than not, or else one.
  private static Optional<Integer> fewer(Line line, int texts, Instant now) {
    if (line.open() < 2) return Optional.empty();
    var sure = most(line, texts, SURE, now);
    return Optional.of(sure > 0 ? sure : Math.max(1, most(line, texts, LIKELY, now)));
  }

  // The chance only falls with the number of places.
  private static int most(Line line, int texts, double chance, Instant now) {
    var low = 0;
    var high = line.open();
    while (high - low > 1) {
      var middle = (low + high) / 2;
      if (Forecast.of(line.open(middle), texts, now).chance() >= chance) low = middle;
      else high = middle;
    }
    return low;
  }

  private static final String STANDBY =
      """
      SELECT o.volunteer
      FROM dispatch.offer o JOIN dispatch.need n ON n.id = o.need
      WHERE n.crisis = $1 AND n.id <> $2 AND n.state <> 'closed' AND o.state = 'standby'
      ORDER BY o.id
      LIMIT $3
      """;
}
