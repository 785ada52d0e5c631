package org.fazaa.web.donor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.Receipt;
import org.fazaa.fund.giving.Statement;
import org.fazaa.fund.giving.Statement.Calendar;
import org.fazaa.fund.giving.Statement.Period;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Words;
import org.fazaa.notifier.Phone;
import org.junit.jupiter.api.Test;

/** A giver's year as PDF; kept in target/pages to look at. */
class DrawStatementTest {
  private static final Instant NOW = Instant.parse("2026-11-22T13:45:00Z");
  private static final Phone PHONE = new Phone("+966501234567");

  @Test
  void everyGiftStandsInBothLanguagesOverAsManyPagesAsItTakes() throws IOException {
    var receipts = new ArrayList<Receipt>();
    for (int i = 1; i <= 40; i++) receipts.add(receipt(i, i % 9 == 0, i % 7 == 0));
    var statement =
        new Statement(
            new Period(Calendar.HIJRI, 1448),
            receipts,
            List.of(Money.of(12_345, "KWD"), Money.of(450_000, "SAR")),
            List.of(),
            true);

    var pdf = DrawStatement.run(statement, PHONE, "أم خالد", DrawReceiptTest.frame());

    Files.createDirectories(Path.of("target", "pages"));
    Files.write(Path.of("target", "pages", "statement.pdf"), pdf);
    try (var document = Loader.loadPDF(pdf)) {
      var text =
          Normalizer.normalize(new PDFTextStripper().getText(document), Normalizer.Form.NFKC);
      assertThat(document.getNumberOfPages()).isGreaterThan(1);
      assertThat(text).contains("12.345 Kuwaiti Dinar", "4500.00 Saudi Riyal", "أم خالد", "1448");
      for (var receipt : receipts) assertThat(text).contains(receipt.number());
      assertThat(text).contains("Jeddah flood fund", "صندوق سيول جدة", "not summed");
    }
  }

  private static Receipt receipt(int number, boolean goods, boolean ended) {
    return new Receipt(
        (goods ? "K" : "M") + "-2026-%06d".formatted(number),
        1,
        NOW,
        new FundId(1),
        new Words("صندوق سيول جدة", "Jeddah flood fund"),
        Optional.of("L-77"),
        Optional.empty(),
        goods ? Channel.IN_KIND : Channel.BANK_TRANSFER,
        false,
        goods ? Optional.empty() : Optional.of(Money.of(15_000, "SAR")),
        goods ? Optional.of("٢٠ خيمة مُقاوِمة للماء (4 × 4 m)") : Optional.empty(),
        Optional.of("أم خالد"),
        NOW,
        Optional.of(NOW).filter(at -> ended),
        Optional.empty(),
        "K7QX2M9RTB4H");
  }
}
