package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Stream;
import org.fazaa.config.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioStandInCommandTest {
  private final StringWriter err = new StringWriter();

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "--port, 70000",
    "--speed, 0",
    "--rate, -1",
    "--segment-cost, -1",
    "--faults, 503",
    "--faults, '503=0.7,500=0.7'",
    "--answers, perhaps=1",
    "--delivery, soon",
    "--latency, 5y",
    "--reply-url, ftp://127.0.0.1/x",
    "--fallback-url, /x",
    "--account, AC1",
    "--auth-token, ''"
  })
  void anOptionThatCannotBeUsedIsNamedInBothLanguagesAndNothingStarts(String option, String value) {
    assertThat(run(option, value)).isEqualTo(2);
    assertThat(err.toString().strip())
        .startsWith(option + ": ")
        .contains(" · ")
        .containsPattern("\\p{InArabic}")
        .doesNotContain("\n");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"--port, many", "--seed, x", "--reply-url, 'http://a b'", "--nothing, 1"})
  void whatIsNoOptionIsSaidInBothLanguagesToo(String option, String value) {
    assertThat(run(option, value)).isEqualTo(2);
    assertThat(err.toString().strip())
        .contains(option)
        .contains("خيار لا يُقبل")
        .doesNotContain("\n");
  }

  @Test
  void aTakenPortIsSaid() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(run("--port", Integer.toString(taken.getLocalPort()))).isEqualTo(2);
      assertThat(err.toString()).contains("taken").contains("مشغول");
    }
  }

  @Test
  void itSaysWhereItIsAndWhatToSetAndServesUntilItIsStopped() throws Exception {
    try (var child = ChildJvm.start(Fazaa.class, Map.of(), "twilio-stand-in", "--port", "0")) {
      var ready = child.awaitLine("is ready");
      child.awaitLine("TWILIO_AUTH_TOKEN=token");
      var base = child.awaitLine("TWILIO_BASE_URL=").strip().substring("TWILIO_BASE_URL=".length());
      assertThat(ready).contains(base + "/stand-in/report");
      var request = HttpRequest.newBuilder(URI.create(base + "/stand-in/report")).build();
      var report = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      assertThat(report.body()).contains("\"posts\":0");
    }
  }

  private int run(String... arguments) {
    var command = Stream.concat(Stream.of("twilio-stand-in"), Stream.of(arguments));
    return Fazaa.commandLine()
        .setErr(new PrintWriter(err, true))
        .execute(command.toArray(String[]::new));
  }
}
