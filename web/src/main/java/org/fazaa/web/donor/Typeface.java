package org.fazaa.web.donor;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Bidi;
import java.util.ArrayList;
import java.util.List;
import org.openpdf.text.pdf.BaseFont;
import org.openpdf.text.pdf.GlyphLayoutManager;
import org.openpdf.text.pdf.PdfContentByte;

/**
 * The one font of what we print, in which Arabic letters join, marks stand over their letters and
 * both directions keep their order. Read once, used by everybody at once.
 */
final class Typeface {
  private static final String FILE = "/assets/noto-sans-arabic-400.ttf";
  private static final FontRenderContext PLAIN =
      new FontRenderContext(new AffineTransform(), false, true);

  /** Which way a text is read; {@code FOUND} is what its first letter says. */
  enum Reading {
    RIGHT_TO_LEFT(Bidi.DIRECTION_RIGHT_TO_LEFT),
    LEFT_TO_RIGHT(Bidi.DIRECTION_LEFT_TO_RIGHT),
    FOUND(Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT);

    private final int flag;

    Reading(int flag) {
      this.flag = flag;
    }
  }

  /** Letters of one direction, in the place where the eye finds them. */
  private record Run(String text, boolean rightToLeft) {}

  private final BaseFont embedded;
  private final Font shaping;

  private Typeface(BaseFont embedded, Font shaping) {
    this.embedded = embedded;
    this.shaping = shaping;
  }

  /** Read when the first sheet is drawn: whoever prints nothing needs no font. */
  static Typeface get() {
    return Once.FACE;
  }

  private static final class Once {
    static final Typeface FACE = read();
  }

  private static Typeface read() {
    System.setProperty("java.awt.headless", "true"); // letters are measured; nothing is shown
    try (var file = Typeface.class.getResourceAsStream(FILE)) {
      var bytes = file.readAllBytes();
      return new Typeface(
          BaseFont.createFont(FILE, BaseFont.IDENTITY_H, BaseFont.EMBEDDED, false, bytes, null),
          Font.createFont(Font.TRUETYPE_FONT, new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(FILE, e);
    } catch (FontFormatException e) {
      throw new IllegalStateException(FILE, e);
    }
  }

  /** The lines that a text takes in so much room; a word that is longer is cut where it must. */
  List<String> lines(String text, Reading reading, float size, float room) {
    var lines = new ArrayList<String>();
    for (var paragraph : text.split("\n")) {
      var line = "";
      for (var word : paragraph.strip().split(" +")) {
        var longer = line.isEmpty() ? word : line + " " + word;
        if (width(longer, reading, size) <= room) {
          line = longer;
          continue;
        }
        if (!line.isEmpty()) lines.add(line);
        line = word;
        while (width(line, reading, size) > room) {
          var end = fits(line, reading, size, room);
          lines.add(line.substring(0, end));
          line = line.substring(end);
        }
      }
      lines.add(line);
    }
    return lines;
  }

  private int fits(String word, Reading reading, float size, float room) {
    var end = word.length() - 1;
    while (end > 1 && width(word.substring(0, end), reading, size) > room) end--;
    return end;
  }

  float width(String line, Reading reading, float size) {
    var sum = 0f;
    for (var run : runs(line, reading)) sum += width(glyphs(run, size));
    return sum;
  }

  /** Draws one line from its left end, whichever end it is read from. */
  void draw(PdfContentByte page, String line, Reading reading, float size, float x, float y) {
    var at = x;
    for (var run : runs(line, reading)) {
      page.beginText();
      page.setFontAndSize(embedded, size);
      page.setTextMatrix(at, y);
      new Shaped(run).showText(page, embedded, size, run.text());
      page.endText();
      at += width(glyphs(run, size));
    }
  }

  boolean leadsRight(String text, Reading reading) {
    return !new Bidi(text, reading.flag).baseIsLeftToRight();
  }

  // In the order of the eye, from the left. The marks that keep a number whole are not drawn.
  private static List<Run> runs(String line, Reading reading) {
    var bidi = new Bidi(line, reading.flag);
    var count = bidi.getRunCount();
    var levels = new byte[count];
    var runs = new Run[count];
    for (var i = 0; i < count; i++) {
      levels[i] = (byte) bidi.getRunLevel(i);
      var text = line.substring(bidi.getRunStart(i), bidi.getRunLimit(i));
      runs[i] =
          new Run(text.replaceAll("[\u2066-\u2069\u200e\u200f\u061c]", ""), levels[i] % 2 == 1);
    }
    Bidi.reorderVisually(levels, 0, runs, 0, count);
    return List.of(runs).stream().filter(run -> !run.text().isEmpty()).toList();
  }

  private GlyphVector glyphs(Run run, float size) {
    var letters = run.text().toCharArray();
    var direction = run.rightToLeft() ? Font.LAYOUT_RIGHT_TO_LEFT : Font.LAYOUT_LEFT_TO_RIGHT;
    return shaping.deriveFont(size).layoutGlyphVector(PLAIN, letters, 0, letters.length, direction);
  }

  private static float width(GlyphVector glyphs) {
    return (float) glyphs.getGlyphPosition(glyphs.getNumGlyphs()).getX();
  }

  /** Writes the glyphs of a run, and beside them the letters that they stand for. */
  private final class Shaped extends GlyphLayoutManager {
    private final Run run;

    Shaped(Run run) {
      this.run = run;
      setWriteActualText(true);
    }

    @Override
    public GlyphVector computeGlyphVector(BaseFont font, float size, String text) {
      return glyphs(run, size);
    }

    @Override
    protected boolean ifMixedThenDivideTextAndShow(
        PdfContentByte page, BaseFont font, float size, String text) {
      return false; // a run has one direction
    }
  }
}
