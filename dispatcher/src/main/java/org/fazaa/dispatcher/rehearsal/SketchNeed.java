package org.fazaa.dispatcher.rehearsal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.callout.Envelope;
import org.fazaa.dispatcher.callout.Lines;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.callout.Rates;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.OpenNeed;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.Way;

/** A need in a sketch, called out for as soon as it came in. */
final class SketchNeed {
  private static final CrisisId CRISIS = new CrisisId(1);

  final int rank;
  final OpenNeed.Draft draft;
  final ZoneId zone;
  final Instant openedAt;
  final Instant startsAt;
  final Instant endsAt;
  final Instant fillBy;
  final String district;
  final Area area;
  final List<SketchOffer> offers = new ArrayList<>();
  final Set<VolunteerId> asked = new HashSet<>();
  int filled;
  int standby;
  int yes;
  Need.State state = Need.State.CALLING;
  Instant lastWaveAt;
  Instant needsHumanAt;
  Instant signalledAt;
  Instant nextRoundAt;

  /** Which envelope of this need is in force. */
  int envelope;

  /** Texts that it has left. */
  int textsLeft;

  /** The tenth of its time in which a forecast was made last. */
  int tenth;

  SketchNeed(int rank, OpenNeed.Draft draft, ZoneId zone, Instant now) {
    this.rank = rank;
    this.draft = draft;
    this.zone = zone;
    openedAt = now;
    startsAt = draft.startsAt();
    endsAt = draft.endsAt();
    fillBy = OpenNeed.fillBy(draft.priority(), startsAt, endsAt, now);
    nextRoundAt = now;
    district = Lines.district(need());
    area = Envelope.around(need());
  }

  Priority priority() {
    return draft.priority();
  }

  Point place() {
    return draft.place();
  }

  NeedId id() {
    return new NeedId(rank + 1);
  }

  boolean isFull() {
    return filled >= draft.people();
  }

  boolean isOver(Instant now) {
    return state == Need.State.CLOSED || !now.isBefore(endsAt);
  }

  boolean hasAll(Set<Skill> skills) {
    return skills.containsAll(draft.skills());
  }

  boolean overlaps(SketchNeed other) {
    return startsAt.isBefore(other.endsAt) && endsAt.isAfter(other.startsAt);
  }

  /** As the tables would hold it. */
  Need need() {
    return new Need(
        id(),
        CRISIS,
        Mode.DRILL,
        zone,
        draft.title(),
        draft.skills(),
        draft.languages(),
        draft.proof(),
        draft.ageLeast(),
        draft.people(),
        filled,
        0,
        standby,
        place(),
        startsAt,
        endsAt,
        fillBy,
        priority(),
        state,
        Optional.empty(),
        openedAt,
        1,
        Optional.of(1L),
        Optional.of(openedAt),
        yes,
        Optional.ofNullable(lastWaveAt),
        Optional.ofNullable(needsHumanAt));
  }

  /** The yes that were due by now. */
  double due(Rates rates, Instant now) {
    var due = 0.0;
    for (var one : offers) {
      var until = one.state == State.OPEN ? now : one.changedAt;
      var asked = new Lines.Silent(one.rate, one.askedAt, Way.SMS);
      var heard = Duration.between(one.askedAt, until);
      due += Lines.due(asked, one.answeredAt != null, heard, rates);
    }
    return due;
  }

  List<Lines.Silent> silent() {
    var silent = new ArrayList<Lines.Silent>();
    for (var one : offers) {
      if (one.state == State.OPEN) {
        silent.add(new Lines.Silent(one.rate, one.askedAt, Way.SMS));
      }
    }
    return silent;
  }
}
