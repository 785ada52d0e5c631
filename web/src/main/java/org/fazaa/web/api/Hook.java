package org.fazaa.web.api;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Fact;
import org.fazaa.notifier.TakeStatus;
import org.fazaa.notifier.carrier.twilio.TwilioHooks;
import org.fazaa.notifier.reply.TakePress;
import org.fazaa.notifier.reply.TakeReply;

/**
 * What a carrier posted under a good signature, as it came.
 *
 * @param message our number of the text, which the address names; null without
 * @param at when it came; it takes effect as of then, however much later that is
 */
record Hook(Kind kind, String body, String message, Instant at) {

  enum Kind {
    REPLY,
    STATUS
  }

  /** Whether it says of whom and of what it is. */
  boolean isComplete() {
    return switch (kind) {
      case REPLY -> TwilioHooks.reply(body).isPresent();
      case STATUS -> TwilioHooks.status(body, message).isPresent();
    };
  }

  /** Keeps it once, however often it comes. The facts are to be told after the commit. */
  List<Fact> take(SqlConnection tx, TakePress presses) {
    return switch (kind) {
      case REPLY ->
          TwilioHooks.reply(body)
              .map(one -> facts(presses.keepAll(tx, List.of(one), at).getFirst()))
              .orElse(List.of());
      case STATUS ->
          TwilioHooks.status(body, message)
              .map(one -> facts(TakeStatus.run(tx, one, at)))
              .orElse(List.of());
    };
  }

  private static List<Fact> facts(TakeReply.Outcome outcome) {
    return switch (outcome) {
      case TakeReply.Outcome.Kept(var reply) -> List.of(new Fact.ReplyKept(reply));
      case TakeReply.Outcome.Repeated repeated -> List.of();
    };
  }

  private static List<Fact> facts(List<Long> moved) {
    var facts = new ArrayList<Fact>();
    moved.forEach(text -> facts.add(new Fact.TextChanged(text)));
    return facts;
  }

  String written() {
    return new JsonObject()
        .put("kind", kind.name())
        .put("body", body)
        .put("message", message)
        .put("at", at.toString())
        .encode();
  }

  /** Empty when the line was cut off in the middle; then it was never answered for either. */
  static Optional<Hook> read(String line) {
    try {
      var json = new JsonObject(line);
      return Optional.of(
          new Hook(
              Kind.valueOf(json.getString("kind")),
              json.getString("body"),
              json.getString("message"),
              Instant.parse(json.getString("at"))));
    } catch (DecodeException
        | IllegalArgumentException
        | DateTimeException
        | NullPointerException e) {
      return Optional.empty();
    }
  }
}
