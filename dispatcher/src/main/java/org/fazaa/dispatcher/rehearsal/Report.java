package org.fazaa.dispatcher.rehearsal;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fazaa.dispatcher.crisis.Priority;

/**
 * What a rehearsal showed.
 *
 * @param skipped incidents of a kind that no rule knows
 * @param ignored incidents that a rule leaves to others
 * @param notices texts that asked nothing: places given, stood down, already filled
 * @param readByPerson replies that no rule could read
 * @param decisions how long rounds took, shortest first
 * @param digest of all that happened, so that two runs can be compared
 */
public record Report(
    String policy,
    Regime regime,
    String kinds,
    int volunteers,
    int skipped,
    int ignored,
    Tally all,
    Map<Priority, Tally> classes,
    int notices,
    int readByPerson,
    List<Duration> decisions,
    Duration wall,
    long seed,
    String digest) {

  static Report of(Rehearsal.Input input, Script script, Happened happened, Duration wall) {
    var figures = new Figures(happened);
    return new Report(
        input.policy(),
        input.regime(),
        script.kinds(),
        happened.people().size(),
        script.skipped(),
        script.ignored(),
        figures.all(),
        figures.classes(),
        happened.notices(),
        happened.readByPerson(),
        happened.decisions().stream().sorted().toList(),
        wall,
        input.seed(),
        happened.digest());
  }

  /** For programs. */
  public JsonObject json() {
    var byClass = new JsonObject();
    classes.forEach((priority, tally) -> byClass.put(priority.word(), tally.json()));
    return new JsonObject()
        .put("policy", policy)
        .put("regime", regime.word())
        .put("kinds", kinds)
        .put("volunteers", volunteers)
        .put("skipped", skipped)
        .put("ignored", ignored)
        .mergeIn(all.json())
        .put("classes", byClass)
        .put("notices", notices)
        .put("read_by_person", readByPerson)
        .put("missed_but_flagged", all.signals().missed())
        .put(
            "decision_ms",
            new JsonObject().put("p50", decisionMillis(50)).put("p99", decisionMillis(99)))
        .put("wall_s", Tally.rounded(wall.toMillis() / 1000.0, 10))
        .put("seed", seed)
        .put("digest", digest);
  }

  /** By nearest rank; null without rounds. */
  private Double decisionMillis(int percent) {
    var nanos = decisions.stream().map(Duration::toNanos).toList();
    var at = Tally.percentile(nanos, percent);
    return at == null ? null : Tally.rounded(at / 1e6, 100);
  }

  /** For people. */
  public String text() {
    return Tables.of(this);
  }
}
