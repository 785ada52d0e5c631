package org.fazaa.dispatcher.reach;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.people.Organisations;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.Wording;

/**
 * A drill message to people by each of their ways, to learn which of them work. It never goes to
 * whoever may not be texted or has an offer: their bare answers are about that.
 */
public final class StartReachTest {
  public static final int PEOPLE_MAX = 500;

  /** Whoever has not answered by then is silent. */
  public static final Duration PATIENCE = Duration.ofHours(24);

  private static final String TEXT = "reach-test";

  /** After everything else that waits. */
  private static final int PRIORITY = 10;

  /** Whom to test. */
  public sealed interface Selection {
    /** Whom this organisation vouches for. */
    record OfOrganisation(String code) implements Selection {}

    record Listed(List<VolunteerId> volunteers) implements Selection {}

    /** So many of all who could be asked, by chance. */
    record Sample(int people) implements Selection {}
  }

  public sealed interface Outcome {
    record Started(long test) implements Outcome {}

    record NoSuchOrganisation(String code) implements Outcome {}

    /** There are none with these numbers. */
    record NoSuchVolunteers(List<VolunteerId> volunteers) implements Outcome {}

    /** More than {@link #PEOPLE_MAX}. */
    record TooMany(int people) implements Outcome {}

    /** Of those chosen nobody may be texted now. */
    record NobodyToTest(int leftOut) implements Outcome {}
  }

  private final Channel channel;
  private final RandomGenerator random;

  public StartReachTest(Channel channel, RandomGenerator random) {
    this.channel = channel;
    this.random = random;
  }

  /** Publish {@code Fact.OutboxFilled} after the commit. */
  public Outcome run(SqlConnection tx, Selection selection, long byAccount, Instant now) {
    // One at a time: nobody is in two tests at once.
    tx.query("LOCK TABLE dispatch.reach_test IN SHARE ROW EXCLUSIVE MODE").execute().await();
    return switch (selection) {
      case Selection.OfOrganisation(var code) ->
          Organisations.find(tx, code)
              .map(id -> start(tx, chosen(tx, OF_ORGANISATION, id, now), byAccount, now))
              .orElse(new Outcome.NoSuchOrganisation(code));
      case Selection.Sample(var people) ->
          people > PEOPLE_MAX
              ? new Outcome.TooMany(people)
              : start(tx, sample(tx, people, now), byAccount, now);
      case Selection.Listed(var volunteers) -> listed(tx, volunteers, byAccount, now);
    };
  }

  /** Who is tested, and how many of those chosen are not. */
  private record Chosen(List<VolunteerId> people, int leftOut) {}

  private Outcome listed(
      SqlConnection tx, List<VolunteerId> volunteers, long byAccount, Instant now) {
    var ids = new TreeSet<>(volunteers);
    if (ids.size() > PEOPLE_MAX) return new Outcome.TooMany(ids.size());
    var missing = new ArrayList<>(ids);
    missing.removeAll(Volunteers.list(tx, ids).keySet());
    if (!missing.isEmpty()) return new Outcome.NoSuchVolunteers(missing);
    var values = ids.stream().map(VolunteerId::value).toArray(Long[]::new);
    return start(tx, chosen(tx, LISTED, values, now), byAccount, now);
  }

  private static Chosen chosen(SqlConnection tx, String whom, Object value, Instant now) {
    var able = new ArrayList<VolunteerId>();
    var leftOut = 0;
    var columns = Tuple.tuple().addValue(Database.utc(now)).addValue(value);
    for (var row : tx.preparedQuery(CHOOSE + whom).execute(columns).await()) {
      if (row.getBoolean("able")) able.add(new VolunteerId(row.getLong("id")));
      else leftOut++;
    }
    return new Chosen(able, leftOut);
  }

  private Chosen sample(SqlConnection tx, int people, Instant now) {
    var able = new ArrayList<VolunteerId>();
    var values = Tuple.of(Database.utc(now), random.nextLong(), people);
    for (var row : tx.preparedQuery(SAMPLE).execute(values).await()) {
      able.add(new VolunteerId(row.getLong("id")));
    }
    return new Chosen(able, 0);
  }

  private Outcome start(SqlConnection tx, Chosen chosen, long byAccount, Instant now) {
    var people = new ArrayList<>(Volunteers.list(tx, chosen.people).values());
    var stopped = Consent.stopped(tx, people.stream().map(Volunteer::phone).toList());
    people.removeIf(one -> stopped.contains(one.phone()));
    var leftOut = chosen.leftOut + chosen.people.size() - people.size();
    if (people.isEmpty()) return new Outcome.NobodyToTest(leftOut);
    if (people.size() > PEOPLE_MAX) return new Outcome.TooMany(people.size());
    var until = now.plus(PATIENCE);
    var test =
        tx.preparedQuery(INSERT_TEST)
            .execute(
                Tuple.of(Database.utc(now), Database.utc(until), byAccount, people.size(), leftOut))
            .await()
            .iterator()
            .next()
            .getLong("id");
    var checks = new ArrayList<Check>();
    for (var person : people) {
      var place = 0;
      for (var step : channel.ways().choose(person.reached(), MessageClass.SERVICE)) {
        checks.add(new Check(person, place++, step.way()));
      }
    }
    var drafts = new ArrayList<Draft>();
    var ids = insert(tx, test, checks, until);
    for (var check : checks) drafts.add(draft(ids.get(check.key()), check, until));
    Outbox.addAll(tx, drafts, now);
    return new Outcome.Started(test);
  }

  private record Key(long volunteer, Way way) {}

  private record Check(Volunteer person, int place, Way way) {
    Key key() {
      return new Key(person.id().value(), way);
    }
  }

  private static Map<Key, Long> insert(
      SqlConnection tx, long test, List<Check> checks, Instant until) {
    var columns =
        Tuple.tuple()
            .addValue(test)
            .addValue(Database.utc(until))
            .addValue(checks.stream().map(one -> one.key().volunteer).toArray(Long[]::new))
            .addValue(checks.stream().map(Check::place).toArray(Integer[]::new))
            .addValue(checks.stream().map(one -> one.way.tag()).toArray(String[]::new));
    var ids = new HashMap<Key, Long>();
    for (var row : tx.preparedQuery(INSERT_CHECKS).execute(columns).await()) {
      var key = new Key(row.getLong("volunteer"), Way.of(row.getString("way")));
      ids.put(key, row.getLong("id"));
    }
    return ids;
  }

  private Draft draft(long id, Check check, Instant until) {
    var person = check.person;
    var about = Long.toString(id);
    var values = Map.of("link", channel.link(Ways.TEST_PURPOSE, about, until));
    var rules = CountryRules.of(person.phone().country());
    return new Draft(
            person.phone(),
            person.language(),
            MessageClass.SERVICE,
            Ways.TEST_PURPOSE,
            about,
            null,
            channel.bySms(TEXT, person.language(), values, rules),
            true,
            Occasion.ASK,
            null,
            PRIORITY,
            until)
        .by(check.way, new Wording(TEXT, values));
  }

  private static final String ABLE =
      """
      v.active AND v.consented_at IS NOT NULL AND v.stopped_at IS NULL
        AND v.unreachable_at IS NULL AND v.wrong_number_at IS NULL
        AND (v.paused_until IS NULL OR v.paused_until <= $1)
        AND NOT EXISTS (SELECT FROM dispatch.offer o
                        WHERE o.volunteer = v.id AND o.state IN ('open', 'assigned', 'standby'))
        AND NOT EXISTS (SELECT FROM dispatch.reach_check c
                        WHERE c.volunteer = v.id AND c.until > $1)
      """;

  private static final String CHOOSE =
      "SELECT v.id, " + ABLE + "AS able FROM dispatch.volunteer v ";

  private static final String OF_ORGANISATION = "WHERE v.organisation = $2 ORDER BY v.id";
  private static final String LISTED = "WHERE v.id = ANY ($2::bigint[]) ORDER BY v.id";

  private static final String SAMPLE =
      "SELECT v.id FROM dispatch.volunteer v WHERE "
          + ABLE
          + "ORDER BY hashint8extended(v.id, $2) LIMIT $3";

  private static final String INSERT_TEST =
      """
      INSERT INTO dispatch.reach_test (started_at, until, started_by, people, left_out)
      VALUES ($1, $2, $3, $4, $5)
      RETURNING id\
      """;

  private static final String INSERT_CHECKS =
      """
      INSERT INTO dispatch.reach_check (test, until, volunteer, place, way)
      SELECT $1, $2, volunteer, place, way
      FROM unnest($3::bigint[], $4::int[], $5::text[]) AS c(volunteer, place, way)
      RETURNING id, volunteer, way\
      """;
}
