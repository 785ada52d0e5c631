package org.fazaa.notifier.carrier.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.TextState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioHooksTest {

  @Test
  void reads_a_reply() {
    var reply =
        TwilioHooks.reply(
                "MessageSid=SM1&From=%2B966501234567&To=%2B15005550006"
                    + "&Body=%D9%86%D8%B9%D9%85+F7K2&NumMedia=0")
            .orElseThrow();
    assertThat(reply.provider()).isEqualTo("twilio");
    assertThat(reply.providerId()).isEqualTo("SM1");
    assertThat(reply.from()).isEqualTo(new Phone("+966501234567"));
    assertThat(reply.to()).isEqualTo("+15005550006");
    assertThat(reply.body()).isEqualTo("نعم F7K2");
    assertThat(reply.raw()).containsEntry("NumMedia", "0");
  }

  @Test
  void a_picture_without_words_is_a_reply_too() {
    var reply = TwilioHooks.reply("MessageSid=MM1&From=%2B966501234567&NumMedia=1");
    assertThat(reply.orElseThrow().body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Body=1",
        "From=%2B966501234567&Body=1",
        "MessageSid=&From=%2B966501234567&Body=1",
        "MessageSid=SM1&Body=1",
        "MessageSid=SM1&From=STC&Body=1",
        "MessageSid=SM1&From=%ZZ&Body=1",
      })
  void what_does_not_say_who_and_under_which_id_is_no_reply(String body) {
    assertThat(TwilioHooks.reply(body)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "accepted, ACCEPTED", "scheduled, ACCEPTED", "queued, ACCEPTED", "sending, ACCEPTED",
    "sent, SENT", "partially_delivered, SENT", "delivered, DELIVERED", "read, DELIVERED",
    "undelivered, FAILED", "failed, FAILED", "canceled, FAILED"
  })
  void knows_the_words_for_a_status(String word, TextState state) {
    var status = TwilioHooks.status("MessageSid=SM1&MessageStatus=" + word, "42").orElseThrow();
    assertThat(status.state()).contains(state);
    assertThat(status.text()).isEqualTo(42);
    assertThat(status.problem()).isNull();
  }

  @Test
  void a_word_that_is_new_is_kept_without_a_state() {
    var status = TwilioHooks.status("MessageSid=SM1&MessageStatus=teleported", "42").orElseThrow();
    assertThat(status.word()).isEqualTo("teleported");
    assertThat(status.state()).isEqualTo(Optional.empty());
  }

  @Test
  void expiry_in_the_carriers_queue_is_expiry() {
    var body = "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30036";
    assertThat(TwilioHooks.status(body, "42").orElseThrow().state()).contains(TextState.EXPIRED);
  }

  @Test
  void a_block_is_told_in_our_own_word() {
    var body = "MessageSid=SM1&MessageStatus=failed&ErrorCode=21610";
    assertThat(TwilioHooks.status(body, "42").orElseThrow().problem()).isEqualTo(Consent.STOPPED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-", "9999999999999999999999", "1;DROP TABLE"})
  void an_id_that_is_none_of_ours_is_left_out(String message) {
    var status = TwilioHooks.status("MessageSid=SM1&MessageStatus=sent", message).orElseThrow();
    assertThat(status.text()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MessageSid=SM1", "MessageStatus=sent", "MessageSid=%ZZ"})
  void what_does_not_say_of_what_is_no_status(String body) {
    assertThat(TwilioHooks.status(body, "42")).isEmpty();
  }
}
