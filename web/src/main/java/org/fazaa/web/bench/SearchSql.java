package org.fazaa.web.bench;

import static org.fazaa.config.Database.utc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.fazaa.dispatcher.people.History;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.Week;

/**
 * The same search in SQL, on the same people laid out for it as well as we know: their skills,
 * languages and hours as bits, the rows in the order of the map.
 */
final class SearchSql implements AutoCloseable {

  /** How PostgreSQL is asked. */
  enum Plan {
    /** One row for each person, found by their cell of 0.05 degrees. */
    CELL,
    /** One row for each skill of each person, found by the rarer skill and the cell. */
    SKILL_CELL,
    /** Like {@link #CELL}, first near by and, while too few are found, wider. */
    CELL_WIDENING,
    /** Like {@link #SKILL_CELL}, first near by and, while too few are found, wider. */
    SKILL_CELL_WIDENING;

    boolean bySkill() {
      return this == SKILL_CELL || this == SKILL_CELL_WIDENING;
    }

    double[] reaches() {
      return this == CELL || this == SKILL_CELL
          ? new double[] {Search.REACH_KM}
          : new double[] {3, 9, Search.REACH_KM};
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final double CELL = 0.05;
  private static final int COLUMNS = 7_200;
  private static final double KM_PER_DEGREE = 111.1;

  private final Connection connection;
  private final Instant now;
  private final Map<Skill, Long> holders;
  private final PreparedStatement byCell;
  private final PreparedStatement bySkill;

  SearchSql(Connection connection, Instant now) throws SQLException {
    this.connection = connection;
    this.now = now;
    this.holders = holders(connection);
    this.byCell = connection.prepareStatement(FIND_BY_CELL);
    this.bySkill = connection.prepareStatement(FIND_BY_SKILL);
  }

  /** Lays the people out; how long that takes is what PostgreSQL needs for loading them. */
  static void layOut(Connection owner) throws SQLException {
    try (var statement = owner.createStatement()) {
      statement.execute("CREATE SCHEMA bench");
      statement.execute(bits("skill", Arrays.stream(Skill.values()).map(Skill::code).toList()));
      statement.execute(
          bits("language", Arrays.stream(SpokenLanguage.values()).map(one -> one.code()).toList()));
      statement.execute("CREATE TABLE bench.week (written text, h1 bigint, h2 bigint, h3 bigint)");
      statement.execute("SET synchronize_seqscans = off");
      layOutWeeks(owner);
      statement.execute(MAKE_PERSON);
      statement.execute("ALTER TABLE bench.person ADD PRIMARY KEY (id)");
      statement.execute("CREATE INDEX person_cell ON bench.person (cell)");
      statement.execute(MAKE_SKILLED);
      statement.execute("CREATE INDEX skilled_cell ON bench.skilled (skill, cell)");
    }
    try (var statement = owner.createStatement()) {
      statement.execute("VACUUM (ANALYZE) bench.person, bench.skilled");
    }
  }

  private static String bits(String table, List<String> codes) {
    var values = new StringBuilder();
    for (var code : codes) {
      if (!values.isEmpty()) values.append(", ");
      values.append("('%s', %d)".formatted(code, codes.indexOf(code)));
    }
    return "CREATE TABLE bench.%s AS SELECT * FROM (VALUES %s) AS t (code, bit)"
        .formatted(table, values);
  }

  private static void layOutWeeks(Connection owner) throws SQLException {
    try (var read = owner.createStatement();
        var weeks = read.executeQuery("SELECT DISTINCT hours FROM dispatch.volunteer");
        var write = owner.prepareStatement("INSERT INTO bench.week VALUES (?, ?, ?, ?)")) {
      while (weeks.next()) {
        var week = Week.parse(weeks.getString(1)).orElseThrow();
        write.setString(1, weeks.getString(1));
        setWeek(write, 2, week);
        write.addBatch();
      }
      write.executeBatch();
    }
  }

  private static Map<Skill, Long> holders(Connection connection) throws SQLException {
    var holders = new EnumMap<Skill, Long>(Skill.class);
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT skill, count(*) FROM bench.skilled GROUP BY skill")) {
      while (rows.next()) holders.put(Skill.values()[rows.getInt(1)], rows.getLong(2));
    }
    return holders;
  }

  /** The ids that it finds, nearest first. */
  long[] find(Search search, Plan plan) {
    try {
      var found = new long[0];
      for (var reach : plan.reaches()) {
        found = plan.bySkill() ? findBySkill(search, reach) : findByCell(search, reach);
        if (found.length == Search.BEST) break;
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private long[] findByCell(Search search, double reach) throws SQLException {
    var cells = connection.createArrayOf("int4", cells(search.place(), reach));
    return ask(byCell, search, reach, cells);
  }

  private long[] findBySkill(Search search, double reach) throws SQLException {
    var rarest =
        search.skills().stream()
            .min((a, b) -> Long.compare(holders.getOrDefault(a, 0L), holders.getOrDefault(b, 0L)))
            .orElseThrow();
    var cells = connection.createArrayOf("int4", cells(search.place(), reach));
    return ask(bySkill, search, reach, cells, rarest.ordinal());
  }

  private long[] ask(PreparedStatement statement, Search search, double reach, Object... where)
      throws SQLException {
    var skills = Skill.mask(search.skills());
    var week = search.hours();
    var limits = Search.LIMITS;
    var values = new ArrayList<Object>();
    values.addAll(List.of(search.place().lat(), search.place().lon(), search.place().lat()));
    values.addAll(List.of(where));
    values.addAll(List.of(skills, skills, SpokenLanguage.mask(List.of(search.language()))));
    for (var part : List.of(week.first(), week.second(), week.third())) {
      values.addAll(List.of(part, part));
    }
    values.addAll(List.of(utc(now), utc(search.startsAt()), utc(search.endsAt())));
    values.addAll(List.of(utc(search.startsAt()), utc(search.startsAt().minus(limits.rest()))));
    values.add(utc(now.minus(limits.gap())));
    var fades = (double) History.FATIGUE_FADES_IN.toSeconds();
    values.addAll(List.of(limits.fatigueMost(), utc(now), fades, limits.fatigueMost()));
    values.addAll(List.of(bornLatest(now), reach, Search.BEST));
    for (var i = 0; i < values.size(); i++) statement.setObject(i + 1, values.get(i));
    try (var rows = statement.executeQuery()) {
      var ids = LongStream.builder();
      while (rows.next()) ids.add(rows.getLong(1));
      return ids.build().toArray();
    }
  }

  static LocalDate bornLatest(Instant now) {
    return LocalDate.ofInstant(now, Search.ZONE).minusYears(Search.LIMITS.ageLeast());
  }

  static void setWeek(PreparedStatement statement, int at, Week week) throws SQLException {
    statement.setLong(at, week.first());
    statement.setLong(at + 1, week.second());
    statement.setLong(at + 2, week.third());
  }

  /** All cells that a circle may touch. */
  private static Integer[] cells(Point place, double km) {
    var north = km / KM_PER_DEGREE;
    var east = north / Math.cos(Math.toRadians(Math.abs(place.lat()) + north));
    var firstRow = row(place.lat() - north);
    var lastRow = row(place.lat() + north);
    var firstColumn = column(place.lon() - east);
    var lastColumn = column(place.lon() + east);
    var cells = new Integer[(lastRow - firstRow + 1) * (lastColumn - firstColumn + 1)];
    var i = 0;
    for (var row = firstRow; row <= lastRow; row++) {
      for (var column = firstColumn; column <= lastColumn; column++) {
        cells[i++] = row * COLUMNS + column;
      }
    }
    return cells;
  }

  static int cell(Point place) {
    return row(place.lat()) * COLUMNS + column(place.lon());
  }

  private static int row(double lat) {
    return (int) Math.floor((lat + 90) / CELL);
  }

  private static int column(double lon) {
    return (int) Math.floor((lon + 180) / CELL);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private static final String MAKE_PERSON =
      """
      CREATE TABLE bench.person WITH (fillfactor = 80) AS
      SELECT v.id, floor((lat + 90) / 0.05)::int * 7200 + floor((lon + 180) / 0.05)::int AS cell,
        lon, lat,
        (SELECT sum(1::bigint << bit)::bigint FROM bench.skill WHERE code = ANY (v.skills))
          AS skills,
        (SELECT bit_or(1 << bit) FROM bench.language WHERE code = ANY (v.languages)) AS languages,
        h1, h2, h3, active AND consented_at IS NOT NULL
          AND coalesce(stopped_at, unreachable_at, wrong_number_at) IS NULL AS able,
        born, paused_until, busy_from, busy_until, last_asked_at, contact_at, fatigue
      FROM dispatch.volunteer v JOIN bench.week ON written = v.hours
      ORDER BY cell, id\
      """;

  private static final String MAKE_SKILLED =
      """
      CREATE TABLE bench.skilled WITH (fillfactor = 80) AS
      SELECT s.bit AS skill, p.*
      FROM bench.person p JOIN bench.skill s ON (p.skills >> s.bit) & 1 = 1
      ORDER BY skill, cell, id\
      """;

  // What is cheap and turns most away comes first; the distance is worked out for who is left.
  private static final String FIND =
      """
      SELECT id FROM (
        SELECT id, 2 * 6371.0088 * asin(sqrt(least(1, power(sin(radians(lat - ?) / 2), 2)
          + cos(radians(lat)) * here.cosine * power(sin(radians(lon - ?) / 2), 2)))) AS km
        FROM bench.%s, (SELECT cos(radians(?)) AS cosine) AS here
        WHERE %s AND skills & ? = ? AND languages & ? <> 0 AND able
          AND h1 & ? = ? AND h2 & ? = ? AND h3 & ? = ?
          AND (paused_until IS NULL OR paused_until <= ?)
          AND (busy_until IS NULL OR busy_until <= ? OR busy_from >= ?)
          AND (busy_until IS NULL OR busy_until > ? OR busy_until <= ?)
          AND (last_asked_at IS NULL OR last_asked_at <= ?)
          AND (fatigue <= ? OR fatigue * exp(-extract(epoch FROM ? - contact_at) / ?) <= ?)
          AND (born IS NULL OR born <= ?)
        OFFSET 0) AS fit
      WHERE km <= ? ORDER BY km, id LIMIT ?\
      """;

  private static final String FIND_BY_CELL = FIND.formatted("person", "cell = ANY (?)");
  private static final String FIND_BY_SKILL =
      FIND.formatted("skilled", "cell = ANY (?) AND skill = ?");
}
