package org.fazaa.dispatcher.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.VolunteerId;
import org.junit.jupiter.api.Test;

class PackedTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00.123456789Z");
  private static final Packed<Policy.Board> BOARDS = new Packed<>(Policy.Board.class);

  /** Every kind of component that a board may come to have. */
  private record Odd(
      double figure,
      Double maybe,
      long number,
      int small,
      boolean flag,
      String text,
      Instant at,
      Duration span,
      Priority priority,
      NeedId need,
      List<List<Double>> lists,
      Set<NeedId> set,
      Optional<Double> optional,
      Map<Priority, Delay> map,
      Inner inner) {}

  private record Inner(Double maybe, Optional<Inmost> inmost) {}

  private record Inmost(long number) {}

  private record Other(double figure) {}

  private static final Odd NOTHING =
      new Odd(-0.0, null, 0, 0, false, null, null, null, null, null, null, null, null, null, null);

  private static Odd odd() {
    var map = new LinkedHashMap<Priority, Delay>();
    map.put(Priority.LIFE, new Delay(1, 2.5));
    map.put(Priority.PLANNED, null);
    return new Odd(
        Double.NaN,
        0.1 + 0.2,
        Long.MIN_VALUE,
        Integer.MAX_VALUE,
        true,
        "فزعة",
        NOW,
        Duration.ofNanos(-1),
        Priority.URGENT,
        new NeedId(7),
        Arrays.asList(List.of(), Arrays.asList(1.0, null), null, List.of(1e300, -1.0)),
        Set.of(new NeedId(1), new NeedId(2)),
        Optional.of(Double.MIN_VALUE),
        map,
        new Inner(null, Optional.of(new Inmost(-5))));
  }

  @Test
  void whatIsWrittenIsReadToTheLastBit() {
    var packed = new Packed<>(Odd.class);

    assertThat(packed.read(packed.write(odd()))).isEqualTo(odd());
    assertThat(packed.read(packed.write(NOTHING))).isEqualTo(NOTHING);
  }

  @Test
  void randomBoardsAreReadAsTheyWereAndGiveTheSamePlan() {
    var random = new Random(11);
    for (var i = 0; i < 20; i++) {
      var board = board(random, 1 + random.nextInt(8), random.nextInt(60));
      var read = BOARDS.read(BOARDS.write(board));

      assertThat(read).isEqualTo(board);
      assertThat(Round.PRICED.decide(read)).isEqualTo(Round.PRICED.decide(board));
    }
  }

  @Test
  void everyDamagedByteIsFound() {
    var bytes = BOARDS.write(board(new Random(5), 2, 6));
    for (var at = 0; at < bytes.length; at++) {
      var damaged = bytes.clone();
      damaged[at] ^= 0x10;
      assertThatThrownBy(() -> BOARDS.read(damaged)).isInstanceOf(Packed.Unreadable.class);
      var cut = Arrays.copyOf(bytes, at);
      assertThatThrownBy(() -> BOARDS.read(cut)).isInstanceOf(Packed.Unreadable.class);
    }
    var longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> BOARDS.read(longer)).isInstanceOf(Packed.Unreadable.class);
  }

  @Test
  void anotherFormOrOtherFieldsAreRefusedByName() {
    var bytes = new Packed<>(Other.class).write(new Other(1));
    assertThatThrownBy(() -> BOARDS.read(bytes)).hasMessageContaining("other fields");
    bytes[0] = 9;
    assertThatThrownBy(() -> BOARDS.read(bytes)).hasMessageContaining("version 9");
  }

  static Policy.Board board(Random random, int needs, int options) {
    var lines = new ArrayList<Line>();
    for (var need = 1; need <= needs; need++) {
      var all = new ArrayList<Line.Option>();
      for (var i = 0; i < options; i++) all.add(option(random, 1 + random.nextInt(1_000_000)));
      lines.add(
          new Line(
              new NeedId(need),
              Priority.values()[random.nextInt(3)],
              random.nextInt(5),
              random.nextInt(3),
              random.nextDouble(),
              NOW.minusSeconds(random.nextInt(3_000)),
              NOW.plusSeconds(random.nextInt(9_000)),
              random.nextBoolean() ? null : NOW.minusMillis(random.nextInt(90_000)),
              Delay.FIRST,
              random.nextDouble(),
              random.nextDouble(),
              random.nextDouble(),
              Trust.NONE,
              List.of(waiting(random)),
              all));
    }
    return new Policy.Board(NOW, 2_000, random.nextLong(), lines);
  }

  private static Line.Waiting waiting(Random random) {
    var at = NOW.minusMillis(random.nextInt(9_999));
    return new Line.Waiting(random.nextDouble(), at, Delay.FIRST);
  }

  private static Line.Option option(Random random, long volunteer) {
    var km = 20 * random.nextDouble();
    var known = random.nextInt(3) == 0;
    var yes = known ? random.nextDouble() : 0;
    return new Line.Option(
        new VolunteerId(volunteer),
        km,
        random.nextDouble(),
        random.nextDouble(),
        random.nextInt(3),
        known ? random.nextDouble() : 0,
        yes,
        0,
        random.nextInt(9),
        Line.Holding.values()[random.nextInt(3)]);
  }
}
