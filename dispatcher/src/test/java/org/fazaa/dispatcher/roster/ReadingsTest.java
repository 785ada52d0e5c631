package org.fazaa.dispatcher.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.dispatcher.people.VolunteerId;
import org.junit.jupiter.api.Test;

class ReadingsTest {
  private static final long HUDA = 1;

  private final Roster roster = new Roster();
  private final Readings readings = new Readings(roster);

  @Test
  void whatIsReadLaterIsNotUndoneByASlowReading() {
    loadEverybodyAt(46);
    var slow = readings.begin();
    var quick = readings.begin();
    readings.take(quick, List.of(HUDA), at(48));
    readings.end(quick);
    readings.take(slow, List.of(HUDA), at(47));
    readings.end(slow);

    assertThat(lon()).contains(48.0);
  }

  @Test
  void whoIsGoneDoesNotComeBack() {
    loadEverybodyAt(46);
    var slow = readings.begin();
    var quick = readings.begin();
    readings.take(quick, List.of(HUDA), Map.of());
    readings.take(slow, List.of(HUDA), at(47));

    assertThat(lon()).isEmpty();
  }

  @Test
  void whatIsReadWhileEverybodyIsReadIsKnownThenAndAfterwards() {
    loadEverybodyAt(46);
    var everybody = readings.beginAll();
    var one = readings.begin();
    readings.take(one, List.of(HUDA), at(48));
    readings.end(one);
    assertThat(lon()).contains(48.0);

    replace(everybody, 47);
    assertThat(lon()).contains(48.0);
  }

  @Test
  void whatWasAskedForBeforeEverybodyWasReadIsOutOfDate() {
    loadEverybodyAt(46);
    var slow = readings.begin();
    loadEverybodyAt(47);
    readings.take(slow, List.of(HUDA), at(45));

    assertThat(lon()).contains(47.0);
  }

  @Test
  void aReadingThatBeganBeforeCountsUntilEverybodyHasBeenRead() {
    loadEverybodyAt(46);
    var early = readings.begin();
    var everybody = readings.beginAll();
    readings.take(early, List.of(HUDA), at(47));
    assertThat(lon()).contains(47.0);

    replace(everybody, 48);
    assertThat(lon()).contains(48.0);
  }

  private void loadEverybodyAt(double lon) {
    replace(readings.beginAll(), lon);
  }

  private void replace(long reading, double lon) {
    var everybody = new Grid();
    everybody.change(at(lon).values(), List.of());
    readings.replace(reading, everybody);
    readings.end(reading);
  }

  private static Map<Long, Person> at(double lon) {
    return Map.of(HUDA, People.plain(HUDA, lon, 24));
  }

  private Optional<Double> lon() {
    return roster.find(new VolunteerId(HUDA)).map(one -> one.place().lon());
  }
}
