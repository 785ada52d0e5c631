package org.fazaa.dispatcher.callout;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Numbers as bytes, the small ones short. */
final class Bytes {
  private static final double WHOLES = 1 << 20;

  /** No whole figure is negative. */
  private static final int RAW = -1;

  private Bytes() {}

  /** Growing bytes. */
  static final class Out {
    private byte[] bytes = new byte[1 << 12];
    private int length;

    byte[] all() {
      return Arrays.copyOf(bytes, length);
    }

    void put(byte[] more) {
      room(more.length);
      System.arraycopy(more, 0, bytes, length, more.length);
      length += more.length;
    }

    /** Of either sign. */
    void number(long value) {
      room(10);
      var left = value << 1 ^ value >> 63;
      while ((left & ~0x7FL) != 0) {
        bytes[length++] = (byte) (left & 0x7F | 0x80);
        left >>>= 7;
      }
      bytes[length++] = (byte) left;
    }

    // Many figures are whole, 0 most of all: one to three bytes instead of nine.
    void figure(double value) {
      var bits = Double.doubleToRawLongBits(value);
      var whole = (long) value;
      if (value >= 0 && value < WHOLES && Double.doubleToRawLongBits(whole) == bits) {
        number(whole);
        return;
      }
      number(RAW);
      room(Long.BYTES);
      for (var shift = 56; shift >= 0; shift -= 8) bytes[length++] = (byte) (bits >>> shift);
    }

    private void room(int more) {
      if (length + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
      }
    }
  }

  /**
   * The same from their beginning. Bytes that {@link Out} did not write end in a {@code
   * BufferUnderflowException} or an {@code ArithmeticException}.
   */
  record In(ByteBuffer bytes) {
    byte[] take(int length) {
      if (length < 0 || length > bytes.remaining()) throw new ArithmeticException("length");
      var taken = new byte[length];
      bytes.get(taken);
      return taken;
    }

    long number() {
      var value = 0L;
      for (var shift = 0; shift < 64; shift += 7) {
        var next = bytes.get();
        value |= (next & 0x7FL) << shift;
        if (next >= 0) break;
      }
      return value >>> 1 ^ -(value & 1);
    }

    int size() {
      return Math.toIntExact(number());
    }

    double figure() {
      var whole = number();
      return whole == RAW ? Double.longBitsToDouble(bytes.getLong()) : whole;
    }
  }
}
