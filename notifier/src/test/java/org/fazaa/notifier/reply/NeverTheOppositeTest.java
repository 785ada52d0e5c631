package org.fazaa.notifier.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeverTheOppositeTest {

  @ParameterizedTest
  @ValueSource(strings = {"written.csv", "held-back.csv"})
  void noReplyIsTakenForItsOpposite(String file) throws IOException {
    for (var reply : Replies.in(file)) {
      assertThat(forbidden(reply.meaning()))
          .as("%s in %s", reply.meaning(), file)
          .doesNotContain(reply.read().meaning());
    }
  }

  private static Set<Meaning> forbidden(Meaning meaning) {
    return switch (meaning) {
      case YES, ON_MY_WAY, HERE, GROUP ->
          Set.of(Meaning.NO, Meaning.DROP, Meaning.STOP, Meaning.START, Meaning.WRONG_NUMBER);
      case LATER, LAST_RESORT -> Set.of(Meaning.STOP, Meaning.START, Meaning.WRONG_NUMBER);
      case WRONG_NUMBER -> Set.of(Meaning.GROUP, Meaning.HERE, Meaning.START);
      case NO, DROP ->
          Set.of(Meaning.YES, Meaning.GROUP, Meaning.HERE, Meaning.START, Meaning.STOP);
      case STOP -> Set.of(Meaning.YES, Meaning.START, Meaning.GROUP, Meaning.HERE);
      case START -> Set.of(Meaning.NO, Meaning.DROP, Meaning.STOP);
      case DANGER -> Set.of(Meaning.YES, Meaning.GROUP, Meaning.HERE, Meaning.STOP, Meaning.START);
      case DONE, HELP, WHO, WHERE, PERSON -> Set.of(Meaning.STOP, Meaning.START);
    };
  }
}
