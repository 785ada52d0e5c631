package org.fazaa.web.donor;

import io.nayuki.qrcodegen.QrCode;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import org.fazaa.web.donor.Typeface.Reading;
import org.openpdf.text.Document;
import org.openpdf.text.PageSize;
import org.openpdf.text.pdf.PdfContentByte;
import org.openpdf.text.pdf.PdfGState;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfString;
import org.openpdf.text.pdf.PdfWriter;

/** Pages of a PDF as they are drawn, from the top down, in points. */
final class Sheet {
  static final float WIDTH = PageSize.A4.getWidth();
  static final float HEIGHT = PageSize.A4.getHeight();
  static final float MARGIN = 42;
  static final float INNER = WIDTH - 2 * MARGIN;

  static final Color INK = new Color(0x17, 0x23, 0x1f);
  static final Color QUIET = new Color(0x5a, 0x69, 0x63);
  static final Color GREEN = new Color(0x0f, 0x6b, 0x4f);
  static final Color RED = new Color(0xb3, 0x26, 0x1e);
  private static final Color LINE = new Color(0xc9, 0xd3, 0xce);

  private static final float LEADING = 1.45f;
  private static final float ASCENT = 1.05f;
  private static final float MARK_SIZE = 96;
  private static final float MARK_OPACITY = 0.16f;
  private static final double MARK_TURN = Math.toRadians(35);

  private final Typeface face = Typeface.get();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Document document = new Document(PageSize.A4);
  private final PdfContentByte page;

  Sheet(String title, Locale language) {
    var writer = PdfWriter.getInstance(document, bytes);
    document.addTitle(title);
    document.addCreator("Fazaa");
    document.open();
    writer.getExtraCatalog().put(PdfName.LANG, new PdfString(language.toLanguageTag()));
    page = writer.getDirectContent();
  }

  /** Where a text is written: a column, the side it stands at, and how high its first line is. */
  record Place(float x, float top, float width, boolean atRight) {
    Place below(float y) {
      return new Place(x, y, width, atRight);
    }
  }

  /**
   * Writes a text into a column and tells how low it reaches. It stands at its column's side,
   * whichever way it is read.
   */
  float write(String text, Reading reading, float size, Color colour, Place place) {
    page.setColorFill(colour);
    var direction = face.leadsRight(text, reading) ? Reading.RIGHT_TO_LEFT : Reading.LEFT_TO_RIGHT;
    var top = place.top;
    for (var line : face.lines(text, direction, size, place.width)) {
      var rest = place.width - face.width(line, direction, size);
      face.draw(
          page, line, direction, size, place.x + (place.atRight ? rest : 0), top - size * ASCENT);
      top -= size * LEADING;
    }
    return top;
  }

  /** How much of a column a text takes. */
  float height(String text, float size, float width) {
    var direction = leadsRight(text) ? Reading.RIGHT_TO_LEFT : Reading.LEFT_TO_RIGHT;
    return face.lines(text, direction, size, width).size() * size * LEADING;
  }

  /** The side at which a text stands that has the whole width to itself. */
  boolean leadsRight(String text) {
    return face.leadsRight(text, Reading.FOUND);
  }

  void centred(String text, Reading reading, float size, Color colour, float top) {
    page.setColorFill(colour);
    var left = (WIDTH - face.width(text, reading, size)) / 2;
    face.draw(page, text, reading, size, left, top - size * ASCENT);
  }

  void rule(float y) {
    rule(MARGIN, y, INNER);
  }

  void rule(float x, float y, float width) {
    page.setColorStroke(LINE);
    page.setLineWidth(0.7f);
    page.moveTo(x, y);
    page.lineTo(x + width, y);
    page.stroke();
  }

  void upright(float x, float top, float bottom) {
    page.setColorStroke(LINE);
    page.setLineWidth(0.7f);
    page.moveTo(x, top);
    page.lineTo(x, bottom);
    page.stroke();
  }

  void frame(float top, float bottom, Color colour) {
    page.setColorStroke(colour);
    page.setLineWidth(1.2f);
    page.rectangle(MARGIN, bottom, INNER, top - bottom);
    page.stroke();
  }

  void qr(QrCode code, float x, float top, float side) {
    var module = side / (code.size + 2 * QrPath.MARGIN);
    page.setColorFill(INK);
    for (var row = 0; row < code.size; row++) {
      for (var column = 0; column < code.size; column++) {
        if (!code.getModule(column, row)) continue;
        var left = x + (column + QrPath.MARGIN) * module;
        page.rectangle(left, top - (row + QrPath.MARGIN + 1) * module, module, module);
      }
    }
    page.fill();
  }

  /** Across the whole page, under nothing and over everything, so that it cannot be cut away. */
  void mark(String text, Reading reading) {
    var size = Math.min(MARK_SIZE, MARK_SIZE * INNER / face.width(text, reading, MARK_SIZE));
    var half = face.width(text, reading, size) / 2;
    var faint = new PdfGState();
    faint.setFillOpacity(MARK_OPACITY);
    page.saveState();
    page.setGState(faint);
    page.setColorFill(RED);
    var cos = (float) Math.cos(MARK_TURN);
    var sin = (float) Math.sin(MARK_TURN);
    page.concatCTM(cos, sin, -sin, cos, WIDTH / 2, HEIGHT / 2);
    face.draw(page, text, reading, size, -half, -size / 3);
    page.restoreState();
  }

  void nextPage() {
    document.newPage();
  }

  byte[] close() {
    document.close();
    return bytes.toByteArray();
  }
}
