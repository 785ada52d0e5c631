package org.fazaa.web.donor;

import java.awt.Color;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.giving.Receipt;
import org.fazaa.fund.giving.Statement;
import org.fazaa.fund.ledger.Money;
import org.fazaa.notifier.Phone;
import org.fazaa.web.Frame;
import org.fazaa.web.Word;
import org.fazaa.web.Wording;
import org.fazaa.web.donor.Sheet.Place;
import org.fazaa.web.donor.Typeface.Reading;

/** A giver's year as a PDF: each gift in English on the left and in Arabic on the right. */
final class DrawStatement {
  private static final float GUTTER = 24;
  private static final float COLUMN = (Sheet.INNER - GUTTER) / 2;
  private static final float SIZE = 9.5f;
  private static final float SMALL = 8;
  private static final int GOODS_MOST = 160;

  private final Sheet sheet;
  private final Frame english;
  private final Frame arabic;
  private float top = Sheet.HEIGHT - Sheet.MARGIN;

  private DrawStatement(Sheet sheet, Frame frame) {
    this.sheet = sheet;
    this.english = frame.in(Wording.EN);
    this.arabic = frame.in(Wording.AR);
  }

  static byte[] run(Statement statement, Phone giver, String names, Frame frame) {
    var title = StatementRoutes.title(statement.period(), frame);
    var sheet = new Sheet(title, frame.words().locale());
    var draw = new DrawStatement(sheet, frame);
    draw.head(statement, giver, names);
    for (var receipt : statement.receipts()) draw.gift(receipt);
    if (statement.receipts().isEmpty()) draw.both(Word.STATEMENT_NONE, SIZE, Sheet.INK);
    draw.sums(statement);
    return sheet.close();
  }

  private void head(Statement statement, Phone giver, String names) {
    both("Fazaa", "فزعة", 18, Sheet.GREEN);
    var period = statement.period();
    both(
        StatementRoutes.title(period, english),
        StatementRoutes.title(period, arabic),
        12,
        Sheet.INK);
    both(fact(english, Word.STATEMENT_PHONE, giver.e164()), fact(arabic, giver), SIZE, Sheet.INK);
    if (!names.isEmpty()) both(names, names, SIZE, Sheet.INK);
    both(
        english.say(Word.DRAWN_AT) + ": " + english.date(english.now()),
        arabic.say(Word.DRAWN_AT) + ": " + arabic.date(arabic.now()),
        SMALL,
        Sheet.QUIET);
    rule();
  }

  private static String fact(Frame frame, Word name, String value) {
    return frame.say(name) + ": " + PrintedReceipt.isolated(value);
  }

  private static String fact(Frame frame, Phone giver) {
    return fact(frame, Word.STATEMENT_PHONE, giver.e164());
  }

  // A gift is never torn between two pages.
  private void gift(Receipt receipt) {
    var sides = List.of(lines(receipt, english), lines(receipt, arabic));
    room(Math.max(height(sides.getFirst()), height(sides.getLast())));
    for (int i = 0; i < sides.getFirst().size(); i++) {
      var quiet = i > 1 ? Sheet.QUIET : Sheet.INK;
      both(sides.getFirst().get(i), sides.getLast().get(i), i > 1 ? SMALL : SIZE, quiet);
    }
    rule();
  }

  private float height(List<String> lines) {
    var height = SIZE;
    for (var line : lines) height += sheet.height(line, SIZE, COLUMN);
    return height;
  }

  private static List<String> lines(Receipt receipt, Frame frame) {
    var number = PrintedReceipt.isolated(receipt.number());
    var given =
        frame.date(receipt.givenAt())
            + " · "
            + frame.hijri(receipt.givenAt())
            + "\u00a0"
            + frame.say(Word.HIJRI);
    var amount = StatementRoutes.amount(receipt, frame);
    var told = number + " · " + FundRoutes.in(receipt.fundName(), frame) + " · " + given;
    return StatementRoutes.standing(receipt, frame)
        .map(why -> List.of(shortened(amount), told, why))
        .orElse(List.of(shortened(amount), told));
  }

  private static String shortened(String goods) {
    return goods.length() <= GOODS_MOST ? goods : goods.substring(0, GOODS_MOST) + "…";
  }

  private void sums(Statement statement) {
    room(SIZE * 14);
    sums(Word.STATEMENT_SUM, statement.sums(), Sheet.GREEN);
    sums(Word.STATEMENT_PRETENDED, statement.demonstrations(), Sheet.RED);
    cut(statement);
    both(Word.STATEMENT_MEANS, SMALL, Sheet.QUIET);
  }

  private void sums(Word name, List<Money> sums, Color colour) {
    for (var sum : sums) {
      both(name, SMALL, Sheet.QUIET);
      both(PrintedReceipt.written(sum, english), PrintedReceipt.written(sum, arabic), 13, colour);
    }
  }

  private void cut(Statement statement) {
    Optional<String> said = StatementRoutes.cut(statement, english);
    if (said.isEmpty()) return;
    both(said.get(), StatementRoutes.cut(statement, arabic).orElseThrow(), SIZE, Sheet.RED);
  }

  private void both(Word word, float size, Color colour) {
    both(english.say(word), arabic.say(word), size, colour);
  }

  // What a giver wrote is read its own way, at the side of its column.
  private void both(String left, String right, float size, Color colour) {
    var low = sheet.write(left, Reading.FOUND, size, colour, column(false));
    var other = sheet.write(right, Reading.FOUND, size, colour, column(true));
    top = Math.min(low, other);
  }

  private Place column(boolean atRight) {
    var x = atRight ? Sheet.MARGIN + COLUMN + GUTTER : Sheet.MARGIN;
    return new Place(x, top, COLUMN, atRight);
  }

  private void rule() {
    sheet.rule(top - 3);
    top -= 9;
  }

  private void room(float needed) {
    if (top - needed >= Sheet.MARGIN) return;
    sheet.nextPage();
    top = Sheet.HEIGHT - Sheet.MARGIN;
  }
}
