package org.fazaa.web.donor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.Receipt;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;
import org.fazaa.web.Assets;
import org.fazaa.web.Frame;
import org.fazaa.web.Wording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Receipts as PDF; they are kept in target/pages to look at. */
class DrawReceiptTest {
  private static final Instant NOW = Instant.parse("2026-11-22T13:45:00Z");
  private static final URI HOME = URI.create("https://fazaa.example");
  private static final Path DRAWN = Path.of("target", "pages");
  private static final int SMALL = 60 * 1024;

  private static final Words FLOOD = new Words("صندوق سيول جدة", "Jeddah flood fund");

  @ParameterizedTest
  @CsvSource({
    "SAR, 15000, 150.00, ريال سعودي, Saudi Riyal",
    "KWD, 12345, 12.345, دينار كويتي, Kuwaiti Dinar",
    "JPY, 5000, 5000, ين ياباني, Japanese Yen"
  })
  void bothLanguagesStandWholeOnOnePage(
      String currency, long minor, String digits, String arabic, String english)
      throws IOException {
    var receipt = money(Money.of(minor, currency), Optional.of("أم خالد"), false, false);

    var text = text(keep("receipt-" + currency, receipt));

    assertThat(text)
        .contains(digits, "(" + currency + ")", arabic, english)
        .contains("صندوق سيول جدة", "Jeddah flood fund", "أم خالد")
        .contains("L-77", "C-2026-4", "إيصال تبرع", "Donation receipt")
        .contains("22 November 2026", "نوفمبر 2026", "12 Jumada II 1448", "جمادى الآخرة 1448");
    assertThat(text.split("M-2026-000042", -1)).hasSizeGreaterThanOrEqualTo(4);
  }

  @Test
  void whoStaysAnonymousIsNotNamed() throws IOException {
    var receipt = money(Money.of(15_000, "SAR"), Optional.empty(), false, false);

    assertThat(text(draw(receipt))).contains("فاعل خير", "Anonymous");
  }

  @Test
  void pretendedMoneyAndAVoidReceiptAreMarked() throws IOException {
    var pretended = money(Money.of(15_000, "SAR"), Optional.of("Sara"), true, false);
    var ended = money(Money.of(15_000, "SAR"), Optional.of("Sara"), true, true);

    assertThat(text(keep("receipt-demonstration", pretended))).contains("DEMONSTRATION");
    assertThat(text(keep("receipt-void", ended)))
        .contains("VOID", "ملغى", "M-2026-000050")
        .contains("This receipt has been void since");
  }

  @Test
  void goodsAreDescribedAndAreNoMoney() throws IOException {
    var goods = "٢٠٠ بطّانيةٍ شتويّةٍ و١٢ خيمةً مُقاوِمةً للماء (Tents, 4 × 4 m) من مستودع جدة. ";
    var receipt = goods(goods.repeat(12).strip(), Optional.of(Money.of(500_000, "SAR")));

    var text = text(keep("receipt-goods", receipt));

    assertThat(text)
        .contains("K-2026-000007", "مستودع جدة", "Tents, 4")
        .contains("This receipt is for goods", "no money was received");
  }

  @Test
  void theLongestNamesAndGoodsStillFitOnOnePage() throws IOException {
    var name = "صندوق إغاثة المتضررين من السيول والأمطار الغزيرة في منطقة مكة المكرمة ".repeat(3);
    var longest =
        new Receipt(
            "K-2026-000007",
            1,
            NOW,
            new FundId(1),
            new Words(name.substring(0, 200), "Relief for those hit by floods ".repeat(6)),
            Optional.of("L".repeat(100)),
            Optional.of("C".repeat(100)),
            Channel.IN_KIND,
            true,
            Optional.of(Money.of(Money.MINOR_MAX, "KWD")),
            Optional.of("بطانيات وخيام ومياه شرب معبأة. ".repeat(33).substring(0, 1000)),
            Optional.of("عبد الرحمن بن عبد العزيز ".repeat(8)),
            NOW,
            Optional.of(NOW),
            Optional.of("K-2026-000008"),
            "K7QX2M9RTB4H");

    assertThat(text(keep("receipt-longest", longest))).contains("K-2026-000007", "K7QX2M9RTB4H");
  }

  private static byte[] keep(String name, Receipt receipt) throws IOException {
    var pdf = draw(receipt);
    Files.createDirectories(DRAWN);
    Files.write(DRAWN.resolve(name + ".pdf"), pdf);
    return pdf;
  }

  private static byte[] draw(Receipt receipt) {
    return DrawReceipt.run(PrintedReceipt.of(receipt, HOME, frame()), frame());
  }

  static String text(byte[] pdf) throws IOException {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getNumberOfPages()).isOne();
      assertThat(pdf.length).isLessThan(SMALL);
      var stripper = new Placed();
      return Normalizer.normalize(stripper.getText(document), Normalizer.Form.NFKC);
    }
  }

  static Frame frame() {
    return new Frame(
        Wording.AR,
        new Assets(),
        "/",
        Optional.empty(),
        "csrf",
        () -> "once",
        ZoneId.of("Asia/Riyadh"),
        NOW,
        0,
        Optional.empty(),
        true);
  }

  private static Receipt money(
      Money amount, Optional<String> name, boolean demonstration, boolean ended) {
    return new Receipt(
        "M-2026-000042",
        1,
        NOW,
        new FundId(1),
        FLOOD,
        Optional.of("L-77"),
        Optional.of("C-2026-4"),
        Channel.BANK_TRANSFER,
        demonstration,
        Optional.of(amount),
        Optional.empty(),
        name,
        NOW,
        Optional.of(NOW).filter(at -> ended),
        Optional.of("M-2026-000050").filter(at -> ended),
        "K7QX2M9RTB4H");
  }

  private static Receipt goods(String goods, Optional<Money> estimate) {
    return new Receipt(
        "K-2026-000007",
        1,
        NOW,
        new FundId(1),
        FLOOD,
        Optional.of("L-77"),
        Optional.empty(),
        Channel.IN_KIND,
        false,
        estimate,
        Optional.of(goods),
        Optional.of("مؤسسة Al-Birr الخيرية"),
        NOW,
        Optional.empty(),
        Optional.empty(),
        "K7QX2M9RTB4H");
  }

  /** Nothing is cut: every letter stands inside the margins of its page. */
  private static final class Placed extends PDFTextStripper {
    @Override
    protected void processTextPosition(TextPosition letter) {
      if (letter.getDir() == 0) { // not the mark across the page
        assertThat(letter.getX()).isBetween(Sheet.MARGIN - 1, Sheet.WIDTH - Sheet.MARGIN + 1);
        assertThat(letter.getY()).isBetween(Sheet.MARGIN, Sheet.HEIGHT - Sheet.MARGIN);
      }
      super.processTextPosition(letter);
    }
  }
}
