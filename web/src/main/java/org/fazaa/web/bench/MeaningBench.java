package org.fazaa.web.bench;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Meaning.Stage;
import org.fazaa.notifier.reply.Reading;
import org.fazaa.notifier.reply.Whereabouts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa bench meaning}: how many replies of a file are read right, and how fast. */
@Command(
    name = "meaning",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Reads a CSV file of replies with the columns text, state and meaning: how many are read"
          + " right, what the others are taken for, and the time of one; beside a reader that goes"
          + " by the first word, as most do.",
      "يقرأ ملف ردود فيه الأعمدة text وstate وmeaning: كم منها يُقرأ صحيحًا، وبماذا يُفهم غيرها،"
          + " وزمن الواحد؛ بجانب قارئ يأخذ بالكلمة الأولى كما يفعل أكثرهم."
    })
final class MeaningBench implements Callable<Integer> {
  private static final int UNREADABLE = 1;
  private static final int ROUNDS = 300;
  private static final int WARM_UP = 200;

  /** Whoever means one of these and is read as the other is sent, or left out, by mistake. */
  private static final Set<Meaning> COMES =
      Set.of(Meaning.YES, Meaning.ON_MY_WAY, Meaning.HERE, Meaning.GROUP);

  private static final Set<Meaning> DOES_NOT =
      Set.of(Meaning.NO, Meaning.DROP, Meaning.STOP, Meaning.DANGER);

  private static final Set<String> YES = Set.of("yes", "y", "1", "ok", "نعم", "ايه", "١");
  private static final Set<String> NO = Set.of("no", "n", "2", "لا", "٢", "cancel");

  @Spec private CommandSpec spec;

  @Option(
      names = "--replies",
      required = true,
      paramLabel = "FILE",
      description = "a CSV file with the columns text, state and meaning")
  private Path file;

  private record Reply(String text, Stage stage, Meaning meaning) {
    static Reply of(NamedCsvRecord row) {
      return new Reply(
          row.getField("text"),
          Stage.valueOf(row.getField("state").toUpperCase(Locale.ROOT)),
          Meaning.of(row.getField("meaning")));
    }
  }

  @Override
  public Integer call() {
    List<Reply> replies;
    try (var csv = CsvReader.builder().ofNamedCsvRecord(file)) {
      replies = csv.stream().map(Reply::of).toList();
    } catch (IOException | RuntimeException e) {
      spec.commandLine()
          .getErr()
          .println("--replies: " + file + " cannot be read so · لا يمكن قراءة الملف: " + e);
      return UNREADABLE;
    }
    var out = spec.commandLine().getOut();
    var where = Whereabouts.riyadh();
    Function<Reply, Reading> ours = reply -> Meaning.read(reply.text(), reply.stage(), where);
    out.printf(
        Locale.ROOT,
        "%-28s %7s %8s %10s %11s%n",
        replies.size() + " replies",
        "right",
        "person",
        "opposite",
        "µs each");
    print("phrases and rules", replies, ours);
    print("first word", replies, reply -> byFirstWord(reply.text()));
    confusion(replies, ours);
    out.flush();
    return 0;
  }

  private void print(String name, List<Reply> replies, Function<Reply, Reading> reader) {
    int right = 0;
    int person = 0;
    int opposite = 0;
    for (var reply : replies) {
      var read = reader.apply(reply).meaning();
      if (read == reply.meaning()) right++;
      else if (read == Meaning.PERSON) person++;
      if (isOpposite(reply.meaning(), read)) opposite++;
    }
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%-28s %6.1f%% %7.1f%% %10d %11.2f%n",
            name,
            100.0 * right / replies.size(),
            100.0 * person / replies.size(),
            opposite,
            micros(replies, reader));
  }

  // The best round: a busy machine only ever adds.
  private static double micros(List<Reply> replies, Function<Reply, Reading> reader) {
    double best = Double.MAX_VALUE;
    long read = 0;
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      long from = System.nanoTime();
      for (var reply : replies) read += reader.apply(reply).meaning().ordinal();
      long took = System.nanoTime() - from;
      if (round >= WARM_UP) best = Math.min(best, took / 1_000.0 / replies.size());
    }
    if (read < 0) throw new IllegalStateException("nothing was read");
    return best;
  }

  private static boolean isOpposite(Meaning meant, Meaning read) {
    return (COMES.contains(meant) && DOES_NOT.contains(read))
        || (DOES_NOT.contains(meant) && COMES.contains(read));
  }

  private static Reading byFirstWord(String text) {
    var words = text.strip().toLowerCase(Locale.ROOT).split("[\\s,.!،]+", 2);
    var meaning =
        YES.contains(words[0])
            ? Meaning.YES
            : NO.contains(words[0])
                ? Meaning.NO
                : words[0].equals("stop") ? Meaning.STOP : Meaning.PERSON;
    return Reading.sure(meaning, null, Reading.Why.UNSURE);
  }

  private void confusion(List<Reply> replies, Function<Reply, Reading> reader) {
    var table = new EnumMap<Meaning, Map<Meaning, Integer>>(Meaning.class);
    for (var reply : replies) {
      table
          .computeIfAbsent(reply.meaning(), m -> new EnumMap<>(Meaning.class))
          .merge(reader.apply(reply).meaning(), 1, Integer::sum);
    }
    var out = spec.commandLine().getOut();
    out.println();
    out.println("meant            read as");
    table.forEach(
        (meant, read) -> {
          out.printf("%-16s", meant.tag());
          read.forEach((as, times) -> out.printf(" %s %d", as.tag(), times));
          out.println();
        });
  }
}
