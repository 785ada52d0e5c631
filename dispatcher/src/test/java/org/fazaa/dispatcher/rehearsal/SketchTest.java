package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.fazaa.dispatcher.callout.Policy;
import org.fazaa.dispatcher.rehearsal.Answers.Intent;
import org.fazaa.dispatcher.rehearsal.Happened.Texts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the same answers a sketch asks the same people at the same moments as the whole program. */
class SketchTest {
  private static final int PEOPLE = 800;

  private record Asked(int need, long person, Instant at) {}

  private record Key(int need, long person) {}

  @ParameterizedTest
  @CsvSource({"1, priced", "2, priced", "1, fixed"})
  void onTheSameAnswersItDecidesAsTheWholeProgramDoes(long seed, String policy) {
    var input = RehearsalTest.input(seed, policy);
    var inFull = new ArrayList<Asked>();
    var recorded = new Recorded();
    Rehearsal.run(
        input,
        progress -> {},
        stage -> {
          inFull.addAll(asked(stage.pool()));
          recorded.read(stage.pool());
        });

    var script = Script.read(input);
    var sketch =
        new Sketch(
            script,
            people(script, seed),
            recorded,
            Policy.named(policy).orElseThrow(),
            Rehearsal.seeds(input));
    var sketched =
        sketch.play().offers().stream()
            .map(one -> new Asked(one.need(), one.person(), one.askedAt()))
            .toList();

    assertThat(inFull).hasSizeGreaterThan(50);
    assertThat(sketched).containsExactlyInAnyOrderElementsOf(inFull);
  }

  private static List<SketchPerson> people(Script script, long seed) {
    var people = new ArrayList<SketchPerson>();
    for (var n = 0; n < PEOPLE; n++) {
      var one = SyntheticVolunteers.one(n, script.incidents(), seed);
      people.add(new SketchPerson(n + 1, one.home(), one.skills(), script.begins()));
    }
    return people;
  }

  private static List<Asked> asked(Pool pool) {
    var asked = new ArrayList<Asked>();
    for (var row : pool.query(LIST_OFFERS).execute().await()) {
      var at = row.getOffsetDateTime("asked_at").toInstant();
      asked.add(new Asked(row.getInteger("rank"), row.getLong("person"), at));
    }
    return asked;
  }

  /** People say again what they said in the whole program, at the same moments. */
  private static final class Recorded implements Voices {
    private record Spoken(Instant at, Intent intent, long turn) {}

    private final Map<Key, Queue<Spoken>> spoken = new HashMap<>();

    void read(Pool pool) {
      for (var row : pool.query(LIST_ANSWERS).execute().await()) {
        var at = row.getOffsetDateTime("at").toInstant();
        var key = new Key(row.getInteger("rank"), row.getLong("person"));
        var intent = row.getBoolean("stopped") ? Intent.STOP : intent(row.getString("what"));
        spoken
            .computeIfAbsent(key, any -> new ArrayDeque<>())
            .add(new Spoken(at, intent, row.getLong("id")));
      }
    }

    private static Intent intent(String what) {
      return switch (what) {
        case "assigned", "standby", "too_late" -> Intent.YES;
        case "declined" -> Intent.NO;
        case "withdrawn" -> Intent.DROP;
        default -> Intent.UNCLEAR;
      };
    }

    private Optional<Said> next(SketchOffer offer, Instant now) {
      var left = spoken.get(new Key(offer.need.rank, offer.person.id.value()));
      return Optional.ofNullable(left)
          .map(Queue::poll)
          .map(one -> new Said(one.intent, Duration.between(now, one.at), one.turn));
    }

    @Override
    public Optional<Said> asked(SketchOffer offer, Instant now) {
      return next(offer, now);
    }

    @Override
    public Told told(SketchOffer offer, Truth.Notice notice, Instant now) {
      return new Told(false, next(offer, now));
    }

    @Override
    public Texts texts(SketchNeed need) {
      return Texts.NONE;
    }

    @Override
    public boolean wasWilling(SketchOffer offer) {
      return false;
    }

    @Override
    public Duration travel(SketchOffer offer) {
      return Duration.ZERO;
    }

    @Override
    public boolean comes(SketchOffer offer) {
      return true;
    }
  }

  private static final String RANKED =
      """
      JOIN (SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS rank FROM dispatch.need) n
        ON n.id = o.need
      JOIN (SELECT id, stopped_at, row_number() OVER (ORDER BY id) AS person
            FROM dispatch.volunteer) p ON p.id = o.volunteer
      """;

  private static final String LIST_OFFERS =
      "SELECT n.rank, p.person, o.asked_at FROM dispatch.offer o\n" + RANKED;

  private static final String LIST_ANSWERS =
      """
      SELECT e.id, n.rank, p.person, e.at, e.what, coalesce(p.stopped_at = e.at, false) AS stopped
      FROM dispatch.offer_event e JOIN dispatch.offer o ON o.id = e.offer
      """
          + RANKED
          + """
          WHERE e.reply IS NOT NULL
            AND e.what IN ('assigned', 'standby', 'too_late', 'declined', 'withdrawn')
          ORDER BY e.id
          """;
}
