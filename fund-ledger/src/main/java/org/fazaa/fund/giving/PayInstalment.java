package org.fazaa.fund.giving;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.giving.Pledges.Asked;
import org.fazaa.fund.ledger.CloseFunds;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * Makes the gift that pays an instalment, by card or transfer: one, however often and by whichever
 * ways it is pressed at once. Only behind a card payment that lapsed may another follow.
 */
public final class PayInstalment {

  public sealed interface Outcome {
    record Paying(Donation gift) implements Outcome {}

    /** A gift that pays it stands: its page says how far it has come. */
    record AlreadyPaying(Donation gift) implements Outcome {}

    record NoSuchInstalment() implements Outcome {}

    record PledgeEnded() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "انتهى هذا التعهد ولا يُطلب منك شيء: يمكنك أن تتبرع مرة واحدة من صفحة الصندوق",
            "This pledge has ended and asks nothing more: you can give once on the fund's page");
      }
    }

    /** A gift of this kind is refused, and why. */
    record Refused(Words words) implements Outcome, Refusal {}
  }

  private final RecordDonation recordDonation;

  public PayInstalment(RecordDonation recordDonation) {
    this.recordDonation = recordDonation;
  }

  public Outcome run(SqlConnection tx, long instalment, Channel channel, Instant now) {
    var asked = Pledges.ofInstalment(tx, instalment).flatMap(found -> Pledges.asked(tx, found));
    if (asked.isEmpty()) return new Outcome.NoSuchInstalment();
    var held = tx.preparedQuery(HOLD).execute(Tuple.of(instalment)).await().iterator().next();
    if (held.getLong("gift") != null) {
      return new Outcome.AlreadyPaying(donation(tx, held.getLong("gift")));
    }
    if (held.getBoolean("ended")) return new Outcome.PledgeEnded();
    CloseFunds.closeDue(tx, now); // so that a fund whose last day is over says so
    int tried = held.getInteger("try");
    var draft = draft(asked.get(), instalment, tried, channel);
    return switch (recordDonation.runAll(tx, List.of(draft), now).getFirst()) {
      case RecordDonation.Outcome.Recorded(var gift) -> paying(tx, instalment, tried, gift);
      case RecordDonation.Outcome.AlreadyRecorded(var gift) -> paying(tx, instalment, tried, gift);
      case RecordDonation.Outcome.Invalid(var flaws) ->
          new Outcome.Refused(flaws.getFirst().words());
      case RecordDonation.Outcome.FundClosed refusal -> new Outcome.Refused(refusal.words());
      case RecordDonation.Outcome.NoSuchFund refusal -> new Outcome.Refused(refusal.words());
      case RecordDonation.Outcome.DiffersFromFirst refusal -> new Outcome.Refused(refusal.words());
    };
  }

  private static RecordDonation.Draft draft(
      Asked asked, long instalment, int tried, Channel channel) {
    var pledge = asked.pledge();
    return new RecordDonation.Draft(
        "instalment-" + instalment + "-" + tried + "-" + pledge.code(),
        pledge.fund(),
        channel,
        Optional.of(pledge.amount()),
        Optional.empty(),
        asked.donor());
  }

  private static Outcome paying(SqlConnection tx, long instalment, int tried, Donation gift) {
    tx.preparedQuery(PAY).execute(Tuple.of(instalment, tried, gift.gift())).await();
    return new Outcome.Paying(gift);
  }

  private static Donation donation(SqlConnection tx, long gift) {
    return Donations.list(tx, List.of(gift)).get(gift);
  }

  private static final String HOLD = "SELECT try, gift, ended FROM fund.hold_instalment($1)";

  private static final String PAY = "SELECT fund.pay_instalment($1, $2, $3)";
}
