package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.carrier.standin.Manner;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A carrier that takes 14 seconds for each text holds up the sender, and nobody else. */
@Tag("F16")
class SlowCarrierTest {
  private static final String PUBLIC = "https://fazaa.example";
  private static final int CONNECTIONS = 8;

  private static final TwilioStandIn twilio =
      TwilioStandIn.start(new StandInOptions().still())
          .always(new Manner.AcceptSlowly(Duration.ofSeconds(14)));

  @RegisterExtension static final Program program = Program.with(settings());

  private static Map<String, String> settings() {
    var settings = new HashMap<>(twilio.settings());
    settings.put("FAZAA_PUBLIC_URL", PUBLIC);
    settings.put("TWILIO_CONNECTIONS", Integer.toString(CONNECTIONS));
    settings.put("TWILIO_RATE", "0");
    return settings;
  }

  @AfterAll
  static void stop() {
    twilio.close();
  }

  @Test
  void whileEveryConnectionWaitsRepliesAreKeptAndPagesAreShown() {
    var pool = program.database().pool();
    var now = program.database().database().clock().instant();
    Database.inTransaction(
        pool,
        tx -> {
          for (int i = 0; i < 2 * CONNECTIONS; i++)
            Outbox.add(tx, draft(i, now.plusSeconds(600)), now);
          return true;
        });
    program.fazaa().node().bus().publish(new Fact.OutboxFilled());
    await().until(() -> twilio.posted() == CONNECTIONS);

    for (int i = 0; i < 20; i++) {
      var reply = new TreeMap<>(Map.of("MessageSid", "SMslow" + i, "From", "+966500000009"));
      reply.put("To", "+15005550006");
      reply.put("Body", "1");
      var signed =
          TwilioSign.form(
              twilio.settings().get("TWILIO_AUTH_TOKEN"), PUBLIC + "/twilio/replies", reply);
      var answer = program.anybody().with("X-Twilio-Signature", signed);
      assertThat(answer.postForm("/twilio/replies", reply).status()).isEqualTo(200);
      assertThat(program.anybody().get("/health/ready").status()).isEqualTo(200);
    }
    // Nothing more could leave meanwhile: all of this happened while the carrier had its hands
    // full.
    assertThat(twilio.posted()).isEqualTo(CONNECTIONS);
    var crises = program.as("coordinator").get("/api/crises").ok();
    assertThat(crises).isInstanceOf(JsonObject.class);
  }

  private static Draft draft(int number, java.time.Instant until) {
    return new Draft(
        new Phone("+9665000001%02d".formatted(number)),
        Language.EN,
        MessageClass.LIFE_SAFETY,
        "dispatch",
        "slow-" + number,
        null,
        "Fazaa: text " + number,
        true,
        Occasion.ALARM,
        null,
        90,
        until);
  }
}
