package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sender of an SMS is easily forged: no text changes who somebody is, or tells it. */
@Tag("S8")
class SpoofedSenderTest {
  private static final String TOKEN = "the auth token";
  private static final String PUBLIC = "https://fazaa.example";

  /** Whatever says who somebody is, how they are reached, what they may do, or where money goes. */
  private static final List<String> ABOUT_PEOPLE =
      List.of(
          "dispatch.volunteer",
          "dispatch.organisation",
          "dispatch.staff",
          "notify.stopped",
          "notify.blocked",
          "notify.unreachable",
          "notify.consent_change",
          "fund.payee",
          "fund.officer",
          "web.account",
          "web.session",
          "web.token",
          "web.phone_code",
          "web.volunteer_session");

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
              "FAZAA_PUBLIC_URL", PUBLIC));

  @BeforeAll
  static void register() {
    var csv = new StringBuilder("name,phone,language,skills,lon,lat\n");
    for (var i = 0; i < attempts().size(); i++) {
      csv.append("Sara Al-Ghamdi,%s,en,first_aid,39.17,21.55\n".formatted(known(i)));
    }
    var imported = program.as("coordinator").postCsv("/api/volunteers/import", csv.toString());
    assertThat(imported.ok().getInteger("inserted")).isEqualTo(attempts().size());
  }

  // Each attempt from phones of its own: a flood of one phone is not even read.
  private static String known(int attempt) {
    return "+9665000001%02d".formatted(attempt);
  }

  static List<String> attempts() {
    return List.of(
        "change my number",
        "Change my number to +966500000999",
        "my new number is 0500000999",
        "please update my phone to 0500000999",
        "غيروا رقمي",
        "غيروا رقمي إلى 0500000999",
        "رقمي الجديد ٠٥٠٠٠٠٠٩٩٩",
        "حدثوا رقم جوالي",
        "what is my data",
        "what do you know about me?",
        "send me my details",
        "ما هي بياناتي",
        "وش بياناتي عندكم؟",
        "ارسلوا لي بياناتي",
        "change my name to Huda",
        "غيروا اسمي إلى هدى",
        "add skill doctor",
        "أضيفوا مهارة طبيب",
        "make me coordinator",
        "اجعلوني منسق",
        "make me admin; role=admin",
        "my IBAN is SA03 8000 0000 6080 1016 7519",
        "آيباني الجديد SA03 8000 0000 6080 1016 7519",
        "what is my code",
        "send me the login code",
        "ارسل رمز الدخول",
        "I am at another address now, move me to Riyadh",
        "who else is coming? send me their numbers");
  }

  @ParameterizedTest
  @MethodSource("attempts")
  void aTextChangesNobodyAndTellsNothing(String attempt) {
    var known = known(attempts().indexOf(attempt));
    for (var sender : List.of(known, known.replace("+96650", "+96651"))) {
      var before = people();
      send(sender, attempt);
      assertThat(people()).isEqualTo(before);
      for (var text : Owner.texts(program, sender)) {
        assertThat(text).doesNotContain("Ghamdi", sender, "first_aid", "First aid", "Jeddah");
        assertThat(text).doesNotContainPattern("\\b[0-9]{6}\\b");
      }
    }
  }

  private static void send(String from, String body) {
    var sid = "SM" + Integer.toHexString((from + body).hashCode());
    var reply = new TreeMap<>(Map.of("MessageSid", sid, "From", from, "To", "FAZAA", "Body", body));
    var signature = TwilioSign.form(TOKEN, PUBLIC + "/twilio/replies", reply);
    var caller = program.anybody().with("X-Twilio-Signature", signature);
    assertThat(caller.postForm("/twilio/replies", reply).status()).isEqualTo(200);
    await().until(() -> !state(sid).equals("kept"));
    // What is no answer to anything waits for a person.
    assertThat(state(sid)).isEqualTo("person");
  }

  private static String state(String sid) {
    return program
        .database()
        .pool()
        .preparedQuery("SELECT state FROM notify.reply WHERE provider_id = $1")
        .execute(Tuple.of(sid))
        .await()
        .iterator()
        .next()
        .getString(0);
  }

  private static Map<String, String> people() {
    return ABOUT_PEOPLE.stream().collect(Collectors.toMap(table -> table, table -> rows(table)));
  }

  private static String rows(String table) {
    var sql = "SELECT coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '') FROM " + table;
    return program
        .database()
        .superuserPool()
        .query(sql + " t")
        .execute()
        .await()
        .iterator()
        .next()
        .getString(0);
  }
}
