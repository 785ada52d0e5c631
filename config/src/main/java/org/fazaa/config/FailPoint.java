package org.fazaa.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The places at which a fault test stops a process, to kill or freeze it exactly there. They do
 * nothing unless the JVM was started with {@code -Dfazaa.failPoint=NAME} or {@code NAME:n} for the
 * n-th time that it is reached.
 */
public enum FailPoint {
  /** A text is committed as submitting; nobody has posted it. */
  AFTER_CLAIM,
  /** The very next thing is the POST. */
  BEFORE_POST,
  /** The carrier has answered; nothing is written yet. */
  AFTER_POST,
  /** The outcome is written, not committed. */
  BEFORE_RECORD,
  /** The outcome is committed; nobody was told. */
  AFTER_RECORD,
  /** Offers and texts of a round are written, not committed. */
  BEFORE_ROUND_COMMIT,
  /** A round is committed; nobody was told. */
  AFTER_ROUND_COMMIT,
  /** A reply is committed; the provider has no answer yet. */
  AFTER_REPLY_KEPT,
  /** The effect of a reply is written, not committed. */
  BEFORE_ANSWER_COMMIT,
  /** The effect of a reply is committed; nobody was told. */
  AFTER_ANSWER_COMMIT,
  /** What became of an unknown text is known and not yet written. */
  BEFORE_SETTLE,
  /** What became of an unknown text is committed. */
  AFTER_SETTLE;

  /** A property of the JVM and no setting: no settings file can carry it into production. */
  public static final String PROPERTY = "fazaa.failPoint";

  private static final Optional<Armed> ARMED =
      Optional.ofNullable(System.getProperty(PROPERTY)).map(Armed::parse);
  private static final boolean ON = ARMED.isPresent();

  private record Armed(FailPoint point, AtomicInteger left) {
    static Armed parse(String written) {
      var parts = written.split(":", 2);
      try {
        var times = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
        return new Armed(valueOf(parts[0]), new AtomicInteger(times));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            PROPERTY + "=" + written + ": NAME or NAME:n, of " + Arrays.toString(values()), e);
      }
    }
  }

  /** Stops this thread for good when it is this point's turn; otherwise costs one comparison. */
  public void reach() {
    if (ON) reach(ARMED.get());
  }

  private void reach(Armed armed) {
    if (armed.point != this || armed.left.decrementAndGet() != 0) return;
    System.out.println("fail point " + this); // the test listens to these words
    while (true) LockSupport.park();
  }

  /**
   * What to tell the operator of a process that will stop at a fail point; empty in ordinary life.
   *
   * @throws Settings.Invalid when such a process could text real people
   */
  public static Optional<String> warning(Settings settings) {
    return ARMED.map(armed -> warn(armed, settings));
  }

  private static String warn(Armed armed, Settings settings) {
    if (settings.twilio().on() && !isHere(settings.twilio().baseUrl())) {
      throw new Settings.Invalid(
          List.of(
              PROPERTY
                  + " is for tests and TWILIO_BASE_URL is a real carrier: take it off"
                  + " · هذا الخيار للاختبارات فقط وTWILIO_BASE_URL ناقل حقيقي: أزله"));
    }
    return "WARNING: "
        + PROPERTY
        + " is set: this process will stand still for good at "
        + armed.point
        + " · تحذير: ستتوقف هذه النسخة عن العمل عمدًا، فهذا الخيار للاختبارات فقط";
  }

  private static boolean isHere(URI carrier) {
    try {
      var address = InetAddress.getByName(carrier.getHost());
      return address.isLoopbackAddress() || address.isSiteLocalAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
