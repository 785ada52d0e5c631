package org.fazaa.web;

import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Fact;
import org.fazaa.config.Invariant.Pauses;
import org.fazaa.dispatcher.callout.ReleaseCallOut;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.ThawFund;
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

    /** Money leaves a fund again when an auditor says so, and nobody else. */
    record NotAuditor(ThawFund.Outcome.NotAuditor refusal) implements Outcome {}
  }

  private ReleaseFindings() {}

  public static Outcome run(
      SqlConnection tx, String invariant, long byAccount, String why, Instant now) {
    var refusal = thaw(tx, invariant, byAccount, why, now);
    if (refusal.isPresent()) return refusal.get();
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

  // A fund that another invariant still stops stays frozen.
  private static Optional<Outcome.NotAuditor> thaw(
      SqlConnection tx, String invariant, long byAccount, String why, Instant now) {
    var standing = Findings.list(tx).stream().filter(Finding::stops).toList();
    var others =
        funds(standing.stream().filter(one -> !one.invariant().equals(invariant)).toList());
    var own = funds(standing.stream().filter(one -> one.invariant().equals(invariant)).toList());
    if (!own.isEmpty() && !Officer.holds(tx, byAccount, Officer.Office.AUDITOR, now)) {
      return Optional.of(new Outcome.NotAuditor(new ThawFund.Outcome.NotAuditor()));
    }
    own.removeAll(others);
    own.forEach(fund -> ThawFund.run(tx, new ThawFund.Draft(fund, why, byAccount), now));
    return Optional.empty();
  }

  private static Set<FundId> funds(List<Finding> findings) {
    var funds = new HashSet<FundId>();
    for (var finding : findings) {
      if (finding.pauses() == Pauses.FUND && finding.subject().isPresent()) {
        funds.add(Stopped.fund(finding));
      }
    }
    return funds;
  }

  private static Set<String> purposes(List<Finding> findings) {
    var purposes = new HashSet<String>();
    for (var finding : findings) {
      if (finding.pauses() == Pauses.PURPOSE) finding.subject().ifPresent(purposes::add);
    }
    return purposes;
  }
}
