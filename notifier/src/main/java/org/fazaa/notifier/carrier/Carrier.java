package org.fazaa.notifier.carrier;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Text;
import org.fazaa.notifier.reply.Arrived;

/** Somebody who carries texts. It is always called outside a transaction. */
public interface Carrier {

  /** The country of a sender that serves all countries which no other serves. */
  String ANY_COUNTRY = "*";

  /**
   * A sender that texts leave by, shared by all nodes.
   *
   * @param name a number, a registered name, or a service of the carrier
   * @param segmentCosts what a segment costs in each country that it serves, in the smallest unit
   *     of the money that budgets are kept in
   * @param segmentsPerSecond over all nodes; 0 is without limit
   */
  record Sender(String name, Map<String, Integer> segmentCosts, int segmentsPerSecond) {}

  String name();

  /** Exactly one of them serves {@link #ANY_COUNTRY}, and no country has two. */
  List<Sender> senders();

  /** How many texts it can have in its hands at the same time. */
  int connections();

  /** Whether its texts arrive on real phones; then no drill may be given to it. */
  default boolean reachesPeople() {
    return true;
  }

  /**
   * One submission per text, in the same order, each when it is known; each text is POSTed at most
   * once.
   */
  List<Future<Submission>> submit(List<Text> texts, Instant now);

  /** Whether the carrier has a text that it never answered for. */
  Trace find(Text text);

  /** The same for several, each asked for by itself; in the same order. */
  default List<Trace> findEach(List<Text> texts) {
    return texts.stream().map(this::find).toList();
  }

  /**
   * The same for many, looked for among all that it has, in the same order: one that is found is
   * found, one that is absent may have been overlooked.
   */
  default List<Trace> findAmongAll(List<Text> texts) {
    return findEach(texts);
  }

  /** What a carrier has; not whole when there is more than we read. */
  record Listed<T>(List<T> found, boolean whole) {}

  /**
   * A text that the carrier has taken.
   *
   * @param at when it was made there
   */
  record Sent(String sid, Phone to, String body, Instant at) {}

  /** The replies that it has brought since then, whether we were there or not. */
  default Listed<Arrived> listReplies(Instant since) {
    return new Listed<>(List.of(), true);
  }

  /** The texts that it has taken since then, whatever we know of them. */
  default Listed<Sent> listSent(Instant since) {
    return new Listed<>(List.of(), true);
  }

  /** What came of fetching a file that a reply brought. */
  sealed interface Fetched {

    record File(String mediaType, byte[] bytes) implements Fetched {}

    /**
     * It will never come.
     *
     * @param why {@code too-large}, {@code elsewhere} or {@code gone}
     */
    record Gone(String why) implements Fetched {}

    /** It may come later. */
    record NotNow(String why) implements Fetched {}
  }

  /**
   * A file that came with a reply, from where this carrier keeps such files and from nowhere else.
   *
   * @param url as the reply named it
   */
  default Fetched fetch(String url, int maxBytes) {
    return new Fetched.Gone("elsewhere");
  }

  /** Whether it has a text under this id of its own. */
  default Trace check(String sid) {
    return new Trace.Unclear("not asked");
  }
}
