package org.fazaa.fund;

import static org.fazaa.fund.ledger.Officer.Office.APPROVER;
import static org.fazaa.fund.ledger.Officer.Office.REQUESTER;
import static org.fazaa.fund.ledger.Officer.Office.TREASURER;

import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.ConfirmTransfer;
import org.fazaa.fund.giving.Donation;
import org.fazaa.fund.giving.Donor;
import org.fazaa.fund.giving.RecordDonation;
import org.fazaa.fund.giving.SettleGifts;
import org.fazaa.fund.ledger.CloseFund;
import org.fazaa.fund.ledger.Figures;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.OpenFund;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.AddPayee;
import org.fazaa.fund.spending.ApproveDisbursement;
import org.fazaa.fund.spending.ApproveSurplus;
import org.fazaa.fund.spending.ConfirmAccreditation;
import org.fazaa.fund.spending.DisbursementId;
import org.fazaa.fund.spending.EnterAccreditation;
import org.fazaa.fund.spending.PayDisbursement;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.ProposeSurplus;
import org.fazaa.fund.spending.RequestDisbursement;
import org.fazaa.fund.spending.VerifyPayee;
import org.fazaa.notifier.Language;
import org.iban4j.CountryCode;
import org.iban4j.Iban;

/** The books of a small town in a test: its officers, and the steps that a story is made of. */
public final class Books {
  public static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");
  public static final Currency SAR = Currency.getInstance("SAR");

  public static final long HUDA_REQUESTER = 11;
  public static final long SAAD_APPROVER = 21;
  public static final long RIMA_APPROVER = 22;
  public static final long OMAR_APPROVER = 23;
  public static final long NOURA_TREASURER = 31;
  public static final long BADR_TREASURER = 32;
  public static final long FAHD_OF_PAYEE = 41;

  private static final AtomicLong KEYS = new AtomicLong();

  private final TestDatabase db;
  private final Random random = new Random(KEYS.incrementAndGet());

  public Books(TestDatabase db) {
    this.db = db;
  }

  public static Money sar(long riyals) {
    return new Money(riyals * 100, SAR);
  }

  public static String key() {
    return "key-" + KEYS.incrementAndGet();
  }

  public <T> T inTransaction(Function<SqlConnection, T> work) {
    return Database.inTransaction(db.pool(), work);
  }

  public void appointOfficers() {
    inTransaction(
        tx -> {
          Officer.appoint(tx, HUDA_REQUESTER, REQUESTER, 0, NOW);
          Officer.appoint(tx, SAAD_APPROVER, APPROVER, 0, NOW);
          Officer.appoint(tx, RIMA_APPROVER, APPROVER, 0, NOW);
          Officer.appoint(tx, OMAR_APPROVER, APPROVER, 0, NOW);
          Officer.appoint(tx, FAHD_OF_PAYEE, APPROVER, 0, NOW);
          Officer.appoint(tx, NOURA_TREASURER, TREASURER, 0, NOW);
          return Officer.appoint(tx, BADR_TREASURER, TREASURER, 0, NOW);
        });
  }

  public FundId openFund() {
    return openFund(true);
  }

  public FundId openFund(boolean demonstration) {
    var opened = inTransaction(tx -> OpenFund.run(tx, fundDraft(demonstration), NOW));
    return ((OpenFund.Outcome.Opened) opened).fund();
  }

  public static OpenFund.Draft fundDraft(boolean demonstration) {
    return new OpenFund.Draft(
        key(),
        new Words("صندوق السيول", "Flood fund"),
        SAR,
        Restriction.PURPOSE,
        new Words("إيواء المتضررين", "Shelter for those who lost their homes"),
        Optional.of(1_000_000_00L),
        Optional.of("L-77"),
        Optional.of("C-2026-4"),
        demonstration,
        HUDA_REQUESTER);
  }

  /** A fund of this class that says this of its money. */
  public FundId openFund(Restriction restriction, Terms.Opening terms) {
    var like = fundDraft(true);
    var draft =
        new OpenFund.Draft(
            like.key(),
            like.name(),
            like.currency(),
            restriction,
            like.purpose(),
            like.targetMinor(),
            like.licence(),
            like.campaign(),
            true,
            terms,
            like.by());
    return ((OpenFund.Outcome.Opened) inTransaction(tx -> OpenFund.run(tx, draft, NOW))).fund();
  }

  /** A closed fund whose surplus went to a new one of its class. */
  public FundId moveSurplus(Money amount) {
    var fund = fundWith(amount);
    var to = openFund();
    var closed = new CloseFund.Draft(fund, "Its crisis is over", NOURA_TREASURER);
    inTransaction(tx -> CloseFund.run(tx, closed, NOW));
    var draft = new ProposeSurplus.Draft(key(), fund, to, amount, "Decision 9", HUDA_REQUESTER);
    ProposeSurplus.Outcome proposed = inTransaction(tx -> ProposeSurplus.run(tx, draft, NOW));
    long move = ((ProposeSurplus.Outcome.Proposed) proposed).move();
    for (var by : new long[] {SAAD_APPROVER, RIMA_APPROVER}) {
      inTransaction(tx -> ApproveSurplus.run(tx, new ApproveSurplus.Draft(move, by), NOW));
    }
    return to;
  }

  public static RecordDonation.Draft gift(FundId fund, Channel channel, Money amount) {
    var donor = new Donor(Optional.of("سارة"), Optional.empty(), Language.AR, false);
    return new RecordDonation.Draft(
        key(), fund, channel, Optional.of(amount), Optional.empty(), donor);
  }

  public RecordDonation.Outcome record(RecordDonation.Draft draft) {
    return inTransaction(tx -> new RecordDonation(random).run(tx, draft, NOW));
  }

  public Donation give(FundId fund, Channel channel, Money amount) {
    return ((RecordDonation.Outcome.Recorded) record(gift(fund, channel, amount))).donation();
  }

  public ConfirmTransfer.Outcome confirm(Donation gift, Money arrived, String line, long by) {
    var draft =
        new ConfirmTransfer.Draft(gift.transferReference().orElseThrow(), arrived, line, by);
    return inTransaction(tx -> ConfirmTransfer.run(tx, draft, NOW));
  }

  public void settle() {
    inTransaction(tx -> SettleGifts.settle(tx, NOW));
  }

  /** A fund with so much free to spend. */
  public FundId fundWith(Money amount) {
    var fund = openFund();
    give(fund, Channel.CARD, amount);
    settle();
    return fund;
  }

  public Figures figures(FundId fund) {
    return Funds.figures(db.pool(), fund).orElseThrow();
  }

  public PayeeId addPayee() {
    var draft =
        new AddPayee.Draft(
            new Words("جمعية البر", "Al-Birr Society"),
            nextIban(),
            Set.of(FAHD_OF_PAYEE),
            HUDA_REQUESTER);
    var added = inTransaction(tx -> AddPayee.run(tx, draft, NOW));
    return ((AddPayee.Outcome.Added) added).payee();
  }

  public PayeeId verifiedPayee() {
    var payee = addPayee();
    var draft = new VerifyPayee.Draft(payee, 1, "Letter of the bank, 28 February", SAAD_APPROVER);
    inTransaction(tx -> VerifyPayee.run(tx, draft, NOW));
    accredit(payee);
    return payee;
  }

  /** Entered by one officer and confirmed by another. */
  public void accredit(PayeeId payee) {
    var entered =
        new EnterAccreditation.Draft(
            payee,
            "National Centre for the Non-Profit Sector",
            "NC-118",
            LocalDate.of(2020, 1, 1),
            LocalDate.of(2036, 12, 31),
            HUDA_REQUESTER);
    inTransaction(tx -> EnterAccreditation.run(tx, entered, NOW));
    var confirmed = new ConfirmAccreditation.Draft(payee, 1, SAAD_APPROVER);
    inTransaction(tx -> ConfirmAccreditation.run(tx, confirmed, NOW));
  }

  /** A Saudi IBAN with right check digits that no other payee has. */
  public static String nextIban() {
    return new Iban.Builder()
        .countryCode(CountryCode.SA)
        .bankCode("80")
        .accountNumber("%018d".formatted(KEYS.incrementAndGet()))
        .build()
        .toString();
  }

  public DisbursementId request(FundId fund, PayeeId payee, Money amount) {
    var requested =
        inTransaction(tx -> RequestDisbursement.run(tx, requestDraft(fund, payee, amount), NOW));
    return ((RequestDisbursement.Outcome.Requested) requested).id();
  }

  public static RequestDisbursement.Draft requestDraft(FundId fund, PayeeId payee, Money amount) {
    return new RequestDisbursement.Draft(
        key(), fund, payee, amount, "Tents for 40 families", "Offer 118", Use.ANY, HUDA_REQUESTER);
  }

  public ApproveDisbursement.Outcome approve(DisbursementId id, int version, long by) {
    var draft = new ApproveDisbursement.Draft(id, version, by);
    return inTransaction(tx -> ApproveDisbursement.run(tx, draft, NOW));
  }

  /** A request with the two approvals it needs. */
  public DisbursementId approvedRequest(FundId fund, PayeeId payee, Money amount) {
    var id = request(fund, payee, amount);
    approve(id, 1, SAAD_APPROVER);
    approve(id, 1, RIMA_APPROVER);
    return id;
  }

  public PayDisbursement.Outcome pay(DisbursementId id, long by) {
    var draft = new PayDisbursement.Draft(id, by);
    return inTransaction(tx -> new PayDisbursement(random).run(tx, draft, NOW));
  }
}
