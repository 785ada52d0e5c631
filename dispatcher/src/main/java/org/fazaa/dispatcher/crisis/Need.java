package org.fazaa.dispatcher.crisis;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.notifier.MessageClass;

/**
 * So many people, who can do this, there and then.
 *
 * @param proof whether only those may be asked whose skills are proven to last until its end
 * @param ageLeast how old one must be, as far as it is known
 * @param surplus places that were promised before the need shrank; they are kept, and not filled
 *     again
 * @param fillBy when it should be full
 * @param yes how many have taken a place since the call-out began
 * @param needsHumanAt since when the policy cannot see it filling
 */
public record Need(
    NeedId id,
    CrisisId crisis,
    Mode mode,
    ZoneId zone,
    Title title,
    Set<Skill> skills,
    Set<SpokenLanguage> languages,
    boolean proof,
    int ageLeast,
    int people,
    int filled,
    int surplus,
    int standby,
    Point place,
    Instant startsAt,
    Instant endsAt,
    Instant fillBy,
    Priority priority,
    State state,
    Optional<String> pausedWhy,
    Instant openedAt,
    int version,
    Optional<Long> envelope,
    Optional<Instant> calledAt,
    int yes,
    Optional<Instant> lastWaveAt,
    Optional<Instant> needsHumanAt) {

  public static final int GROWN_UP = 18;

  public enum State {
    /** Nobody has pressed Call out. */
    OPEN,
    CALLING,
    PAUSED,
    CLOSED;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** A drill is marked as one on every text, so that no real carrier ever gets it. */
  public MessageClass messageClass() {
    return switch (mode) {
      case DRILL -> MessageClass.DRILL;
      case LIVE -> priority == Priority.LIFE ? MessageClass.LIFE_SAFETY : MessageClass.SERVICE;
    };
  }

  /** Places that may still be given. */
  public int places() {
    return Math.max(0, people - filled);
  }

  public boolean isFull() {
    return filled >= people;
  }

  /** How many extra people are kept in case somebody cannot come. */
  public int standbyPlaces() {
    return Math.ceilDiv(people, 5);
  }

  /** Something about it was not as it must be: only a person who has looked lets it go on. */
  public boolean pausedByWatch() {
    return state == State.PAUSED && pausedWhy.filter("watch"::equals).isPresent();
  }

  public boolean overlaps(Instant from, Instant to) {
    return startsAt.isBefore(to) && from.isBefore(endsAt);
  }

  /** The same with so many more places given, so many more on standby, and so many more yes. */
  public Need with(int given, int waiting, int said) {
    var taken = filled + given;
    return new Need(
        id,
        crisis,
        mode,
        zone,
        title,
        skills,
        languages,
        proof,
        ageLeast,
        people,
        taken,
        Math.max(0, taken - people),
        standby + waiting,
        place,
        startsAt,
        endsAt,
        fillBy,
        priority,
        state,
        pausedWhy,
        openedAt,
        version,
        envelope,
        calledAt,
        yes + said,
        lastWaveAt,
        needsHumanAt);
  }

  /** The same if it asked for others, and began and ended so much later. */
  public Need as(Set<Skill> others, Set<SpokenLanguage> spoken, Duration later) {
    return new Need(
        id,
        crisis,
        mode,
        zone,
        title,
        others,
        spoken,
        proof,
        ageLeast,
        people,
        filled,
        surplus,
        standby,
        place,
        startsAt.plus(later),
        endsAt.plus(later),
        fillBy.plus(later),
        priority,
        state,
        pausedWhy,
        openedAt,
        version,
        envelope,
        calledAt,
        yes,
        lastWaveAt,
        needsHumanAt);
  }

  public static Optional<Need> find(SqlClient conn, NeedId id) {
    return read(conn, SELECT + "WHERE n.id = ANY ($1)", id).stream().findFirst();
  }

  /** The need, kept as it is until the transaction ends. */
  public static Optional<Need> lock(SqlClient tx, NeedId id) {
    return lockAll(tx, List.of(id)).stream().findFirst();
  }

  /** Always in the order of their numbers, so that two transactions never wait for each other. */
  public static List<Need> lockAll(SqlClient tx, Collection<NeedId> ids) {
    var sql = SELECT + "WHERE n.id = ANY ($1) ORDER BY n.id FOR NO KEY UPDATE OF n";
    return read(tx, sql, ids.toArray(NeedId[]::new));
  }

  private static List<Need> read(SqlClient conn, String sql, NeedId... ids) {
    var numbers = new Long[ids.length];
    for (var i = 0; i < ids.length; i++) numbers[i] = ids[i].value();
    var needs = new ArrayList<Need>();
    var rows = conn.preparedQuery(sql).execute(Tuple.of((Object) numbers)).await();
    for (var row : rows) needs.add(of(row));
    return needs;
  }

  /** The columns that {@link #of} reads, from need {@code n} and its crisis {@code c}. */
  public static final String COLUMNS =
      """
      n.id, n.crisis, c.mode, c.zone, n.title_ar, n.title_en, n.skills, n.languages, n.proof,
        n.age_least, n.people, n.filled, n.surplus, n.standby, n.lon, n.lat, n.starts_at,
        n.ends_at, n.fill_by, n.priority, n.state, n.paused_why, n.opened_at, n.version, n.envelope,
        n.called_at, n.yes, n.last_wave_at, n.needs_human_at
      """;

  public static final String SELECT =
      "SELECT " + COLUMNS + "FROM dispatch.need n JOIN dispatch.crisis c ON c.id = n.crisis\n";

  public static Need of(Row row) {
    return new Need(
        new NeedId(row.getLong("id")),
        new CrisisId(row.getLong("crisis")),
        Mode.of(row.getString("mode")).orElseThrow(),
        ZoneId.of(row.getString("zone")),
        new Title(row.getString("title_ar"), row.getString("title_en")),
        skills(row.getArrayOfStrings("skills")),
        languages(row.getArrayOfStrings("languages")),
        row.getBoolean("proof"),
        row.getInteger("age_least"),
        row.getInteger("people"),
        row.getInteger("filled"),
        row.getInteger("surplus"),
        row.getInteger("standby"),
        new Point(row.getDouble("lon"), row.getDouble("lat")),
        instant(row, "starts_at").orElseThrow(),
        instant(row, "ends_at").orElseThrow(),
        instant(row, "fill_by").orElseThrow(),
        Priority.of(row.getString("priority")).orElseThrow(),
        State.valueOf(row.getString("state").toUpperCase(java.util.Locale.ROOT)),
        Optional.ofNullable(row.getString("paused_why")),
        instant(row, "opened_at").orElseThrow(),
        row.getInteger("version"),
        Optional.ofNullable(row.getLong("envelope")),
        instant(row, "called_at"),
        row.getInteger("yes"),
        instant(row, "last_wave_at"),
        instant(row, "needs_human_at"));
  }

  private static Optional<Instant> instant(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(at -> at.toInstant());
  }

  private static Set<Skill> skills(String[] codes) {
    var skills = EnumSet.noneOf(Skill.class);
    for (var code : codes) Skill.of(code).ifPresent(skills::add);
    return skills;
  }

  private static Set<SpokenLanguage> languages(String[] codes) {
    var languages = EnumSet.noneOf(SpokenLanguage.class);
    for (var code : codes) SpokenLanguage.of(code).ifPresent(languages::add);
    return languages;
  }
}
