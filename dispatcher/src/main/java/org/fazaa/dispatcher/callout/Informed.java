package org.fazaa.dispatcher.callout;

import org.fazaa.dispatcher.callout.Policy.Board;
import org.fazaa.dispatcher.callout.Policy.Plan;

/**
 * Decides as another policy would that is told how likely each person says yes. Only where people
 * are simulated does anybody know; it shows what better learning could bring at most.
 */
record Informed(String name, Policy inner, Policy.Chances chances) implements Policy {

  @Override
  public Plan decide(Board board) {
    var lines = board.lines().stream().map(line -> informed(line, board)).toList();
    return inner.decide(new Board(board.now(), board.budget(), board.seed(), lines));
  }

  private Line informed(Line line, Board board) {
    var options =
        line.options().stream()
            .map(one -> one.withRate(chances.of(line.need(), one.volunteer(), board.now())))
            .toList();
    return line.withOptions(options);
  }
}
