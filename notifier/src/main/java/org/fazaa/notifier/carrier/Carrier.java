package org.fazaa.notifier.carrier;

import java.time.Instant;
import java.util.List;
import org.fazaa.notifier.Text;

/** Somebody who carries texts. It is always called outside a transaction. */
public interface Carrier {

  /**
   * How fast a carrier is fed.
   *
   * @param together texts submitted at the same time
   * @param segmentsPerSecond over all nodes; 0 is without limit
   */
  record Pace(int together, int segmentsPerSecond) {}

  String name();

  Pace pace();

  /** Whether its texts arrive on real phones; then no drill may be given to it. */
  default boolean reachesPeople() {
    return true;
  }

  /** One submission per text, in the same order; each text is POSTed exactly once. */
  List<Submission> submit(List<Text> texts, Instant now);

  /** Whether the carrier has a text that it never answered for. */
  Trace find(Text text);
}
