package org.fazaa.web.api;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.people.ImportVolunteers;
import org.fazaa.dispatcher.people.ImportVolunteers.Counts;
import org.fazaa.dispatcher.people.ImportVolunteers.Outcome;
import org.fazaa.dispatcher.people.ImportVolunteers.Refusal;
import org.fazaa.web.Problem;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.RequestKeys;
import org.fazaa.web.session.RequestKeys.Kept;

/** Volunteers by the file, on the pool that has minutes for a statement. */
public final class ImportRoutes {

  private final Contract contract;
  private final Vertx vertx;
  private final Pool bulk;
  private final Bus bus;
  private final InstantSource clock;
  private final String country;

  public ImportRoutes(
      Contract contract, Vertx vertx, Pool bulk, Bus bus, InstantSource clock, String country) {
    this.contract = contract;
    this.vertx = vertx;
    this.bulk = bulk;
    this.bus = bus;
    this.clock = clock;
    this.country = country;
  }

  public void mount(Router router) {
    router.post(contract.operation("importVolunteers").route()).handler(this::take);
  }

  private void take(RoutingContext context) {
    var request = context.request();
    var who = Guard.require(context, contract.operation("importVolunteers").roles().orElseThrow());
    var key = Api.key(context);
    var type = request.getHeader("Content-Type");
    if (type == null || !type.startsWith("text/csv")) {
      throw Problem.unknownMediaType("text/csv").refused();
    }
    try (var upload = Upload.receive(vertx, request)) {
      var ask = new RequestKeys.Ask(Optional.of(who), key, upload.digest());
      // Reading a file blocks; on a thread of its own it holds up no other request.
      switch (Loop.aside(() -> importOnce(upload, ask, who.account(), clock.instant())).await()) {
        case RequestKeys.Outcome.First(var kept) -> {
          bus.publish(new Fact.VolunteersChanged());
          Api.send(context, kept);
        }
        case RequestKeys.Outcome.Repeated(var kept) -> Api.send(context, kept);
        case RequestKeys.Outcome.Differs() -> throw Forms.differs().refused();
      }
    }
  }

  // The batches commit by themselves and may come again; the key commits after the last of them.
  private RequestKeys.Outcome importOnce(
      Upload upload, RequestKeys.Ask ask, long account, Instant now) {
    return Database.inTransaction(
        bulk, tx -> RequestKeys.run(tx, ask, now, () -> importFile(upload, account, now)));
  }

  private Kept importFile(Upload upload, long account, Instant now) {
    try (var csv = Files.newInputStream(upload.path())) {
      return switch (ImportVolunteers.run(bulk, csv, country, account, now)) {
        case Outcome.Imported(var counts, var refused) -> kept(counts, true, refused);
        case Outcome.BrokenOff(var counts, var refused, var at) ->
            kept(counts, false, and(refused, at));
        case Outcome.BadHeader(var flaws) -> throw Wire.invalid(flaws).refused();
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Refusal> and(List<Refusal> refused, Refusal last) {
    return java.util.stream.Stream.concat(refused.stream(), java.util.stream.Stream.of(last))
        .toList();
  }

  private static Kept kept(Counts counts, boolean complete, List<Refusal> refused) {
    var json =
        new JsonObject()
            .put("lines", counts.lines())
            .put("inserted", counts.inserted())
            .put("updated", counts.updated())
            .put("unchanged", counts.unchanged())
            .put("rejected", counts.rejected())
            .put("complete", complete)
            .put("refused", json(refused));
    return new Kept(200, null, json.encode());
  }

  private static JsonArray json(List<Refusal> refused) {
    var lines = new JsonArray();
    for (var refusal : refused) {
      lines.add(
          new JsonObject()
              .put("line", refusal.line())
              .put("column", refusal.column())
              .put("field", refusal.flaw().field())
              .put("ar", refusal.flaw().ar())
              .put("en", refusal.flaw().en()));
    }
    return lines;
  }
}
