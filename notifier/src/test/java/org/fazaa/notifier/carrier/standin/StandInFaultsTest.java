package org.fazaa.notifier.carrier.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fazaa.notifier.carrier.standin.Faults.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandInFaultsTest {

  @Test
  void whatIsWrittenIsReadAndWrittenAgain() {
    var faults = Faults.parse("accept-then-cut=0.01, 503=0.1,slow=0.05:14s,late-callbacks=0.1:2m");

    assertThat(faults.chances()).hasSize(4);
    assertThat(faults.after(Fault.SLOW)).isEqualTo(Duration.ofSeconds(14));
    assertThat(faults.after(Fault.LATE_CALLBACKS)).isEqualTo(Duration.ofMinutes(2));
    assertThat(Faults.parse(faults.toString())).isEqualTo(faults);
    assertThat(Faults.parse("")).isEqualTo(Faults.NONE);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyFaultHasAWordThatIsRead(Fault fault) {
    assertThat(Faults.parse(fault.word() + "=1").chances()).containsOnlyKeys(fault);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "503",
        "503=",
        "503=2",
        "503=-1",
        "503=a",
        "nothing=1",
        "503=0.5:x",
        "503=0.6,500=0.6",
        "slow=0.1:14 s",
        "503=0.1;500=0.1"
      })
  void whatCannotBeReadIsSaidInBothLanguages(String written) {
    assertThatThrownBy(() -> Faults.parse(written))
        .isInstanceOfSatisfying(
            Faults.Invalid.class,
            invalid -> {
              assertThat(invalid.english()).isNotBlank();
              assertThat(invalid.arabic()).containsPattern("\\p{InArabic}");
            });
  }

  @ParameterizedTest
  @CsvSource({"250ms, 250", "250, 250", "14s, 14000", "2m, 120000", "1h, 3600000"})
  void aWaitIsRead(String written, long millis) {
    assertThat(Faults.length(written)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void aFaultStrikesAsOftenAsItsShareSays() {
    var faults = Faults.parse("503=0.2,cut=0.1,lost-callbacks=0.9");
    var random = new SplittableRandom(1);
    var manners =
        IntStream.range(0, 10_000)
            .mapToObj(i -> faults.onPost(random))
            .collect(Collectors.groupingBy(Manner::getClass, Collectors.counting()));

    assertThat(manners)
        .containsOnlyKeys(Manner.Accept.class, Manner.Refuse.class, Manner.Cut.class);
    assertThat(manners.get(Manner.Refuse.class)).isBetween(1_850L, 2_150L);
    assertThat(manners.get(Manner.Cut.class)).isBetween(880L, 1_120L);
  }
}
