package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The carrier signs with a token that we do not have, as after a rotation that was forgotten here:
 * what people answer is refused at the door, a person is told, and the answers are fetched.
 */
@Tag("S6")
class RefusedRepliesTest {
  private static final Duration FETCHED_IN = Duration.ofMinutes(2);
  private static final String PUBLIC = "https://fazaa.example";
  private static final String PATH = "/twilio/replies";
  private static final TwilioStandIn twilio = TwilioStandIn.start(new StandInOptions().still());

  @RegisterExtension static final Program program = Program.with(settings());

  private static Map<String, String> settings() {
    var settings = new HashMap<>(twilio.settings());
    settings.put("FAZAA_PUBLIC_URL", PUBLIC);
    return settings;
  }

  @AfterAll
  static void stop() {
    twilio.close();
  }

  @Test
  void repliesThatAreRefusedForTheirSignatureAreToldToAPersonAndFetched() {
    for (int i = 1; i <= 3; i++) {
      var from = "+96650000000" + i;
      twilio.reply(from, "yes"); // the carrier has it, and no webhook of its own reaches us
      var form = new TreeMap<>(Map.of("MessageSid", "SMrefused" + i, "From", from));
      form.put("To", twilio.settings().get("TWILIO_FROM"));
      form.put("Body", "yes");
      var signature = TwilioSign.form("the token of another time", PUBLIC + PATH, form);
      var caller = program.anybody().with("X-Twilio-Signature", signature);
      assertThat(caller.postForm(PATH, form).status()).isEqualTo(403);
    }
    await().atMost(FETCHED_IN).until(() -> fetched() == 3);
    assertThat(count("SELECT count(*) FROM notify.reply WHERE provider_id LIKE $1", "SMrefused%"))
        .isZero();
    assertThat(
            count(
                "SELECT count(*) FROM notify.alarm WHERE kind = $1 AND seen_at IS NULL",
                "signatures"))
        .isEqualTo(1);
  }

  private static long fetched() {
    return count("SELECT count(DISTINCT from_phone) FROM notify.reply WHERE body = $1", "yes");
  }

  private static long count(String sql, String about) {
    var rows = program.database().pool().preparedQuery(sql).execute(Tuple.of(about)).await();
    return rows.iterator().next().getLong(0);
  }
}
