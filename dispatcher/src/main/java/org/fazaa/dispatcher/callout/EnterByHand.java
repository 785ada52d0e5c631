package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;

/**
 * "I phoned her, she is coming": a member of staff enters a yes that came by another way. It never
 * over-fills.
 */
public final class EnterByHand {

  public sealed interface Outcome extends News {

    record Entered(Asked asked) implements Outcome {
      @Override
      public List<Fact> facts() {
        return TakeOffer.changed(asked);
      }
    }

    record AlreadyTheirs(Asked asked) implements Outcome {}

    /** Raise the number of people first, if one more is wanted. */
    record Full(Need need) implements Outcome {}

    record Overlaps(Asked.Elsewhere other) implements Outcome {}

    record NeedOver() implements Outcome {}

    record NoSuchNeed() implements Outcome {}

    record NoSuchVolunteer() implements Outcome {}
  }

  private final MakeOffers make;

  public EnterByHand(MakeOffers make) {
    this.make = make;
  }

  public Outcome run(SqlConnection tx, Staff by, NeedId id, VolunteerId person, Instant now) {
    var need = Need.lock(tx, id);
    if (need.isEmpty()) return new Outcome.NoSuchNeed();
    if (TakeOffer.isOver(need.get(), now)) return new Outcome.NeedOver();
    var volunteer = Volunteers.find(tx, person);
    if (volunteer.isEmpty()) return new Outcome.NoSuchVolunteer();
    var isNew = insertUnlessAsked(tx, by, need.get(), volunteer.get(), now);
    var offer = find(tx, id, person);
    if (isNew) {
      var says = Says.byHand(by.name(), volunteer.get().name());
      Decisions.write(tx, "hand", need.get(), offer, says, Optional.empty(), now);
    }
    var held = Held.of(tx, offer, now);
    var outcome = enter(held, by, held.asked(offer).orElseThrow());
    held.write();
    return outcome;
  }

  private static Outcome enter(Held held, Staff by, Asked asked) {
    if (asked.offer().state() == State.ASSIGNED) return new Outcome.AlreadyTheirs(asked);
    if (asked.elsewhere().isPresent()) return new Outcome.Overlaps(asked.elsewhere().get());
    if (asked.need().isFull()) return new Outcome.Full(asked.need());
    held.give(asked, Cause.staff(by));
    held.tell(Notice.EXPECTED.to(asked.offer(), asked.need(), held.now()));
    return new Outcome.Entered(asked);
  }

  // Whoever was not asked by text gets an offer that says who phoned. It counts as declined until
  // the place is theirs, so that a refusal here leaves nothing open.
  private boolean insertUnlessAsked(
      SqlConnection tx, Staff by, Need need, Volunteer volunteer, Instant now) {
    var row =
        Tuple.of(need.id().value(), volunteer.id().value(), by.account())
            .addValue(make.code(new HashSet<>()))
            .addValue(need.priority() == Priority.LIFE)
            .addValue(make.channel().simulated())
            .addValue(Database.utc(now))
            .addValue(Database.utc(need.endsAt()))
            .addValue(need.place().kmTo(volunteer.place()));
    return tx.preparedQuery(INSERT).execute(row).await().rowCount() > 0;
  }

  private static OfferId find(SqlConnection tx, NeedId need, VolunteerId person) {
    var rows = tx.preparedQuery(FIND).execute(Tuple.of(need.value(), person.value())).await();
    return new OfferId(rows.iterator().next().getLong("id"));
  }

  private static final String INSERT =
      """
      INSERT INTO dispatch.offer
        (need, volunteer, entered_by, code, life, simulated, state, asked_at, changed_at,
         valid_until, km, rate, useful, gain, price, rarer, recent, said_yes, said_no, counted)
      VALUES ($1, $2, $3, $4, $5, $6, 'declined', $7, $7, $8, $9, 1, 1, 1, 0, 0, 0, 0, 0, true)
      ON CONFLICT (need, volunteer) DO NOTHING
      """;

  private static final String FIND =
      "SELECT id FROM dispatch.offer WHERE need = $1 AND volunteer = $2";
}
