package org.fazaa.web;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.fazaa.config.TestNodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README tells a reader to type is typed here, as it stands, against the whole program.
 */
class ReadmeTourTest {
  private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  @TempDir Path folder;

  @Test
  void theTourFillsANeedAndPaysFromAGift() throws Exception {
    assumeTrue(canRun("curl"), "skipped: the tour needs curl");
    var settings =
        Map.of("FAZAA_DATA", folder.resolve("data").toString(), "FAZAA_SIMULATED_SPEED", "300");

    var port = TestNodes.freePort();
    String told;
    var running = RunningFazaa.start(port, settings);
    try {
      told = run("http://127.0.0.1:" + port);
    } finally {
      running.close();
    }

    assertThat(told)
        .contains("\"inserted\":60")
        .contains("\"candidates\":")
        .contains("\"state\":\"filled\"")
        .contains("\"state\":\"assigned\"")
        .contains("0 of 2 approvals")
        .contains("\"state\":\"paid\"")
        .contains("Warmth Society")
        .doesNotContain("\"status\":500")
        .doesNotContain("\"status\":400");
  }

  private String run(String address) throws IOException, InterruptedException {
    var script = Files.writeString(folder.resolve("tour.sh"), commands());
    var output = folder.resolve("tour.log").toFile();
    var bash = new ProcessBuilder("bash", "-eu", script.toString());
    bash.environment().put("at", address);
    bash.environment().put("FAZAA_ADMIN_TOKEN", RunningFazaa.ADMIN);
    var process = bash.redirectErrorStream(true).redirectOutput(output).start();
    assertThat(process.waitFor()).as(() -> read(output.toPath())).isZero();
    return read(output.toPath());
  }

  private static String commands() {
    var readme = read(Path.of("..", "README.md"));
    return COMMANDS.matcher(readme).results().map(found -> found.group(1)).collect(joining("\n"));
  }

  private static boolean canRun(String command) throws InterruptedException {
    try {
      return new ProcessBuilder(command, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
