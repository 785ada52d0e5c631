package org.fazaa.web;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Meaning.Stage;
import org.fazaa.notifier.reply.Reading;
import org.fazaa.notifier.reply.Whereabouts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fazaa meaning}: what replies say, one per line, as the program would read them. */
@Command(
    name = "meaning",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Reads replies from its input, one per line, and writes what each says, in their order."
          + " Nothing is kept and no database is needed.",
      "يقرأ ردودًا من مدخله، ردًا في كل سطر، ويكتب ما يقوله كل منها بالترتيب. لا يُحفظ شيء ولا"
          + " تلزم قاعدة بيانات."
    },
    footer = {
      "",
      "  echo 'ايه جاي بعد المغرب' | ./fazaa meaning",
      "  echo '{\"text\": \"omw 15 mins\", \"state\": \"accepted\"}' | ./fazaa meaning --json",
      "",
      "Exit codes: 0 every line was read, 1 a line is not what was asked for, 2 an option cannot be"
          + " used."
    })
final class MeaningCommand implements Callable<Integer> {
  private static final int UNREADABLE = 1;
  private static final int UNUSABLE = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--json",
      description = {
        "lines are {\"text\": …, \"state\": \"offered|accepted|on_site\"}, and so are the answers:"
            + " meaning, confidence, eta_minutes, at, party, code, why"
      })
  private boolean json;

  @Option(
      names = "--place",
      paramLabel = "LAT,LON",
      description = "where prayers are said at their time: 21.4858,39.1925 (Riyadh)")
  private Optional<String> place;

  @Option(
      names = "--zone",
      defaultValue = "Asia/Riyadh",
      paramLabel = "ZONE",
      description = "whose clocks are meant (${DEFAULT-VALUE})")
  private String zone;

  @Option(
      names = "--day",
      paramLabel = "DAY",
      description = "on which day, or with its hour: 2026-03-01, 2026-03-01T16:30 (now)")
  private Optional<String> day;

  /** A line that is not what was asked for, with why in both languages. */
  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient JsonObject words;

    Unreadable(String english, String arabic) {
      super(english + " · " + arabic);
      this.words = new JsonObject().put("en", english).put("ar", arabic);
    }
  }

  @Override
  public Integer call() throws IOException {
    Whereabouts where;
    try {
      where = where();
    } catch (Unreadable e) {
      spec.commandLine().getErr().println(e.getMessage());
      return UNUSABLE;
    }
    // Not through the console's own encoding, whatever that is.
    try (var in = open();
        var out =
            new PrintWriter(
                new OutputStreamWriter(
                    new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8))) {
      return readAll(in, out, where);
    }
  }

  private static BufferedReader open() {
    return new BufferedReader(
        new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
  }

  private int readAll(BufferedReader in, PrintWriter out, Whereabouts where) throws IOException {
    int code = 0;
    int number = 0;
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      try {
        out.println(json ? answer(line, where).encode() : plain(line, where));
      } catch (Unreadable e) {
        code = UNREADABLE;
        out.println(json ? new JsonObject().put("error", e.words).encode() : "");
        spec.commandLine().getErr().println("line " + number + ": " + e.getMessage());
      }
      if (!in.ready()) out.flush();
    }
    return code;
  }

  private static String plain(String text, Whereabouts where) {
    var reading = Meaning.read(text, Stage.OFFERED, where);
    var said =
        new StringBuilder(reading.meaning().tag()).append('\t').append(reading.confidence().tag());
    if (reading.etaMinutes() != null) said.append("\tin ").append(reading.etaMinutes());
    if (reading.at() != null) said.append("\tat ").append(reading.at());
    if (reading.party() != null) said.append("\tparty ").append(reading.party());
    if (reading.code() != null) said.append('\t').append(reading.code());
    return said.append('\t').append(reading.why().english()).toString();
  }

  private static JsonObject answer(String line, Whereabouts where) throws Unreadable {
    JsonObject asked;
    try {
      asked = new JsonObject(line);
    } catch (DecodeException e) {
      throw new Unreadable("this is no JSON object", "ليس هذا كائن JSON");
    }
    if (!(asked.getValue("text") instanceof String text)) {
      throw new Unreadable("text is missing, or no string", "الحقل text ناقص أو ليس نصًا");
    }
    return answer(Meaning.read(text, stage(asked.getValue("state")), where));
  }

  private static Stage stage(Object tag) throws Unreadable {
    if (tag == null) return Stage.OFFERED;
    for (var stage : Stage.values()) {
      if (stage.tag().equals(tag)) return stage;
    }
    var all = Arrays.stream(Stage.values()).map(Stage::tag).collect(Collectors.joining(", "));
    throw new Unreadable(
        "state is none of " + all + ": " + tag, "الحقل state ليس واحدًا من " + all + ": " + tag);
  }

  private static JsonObject answer(Reading reading) {
    return new JsonObject()
        .put("meaning", reading.meaning().tag())
        .put("confidence", reading.confidence().tag())
        .put("eta_minutes", reading.etaMinutes())
        .put("at", reading.at() == null ? null : reading.at().toString())
        .put("party", reading.party())
        .put("code", reading.code())
        .put("why", reading.why().tag());
  }

  private Whereabouts where() throws Unreadable {
    var riyadh = Whereabouts.riyadh();
    try {
      var clocks = ZoneId.of(zone);
      var now = day.map(written -> parse(written).atZone(clocks));
      var there = now.orElseGet(() -> ZonedDateTime.now(clocks));
      if (place.isEmpty()) return new Whereabouts(there, riyadh.latitude(), riyadh.longitude());
      var numbers = place.get().split(",", 2);
      double latitude = Double.parseDouble(numbers[0].strip());
      double longitude = Double.parseDouble(numbers[numbers.length - 1].strip());
      if (numbers.length < 2 || !Point.isOnEarth(longitude, latitude)) {
        throw new NumberFormatException(place.get());
      }
      return new Whereabouts(there, latitude, longitude);
    } catch (NumberFormatException e) {
      throw new Unreadable(
          "--place is a latitude and a longitude, such as 21.4858,39.1925",
          "--place خط عرض وخط طول، مثل 21.4858,39.1925");
    } catch (DateTimeException e) {
      throw new Unreadable(
          "--day is such as 2026-03-01 or 2026-03-01T16:30, and --zone such as Asia/Riyadh",
          "--day مثل 2026-03-01 أو 2026-03-01T16:30، و--zone مثل Asia/Riyadh");
    }
  }

  private static LocalDateTime parse(String written) {
    return written.contains("T")
        ? LocalDateTime.parse(written)
        : LocalDate.parse(written).atStartOfDay();
  }
}
