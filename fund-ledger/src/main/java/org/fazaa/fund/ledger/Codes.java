package org.fazaa.fund.ledger;

import java.util.random.RandomGenerator;

/** Draws codes of letters and digits that are not taken for one another when read aloud. */
public final class Codes {
  private static final String ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

  private Codes() {}

  public static String draw(RandomGenerator random, int length) {
    return random
        .ints(length, 0, ALPHABET.length())
        .collect(
            StringBuilder::new, (code, i) -> code.append(ALPHABET.charAt(i)), StringBuilder::append)
        .toString();
  }

  /** A code that follows from these bytes, and from which they cannot be told. */
  public static String of(byte[] digest, int length) {
    var code = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      code.append(ALPHABET.charAt(Byte.toUnsignedInt(digest[i]) % ALPHABET.length()));
    }
    return code.toString();
  }
}
