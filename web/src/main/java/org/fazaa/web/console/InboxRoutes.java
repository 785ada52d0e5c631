package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.Offer;
import org.fazaa.dispatcher.callout.OfferId;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Reading;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** Replies that no rule was sure of, and one key to decide each. */
public final class InboxRoutes {
  private static final Set<Role> READS = EnumSet.of(Role.COORDINATOR, Role.MANAGER);
  private static final int SHOWN = 25;

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public InboxRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get("/inbox").handler(context -> show(context, "console/inbox"));
    router.get("/inbox/waiting").handler(context -> show(context, "console/waiting"));
    forms.post(router, "/inbox/:reply/decision", READS, InboxRoutes::decide);
  }

  private void show(RoutingContext context, String name) {
    Guard.require(context, READS);
    var frame = frames.of(context);
    var replies =
        Inbox.waiting(pool, SHOWN).stream().map(waiting -> waiting(waiting, frame)).toList();
    frames.show(context, name, frame, new InboxPage(replies));
  }

  private InboxPage.Waiting waiting(Inbox.Waiting waiting, Frame frame) {
    var reply = waiting.reply();
    var offer = offer(waiting);
    var name =
        offer
            .map(Offer::name)
            .or(() -> Volunteers.find(pool, reply.from()).map(Volunteer::name))
            .orElse("—");
    return new InboxPage.Waiting(
        reply.id(),
        name,
        reply.from().masked(),
        reply.body(),
        why(waiting.why(), frame),
        offer.map(Offer::code).orElse(""),
        offer
            .flatMap(one -> Needs.find(pool, one.need()))
            .map(
                view ->
                    new InboxPage.About(
                        view.need().id().value(), Shown.title(view.need().title(), frame))),
        reply.at());
  }

  private static String why(String tag, Frame frame) {
    return Stream.of(Reading.Why.values())
        .filter(why -> why.tag().equals(tag))
        .findFirst()
        .map(why -> frame.pick(why.arabic(), why.english()))
        .orElse(tag);
  }

  private Optional<Offer> offer(Inbox.Waiting waiting) {
    var about = waiting.reply().about();
    if (!Channel.PURPOSE.equals(waiting.purpose()) || about == null) return Optional.empty();
    return Needs.offer(pool, new OfferId(Long.parseLong(about)));
  }

  private static Next decide(Forms.Form form, SqlConnection tx) {
    var written = form.text("meaning");
    var meaning =
        Stream.of(Meaning.values())
            .filter(one -> one.tag().equals(written))
            .findFirst()
            .orElseThrow(() -> Problem.notFound().refused());
    var reply = form.id("reply");
    return switch (Inbox.decide(tx, reply, meaning, form.who().account(), form.now())) {
      case Inbox.Decision.Decided(var id) ->
          new Next.See("/inbox", List.of(new Fact.ReplyKept(id), new Fact.InboxChanged()));
      case Inbox.Decision.AlreadyDecided(var id) ->
          new Next.See("/inbox?said=already_decided", List.of());
      case Inbox.Decision.NoSuchReply() -> throw Problem.notFound().refused();
    };
  }
}
