package org.fazaa.dispatcher.rehearsal;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which column of an incident file says what. */
record Columns(Map<Part, String> names) {

  /**
   * What can be read from an incident. Only a feed of one kind, or of one person each, lacks one.
   */
  enum Part {
    TIME(true, "time", "created", "datetime", "timestamp", "date", "call_time", "created_at"),
    KIND(false, "kind", "type", "category", "categories", "incident_type", "event", "code"),
    PEOPLE(false, "people", "units", "units_max", "persons", "count"),
    LAT(true, "lat", "latitude", "y"),
    LON(true, "lon", "lng", "long", "longitude", "x");

    private final boolean needed;
    private final List<String> usual;

    Part(boolean needed, String... usual) {
      this.needed = needed;
      this.usual = List.of(usual);
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    // The usual name itself before a name that only begins with it, such as created_local.
    private Optional<String> guess(List<String> header) {
      for (var name : usual) {
        var exact = header.stream().filter(name::equalsIgnoreCase).findFirst();
        if (exact.isPresent()) {
          return exact;
        }
      }
      return usual.stream()
          .flatMap(
              name ->
                  header.stream()
                      .filter(column -> column.toLowerCase(Locale.ROOT).startsWith(name + "_")))
          .findFirst();
    }
  }

  Optional<String> find(Part part) {
    return Optional.ofNullable(names.get(part));
  }

  /** Reads {@code time=call_time_utc,kind=type,…}; whatever it leaves out is guessed. */
  static Columns of(String written, List<String> header, Refused.Mistakes mistakes) {
    var names = parse(written, mistakes);
    for (var part : Part.values()) {
      var name = names.get(part);
      if (name == null) {
        guess(part, header, names, mistakes);
      } else if (!header.contains(name)) {
        mistakes.add(
            "line 1 has no column '%s' (asked for as %s); its columns are %s"
                .formatted(name, part.word(), String.join(", ", header)),
            "لا يوجد عمود بهذا الاسم: صحّح --columns");
      }
    }
    return new Columns(names);
  }

  private static Map<Part, String> parse(String written, Refused.Mistakes mistakes) {
    var names = new EnumMap<Part, String>(Part.class);
    for (var pair : written.isBlank() ? new String[0] : written.split(",")) {
      var sides = pair.strip().split("=", 2);
      var part = part(sides[0]);
      if (part.isEmpty() || sides.length < 2 || sides[1].isBlank()) {
        mistakes.add(
            "--columns cannot be read at '%s': write time=…,kind=…,people=…,lat=…,lon=…"
                .formatted(pair),
            "اكتب --columns بالشكل time=…,kind=…,people=…,lat=…,lon=…");
      } else if (names.put(part.get(), sides[1].strip()) != null) {
        mistakes.add(
            "--columns names %s twice".formatted(sides[0]), "ورد العمود مرتين في --columns");
      }
    }
    return names;
  }

  private static Optional<Part> part(String word) {
    for (var part : Part.values()) {
      if (part.word().equals(word.strip().toLowerCase(Locale.ROOT))) {
        return Optional.of(part);
      }
    }
    return Optional.empty();
  }

  private static void guess(
      Part part, List<String> header, Map<Part, String> names, Refused.Mistakes mistakes) {
    var guessed = part.guess(header);
    if (guessed.isPresent()) {
      names.put(part, guessed.get());
    } else if (part.needed) {
      mistakes.add(
          "line 1 has no column that is plainly the %s: name it with --columns %s=…; it has %s"
              .formatted(part.word(), part.word(), String.join(", ", header)),
          "لم يُعرف عمود %s: سمّه في --columns".formatted(part.word()));
    }
  }
}
