package org.fazaa.notifier.carrier.twilio;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fazaa.config.Secret;

/**
 * Whether a webhook comes from Twilio: a keyed hash over the URL that it was told to call and the
 * sorted fields of the form. The URL is the configured one; what a request says about its host
 * proves nothing.
 */
public final class TwilioSignature {
  private static final String ALGORITHM = "HmacSHA1";
  private static final Pattern BODY_HASH = Pattern.compile("[?&]bodySHA256=([0-9a-fA-F]{64})(&|$)");
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private final URI publicUrl;
  private final List<Secret> tokens;

  /**
   * @param tokens each is accepted, so that they can be rotated; at least one
   */
  public TwilioSignature(URI publicUrl, List<Secret> tokens) {
    if (tokens.isEmpty() || tokens.stream().anyMatch(token -> token.value().isEmpty())) {
      throw new IllegalArgumentException("signatures cannot be checked without a token");
    }
    this.publicUrl = publicUrl;
    this.tokens = List.copyOf(tokens);
  }

  /**
   * @param pathAndQuery exactly as received
   * @param body the raw form, exactly as received
   * @param signature the header {@code X-Twilio-Signature}, or null
   */
  public boolean matches(String pathAndQuery, String body, String signature) {
    if (signature == null) {
      return false;
    }
    String fields;
    try {
      fields = joined(body);
    } catch (IllegalArgumentException e) { // a broken %-escape is nothing that Twilio sends
      return false;
    }
    return isSigned(pathAndQuery, fields, signature);
  }

  /**
   * The same for a body that is no form: the hash of its bytes stands in the query, as {@code
   * bodySHA256}, and the signature is of the URL alone.
   *
   * @param body its bytes, exactly as received
   */
  public boolean matchesJson(String pathAndQuery, byte[] body, String signature) {
    var hash = BODY_HASH.matcher(pathAndQuery);
    return signature != null
        && hash.find()
        && equal(sha256(body), hash.group(1).toLowerCase(Locale.ROOT))
        && isSigned(pathAndQuery, "", signature);
  }

  private boolean isSigned(String pathAndQuery, String fields, String signature) {
    boolean matched = false;
    for (var url : List.of(url(true, pathAndQuery), url(false, pathAndQuery))) {
      for (var token : tokens) {
        matched |= equal(sign(token, url + fields), signature);
      }
    }
    return matched;
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The form's fields, sorted by name, each name with each of its values once, sorted too. */
  private static String joined(String body) {
    var joined = new StringBuilder();
    fields(body)
        .forEach((name, values) -> values.forEach(value -> joined.append(name).append(value)));
    return joined.toString();
  }

  static SortedMap<String, SortedSet<String>> fields(String body) {
    var fields = new TreeMap<String, SortedSet<String>>();
    for (var pair : body.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        var name = decode(equals < 0 ? pair : pair.substring(0, equals));
        var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        fields.computeIfAbsent(name, none -> new TreeSet<>()).add(value);
      }
    }
    return fields;
  }

  private static String decode(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }

  // Twilio signs with the standard port for some routes and without it for others.
  private String url(boolean withPort, String pathAndQuery) {
    int standard = publicUrl.getScheme().equals("https") ? HTTPS : HTTP;
    int port = publicUrl.getPort() == -1 ? standard : publicUrl.getPort();
    var prefix = publicUrl.getRawPath().replaceAll("/+$", "");
    var authority = publicUrl.getHost() + (withPort ? ":" + port : "");
    return publicUrl.getScheme() + "://" + authority + prefix + pathAndQuery;
  }

  private static String sign(Secret token, String content) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(token.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      var hash = mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean equal(String ours, String theirs) {
    return MessageDigest.isEqual(
        ours.getBytes(StandardCharsets.UTF_8), theirs.getBytes(StandardCharsets.UTF_8));
  }
}
