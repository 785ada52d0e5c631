package org.fazaa.dispatcher.rehearsal;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.rehearsal.Columns.Part;

/** Reads a file of incidents. A row that cannot be understood refuses the whole file. */
record Incidents(List<String> header, List<Incident> list) {
  private static final int ROWS_MAX = 2_000_000;
  private static final int PEOPLE_MAX = 500;

  /** The incidents of a file in the order in which they happened. */
  static Incidents read(Path file, String columns, Optional<ZoneId> zone) {
    var mistakes = Refused.Mistakes.in(file);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      mistakes.add(
          "there is no file of this name that can be read", "لا يوجد ملف مقروء بهذا الاسم");
      throw mistakes.refused();
    }
    try (var csv =
        CsvReader.builder()
            .fieldSeparator(separator(file))
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .detectBomHeader(true)
            .ofCsvRecord(file)) {
      return new Reading(mistakes, zone).read(csv, columns);
    } catch (CsvParseException | UncheckedIOException e) {
      var why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      mistakes.add("is not a CSV file: " + why, "ليس ملف CSV");
      throw mistakes.refused();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Comma, semicolon or tab: whichever the first line has most of. */
  private static char separator(Path file) throws IOException {
    try (var reader = Files.newBufferedReader(file)) {
      var first = reader.readLine();
      var counted = Comparator.<Character>comparingLong(c -> count(first, c));
      return first == null ? ',' : List.of('\t', ';', ',').stream().max(counted).orElse(',');
    }
  }

  private static long count(String line, char separator) {
    return line.chars().filter(c -> c == separator).count();
  }

  /** One pass over a file, collecting mistakes instead of stopping at the first. */
  private static final class Reading {
    private final Refused.Mistakes mistakes;
    private final Optional<ZoneId> zone;
    private final List<Incident> list = new ArrayList<>();
    private List<String> header;
    private Columns columns;

    Reading(Refused.Mistakes mistakes, Optional<ZoneId> zone) {
      this.mistakes = mistakes;
      this.zone = zone;
    }

    Incidents read(Iterable<CsvRecord> rows, String written) {
      for (var row : rows) {
        if (header == null) {
          header = row.getFields().stream().map(String::strip).toList();
          columns = Columns.of(written, header, mistakes);
          mistakes.refuseIfAny();
        } else {
          incident(row);
        }
      }
      mistakes.refuseIfAny();
      if (header == null) {
        mistakes.add("is empty", "الملف فارغ");
      } else if (list.isEmpty()) {
        mistakes.add("has a header and no incidents", "لا يحتوي الملف على أي حادث");
      }
      mistakes.refuseIfAny();
      list.sort(Comparator.comparing(Incident::at).thenComparingLong(Incident::line));
      return new Incidents(header, List.copyOf(list));
    }

    private void incident(CsvRecord row) {
      var line = row.getStartingLineNumber();
      if (row.getFieldCount() != header.size()) {
        mistakes.add(
            line,
            "has %d columns, the first line has %d: mend the quotes or the separators"
                .formatted(row.getFieldCount(), header.size()),
            "عدد الأعمدة لا يطابق السطر الأول: صحّح علامات الاقتباس أو الفواصل");
        return;
      }
      if (list.size() == ROWS_MAX) {
        mistakes.add(line, "more than 2,000,000 incidents", "أكثر من مليوني حادث");
        throw mistakes.refused();
      }
      var at = time(row);
      var people = people(row);
      var lat = degrees(row, Part.LAT, 90);
      var lon = degrees(row, Part.LON, 180);
      var kind = columns.find(Part.KIND).map(name -> cell(row, name)).orElse("");
      if (at != null && people > 0 && !Double.isNaN(lat) && !Double.isNaN(lon)) {
        list.add(new Incident(line, at, kind, people, new Point(lon, lat)));
      }
    }

    private Instant time(CsvRecord row) {
      return switch (WrittenTime.read(cell(row, Part.TIME), zone)) {
        case WrittenTime.At(var instant) -> instant;
        case WrittenTime.WithoutZone() -> {
          wrong(
              row,
              Part.TIME,
              "is a local time: say where with --zone, for example --zone Asia/Riyadh",
              "توقيت محلي: حدّد المنطقة الزمنية بـ --zone مثل Asia/Riyadh");
          yield null;
        }
        case WrittenTime.Unreadable() -> {
          wrong(
              row,
              Part.TIME,
              "is not a time: write it as 2026-11-22T08:30:00Z or 2026-11-22 08:30:00",
              "ليس وقتًا: اكتبه مثل 2026-11-22T08:30:00Z");
          yield null;
        }
      };
    }

    // A feed that does not know writes nothing or 0: somebody is needed all the same.
    private int people(CsvRecord row) {
      var name = columns.find(Part.PEOPLE);
      var written = name.map(column -> cell(row, column)).orElse("");
      if (written.isEmpty()) {
        return 1;
      }
      var people = number(written);
      if (people >= 0 && people <= PEOPLE_MAX && people == Math.rint(people)) {
        return Math.max(1, (int) people);
      }
      wrong(
          row,
          Part.PEOPLE,
          "must be a whole number of people, at most " + PEOPLE_MAX,
          "يجب أن يكون عددًا صحيحًا من الأشخاص لا يزيد على " + PEOPLE_MAX);
      return 0;
    }

    private double degrees(CsvRecord row, Part part, int most) {
      var degrees = number(cell(row, part));
      if (Math.abs(degrees) <= most) {
        return degrees;
      }
      wrong(
          row,
          part,
          "must be degrees from -%d to %d".formatted(most, most),
          "يجب أن يكون درجات من -%d إلى %d".formatted(most, most));
      return Double.NaN;
    }

    private static double number(String written) {
      try {
        return Double.parseDouble(written);
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }

    private void wrong(CsvRecord row, Part part, String en, String ar) {
      var column = columns.find(part).orElseThrow();
      mistakes.add(row.getStartingLineNumber(), column, cell(row, column), en, ar);
    }

    private String cell(CsvRecord row, Part part) {
      return cell(row, columns.find(part).orElseThrow());
    }

    private String cell(CsvRecord row, String column) {
      return row.getField(header.indexOf(column)).strip();
    }
  }
}
