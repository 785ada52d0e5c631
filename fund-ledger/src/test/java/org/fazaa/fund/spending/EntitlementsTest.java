package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.fund.Books.FAHD_OF_PAYEE;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.OMAR_APPROVER;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.sar;

import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.fazaa.config.Bus;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Words;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.ReadReplies;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People are entitled once, and say themselves whether it came. */
class EntitlementsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify", "fund");

  private static final AtomicInteger COUNT = new AtomicInteger(500_000_000);
  private static final PersonTokens TOKENS =
      new PersonTokens("a key of a test".getBytes(StandardCharsets.UTF_8));

  private static FundId fund;
  private static PayeeId payee;
  private static long programme;
  private static Bus bus;
  private static AnswerLink links;

  private final Books books = new Books(db);

  @BeforeAll
  static void aProgramme() {
    var books = new Books(db);
    books.appointOfficers();
    fund = books.fundWith(sar(100_000));
    payee = books.verifiedPayee();
    bus = Bus.of(db.vertx());
    links = new AnswerLink("a secret of a test".getBytes(StandardCharsets.UTF_8));
    var draft =
        new OpenProgramme.Draft(
            Books.key(),
            fund,
            Optional.empty(),
            new Words("إعاشة", "Living support"),
            sar(500),
            LocalDate.of(2026, 3, 1),
            Programme.Every.MONTH,
            3,
            HUDA_REQUESTER);
    OpenProgramme.Outcome opened = books.inTransaction(tx -> OpenProgramme.run(tx, draft, NOW));
    programme = ((OpenProgramme.Outcome.Opened) opened).programme();
  }

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "NATIONAL, 1012345678, 1012345678",
    "NATIONAL, ' ١٠١٢٣-٤٥٦٧٨ ', 1012345678",
    "NATIONAL, 2012345678, ",
    "RESIDENCE, 2012345678, 2012345678",
    "PASSPORT, eg a1234567, EGA1234567",
    "PASSPORT, 1234567, ",
    "REFUGEE, 386-12C00001, 38612C00001",
    "REFUGEE, '1;2', ",
  })
  void aNumberIsTheSameHoweverItIsWritten(IdKind kind, String written, String plain) {
    assertThat(kind.plain(written)).isEqualTo(Optional.ofNullable(plain));
  }

  @Test
  void theSamePersonIsEntitledOnceForEachPeriodThroughWhicheverPartner() throws Exception {
    var number = number();
    var other = books.verifiedPayee();
    var first = draft(Books.key(), 1, number, payee, phone());

    var outcomes = new ArrayList<EnrolPerson.Outcome>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 8)
              .<Callable<EnrolPerson.Outcome>>mapToObj(
                  i ->
                      () ->
                          enrol(draft(Books.key(), 1, number, i % 2 == 0 ? payee : other, phone())))
              .toList();
      for (var future : threads.invokeAll(calls)) {
        outcomes.add(future.get());
      }
    }
    assertThat(outcomes).filteredOn(o -> o instanceof EnrolPerson.Outcome.Enrolled).hasSize(1);
    assertThat(outcomes)
        .filteredOn(o -> o instanceof EnrolPerson.Outcome.EntitledAlready)
        .hasSize(7);
    assertThat(enrol(first)).isEqualTo(new EnrolPerson.Outcome.EntitledAlready(1));
    assertThat(enrol(draft(Books.key(), 2, number, payee, phone())))
        .isInstanceOf(EnrolPerson.Outcome.Enrolled.class);
    assertThat(enrol(draft(Books.key(), 4, number, payee, phone())))
        .isInstanceOf(EnrolPerson.Outcome.Invalid.class);
  }

  @Test
  void aRepeatedEnrolmentIsAnsweredAsTheFirst() {
    var number = number();
    var phone = phone();
    var key = Books.key();
    var first = (EnrolPerson.Outcome.Enrolled) enrol(draft(key, 1, number, payee, phone));

    assertThat(enrol(draft(key, 1, number, payee, phone)))
        .isEqualTo(new EnrolPerson.Outcome.AlreadyEnrolled(first.entitlement()));
    assertThat(enrol(draft(key, 1, number, payee, phone())))
        .isEqualTo(new EnrolPerson.Outcome.DiffersFromFirst());
  }

  @Test
  void noNumberIsKeptAnywhere() {
    var number = number();
    enrol(draft(Books.key(), 1, number, payee, phone()));
    var rows =
        db.superuserPool()
            .preparedQuery("SELECT FROM fund.entitlement t WHERE t::text LIKE '%' || $1 || '%'")
            .execute(Tuple.of(number))
            .await();
    assertThat(rows.size()).isZero();
    var other = new PersonTokens("another key".getBytes(StandardCharsets.UTF_8));
    assertThat(other.token(IdKind.NATIONAL, number))
        .isNotEqualTo(TOKENS.token(IdKind.NATIONAL, number));
    var kept = new Random(5);
    PersonTokens opened = books.inTransaction(tx -> PersonTokens.open(tx, kept));
    PersonTokens again = books.inTransaction(tx -> PersonTokens.open(tx, kept));
    assertThat(opened.token(IdKind.NATIONAL, number))
        .isEqualTo(again.token(IdKind.NATIONAL, number));
  }

  @Test
  void thePersonIsAskedOnceTheBankHasConfirmedAndOnlyTheirWordIsDelivery() {
    var phone = phone();
    long one = verified(phone);
    var id = paid(List.of(one));
    ask();
    assertThat(bodies(phone)).as("before the bank confirmed").isEmpty();

    confirm(id);
    ask();
    ask();
    assertThat(bodies(phone)).singleElement().asString().contains("500.00 SAR", "/a/");
    claim(id, 500);
    assertThat(delivered(id)).as("a partner's claim is no delivery").isZero();

    say(phone, "1");
    assertThat(delivered(id)).isEqualTo(500_00);
    assertThat(Entitlements.find(db.pool(), one).orElseThrow().state())
        .isEqualTo(Entitlement.State.RECEIVED);
    assertThat(bodies(phone).getLast())
        .isEqualTo("Thank you. We noted that 500.00 SAR reached you.");
    say(phone, "2");
    assertThat(delivered(id)).as("the last answer counts").isZero();
    assertThat(Entitlements.find(db.pool(), one).orElseThrow().state())
        .isEqualTo(Entitlement.State.MISSED);
  }

  @Test
  void theSignedLinkAnswersAsWell() {
    var phone = phone();
    long one = verified(phone);
    var id = paid(List.of(one));
    confirm(id);
    ask();
    var body = bodies(phone).getFirst();
    var token = body.substring(body.indexOf("/a/") + 3);
    var target = links.read(token, NOW).orElseThrow();
    assertThat(target.purpose()).isEqualTo(AskDelivery.PURPOSE);

    long question = Long.parseLong(target.about());
    assertThat(DeliveryAnswers.find(db.pool(), question).orElseThrow().received()).isEmpty();
    books.inTransaction(tx -> DeliveryAnswers.press(tx, question, true, NOW));
    books.inTransaction(tx -> DeliveryAnswers.press(tx, question, true, NOW));
    assertThat(DeliveryAnswers.find(db.pool(), question).orElseThrow().received()).contains(true);
    assertThat(delivered(id)).isEqualTo(500_00);
    assertThat(links.read(token, NOW.plus(Duration.ofDays(31)))).isEmpty();
  }

  @Test
  void whatNobodyCanReadAsAnAnswerWaitsForAPerson() {
    var phone = phone();
    confirm(paid(List.of(verified(phone))));
    ask();
    say(phone, "who is this?");

    assertThat(Inbox.waiting(db.pool(), 100, NOW))
        .anyMatch(one -> one.reply().from().equals(phone));
  }

  @Test
  @Tag("S28")
  void theOldContactIsToldOfAChangedIbanAndItWaitsADay() {
    var contact = new Payee.Contact(phone(), Language.EN);
    var draft =
        new AddPayee.Draft(
            new Words("جمعية البر", "Al-Birr Society"),
            Books.nextIban(),
            Set.of(),
            Optional.of(contact),
            HUDA_REQUESTER);
    AddPayee.Outcome added = books.inTransaction(tx -> AddPayee.run(tx, draft, NOW));
    var id = ((AddPayee.Outcome.Added) added).payee();
    books.accredit(id);
    var iban = Books.nextIban();
    books.inTransaction(tx -> AddPayee.changeIban(tx, id, iban, HUDA_REQUESTER, NOW));

    assertThat(bodies(contact.phone()))
        .singleElement()
        .asString()
        .contains("Al-Birr Society", iban.substring(iban.length() - 4));
    var verify = new VerifyPayee.Draft(id, 2, "Letter", SAAD_APPROVER);
    books.inTransaction(tx -> VerifyPayee.run(tx, verify, NOW));
    var request = books.approvedRequest(fund, id, sar(5));
    assertThat(books.pay(request, NOURA_TREASURER))
        .isEqualTo(new PayDisbursement.Outcome.PayeeNotReady());
  }

  private long verified(Phone phone) {
    var enrolled = enrol(draft(Books.key(), 1, number(), payee, phone));
    long one = ((EnrolPerson.Outcome.Enrolled) enrolled).entitlement();
    var draft = new VerifyPerson.Draft(one, VerifyPerson.Method.VISIT, "Seen", OMAR_APPROVER);
    VerifyPerson.Outcome verified = books.inTransaction(tx -> VerifyPerson.run(tx, draft, NOW));
    assertThat(verified).isEqualTo(new VerifyPerson.Outcome.Verified());
    return one;
  }

  private DisbursementId paid(List<Long> entitlements) {
    var draft =
        new RequestDisbursement.Draft(
            Books.key(),
            fund,
            payee,
            sar(500L * entitlements.size()),
            "Support",
            "Programme",
            Optional.empty(),
            entitlements,
            Use.ANY,
            HUDA_REQUESTER);
    RequestDisbursement.Outcome requested =
        books.inTransaction(tx -> RequestDisbursement.run(tx, draft, NOW));
    var id = ((RequestDisbursement.Outcome.Requested) requested).id();
    books.approve(id, 1, SAAD_APPROVER);
    books.approve(id, 1, RIMA_APPROVER);
    assertThat(books.pay(id, NOURA_TREASURER)).isInstanceOf(PayDisbursement.Outcome.Paid.class);
    return id;
  }

  private void confirm(DisbursementId id) {
    var draft =
        new FollowPayment.Draft(
            id, PaymentState.CONFIRMED, Optional.of(Books.key()), NOURA_TREASURER);
    books.inTransaction(tx -> FollowPayment.run(tx, draft, NOW));
  }

  private void claim(DisbursementId id, long riyals) {
    var draft = new RecordDelivery.Draft(Books.key(), id, sar(riyals), 1, "List", FAHD_OF_PAYEE);
    RecordDelivery.Outcome claimed = books.inTransaction(tx -> RecordDelivery.run(tx, draft, NOW));
    assertThat(claimed).isInstanceOf(RecordDelivery.Outcome.Delivered.class);
  }

  /** As the figures tell it, of one request. */
  private long delivered(DisbursementId id) {
    var reached = new HashMap<Long, Long>();
    for (var one : Entitlements.list(db.pool(), programme)) {
      if (one.request().equals(Optional.of(id)) && one.state() == Entitlement.State.RECEIVED) {
        reached.put(one.id(), one.amount().minor());
      }
    }
    long told = Disbursements.find(db.pool(), id).orElseThrow().delivered().minor();
    assertThat(told).isEqualTo(reached.values().stream().mapToLong(Long::longValue).sum());
    return told;
  }

  private static void ask() {
    new AskDelivery(db.pool(), bus, links, Optional.of("https://fazaa.example"), Ways.simulated())
        .run(NOW);
    db.superuserPool().query("UPDATE notify.text SET posts = 1 WHERE posts = 0").execute().await();
  }

  private void say(Phone phone, String words) {
    var key = "SM" + COUNT.incrementAndGet();
    books.inTransaction(
        tx ->
            TakeReply.run(
                tx, new Arrived("twilio", key, phone, "+15005550006", words, Map.of()), NOW));
    new ReadReplies(db.pool(), bus).run(NOW);
    var take = new TakeDeliveryAnswers(db.pool(), bus);
    while (take.run(NOW)) {
      // until nothing waits
    }
  }

  private static List<String> bodies(Phone phone) {
    var found = new ArrayList<String>();
    db.pool()
        .preparedQuery("SELECT body FROM notify.text WHERE to_phone = $1 ORDER BY id")
        .execute(Tuple.of(phone.e164()))
        .await()
        .forEach(row -> found.add(row.getString(0)));
    return found;
  }

  private EnrolPerson.Outcome enrol(EnrolPerson.Draft draft) {
    return books.inTransaction(tx -> new EnrolPerson(TOKENS).run(tx, draft, NOW));
  }

  private static EnrolPerson.Draft draft(
      String key, int period, String number, PayeeId payee, Phone phone) {
    return new EnrolPerson.Draft(
        key,
        programme,
        period,
        IdKind.NATIONAL,
        number,
        payee,
        Optional.of(new Payee.Contact(phone, Language.EN)),
        HUDA_REQUESTER);
  }

  private static Phone phone() {
    return new Phone("+966" + COUNT.incrementAndGet());
  }

  private static String number() {
    return "1" + COUNT.incrementAndGet();
  }
}
