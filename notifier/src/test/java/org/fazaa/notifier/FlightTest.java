package org.fazaa.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.fazaa.notifier.carrier.Submission;
import org.junit.jupiter.api.Test;

class FlightTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Flight flight = new Flight(4, nanos::get);
  private final Deque<Promise<Submission>> underWay = new ArrayDeque<>();

  @Test
  void what_landed_is_looked_at_at_once_while_connections_are_free() {
    start(4);
    answer(1);
    assertThat(flight.isRipe()).isTrue();
    assertThat(flight.land()).hasSize(1);
    assertThat(flight.isRipe()).isFalse();
    assertThat(flight.room()).isGreaterThanOrEqualTo(1);
  }

  @Test
  void while_half_of_what_was_handed_over_ahead_still_waits_more_may_land() {
    start(4);
    answer(4);
    flight.land();
    assertThat(flight.room()).isEqualTo(8); // four for the connections, four ahead
    start(8);
    answer(1);
    assertThat(flight.stirred().isComplete()).isFalse();
    assertThat(flight.isRipe()).isFalse();
    answer(1);
    assertThat(flight.stirred().isComplete()).isTrue();
    assertThat(flight.land()).hasSize(2);
  }

  @Test
  void what_landed_is_written_down_before_long_however_much_is_still_to_land() {
    start(4);
    answer(4);
    flight.land();
    flight.room();
    start(8);
    answer(1);
    nanos.addAndGet(Duration.ofMillis(99).toNanos());
    assertThat(flight.isRipe()).isFalse();
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    assertThat(flight.isRipe()).isTrue();
  }

  @Test
  void the_last_one_to_land_is_always_seen() {
    start(4);
    answer(4);
    flight.land();
    flight.room();
    start(2);
    answer(2);
    assertThat(flight.isRipe()).isTrue();
    assertThat(flight.land()).hasSize(2);
    assertThat(flight.isEmpty()).isTrue();
  }

  @Test
  void what_could_not_be_written_down_lands_again() {
    start(2);
    answer(2);
    var landed = flight.land();
    assertThat(flight.isEmpty()).isTrue();
    flight.again(landed);
    assertThat(flight.isRipe()).isTrue();
    assertThat(flight.land()).isEqualTo(landed);
  }

  @Test
  void who_is_under_way_is_counted_for_each_lane() {
    start(3);
    assertThat(flight.underWay("+15005550006")).isEqualTo(3);
    assertThat(flight.underWay("another")).isZero();
    answer(1);
    assertThat(flight.underWay("+15005550006")).isEqualTo(3); // nobody has looked at it
    flight.land();
    assertThat(flight.underWay("+15005550006")).isEqualTo(2);
  }

  private void start(int texts) {
    for (int i = 0; i < texts; i++) {
      var promise = Promise.<Submission>promise();
      underWay.add(promise);
      var text = Sample.text(MessageClass.SERVICE, Occasion.ASK, Instant.MAX);
      flight.add(new Flight.Started(i, text, 0, 0, Instant.EPOCH), promise.future());
    }
  }

  private void answer(int texts) {
    for (int i = 0; i < texts; i++) {
      underWay.remove().complete(new Submission.Accepted("SM" + i));
    }
  }
}
