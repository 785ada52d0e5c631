package org.fazaa.web.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.Week;
import org.fazaa.web.Towns;
import org.postgresql.PGConnection;

/**
 * Invented volunteers in the towns of the Gulf, as many in each as its share of their people. Most
 * have common skills and some a rare one; half are Arabic speakers, the others speak what the Gulf
 * speaks; a few pause, have left, are busy or were asked a moment ago.
 */
final class Population {
  private static final int IN_ONE_COPY = 50_000;
  private static final double SPREAD_KM = 6;
  private static final double SPREAD_MAX_KM = 40;
  private static final double KM_PER_DEGREE = 111.2;
  private static final int WEEKS = 300;

  /** How much rarer each skill is than the one before: the rarest is had by one in 400. */
  private static final double SKEW = 1.6;

  private static final Duration ASKED_WITHIN = Duration.ofDays(30);

  private static final List<SpokenLanguage> OTHERS =
      List.of(
          SpokenLanguage.UR,
          SpokenLanguage.HI,
          SpokenLanguage.BN,
          SpokenLanguage.ML,
          SpokenLanguage.TL,
          SpokenLanguage.FA);

  private final List<Towns.Town> towns = Towns.all();
  private final double[] townShares = shares(towns.stream().mapToDouble(Towns.Town::population));
  private final Skill[] skills = Skill.values();
  private final double[] skillShares =
      shares(IntStream.range(0, skills.length).mapToDouble(i -> Math.pow(i + 1, -SKEW)));
  private final List<String> weeks;
  private final RandomGenerator random;
  private final Instant now;

  Population(RandomGenerator random, Instant now) {
    this.random = random;
    this.now = now;
    this.weeks = IntStream.range(0, WEEKS).mapToObj(i -> week()).toList();
  }

  /** Registers them, with ids from 1 in a new database. Its owner makes the indexes afterwards. */
  void settle(Connection owner, int many) throws SQLException {
    try (var statement = owner.createStatement()) {
      var indexes = new LinkedHashMap<String, String>();
      try (var rows = statement.executeQuery(FIND_INDEXES)) {
        while (rows.next()) indexes.put(rows.getString(1), rows.getString(2));
      }
      for (var name : indexes.keySet()) statement.execute("DROP INDEX dispatch." + name);
      copy(owner, many);
      for (var index : indexes.values()) statement.execute(index);
      statement.execute("VACUUM (ANALYZE) dispatch.volunteer");
    }
  }

  private void copy(Connection owner, int many) throws SQLException {
    for (var from = 0; from < many; from += IN_ONE_COPY) {
      var rows = new StringBuilder();
      var end = Math.min(many, from + IN_ONE_COPY);
      for (var number = from; number < end; number++) write(rows, number);
      var bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
      try {
        var copy = owner.unwrap(PGConnection.class).getCopyAPI();
        copy.copyIn(COPY, new ByteArrayInputStream(bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Somewhere that people live. Its degrees are exact in four bytes, as the roster keeps them. */
  Point place() {
    var town = towns.get(draw(townShares)).place();
    var km = Math.min(SPREAD_MAX_KM, -SPREAD_KM * Math.log(1 - random.nextDouble()));
    var direction = 2 * Math.PI * random.nextDouble();
    var narrower = Math.cos(Math.toRadians(town.lat()));
    return new Point(
        (float) (town.lon() + km * Math.cos(direction) / KM_PER_DEGREE / narrower),
        (float) (town.lat() + km * Math.sin(direction) / KM_PER_DEGREE));
  }

  /** One or two skills, common or rare alike. */
  Set<Skill> wanted() {
    var wanted = EnumSet.of(skills[random.nextInt(skills.length)]);
    if (random.nextBoolean()) wanted.add(skills[draw(skillShares)]);
    return wanted;
  }

  SpokenLanguage language() {
    if (random.nextDouble() < 0.6) return SpokenLanguage.AR;
    if (random.nextDouble() < 0.5) return SpokenLanguage.EN;
    return OTHERS.get(random.nextInt(OTHERS.size()));
  }

  Week hours() {
    return Week.parse(weeks.get(random.nextInt(WEEKS))).orElseThrow();
  }

  private Set<Skill> skills() {
    var own = EnumSet.of(skills[draw(skillShares)]);
    while (own.size() < 5 && random.nextDouble() < 0.55) own.add(skills[draw(skillShares)]);
    return own;
  }

  private Set<SpokenLanguage> languages() {
    var spoken = EnumSet.of(language());
    while (random.nextDouble() < 0.4) spoken.add(language());
    return spoken;
  }

  private String week() {
    if (random.nextDouble() < 0.1) return Week.ALWAYS.toString();
    var start = 6 + random.nextInt(12);
    var end = Math.min(24, start + 4 + random.nextInt(10));
    var weekend = "fri-sat %d-%d".formatted(6 + random.nextInt(6), 14 + random.nextInt(10));
    var written = "sun-thu %d-%d; %s".formatted(start, end, weekend);
    return Week.parse(written).orElseThrow().toString();
  }

  private void write(StringBuilder rows, int number) {
    var home = place();
    var asked = random.nextDouble() < 0.4 ? ago(ASKED_WITHIN) : null;
    var busyFrom = random.nextDouble() < 0.02 ? now.minusSeconds(random.nextInt(200_000)) : null;
    var busyUntil = busyFrom == null ? null : busyFrom.plusSeconds(random.nextInt(400_000));
    var columns =
        new Object[] {
          "متطوع " + (number + 1),
          "+9665" + (50_000_000 + number),
          random.nextDouble() < 0.6 ? "ar" : "en",
          array(SpokenLanguage.codes(languages())),
          array(Skill.codes(skills())),
          home.lon(),
          home.lat(),
          random.nextDouble() < 0.6 ? born() : null,
          weeks.get(random.nextInt(WEEKS)),
          random.nextDouble() < 0.97,
          random.nextDouble() < 0.97 ? now : null,
          random.nextDouble() < 0.02 ? now : null,
          random.nextDouble() < 0.02 ? now.plusSeconds(random.nextInt(900_000) - 200_000) : null,
          busyFrom,
          busyUntil,
          asked,
          asked == null ? now.minus(ASKED_WITHIN) : asked,
          asked == null ? 0 : String.format(Locale.ROOT, "%.3f", 4 * random.nextDouble()),
          random.nextInt(4),
          random.nextInt(8),
          now,
        };
    for (var i = 0; i < columns.length; i++) {
      if (i > 0) rows.append('\t');
      rows.append(columns[i] == null ? "\\N" : columns[i]);
    }
    rows.append('\n');
  }

  private Instant ago(Duration most) {
    return now.minusSeconds(random.nextLong(most.toSeconds()));
  }

  private Object born() {
    var years = 16 + random.nextInt(55);
    return now.atZone(ZoneOffset.UTC)
        .toLocalDate()
        .minusYears(years)
        .minusDays(random.nextInt(365));
  }

  private static String array(List<String> codes) {
    return codes.stream().collect(Collectors.joining(",", "{", "}"));
  }

  // What a number drawn below one is looked up in.
  private static double[] shares(DoubleStream weights) {
    var shares = weights.toArray();
    for (var i = 1; i < shares.length; i++) shares[i] += shares[i - 1];
    var all = shares[shares.length - 1];
    for (var i = 0; i < shares.length; i++) shares[i] /= all;
    return shares;
  }

  private int draw(double[] shares) {
    var found = Arrays.binarySearch(shares, random.nextDouble());
    return Math.min(found < 0 ? -found - 1 : found, shares.length - 1);
  }

  private static final String FIND_INDEXES =
      """
      SELECT c.relname, pg_get_indexdef(i.indexrelid)
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = 'dispatch.volunteer'::regclass AND NOT i.indisunique\
      """;

  private static final String COPY =
      """
      COPY dispatch.volunteer (name, phone, language, languages, skills, lon, lat, born, hours,
        active, consented_at, stopped_at, paused_until, busy_from, busy_until, last_asked_at,
        contact_at, fatigue, yes_urgent, no_urgent, registered_at)
      FROM STDIN\
      """;
}
