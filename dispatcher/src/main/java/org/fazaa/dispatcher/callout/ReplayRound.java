package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.callout.Decisions.Decision;
import org.fazaa.dispatcher.crisis.Title;

/**
 * Decides a stored round once more, from what its policy saw then, and holds the outcome against
 * what was stored: the same people in the same order, the same figures, the same reasons. Reads
 * only.
 */
public final class ReplayRound {

  /** What came of replaying a round. */
  public sealed interface Outcome {

    /** It comes to the same; so many were chosen. */
    record Same(long round, int chosen, List<Decision> decisions) implements Outcome {}

    /**
     * It comes to something else.
     *
     * @param otherRules the program decides by other code now, which may be why
     */
    record Differs(
        long round, List<Title> differences, boolean otherRules, List<Decision> decisions)
        implements Outcome {}

    /** What the policy saw is too old to be kept. */
    record Forgotten(long round, List<Decision> decisions) implements Outcome {}

    /** No round decided this, so there is nothing to replay. */
    record NoRound(Decision decision) implements Outcome {}

    record NoSuchDecision() implements Outcome {}
  }

  private ReplayRound() {}

  /** The round that made this decision. */
  public static Outcome run(SqlClient conn, long decision) {
    var found = Decisions.find(conn, decision);
    if (found.isEmpty()) return new Outcome.NoSuchDecision();
    return found
        .get()
        .round()
        .map(round -> replay(conn, round))
        .orElseGet(() -> new Outcome.NoRound(found.get()));
  }

  /** The numbers of the rounds since then, oldest first, that come after this one. */
  public static List<Long> rounds(SqlClient conn, Instant since, long after, int limit) {
    var rounds = new ArrayList<Long>();
    var of = Tuple.of(Database.utc(since), after, limit);
    for (var row : conn.preparedQuery(ROUNDS).execute(of).await()) rounds.add(row.getLong("id"));
    return rounds;
  }

  /**
   * @throws NoSuchElementException when there is no such round
   */
  public static Outcome replay(SqlClient conn, long id) {
    var round = Rounds.find(conn, id).orElseThrow();
    var decisions = Decisions.ofRound(conn, id);
    if (round.board().isEmpty()) return new Outcome.Forgotten(id, decisions);
    var policy = Policy.named(round.policy());
    if (policy.isEmpty()) {
      var unknown =
          new Title(
              "لا يعرف هذا البرنامج السياسة «%s»".formatted(round.policy()),
              "this program knows no policy “%s”".formatted(round.policy()));
      return new Outcome.Differs(id, List.of(unknown), true, decisions);
    }
    var differences = differences(conn, round, policy.get(), decisions);
    return differences.isEmpty()
        ? new Outcome.Same(id, round.asked().size(), decisions)
        : new Outcome.Differs(
            id, differences, !Rounds.rules(policy.get()).equals(round.rules()), decisions);
  }

  private static List<Title> differences(
      SqlClient conn, Rounds.Stored round, Policy policy, List<Decision> decisions) {
    try {
      var board = Rounds.BOARDS.read(round.board().get());
      var compared = new Compared(conn, round, decisions);
      return compared.with(board, policy.decide(board));
    } catch (Packed.Unreadable e) {
      return List.of(
          new Title(
              "تعذرت قراءة ما رأته السياسة: " + e.getMessage(),
              "what the policy saw cannot be read: " + e.getMessage()));
    }
  }

  private static final String ROUNDS =
      "SELECT id FROM dispatch.round WHERE at >= $1 AND id > $2 ORDER BY id LIMIT $3";
}
