package org.fazaa.web;

import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Optional;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.OfferId;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.fund.ledger.FreezeFund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.notifier.Findings.Finding;
import org.fazaa.notifier.Outbox;

/** What a finding's subject names, in the room that can stop it. */
final class Stopped {

  private static final String OF_OFFERS = Channel.PURPOSE + ":";

  private Stopped() {}

  /** The need whose call-out is paused; empty when this is about no need. */
  static Optional<NeedId> need(SqlConnection tx, Finding finding) {
    var subject = finding.subject().orElse("");
    return switch (finding.pauses()) {
      case NEED -> Optional.of(new NeedId(Long.parseLong(subject)));
      case ABOUT ->
          subject.startsWith(OF_OFFERS)
              ? Needs.offer(tx, OfferId.of(subject.substring(OF_OFFERS.length())))
                  .map(offer -> offer.need())
              : Optional.empty();
      case NOTHING, PURPOSE, FUND -> Optional.empty();
    };
  }

  static void freeze(SqlConnection tx, Finding finding, Instant now) {
    var details = String.join(", ", finding.details());
    FreezeFund.run(tx, new FreezeFund.Draft(fund(finding), finding.invariant(), details), now);
  }

  /** The fund whose money does not leave. */
  static FundId fund(Finding finding) {
    return new FundId(Long.parseLong(finding.subject().orElseThrow()));
  }

  static void hold(SqlConnection tx, Finding finding, Instant now) {
    Outbox.hold(tx, finding.subject().orElseThrow(), "the watch: " + finding.invariant(), now);
  }
}
