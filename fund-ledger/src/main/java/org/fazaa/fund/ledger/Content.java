package org.fazaa.fund.ledger;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** The fingerprint of a command: the same key with another fingerprint is another command. */
public final class Content {
  private Content() {}

  /** SHA-256 over the parts, each preceded by its length so that no two lists look alike. */
  public static Buffer hash(Object... parts) {
    var digest = sha256();
    for (var part : parts) {
      var bytes = part.toString().getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    return Buffer.buffer(digest.digest());
  }

  /** The first half of {@link #hash}: 128 bits, for what is stored a million times. */
  public static UUID fingerprint(Object... parts) {
    return half(hash(parts).getBytes());
  }

  /** The same of a key as its caller wrote it. */
  public static UUID fingerprintOfKey(String key) {
    return half(sha256().digest(key.getBytes(StandardCharsets.UTF_8)));
  }

  private static UUID half(byte[] digest) {
    var bits = ByteBuffer.wrap(digest);
    return new UUID(bits.getLong(), bits.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
