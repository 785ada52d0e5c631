package org.fazaa.notifier.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.AnswerLink.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerLinkTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final Instant UNTIL = NOW.plus(Duration.ofHours(2));

  private final AnswerLink link = link("a secret of this test");

  @Test
  void says_what_it_answers() {
    var token = link.token("dispatch", "123456", UNTIL);
    assertThat(link.read(token, NOW)).contains(new Target("dispatch", "123456"));
  }

  @Test
  void is_short_enough_for_a_text_and_may_stand_in_a_url() {
    assertThat(link.token("dispatch", "123456", UNTIL)).matches("[A-Za-z0-9_-]{20,24}");
    assertThat(link.token("fund", Long.toString(Long.MAX_VALUE), UNTIL)).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void each_offer_has_its_own() {
    var token = link.token("dispatch", "1", UNTIL);
    assertThat(link.read(token, NOW)).contains(new Target("dispatch", "1"));
    assertThat(token)
        .isNotEqualTo(link.token("dispatch", "2", UNTIL))
        .isNotEqualTo(link.token("fund", "1", UNTIL));
  }

  @Test
  void is_dead_after_its_time() {
    var token = link.token("dispatch", "7", UNTIL);
    assertThat(link.read(token, UNTIL)).isPresent();
    assertThat(link.read(token, UNTIL.plus(Duration.ofMinutes(10)))).isEmpty();
  }

  @Test
  void any_changed_character_makes_it_worthless() {
    var token = link.token("dispatch", "123456", UNTIL);
    for (int i = 0; i < token.length() - 1; i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      var forged = token.substring(0, i) + other + token.substring(i + 1);
      assertThat(link.read(forged, NOW)).as("character %d changed", i).isEmpty();
    }
  }

  @Test
  void another_secret_does_not_open_it() {
    var token = link.token("dispatch", "123456", UNTIL);
    assertThat(link("another secret").read(token, NOW)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "====", "../../etc/passwd", "ﷺ", "AAAAAAAAAAAAAAAAAAAAAA"})
  void rubbish_is_nothing(String token) {
    assertThat(link.read(token, NOW)).isEmpty();
    assertThat(link.read("A".repeat(100_000), NOW)).isEmpty();
  }

  @Test
  void there_are_answer_pages_only_for_rooms_that_have_one() {
    assertThatThrownBy(() -> link.token("elsewhere", "1", UNTIL))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Tag("S9")
  void what_is_bound_to_a_phone_is_worthless_to_any_other_for_any_other_use_and_after_its_time() {
    var target = new Target("dispatch", "123456");
    var sara = new Phone("+966501234567");
    var omar = new Phone("+966502345678");
    var token = link.bound('1', target, sara, UNTIL);

    assertThat(token).matches("1[A-Za-z0-9_-]{20,24}");
    assertThat(link.readBound('1', token, sara, NOW)).contains(target);
    assertThat(link.readBound('1', token, omar, NOW)).isEmpty();
    assertThat(link.readBound('2', token, sara, NOW)).isEmpty();
    assertThat(link.readBound('2', "2" + token.substring(1), sara, NOW)).isEmpty();
    assertThat(link.readBound('1', token, sara, UNTIL.plus(Duration.ofMinutes(10)))).isEmpty();
    assertThat(link("another secret").readBound('1', token, sara, NOW)).isEmpty();
    assertThat(link.read(token.substring(1), NOW)).isEmpty();
    assertThat(link.readBound('1', "1" + link.token("dispatch", "123456", UNTIL), sara, NOW))
        .isEmpty();
    for (int i = 1; i < token.length() - 1; i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      var forged = token.substring(0, i) + other + token.substring(i + 1);
      assertThat(link.readBound('1', forged, sara, NOW)).as("character %d changed", i).isEmpty();
    }
  }

  @Test
  void the_database_keeps_one_secret_for_all_nodes() {
    var first = open(1);
    var second = open(2);
    var token = first.token("dispatch", "5", UNTIL);
    assertThat(second.read(token, NOW)).contains(new Target("dispatch", "5"));
  }

  private static AnswerLink open(long seed) {
    return Database.inTransaction(db.pool(), tx -> AnswerLink.open(tx, new SplittableRandom(seed)));
  }

  private static AnswerLink link(String secret) {
    return new AnswerLink(secret.getBytes(StandardCharsets.UTF_8));
  }
}
