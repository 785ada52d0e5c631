package org.fazaa.web.console;

import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Segments;

/**
 * A text as somebody would get it, with what it takes to send.
 *
 * @param direction of its letters: {@code rtl} or {@code ltr}
 * @param units characters as networks count them
 */
record TextPreview(
    String language,
    String direction,
    String body,
    int units,
    int segments,
    String encoding,
    String cost) {
  private static final int MOST_SEGMENTS = 2;

  static TextPreview of(String body, Language language, ProposeEnvelope propose) {
    var count = Segments.of(body);
    return new TextPreview(
        language.tag(),
        language.rightToLeft() ? "rtl" : "ltr",
        body,
        count.units(),
        count.segments(),
        count.encoding() == Segments.Encoding.GSM7 ? "GSM-7" : "UCS-2",
        Amounts.of(propose.costOf(body), propose.currency()));
  }

  boolean isLong() {
    return segments > MOST_SEGMENTS;
  }
}
