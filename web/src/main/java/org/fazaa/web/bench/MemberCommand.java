package org.fazaa.web.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.fazaa.config.Fact;
import org.fazaa.config.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The other node of a bench: answers questions, hears facts and echoes each. */
@Command(name = "member", hidden = true)
final class MemberCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--own", required = true)
  private int own;

  @Option(names = "--other", required = true)
  private int other;

  @Option(names = "--cluster", required = true)
  private String cluster;

  @Override
  public Integer call() throws IOException {
    var out = spec.commandLine().getOut();
    var heard = new ConcurrentLinkedQueue<Long>();
    try (var node = Node.start(BusNodes.member(cluster, own, other));
        var told = new InputStreamReader(System.in, StandardCharsets.UTF_8)) {
      BusNodes.answer(node);
      var clock = InstantSource.system();
      node.bus()
          .hear(
              Fact.TextChanged.class,
              fact -> {
                heard.add(Clock.micros(clock) - fact.text());
                node.bus().publish(new Fact.ReplyKept(fact.text()));
              });
      out.println(new JsonObject().put("members", node.members()).encode());
      var lines = new BufferedReader(told);
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var latencies = Latencies.of(heard);
        heard.clear();
        out.println(new JsonObject().put("micros", latencies.array()).encode());
      }
    }
    return 0;
  }
}
