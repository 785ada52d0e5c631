package org.fazaa.web.bench;

import io.vertx.core.json.JsonArray;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A carrier in another JVM that takes every text: what it saw is the truth about sending. */
final class Sink implements AutoCloseable {

  /** How often one text came, and when first (microseconds of the wall clock). */
  record Arrival(long times, long first) {}

  /** What has come so far; {@code last} is when the newest came. */
  record Counts(long posts, long texts, long last) {}

  private final Child child;

  private Sink(Child child) {
    this.child = child;
  }

  static Sink start(Duration latency) {
    return new Sink(Child.start("sink", "--latency-ms", Long.toString(latency.toMillis())));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + child.ready().getInteger("port"));
  }

  Counts counts() {
    var said = child.ask("counts");
    return new Counts(said.getLong("posts"), said.getLong("texts"), said.getLong("last"));
  }

  Map<Long, Arrival> arrivals() {
    var arrivals = new HashMap<Long, Arrival>();
    for (var entry : child.ask("arrivals").getJsonArray("arrivals")) {
      var one = (JsonArray) entry;
      arrivals.put(one.getLong(0), new Arrival(one.getLong(1), one.getLong(2)));
    }
    return arrivals;
  }

  /** As if nothing had come yet. */
  void reset() {
    child.ask("reset");
  }

  Duration cpu() {
    return child.cpu();
  }

  @Override
  public void close() {
    child.close();
  }
}
