package org.fazaa.notifier.carrier;

import io.vertx.core.buffer.Buffer;

/** What came of fetching a file that a reply brought. */
public sealed interface Fetched {

  record File(String mediaType, Buffer bytes) implements Fetched {}

  /**
   * It will never come.
   *
   * @param why {@code too-large}, {@code elsewhere} or {@code gone}
   */
  record Gone(String why) implements Fetched {}

  /** It may come later. */
  record NotNow(String why) implements Fetched {}
}
