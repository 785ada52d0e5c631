package org.fazaa.notifier.reply;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.ShortCode;
import org.fazaa.notifier.reply.Meaning.Stage;

/**
 * What strangers send us is read without ever failing. Run with {@code JAZZER_FUZZ=1} the inputs
 * are searched for; without, those that stand beside this class are tried.
 */
class ReadersFuzzTest {
  private static final AnswerLink LINKS = new AnswerLink(new byte[32]);

  @FuzzTest(maxDuration = "200s")
  void any_reply(FuzzedDataProvider data) {
    var stage = data.pickValue(Stage.values());
    var body = data.consumeRemainingAsString();
    var reading = Meaning.read(body, stage, Whereabouts.riyadh());
    assertThat(reading).isEqualTo(Meaning.read(body, stage, Whereabouts.riyadh()));
    assertThat(reading.etaMinutes() == null || reading.etaMinutes() >= 0).isTrue();
    assertThat(reading.party() == null || reading.party() > 0).isTrue();
    assertThat(reading.code() == null || ShortCode.find(reading.code()).isPresent()).isTrue();
  }

  @FuzzTest(maxDuration = "200s")
  void any_answer_link(byte[] token) {
    var read = LINKS.read(new String(token, StandardCharsets.ISO_8859_1), Instant.EPOCH);
    assertThat(read).isEmpty(); // nobody without the secret makes one
  }

  @FuzzTest(maxDuration = "200s")
  void any_phone(FuzzedDataProvider data) {
    var written = data.consumeRemainingAsString();
    Phone.parse(written, "SA")
        .ifPresent(phone -> assertThat(Phone.parse(phone.e164(), "SA")).contains(phone));
  }
}
