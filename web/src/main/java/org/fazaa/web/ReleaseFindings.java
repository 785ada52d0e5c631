package org.fazaa.web;

import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fazaa.config.Fact;
import org.fazaa.config.Invariant.Pauses;
import org.fazaa.dispatcher.callout.ReleaseCallOut;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.notifier.Findings;
import org.fazaa.notifier.Findings.Finding;
import org.fazaa.notifier.Outbox;

/**
 * A person has looked at what the watch found of one invariant, and says why it may go on. What
 * another finding still stops stays stopped.
 */
public final class ReleaseFindings {

  /** Longer reasons belong in a report. */
  public static final int WHY_MAX = 500;

  public sealed interface Outcome {
    /**
     * @param findings how many a person has now looked at
     */
    record Released(int findings, List<Fact> facts) implements Outcome {}

    /** There is nothing of this invariant that nobody has looked at. */
    record NothingFound() implements Outcome {}
  }

  private ReleaseFindings() {}

  public static Outcome run(
      SqlConnection tx, String invariant, long byAccount, String why, Instant now) {
    var released = Findings.release(tx, invariant, byAccount, why, now);
    if (released.isEmpty()) return new Outcome.NothingFound();
    var facts = new ArrayList<Fact>();
    facts.add(new Fact.WatchChanged());
    var standing = Findings.list(tx).stream().filter(Finding::stops).toList();
    facts.addAll(releaseNeeds(tx, released, needs(tx, standing), byAccount, now));
    var held = purposes(standing);
    for (var purpose : purposes(released)) {
      if (held.contains(purpose)) continue;
      Outbox.release(tx, purpose, byAccount, why, now);
      facts.add(new Fact.OutboxFilled());
    }
    return new Outcome.Released(released.size(), facts);
  }

  private static List<Fact> releaseNeeds(
      SqlConnection tx,
      List<Finding> released,
      Set<NeedId> stillPaused,
      long byAccount,
      Instant now) {
    var by = Staff.find(tx, byAccount);
    var facts = new ArrayList<Fact>();
    for (var need : needs(tx, released)) {
      if (stillPaused.contains(need)) continue;
      facts.addAll(ReleaseCallOut.run(tx, by, need, now).facts());
    }
    return facts;
  }

  private static Set<NeedId> needs(SqlConnection tx, List<Finding> findings) {
    var needs = new HashSet<NeedId>();
    findings.forEach(finding -> Stopped.need(tx, finding).ifPresent(needs::add));
    return needs;
  }

  private static Set<String> purposes(List<Finding> findings) {
    var purposes = new HashSet<String>();
    for (var finding : findings) {
      if (finding.pauses() == Pauses.PURPOSE) finding.subject().ifPresent(purposes::add);
    }
    return purposes;
  }
}
