package org.fazaa.fund.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.HUDA_REQUESTER;
import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.OMAR_APPROVER;
import static org.fazaa.fund.Books.RIMA_APPROVER;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.sar;

import io.vertx.pgclient.PgException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Use;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** Orders leave for the bank in a file, and come back in every way that a bank knows. */
class PaymentFileTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static PayeeId payee;

  private final Books books = new Books(db);
  private FundId fund;

  @BeforeAll
  static void officers() {
    var books = new Books(db);
    books.appointOfficers();
    payee = books.verifiedPayee();
  }

  @BeforeEach
  void aFundWithMoney() {
    fund = books.fundWith(sar(1_000));
  }

  @AfterEach
  void theBooksAreSound() {
    assertThat(Invariants.checkAll(db.pool())).isEmpty();
  }

  @Test
  void preparedPaymentsAreWrittenAsTheBankReadsThem() throws Exception {
    var first = paid(100);
    var second = paid(250);
    setAccount();
    long file = ((MakePaymentFile.Outcome.Made) make(NOURA_TREASURER)).file();
    var told = Payments.findFile(db.pool(), file).orElseThrow();
    assertThat(told.payments()).isEqualTo(2);
    assertThat(told.sum()).isEqualTo(sar(350));

    var xml = Payments.content(db.pool(), file).orElseThrow();
    var document = parse(xml);
    assertThat(document.getNamespaceURI()).isEqualTo(Pain001.NAMESPACE);
    var initiation = only(document, "CstmrCdtTrfInitn");
    assertThat(names(initiation)).containsExactly("GrpHdr", "PmtInf");
    var header = only(initiation, "GrpHdr");
    assertThat(names(header)).containsExactly("MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty");
    assertThat(text(header, "MsgId")).isEqualTo(told.message());
    assertThat(text(header, "CreDtTm")).isEqualTo("2026-03-01T09:00:00Z");
    assertThat(text(header, "NbOfTxs")).isEqualTo("2");
    assertThat(text(header, "CtrlSum")).isEqualTo("350.00");
    var payment = only(initiation, "PmtInf");
    assertThat(names(payment))
        .containsExactly(
            "PmtInfId",
            "PmtMtd",
            "BtchBookg",
            "NbOfTxs",
            "CtrlSum",
            "ReqdExctnDt",
            "Dbtr",
            "DbtrAcct",
            "DbtrAgt",
            "CdtTrfTxInf",
            "CdtTrfTxInf");
    assertThat(text(payment, "ReqdExctnDt/Dt")).isEqualTo("2026-03-01");
    assertThat(text(payment, "Dbtr/Nm")).isEqualTo("Fazaa & Sons <Fund>");
    assertThat(text(payment, "DbtrAgt/FinInstnId/BICFI")).isEqualTo("RJHISARI");
    var orders = children(payment, "CdtTrfTxInf");
    assertThat(names(orders.getFirst()))
        .containsExactly("PmtId", "Amt", "ChrgBr", "Cdtr", "CdtrAcct", "RmtInf");
    assertThat(orders)
        .extracting(order -> text(order, "PmtId/EndToEndId"))
        .containsExactly(first.endToEnd(), second.endToEnd());
    assertThat(text(orders.getFirst(), "Amt/InstdAmt")).isEqualTo("100.00");
    assertThat(only(only(orders.getFirst(), "Amt"), "InstdAmt").getAttribute("Ccy"))
        .isEqualTo("SAR");
    assertThat(text(orders.getFirst(), "CdtrAcct/Id/IBAN"))
        .isEqualTo(Payees.find(db.pool(), payee).orElseThrow().iban());
  }

  @Test
  void anOrderStandsInOneFileOnlyAndAFileIsSentAsAWhole() {
    assertThat(make(HUDA_REQUESTER)).isEqualTo(new MakePaymentFile.Outcome.NotTreasurer());
    assertThat(make(NOURA_TREASURER)).isEqualTo(new MakePaymentFile.Outcome.NoAccount(fund));
    setAccount();
    assertThat(make(NOURA_TREASURER)).isEqualTo(new MakePaymentFile.Outcome.NothingPrepared());
    var payment = paid(100);
    long file = ((MakePaymentFile.Outcome.Made) make(NOURA_TREASURER)).file();
    assertThat(make(NOURA_TREASURER)).isEqualTo(new MakePaymentFile.Outcome.NothingPrepared());
    assertThatThrownBy(
            () ->
                db.pool()
                    .query(
                        "INSERT INTO fund.payment_in_file VALUES (%d, %d)"
                            .formatted(payment.id(), file))
                    .execute()
                    .await())
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo("payment_in_one_file"));

    var draft = new SendPaymentFile.Draft(file, NOURA_TREASURER);
    SendPaymentFile.Outcome sent = books.inTransaction(tx -> SendPaymentFile.run(tx, draft, NOW));
    assertThat(((SendPaymentFile.Outcome.Sent) sent).requests()).hasSize(1);
    SendPaymentFile.Outcome again = books.inTransaction(tx -> SendPaymentFile.run(tx, draft, NOW));
    assertThat(again).isEqualTo(new SendPaymentFile.Outcome.Sent(List.of()));
    assertThat(Payments.findFile(db.pool(), file).orElseThrow().unsent()).isZero();
  }

  @Test
  void whatIsUnknownIsNeverOrderedAgain() {
    var id = books.approvedRequest(fund, payee, sar(100));
    var payment = ((PayDisbursement.Outcome.Paid) books.pay(id, NOURA_TREASURER)).payment();
    follow(id, PaymentState.UNKNOWN, null, null);

    assertThat(books.pay(id, NOURA_TREASURER))
        .isInstanceOf(PayDisbursement.Outcome.AlreadyPaid.class);
    var edit =
        new EditDisbursement.Draft(
            id, 1, payee, sar(100), "Again", "Offer", Use.ANY, HUDA_REQUESTER);
    EditDisbursement.Outcome edited =
        books.inTransaction(tx -> EditDisbursement.run(tx, edit, NOW));
    assertThat(edited).isInstanceOf(EditDisbursement.Outcome.AlreadyPaid.class);
    assertThatThrownBy(
            () ->
                db.superuserPool()
                    .query(
                        """
                        INSERT INTO fund.payment (disbursement, version, fund, minor, payer, since,
                          end_to_end, entry, paid_at)
                        SELECT disbursement, version, fund, minor, 32, since, 'SECOND-ORDER', 1,
                               paid_at
                        FROM fund.payment WHERE id = %d\
                        """
                            .formatted(payment.id()))
                    .execute()
                    .await())
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getConstraint()).isEqualTo("payment_once"));
    assertThat(follow(id, PaymentState.REJECTED, null, null))
        .as("without the bank's words")
        .isInstanceOf(FollowPayment.Outcome.Invalid.class);
  }

  @Test
  void aRefusedOrderGivesTheMoneyBackAndIsPaidByTheNextVersionOnly() {
    var id = books.approvedRequest(fund, payee, sar(100));
    books.pay(id, NOURA_TREASURER);
    follow(id, PaymentState.SENT, null, null);
    assertThat(follow(id, PaymentState.REJECTED, null, "AC04: account closed"))
        .isEqualTo(new FollowPayment.Outcome.Followed(PaymentState.REJECTED));

    assertThat(books.figures(fund).available()).isEqualTo(sar(1_000));
    assertThat(books.figures(fund).paid()).isEqualTo(sar(0));
    assertThat(Disbursements.find(db.pool(), id).orElseThrow().state())
        .isEqualTo(Disbursement.State.CAME_BACK);
    assertThat(books.pay(id, NOURA_TREASURER)).isInstanceOf(PayDisbursement.Outcome.CameBack.class);
    assertThat(books.approve(id, 1, OMAR_APPROVER))
        .isInstanceOf(ApproveDisbursement.Outcome.AlreadyPaid.class);
    assertThat(follow(id, PaymentState.SENT, null, null))
        .isEqualTo(new FollowPayment.Outcome.NotFrom(PaymentState.REJECTED));

    payAnew(id);
    assertThat(books.figures(fund).paid()).isEqualTo(sar(100));
    assertThat(books.figures(fund).available()).isEqualTo(sar(900));
  }

  @Test
  void moneyThatIsReturnedAfterItLeftIsAvailableAgain() {
    var id = books.approvedRequest(fund, payee, sar(100));
    books.pay(id, NOURA_TREASURER);
    var left = Books.key();
    follow(id, PaymentState.CONFIRMED, left, null);
    assertThat(books.figures(fund).confirmed()).isEqualTo(sar(100));
    assertThat(follow(id, PaymentState.RETURNED, left, "MS03"))
        .isEqualTo(new FollowPayment.Outcome.LineUsed(left));
    assertThat(follow(id, PaymentState.RETURNED, Books.key(), "MS03"))
        .isEqualTo(new FollowPayment.Outcome.Followed(PaymentState.RETURNED));

    assertThat(books.figures(fund).confirmed()).isEqualTo(sar(0));
    assertThat(books.figures(fund).available()).isEqualTo(sar(1_000));
    assertThat(kinds()).contains("return");
    payAnew(id);
    assertThat(books.figures(fund).available()).isEqualTo(sar(900));
  }

  private void payAnew(DisbursementId id) {
    var edit =
        new EditDisbursement.Draft(
            id, 1, payee, sar(100), "Again", "Offer", Use.ANY, HUDA_REQUESTER);
    EditDisbursement.Outcome edited =
        books.inTransaction(tx -> EditDisbursement.run(tx, edit, NOW));
    assertThat(edited).isInstanceOf(EditDisbursement.Outcome.Edited.class);
    assertThat(books.pay(id, NOURA_TREASURER))
        .isEqualTo(new PayDisbursement.Outcome.NotApproved(0, 2));
    books.approve(id, 2, SAAD_APPROVER);
    books.approve(id, 2, RIMA_APPROVER);
    assertThat(books.pay(id, NOURA_TREASURER)).isInstanceOf(PayDisbursement.Outcome.Paid.class);
  }

  private List<String> kinds() {
    var kinds = new ArrayList<String>();
    db.pool()
        .query(
            """
            SELECT DISTINCT e.kind FROM fund.entry e JOIN fund.posting p ON p.entry = e.id
            WHERE p.fund = %d\
            """
                .formatted(fund.value()))
        .execute()
        .await()
        .forEach(row -> kinds.add(row.getString(0)));
    return kinds;
  }

  private Payment paid(long riyals) {
    var id = books.approvedRequest(fund, payee, sar(riyals));
    return ((PayDisbursement.Outcome.Paid) books.pay(id, NOURA_TREASURER)).payment();
  }

  private FollowPayment.Outcome follow(
      DisbursementId id, PaymentState state, String line, String why) {
    var draft =
        new FollowPayment.Draft(
            id, state, Optional.ofNullable(line), Optional.ofNullable(why), NOURA_TREASURER);
    return books.inTransaction(tx -> FollowPayment.run(tx, draft, NOW));
  }

  private MakePaymentFile.Outcome make(long by) {
    var make = new MakePaymentFile(new Random(fund.value()));
    return books.inTransaction(tx -> make.run(tx, new MakePaymentFile.Draft(fund, by), NOW));
  }

  private void setAccount() {
    var draft =
        new EnterPayingAccount.Draft(
            fund,
            "Fazaa & Sons <Fund>",
            Books.nextIban(),
            Optional.of("RJHISARI"),
            NOURA_TREASURER);
    EnterPayingAccount.Outcome set =
        books.inTransaction(tx -> EnterPayingAccount.run(tx, draft, NOW));
    assertThat(set).isInstanceOf(EnterPayingAccount.Outcome.Set.class);
  }

  private static Element parse(String xml) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    var source = new InputSource(new StringReader(xml));
    return factory.newDocumentBuilder().parse(source).getDocumentElement();
  }

  private static List<Element> children(Element of, String name) {
    var found = new ArrayList<Element>();
    for (var child = of.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element
          && (name == null || element.getLocalName().equals(name))) {
        found.add(element);
      }
    }
    return found;
  }

  private static List<String> names(Element of) {
    return children(of, null).stream().map(Element::getLocalName).toList();
  }

  private static Element only(Element of, String name) {
    var found = children(of, name);
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }

  private static String text(Element of, String path) {
    var at = of;
    for (var name : path.split("/")) {
      at = only(at, name);
    }
    return at.getTextContent();
  }
}
