package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When somebody is free, where they are, and their pause: by the API and on their own page. */
class FreeHoursTest {
  @RegisterExtension
  static final Program program = Program.with(Map.of("FAZAA_PROXIES", "127.0.0.1"));

  private static final String EVENINGS = "sun-thu 16-23";

  @Test
  void theApiSetsHoursAndPlaceOnceForEachKey() {
    var coordinator = program.as("coordinator");
    var volunteer = "/api/volunteers/" + Owner.register(program, "+966541000001", "Sara", "en");
    assertThat(coordinator.get(volunteer).ok().getString("hours")).isEqualTo("always");

    var key = "the hours of Sara";
    var hours = new JsonObject().put("hours", "SUN-THU 16-23");
    assertThat(coordinator.post(volunteer + "/hours", hours, key).created().getString("hours"))
        .isEqualTo(EVENINGS);
    var later = new JsonObject().put("hours", "always");
    coordinator.post(volunteer + "/hours", later).created();
    coordinator.post(volunteer + "/hours", hours, key).created();
    assertThat(coordinator.get(volunteer).ok().getString("hours"))
        .as("a repeat that comes late changes nothing")
        .isEqualTo("always");

    var place = new JsonObject().put("place", new JsonArray().add(40.41).add(21.27));
    var moved = coordinator.post(volunteer + "/place", place).created();
    assertThat(moved.getJsonArray("place")).isEqualTo(place.getJsonArray("place"));
    assertThat(coordinator.get(volunteer).ok()).isEqualTo(moved);
  }

  @Test
  void whatCannotBeReadIsRefusedInBothLanguagesAndChangesNothing() {
    var coordinator = program.as("coordinator");
    var volunteer = "/api/volunteers/" + Owner.register(program, "+966541000002", "Huda", "ar");
    for (var wrong : List.of("evenings", "sun 25-26", "noday 8-9", "sun 8-8")) {
      var refused = coordinator.post(volunteer + "/hours", new JsonObject().put("hours", wrong));
      assertThat(refused.problem(400)).isEqualTo("invalid");
      assertThat(refused.text()).contains("/hours", "sun-thu 16-23", "اكتب الأوقات");
    }
    var nowhere = new JsonObject().put("place", new JsonArray().add(200).add(21));
    coordinator.post(volunteer + "/place", nowhere).problem(400);
    var hours = new JsonObject().put("hours", EVENINGS);
    coordinator.post("/api/volunteers/999999/hours", hours).problem(404);
    assertThat(coordinator.get(volunteer).ok().getString("hours")).isEqualTo("always");
  }

  @Test
  void manyWhoChangeAtOnceAreAllKept() throws Exception {
    var coordinator = program.as("coordinator");
    var ids =
        IntStream.range(0, 6)
            .mapToObj(i -> Owner.register(program, "+96654200000" + i, "Omar", "en"))
            .toList();
    try (var clients = Executors.newFixedThreadPool(6)) {
      var running = new ArrayList<Future<JsonObject>>();
      for (var id : ids) {
        var body = new JsonObject().put("hours", "mon %d-23".formatted(id % 10 + 1));
        running.add(
            clients.submit(
                () -> coordinator.post("/api/volunteers/" + id + "/hours", body).created()));
      }
      for (var i = 0; i < ids.size(); i++) {
        assertThat(running.get(i).get().getString("hours"))
            .isEqualTo("mon %d-23".formatted(ids.get(i) % 10 + 1));
      }
    }
  }

  @Test
  void theirOwnPageSaysAndSetsThemDayByDay() {
    var owner = signedIn("+966543000001", "en");
    assertThat(owner.get("/me").text())
        .contains("When can you be called?", "name=\"day0\" value=\"0-24\"");
    assertThat(owner.press("/me/hours", Map.of("day0", "16-23", "day5", "٨–١٢، 20 - 24")))
        .extracting(answer -> answer.header("Location"))
        .isEqualTo("/me?said=hours_set");
    assertThat(owner.get("/me?said=hours_set").text())
        .contains(
            "count from now on",
            "Friday <bdi dir=\"ltr\">8-12, 20-24</bdi>",
            "name=\"day0\" value=\"16-23\"",
            "name=\"day1\" value=\"\"",
            "name=\"day5\" value=\"8-12, 20-24\"");
    assertThat(hours(owner)).isEqualTo("sun 16-23; fri 8-12; fri 20-24");
    owner.press("/me/hours", Map.of("always", "yes"));
    assertThat(hours(owner)).isEqualTo("always");
  }

  @Test
  void hoursThatCannotBeReadAreNamedInTheirLanguage() {
    var english = signedIn("+966544000001", "en");
    var refused = english.press("/me/hours", Map.of("day0", "16-23", "day1", "late"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text())
        .contains("Monday: “late” cannot be read", "such as 16-23")
        .contains("name=\"day0\" value=\"16-23\"", "name=\"day1\" value=\"late\"");
    assertThat(english.press("/me/hours", Map.of()).text()).contains("for one day at least");
    assertThat(hours(english)).isEqualTo("always");

    var arabic = signedIn("+966545000001", "ar");
    assertThat(arabic.press("/me/hours", Map.of("day6", "25-30")).text())
        .contains("السبت: لا نفهم «25-30»");
    assertThat(hours(arabic)).isEqualTo("always");
  }

  @Test
  void whoPausesIsAskedNothingUntilThen() {
    var owner = signedIn("+966546000001", "en");
    assertThat(owner.press("/me/pause", "days", "7").header("Location"))
        .isEqualTo("/me?said=pause_set");
    assertThat(owner.get("/me").text()).contains("You pause until");
    assertThat(pause(owner)).isEqualTo(7);
    owner.press("/me/pause", "days", "0");
    assertThat(owner.get("/me").text()).doesNotContain("You pause until");
    assertThat(pause(owner)).isNull();
    assertThat(owner.press("/me/pause", "days", "1000").status()).isEqualTo(400);
    var stranger = new Owner(program, owner.phone(), "192.0.7.9");
    assertThat(stranger.post("/me/pause", Map.of("days", "7", "own", "x")).status()).isEqualTo(401);
    assertThat(pause(owner)).isNull();
  }

  private static Owner signedIn(String phone, String language) {
    Owner.register(program, phone, "Sara", language);
    return new Owner(program, phone, "192.0.7." + phone.charAt(6)).signedIn();
  }

  private static String hours(Owner owner) {
    return (String) one("SELECT hours FROM dispatch.volunteer WHERE phone = '%s'", owner);
  }

  /** In days from now. */
  private static Object pause(Owner owner) {
    return one(
        """
        SELECT round(extract(epoch FROM paused_until - now()) / 86400)::int
        FROM dispatch.volunteer WHERE phone = '%s'\
        """,
        owner);
  }

  private static Object one(String sql, Owner owner) {
    var rows = program.database().pool().query(sql.formatted(owner.phone())).execute().await();
    return rows.iterator().next().getValue(0);
  }
}
