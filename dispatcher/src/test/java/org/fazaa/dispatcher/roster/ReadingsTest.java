package org.fazaa.dispatcher.roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.people.VolunteerId;
import org.junit.jupiter.api.Test;

class ReadingsTest {
  private static final long HUDA = 1;

  private final Roster roster = new Roster();
  private final Readings readings = new Readings(roster);

  @Test
  void whatIsReadLaterIsNotUndoneByASlowReading() {
    loadEverybodyAt(46);
    var slow = readings.begin(Set.of(HUDA));
    var quick = readings.begin(Set.of(HUDA));
    readings.take(quick, at(48));
    readings.end(quick);
    readings.take(slow, at(47));
    readings.end(slow);

    assertThat(lon()).contains(48.0);
  }

  @Test
  void whoIsGoneDoesNotComeBack() {
    loadEverybodyAt(46);
    var slow = readings.begin(Set.of(HUDA));
    var quick = readings.begin(Set.of(HUDA));
    readings.take(quick, Map.of());
    readings.take(slow, at(47));

    assertThat(lon()).isEmpty();
  }

  @Test
  void whatIsReadWhileEverybodyIsReadIsKnownThenAndAfterwards() {
    loadEverybodyAt(46);
    var everybody = readings.beginAll();
    var one = readings.begin(Set.of(HUDA));
    readings.take(one, at(48));
    readings.end(one);
    assertThat(lon()).contains(48.0);

    replace(everybody, 47);
    assertThat(lon()).contains(48.0);
  }

  @Test
  void whatWasAskedForBeforeEverybodyWasReadIsOutOfDate() {
    loadEverybodyAt(46);
    var slow = readings.begin(Set.of(HUDA));
    loadEverybodyAt(47);
    readings.take(slow, at(45));

    assertThat(lon()).contains(47.0);
  }

  @Test
  void aReadingThatBeganBeforeCountsUntilEverybodyHasBeenRead() {
    loadEverybodyAt(46);
    var early = readings.begin(Set.of(HUDA));
    var everybody = readings.beginAll();
    readings.take(early, at(47));
    assertThat(lon()).contains(47.0);

    replace(everybody, 48);
    assertThat(lon()).contains(48.0);
  }

  @Test
  void whatAStatementWroteIsNewerThanASlowReadingThatBeganBeforeIt() {
    loadEverybodyAt(46);
    var slow = readings.begin(Set.of(HUDA));
    var writing = readings.begin(Set.of(HUDA));
    assertThat(readings.takeWritten(writing, at(48))).isEmpty();
    readings.end(writing);
    readings.take(slow, at(47));

    assertThat(lon()).contains(48.0);
  }

  @Test
  void whomAnotherReadSinceAStatementBeganIsToBeReadAgain() {
    loadEverybodyAt(46);
    var writing = readings.begin(Set.of(HUDA));
    var later = readings.begin(Set.of(HUDA));
    assertThat(readings.takeWritten(writing, at(47))).as("under way").containsExactly(HUDA);
    readings.take(later, at(48));
    readings.end(later);
    assertThat(readings.takeWritten(writing, at(47))).as("taken").containsExactly(HUDA);
    assertThat(lon()).contains(48.0);

    var everybody = readings.beginAll();
    var other = readings.begin(Set.of(HUDA));
    assertThat(readings.takeWritten(other, at(49))).as("all under way").containsExactly(HUDA);
    replace(everybody, 50);
    assertThat(readings.takeWritten(writing, at(47))).as("all taken").containsExactly(HUDA);
    assertThat(lon()).contains(50.0);
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
