package org.fazaa.web.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.notifier.Outbox;

/**
 * Many smallest needs, each called out by itself over HTTP: from the press until the carrier has
 * the first text of that need.
 */
final class Presses {
  private static final int VOLUNTEERS = 2_000;
  private static final int PEOPLE = 1;

  /** One text for each press, so that the next one to arrive is this need's. */
  private static final int TEXTS_MAX = 1;

  private static final int LOOK_AGAIN_MS = 2;
  private static final long SEED = 1448;

  /** A press that brings no text for so long has brought none. */
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private Presses() {}

  static Latencies run(Sink sink, TestBed bed, int presses) {
    return Latencies.of(run(sink, bed, presses, 60, press -> {}));
  }

  /**
   * @param pauseMaxMs between two presses; pauses differ, so that no poll is always hit or missed
   * @param before is told which press comes next, from 0
   * @return microseconds of each press, in their order
   */
  static List<Long> run(Sink sink, TestBed bed, int presses, int pauseMaxMs, IntConsumer before) {
    if (presses == 0) return List.of();
    var script = new Script(bed.fazaa().localAddress());
    var site = Script.Site.of(0);
    script.importVolunteers(List.of(site), VOLUNTEERS);
    var crisis = script.launchCrisis();
    var needs = new ArrayList<Long>();
    for (var i = 0; i < presses; i++) {
      needs.add(script.openNeed(crisis, site, PEOPLE, bed.clock().instant()));
    }
    needs.forEach(script::awaitCandidates);
    sink.reset();
    return attribute(sink, bed, press(sink, bed, script, needs, pauseMaxMs, before));
  }

  /** When each need was pressed. */
  private static Map<Long, Long> press(
      Sink sink, TestBed bed, Script script, List<Long> needs, int pauseMaxMs, IntConsumer before) {
    var pauses = new Random(SEED);
    var pressed = new LinkedHashMap<Long, Long>();
    for (var need : needs) {
      before.accept(pressed.size());
      var texts = sink.counts().texts();
      pressed.put(need, Clock.micros(bed.clock()));
      script.callOut(need, TEXTS_MAX);
      var end = System.nanoTime() + PATIENCE_NANOS;
      while (sink.counts().texts() == texts && System.nanoTime() < end) {
        pause(bed, LOOK_AGAIN_MS);
      }
      pause(bed, 1 + pauses.nextInt(pauseMaxMs));
    }
    return pressed;
  }

  private static void pause(TestBed bed, long millis) {
    bed.fazaa().node().vertx().timer(millis).await();
  }

  private static List<Long> attribute(Sink sink, TestBed bed, Map<Long, Long> pressed) {
    var arrivals = sink.arrivals();
    var micros = new ArrayList<Long>();
    pressed.forEach(
        (need, at) -> {
          var offers = Needs.offers(bed.pool(), new NeedId(need));
          var abouts = offers.stream().map(offer -> offer.id().about()).toList();
          var first =
              Outbox.list(bed.pool(), Channel.PURPOSE, abouts).stream()
                  .map(line -> arrivals.get(line.id()))
                  .filter(arrival -> arrival != null)
                  .mapToLong(Sink.Arrival::first)
                  .min();
          // What never came counts with the time that was waited for it.
          micros.add(first.orElse(at + PATIENCE_NANOS / 1_000) - at);
        });
    return micros;
  }
}
