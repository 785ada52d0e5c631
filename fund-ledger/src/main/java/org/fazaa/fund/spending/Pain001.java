package org.fazaa.fund.spending;

import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.fazaa.fund.ledger.Money;

/**
 * Writes payment orders as a customer credit transfer initiation of ISO 20022, pain.001.001.09: one
 * debited account, a transaction for each order.
 */
final class Pain001 {
  static final String NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

  private static final ZoneId RIYADH = ZoneId.of("Asia/Riyadh");
  private static final int NAME_MAX = 140;

  /** The account that is debited. */
  record Debtor(String holder, String iban, Optional<String> bic) {}

  /** One order. */
  record Order(String endToEnd, Money amount, String creditor, String iban) {}

  private Pain001() {}

  static String write(String message, Debtor debtor, List<Order> orders, Instant now) {
    var written = new StringWriter();
    try {
      var xml = XMLOutputFactory.newInstance().createXMLStreamWriter(written);
      xml.writeStartDocument("UTF-8", "1.0");
      open(xml, "Document");
      xml.writeDefaultNamespace(NAMESPACE);
      open(xml, "CstmrCdtTrfInitn");
      header(xml, message, debtor, orders, now);
      payment(xml, message, debtor, orders, now);
      close(xml, 2);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e); // a buffer in memory
    }
    return written.toString();
  }

  private static void header(
      XMLStreamWriter xml, String message, Debtor debtor, List<Order> orders, Instant now)
      throws XMLStreamException {
    open(xml, "GrpHdr");
    text(xml, "MsgId", message);
    text(xml, "CreDtTm", now.truncatedTo(ChronoUnit.SECONDS).toString());
    sums(xml, orders);
    open(xml, "InitgPty");
    text(xml, "Nm", shortened(debtor.holder()));
    close(xml, 2);
  }

  private static void payment(
      XMLStreamWriter xml, String message, Debtor debtor, List<Order> orders, Instant now)
      throws XMLStreamException {
    open(xml, "PmtInf");
    text(xml, "PmtInfId", message);
    text(xml, "PmtMtd", "TRF");
    text(xml, "BtchBookg", "false"); // each order has a line of its own on the statement
    sums(xml, orders);
    open(xml, "ReqdExctnDt");
    text(xml, "Dt", LocalDate.ofInstant(now, RIYADH).toString());
    close(xml, 1);
    open(xml, "Dbtr");
    text(xml, "Nm", shortened(debtor.holder()));
    close(xml, 1);
    account(xml, "DbtrAcct", debtor.iban());
    agent(xml, debtor.bic());
    for (var order : orders) {
      transaction(xml, order);
    }
    close(xml, 1);
  }

  private static void transaction(XMLStreamWriter xml, Order order) throws XMLStreamException {
    open(xml, "CdtTrfTxInf");
    open(xml, "PmtId");
    text(xml, "InstrId", order.endToEnd());
    text(xml, "EndToEndId", order.endToEnd());
    close(xml, 1);
    open(xml, "Amt");
    xml.writeStartElement("InstdAmt");
    xml.writeAttribute("Ccy", order.amount().currency().getCurrencyCode());
    xml.writeCharacters(order.amount().amount());
    close(xml, 2);
    text(xml, "ChrgBr", "SLEV");
    open(xml, "Cdtr");
    text(xml, "Nm", shortened(order.creditor()));
    close(xml, 1);
    account(xml, "CdtrAcct", order.iban());
    open(xml, "RmtInf");
    text(xml, "Ustrd", order.endToEnd());
    close(xml, 2);
  }

  private static void sums(XMLStreamWriter xml, List<Order> orders) throws XMLStreamException {
    var currency = orders.getFirst().amount().currency();
    long all = orders.stream().mapToLong(order -> order.amount().minor()).sum();
    text(xml, "NbOfTxs", String.valueOf(orders.size()));
    text(xml, "CtrlSum", new Money(all, currency).amount());
  }

  private static void account(XMLStreamWriter xml, String element, String iban)
      throws XMLStreamException {
    open(xml, element);
    open(xml, "Id");
    text(xml, "IBAN", iban);
    close(xml, 2);
  }

  // The bank of the account must be named, even when its code is not known.
  private static void agent(XMLStreamWriter xml, Optional<String> bic) throws XMLStreamException {
    open(xml, "DbtrAgt");
    open(xml, "FinInstnId");
    if (bic.isPresent()) {
      text(xml, "BICFI", bic.get());
    } else {
      open(xml, "Othr");
      text(xml, "Id", "NOTPROVIDED");
      close(xml, 1);
    }
    close(xml, 2);
  }

  private static String shortened(String name) {
    return name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX);
  }

  private static void open(XMLStreamWriter xml, String element) throws XMLStreamException {
    xml.writeStartElement(element);
  }

  private static void close(XMLStreamWriter xml, int elements) throws XMLStreamException {
    for (int i = 0; i < elements; i++) {
      xml.writeEndElement();
    }
  }

  private static void text(XMLStreamWriter xml, String element, String value)
      throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeCharacters(value);
    xml.writeEndElement();
  }
}
