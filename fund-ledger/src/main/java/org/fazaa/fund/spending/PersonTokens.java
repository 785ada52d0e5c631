package org.fazaa.fund.spending;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the token that stands for a person: the same for whoever writes the same paper, and of no
 * use to whoever has only the books. The number itself is kept nowhere.
 */
public final class PersonTokens {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;

  private final SecretKeySpec key;

  public PersonTokens(byte[] secret) {
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /** With the secret that the database keeps; made when there is none yet. */
  public static PersonTokens open(SqlConnection tx, RandomGenerator random) {
    var made = new byte[SECRET_BYTES];
    random.nextBytes(made);
    tx.preparedQuery(KEEP_SECRET).execute(Tuple.of(Buffer.buffer(made))).await();
    var kept = tx.query(FIND_SECRET).execute().await().iterator().next().getBuffer(0);
    return new PersonTokens(kept.getBytes());
  }

  /**
   * @param plain as {@link IdKind#plain} writes it
   */
  Buffer token(IdKind kind, String plain) {
    return seal(kind.tag() + ":" + plain);
  }

  /** A fingerprint that tells nothing of what is easily guessed, such as a phone. */
  String veiled(String value) {
    return seal("veiled:" + value).toString(StandardCharsets.ISO_8859_1);
  }

  private Buffer seal(String content) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return Buffer.buffer(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static final String KEEP_SECRET =
      "INSERT INTO fund.secret (name, value) VALUES ('person', $1) ON CONFLICT DO NOTHING";

  private static final String FIND_SECRET = "SELECT value FROM fund.secret WHERE name = 'person'";
}
