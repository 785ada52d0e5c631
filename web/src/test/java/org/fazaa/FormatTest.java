package org.fazaa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nobody argues about form: google-java-format decides. It runs here because it parses with the
 * compiler of the JDK it runs on, and tests run on the newest while Maven may run on an older one.
 */
class FormatTest {

  @Test
  void everyJavaSourceIsFormatted() {
    var files =
        Sources.matching("*/src/*/java/**.java").stream()
            .map(source -> Sources.ROOT.resolve(source.path()).toString())
            .toList();

    assertThat(unformatted(files)).as("not formatted; ./fazaa format mends them").isEmpty();
  }

  @Test
  void anUnformattedSourceIsNamed(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("Odd.java"), "class Odd{int  a;}\n");

    assertThat(unformatted(List.of(file.toString()))).containsExactly(file.toString());
  }

  private static List<String> unformatted(List<String> files) {
    var formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
    var arguments = new ArrayList<>(List.of("--dry-run"));
    arguments.addAll(files);
    var out = new StringWriter();
    var errors = new StringWriter();
    formatter.run(new PrintWriter(out), new PrintWriter(errors), arguments.toArray(String[]::new));
    assertThat(errors.toString()).as("the formatter could not read").isEmpty();
    return out.toString().lines().toList();
  }
}
