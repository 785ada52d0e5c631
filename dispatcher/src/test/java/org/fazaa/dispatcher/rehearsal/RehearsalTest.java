package org.fazaa.dispatcher.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fazaa.dispatcher.callout.Policy;
import org.fazaa.dispatcher.callout.ReplayRound;
import org.fazaa.dispatcher.crisis.Priority;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two hours of the example stream through the whole program, looked at from all sides. */
class RehearsalTest {
  /** From the folder of a module or of the whole. */
  private static final Path EXAMPLE =
      Stream.of("..", ".")
          .map(folder -> Path.of(folder, "examples", "jeddah-flood.csv"))
          .filter(Files::exists)
          .findFirst()
          .orElseThrow();

  private static Report report;
  private static Path folder;
  private static final Map<String, Long> found = new HashMap<>();
  private static final List<ReplayRound.Outcome> replays = new ArrayList<>();

  @BeforeAll
  static void rehearse() {
    report =
        Rehearsal.run(
            input(1, "priced"),
            progress -> {},
            stage -> {
              folder = stage.folder();
              ReplayRound.rounds(stage.pool(), Instant.EPOCH, 0, 10_000)
                  .forEach(id -> replays.add(ReplayRound.replay(stage.pool(), id)));
              QUESTIONS.forEach((name, sql) -> found.put(name, count(stage, sql)));
            });
  }

  @Test
  void noNeedEverHoldsMorePeopleThanItAskedFor() {
    assertThat(found).containsEntry("over-filled needs", 0L);
    assertThat(found).containsEntry("places without their holder", 0L);
    assertThat(report.all().filled()).isPositive().isLessThanOrEqualTo(report.all().places());
  }

  @Test
  void everythingComesToItsEnd() {
    assertThat(found)
        .containsEntry("needs not closed", 0L)
        .containsEntry("offers still open", 0L)
        .containsEntry("texts that never left", 0L)
        .containsEntry("replies nobody looked at", 0L);
  }

  @Test
  void everyReplyThatWasReadHasItsEffectAndEveryYesItsAnswer() {
    assertThat(found).containsEntry("replies done without an outcome", 0L);
    assertThat(found.get("yes")).isPositive();
    assertThat(found).containsEntry("yes without an answer", 0L);
  }

  @Test
  void nobodyIsAskedOutsideOfWhatWasApproved() {
    assertThat(found).containsEntry("offers outside an envelope in force", 0L);
    assertThat(found).containsEntry("texts over another carrier", 0L);
  }

  @Test
  void everyRoundReplaysToTheSame() {
    assertThat(replays)
        .hasSizeGreaterThan(20)
        .hasOnlyElementsOfType(ReplayRound.Outcome.Same.class);
  }

  @Test
  void theReportHasItsFiguresByClass() {
    var json = report.json();

    assertThat(json.fieldNames())
        .contains(
            "needs",
            "skipped",
            "places",
            "filled",
            "fill_rate",
            "texts",
            "texts_per_place",
            "over_responses",
            "time_to_fill_s",
            "classes",
            "opt_outs",
            "never_asked_share",
            "wall_s",
            "seed",
            "digest",
            "policy");
    assertThat(json.getJsonObject("time_to_fill_s").fieldNames()).containsExactly("p50", "p95");
    assertThat(sum(json, "needs")).isEqualTo(json.getInteger("needs"));
    assertThat(sum(json, "places")).isEqualTo(json.getInteger("places"));
    assertThat(sum(json, "texts")).isEqualTo(json.getInteger("texts"));
    assertThat(json.getInteger("texts")).isEqualTo(found.get("offers that left").intValue());
    assertThat(report.text()).contains("life", "urgent", "planned", "all", report.digest());
  }

  @Test
  void theSameSeedGivesTheSameDigestAndAnotherSeedAnother() {
    var again = Rehearsal.run(input(1, "priced"), progress -> {});
    var other = Rehearsal.run(input(2, "priced"), progress -> {});

    assertThat(again.digest()).isEqualTo(report.digest()).matches("[0-9a-f]{64}");
    assertThat(again.all()).isEqualTo(report.all());
    assertThat(other.digest()).isNotEqualTo(report.digest());
  }

  @Test
  void nothingOfItIsLeftAndNoLiveFolderIsTouched() {
    assertThat(folder).startsWithRaw(Path.of(System.getProperty("java.io.tmpdir")));
    assertThat(Files.exists(folder)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T00:00:00Z, priced, none of its",
    "yesterday, priced, --from yesterday",
    "2026-11-20 06:00, priced, --zone",
  })
  void aWindowThatCannotBeUsedIsRefusedBeforeAnythingStarts(
      String from, String policy, String named) {
    var input =
        new Rehearsal.Input(
            EXAMPLE,
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.of(from),
            Optional.of(2.0),
            "100",
            1,
            Regime.BASE,
            policy);

    assertThatThrownBy(() -> Rehearsal.run(input, progress -> {}))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(named);
  }

  private static Rehearsal.Input input(long seed, String policy) {
    return new Rehearsal.Input(
        EXAMPLE,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.of("2026-11-20T08:00:00+03:00"),
        Optional.of(1.0),
        "800",
        seed,
        Regime.BASE,
        policy);
  }

  private static int sum(JsonObject json, String figure) {
    var classes = new ArrayList<Integer>();
    for (var priority : Priority.values()) {
      var one = json.getJsonObject("classes").getJsonObject(priority.word());
      classes.add(one.getInteger(figure));
    }
    return classes.stream().mapToInt(Integer::intValue).sum();
  }

  private static long count(Stage stage, String sql) {
    return stage
        .pool()
        .query("SELECT count(*) " + sql)
        .execute()
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  private static final Map<String, String> QUESTIONS =
      Map.ofEntries(
          Map.entry("over-filled needs", "FROM dispatch.need WHERE filled > people"),
          Map.entry(
              "places without their holder",
              """
              FROM dispatch.need n WHERE filled <> (
                SELECT count(*) FROM dispatch.offer o WHERE o.need = n.id AND o.state = 'assigned')
              """),
          Map.entry("needs not closed", "FROM dispatch.need WHERE state <> 'closed'"),
          Map.entry("offers still open", "FROM dispatch.offer WHERE state = 'open'"),
          Map.entry(
              "texts that never left",
              "FROM notify.text WHERE state IN ('queued', 'submitting', 'unknown')"),
          Map.entry("replies nobody looked at", "FROM notify.reply WHERE state <> 'done'"),
          Map.entry(
              "replies done without an outcome",
              "FROM notify.reply WHERE state = 'done' AND outcome IS NULL AND purpose ="
                  + " 'dispatch'"),
          Map.entry("yes", "FROM notify.reply WHERE meaning = 'yes'"),
          Map.entry(
              "yes without an answer",
              """
              FROM notify.reply r WHERE meaning = 'yes' AND NOT EXISTS (
                SELECT FROM notify.text t
                WHERE t.to_phone = r.from_phone AND t.created_at >= r.arrived_at)
              """),
          Map.entry(
              "offers outside an envelope in force",
              """
              FROM dispatch.offer o LEFT JOIN dispatch.envelope e ON e.id = o.envelope
              WHERE e.in_force IS NOT TRUE
              """),
          Map.entry(
              "texts over another carrier",
              "FROM notify.text WHERE carrier IS NOT NULL AND carrier <> 'simulated'"),
          Map.entry("offers that left", "FROM notify.text WHERE answerable AND posts > 0"));
}
