package org.fazaa.web.bench;

import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.SortedMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Phone;

/** The text that a bench sends, as a draft and as the form that leaves: the same words each way. */
final class Forms {
  static final String ACCOUNT = "AC" + "0".repeat(32);
  static final String KEY = "SK" + "0".repeat(32);
  static final String SECRET = "a secret of the bench";
  static final String FROM = "+15005550006";
  static final String PATH = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json";
  static final String STATUSES = "http://fazaa.invalid/twilio/statuses?m=";
  static final String AUTHORIZATION = "Basic " + base64(KEY + ":" + SECRET);

  /** The owner of these texts, and of nothing else. */
  static final String PURPOSE = "bench";

  static final String BODY =
      "فزعة عاجل، أرواح في خطر: إخلاء حي السلامة، اليوم ١٨:٠٠، نحتاج ٤ الآن. تجي؟ رد ١ نعم ٢ لا،"
          + " رمز F7K2 https://fazaa.example/a/Q0hB3kTzW9dVw2s7YJ4mXg";

  private static final Duration VALID = Duration.ofHours(1);
  private static final int PRIORITY = 100;
  private static final int FIRST_PHONE = 500_000_000;

  private Forms() {}

  static Draft draft(int number, Instant now) {
    return new Draft(
        new Phone(phone(number)),
        Language.AR,
        MessageClass.LIFE_SAFETY,
        PURPOSE,
        about(number),
        null,
        BODY,
        true,
        Occasion.ALARM,
        null,
        PRIORITY,
        now.plus(VALID));
  }

  static String about(int number) {
    return Integer.toString(number);
  }

  static String phone(int number) {
    return "+966" + (FIRST_PHONE + number);
  }

  static Buffer form(int number) {
    return Buffer.buffer(BEFORE + (FIRST_PHONE + number) + BETWEEN + number + AFTER);
  }

  static Buffer encode(SortedMap<String, String> fields) {
    return Buffer.buffer(
        fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&")));
  }

  /** As Twilio signs a webhook: a keyed hash over its address and its fields in order. */
  static String sign(String token, String url, SortedMap<String, String> fields) {
    var content = new StringBuilder(url);
    fields.forEach((name, value) -> content.append(name).append(value));
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(content.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final String BEFORE = "To=" + encoded("+966");

  private static final String BETWEEN =
      "&From=" + encoded(FROM) + "&Body=" + encoded(BODY) + "&StatusCallback=" + encoded(STATUSES);

  private static final String AFTER = "&ValidityPeriod=" + VALID.toSeconds();

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
