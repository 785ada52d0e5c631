package org.fazaa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.fazaa.Sources.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of faults and attacks name tests that exist, and every one that is tested. */
class FaultTableTest {
  private static final Pattern ROW =
      Pattern.compile("\\| ([FS]\\d+) \\|.*\\| `(\\w+)#(\\w+)` \\| (everyday|soak) \\|");
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"([FS]\\d+)\"\\)");
  private static final Pattern ANY_TAG = Pattern.compile("@Tag\\(\"(\\w+)\"\\)");
  private static final List<Source> TESTS = Sources.matching("*/src/test/java/**Test.java");

  record Row(String fault, String type, String method, boolean soak) {}

  static List<Row> rows() {
    return Sources.read(Path.of("docs/faults.md")).lines().stream()
        .map(ROW::matcher)
        .filter(found -> found.find())
        .map(
            found ->
                new Row(
                    found.group(1), found.group(2), found.group(3), found.group(4).equals("soak")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theTestOfARowExistsAndCarriesItsTag(Row row) {
    var type = find(row.type, row.method).orElseThrow();
    var tags = tags(type, row.method);
    assertThat(tags).as("tags of %s", row).contains(row.fault);
    assertThat(tags.contains("soak")).as("soak").isEqualTo(row.soak);
  }

  @Test
  void everyLineOfTheTableIsARow() {
    var lines =
        Sources.read(Path.of("docs/faults.md")).lines().stream()
            .filter(line -> line.matches("\\| [FS]\\d.*"));
    assertThat(lines.count()).isEqualTo(rows().size());
  }

  @Test
  void everyTagHasARow() {
    var tagged =
        TESTS.stream()
            .flatMap(test -> TAG.matcher(test.text()).results().map(found -> found.group(1)))
            .collect(Collectors.toSet());
    assertThat(rows()).extracting(Row::fault).containsAll(tagged);
  }

  private static Optional<Source> find(String type, String method) {
    return TESTS.stream()
        .filter(source -> name(source).equals(type))
        .filter(source -> has(source, method) || inherits(source, method))
        .findFirst();
  }

  private static boolean has(Source source, String method) {
    return source.text().contains("void " + method + "(");
  }

  /** Those of the method and those of its class; an inherited method has those of the class. */
  private static Set<String> tags(Source type, String method) {
    var above = "((?:@\\w+(?:\\([^)]*\\))?\\s+)*)";
    var ofMethod = Pattern.compile(above + "void " + method + "\\(").matcher(type.text());
    var ofClass = Pattern.compile(above + "(?:public )?class " + name(type)).matcher(type.text());
    assertThat(ofClass.find()).as(type.path().toString()).isTrue();
    var written = new StringBuilder(ofClass.group(1));
    if (ofMethod.find()) written.append(ofMethod.group(1));
    return ANY_TAG
        .matcher(written)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  private static boolean inherits(Source type, String method) {
    var parent = Pattern.compile("class \\w+ extends (\\w+)").matcher(type.text());
    return parent.find() && find(parent.group(1), method).isPresent();
  }

  private static String name(Source type) {
    return type.path().getFileName().toString().replace(".java", "");
  }
}
