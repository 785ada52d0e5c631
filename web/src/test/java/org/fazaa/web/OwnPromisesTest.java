package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.fazaa.config.Database;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.TakeReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a volunteer has promised stands on their own page. */
class OwnPromisesTest {
  @RegisterExtension static final Program program = Program.start();

  @Test
  void whoComesSeesWhatTheyHavePromisedAndTheWayToGiveItBack() {
    var asked = PlantedOffers.plant(program.database().superuserPool(), 1, 1).getFirst();
    var owner = new Owner(program, asked.phone(), "127.0.0.1").signedIn();
    assertThat(owner.get("/me").text()).contains("لا شيء الآن");
    var phone = new Phone(asked.phone());
    var yes = new Arrived("simulated", "yes", phone, "", "1 " + asked.code(), Map.of());
    var pool = program.database().pool();
    Database.inTransaction(pool, tx -> TakeReply.run(tx, yes, Instant.now()));
    await().until(() -> owner.get("/me").text().contains("حاجة 0"));
    var link = Pattern.compile("href=\"(/a/[^\"]+)\"").matcher(owner.get("/me").text());
    assertThat(link.find()).isTrue();
    assertThat(program.anybody().get(link.group(1)).text()).contains("value=\"drop\"");
  }
}
