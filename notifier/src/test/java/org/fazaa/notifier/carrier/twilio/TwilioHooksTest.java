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

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "+966501234567, +966501234567",
    "whatsapp:+966501234567, +966501234567",
    "messenger:+966501234567,",
    "whatsapp:whatsapp:+966501234567,",
    "STC,"
  })
  void an_address_is_a_phone_by_whichever_way(String address, String phone) {
    assertThat(TwilioHooks.phone(address)).isEqualTo(Optional.ofNullable(phone).map(Phone::new));
  }

  @ParameterizedTest(name = "a call that is {0} is a text that is {1}")
  @CsvSource({
    "queued, ACCEPTED",
    "initiated, ACCEPTED",
    "ringing, SENT",
    "in-progress, SENT",
    "completed, DELIVERED",
    "busy, FAILED",
    "no-answer, FAILED",
    "canceled, FAILED",
    "failed, FAILED"
  })
  void a_call_fares_as_a_text_does(String word, TextState state) {
    var status = TwilioHooks.status("CallSid=CA1&CallStatus=" + word, "7").orElseThrow();
    assertThat(status.sid()).isEqualTo("CA1");
    assertThat(status.text()).isEqualTo(7);
    assertThat(status.state()).hasValue(state);
  }

  @Test
  void a_key_is_a_reply_that_its_call_and_its_digit_name() {
    var called =
        TwilioHooks.called("CallSid=CA1&From=%2B15005550007&To=%2B966501234567&Digits=1")
            .orElseThrow();
    assertThat(called.phone()).isEqualTo(new Phone("+966501234567"));
    assertThat(called.arrived().providerId()).isEqualTo("CA1-1");
    assertThat(called.arrived().from()).isEqualTo(called.phone());
    assertThat(TwilioHooks.called("CallSid=CA1&To=STC")).isEmpty();
    assertThat(TwilioHooks.called("To=%2B966501234567")).isEmpty();
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
