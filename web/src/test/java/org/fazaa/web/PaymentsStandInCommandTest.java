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

class PaymentsStandInCommandTest {
  private final StringWriter err = new StringWriter();

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "--port, 70000",
    "--manner, cash",
    "--doubled, 101",
    "--lost, -1",
    "--late, -1",
    "--events-url, https://example.com/x"
  })
  void anOptionThatCannotBeUsedIsNamedInBothLanguagesAndNothingStarts(String option, String value) {
    assertThat(run(option, value)).isEqualTo(2);
    assertThat(err.toString().strip())
        .startsWith(option + ": ")
        .contains(" · ")
        .containsPattern("\\p{InArabic}")
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
    try (var child = ChildJvm.start(Fazaa.class, Map.of(), "payments-stand-in", "--port", "0")) {
      var ready = child.awaitLine("is ready");
      var setting = "FAZAA_PAYMENTS_URL=";
      var base = child.awaitLine(setting).strip().substring(setting.length());
      assertThat(ready).contains(base + "/stand-in/payments");
      var request = HttpRequest.newBuilder(URI.create(base + "/stand-in/payments")).build();
      var report = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      assertThat(report.body()).contains("\"payments\":[]");
    }
  }

  private int run(String... arguments) {
    var command = Stream.concat(Stream.of("payments-stand-in"), Stream.of(arguments));
    return Fazaa.commandLine()
        .setErr(new PrintWriter(err, true))
        .execute(command.toArray(String[]::new));
  }
}
