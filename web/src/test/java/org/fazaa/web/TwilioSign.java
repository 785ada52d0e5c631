package org.fazaa.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs as Twilio does, written down a second time from its documentation. */
final class TwilioSign {
  private TwilioSign() {}

  static String form(String token, String url, Map<String, String> fields) {
    var content = new StringBuilder(url);
    new TreeMap<>(fields).forEach((name, value) -> content.append(name).append(value));
    return text(token, content.toString());
  }

  static String text(String token, String content) {
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
