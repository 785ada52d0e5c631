package org.fazaa.dispatcher.callout;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.VolunteerId;

/** What was decided for a need, with a line for each person: read-only, newest first. */
public final class Decisions {
  public static final int PAGE_MAX = 200;

  private Decisions() {}

  /**
   * A decision.
   *
   * @param policy whose it was; {@code next} for somebody who had just said yes to a full need,
   *     {@code hand} for somebody who was phoned, {@code ring} and {@code person} for those whom a
   *     coordinator asked beside the rounds
   * @param why why nobody more was asked
   * @param expected how many yes were to be expected from everybody asked by then
   * @param reach how many could have been asked
   * @param wave which wave of the call-out it was or followed; empty when no round decided
   * @param round by which it can be replayed, if a round decided
   */
  public record Decision(
      long id,
      NeedId need,
      Instant at,
      String policy,
      String why,
      int asked,
      int open,
      double expected,
      int reach,
      boolean needsHuman,
      Optional<Integer> wave,
      Optional<Long> round,
      Title says,
      List<Person> people) {}

  /**
   * Somebody who was chosen, and why.
   *
   * @param offer empty when they were not asked after all
   */
  public record Person(
      VolunteerId volunteer,
      String name,
      Optional<OfferId> offer,
      Optional<Offer.State> state,
      Title why) {}

  /**
   * @param before only those older than this one; from the newest when empty
   */
  public static List<Decision> list(SqlClient conn, NeedId need, Optional<Long> before, int limit) {
    var of = Tuple.of(need.value(), before.orElse(Long.MAX_VALUE), Math.clamp(limit, 1, PAGE_MAX));
    return read(conn, LIST, of);
  }

  /** A decision by its number. */
  static Optional<Decision> find(SqlClient conn, long id) {
    return read(conn, FIND, Tuple.of(id)).stream().findFirst();
  }

  /** All that a round decided. */
  static List<Decision> ofRound(SqlClient conn, long round) {
    return read(conn, OF_ROUND, Tuple.of(round));
  }

  /** What was decided beside the rounds: one person was asked or entered. */
  static void write(
      SqlConnection tx,
      String policy,
      Need need,
      OfferId offer,
      Title says,
      Optional<Need> insteadOf,
      Instant now) {
    var row =
        Tuple.tuple()
            .addLong(need.id().value())
            .addOffsetDateTime(utc(now))
            .addString(policy)
            .addInteger(need.places())
            .addString(says.ar())
            .addString(says.en())
            .addInteger(need.people())
            .addLong(insteadOf.map(full -> full.id().value()).orElse(null))
            .addLong(offer.value());
    tx.preparedQuery(INSERT).execute(row).await();
  }

  private static List<Decision> read(SqlClient conn, String sql, Tuple of) {
    var rows = new ArrayList<Row>();
    conn.preparedQuery(sql).execute(of).await().forEach(rows::add);
    var ids = rows.stream().map(row -> row.getLong("id")).toArray(Long[]::new);
    var people = people(conn, ids);
    return rows.stream().map(row -> decision(row, people)).toList();
  }

  private static Map<Long, List<Person>> people(SqlClient conn, Long[] ids) {
    var people = new HashMap<Long, List<Person>>();
    var of = Tuple.of((Object) ids);
    for (var row : conn.preparedQuery(ASKED).execute(of).await()) {
      var offer = new OfferId(row.getLong("id"));
      var state = Offer.State.of(row.getString("state"));
      var person = person(row, Optional.of(offer), Optional.of(state), Why.of(row).says());
      people.computeIfAbsent(row.getLong("decision"), any -> new ArrayList<>()).add(person);
    }
    for (var row : conn.preparedQuery(NOT_ASKED).execute(of).await()) {
      var why = Says.Unasked.of(row.getString("why")).says();
      var person = person(row, Optional.empty(), Optional.empty(), why);
      people.computeIfAbsent(row.getLong("decision"), any -> new ArrayList<>()).add(person);
    }
    return people;
  }

  private static Person person(
      Row row, Optional<OfferId> offer, Optional<Offer.State> state, Title why) {
    var volunteer = new VolunteerId(row.getLong("volunteer"));
    return new Person(volunteer, row.getString("name"), offer, state, why);
  }

  private static Decision decision(Row row, Map<Long, List<Person>> people) {
    return new Decision(
        row.getLong("id"),
        new NeedId(row.getLong("need")),
        row.getOffsetDateTime("at").toInstant(),
        row.getString("policy"),
        row.getString("why"),
        row.getInteger("asked"),
        row.getInteger("open"),
        row.getDouble("expected"),
        row.getInteger("reach"),
        row.getBoolean("human"),
        Optional.ofNullable(row.getInteger("wave")),
        Optional.ofNullable(row.getLong("round")),
        new Title(row.getString("says_ar"), row.getString("says_en")),
        people.getOrDefault(row.getLong("id"), List.of()));
  }

  private static final String SELECT =
      """
      SELECT id, need, at, policy, why, asked, open, expected, reach, human, wave, round, says_ar,
        says_en
      FROM dispatch.decision
      """;

  private static final String LIST =
      SELECT + "WHERE need = $1 AND id < $2 ORDER BY id DESC LIMIT $3";

  private static final String FIND = SELECT + "WHERE id = $1";

  private static final String OF_ROUND = SELECT + "WHERE round = $1 ORDER BY id";

  private static final String ASKED =
      "SELECT o.decision, o.id, o.volunteer, v.name, o.state, "
          + Why.COLUMNS
          + "FROM dispatch.offer o JOIN dispatch.volunteer v ON v.id = o.volunteer\n"
          + Why.JOINS
          + "WHERE o.decision = ANY ($1::bigint[]) ORDER BY o.gain DESC, o.id";

  private static final String NOT_ASKED =
      """
      SELECT d.id AS decision, m.volunteer, coalesce(v.name, '') AS name, m.why
      FROM dispatch.decision d
      JOIN dispatch.not_asked m ON m.round = d.round AND m.need = d.need
      LEFT JOIN dispatch.volunteer v ON v.id = m.volunteer
      WHERE d.id = ANY ($1::bigint[])
      ORDER BY m.volunteer
      """;

  private static final String INSERT =
      """
      WITH made AS (
        INSERT INTO dispatch.decision
          (need, at, policy, seed, why, asked, open, expected, reach, human, says_ar, says_en,
           people, instead_of)
        VALUES ($1, $2, $3, 0, $3, 1, $4, 1, 1, false, $5, $6, $7, $8)
        RETURNING id)
      UPDATE dispatch.offer o SET decision = made.id FROM made WHERE o.id = $9
      """;
}
