package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.rehearsal.Draws.About;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static final int MANY = 20_000;

  @Test
  void whatIsDrawnHangsOnTheSeedAndOnWhatItIsAbout() {
    var first = Draws.of(1, About.REACTION, 5, 7).nextLong();

    assertThat(Draws.of(1, About.REACTION, 5, 7).nextLong()).isEqualTo(first);
    assertThat(Draws.of(2, About.REACTION, 5, 7).nextLong()).isNotEqualTo(first);
    assertThat(Draws.of(1, About.TRUTH, 5, 7).nextLong()).isNotEqualTo(first);
    assertThat(Draws.of(1, About.REACTION, 7, 5).nextLong()).isNotEqualTo(first);
  }

  @Test
  void neighbouringPeopleAreUnlikeEachOther() {
    var mean = people().mapToDouble(one -> Draws.of(1, About.TRUTH, one).nextDouble()).average();

    assertThat(mean).hasValueCloseTo(0.5, within(0.01));
  }

  @Test
  void willingnessAndDelaysHaveTheirShapes() {
    var willing = people().mapToDouble(one -> Draws.beta(1.2, 6.8, Draws.of(1, About.TRUTH, one)));
    var delays =
        people()
            .mapToDouble(one -> Draws.lognormal(240, 1.2, Draws.of(1, About.REACTION, one)))
            .sorted()
            .toArray();

    assertThat(willing.average()).hasValueCloseTo(0.15, within(0.005));
    assertThat(delays[MANY / 2]).isCloseTo(240, within(10.0));
    assertThat(delays[MANY * 95 / 100]).isCloseTo(240 * Math.exp(1.2 * 1.645), within(120.0));
  }

  @Test
  void peopleLiveAroundWhatHappensAndNeverOffTheEarth() {
    var jeddah = new Point(39.2, 21.5);
    var km =
        people()
            .mapToDouble(
                one ->
                    SyntheticVolunteers.near(jeddah, Draws.of(1, About.PLACES, one)).kmTo(jeddah));

    assertThat(km.average()).hasValueCloseTo(4.0, within(0.2));
    var pole = SyntheticVolunteers.near(new Point(180, 90), Draws.of(1, About.PLACES, 3));
    assertThat(Point.isOnEarth(pole.lon(), pole.lat())).isTrue();
  }

  private static LongStream people() {
    return LongStream.range(0, MANY);
  }
}
