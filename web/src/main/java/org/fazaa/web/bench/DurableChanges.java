package org.fazaa.web.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.fazaa.dispatcher.people.EditVolunteers;
import org.fazaa.dispatcher.people.EditVolunteers.Edit;
import org.fazaa.dispatcher.people.EditVolunteers.Outcome;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Week;

/**
 * Clients that each change one person's hours or position, wait until it is on the disk, and change
 * the next one.
 */
final class DurableChanges {
  private final int volunteers;
  private final List<Week> weeks;
  private final List<Point> places;

  DurableChanges(int volunteers, List<Week> weeks, List<Point> places) {
    this.volunteers = volunteers;
    this.weeks = weeks;
    this.places = places;
  }

  /** Through the program: the change is also seen by the next search. */
  Pace ours(EditVolunteers edits, int clients, Duration time) {
    return Pace.of(
        clients,
        time,
        client -> {
          var random = new Random(client);
          return number -> {
            var outcome = edits.run(edit(random, number)).await();
            if (!(outcome instanceof Outcome.Edited)) {
              throw new IllegalStateException("not edited: " + outcome);
            }
          };
        });
  }

  private Edit edit(Random random, int number) {
    var who = new VolunteerId(1 + random.nextInt(volunteers));
    return number % 2 == 0
        ? new Edit.Hours(who, weeks.get(random.nextInt(weeks.size())))
        : new Edit.Place(who, places.get(random.nextInt(places.size())));
  }

  /** The same by one UPDATE of one row for each, on a connection for each client. */
  Pace inSql(List<Connection> connections, Duration time) {
    return Pace.of(
        connections.size(), time, client -> inSql(connections.get(client), new Random(client)));
  }

  private IntConsumer inSql(Connection connection, Random random) {
    try {
      var setHours = connection.prepareStatement(SET_HOURS);
      var setPlace = connection.prepareStatement(SET_PLACE);
      return number -> {
        try {
          update(number % 2 == 0 ? hours(setHours, random) : place(setPlace, random), random);
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      };
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private PreparedStatement hours(PreparedStatement update, Random random) throws SQLException {
    SearchSql.setWeek(update, 1, weeks.get(random.nextInt(weeks.size())));
    return update;
  }

  private PreparedStatement place(PreparedStatement update, Random random) throws SQLException {
    var place = places.get(random.nextInt(places.size()));
    update.setDouble(1, place.lon());
    update.setDouble(2, place.lat());
    update.setInt(3, SearchSql.cell(place));
    return update;
  }

  private void update(PreparedStatement update, Random random) throws SQLException {
    update.setLong(4, 1 + random.nextInt(volunteers));
    if (update.executeUpdate() != 1) throw new IllegalStateException("nobody was updated");
  }

  static List<Connection> connect(BareBed bed, int clients) throws SQLException {
    var connections = new ArrayList<Connection>();
    for (var i = 0; i < clients; i++) connections.add(bed.owner());
    return connections;
  }

  private static final String SET_HOURS =
      "UPDATE bench.person SET h1 = ?, h2 = ?, h3 = ? WHERE id = ?";

  private static final String SET_PLACE =
      "UPDATE bench.person SET lon = ?, lat = ?, cell = ? WHERE id = ?";
}
