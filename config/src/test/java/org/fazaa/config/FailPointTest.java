package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailPointTest {

  @Test
  void withoutThePropertyEveryPointIsPassedAndNobodyIsWarned() {
    for (var point : FailPoint.values()) {
      point.reach();
    }
    assertThat(FailPoint.warning(settings(Map.of()))).isEmpty();
  }

  @Test
  void theProcessSaysWhereItStandsAndStandsThereAtTheSetTime() {
    try (var child = start("AFTER_CLAIM:3")) {
      child.awaitLine("passed 2 times");
      assertThat(child.awaitLine("fail point")).isEqualTo("fail point AFTER_CLAIM");
      assertThat(child.said()).isEmpty();
    }
  }

  @Test
  void aPointThatDoesNotExistIsRefusedWithTheNamesThatDo() {
    try (var child = start("NOWHERE")) {
      assertThat(child.awaitLine("fazaa.failPoint=NOWHERE")).contains("AFTER_CLAIM");
    }
  }

  @Test
  void aProcessThatWillStopSaysSoAndNeverMeetsARealCarrier() {
    try (var child = start("AFTER_POST")) {
      child.awaitLine("WARNING: fazaa.failPoint is set");
      child.awaitLine("refused: fazaa.failPoint is for tests");
    }
  }

  private static ChildJvm start(String point) {
    return ChildJvm.start(Child.class, Map.of(), List.of("-D" + FailPoint.PROPERTY + "=" + point));
  }

  private static Settings settings(Map<String, String> environment) {
    return Settings.load(environment, Path.of("none.properties"));
  }

  /** Passes another point, then comes to the first one three times. */
  static final class Child {
    public static void main(String[] arguments) {
      System.out.println(FailPoint.warning(settings(carrier("http://127.0.0.1:1"))).orElseThrow());
      assertThatThrownBy(() -> FailPoint.warning(settings(carrier("https://api.twilio.com"))))
          .isInstanceOf(Settings.Invalid.class)
          .satisfies(refused -> System.out.println("refused: " + refused.getMessage()));
      FailPoint.BEFORE_POST.reach();
      FailPoint.AFTER_CLAIM.reach();
      FailPoint.AFTER_CLAIM.reach();
      System.out.println("passed 2 times");
      FailPoint.AFTER_CLAIM.reach();
      System.out.println("passed it all");
    }

    private static Map<String, String> carrier(String address) {
      return Map.of(
          "TWILIO_ACCOUNT_SID", "AC1",
          "TWILIO_API_KEY", "SK1",
          "TWILIO_API_SECRET", "s",
          "TWILIO_AUTH_TOKEN", "t",
          "TWILIO_FROM", "+15005550006",
          "TWILIO_BASE_URL", address,
          "FAZAA_PUBLIC_URL", "http://127.0.0.1");
    }
  }
}
