package org.fazaa.notifier.reply;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Ways;

/**
 * The token of an answer page: what it answers and until when, signed, in about 22 characters that
 * may stand in a URL. Without the secret nobody can make one, or turn one into another.
 */
public final class AnswerLink {

  /** What an answer is about, as in {@link Draft}. */
  public record Target(String purpose, String about) {}

  /** Their order is part of every token that is out: only append. */
  private static final List<String> PURPOSES =
      List.of("dispatch", "fund", Ways.TEST_PURPOSE, "pledge");

  private static final byte BOUND = (byte) 0xff;
  private static final int SEAL_BYTES = 9;
  private static final int SECRET_BYTES = 32;
  private static final int TOKEN_MAX = 60;
  private static final String ALGORITHM = "HmacSHA256";

  /** Expiry is told in these, so that it costs three characters. */
  private static final Duration STEP = Duration.ofMinutes(10);

  private final SecretKeySpec key;

  public AnswerLink(byte[] secret) {
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  /** With the secret that the database keeps; made when there is none yet. */
  public static AnswerLink open(SqlConnection tx, RandomGenerator random) {
    var made = new byte[SECRET_BYTES];
    random.nextBytes(made);
    tx.preparedQuery(KEEP_SECRET).execute(Tuple.of(Buffer.buffer(made))).await();
    var kept = tx.query(FIND_SECRET).execute().await().iterator().next().getBuffer(0);
    return new AnswerLink(kept.getBytes());
  }

  /**
   * @param about a number in decimal
   * @param until the link is dead after this, within {@link #STEP}
   */
  public String token(String purpose, String about, Instant until) {
    var content = content(purpose, about, until);
    return written(content, seal(content));
  }

  /**
   * A token that is good for one phone and one use only: a button of its message, or its call.
   *
   * @param mark the use, one ASCII character; the token begins with it
   */
  public String bound(char mark, Target target, Phone phone, Instant until) {
    var content = content(target.purpose(), target.about(), until);
    return mark + written(content, boundSeal(mark, phone, content));
  }

  private static byte[] content(String purpose, String about, Instant until) {
    int index = PURPOSES.indexOf(purpose);
    if (index < 0) {
      throw new IllegalArgumentException("no answer page for " + purpose);
    }
    var content = ByteBuffer.allocate(1 + 2 * Long.BYTES + 4);
    content.put((byte) index);
    putVarint(content, Long.parseUnsignedLong(about));
    putVarint(content, until.getEpochSecond() / STEP.toSeconds() + 1);
    return Arrays.copyOf(content.array(), content.position());
  }

  private static String written(byte[] content, byte[] seal) {
    var token = ByteBuffer.allocate(content.length + SEAL_BYTES).put(content).put(seal);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
  }

  /** What a token answers; empty when it is forged, broken or past its time. */
  public Optional<Target> read(String token, Instant now) {
    return read(token, this::seal, now);
  }

  /** The same for a token that is bound to this phone and begins with this mark. */
  public Optional<Target> readBound(char mark, String token, Phone phone, Instant now) {
    return token.isEmpty() || token.charAt(0) != mark
        ? Optional.empty()
        : read(token.substring(1), content -> boundSeal(mark, phone, content), now);
  }

  private static Optional<Target> read(String token, UnaryOperator<byte[]> sealing, Instant now) {
    var bytes = decode(token);
    if (bytes.length <= SEAL_BYTES) {
      return Optional.empty();
    }
    var signed = Arrays.copyOf(bytes, bytes.length - SEAL_BYTES);
    var seal = Arrays.copyOfRange(bytes, signed.length, bytes.length);
    return MessageDigest.isEqual(seal, sealing.apply(signed))
        ? target(signed, now)
        : Optional.empty();
  }

  private static Optional<Target> target(byte[] signed, Instant now) {
    var content = ByteBuffer.wrap(signed);
    try {
      var purpose = PURPOSES.get(content.get());
      var about = Long.toUnsignedString(varint(content));
      long until = varint(content) * STEP.toSeconds();
      return now.getEpochSecond() < until
          ? Optional.of(new Target(purpose, about))
          : Optional.empty();
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  // No purpose has such an index: what is sealed here is never taken for a link.
  private byte[] boundSeal(char mark, Phone phone, byte[] content) {
    var named = phone.e164().getBytes(StandardCharsets.US_ASCII);
    var all = ByteBuffer.allocate(2 + named.length + content.length);
    return seal(all.put(BOUND).put((byte) mark).put(named).put(content).array());
  }

  private byte[] seal(byte[] signed) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return Arrays.copyOf(mac.doFinal(signed), SEAL_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] decode(String token) {
    try {
      return token.length() > TOKEN_MAX ? new byte[0] : Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static void putVarint(ByteBuffer to, long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      to.put((byte) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    to.put((byte) left);
  }

  private static long varint(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = from.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new BufferUnderflowException();
  }

  private static final String KEEP_SECRET =
      "INSERT INTO notify.secret (name, value) VALUES ('answer-link', $1) ON CONFLICT DO NOTHING";

  private static final String FIND_SECRET =
      "SELECT value FROM notify.secret WHERE name = 'answer-link'";
}
