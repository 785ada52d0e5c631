package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.dispatcher.callout.Decisions;
import org.fazaa.web.Frame;

/**
 * What was decided for a need, newest first.
 *
 * @param older where those before these are
 */
record DecisionLog(long need, List<Entry> entries, Optional<String> older) {

  /**
   * @param round figures of a round; none when a person or an answer led to it
   * @param more how many people have a line that is not shown here
   */
  record Entry(
      long id, Instant at, String says, Optional<Figures> round, List<Line> people, int more) {}

  /** How many were asked, and how many yes were to be expected for how many places. */
  record Figures(int wave, int asked, String expected, int open) {}

  /** A person and why they were asked, or why not after all. */
  record Line(long volunteer, String name, String why, boolean asked) {}

  /**
   * @param people at most so many lines for a decision
   */
  static DecisionLog of(
      long need, List<Decisions.Decision> decisions, int limit, int people, Frame frame) {
    var shown = decisions.subList(0, Math.min(limit, decisions.size()));
    var older =
        decisions.size() > limit
            ? Optional.of("/needs/" + need + "/decisions?before=" + shown.getLast().id())
            : Optional.<String>empty();
    return new DecisionLog(
        need, shown.stream().map(one -> entry(one, people, frame)).toList(), older);
  }

  private static Entry entry(Decisions.Decision decision, int most, Frame frame) {
    var lines =
        decision.people().stream()
            .limit(most)
            .map(
                one ->
                    new Line(
                        one.volunteer().value(),
                        one.name(),
                        Shown.title(one.why(), frame),
                        one.offer().isPresent()))
            .toList();
    var figures =
        decision
            .wave()
            .filter(any -> decision.asked() > 0)
            .map(
                wave ->
                    new Figures(
                        wave,
                        decision.asked(),
                        String.format(Locale.ROOT, "%.1f", decision.expected()),
                        decision.open()));
    var more = decision.people().size() - lines.size();
    var says = Shown.title(decision.says(), frame);
    return new Entry(decision.id(), decision.at(), says, figures, lines, more);
  }
}
