package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Volunteers come by the file, larger than any other body, and bad lines are named. */
class ImportTest {

  @RegisterExtension static final Program program = Program.start();

  private static Caller manager;

  @BeforeAll
  static void signIn() {
    manager = program.as("manager");
  }

  @Test
  void aFileManyTimesTheOtherLimitStreamsIn() {
    var csv = DispatchJourneyTest.volunteers(5_000);
    assertThat(csv.length()).isGreaterThan(3 * WebServer.BODY_MAX);
    assertThat(manager.postCsv("/api/volunteers/import", csv).ok().getInteger("inserted"))
        .isEqualTo(5_000);
    var again = manager.postCsv("/api/volunteers/import", csv).ok();
    assertThat(again.getInteger("inserted")).isZero();
    assertThat(again.getInteger("unchanged")).isEqualTo(5_000);
  }

  @Test
  void aBadLineIsNamedAndTheOthersCome() {
    var csv =
        """
        name,phone,language,skills,lon,lat
        سارة,+966511111111,ar,first_aid,39.2,21.5
        أحمد,12,ar,first_aid,39.2,21.5
        نورة,+966511111112,ar,juggling,39.2,21.5
        """;
    var done = manager.postCsv("/api/volunteers/import", csv).ok();
    assertThat(done.getInteger("inserted")).isEqualTo(1);
    assertThat(done.getInteger("rejected")).isEqualTo(2);
    var first = done.getJsonArray("refused").getJsonObject(0);
    assertThat(first.getInteger("line")).isEqualTo(3);
    assertThat(first.getString("field")).isEqualTo("phone");
    assertThat(first.getString("ar")).isNotBlank();
  }

  @Test
  void aFileWithoutItsHeaderIsRefused() {
    var refused = manager.postCsv("/api/volunteers/import", "hello,there\n1,2\n");
    assertThat(refused.problem(400)).isEqualTo("invalid");
  }

  @Test
  void theSameKeyDoesNotReadAnotherFile() {
    var keyed =
        manager.with("Idempotency-Key", "a key for a file").with("Content-Type", "text/csv");
    var path = "/api/volunteers/import";
    var header = "name,phone,language,skills,lon,lat\n";
    var one = BodyPublishers.ofString(header + "ريم,+966522222221,ar,driver,39.2,21.5\n");
    var first = keyed.send("POST", path, one);
    assertThat(keyed.send("POST", path, one).text()).isEqualTo(first.text());
    var other = BodyPublishers.ofString(header + "هند,+966522222222,ar,driver,39.2,21.5\n");
    assertThat(keyed.send("POST", path, other).problem(422)).isEqualTo("key-used-differently");
  }

  @Test
  void whoMayNotImportIsRefusedBeforeTheFileIsRead() {
    var csv = DispatchJourneyTest.volunteers(10);
    assertThat(program.as("finance").postCsv("/api/volunteers/import", csv).status())
        .isEqualTo(403);
  }
}
