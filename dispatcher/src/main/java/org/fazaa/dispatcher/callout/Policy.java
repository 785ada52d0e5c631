package org.fazaa.dispatcher.callout;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.VolunteerId;

/** Who is asked now. A pure function of the board: the same board gives the same plan. */
public sealed interface Policy permits Round, Waves, LargestDemand, Informed {

  String name();

  Plan decide(Board board);

  /** All needs that want a decision now, and how many texts may leave before the next one. */
  record Board(Instant now, int budget, long seed, List<Line> lines) {}

  /** What to do about every line of the board. */
  record Plan(List<Ask> asks, List<Verdict> verdicts) {

    /** What it says about these needs alone. */
    Plan of(Set<NeedId> needs) {
      return new Plan(
          asks.stream().filter(ask -> needs.contains(ask.need())).toList(),
          verdicts.stream().filter(verdict -> needs.contains(verdict.need())).toList());
    }
  }

  record Ask(NeedId need, Line.Option option, Factors factors) {}

  /**
   * Why this person, in figures: chance of a yes, chance that it is still wanted, gain and price.
   */
  record Factors(double rate, double useful, double gain, double price) {}

  /**
   * What was decided for a need and why.
   *
   * @param expected how many yes are to be expected from everybody asked, those of this wave too
   * @param reach how many could have been asked
   */
  record Verdict(
      NeedId need,
      Why why,
      int asked,
      int open,
      double expected,
      int reach,
      boolean needsHuman,
      Instant lookAgain) {}

  enum Why {
    /** The next text would cost more than it brings. */
    WAITING,
    /** Everybody who may be asked has been asked. */
    NOBODY_LEFT,
    /** The carrier's rate for this round is used up; the rest follows at once. */
    RATE_LIMIT;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** All that can be chosen by name, what Fazaa does first. */
  static List<Policy> all() {
    return List.of(
        Round.PRICED,
        Waves.FIXED,
        Waves.FIXED_FAST,
        Waves.NEAREST,
        Waves.ALL,
        Waves.CONFIDENCE,
        LargestDemand.EVERY_TWO_MINUTES);
  }

  static Optional<Policy> named(String name) {
    return all().stream().filter(policy -> policy.name().equals(name)).findFirst();
  }

  /** What Fazaa would do if it were told how likely everybody says yes. */
  static Policy informed(String name, Chances chances) {
    return new Informed(name, Round.PRICED, chances);
  }

  /** How likely somebody says yes to an offer that is made now. */
  interface Chances {
    double of(NeedId need, VolunteerId volunteer, Instant now);
  }

  /**
   * When a need is looked at again if nothing happens before. The beat is shared, so that one round
   * decides for many needs together.
   */
  static Instant lookAgain(Priority priority, boolean asked, Instant now) {
    var beat =
        switch (priority) {
          case LIFE -> asked ? 5 : 30;
          case URGENT -> 60;
          case PLANNED -> 300;
        };
    return Instant.ofEpochSecond(Math.floorDiv(now.getEpochSecond(), beat) * beat + beat);
  }
}
