package org.fazaa.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two JVMs joined by Hazelcast. */
class ClusterTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void aFactAndAQuestionCrossBetweenTwoProcessesAndADeadPeerIsNoticed() {
    int ours = TestNodes.freePort();
    int theirs = TestNodes.freePort();
    var ports = List.of(ours, theirs);
    var node = Node.start(TestNodes.member("trial", ours, ports));
    try (var peer =
        ChildJvm.start(Peer.class, Map.of(), Integer.toString(ours), Integer.toString(theirs))) {
      var heard = new ConcurrentLinkedQueue<Fact>();
      node.bus().hear(Fact.OfferChanged.class, heard::add);
      peer.awaitLine("joined");
      await().atMost(LIMIT).until(() -> node.members() == 2);

      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                node.bus().publish(new Fact.NeedChanged(7, 8));
                assertThat(heard).contains(new Fact.OfferChanged(7, 8, 9));
              });
      var question = new Question.Candidates(40, 2);
      assertThat(node.bus().ask(question, Peer.Answer.class)).isEqualTo(new Peer.Answer(42));

      peer.kill();
      await().atMost(LIMIT).until(() -> node.members() == 1);
      assertThatThrownBy(() -> node.bus().ask(question, Peer.Answer.class))
          .isInstanceOf(Bus.NoAnswer.class);
    } finally {
      node.close();
    }
  }

  @Test
  void whoStepsAsideIsAskedNothingUntilItComesBack() {
    int ours = TestNodes.freePort();
    int theirs = TestNodes.freePort();
    var ports = List.of(ours, theirs);
    var node = Node.start(TestNodes.member("aside", ours, ports));
    var peer = Node.start(TestNodes.member("aside", theirs, ports));
    try {
      await().atMost(LIMIT).until(() -> node.members() == 2 && peer.members() == 2);
      var question = new Question.Candidates(40, 2);
      node.bus().answer(Question.Candidates.class, asked -> new Peer.Answer(1));
      peer.bus().answer(Question.Candidates.class, asked -> new Peer.Answer(2));
      await().atMost(LIMIT).until(() -> ask(node, question).equals(Optional.of(2L)));

      peer.stepAside();
      await().atMost(LIMIT).until(() -> !hears(node, peer));
      for (int i = 0; i < 10; i++) {
        assertThat(ask(node, question)).hasValue(1L);
      }

      peer.comeBack();
      await().atMost(LIMIT).until(() -> hears(node, peer));
      await().atMost(LIMIT).until(() -> ask(node, question).equals(Optional.of(2L)));
    } finally {
      peer.close();
      node.close();
    }
  }

  @Test
  @Tag("F29")
  void newsOfANewerVersionIsPassedOverAndWhatFollowsIsHeard(@TempDir Path folder) {
    int ours = TestNodes.freePort();
    int theirs = TestNodes.freePort();
    var ports = List.of(ours, theirs);
    var node = Node.start(TestNodes.member("newer", ours, ports));
    try (var peer =
        ChildJvm.start(
            List.of(),
            NewerFact.classPath(folder),
            NewerFact.Peer.class,
            Map.of(),
            List.of(),
            Integer.toString(ours),
            Integer.toString(theirs))) {
      var heard = new ConcurrentLinkedQueue<Fact>();
      node.bus().hear(Fact.NeedChanged.class, heard::add);
      peer.awaitLine("joined");
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(heard).contains(new Fact.NeedChanged(7, 8)));
      assertThat(heard).containsOnly(new Fact.NeedChanged(7, 8));
    } finally {
      node.close();
    }
  }

  private static Optional<Long> ask(Node node, Question question) {
    try {
      return Optional.of(node.bus().ask(question, Peer.Answer.class).sum());
    } catch (Bus.NoAnswer e) {
      return Optional.empty();
    }
  }

  private static boolean hears(Node node, Node peer) {
    return node.ping(peer.name()).map(true).otherwise(false).await();
  }

  /** Answers a question, and says an OfferChanged for each NeedChanged that it hears. */
  static final class Peer {
    record Answer(long sum) {}

    public static void main(String[] arguments) {
      int theirs = Integer.parseInt(arguments[0]);
      int ours = Integer.parseInt(arguments[1]);
      var node = Node.start(TestNodes.member("trial", ours, List.of(theirs, ours)));
      node.bus()
          .answer(
              Question.Candidates.class,
              question -> new Answer(question.need() + question.limit()));
      node.bus()
          .hear(
              Fact.NeedChanged.class,
              fact -> node.bus().publish(new Fact.OfferChanged(fact.crisis(), fact.need(), 9)));
      await().atMost(LIMIT).until(() -> node.members() == 2);
      System.out.println("joined");
    }
  }
}
