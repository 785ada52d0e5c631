package org.fazaa.web;

import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Invariant;
import org.fazaa.notifier.Findings;
import org.fazaa.notifier.Findings.Checked;
import org.fazaa.notifier.Findings.Finding;

/** Every invariant and how it stands. */
public record WatchBoard(List<Line> lines) {

  /** What is known of an invariant. Green is only what has been looked at lately, to the end. */
  public enum State {
    HOLDS,
    VIOLATED,
    NOT_CHECKED
  }

  /**
   * @param problem why the last look did not come to an end
   * @param findings what is wrong, and what is still stopped although it is right again
   */
  public record Line(
      Invariant invariant,
      State state,
      Optional<Instant> checkedAt,
      Optional<String> problem,
      List<Finding> findings) {

    /** Whether something waits for a person to let it go on. */
    public boolean stops() {
      return findings.stream().anyMatch(Finding::stops);
    }

    /** Whether a person has something to look at. */
    public boolean mayBeReleased() {
      return findings.stream().anyMatch(finding -> finding.releasedAt().isEmpty());
    }
  }

  /** After so many turns without a look nothing is green any more. */
  private static final int STALE_TURNS = 3;

  /**
   * How much before its time an item may be looked at: turns are a little shorter than a minute.
   */
  private static final Duration EARLY = Duration.ofSeconds(10);

  static WatchBoard unread(List<Watch.Item> items) {
    return new WatchBoard(
        items.stream()
            .map(item -> line(item, Optional.empty(), List.of(), Instant.EPOCH))
            .toList());
  }

  static WatchBoard read(SqlClient connection, List<Watch.Item> items, Instant now) {
    Map<String, Checked> checked = new HashMap<>();
    Findings.checked(connection).forEach(one -> checked.put(one.invariant(), one));
    var findings = Findings.list(connection);
    return new WatchBoard(
        items.stream()
            .map(
                item -> {
                  var number = item.invariant().number();
                  var own = findings.stream().filter(one -> one.invariant().equals(number));
                  return line(item, Optional.ofNullable(checked.get(number)), own.toList(), now);
                })
            .toList());
  }

  /** The line of this invariant. */
  public Optional<Line> line(String number) {
    return lines.stream().filter(line -> line.invariant().number().equals(number)).findFirst();
  }

  boolean isDue(Watch.Item item, Instant now) {
    return line(item.invariant().number())
        .filter(line -> line.problem().isEmpty())
        .flatMap(Line::checkedAt)
        .map(at -> !at.isAfter(now.minus(item.each()).plus(EARLY)))
        .orElse(true);
  }

  private static Line line(
      Watch.Item item, Optional<Checked> checked, List<Finding> findings, Instant now) {
    var checkedAt = checked.flatMap(Checked::checkedAt);
    var problem = checked.flatMap(Checked::problem);
    var stale = now.minus(item.each().multipliedBy(STALE_TURNS));
    var wrong = findings.stream().anyMatch(finding -> finding.clearedAt().isEmpty());
    var known = problem.isEmpty() && checkedAt.filter(at -> at.isAfter(stale)).isPresent();
    var state = wrong ? State.VIOLATED : known ? State.HOLDS : State.NOT_CHECKED;
    return new Line(item.invariant(), state, checkedAt, problem, findings);
  }
}
