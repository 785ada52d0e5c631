package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.config.Node;
import org.fazaa.config.TestDatabase;
import org.fazaa.config.TestNodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PulseTest {

  @RegisterExtension static final TestDatabase db = TestDatabase.of("web");

  @ParameterizedTest(name = "{0}")
  @MethodSource("cuts")
  void aCutNeverTakesEveryNodeOutOfService(
      String cut, String self, List<String> live, Set<String> heard, boolean stays) {
    assertThat(Pulse.connected(self, live, heard)).isEqualTo(stays);
  }

  static Stream<Arguments> cuts() {
    var two = List.of("a", "b");
    var three = List.of("a", "b", "c");
    var four = List.of("a", "b", "c", "d");
    return Stream.of(
        Arguments.of("alone", "a", List.of("a"), Set.of(), true),
        Arguments.of("a peer died and gives no sign any more", "b", List.of("b"), Set.of(), true),
        Arguments.of("all hear each other", "b", three, Set.of("a", "c"), true),
        Arguments.of("one of two, the older", "a", two, Set.of(), true),
        Arguments.of("one of two, the younger", "b", two, Set.of(), false),
        Arguments.of("one of three is cut off: it", "c", three, Set.of(), false),
        Arguments.of("one of three is cut off: the others", "a", three, Set.of("b"), true),
        Arguments.of("the oldest is cut off: it", "a", three, Set.of(), true),
        Arguments.of("the oldest is cut off: the others", "b", three, Set.of("c"), true),
        Arguments.of("one link of three is broken", "c", three, Set.of("a"), true),
        Arguments.of("half and half, with the oldest", "b", four, Set.of("a"), true),
        Arguments.of("half and half, without it", "d", four, Set.of("c"), false),
        Arguments.of("nobody hears anybody: the oldest", "a", four, Set.of(), true),
        Arguments.of("nobody hears anybody: another", "b", four, Set.of(), false));
  }

  @Test
  void aNodeIsAliveFromItsFirstBeatUntilItSaysGoodbye() {
    var node = Node.start(TestNodes.alone());
    try {
      var pulse = new Pulse(db.pool(), node, "0.1.0");
      assertThat(pulse.ready()).as("before the first beat").isFalse();
      pulse.run(java.time.Instant.EPOCH);
      assertThat(pulse.ready()).isTrue();
      assertThat(Nodes.live(db.pool(), Nodes.LIVE_WITHIN))
          .extracting(Nodes.Live::name)
          .contains(node.name());
      pulse.leave();
      assertThat(Nodes.live(db.pool(), Nodes.LIVE_WITHIN))
          .extracting(Nodes.Live::name)
          .doesNotContain(node.name());
    } finally {
      node.close();
    }
  }

  @Test
  void whoWasSilentForLongIsNotAlive() {
    db.superuserPool()
        .query(
            """
            INSERT INTO web.node (name, host, port, version, since, seen_at)
            VALUES ('silent', 'h', 1, 'v', clock_timestamp() - interval '1 hour',
                    clock_timestamp() - interval '11 seconds')
            """)
        .execute()
        .await();
    assertThat(Nodes.live(db.pool(), Nodes.LIVE_WITHIN))
        .extracting(Nodes.Live::name)
        .doesNotContain("silent");
    assertThat(Nodes.live(db.pool(), Duration.ofMinutes(1)))
        .extracting(Nodes.Live::name)
        .contains("silent");
  }
}
