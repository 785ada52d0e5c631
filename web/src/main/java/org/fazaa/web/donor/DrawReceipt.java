package org.fazaa.web.donor;

import java.awt.Color;
import java.util.List;
import org.fazaa.web.Frame;
import org.fazaa.web.Word;
import org.fazaa.web.Wording;
import org.fazaa.web.donor.PrintedReceipt.Side;
import org.fazaa.web.donor.Sheet.Place;
import org.fazaa.web.donor.Typeface.Reading;

/** A receipt as a PDF of one page: English on its left, Arabic on its right, each of them whole. */
final class DrawReceipt {
  private static final float GUTTER = 24;
  private static final float COLUMN = (Sheet.INNER - GUTTER) / 2;
  private static final float QR_SIDE = 118;

  /** Names and goods may be long: then everything is written smaller, until it fits. */
  private static final float SMALLER = 0.93f;

  private final Sheet sheet;
  private final PrintedReceipt receipt;
  private final float scale;

  private DrawReceipt(Sheet sheet, PrintedReceipt receipt, float scale) {
    this.sheet = sheet;
    this.receipt = receipt;
    this.scale = scale;
  }

  static byte[] run(PrintedReceipt receipt, Frame frame) {
    for (var scale = 1f; ; scale *= SMALLER) {
      var sheet = new Sheet(receipt.number(), frame.words().locale());
      var bottom = new DrawReceipt(sheet, receipt, scale).draw();
      var pdf = sheet.close();
      if (bottom >= Sheet.MARGIN) return pdf;
    }
  }

  /** How low it reaches. */
  private float draw() {
    var top = head(Sheet.HEIGHT - Sheet.MARGIN);
    top = goods(both(warnings(top)));
    sheet.rule(top);
    var bottom = foot(top - 10);
    receipt
        .mark()
        .ifPresent(mark -> sheet.mark(mark.en() + " · " + mark.ar(), Reading.LEFT_TO_RIGHT));
    return bottom;
  }

  private float head(float top) {
    var english = column(Wording.EN, top);
    var arabic = column(Wording.AR, top);
    write("Fazaa", Wording.EN, 20, Sheet.GREEN, english);
    var title = write("فزعة", Wording.AR, 20, Sheet.GREEN, arabic);
    write(receipt.english().title(), Wording.EN, 14, Sheet.INK, english.below(title));
    var low = write(receipt.arabic().title(), Wording.AR, 14, Sheet.INK, arabic.below(title));
    sheet.rule(low - 6);
    return low - 16;
  }

  private float warnings(float top) {
    if (receipt.english().warnings().isEmpty()) return top;
    var english = warnings(receipt.english(), top - 6);
    var arabic = warnings(receipt.arabic(), top - 6);
    var bottom = Math.min(english, arabic) - 4;
    sheet.frame(top, bottom, Sheet.RED);
    return bottom - 12;
  }

  private float warnings(Side side, float top) {
    var column = column(side.words(), top);
    var place = new Place(column.x() + 8, top, column.width() - 16, column.atRight());
    for (var warning : side.warnings()) {
      place = place.below(write(warning, side.words(), 11, Sheet.RED, place));
    }
    return place.top();
  }

  private float both(float top) {
    var bottom = Math.min(side(receipt.english(), top), side(receipt.arabic(), top)) - 4;
    sheet.upright(Sheet.WIDTH / 2, top, bottom);
    return bottom - 8;
  }

  // A name in the letters of the other language is read its own way, at the side of its column.
  private float side(Side side, float top) {
    var place = column(side.words(), top);
    place = place.below(found(side.fund(), 12, Sheet.INK, place));
    place = place.below(write(side.amount(), side.words(), 16, Sheet.GREEN, place) - 6);
    for (var row : side.rows()) {
      place = place.below(write(row.name(), side.words(), 8.5f, Sheet.QUIET, place));
      place = place.below(found(row.value(), 11, Sheet.INK, place) - 4 * scale);
    }
    return place.top();
  }

  // In the words of whoever gave them, once for both languages.
  private float goods(float top) {
    if (receipt.goods().isEmpty()) return top;
    sheet.rule(top);
    var english = column(Wording.EN, top - 8);
    var arabic = column(Wording.AR, top - 8);
    write(Wording.EN.of(Word.GOODS), Wording.EN, 8.5f, Sheet.QUIET, english);
    var low = write(Wording.AR.of(Word.GOODS), Wording.AR, 8.5f, Sheet.QUIET, arabic);
    var goods = receipt.goods().get();
    var whole = new Place(Sheet.MARGIN, low, Sheet.INNER, sheet.leadsRight(goods));
    return found(goods, 11, Sheet.INK, whole) - 8;
  }

  private float foot(float top) {
    sheet.qr(receipt.qr(), (Sheet.WIDTH - QR_SIDE) / 2, top, QR_SIDE);
    var code = receipt.number() + "  ·  " + receipt.checkCode();
    sheet.centred(code, Reading.LEFT_TO_RIGHT, 11, Sheet.INK, top - QR_SIDE);
    var lowest = top - QR_SIDE - 16;
    for (var side : List.of(receipt.english(), receipt.arabic())) {
      lowest = Math.min(lowest, notes(side, top - 4));
    }
    return lowest;
  }

  // Beside the code, which stands in the middle.
  private float notes(Side side, float top) {
    var room = (Sheet.INNER - QR_SIDE) / 2 - 8;
    var right = side.words() == Wording.AR;
    var x = right ? Sheet.WIDTH - Sheet.MARGIN - room : Sheet.MARGIN;
    var place = new Place(x, top, room, right);
    for (var note : side.notes()) {
      place = place.below(write(note, side.words(), 9, Sheet.QUIET, place) - 3);
    }
    return place.top();
  }

  private float write(String text, Wording words, float size, Color colour, Place place) {
    var reading = words == Wording.AR ? Reading.RIGHT_TO_LEFT : Reading.LEFT_TO_RIGHT;
    return sheet.write(text, reading, size * scale, colour, place);
  }

  private float found(String text, float size, Color colour, Place place) {
    return sheet.write(text, Reading.FOUND, size * scale, colour, place);
  }

  private static Place column(Wording words, float top) {
    return words == Wording.EN
        ? new Place(Sheet.MARGIN, top, COLUMN, false)
        : new Place(Sheet.MARGIN + COLUMN + GUTTER, top, COLUMN, true);
  }
}
