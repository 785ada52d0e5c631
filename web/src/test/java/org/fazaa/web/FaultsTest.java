package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fazaa.config.DatabaseUrl;
import org.fazaa.config.EmbeddedServer;
import org.fazaa.config.Secret;
import org.fazaa.config.TestNodes;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program, or its database, dies in the middle of a call-out. The carrier is the witness: a
 * text that may save a life was posted at most twice, any other once, and none is forgotten.
 */
class FaultsTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int VOLUNTEERS = 400;
  private static final int PEOPLE = 20;
  private static final int TEXTS = 50;
  private static final int POSTS_BEFORE_THE_FAULT = 10;

  @TempDir Path folder;
  private final TwilioStandIn carrier = TwilioStandIn.start(new StandInOptions());
  private final int port = TestNodes.freePort();

  @AfterEach
  void stop() {
    carrier.close();
  }

  @Test
  @Tag("F30")
  void killedInTheMiddleOfACallOutItGoesOnWhereItWasAfterTheRestart() {
    try (var first = RunningFazaa.start(port, embedded())) {
      callOutTwice(first);
      await().atMost(LIMIT).until(() -> carrier.posted() >= POSTS_BEFORE_THE_FAULT);
      first.kill();
    }
    var before = new HashSet<>(carrier.postsByMessage().keySet());
    try (var second = RunningFazaa.start(port, embedded())) {
      awaitDrained(embeddedDatabase());
      assertThat(carrier.postsByMessage().keySet()).as("went on").hasSizeGreaterThan(before.size());
      assertPostedAsOftenAsAllowed(embeddedDatabase());
      assertThat(second.ready()).isTrue();
    }
  }

  @Test
  @Tag("F1")
  void theOtherNodeFinishesTheCallOutOfAKilledOne() {
    var server = EmbeddedServer.start(folder, EmbeddedServer.Durability.FULL);
    var ports = List.of(TestNodes.freePort(), TestNodes.freePort());
    int otherPort = TestNodes.freePort();
    try (var first = RunningFazaa.start(port, member(server, ports, 0));
        var second = RunningFazaa.start(otherPort, member(server, ports, 1))) {
      callOutTwice(first);
      await().atMost(LIMIT).until(() -> carrier.posted() >= POSTS_BEFORE_THE_FAULT);
      first.kill();
      awaitDrained(server.superuser());
      assertPostedAsOftenAsAllowed(server.superuser());
      assertThat(second.ready()).isTrue();
    } finally {
      server.close();
    }
  }

  @Test
  @Tag("F8")
  void aDatabaseThatCrashesInTheMiddleOfACallOutLosesNothing() throws Exception {
    try (var program = RunningFazaa.start(port, embedded())) {
      var needs = callOutTwice(program);
      await().atMost(LIMIT).until(() -> carrier.posted() >= POSTS_BEFORE_THE_FAULT);
      crash(embeddedDatabase());
      awaitDrained(embeddedDatabase());
      assertPostedAsOftenAsAllowed(embeddedDatabase());
      for (var need : needs) {
        await().atMost(LIMIT).until(() -> program.need(need).getInteger("people") == PEOPLE);
      }
    }
  }

  private static List<Object> callOutTwice(RunningFazaa program) {
    program.signInAsCoordinator();
    program.importVolunteers(VOLUNTEERS);
    var crisis = program.launchCrisis();
    return List.of(
        program.callOut(crisis, "life", PEOPLE, TEXTS),
        program.callOut(crisis, "urgent", PEOPLE, TEXTS));
  }

  private Map<String, String> embedded() {
    var settings = new HashMap<>(carrier.settings());
    settings.put("FAZAA_DATA", folder.toString());
    return settings;
  }

  private Map<String, String> member(EmbeddedServer server, List<Integer> ports, int which) {
    var settings = new HashMap<>(carrier.settings());
    settings.put("DATABASE_URL", written(server.application()));
    settings.put("DATABASE_OWNER_URL", written(server.owner()));
    settings.put("FAZAA_CLUSTER_PORT", ports.get(which).toString());
    settings.put(
        "FAZAA_CLUSTER_PEERS", "127.0.0.1:%d,127.0.0.1:%d".formatted(ports.get(0), ports.get(1)));
    settings.put("FAZAA_CLUSTER_NAME", "faults-" + port);
    return settings;
  }

  private static String written(DatabaseUrl url) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(url.user(), url.password().value(), url.host(), url.port(), url.name());
  }

  // The embedded server of the program, entered with the secret that it keeps in its folder.
  private DatabaseUrl embeddedDatabase() {
    try {
      var status = Files.readAllLines(folder.resolve("postgres/postmaster.pid"));
      var secret = new Secret(Files.readString(folder.resolve("database.secret")).strip());
      int at = Integer.parseInt(status.get(3).strip());
      return new DatabaseUrl("127.0.0.1", at, "fazaa", "postgres", secret);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void awaitDrained(DatabaseUrl database) {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> texts(database, "state IN ('queued', 'submitting')").isEmpty());
  }

  private void assertPostedAsOftenAsAllowed(DatabaseUrl database) {
    var life = texts(database, "message_class = 'life-safety'");
    var posted = carrier.postsByMessage();
    assertThat(posted).isNotEmpty();
    posted.forEach(
        (message, posts) ->
            assertThat(posts)
                .as("posts of text %s", message)
                .isLessThanOrEqualTo(life.contains(message) ? 2 : 1));
    var left = texts(database, "state IN ('accepted', 'sent', 'delivered', 'unknown')");
    var never = new HashSet<>(texts(database, "state IN ('accepted', 'sent', 'delivered')"));
    never.removeAll(posted.keySet());
    assertThat(left).isNotEmpty();
    assertThat(never).as("said to be sent, never posted").isEmpty();
  }

  private static Set<String> texts(DatabaseUrl database, String which) {
    var found = new HashSet<String>();
    try (var connection =
            DriverManager.getConnection(
                jdbc(database), database.user(), database.password().value());
        var rows =
            connection
                .createStatement()
                .executeQuery("SELECT id FROM notify.text WHERE " + which)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  private static void crash(DatabaseUrl database) throws Exception {
    try (var connection =
            DriverManager.getConnection(
                jdbc(database), database.user(), database.password().value());
        var row = connection.createStatement().executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      // A backend killed by force makes the server drop every session and recover from its log.
      new ProcessBuilder("kill", "-9", row.getString(1)).start().waitFor();
    }
  }

  private static String jdbc(DatabaseUrl database) {
    return "jdbc:postgresql://%s:%d/fazaa".formatted(database.host(), database.port());
  }
}
