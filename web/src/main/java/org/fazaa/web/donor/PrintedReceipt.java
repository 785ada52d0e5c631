package org.fazaa.web.donor;

import io.nayuki.qrcodegen.QrCode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.fund.giving.Receipt;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;
import org.fazaa.web.Frame;
import org.fazaa.web.Word;
import org.fazaa.web.Wording;

/**
 * A receipt as it stands on paper, whole in both languages: the page and the PDF say the same.
 *
 * @param goods what was given in kind, in the donor's own words
 * @param mark across the whole sheet of a receipt that is void, or whose money is pretended
 * @param qr leads to the page that checks the receipt
 */
record PrintedReceipt(
    String number,
    String checkCode,
    Side arabic,
    Side english,
    Optional<String> goods,
    Optional<Words> mark,
    QrCode qr) {

  /** One language of it. */
  record Side(
      Wording words,
      String title,
      String fund,
      String amount,
      List<Row> rows,
      List<String> warnings,
      List<String> notes) {}

  record Row(String name, String value) {}

  /** {@code publicUrl} is where whoever holds the paper finds us. */
  static PrintedReceipt of(Receipt receipt, URI publicUrl, Frame frame) {
    var address = publicUrl.resolve(CheckRoutes.path(receipt.number(), receipt.checkCode()));
    return new PrintedReceipt(
        receipt.number(),
        receipt.checkCode(),
        side(receipt, publicUrl, frame.in(Wording.AR)),
        side(receipt, publicUrl, frame.in(Wording.EN)),
        receipt.ofGoods() ? receipt.goods() : Optional.empty(),
        mark(receipt),
        QrCode.encodeText(address.toString(), QrCode.Ecc.MEDIUM));
  }

  /** The reader's own language first. */
  List<Side> sides(Frame frame) {
    return frame.arabic() ? List.of(arabic, english) : List.of(english, arabic);
  }

  /** An amount with the name of its currency, none of which is torn from the digits. */
  static String written(Money money, Frame frame) {
    var language = Locale.of(frame.pick("ar", "en"));
    var currency = money.currency().getDisplayName(language).replace(' ', '\u00a0');
    return isolated(money.amount())
        + "\u00a0"
        + currency
        + "\u00a0"
        + isolated("(" + money.currency().getCurrencyCode() + ")");
  }

  // Digits, dashes and Latin letters keep their own order after Arabic ones.
  static String isolated(String text) {
    return "\u2066" + text.replace(' ', '\u00a0') + "\u2069";
  }

  private static Side side(Receipt receipt, URI publicUrl, Frame frame) {
    var goods = receipt.ofGoods();
    return new Side(
        frame.words(),
        frame.say(goods ? Word.RECEIPT_OF_GOODS : Word.RECEIPT_OF_MONEY),
        FundRoutes.in(receipt.fundName(), frame),
        goods
            ? FundRoutes.in(receipt.channel().words(), frame)
            : written(receipt.amount().orElseThrow(), frame),
        rows(receipt, frame),
        warnings(receipt, frame),
        notes(receipt, publicUrl, frame));
  }

  private static List<Row> rows(Receipt receipt, Frame frame) {
    var rows = new ArrayList<Row>();
    rows.add(row(frame, Word.RECEIPT_NUMBER, isolated(receipt.number())));
    var given = frame.date(receipt.givenAt());
    rows.add(row(frame, Word.GIVEN, given));
    rows.add(row(frame, Word.GIVEN_HIJRI, hijri(frame, receipt)));
    rows.add(row(frame, Word.ISSUED, frame.date(receipt.issuedAt())));
    rows.add(row(frame, Word.HOW, FundRoutes.in(receipt.channel().words(), frame)));
    rows.add(row(frame, Word.FROM, receipt.donorName().orElse(frame.say(Word.ANONYMOUS))));
    receipt.licence().ifPresent(id -> rows.add(row(frame, Word.LICENCE, isolated(id))));
    receipt.campaign().ifPresent(id -> rows.add(row(frame, Word.CAMPAIGN, isolated(id))));
    if (receipt.ofGoods()) {
      receipt
          .amount()
          .ifPresent(worth -> rows.add(row(frame, Word.GOODS_ESTIMATE, written(worth, frame))));
    }
    rows.add(row(frame, Word.STANDING, FundRoutes.in(receipt.standing().words(), frame)));
    return List.copyOf(rows);
  }

  private static Row row(Frame frame, Word name, String value) {
    return new Row(frame.say(name), value);
  }

  private static String hijri(Frame frame, Receipt receipt) {
    return frame.hijri(receipt.givenAt()) + "\u00a0" + frame.say(Word.HIJRI);
  }

  private static List<String> warnings(Receipt receipt, Frame frame) {
    var warnings = new ArrayList<String>();
    receipt.voidedAt().ifPresent(at -> warnings.add(frame.say(Word.VOID_SINCE, frame.date(at))));
    receipt
        .reissuedAs()
        .ifPresent(other -> warnings.add(frame.say(Word.REISSUED_AS, isolated(other))));
    if (receipt.demonstration()) warnings.add(frame.say(Word.DEMONSTRATION_RECEIPT));
    return List.copyOf(warnings);
  }

  private static List<String> notes(Receipt receipt, URI publicUrl, Frame frame) {
    var notes = new ArrayList<String>();
    if (receipt.ofGoods()) notes.add(frame.say(Word.GOODS_ARE_NO_MONEY));
    notes.add(frame.say(Word.RECEIPT_KEEPS));
    notes.add(frame.say(Word.CHECK_BY_HAND, publicUrl.resolve(CheckRoutes.HERE)));
    return List.copyOf(notes);
  }

  private static Optional<Words> mark(Receipt receipt) {
    if (receipt.voidedAt().isPresent()) return Optional.of(VOID);
    return receipt.demonstration() ? Optional.of(DEMONSTRATION) : Optional.empty();
  }

  private static final Words VOID = new Words("ملغى", "VOID");
  private static final Words DEMONSTRATION = new Words("عرض تجريبي", "DEMONSTRATION");
}
