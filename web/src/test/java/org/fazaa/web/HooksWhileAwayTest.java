package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fazaa.notifier.Alarm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The database does not answer; what Twilio brings meanwhile is neither refused nor lost. */
@Tag("F9")
class HooksWhileAwayTest {
  private static final String TOKEN = "the auth token";
  private static final String PUBLIC = "https://fazaa.example";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path DATA = temporary();

  @RegisterExtension
  static final Program program =
      Program.with(
          Map.of(
              "TWILIO_ACCOUNT_SID", "AC0",
              "TWILIO_API_KEY", "SK0",
              "TWILIO_API_SECRET", "a secret",
              "TWILIO_AUTH_TOKEN", TOKEN,
              "TWILIO_FROM", "FAZAA",
              "TWILIO_BASE_URL", "http://127.0.0.1:9",
              "FAZAA_DATA", DATA.toString(),
              "FAZAA_PUBLIC_URL", PUBLIC));

  private SqlConnection frozen;

  @AfterEach
  void thaw() {
    if (frozen != null) frozen.close().await();
    frozen = null;
  }

  @Test
  void aReplyThatComesMeanwhileIsKeptOnTheDiskAndReadOnceAfterwards() {
    freeze("reply");
    var reply = reply("SMaway1", "1");
    assertThat(post("/twilio/replies", reply).text()).endsWith("<Response/>");
    assertThat(post("/twilio/replies", reply).status()).isEqualTo(200); // Twilio repeats itself
    assertThat(waiting()).isNotEmpty();

    thaw();
    await().atMost(PATIENCE).until(() -> count("reply", "provider_id", "SMaway1") == 1);
    await().atMost(PATIENCE).until(() -> waiting().isEmpty());
    assertThat(count("reply", "provider_id", "SMaway1")).isEqualTo(1);
    assertThat(Alarm.list(program.database().pool()))
        .extracting(Alarm.Open::kind)
        .contains(Alarm.Kind.SPOOLED);
  }

  @Test
  void aStatusThatComesMeanwhileIsToo() {
    freeze("status_seen");
    var status = new TreeMap<>(Map.of("MessageSid", "SMaway2", "MessageStatus", "delivered"));
    assertThat(post("/twilio/statuses?m=7", status).status()).isEqualTo(204);

    thaw();
    await().atMost(PATIENCE).until(() -> count("status_seen", "sid", "SMaway2") == 1);
  }

  @Test
  void whenNeitherDatabaseNorDiskCanKeepItTwilioIsToldSo() throws IOException {
    await().atMost(PATIENCE).until(() -> waiting().isEmpty());
    var spool = DATA.resolve("spool");
    Files.deleteIfExists(spool.resolve("lock"));
    Files.deleteIfExists(spool);
    Files.writeString(spool, "a file where the folder should be");
    try {
      freeze("reply");
      assertThat(post("/twilio/replies", reply("SMaway3", "1")).status()).isEqualTo(503);
    } finally {
      Files.delete(spool);
    }
  }

  // As a server that has stopped answering looks from outside: every statement hangs.
  private void freeze(String table) {
    frozen = program.database().superuserPool().getConnection().await();
    frozen.begin().await();
    frozen.query("LOCK TABLE notify." + table + " IN ACCESS EXCLUSIVE MODE").execute().await();
  }

  private static Caller.Answer post(String path, Map<String, String> fields) {
    var signature = TwilioSign.form(TOKEN, PUBLIC + path, fields);
    return program.anybody().with("X-Twilio-Signature", signature).postForm(path, fields);
  }

  private static TreeMap<String, String> reply(String sid, String body) {
    return new TreeMap<>(
        Map.of("MessageSid", sid, "From", "+966500000001", "To", "FAZAA", "Body", body));
  }

  private static List<Path> waiting() {
    try (var files = Files.list(DATA.resolve("spool"))) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static long count(String table, String column, String value) {
    return program
        .database()
        .superuserPool()
        .preparedQuery("SELECT count(*) FROM notify." + table + " WHERE " + column + " = $1")
        .execute(Tuple.of(value))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("fazaa-spool");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
