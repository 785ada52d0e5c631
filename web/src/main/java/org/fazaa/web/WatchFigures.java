package org.fazaa.web;

import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.List;
import org.fazaa.config.Node;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.OutboxFigures;

/**
 * What a person looks at beside the invariants: how the texts leave, and on how many nodes.
 *
 * @param halted whether the red button is pressed
 * @param troubles senders whose last word was trouble
 * @param nodes how many see each other
 */
public record WatchFigures(
    OutboxFigures outbox, boolean halted, List<Trouble> troubles, int nodes) {

  /**
   * @param until when it takes texts again; in the past when it already does
   */
  public record Trouble(String sender, String says, Instant until) {}

  public static WatchFigures read(SqlClient connection, Node node) {
    var troubles =
        Outbox.troubles(connection).stream()
            .map(lane -> new Trouble(lane.sender(), lane.trouble(), lane.until()))
            .toList();
    return new WatchFigures(
        OutboxFigures.read(connection), Outbox.isHalted(connection), troubles, node.members());
  }
}
