package org.fazaa.dispatcher.rehearsal;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Skill;

/** What each kind of incident asks of volunteers: the first rule whose pattern fits it decides. */
record Kinds(String name, Set<String> columns, List<Rule> rules) {

  /** What volunteers do about one kind of incident. */
  sealed interface Rule {
    Pattern pattern();
  }

  /** A matter for professionals, or none at all. */
  record Ignored(Pattern pattern) implements Rule {}

  /**
   * @param people empty: as many as the incident says
   * @param within how long the places may take to fill
   */
  record Asked(
      Pattern pattern,
      Priority priority,
      Set<Skill> skills,
      Optional<Integer> people,
      Duration within,
      Duration lasts,
      Title title)
      implements Rule {}

  /** Feeds that are known, and last what is tried on any other. */
  private static final List<String> SHIPPED =
      List.of("houston-911", "houston-311-flooding", "chp", "haiti-2010", "generic");

  private static final String FOR_COLUMNS = "# columns:";
  private static final int PEOPLE_MAX = 500;
  private static final int MINUTES_MAX = 14 * 24 * 60;

  Optional<Rule> find(String kind) {
    return rules.stream().filter(rule -> rule.pattern().matcher(kind).find()).findFirst();
  }

  /** A shipped table by its name, a file, or, when nothing is given, the table of this header. */
  static Kinds of(Optional<String> given, List<String> header) {
    if (given.isEmpty()) {
      return SHIPPED.stream()
          .map(Kinds::shipped)
          .filter(kinds -> header.containsAll(kinds.columns))
          .findFirst()
          .orElseThrow();
    }
    if (SHIPPED.contains(given.get())) {
      return shipped(given.get());
    }
    return read(Path.of(given.get()));
  }

  private static Kinds read(Path file) {
    var mistakes = Refused.Mistakes.in(file);
    if (!Files.isRegularFile(file)) {
      mistakes.add(
          "--kinds is neither a file nor one of " + String.join(", ", SHIPPED),
          "قيمة --kinds ليست ملفًا ولا أحد الجداول المرفقة");
      throw mistakes.refused();
    }
    try {
      return parse(file.toString(), Files.readString(file), mistakes);
    } catch (IOException e) {
      mistakes.add("cannot be read: " + e.getMessage(), "تعذرت قراءة الملف");
      throw mistakes.refused();
    }
  }

  static Kinds shipped(String name) {
    try (var in = Kinds.class.getResourceAsStream("/kinds/" + name + ".csv")) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return parse(name, text, Refused.Mistakes.in("kinds/" + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Kinds parse(String name, String text, Refused.Mistakes mistakes) {
    var reading = new Reading(mistakes);
    try (var csv =
        CsvReader.builder()
            .commentStrategy(CommentStrategy.SKIP)
            .commentCharacter('#')
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(text)) {
      csv.forEach(reading::row);
    } catch (CsvParseException e) {
      mistakes.add("is not a CSV file: " + e.getMessage(), "ليس ملف CSV");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (reading.rules.isEmpty()) {
      mistakes.add("has no rules", "لا يحتوي على قواعد");
    }
    mistakes.refuseIfAny();
    return new Kinds(name, forColumns(text), List.copyOf(reading.rules));
  }

  private static Set<String> forColumns(String text) {
    return text.lines()
        .filter(line -> line.startsWith(FOR_COLUMNS))
        .findFirst()
        .map(line -> Set.of(line.substring(FOR_COLUMNS.length()).strip().split("\\s+")))
        .orElse(Set.of());
  }

  /**
   * A glob with {@code *} and {@code ?} over the whole kind, or a regular expression in slashes.
   */
  static Pattern pattern(String written) {
    int flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    if (written.length() > 2 && written.startsWith("/") && written.endsWith("/")) {
      return Pattern.compile(written.substring(1, written.length() - 1), flags);
    }
    var regex = new StringBuilder("^");
    for (var letter : written.toCharArray()) {
      regex.append(
          switch (letter) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(String.valueOf(letter));
          });
    }
    return Pattern.compile(regex.append('$').toString(), flags | Pattern.DOTALL);
  }

  /** One pass over a table, collecting mistakes instead of stopping at the first. */
  private static final class Reading {
    private static final List<String> COLUMNS =
        List.of(
            "kind", "class", "skills", "people", "within_min", "lasts_min", "title_en", "title_ar");

    private final Refused.Mistakes mistakes;
    private final List<Rule> rules = new ArrayList<>();
    private List<String> header;

    Reading(Refused.Mistakes mistakes) {
      this.mistakes = mistakes;
    }

    void row(CsvRecord row) {
      if (header != null) {
        rule(row);
        return;
      }
      header = row.getFields().stream().map(String::strip).toList();
      if (!header.contains("kind") || !header.contains("class") || !COLUMNS.containsAll(header)) {
        mistakes.add(
            row.getStartingLineNumber(),
            "must name the columns kind,class and may name " + String.join(",", COLUMNS),
            "يجب أن يسمي السطر الأول الأعمدة kind,class");
        throw mistakes.refused();
      }
    }

    private void rule(CsvRecord row) {
      var pattern = pattern(row);
      var word = cell(row, "class");
      if (word.equals("ignore")) {
        rules.add(new Ignored(pattern));
        return;
      }
      var priority = Priority.of(word);
      if (priority.isEmpty()) {
        wrong(
            row,
            "class",
            "write life, urgent, planned or ignore",
            "اكتب life أو urgent أو planned");
        return;
      }
      var people = number(row, "people", PEOPLE_MAX);
      var within = number(row, "within_min", MINUTES_MAX).map(Duration::ofMinutes);
      var lasts = number(row, "lasts_min", MINUTES_MAX).map(Duration::ofMinutes);
      rules.add(
          new Asked(
              pattern,
              priority.get(),
              skills(row),
              people,
              within.orElse(priority.get().fillWithin()),
              lasts.orElse(USUALLY_LASTS),
              title(row)));
    }

    private static final Duration USUALLY_LASTS = Duration.ofHours(3);

    private Pattern pattern(CsvRecord row) {
      try {
        return Kinds.pattern(cell(row, "kind"));
      } catch (PatternSyntaxException e) {
        wrong(row, "kind", "is no pattern: " + e.getDescription(), "نمط غير صالح");
        return Pattern.compile("");
      }
    }

    private Set<Skill> skills(CsvRecord row) {
      var skills = EnumSet.noneOf(Skill.class);
      for (var code : cell(row, "skills").split(";")) {
        if (!code.isBlank()) {
          Skill.of(code.strip())
              .ifPresentOrElse(
                  skills::add,
                  () ->
                      wrong(
                          row,
                          "skills",
                          "there is no skill '%s'; GET /api/skills lists them".formatted(code),
                          "لا توجد مهارة بهذا الرمز"));
        }
      }
      return skills;
    }

    private Optional<Integer> number(CsvRecord row, String column, int most) {
      var written = cell(row, column);
      if (written.isEmpty()) {
        return Optional.empty();
      }
      if (written.matches("[0-9]{1,6}")) {
        int number = Integer.parseInt(written);
        if (number >= 1 && number <= most) {
          return Optional.of(number);
        }
      }
      wrong(
          row,
          column,
          "must be a whole number from 1 to " + most,
          "يجب أن يكون عددًا صحيحًا من 1 إلى " + most);
      return Optional.empty();
    }

    private Title title(CsvRecord row) {
      var en = cell(row, "title_en");
      var ar = cell(row, "title_ar");
      return new Title(ar.isEmpty() ? "مساعدة" : ar, en.isEmpty() ? "Help" : en);
    }

    private void wrong(CsvRecord row, String column, String en, String ar) {
      mistakes.add(row.getStartingLineNumber(), column, cell(row, column), en, ar);
    }

    private String cell(CsvRecord row, String column) {
      int at = header.indexOf(column);
      return at < 0 || at >= row.getFieldCount() ? "" : row.getField(at).strip();
    }
  }
}
