package org.fazaa.dispatcher.callout;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Records as bytes and back, equal to the last bit. What is written follows from the components of
 * the record alone, so a new component needs nothing here; bytes of a record with other components
 * are refused.
 */
final class Packed<T extends Record> {
  private static final byte VERSION = 1;
  private static final int HEAD = 1 + Integer.BYTES + Integer.BYTES;

  /** The bytes cannot be read by this program; the message says why. */
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final Class<T> type;
  private final Column column;
  private final int shape;

  Packed(Class<T> type) {
    this.type = type;
    this.column = Column.of(type);
    this.shape = sum(column.shape().getBytes(StandardCharsets.UTF_8));
  }

  // As they are: figures hardly shrink, and squeezing them takes five times as long as all of this.
  byte[] write(T value) {
    var out = new Bytes.Out();
    column.write(List.of(value), out);
    var plain = out.all();
    var bytes = ByteBuffer.allocate(HEAD + plain.length);
    return bytes.put(VERSION).putInt(shape).putInt(sum(plain)).put(plain).array();
  }

  /**
   * @throws Unreadable when the bytes are damaged or come from a program with other records
   */
  T read(byte[] bytes) {
    if (bytes.length < HEAD) throw new Unreadable("it is damaged: it ends too early", null);
    var head = ByteBuffer.wrap(bytes);
    var version = head.get();
    if (version != VERSION) {
      throw new Unreadable(
          "it is in version %d of the form, and this program reads %d".formatted(version, VERSION),
          null);
    }
    if (head.getInt() != shape) {
      throw new Unreadable("it comes from a program whose boards have other fields", null);
    }
    var sum = head.getInt();
    var plain = Arrays.copyOfRange(bytes, HEAD, bytes.length);
    if (sum(plain) != sum) throw new Unreadable("it is damaged: its sum is wrong", null);
    return readPlain(plain);
  }

  private T readPlain(byte[] plain) {
    try {
      return type.cast(column.read(1, new Bytes.In(ByteBuffer.wrap(plain))).getFirst());
    } catch (BufferUnderflowException | ArithmeticException | IndexOutOfBoundsException e) {
      throw new Unreadable("it is damaged: it cannot be followed", e);
    }
  }

  private static int sum(byte[] bytes) {
    var sum = new CRC32C();
    sum.update(bytes);
    return (int) sum.getValue();
  }
}
