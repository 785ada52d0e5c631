package org.fazaa.dispatcher.people;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which column is which in a file of volunteers, by its first line; their order is free. */
record CsvColumns(List<String> names) {

  sealed interface Reading {
    record Sound(CsvColumns columns) implements Reading {}

    record Flawed(List<Flaw> flaws) implements Reading {}
  }

  /** Separates the codes in one cell. */
  static final String MANY = ";";

  static final List<String> REQUIRED = List.of("name", "phone", "language", "skills", "lon", "lat");
  static final List<String> OF_PROFILE =
      List.of("languages", "born", "hours", "organisation", "consent", "ways");
  static final String QUALIFICATIONS = "qualifications";
  static final List<String> OPTIONAL =
      Stream.concat(OF_PROFILE.stream(), Stream.of(QUALIFICATIONS)).toList();

  private static final Set<String> YES = Set.of("yes", "true", "1", "نعم");
  private static final Set<String> NO = Set.of("no", "false", "0", "لا", "");

  static Reading read(List<String> header) {
    var names = header.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    var flaws = new ArrayList<Flaw>();
    var seen = new HashSet<String>();
    for (var name : REQUIRED) {
      if (!names.contains(name)) flaws.add(Flaws.missingColumn(name));
    }
    for (var name : names) {
      if (!REQUIRED.contains(name) && !OPTIONAL.contains(name)) {
        flaws.add(Flaws.unknownColumn(name));
      } else if (!seen.add(name)) {
        flaws.add(Flaws.doubleColumn(name));
      }
    }
    return flaws.isEmpty()
        ? new Reading.Sound(new CsvColumns(names))
        : new Reading.Flawed(List.copyOf(flaws));
  }

  int count() {
    return names.size();
  }

  boolean has(String name) {
    return names.contains(name);
  }

  /** Counted from 1, as spreadsheets do; the first for what concerns the whole line. */
  int number(String name) {
    return Math.max(names.indexOf(name), 0) + 1;
  }

  /** What stands there; empty where the file has no such column. */
  String text(CsvRecord line, String name) {
    var index = names.indexOf(name);
    return index < 0 ? "" : line.getField(index);
  }

  List<String> codes(CsvRecord line, String name) {
    return Stream.of(text(line, name).toLowerCase(Locale.ROOT).split(MANY))
        .filter(code -> !code.isBlank())
        .toList();
  }

  boolean isYes(CsvRecord line, String name) {
    return YES.contains(text(line, name).strip().toLowerCase(Locale.ROOT));
  }

  /** What is wrong with the line as such, before anybody reads what it says. */
  Optional<Flaw> flaw(CsvRecord line) {
    if (line.getFieldCount() != count()) {
      return Optional.of(Flaws.columns(line.getFieldCount(), count()));
    }
    for (var name : names) {
      // What a reader of UTF-8 leaves where the bytes were something else.
      if (text(line, name).indexOf('\uFFFD') >= 0) return Optional.of(Flaws.notUtf8(name));
    }
    var consent = text(line, "consent").strip().toLowerCase(Locale.ROOT);
    if (has("consent") && !YES.contains(consent) && !NO.contains(consent)) {
      return Optional.of(Flaws.CONSENT);
    }
    return Optional.empty();
  }
}
