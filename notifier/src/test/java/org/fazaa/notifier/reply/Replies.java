package org.fazaa.notifier.reply;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.fazaa.notifier.reply.Meaning.Stage;

/**
 * Replies as tired people write them, in Arabic of the Gulf and beyond, in its Latin letters, in
 * English, Urdu and Hindi, each with what a careful coordinator would say that it means. {@code
 * held-back.csv} was written apart, and no rule may be written from it.
 */
final class Replies {

  record Reply(String text, Stage stage, Meaning meaning, Integer etaMinutes, Integer party) {

    Reading read() {
      return Meaning.read(text, stage, Whereabouts.riyadh());
    }
  }

  private Replies() {}

  static List<Reply> in(String file) throws IOException {
    var in = Replies.class.getResourceAsStream("/replies/" + file);
    try (var replies =
        CsvReader.builder().ofNamedCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return replies.stream().map(Replies::reply).toList();
    }
  }

  private static Reply reply(NamedCsvRecord row) {
    return new Reply(
        row.getField("text"),
        Stage.valueOf(row.getField("state").toUpperCase(Locale.ROOT)),
        Meaning.of(row.getField("meaning")),
        number(row.getField("eta_minutes")),
        number(row.getField("party")));
  }

  private static Integer number(String written) {
    return written.isEmpty() ? null : Integer.valueOf(written);
  }
}
