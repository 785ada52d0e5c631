package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Optional;

/**
 * How far somebody has come who was asked, and what else they said when they answered.
 *
 * @param eta when they say that they will be there
 * @param onWay when they said that they had set out
 * @param arrived when they said that they were there
 * @param left when they said that they had finished or left
 * @param party how many come, they among them, when they said that they bring others
 * @param leaning a soft yes: they were asked for a time and have no place
 * @param lastResort they come only if nobody else is left
 */
public record Journey(
    Optional<Instant> eta,
    Optional<Instant> onWay,
    Optional<Instant> arrived,
    Optional<Instant> left,
    Optional<Integer> party,
    boolean leaning,
    boolean lastResort) {

  static final Journey NONE =
      new Journey(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          false);

  Journey expected(Instant at) {
    return new Journey(Optional.of(at), onWay, arrived, left, party, false, lastResort);
  }

  Journey setOut(Instant now) {
    return new Journey(eta, Optional.of(now), arrived, left, party, false, false);
  }

  Journey arrive(Instant now) {
    return new Journey(eta, onWay, Optional.of(now), left, party, false, false);
  }

  Journey leave(Instant now) {
    return new Journey(eta, onWay, arrived, Optional.of(now), party, false, false);
  }

  Journey with(int people) {
    return new Journey(eta, onWay, arrived, left, Optional.of(people), leaning, lastResort);
  }

  Journey lean() {
    return new Journey(eta, onWay, arrived, left, party, true, lastResort);
  }

  Journey asLast() {
    return new Journey(eta, onWay, arrived, left, party, false, true);
  }

  /** The columns that {@link #of} reads, from offer {@code o}. */
  static final String COLUMNS =
      "o.eta_at, o.on_way_at, o.arrived_at, o.left_at, o.party, o.leaning, o.last_resort";

  static Journey of(Row row) {
    return new Journey(
        at(row, "eta_at"),
        at(row, "on_way_at"),
        at(row, "arrived_at"),
        at(row, "left_at"),
        Optional.ofNullable(row.getInteger("party")),
        row.getBoolean("leaning"),
        row.getBoolean("last_resort"));
  }

  private static Optional<Instant> at(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(at -> at.toInstant());
  }
}
