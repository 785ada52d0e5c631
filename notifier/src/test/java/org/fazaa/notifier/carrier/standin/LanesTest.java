package org.fazaa.notifier.carrier.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final Instant NOW = Instant.parse("2026-11-20T09:00:00Z");
  private static final String FROM = "+15005550006";

  @Test
  void segmentsLeaveOneAfterAnotherAtTheRateOfTheirSender() {
    var lanes = new Lanes(2);
    lanes.take(FROM, 5, NOW);
    lanes.take(FROM, 1, NOW);

    assertThat(lanes.waitOf(FROM, NOW)).contains(Duration.ofSeconds(3));
    assertThat(lanes.waitOf(FROM, NOW.plusSeconds(2))).contains(Duration.ofSeconds(1));
    assertThat(lanes.waitOf(FROM, NOW.plusSeconds(60))).contains(Duration.ZERO);
    assertThat(lanes.waitOf("another", NOW)).contains(Duration.ZERO);
  }

  @Test
  void aQueueOfMoreThanTenHoursTakesNoMore() {
    var lanes = new Lanes(1);
    lanes.take(FROM, 36_000, NOW);
    assertThat(lanes.waitOf(FROM, NOW)).contains(Lanes.QUEUE_MAX);

    lanes.take(FROM, 1, NOW);

    assertThat(lanes.waitOf(FROM, NOW)).isEmpty();
    assertThat(lanes.waitOf(FROM, NOW.plusSeconds(1))).contains(Lanes.QUEUE_MAX);
  }

  @Test
  void withoutARateNobodyWaits() {
    var lanes = new Lanes(0);
    lanes.take(FROM, 1_000_000, NOW);

    assertThat(lanes.waitOf(FROM, NOW)).contains(Duration.ZERO);
  }
}
