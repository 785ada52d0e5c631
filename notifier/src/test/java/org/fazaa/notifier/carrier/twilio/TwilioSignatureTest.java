package org.fazaa.notifier.carrier.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.security.RequestValidator;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fazaa.config.Secret;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioSignatureTest {

  private static final String TOKEN = "12345";
  private static final String PATH = "/twilio/replies";

  @Test
  void accepts_the_example_of_twilios_own_documentation() {
    var url = URI.create("https://mycompany.com");
    var body =
        "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234"
            + "&From=%2B14158675309&To=%2B18005551212";
    assertThat(
            signature(url.toString())
                .matches("/myapp.php?foo=1&bar=2", body, "RSOYDt4T1cUTdK1PDd93/VVr8B8="))
        .isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void accepts_what_twilio_signs(String what, String body, Map<String, String> fields) {
    var url = "https://fazaa.example" + PATH;
    var signed = sign(TOKEN, url, fields);
    assertThat(signature("https://fazaa.example").matches(PATH, body, signed)).isTrue();
    assertThat(new RequestValidator(TOKEN).validate(url, fields, signed)).isTrue();
  }

  static Stream<Arguments> forms() {
    return Stream.of(
        form("a reply", "From=%2B966501234567&Body=1", "From", "+966501234567", "Body", "1"),
        form("a plus in the body", "Body=1%2B1", "Body", "1+1"),
        form("a blank as plus", "Body=yes+please", "Body", "yes please"),
        form("a blank as %20", "Body=yes%20please", "Body", "yes please"),
        form("an apostrophe", "Body=can%27t", "Body", "can't"),
        form("a bare apostrophe", "Body=can't", "Body", "can't"),
        form("Arabic", "Body=%D9%86%D8%B9%D9%85", "Body", "نعم"),
        form("an emoji", "Body=%F0%9F%91%8D", "Body", "👍"),
        form("an empty field", "Body=&From=%2B1", "Body", "", "From", "+1"),
        form("a field without a value", "Body", "Body", ""),
        form("ampersand and equals", "Body=a%26b%3Dc", "Body", "a&b=c"),
        form("a second equals sign", "Body=a=b", "Body", "a=b"),
        form("a line break", "Body=a%0D%0Ab", "Body", "a\r\nb"),
        form("capitals sort before small letters", "b=1&B=2", "b", "1", "B", "2"),
        form("an unknown field", "NewThing=x&Body=1", "NewThing", "x", "Body", "1"),
        form("no fields at all", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://fazaa.example/twilio/replies",
        "https://fazaa.example:443/twilio/replies"
      })
  void accepts_the_standard_port_written_or_not(String signedUrl) {
    var signed = sign(TOKEN, signedUrl, Map.of("Body", "1"));
    assertThat(signature("https://fazaa.example").matches(PATH, "Body=1", signed)).isTrue();
    assertThat(signature("https://fazaa.example:443").matches(PATH, "Body=1", signed)).isTrue();
  }

  @Test
  void accepts_its_own_port_and_not_another_one() {
    var own = sign(TOKEN, "https://fazaa.example:8443" + PATH, Map.of());
    var other = sign(TOKEN, "https://fazaa.example:9443" + PATH, Map.of());
    assertThat(signature("https://fazaa.example:8443").matches(PATH, "", own)).isTrue();
    assertThat(signature("https://fazaa.example:8443").matches(PATH, "", other)).isFalse();
  }

  /** The URL is signed byte for byte; nothing is decoded, encoded or put in order. */
  @ParameterizedTest(name = "{0}{1}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "https://fazaa.example;/twilio/replies",
        "https://fazaa.example;/twilio/replies?m=1",
        "https://fazaa.example;/twilio/replies?m=a%2Bb",
        "https://fazaa.example;/twilio/replies?m=a+b",
        "https://fazaa.example;/twilio/replies?m=a%20b",
        "https://fazaa.example;/twilio/replies?m=can't",
        "https://fazaa.example;/twilio/replies?m=can%27t",
        "https://fazaa.example;/twilio/replies?m=",
        "https://fazaa.example;/twilio/replies?m",
        "https://fazaa.example;/twilio/replies?m=1&m=2",
        "https://fazaa.example;/twilio/replies?m=2&m=1",
        "https://fazaa.example;/twilio/replies?b=1&a=2",
        "https://fazaa.example;/twilio/replies?m=%D9%86",
        "https://fazaa.example;/twilio/replies?m=%d9%86",
        "https://fazaa.example;/twilio/replies?m=1&",
        "https://fazaa.example;/twilio/replies?",
        "https://fazaa.example;/twilio//replies",
        "https://fazaa.example;/twilio/replies/",
        "https://fazaa.example:8443;/twilio/replies?m=1",
        "http://fazaa.example;/twilio/replies?m=1"
      })
  @Tag("S3")
  void the_url_is_taken_as_it_is(String host, String path) {
    var fields = Map.of("Body", "1+1", "From", "+966501234567");
    var body = "Body=1%2B1&From=%2B966501234567";
    var signed = sign(TOKEN, host + path, fields);
    assertThat(signature(host).matches(path, body, signed)).isTrue();
    assertThat(signature(host).matches(path + "x", body, signed)).isFalse();
    assertThat(new RequestValidator(TOKEN).validate(host + path, fields, signed))
        .as("Twilio's own check agrees")
        .isTrue();
  }

  @Test
  void the_query_is_part_of_what_is_signed() {
    var signed = sign(TOKEN, "https://fazaa.example/twilio/statuses?m=42", Map.of());
    var signature = signature("https://fazaa.example");
    assertThat(signature.matches("/twilio/statuses?m=42", "", signed)).isTrue();
    assertThat(signature.matches("/twilio/statuses?m=43", "", signed)).isFalse();
    assertThat(signature.matches("/twilio/statuses", "", signed)).isFalse();
  }

  @Test
  void a_public_url_may_have_a_path_of_its_own() {
    var signed = sign(TOKEN, "https://example.org/fazaa" + PATH, Map.of());
    assertThat(signature("https://example.org/fazaa/").matches(PATH, "", signed)).isTrue();
  }

  @Test
  void a_repeated_field_counts_with_each_of_its_values_once() {
    var signed = hash(TOKEN, "https://fazaa.example" + PATH + "MediaUrlaMediaUrlb");
    assertThat(
            signature("https://fazaa.example")
                .matches(PATH, "MediaUrl=b&MediaUrl=a&MediaUrl=b", signed))
        .isTrue();
  }

  @Test
  @Tag("S5")
  void both_tokens_count_while_they_are_rotated() {
    var both =
        new TwilioSignature(
            URI.create("https://fazaa.example"), List.of(new Secret("new"), new Secret("old")));
    for (var token : List.of("new", "old")) {
      var signed = sign(token, "https://fazaa.example" + PATH, Map.of("Body", "1"));
      assertThat(both.matches(PATH, "Body=1", signed)).isTrue();
    }
    var retired = sign("older", "https://fazaa.example" + PATH, Map.of("Body", "1"));
    assertThat(both.matches(PATH, "Body=1", retired)).isFalse();
  }

  @Test
  @Tag("S7")
  void a_json_body_is_held_against_its_hash() throws Exception {
    var body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    var path = PATH + "?bodySHA256=" + hash;
    var signed = hash(TOKEN, "https://fazaa.example" + path);
    var signature = signature("https://fazaa.example");
    assertThat(signature.matchesJson(path, body, signed)).isTrue();
    assertThat(signature.matchesJson(path, "{\"a\":2}".getBytes(StandardCharsets.UTF_8), signed))
        .isFalse();
    assertThat(signature.matchesJson(PATH, body, signed)).isFalse();
    assertThat(signature.matchesJson(path, body, null)).isFalse();
    assertThat(
            new RequestValidator(TOKEN)
                .validateBody(new String(body, StandardCharsets.UTF_8), hash))
        .isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void refuses_what_was_changed_on_the_way(String what, String body) {
    var fields = Map.of("From", "+966501234567", "Body", "1", "MessageSid", "SM1");
    var signed = sign(TOKEN, "https://fazaa.example" + PATH, fields);
    assertThat(signature("https://fazaa.example").matches(PATH, body, signed)).isFalse();
  }

  static Stream<Arguments> forgeries() {
    return Stream.of(
        Arguments.of("a field changed", "From=%2B966501234567&Body=2&MessageSid=SM1"),
        Arguments.of("a field added", "From=%2B966501234567&Body=1&MessageSid=SM1&x=y"),
        Arguments.of("a field dropped", "From=%2B966501234567&Body=1"),
        Arguments.of("a plus that became a blank", "From=+966501234567&Body=1&MessageSid=SM1"),
        Arguments.of("a name changed", "From=%2B966501234567&body=1&MessageSid=SM1"),
        Arguments.of("a broken escape", "From=%2B966501234567&Body=%ZZ&MessageSid=SM1"),
        Arguments.of("nothing left", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=", "AAAA", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "ünïcode"})
  void refuses_any_other_signature(String forged) {
    assertThat(signature("https://fazaa.example").matches(PATH, "Body=1", forged)).isFalse();
  }

  @Test
  void refuses_a_missing_signature() {
    assertThat(signature("https://fazaa.example").matches(PATH, "Body=1", null)).isFalse();
  }

  @Test
  void a_signature_for_another_host_is_none_for_us() {
    var signed = sign(TOKEN, "https://evil.example" + PATH, Map.of("Body", "1"));
    assertThat(signature("https://fazaa.example").matches(PATH, "Body=1", signed)).isFalse();
  }

  @Test
  @Tag("S5")
  void without_a_token_nothing_is_checked_so_nothing_starts() {
    var url = URI.create("https://fazaa.example");
    assertThatThrownBy(() -> new TwilioSignature(url, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TwilioSignature(url, List.of(new Secret(""))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static TwilioSignature signature(String publicUrl) {
    return new TwilioSignature(URI.create(publicUrl), List.of(new Secret(TOKEN)));
  }

  private static Arguments form(String what, String body, String... pairs) {
    var fields = new HashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(pairs[i], pairs[i + 1]);
    }
    return Arguments.of(what, body, fields);
  }

  private static String sign(String token, String url, Map<String, String> fields) {
    var content = new StringBuilder(url);
    new TreeMap<>(fields).forEach((name, value) -> content.append(name).append(value));
    return hash(token, content.toString());
  }

  private static String hash(String token, String content) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
