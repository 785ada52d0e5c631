package org.fazaa.notifier.reply;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replies as tired people write them, in Arabic of the Gulf and beyond, in its Latin letters, in
 * English, Urdu and Hindi, each with what a careful coordinator would say that it means. {@code
 * held-back.csv} was written apart, and no rule may be written from it.
 */
class NeverTheOppositeTest {

  /** Whoever wrote these comes, or wants to; those who did not, do not. */
  private static final Set<String> WILLING =
      Set.of("yes", "later", "last_resort", "on_my_way", "here", "group");

  private static final Set<String> UNWILLING = Set.of("no", "drop", "stop", "wrong_number");

  @ParameterizedTest
  @ValueSource(strings = {"written.csv", "held-back.csv"})
  void noReplyIsTakenForItsOpposite(String file) throws IOException {
    try (var replies = CsvReader.builder().ofNamedCsvRecord(open(file))) {
      for (var reply : replies) {
        assertThat(Meaning.read(reply.getField("text")).meaning())
            .as(reply.getField("meaning") + ": " + reply.getField("text"))
            .isNotIn(forbidden(reply));
      }
    }
  }

  private static Set<Meaning> forbidden(NamedCsvRecord reply) {
    var meaning = reply.getField("meaning");
    if (meaning.equals("stop")) return Set.of(Meaning.YES, Meaning.START);
    if (meaning.equals("start")) return Set.of(Meaning.NO, Meaning.DROP, Meaning.STOP);
    if (UNWILLING.contains(meaning)) return Set.of(Meaning.YES, Meaning.START, Meaning.STOP);
    if (WILLING.contains(meaning)) {
      return Set.of(Meaning.NO, Meaning.DROP, Meaning.STOP, Meaning.START);
    }
    if (meaning.equals("danger")) {
      return Set.of(Meaning.YES, Meaning.NO, Meaning.DROP, Meaning.STOP, Meaning.START);
    }
    return Set.of(Meaning.STOP, Meaning.START);
  }

  private static Reader open(String file) {
    var in = NeverTheOppositeTest.class.getResourceAsStream("/replies/" + file);
    return new InputStreamReader(in, StandardCharsets.UTF_8);
  }
}
