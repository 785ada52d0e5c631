package org.fazaa.fund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.BADR_TREASURER;
import static org.fazaa.fund.Books.FAHD_OF_PAYEE;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.OMAR_APPROVER;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.key;
import static org.fazaa.fund.Books.sar;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.ConfirmTransfer;
import org.fazaa.fund.giving.Donation;
import org.fazaa.fund.giving.RecordDonation;
import org.fazaa.fund.giving.SettleGifts;
import org.fazaa.fund.ledger.Figures;
import org.fazaa.fund.ledger.FoldBooks;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.spending.ApproveDisbursement;
import org.fazaa.fund.spending.DisbursementId;
import org.fazaa.fund.spending.EditDisbursement;
import org.fazaa.fund.spending.FollowPayment;
import org.fazaa.fund.spending.PayDisbursement;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.PaymentState;
import org.fazaa.fund.spending.RecordDelivery;
import org.fazaa.fund.spending.RequestDisbursement;
import org.fazaa.fund.spending.WithdrawDisbursement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random officers do random things, each of them sometimes twice. After every step all invariants
 * hold and the figures are those of a model kept beside it; a refused step has changed nothing.
 */
class HistoryTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  /** More of them, and looked at more rarely, with {@code -Dhistory.steps} and {@code .look}. */
  private static final int STEPS = Integer.getInteger("history.steps", 200);

  private static final int LOOK_EACH = Integer.getInteger("history.look", 1);
  private static final long[] PEOPLE = {
    HUDA_REQUESTER,
    SAAD_APPROVER,
    RIMA_APPROVER,
    OMAR_APPROVER,
    NOURA_TREASURER,
    BADR_TREASURER,
    FAHD_OF_PAYEE
  };

  private final Books books = new Books(db);
  private final List<RecordDonation.Draft> gifts = new ArrayList<>();
  private final List<Donation> promised = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private final Map<FundId, Sums> model = new HashMap<>();
  private List<FundId> funds;
  private List<PayeeId> payees;
  private Random random;
  private Instant now = NOW;

  @BeforeAll
  static void officers() {
    new Books(db).appointOfficers();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whateverHappensTheBooksAreSound(long seed) {
    random = new Random(seed);
    funds = List.of(books.openFund(), books.openFund());
    payees = List.of(books.verifiedPayee(), books.verifiedPayee(), books.addPayee());
    funds.forEach(fund -> model.put(fund, new Sums()));
    int refused = 0;

    for (int step = 0; step < STEPS; step++) {
      now = now.plusSeconds(random.nextInt(3_600));
      var before = figures();
      var outcome = step();
      var what = "seed %d, step %d: %s".formatted(seed, step, outcome);
      if (outcome instanceof Refusal) {
        assertThat(figures()).as(what).isEqualTo(before);
        refused++;
      }
      if (random.nextInt(4) == 0) books.inTransaction(FoldBooks::fold);
      if (step % LOOK_EACH == 0) assertThat(Invariants.checkAll(db.pool())).as(what).isEmpty();
      assertThat(figures()).as(what).isEqualTo(modelled());
    }
    assertThat(refused).as("a history in which much is tried").isBetween(10, STEPS - 50);
    assertThat(model.values().stream().mapToLong(sums -> sums.paid).sum()).isPositive();
  }

  private Object step() {
    return switch (random.nextInt(18)) {
      case 0, 1 -> give(Books.gift(any(funds), Channel.CARD, sar(1 + random.nextInt(500))));
      case 2 -> give(Books.gift(any(funds), any(List.of(Channel.values())), sar(50)));
      case 3 -> gifts.isEmpty() ? settle() : give(any(gifts));
      case 4 -> promised.isEmpty() ? settle() : confirm(any(promised));
      case 5 -> settle();
      case 6 -> request();
      case 7, 8, 11, 12, 13 -> asked.isEmpty() ? request() : approve(latest());
      case 9, 14, 15 -> asked.isEmpty() ? request() : pay(latest());
      case 10 -> asked.isEmpty() ? request() : editOrWithdraw(latest());
      default -> asked.isEmpty() ? request() : followOrDeliver(latest());
    };
  }

  private RecordDonation.Outcome give(RecordDonation.Draft draft) {
    var record = new RecordDonation(new Random(random.nextLong()));
    RecordDonation.Outcome outcome = books.inTransaction(tx -> record.run(tx, draft, now));
    gifts.add(draft);
    if (outcome instanceof RecordDonation.Outcome.Recorded(var donation)) {
      var sums = model.get(draft.fund());
      switch (draft.channel()) {
        case CARD -> sums.settling += minor(draft);
        case BANK_TRANSFER -> {
          sums.pledged += minor(draft);
          promised.add(donation);
        }
        case IN_KIND -> {}
      }
    }
    return outcome;
  }

  private ConfirmTransfer.Outcome confirm(Donation gift) {
    var arrived = random.nextInt(4) == 0 ? sar(49) : gift.amount().orElseThrow();
    var line = "LINE-" + gift.gift() % 7 + "-" + random.nextInt(3);
    var reference = gift.transferReference().orElseThrow();
    var draft = new ConfirmTransfer.Draft(reference, arrived, line, treasurer());
    ConfirmTransfer.Outcome outcome =
        books.inTransaction(tx -> ConfirmTransfer.run(tx, draft, now));
    if (outcome instanceof ConfirmTransfer.Outcome.Confirmed) {
      var sums = model.get(gift.fund());
      sums.pledged -= gift.amount().orElseThrow().minor();
      sums.settling += arrived.minor();
      sums.banked += arrived.minor();
    }
    return outcome;
  }

  private Object settle() {
    var settled = books.inTransaction(tx -> SettleGifts.settle(tx, now));
    model.values().forEach(Sums::settle);
    return settled;
  }

  private RequestDisbursement.Outcome request() {
    var fund = any(funds);
    var amount = sar(1 + random.nextInt(400));
    var draft =
        new RequestDisbursement.Draft(
            key(), fund, any(payees), amount, "Food", "List 7", Use.ANY, requester());
    RequestDisbursement.Outcome outcome =
        books.inTransaction(tx -> RequestDisbursement.run(tx, draft, now));
    if (outcome instanceof RequestDisbursement.Outcome.Requested(var id, var version)) {
      asked.add(new Asked(id, fund, amount.minor()));
    }
    return outcome;
  }

  private ApproveDisbursement.Outcome approve(Asked request) {
    int version = random.nextInt(6) == 0 ? request.version + 1 : request.version;
    var draft = new ApproveDisbursement.Draft(request.id, version, approver());
    ApproveDisbursement.Outcome outcome =
        books.inTransaction(tx -> ApproveDisbursement.run(tx, draft, now));
    if (outcome instanceof ApproveDisbursement.Outcome.Approved approved
        && approved.reserved()
        && !request.reserved) {
      model.get(request.fund).reserve(request);
    }
    return outcome;
  }

  private PayDisbursement.Outcome pay(Asked request) {
    var pay = new PayDisbursement(new Random(random.nextLong()));
    var draft = new PayDisbursement.Draft(request.id, treasurer());
    PayDisbursement.Outcome outcome = books.inTransaction(tx -> pay.run(tx, draft, now));
    if (outcome instanceof PayDisbursement.Outcome.Paid) {
      var sums = model.get(request.fund);
      if (!request.reserved) {
        sums.reserve(request);
      }
      sums.reserved -= request.minor;
      sums.paid += request.minor;
    }
    return outcome;
  }

  private Object editOrWithdraw(Asked request) {
    if (random.nextInt(4) == 0) {
      var draft = new WithdrawDisbursement.Draft(request.id, "Not needed", anybody());
      WithdrawDisbursement.Outcome outcome =
          books.inTransaction(tx -> WithdrawDisbursement.run(tx, draft, now));
      if (outcome instanceof WithdrawDisbursement.Outcome.Withdrawn) {
        model.get(request.fund).release(request);
      }
      return outcome;
    }
    var amount = sar(1 + random.nextInt(400));
    var draft =
        new EditDisbursement.Draft(
            request.id,
            request.version,
            any(payees),
            amount,
            "Food",
            "List 8",
            Use.ANY,
            requester());
    EditDisbursement.Outcome outcome =
        books.inTransaction(tx -> EditDisbursement.run(tx, draft, now));
    if (outcome instanceof EditDisbursement.Outcome.Edited) {
      model.get(request.fund).release(request);
      request.minor = amount.minor();
      request.version++;
    }
    return outcome;
  }

  private Object followOrDeliver(Asked request) {
    if (random.nextBoolean()) {
      var amount = sar(1 + random.nextInt(200));
      var draft = new RecordDelivery.Draft(key(), request.id, amount, 3, "Signed list", anybody());
      RecordDelivery.Outcome outcome =
          books.inTransaction(tx -> RecordDelivery.run(tx, draft, now));
      if (outcome instanceof RecordDelivery.Outcome.Delivered) {
        model.get(request.fund).delivered += amount.minor();
      }
      return outcome;
    }
    var state = any(List.of(PaymentState.values()));
    var line =
        state == PaymentState.CONFIRMED
            ? Optional.of("OUT-" + request.id.value() % 5)
            : Optional.<String>empty();
    var draft = new FollowPayment.Draft(request.id, state, line, treasurer());
    FollowPayment.Outcome outcome = books.inTransaction(tx -> FollowPayment.run(tx, draft, now));
    if (outcome instanceof FollowPayment.Outcome.Followed(var reached)
        && reached == PaymentState.CONFIRMED) {
      model.get(request.fund).confirmed += request.minor;
    }
    return outcome;
  }

  private long anybody() {
    return PEOPLE[random.nextInt(PEOPLE.length)];
  }

  private long requester() {
    return random.nextInt(5) == 0 ? anybody() : HUDA_REQUESTER;
  }

  private long approver() {
    return random.nextInt(4) == 0
        ? anybody()
        : any(List.of(SAAD_APPROVER, RIMA_APPROVER, OMAR_APPROVER));
  }

  private long treasurer() {
    return random.nextInt(4) == 0 ? anybody() : any(List.of(NOURA_TREASURER, BADR_TREASURER));
  }

  /** One of the last few, so that requests live to be paid. */
  private Asked latest() {
    return asked.get(asked.size() - 1 - random.nextInt(Math.min(3, asked.size())));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private List<Figures> figures() {
    return funds.stream().map(books::figures).toList();
  }

  private List<Figures> modelled() {
    return funds.stream().map(fund -> model.get(fund).figures()).toList();
  }

  private static long minor(RecordDonation.Draft draft) {
    return draft.amount().orElseThrow().minor();
  }

  /** A request as the model knows it. */
  private static final class Asked {
    final DisbursementId id;
    final FundId fund;
    long minor;
    int version = 1;
    boolean reserved;

    Asked(DisbursementId id, FundId fund, long minor) {
      this.id = id;
      this.fund = fund;
      this.minor = minor;
    }
  }

  /** A fund as the model knows it. */
  private static final class Sums {
    long settling;
    long settled;
    long banked;
    long available;
    long reserved;
    long paid;
    long confirmed;
    long delivered;
    long pledged;

    void settle() {
      settled += settling;
      available += settling;
      settling = 0;
    }

    void reserve(Asked request) {
      available -= request.minor;
      reserved += request.minor;
      request.reserved = true;
    }

    void release(Asked request) {
      if (request.reserved) {
        available += request.minor;
        reserved -= request.minor;
        request.reserved = false;
      }
    }

    Figures figures() {
      return new Figures(
          money(settled + settling),
          money(settling),
          money(banked),
          money(available),
          money(reserved),
          money(paid),
          money(confirmed),
          money(delivered),
          money(pledged));
    }

    private static Money money(long minor) {
      return new Money(minor, Books.SAR);
    }
  }
}
