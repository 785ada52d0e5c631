package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.fazaa.notifier.Segments.Count;
import org.fazaa.notifier.Segments.Encoding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SegmentsTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void counts_what_networks_count(
      String what, String body, Encoding encoding, int units, int segments) {
    assertThat(Segments.of(body)).isEqualTo(new Count(encoding, units, segments));
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        row("nothing", "", Encoding.GSM7, 0, 0),
        row("one letter", "a", Encoding.GSM7, 1, 1),
        row(
            "every basic character",
            "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¡ÄÖÑÜ§¿äöñüà",
            Encoding.GSM7,
            43,
            1),
        row("160 letters", "a".repeat(160), Encoding.GSM7, 160, 1),
        row("161 letters", "a".repeat(161), Encoding.GSM7, 161, 2),
        row("306 letters", "a".repeat(306), Encoding.GSM7, 306, 2),
        row("307 letters", "a".repeat(307), Encoding.GSM7, 307, 3),
        row("1600 letters", "a".repeat(1600), Encoding.GSM7, 1600, 11),
        row("each extended character twice", "^{}\\[~]|€\f", Encoding.GSM7, 20, 1),
        row("80 euros", "€".repeat(80), Encoding.GSM7, 160, 1),
        row("81 euros", "€".repeat(81), Encoding.GSM7, 162, 2),
        row("an escape is never cut", "€".repeat(77) + "a".repeat(152), Encoding.GSM7, 306, 3),
        row("and fills up where it fits", "a" + "€".repeat(152), Encoding.GSM7, 305, 2),
        row("a grave accent is not GSM", "`", Encoding.UCS2, 1, 1),
        row("nor is a typographer's quote", "don’t", Encoding.UCS2, 5, 1),
        row("nor c with cedilla", "ç", Encoding.UCS2, 1, 1),
        row("nor a tab", "a\tb", Encoding.UCS2, 3, 1),
        row("70 Arabic letters", "م".repeat(70), Encoding.UCS2, 70, 1),
        row("71 Arabic letters", "م".repeat(71), Encoding.UCS2, 71, 2),
        row("134 Arabic letters", "م".repeat(134), Encoding.UCS2, 134, 2),
        row("135 Arabic letters", "م".repeat(135), Encoding.UCS2, 135, 3),
        row("one Arabic letter in English", "a".repeat(69) + "م", Encoding.UCS2, 70, 1),
        row("an emoji is two units", "👍", Encoding.UCS2, 2, 1),
        row("35 emoji", "👍".repeat(35), Encoding.UCS2, 70, 1),
        row("36 emoji", "👍".repeat(36), Encoding.UCS2, 72, 2),
        row("an emoji is never cut", "👍".repeat(67), Encoding.UCS2, 134, 3),
        row("an invisible bidi mark costs one", "a\u200F", Encoding.UCS2, 2, 1),
        row("a diacritic costs one", "شكرًا", Encoding.UCS2, 5, 1));
  }

  private static Arguments row(
      String what, String body, Encoding encoding, int units, int segments) {
    return Arguments.of(what, body, encoding, units, segments);
  }
}
