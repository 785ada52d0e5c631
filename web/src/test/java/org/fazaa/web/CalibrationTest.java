package org.fazaa.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.fazaa.dispatcher.callout.Calibration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forecasts of a month on the console, in the contract and in the figures. */
class CalibrationTest {

  @RegisterExtension static final Program program = Program.start();
  @RegisterExtension static final Chromium chromium = new Chromium();

  private static int people;
  private static Caller coordinator;
  private static long need;

  @BeforeAll
  static void aMonthOfForecastsAndOneCallOut() {
    coordinator = program.as("coordinator");
    coordinator.postCsv("/api/volunteers/import", DispatchJourneyTest.volunteers(30)).ok();
    var crisis = coordinator.post("/api/crises", DispatchJourneyTest.flood()).created();
    var needs = "/api/crises/" + crisis.getLong("id") + "/needs";
    need = coordinator.post(needs, DispatchJourneyTest.need(3)).created().getLong("id");
    coordinator.post("/api/needs/" + need + "/callout", new JsonObject()).created();
    for (var sql : List.of(NEEDS, ENVELOPES, PRESSED, LIVE)) execute(sql);
  }

  @ParameterizedTest
  @CsvSource({"ar, true", "en, true", "ar, false"})
  void theCurveHasItsTableAndItsSentences(String language, boolean javaScript) {
    var visitor = chromium.signedIn(program, "coordinator", language, javaScript);

    visitor.open("/").press("nav a[href='/calibration']");

    visitor.see("#press svg.curve circle");
    visitor.see("#live svg.curve polyline");
    visitor.reads("#press tbody tr:last-child", "%");
    visitor.reads("#press .body", language.equals("ar") ? "درجة براير" : "Brier score");
    visitor.reads("#press .body", "90%");
    visitor.reads("#left-out", language.equals("ar") ? "تغيّر" : "changed before the deadline");
    if (javaScript) visitor.keep("calibration-" + language);
    visitor.open("/calibration?days=30&people=real");
    visitor.reads(
        "#press .body", language.equals("ar") ? "لم يُختبر توقع" : "No forecast of this kind");
    assertThat(visitor.page().locator("svg.curve")).hasCount(0);
    if (javaScript) visitor.keep("calibration-empty-" + language);
    visitor.press(".scope a[href*='simulated']").see("#press svg.curve");
    assertThat(visitor.breaches()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void theNeedSaysWhatWasSaidAtThePressAndThenWhatHappened(String language) {
    execute("UPDATE dispatch.forecast SET scored_at = NULL" + UNSCORED, need);
    var visitor = chromium.signedIn(program, "coordinator", language, true);
    visitor.open("/needs/" + need);
    visitor.reads("#forecasts", language.equals("ar") ? "قيل عند النداء" : "Said at the press");
    visitor.reads("#forecasts", language.equals("ar") ? "يُعرف بعد دقيقة" : "Known a minute after");

    execute(CAME_TRUE, need);
    visitor.open("/needs/" + need);
    visitor.reads("#forecasts", language.equals("ar") ? "اكتمل في" : "Filled at");
    visitor.keep("need-forecasts-" + language);

    execute("UPDATE dispatch.forecast SET came_true = false, held = 2" + NOT_FILLED, need);
    visitor.open("/needs/" + need);
    visitor.reads("#forecasts", language.equals("ar") ? "لم يكتمل قبل" : "Not filled by");
  }

  @Test
  void whoeverMayNotLookAndWhateverIsNoWindowIsRefusedClearly() {
    assertThat(program.as("finance").get("/calibration").status()).isEqualTo(403);
    assertThat(program.as("finance").get("/api/calibration").status()).isEqualTo(403);
    assertThat(coordinator.get("/calibration?days=soon").status()).isEqualTo(400);
    assertThat(coordinator.get("/calibration?days=soon").text()).contains("1, 7, 30");
    assertThat(coordinator.get("/calibration?people=some").status()).isEqualTo(400);
    assertThat(coordinator.get("/api/calibration?days=0").status()).isEqualTo(400);
    assertThat(coordinator.get("/api/calibration?people=some").status()).isEqualTo(400);
  }

  @Test
  void theContractAndTheFiguresSayTheSame() {
    var month = coordinator.get("/api/calibration").ok();
    var press = month.getJsonObject("press").getJsonObject("all");

    assertThat(month.getString("people")).isEqualTo("simulated");
    assertThat(press.getInteger("forecasts")).isEqualTo(270);
    assertThat(month.getJsonObject("live").getJsonObject("all").getInteger("forecasts"))
        .isEqualTo(270 * 4);
    assertThat(month.getJsonObject("left_out").getInteger("edited")).isEqualTo(30 * 5);
    assertThat(press.getDouble("brier")).isBetween(0.01, 0.25);
    var classes = month.getJsonObject("press").getJsonObject("classes");
    assertThat(
            List.of("life", "urgent", "planned").stream()
                .mapToInt(one -> classes.getJsonObject(one).getInteger("forecasts"))
                .sum())
        .isEqualTo(270);
    var day = coordinator.get("/api/calibration?days=1").ok().getJsonObject("press");
    assertThat(day.getJsonObject("all").getInteger("forecasts")).isBetween(1, 20);
    var real = coordinator.get("/api/calibration?people=real").ok().getJsonObject("press");
    assertThat(real.getJsonObject("all").getValue("brier")).isNull();

    var meters = new SimpleMeterRegistry();
    var measured = new MeasureForecasts(program.database().pool(), true);
    measured.measure(meters);
    assertThat(brier(meters)).as("not known yet").isNaN();
    measured.run(Instant.now());
    assertThat(brier(meters)).isCloseTo(press.getDouble("brier"), within(1e-9));
    assertThat(program.admin().get("/metrics").text())
        .contains("fazaa_forecast_brier{kind=\"press\"}")
        .contains("fazaa_forecast_error{kind=\"live\"}");
  }

  private static double brier(MeterRegistry meters) {
    return meters.get("fazaa.forecast.brier").tag("kind", "press").gauge().value();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar", "en"})
  void thePictureIsAWholeFile(String language) throws Exception {
    var pairs = List.of(new Calibration.Pair(0.93, true), new Calibration.Pair(0.2, false));
    var svg = DrawCalibration.svg(Calibration.of(pairs), Wording.of(language));

    var read =
        DocumentBuilderFactory.newDefaultNSInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(read.getDocumentElement().getNamespaceURI()).isEqualTo("http://www.w3.org/2000/svg");
    assertThat(read.getElementsByTagName("circle").getLength()).isEqualTo(2);
    var none = DrawCalibration.svg(Calibration.of(List.of()), Wording.of(language));
    assertThat(none).doesNotContain("NaN", "circle");
  }

  private static void execute(String sql, Object... values) {
    program.database().superuserPool().preparedQuery(sql).execute(Tuple.from(values)).await();
  }

  private static final String UNSCORED =
      ", came_true = NULL, held = NULL, filled_at = NULL WHERE need = $1";

  private static final String NOT_FILLED = ", filled_at = NULL WHERE need = $1";

  private static final String CAME_TRUE =
      """
      UPDATE dispatch.forecast
      SET scored_at = now(), came_true = true, held = 3, filled_at = now()
      WHERE need = $1
      """;

  private static final String NEEDS =
      """
      INSERT INTO dispatch.need (crisis, title_ar, title_en, skills, languages, people, lon, lat,
        starts_at, ends_at, fill_by, priority, opened_by, opened_at, state)
      SELECT n.crisis, 'حاجة ' || i, 'Need ' || i, '{}', '{}', 4, n.lon, n.lat,
        at, at + interval '4 h', at, (ARRAY['life', 'urgent', 'planned'])[1 + i % 3],
        n.opened_by, at - interval '2 h', 'closed'
      FROM dispatch.need n, generate_series(1, 300) i,
        LATERAL (SELECT now() - i * interval '2 h' AS at) t
      """;

  private static final String ENVELOPES =
      """
      INSERT INTO dispatch.envelope (need, area, rules, candidates, max_texts, cost_cap, currency,
        expires_at, approved_by, approved_at, in_force, need_version)
      SELECT id, '{"center": [39.2, 21.5], "radius_m": 25000}', 'skills ', 40, 40, 4000, 'SAR',
        ends_at, opened_by, opened_at, true, version
      FROM dispatch.need WHERE title_en LIKE 'Need %'
      """;

  // One in ten was edited; of the others the share that comes true is what was said, nearly.
  private static final String SAID =
      """
      INSERT INTO dispatch.forecast (need, envelope, at, kind, tenth, priority, simulated, policy,
        fill_by, slack, people, open, texts, chance, expected, scored_at, void_why, came_true,
        held, filled_at)
      SELECT need, envelope, at, kind, tenth, priority, true, 'priced', fill_by, 1, 4, 4, 40,
        chance, 4, fill_by + interval '1 min', CASE WHEN edited THEN 'edited' END,
        CASE WHEN NOT edited THEN yes END, CASE WHEN NOT edited THEN CASE WHEN yes THEN 4 ELSE 2
        END END, CASE WHEN yes AND NOT edited THEN fill_by - interval '10 min' END
      FROM (
        SELECT n.id AS need, e.id AS envelope, n.opened_at + tenth * interval '12 min' AS at,
          n.priority, n.fill_by, c.chance, tenth, n.id % 10 = 0 AS edited,
          (abs(hashtext(n.id || ' ' || tenth)) % 1000) / 1000.0 < 0.06 + 0.9 * c.chance AS yes,
          CASE tenth WHEN 0 THEN 'press' ELSE 'live' END AS kind
        FROM dispatch.need n JOIN dispatch.envelope e ON e.need = n.id,
          generate_series($FROM, $TO) tenth,
          LATERAL (SELECT sqrt((abs(hashtext('said ' || n.id || ' ' || tenth)) % 1000) / 1000.0)
            AS chance) c
        WHERE n.title_en LIKE 'Need %'
      ) said
      """;

  private static final String PRESSED = SAID.replace("$FROM", "0").replace("$TO", "0");
  private static final String LIVE = SAID.replace("$FROM", "1").replace("$TO", "4");
}
