package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.Reason;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Guard;

/** Why somebody is asked for a need, or why not: for whomever a coordinator can think of. */
public final class PersonRoutes {
  private static final int FOUND_MOST = 20;

  private final Frames frames;
  private final Pool pool;
  private final ProposeEnvelope propose;

  public PersonRoutes(Frames frames, Pool pool, ProposeEnvelope propose) {
    this.frames = frames;
    this.pool = pool;
    this.propose = propose;
  }

  public void mount(Router router) {
    router.get("/needs/:need/people").handler(this::search);
    router.get("/needs/:need/people/:volunteer").handler(this::one);
  }

  private void search(RoutingContext context) {
    var need = need(context);
    var crisis = Crisis.find(pool, need.crisis()).orElseThrow();
    var frame = frames.of(context, crisis.zone());
    var written = context.queryParams().get("q");
    var query = written == null ? "" : written.strip();
    var found =
        query.isEmpty()
            ? List.<Volunteer>of()
            : Volunteers.search(pool, query, new VolunteerId(0), FOUND_MOST);
    var flaws = new ArrayList<String>();
    var rows = new ArrayList<PersonSearchPage.Row>();
    try {
      for (var one : found) rows.add(row(one, need, frame));
    } catch (Roster.NotLoaded stillReading) {
      flaws.add(frame.say(Word.ROSTER_LOADING));
    }
    var page = new PersonSearchPage(head(need, crisis, frame), query, rows, flaws);
    frames.show(context, "console/personSearch", frame, page);
  }

  private PersonSearchPage.Row row(Volunteer one, Need need, Frame frame) {
    var against = reasons(one.id(), need, frame, false);
    return new PersonSearchPage.Row(
        one.id().value(), one.name(), one.phone().masked(), against.stream().findFirst());
  }

  private void one(RoutingContext context) {
    var need = need(context);
    var crisis = Crisis.find(pool, need.crisis()).orElseThrow();
    var frame = frames.of(context, crisis.zone());
    var id = new VolunteerId(Places.id(context, "volunteer"));
    var volunteer = Volunteers.find(pool, id).orElseThrow(() -> Problem.notFound().refused());
    frames.show(context, "console/person", frame, page(volunteer, need, crisis, frame));
  }

  private PersonPage page(Volunteer volunteer, Need need, Crisis crisis, Frame frame) {
    var head = head(need, crisis, frame);
    var skills = Shown.skills(volunteer.skills(), frame);
    var offers = offers(volunteer.id(), need, frame);
    try {
      return new PersonPage(
          head,
          volunteer.id().value(),
          volunteer.name(),
          volunteer.phone().masked(),
          skills,
          reasons(volunteer.id(), need, frame, false),
          reasons(volunteer.id(), need, frame, true),
          rank(volunteer.id(), need, frame),
          offers,
          List.of());
    } catch (Roster.NotLoaded stillReading) {
      return new PersonPage(
          head,
          volunteer.id().value(),
          volunteer.name(),
          volunteer.phone().masked(),
          skills,
          List.of(),
          List.of(),
          Optional.empty(),
          offers,
          List.of(frame.say(Word.ROSTER_LOADING)));
    }
  }

  private List<String> reasons(VolunteerId id, Need need, Frame frame, boolean hold) {
    return propose.reasons(pool, need, id, frame.now()).stream()
        .filter(reason -> reason.holds() == hold)
        .map((Reason reason) -> frame.pick(reason.ar(), reason.en()))
        .toList();
  }

  private Optional<PersonPage.Rank> rank(VolunteerId id, Need need, Frame frame) {
    var weighed = propose.weighed(pool, need, frame.now());
    for (var i = 0; i < weighed.size(); i++) {
      var one = weighed.get(i);
      if (!one.person().volunteer().equals(id)) continue;
      var price = String.format(Locale.ROOT, "%.4f", one.price());
      return Optional.of(
          new PersonPage.Rank(
              frame.say(Word.RANK_SAYS, i + 1, weighed.size()),
              frame.say(Word.RANK_WHY, frame.percent(one.chance()), price),
              Merit.of(one, need, frame)));
    }
    return Optional.empty();
  }

  private List<PersonPage.Offer> offers(VolunteerId id, Need need, Frame frame) {
    return Needs.offers(pool, need.id()).stream()
        .filter(offer -> offer.volunteer().equals(id))
        .map(
            offer ->
                new PersonPage.Offer(
                    offer.code(),
                    CallOutRoutes.state(offer),
                    offer.askedAt(),
                    offer.answeredAt(),
                    offer.km(),
                    offer.rate(),
                    Shown.title(offer.why(), frame)))
        .toList();
  }

  private static PersonPage.Head head(Need need, Crisis crisis, Frame frame) {
    return new PersonPage.Head(
        need.id().value(),
        Shown.title(need.title(), frame),
        crisis.id().value(),
        Shown.title(crisis.name(), frame),
        crisis.isDrill());
  }

  private Need need(RoutingContext context) {
    Guard.require(context, VolunteerRoutes.READS);
    return Need.find(pool, new NeedId(Places.id(context, "need")))
        .orElseThrow(() -> Problem.notFound().refused());
  }
}
