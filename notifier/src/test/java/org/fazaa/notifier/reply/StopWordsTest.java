package org.fazaa.notifier.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fazaa.notifier.Sample.NOW;
import static org.fazaa.notifier.Sample.SARA;

import java.util.List;
import java.util.Map;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Sample;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who says stop is opted out, however they write it; who says something else is not. */
@Tag("S14")
class StopWordsTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("notify");

  private int replies;

  @BeforeEach
  void start() {
    Sample.empty(db.superuserPool());
  }

  static List<String> stops() {
    return List.of(
        // English: case, spacing, quotes, marks, elongation
        "STOP",
        "stop",
        "Stop",
        "sToP",
        "  stop  ",
        "stop.",
        "STOP!",
        "stop!!!",
        "\"stop\"",
        "“STOP”",
        "'stop'",
        "«stop»",
        "(stop)",
        "*STOP*",
        "stoooop",
        "STOPPPP",
        "S T O P",
        "stop\n",
        "\u200Estop",
        "STOP\u00A0",
        "ＳＴＯＰ",
        "stop please",
        "Please stop",
        "STOP ALL",
        "stopall",
        "stop texting me",
        "Stop sending me messages",
        "stop messages",
        "no more texts",
        "don't text me",
        "Do not contact me",
        "unsubscribe",
        "UNSUBSCRIBE ME",
        "opt out",
        "opt-out",
        "remove me from the list",
        "take me off the list",
        "delete my number",
        "leave me alone",
        "quit",
        // Arabic: hamza, diacritics, tatweel, elongation, quotes, spacing
        "قف",
        "قِفْ",
        "قــف",
        "\"قف\"",
        "«قف»",
        " قف ",
        "توقف",
        "توقّفوا",
        "أوقفوا",
        "اوقفوا الرسائل",
        "إيقاف",
        "ايقاااف",
        "وقفوا الرسايل",
        "إلغاء الاشتراك",
        "الغاء الإشتراك",
        "لا ترسلوا لي",
        "لا تراسلوني",
        "احذفوا رقمي",
        "شيلوني من القائمة",
        "ما أبي رسايل");
  }

  static List<String> others() {
    return List.of(
        "stop by at 5",
        "I'll stop by later",
        "where do I stop?",
        "the rain will not stop",
        "bus stop",
        "stop sign on king road, turn there",
        "don't stop texting me",
        "cancel",
        "CANCEL F7K2",
        "الغاء",
        "ألغوا حجزي",
        "وقفت عند الدوار",
        "أنا واقف عند الباب",
        "قف عند الاشارة وانتظرني",
        "لا توقفوا الرسائل");
  }

  @Test
  void theListsAreAsLongAsTheyShouldBe() {
    assertThat(stops()).hasSize(60).doesNotHaveDuplicates();
    assertThat(others()).hasSize(15).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("stops")
  void whoSaysStopIsOptedOut(String body) {
    take(body);
    assertThat(isStopped()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("others")
  void whoSaysSomethingElseIsNot(String body) {
    take(body);
    assertThat(isStopped()).isFalse();
  }

  @Test
  void stopByAtFiveIsForAPerson() {
    assertThat(Meaning.read("stop by at 5").meaning()).isEqualTo(Meaning.PERSON);
  }

  @Test
  void onlyStartBringsBackWhoSaidStop() {
    take("قف");
    for (var word : List.of("نعم", "1", "yes", "ok", "on my way", "تمام", "hello", "شكرا", "YES")) {
      take(word);
      assertThat(isStopped()).as(word).isTrue();
    }
    take("ابدأ");
    assertThat(isStopped()).isFalse();
  }

  @Test
  void staffWithoutAReasonBringNobodyBack() {
    take("قف");
    for (var why : new String[] {null, "", "  "}) {
      assertThat(refused(why)).as("reason " + why).contains("started_for_a_reason");
      assertThat(isStopped()).isTrue();
    }
    Database.inTransaction(
        db.pool(), tx -> Consent.startAgain(tx, SARA, 7, "she phoned and asked", NOW));
    assertThat(isStopped()).isFalse();
  }

  private static String refused(String why) {
    try {
      Database.inTransaction(db.pool(), tx -> Consent.startAgain(tx, SARA, 7, why, NOW));
      return "nobody refused";
    } catch (RuntimeException e) {
      return e.getMessage();
    }
  }

  private void take(String body) {
    var arrived =
        new Arrived("twilio", "SM" + replies++, SARA, "+15005550006", body, Map.of("Body", body));
    Database.inTransaction(db.pool(), tx -> TakeReply.run(tx, arrived, NOW));
  }

  private static boolean isStopped() {
    return Database.inTransaction(db.pool(), tx -> !Consent.stopped(tx, List.of(SARA)).isEmpty());
  }
}
