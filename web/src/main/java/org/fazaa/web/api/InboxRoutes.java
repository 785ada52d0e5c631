package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.AnswerByHand;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.SettleReply;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.reply.Attachments;
import org.fazaa.notifier.reply.Attachments.Attachment;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.WrittenAnswer;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;
import org.fazaa.web.session.Accounts;

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
    api.writes(router, "claimReply", InboxRoutes::claim);
    api.writes(router, "decideReply", InboxRoutes::decide);
    api.writes(router, "answerReply", InboxRoutes::answer);
  }

  private Answer list(Call call) {
    var waiting = Inbox.waiting(pool, LIST_MAX, call.now());
    var attached = Attachments.of(pool, waiting.stream().map(one -> one.reply().id()).toList());
    var openers = waiting.stream().flatMap(one -> one.opened().stream());
    var names = Accounts.names(pool, openers.map(Inbox.Opened::byAccount).toList());
    var replies = new JsonArray();
    for (var one : waiting) {
      replies.add(json(one, attached.getOrDefault(one.reply().id(), List.of()), names));
    }
    return Answer.ok(new JsonObject().put("replies", replies));
  }

  private static JsonObject json(
      Inbox.Waiting waiting, List<Attachment> attached, Map<Long, String> names) {
    var reply = waiting.reply();
    var offer = Channel.PURPOSE.equals(waiting.purpose()) ? reply.about() : null;
    var files = new JsonArray();
    attached.forEach(one -> files.add(json(one)));
    return new JsonObject()
        .put("id", reply.id())
        .put("from", reply.from().e164())
        .put("body", reply.body())
        .put("why", waiting.why())
        .put("worth", waiting.worth())
        .put("offer", offer == null ? null : Long.valueOf(offer))
        .put("at", Wire.time(reply.at()))
        .put("way", reply.way())
        .put("claim", waiting.opened().map(by -> json(by, names)).orElse(null))
        .put("attachments", files);
  }

  private static JsonObject json(Inbox.Opened by, Map<Long, String> names) {
    return new JsonObject()
        .put("account", by.byAccount())
        .put("name", names.get(by.byAccount()))
        .put("until", Wire.time(by.until()));
  }

  private static JsonObject json(Attachment one) {
    return new JsonObject()
        .put("id", one.id())
        .put("state", one.state().tag())
        .put("media_type", one.mediaType())
        .put(
            "url",
            switch (one.state()) {
              case KEPT -> "/inbox/attachments/" + one.id();
              case PIN, AWAITED, MISSING -> null;
            })
        .put("place", one.lon() == null ? null : new JsonArray().add(one.lon()).add(one.lat()))
        .put("label", one.label())
        .put("problem", one.problem());
  }

  private static Answer claim(Call call, SqlConnection tx) {
    var reply = call.id("reply");
    return switch (Inbox.open(tx, reply, call.who().account(), call.now())) {
      case Inbox.Opening.Yours(var id, var until) ->
          Answer.created(
              null,
              new JsonObject().put("reply", id).put("until", Wire.time(until)),
              new Fact.InboxChanged());
      case Inbox.Opening.Taken(var by) -> taken(tx, by);
      case Inbox.Opening.AlreadyDecided(var id) -> Answer.refused(ALREADY_DECIDED);
      case Inbox.Opening.NoSuchReply() -> Answer.refused(Problem.notFound());
    };
  }

  private static Answer decide(Call call, SqlConnection tx) {
    var reply = call.id("reply");
    var meaning = Meaning.of(call.body().getString("meaning"));
    var hour = call.body().getString("hour");
    if (hour != null && meaning != Meaning.LATER) {
      return Answer.refused(Problem.invalid("/hour", ONLY_LATER));
    }
    var at = hour == null ? null : LocalTime.parse(hour);
    return switch (SettleReply.run(tx, reply, meaning, at, call.who().account(), call.now())) {
      case Inbox.Decision.Decided(var decided) ->
          Answer.created(
              null,
              new JsonObject().put("reply", reply).put("meaning", meaning.tag()),
              new Fact.ReplyKept(reply),
              new Fact.InboxChanged());
      case Inbox.Decision.Taken(var by) -> taken(tx, by);
      case Inbox.Decision.AlreadyDecided(var decided) -> Answer.refused(ALREADY_DECIDED);
      case Inbox.Decision.NoSuchReply() -> Answer.refused(Problem.notFound());
    };
  }

  private static Answer answer(Call call, SqlConnection tx) {
    var reply = call.id("reply");
    var text = call.body().getString("text");
    var canned = call.body().getString("canned");
    if ((text == null) == (canned == null) || (text != null && text.isBlank())) {
      return Answer.refused(Problem.invalid("/text", TEXT_OR_CANNED));
    }
    Function<Language, String> words =
        text == null ? WrittenAnswer.of(canned).orElseThrow()::in : any -> text.strip();
    return switch (AnswerByHand.run(tx, reply, words, call.who().account(), call.now())) {
      case Inbox.Answer.Written(var id, var sent) ->
          Answer.created(
              null,
              new JsonObject().put("reply", id).put("text", sent),
              new Fact.OutboxFilled(),
              new Fact.InboxChanged());
      case Inbox.Answer.Stopped() -> Answer.refused(STOPPED);
      case Inbox.Answer.Taken(var by) -> taken(tx, by);
      case Inbox.Answer.AlreadyDecided(var id) -> Answer.refused(ALREADY_DECIDED);
      case Inbox.Answer.NoSuchReply() -> Answer.refused(Problem.notFound());
    };
  }

  private static Answer taken(SqlConnection tx, Inbox.Opened by) {
    var name = Accounts.name(tx, by.byAccount()).orElse("");
    return Answer.refused(taken(name, by.until()));
  }

  private static Problem taken(String name, Instant until) {
    return Problem.conflict(
        "taken",
        new Words("يقرأها غيرك الآن", "Somebody else is reading it"),
        new Words(
            "فتحها %s حتى %s؛ اختر غيرها أو انتظر.".formatted(name, Wire.time(until)),
            "%s has it open until %s; take another one, or wait."
                .formatted(name, Wire.time(until))));
  }

  private static final Words ONLY_LATER =
      new Words("الساعة مع later وحدها.", "An hour goes with later alone.");

  private static final Words TEXT_OR_CANNED =
      new Words(
          "اكتب text أو canned، واحدًا منهما فقط.", "Give text or canned, exactly one of the two.");

  private static final Problem STOPPED =
      Problem.conflict(
          "said-stop",
          new Words("أوقف صاحبها الرسائل", "Its sender has said stop"),
          new Words("لم يُرسل شيء: اتصل به هاتفيًا.", "Nothing was sent: phone them instead."));

  private static final Problem ALREADY_DECIDED =
      Problem.conflict(
          "already-decided",
          new Words("قرأها غيرك", "Somebody else was faster"),
          new Words(
              "قُرّر معنى هذه الرسالة من قبل؛ لا يلزمك شيء.",
              "This reply was decided before; there is nothing left to do."));
}
