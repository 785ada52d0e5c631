package org.fazaa.fund.ledger;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
