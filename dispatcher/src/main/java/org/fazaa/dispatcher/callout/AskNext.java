package org.fazaa.dispatcher.callout;

import static java.util.stream.Collectors.toSet;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.people.CallKind;
import org.fazaa.dispatcher.people.OrganisationRule;
import org.fazaa.dispatcher.people.Organisations;
import org.fazaa.dispatcher.people.Qualification;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.Volunteers;

/**
 * Somebody was willing, but too late: the nearest other need of the same crisis that they suit asks
 * them at once.
 */
public final class AskNext {
  private final MakeOffers make;

  public AskNext(MakeOffers make) {
    this.make = make;
  }

  Optional<Offer> run(SqlConnection tx, Asked asked, Instant now) {
    var volunteer = Volunteers.find(tx, asked.offer().volunteer()).orElseThrow();
    return suitable(tx, asked, volunteer, now)
        .flatMap(need -> ask(tx, asked, need, volunteer, now));
  }

  private static Optional<Need> suitable(
      SqlConnection tx, Asked asked, Volunteer volunteer, Instant now) {
    var others = new ArrayList<Need>();
    var rows =
        tx.preparedQuery(FIND_OPEN)
            .execute(
                Tuple.of(asked.need().crisis().value(), volunteer.id().value(), Database.utc(now)))
            .await();
    for (var row : rows) others.add(Need.of(row));
    if (others.isEmpty()) return Optional.empty();
    var onFile = Qualification.onFile(tx, volunteer.id());
    var kept = keptBy(tx, volunteer, now);
    var ids = others.stream().map(need -> need.envelope().orElseThrow()).toList();
    var envelopes = Envelope.list(tx, ids);
    return others.stream()
        .filter(need -> volunteer.skills().containsAll(need.skills()))
        .filter(need -> isQualified(onFile, need))
        .filter(need -> isOfAge(volunteer, need, now))
        .filter(need -> !kept.contains(need.priority().kind()))
        .filter(need -> speaks(volunteer, need))
        .filter(
            need -> envelopes.get(need.envelope().orElseThrow()).area().contains(volunteer.place()))
        .min(
            Comparator.comparing(Need::priority)
                .thenComparingDouble(need -> need.place().kmTo(volunteer.place()))
                .thenComparingLong(need -> need.id().value()));
  }

  private static boolean isQualified(Map<Skill, LocalDate> onFile, Need need) {
    var endsOn = LocalDate.ofInstant(need.endsAt(), need.zone());
    return need.skills().stream()
        .allMatch(skill -> Qualification.does(onFile, skill, need.proof(), endsOn));
  }

  private static boolean isOfAge(Volunteer volunteer, Need need, Instant now) {
    var latest = LocalDate.ofInstant(now, need.zone()).minusYears(need.ageLeast());
    return volunteer.born().filter(latest::isBefore).isEmpty();
  }

  /** The kinds of call that their organisation keeps from them now. */
  private static Set<CallKind> keptBy(SqlConnection tx, Volunteer volunteer, Instant now) {
    return volunteer
        .organisation()
        .flatMap(code -> Organisations.find(tx, code))
        .map(
            organisation ->
                OrganisationRule.inForce(tx, now).entrySet().stream()
                    .filter(kind -> kind.getValue().containsKey(organisation))
                    .map(Map.Entry::getKey)
                    .collect(toSet()))
        .orElse(Set.of());
  }

  private static boolean speaks(Volunteer volunteer, Need need) {
    return need.languages().isEmpty()
        || need.languages().stream().anyMatch(volunteer.languages()::contains);
  }

  private Optional<Offer> ask(
      SqlConnection tx, Asked asked, Need chosen, Volunteer volunteer, Instant now) {
    var envelope = Envelope.lock(tx, chosen.envelope().orElseThrow()).orElseThrow();
    // Whoever closes a need holds its envelope too: so it is read again once that is ours.
    var need = Need.find(tx, chosen.id()).orElseThrow();
    if (need.state() != Need.State.CALLING || need.isFull()) return Optional.empty();
    var cost = make.cost(need, volunteer, now);
    var fits = envelope.textsLeft() >= 1 && envelope.costLeft() >= cost;
    if (!fits || !now.isBefore(envelope.expiresAt())) return Optional.empty();
    var made = make.run(tx, List.of(choice(asked, need, volunteer, now)), now);
    if (!made.isEmpty()) {
      Envelope.spend(tx, Map.of(envelope.id(), new Envelope.Spent(1, cost)));
      var says = Says.next(volunteer.name(), asked.need().title());
      Decisions.write(tx, "next", need, made.getFirst().id(), says, Optional.of(asked.need()), now);
    }
    return made.stream().findFirst();
  }

  // They have just said yes, so their rate is as high as rates go.
  private static MakeOffers.Choice choice(
      Asked asked, Need need, Volunteer volunteer, Instant now) {
    var history = volunteer.history().at(now);
    var tally = history.of(need.priority().kind());
    var rate = Rates.MOST_CERTAIN;
    var km = need.place().kmTo(volunteer.place());
    var option =
        new Line.Option(
            volunteer.id(),
            km,
            rate,
            1,
            0,
            history.fatigue(),
            tally.yes(),
            tally.no(),
            history.asked(),
            Line.Holding.NOTHING);
    var price = Tuning.BEST.price(history.fatigue(), 0);
    return new MakeOffers.Choice(
        need,
        volunteer,
        option,
        new Policy.Factors(rate, 1, rate, price),
        Optional.empty(),
        Optional.of(asked.need()));
  }

  private static final String FIND_OPEN =
      Need.SELECT
          + """
          WHERE n.crisis = $1 AND n.state = 'calling' AND n.filled < n.people AND n.ends_at > $3
            AND NOT EXISTS (
              SELECT FROM dispatch.offer o WHERE o.need = n.id AND o.volunteer = $2)
            AND NOT EXISTS (
              SELECT FROM dispatch.offer o JOIN dispatch.need h ON h.id = o.need
              WHERE o.volunteer = $2 AND o.state = 'assigned' AND h.state <> 'closed'
                AND h.starts_at < n.ends_at AND h.ends_at > n.starts_at)
          ORDER BY n.id
          LIMIT 200
          """;
}
