package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import org.fazaa.config.Fact;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/** Replies that need a person. */
public final class InboxRoutes {

  private static final int LIST_MAX = 500;

  private final Api api;
  private final Pool pool;

  public InboxRoutes(Api api, Pool pool) {
    this.api = api;
    this.pool = pool;
  }

  public void mount(Router router) {
    api.reads(router, "listInbox", this::list);
    api.writes(router, "decideReply", InboxRoutes::decide);
  }

  private Answer list(Call call) {
    var replies = new JsonArray();
    for (var waiting : Inbox.waiting(pool, LIST_MAX)) replies.add(json(waiting));
    return Answer.ok(new JsonObject().put("replies", replies));
  }

  private static JsonObject json(Inbox.Waiting waiting) {
    var reply = waiting.reply();
    var offer = "dispatch".equals(waiting.purpose()) ? reply.about() : null;
    return new JsonObject()
        .put("id", reply.id())
        .put("from", reply.from().e164())
        .put("body", reply.body())
        .put("why", waiting.why())
        .put("offer", offer == null ? null : Long.valueOf(offer))
        .put("at", Wire.time(reply.at()))
        .put("way", reply.way());
  }

  private static Answer decide(Call call, SqlConnection tx) {
    var reply = call.id("reply");
    var meaning = Meaning.of(call.body().getString("meaning"));
    return switch (Inbox.decide(tx, reply, meaning, call.who().account(), call.now())) {
      case Inbox.Decision.Decided(var decided) ->
          Answer.created(
              null,
              new JsonObject().put("reply", reply).put("meaning", meaning.tag()),
              new Fact.ReplyKept(reply),
              new Fact.InboxChanged());
      case Inbox.Decision.AlreadyDecided(var decided) -> Answer.refused(ALREADY_DECIDED);
      case Inbox.Decision.NoSuchReply() -> Answer.refused(Problem.notFound());
    };
  }

  private static final Problem ALREADY_DECIDED =
      Problem.conflict(
          "already-decided",
          new Words("قرأها غيرك", "Somebody else was faster"),
          new Words(
              "قُرّر معنى هذه الرسالة من قبل؛ لا يلزمك شيء.",
              "This reply was decided before; there is nothing left to do."));
}
