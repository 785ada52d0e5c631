package org.fazaa.web.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** Secrets that we hand out once and keep only as hashes. */
final class Unguessable {

  private static final int BYTES = 32;

  private Unguessable() {}

  static String fresh(RandomGenerator random) {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static byte[] hash(String secret) {
    return sha256().digest(secret.getBytes(StandardCharsets.UTF_8));
  }

  /** Known to whoever holds the session's secret, and to nobody who reads our tables. */
  static String csrf(String secret) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash("csrf " + secret));
  }

  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
