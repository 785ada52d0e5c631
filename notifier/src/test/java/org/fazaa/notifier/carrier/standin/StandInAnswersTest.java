package org.fazaa.notifier.carrier.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.fazaa.notifier.carrier.standin.Answers.Said;
import org.fazaa.notifier.reply.Meaning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandInAnswersTest {
  private static final String ASKED = "Can you come? Reply 1 yes or 2 no. Code F7K2";

  private final RandomGenerator random = new SplittableRandom(1);

  @ParameterizedTest
  @CsvSource({"yes=1, YES", "no=1, NO", "stop=1, STOP"})
  void whatSomebodySaysIsReadAsWhatTheyMean(String answers, Meaning meaning) {
    for (var text : new String[] {ASKED, "تجي؟ رد ١ نعم ٢ لا، رمز F7K2"}) {
      for (int i = 0; i < 200; i++) {
        var said = said(answers, text).orElseThrow().body();
        assertThat(Meaning.read(said).meaning()).as(said).isIn(meaning, alsoSaid(meaning));
      }
    }
  }

  /** Whoever says that they have set out says yes, too. */
  private static Meaning alsoSaid(Meaning meaning) {
    return meaning == Meaning.YES ? Meaning.ON_MY_WAY : meaning;
  }

  @Test
  void someNameTheCodeAndSomeDoNot() {
    var coded =
        IntStream.range(0, 200)
            .mapToObj(i -> said("yes=1", ASKED).orElseThrow().body())
            .filter(body -> body.endsWith(" F7K2"))
            .count();

    assertThat(coded).isBetween(70L, 130L);
  }

  @Test
  void theRestStaySilentAndSoDoesEverybodyWhoIsNotAsked() {
    var answered =
        IntStream.range(0, 1_000).filter(i -> said("yes=0.3,no=0.2", ASKED).isPresent()).count();

    assertThat(answered).isBetween(440L, 560L);
    assertThat(said("yes=1", "You have a place. Code F7K2")).isEmpty();
    assertThat(said("", ASKED)).isEmpty();
    assertThat(said("silent=1", ASKED)).isEmpty();
  }

  @Test
  void peopleTakeTheirTimeAndAllAreFasterByTheSpeed() {
    for (int i = 0; i < 200; i++) {
      var after = said("yes=1", ASKED).orElseThrow().after();
      assertThat(after).isBetween(Duration.ofSeconds(2), Duration.ofHours(2).dividedBy(10));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "yes=2", "maybe=0.1", "yes=0.6,no=0.6"})
  void whatCannotBeReadIsRefused(String written) {
    assertThatThrownBy(() -> Answers.parse(written)).isInstanceOf(Faults.Invalid.class);
  }

  private Optional<Said> said(String answers, String text) {
    return Answers.parse(answers).to(text, 10, random);
  }
}
