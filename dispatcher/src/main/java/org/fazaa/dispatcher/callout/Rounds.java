package org.fazaa.dispatcher.callout;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.callout.Policy.Ask;
import org.fazaa.dispatcher.callout.Policy.Board;
import org.fazaa.dispatcher.callout.Policy.Plan;
import org.fazaa.dispatcher.crisis.NeedId;

/** Rounds as they are stored: what the policy saw and whom it chose, whatever came of that. */
final class Rounds {
  static final Packed<Board> BOARDS = new Packed<>(Board.class);

  private static final Map<Class<?>, String> RULES = new ConcurrentHashMap<>();

  private Rounds() {}

  /** Somebody whom the policy chose and who was not asked. */
  record Missed(Ask ask, Says.Unasked why) {}

  /**
   * @param told the needs about which something was decided
   * @return the number of the round
   */
  static long write(SqlConnection tx, Policy policy, Board board, Plan plan, Set<NeedId> told) {
    var asked = plan.asks();
    var needs = new HashSet<>(asked.stream().map(Ask::need).toList());
    var overtaken = needs.stream().filter(need -> !told.contains(need)).toList();
    needs.addAll(told);
    var bytes = BOARDS.write(part(policy, board, plan, needs));
    var row =
        Tuple.tuple()
            .addOffsetDateTime(Database.utc(board.now()))
            .addString(policy.name())
            .addString(rules(policy))
            .addLong(board.seed())
            .addInteger(board.budget())
            .addInteger(board.lines().size())
            .addArrayOfLong(numbers(asked, ask -> ask.need().value()))
            .addArrayOfLong(numbers(asked, ask -> ask.option().volunteer().value()))
            .addArrayOfLong(numbers(overtaken, NeedId::value))
            .addInteger(bytes.length)
            .addBuffer(Buffer.buffer(bytes));
    return tx.preparedQuery(INSERT).execute(row).await().iterator().next().getLong("id");
  }

  // Most lines of a busy board ask nobody and say nothing new. They are left out where that changes
  // nothing, which is tried rather than believed.
  private static Board part(Policy policy, Board board, Plan plan, Set<NeedId> needs) {
    var lines = board.lines().stream().filter(line -> needs.contains(line.need())).toList();
    if (lines.size() == board.lines().size()) return board;
    var part = new Board(board.now(), board.budget(), board.seed(), lines);
    return policy.decide(part).equals(plan.of(needs)) ? part : board;
  }

  static void write(SqlConnection tx, long round, List<Missed> missed) {
    if (missed.isEmpty()) return;
    var columns =
        Tuple.tuple()
            .addLong(round)
            .addArrayOfLong(numbers(missed, one -> one.ask.need().value()))
            .addArrayOfLong(numbers(missed, one -> one.ask.option().volunteer().value()))
            .addArrayOfString(missed.stream().map(one -> one.why.word).toArray(String[]::new));
    Database.later(tx.preparedQuery(INSERT_MISSED).execute(columns));
  }

  private static <T> Long[] numbers(List<T> all, Function<T, Long> number) {
    return all.stream().map(number).toArray(Long[]::new);
  }

  /**
   * A stored round.
   *
   * @param askedFor whom it chose, in its own order: the needs, and beside them the people
   * @param board empty when it is too old to be kept
   */
  record Stored(
      long id,
      String policy,
      String rules,
      long seed,
      int budget,
      List<Long> askedFor,
      List<Long> asked,
      Set<Long> overtaken,
      Optional<byte[]> board) {}

  static Optional<Stored> find(SqlClient conn, long id) {
    for (var row : conn.preparedQuery(FIND).execute(Tuple.of(id)).await()) {
      return Optional.of(
          new Stored(
              id,
              row.getString("policy"),
              row.getString("rules"),
              row.getLong("seed"),
              row.getInteger("budget"),
              List.of(row.getArrayOfLongs("asked_for")),
              List.of(row.getArrayOfLongs("asked")),
              Set.of(row.getArrayOfLongs("overtaken")),
              Optional.ofNullable(row.getBuffer("board")).map(Buffer::getBytes)));
    }
    return Optional.empty();
  }

  /** What a policy decides by, in eight digits: another code of it may decide otherwise. */
  static String rules(Policy policy) {
    return RULES.computeIfAbsent(policy.getClass(), Rounds::sum);
  }

  private static String sum(Class<?> policy) {
    try {
      var sum = MessageDigest.getInstance("SHA-256");
      Stream.of(
              policy,
              Policy.class,
              Tuning.class,
              Pace.class,
              Line.class,
              Forecast.class,
              Trust.class,
              Delay.class,
              Rates.class)
          .flatMap(type -> Stream.of(type.getNestMembers()))
          .sorted(Comparator.comparing(Class::getName))
          .map(Rounds::code)
          .forEach(sum::update);
      return HexFormat.of().formatHex(sum.digest(), 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] code(Class<?> type) {
    var name = type.getName();
    try (var code =
        type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
      return code.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final String INSERT =
      """
      INSERT INTO dispatch.round
        (at, policy, rules, seed, budget, needs, asked_for, asked, overtaken, bytes, board)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      RETURNING id
      """;

  private static final String INSERT_MISSED =
      """
      INSERT INTO dispatch.not_asked (round, need, volunteer, why)
      SELECT $1, need, volunteer, why
      FROM UNNEST($2::bigint[], $3::bigint[], $4::text[]) AS m (need, volunteer, why)
      """;

  private static final String FIND =
      """
      SELECT policy, rules, seed, budget, asked_for, asked, overtaken, board
      FROM dispatch.round WHERE id = $1
      """;
}
