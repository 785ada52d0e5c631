package org.fazaa.web.console;

import static org.fazaa.web.Word.*;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.AnswerByHand;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.Offer;
import org.fazaa.dispatcher.callout.SettleReply;
import org.fazaa.dispatcher.callout.WrittenBy;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.reply.Attachments;
import org.fazaa.notifier.reply.Attachments.Attachment;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Reading;
import org.fazaa.notifier.reply.WrittenAnswer;
import org.fazaa.web.Choice;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.Words;
import org.fazaa.web.console.InboxPage.Hands;
import org.fazaa.web.console.InboxPage.Kind;
import org.fazaa.web.session.Accounts;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;
import org.fazaa.web.session.Who;

/** Replies that no rule was sure of, and one key to decide each. */
public final class InboxRoutes {
  private static final Set<Role> READS = EnumSet.of(Role.COORDINATOR, Role.MANAGER);
  private static final int SHOWN = 25;
  private static final int COUNTED = 1_000;

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
    router.get("/inbox/attachments/:attachment").handler(this::attachment);
    forms.post(router, "/inbox/next", READS, InboxRoutes::next);
    forms.post(router, "/inbox/:reply/claim", READS, InboxRoutes::open);
    forms.post(router, "/inbox/:reply/decision", READS, InboxRoutes::decide);
    forms.post(router, "/inbox/:reply/answer", READS, InboxRoutes::answer);
  }

  // --- the queue

  private void show(RoutingContext context, String name) {
    var who = Guard.require(context, READS);
    var frame = frames.of(context);
    var waiting = Inbox.waiting(pool, SHOWN, frame.now());
    var attached = Attachments.of(pool, waiting.stream().map(one -> one.reply().id()).toList());
    var openers = waiting.stream().flatMap(one -> one.opened().stream());
    var names = Accounts.names(pool, openers.map(Inbox.Opened::byAccount).toList());
    var replies =
        waiting.stream()
            .map(
                one ->
                    waiting(
                        one, attached.getOrDefault(one.reply().id(), List.of()), names, who, frame))
            .toList();
    var settled =
        Inbox.settledBy(pool, who.account()).stream().map(one -> settled(one, frame)).toList();
    var page = new InboxPage(replies, Inbox.count(pool, COUNTED), settled);
    frames.show(context, name, frame, page);
  }

  private InboxPage.Waiting waiting(
      Inbox.Waiting waiting,
      List<Attachment> attached,
      Map<Long, String> names,
      Who who,
      Frame frame) {
    var reply = waiting.reply();
    var sender = WrittenBy.of(pool, waiting);
    var offer = sender.offer();
    var need = offer.flatMap(one -> Needs.find(pool, one.need())).map(Needs.View::need);
    return new InboxPage.Waiting(
        reply.id(),
        sender.name().orElse(frame.say(UNKNOWN_SENDER)),
        reply.from().masked(),
        reply.body(),
        why(waiting.why(), frame),
        waiting.worth(),
        waiting.worth() == Inbox.WORTH_DANGER,
        offer.map(Offer::code).orElse(""),
        need.map(
            one ->
                new InboxPage.About(
                    one.id().value(), Shown.title(one.title(), frame), one.filled(), one.people())),
        offer.filter(InboxRoutes::isHeld).isPresent(),
        hands(waiting, who),
        waiting
            .opened()
            .map(by -> new InboxPage.Taken(names.getOrDefault(by.byAccount(), "—"), by.until())),
        attached.stream().map(one -> attachment(one, need, frame)).toList(),
        sender.language().tag(),
        canned(sender.language()),
        reply.at());
  }

  private static boolean isHeld(Offer offer) {
    return offer.state() == Offer.State.ASSIGNED || offer.state() == Offer.State.STANDBY;
  }

  private static Hands hands(Inbox.Waiting waiting, Who who) {
    return waiting
        .opened()
        .map(by -> by.byAccount() == who.account() ? Hands.MINE : Hands.ANOTHER)
        .orElse(Hands.NOBODY);
  }

  private static List<Choice> canned(Language language) {
    return Stream.of(WrittenAnswer.values())
        .map(one -> new Choice(one.tag(), one.in(language)))
        .toList();
  }

  private static String why(String tag, Frame frame) {
    if (Attachments.WHY.equals(tag)) return frame.say(WHY_ATTACHED);
    return Stream.of(Reading.Why.values())
        .filter(why -> why.tag().equals(tag))
        .findFirst()
        .map(why -> frame.pick(why.arabic(), why.english()))
        .orElse(String.valueOf(tag));
  }

  // --- what came with a reply

  private static InboxPage.Attachment attachment(Attachment one, Optional<Need> need, Frame frame) {
    return switch (one.state()) {
      case PIN -> pin(one, need, frame);
      case AWAITED ->
          new InboxPage.Attachment(Kind.NOTHING, frame.say(FILE_AWAITED, one.mediaType()), "");
      case MISSING ->
          new InboxPage.Attachment(
              Kind.NOTHING,
              frame.say(FILE_MISSING, one.mediaType(), frame.say(missing(one.problem()))),
              "");
      case KEPT ->
          new InboxPage.Attachment(
              kind(one.mediaType()), one.mediaType(), "/inbox/attachments/" + one.id());
    };
  }

  private static Word missing(String problem) {
    return switch (String.valueOf(problem)) {
      case "too-large" -> FILE_TOO_LARGE;
      case "type" -> FILE_OF_ANOTHER_KIND;
      case "elsewhere" -> FILE_ELSEWHERE;
      case String other -> FILE_UNREACHABLE;
    };
  }

  private static InboxPage.Attachment pin(Attachment one, Optional<Need> need, Frame frame) {
    var where = String.format(Locale.ROOT, "%.5f,%.5f", one.lat(), one.lon());
    var km = need.map(there -> frame.km(new Point(one.lon(), one.lat()).kmTo(there.place())));
    var says = one.label().isEmpty() ? where : one.label() + " (" + where + ")";
    return new InboxPage.Attachment(
        Kind.PIN, km.map(far -> frame.say(PIN_FROM_NEED, says, far)).orElse(says), "geo:" + where);
  }

  private static Kind kind(String mediaType) {
    return switch (mediaType.split("/")[0]) {
      case "image" -> Kind.IMAGE;
      case "audio" -> Kind.AUDIO;
      case "video" -> Kind.VIDEO;
      case String other -> Kind.FILE;
    };
  }

  /** As it came, and never as a page: whatever it holds is not run. */
  private void attachment(RoutingContext context) {
    Guard.require(context, READS);
    var content = Attachments.content(pool, number(context, "attachment"));
    var file = content.orElseThrow(() -> Problem.notFound().refused());
    var how = kind(file.mediaType()) == Kind.FILE ? "attachment" : "inline";
    context
        .response()
        .putHeader("Content-Type", file.mediaType())
        .putHeader("Content-Security-Policy", "default-src 'none'; sandbox")
        .putHeader("Content-Disposition", how)
        .end(Buffer.buffer(file.bytes()));
  }

  private static long number(RoutingContext context, String name) {
    try {
      return Long.parseLong(context.pathParam(name));
    } catch (NumberFormatException e) {
      throw Problem.notFound().refused();
    }
  }

  // --- what a person does with a reply

  private static Next next(Forms.Form form, SqlConnection tx) {
    Inbox.openNext(tx, form.who().account(), form.now());
    return new Next.See("/inbox", List.of(new Fact.InboxChanged()));
  }

  private static Next open(Forms.Form form, SqlConnection tx) {
    return switch (Inbox.open(tx, form.id("reply"), form.who().account(), form.now())) {
      case Inbox.Opening.Yours yours -> new Next.See("/inbox", List.of(new Fact.InboxChanged()));
      case Inbox.Opening.Taken taken -> TAKEN;
      case Inbox.Opening.AlreadyDecided decided -> ALREADY_DECIDED;
      case Inbox.Opening.NoSuchReply() -> throw Problem.notFound().refused();
    };
  }

  private static Next decide(Forms.Form form, SqlConnection tx) {
    var reply = form.id("reply");
    var account = form.who().account();
    var meaning = meaning(form.text("meaning"));
    var hour = meaning == Meaning.LATER ? hour(form.text("hour")) : null;
    return switch (SettleReply.run(tx, reply, meaning, hour, account, form.now())) {
      case Inbox.Decision.Decided(var id) -> goOn(form, tx, new Fact.ReplyKept(id));
      case Inbox.Decision.Taken taken -> TAKEN;
      case Inbox.Decision.AlreadyDecided(var id) -> ALREADY_DECIDED;
      case Inbox.Decision.NoSuchReply() -> throw Problem.notFound().refused();
    };
  }

  private static Next answer(Forms.Form form, SqlConnection tx) {
    var account = form.who().account();
    return switch (AnswerByHand.run(tx, form.id("reply"), words(form), account, form.now())) {
      case Inbox.Answer.Written written -> goOn(form, tx, new Fact.OutboxFilled());
      case Inbox.Answer.Stopped stopped -> new Next.See("/inbox?said=has_stopped", List.of());
      case Inbox.Answer.Taken taken -> TAKEN;
      case Inbox.Answer.AlreadyDecided decided -> ALREADY_DECIDED;
      case Inbox.Answer.NoSuchReply() -> throw Problem.notFound().refused();
    };
  }

  // One key decides, and the next one is open.
  private static Next goOn(Forms.Form form, SqlConnection tx, Fact news) {
    Inbox.openNext(tx, form.who().account(), form.now());
    return new Next.See("/inbox", List.of(news, new Fact.InboxChanged()));
  }

  /** Free words beat the canned ones that stand beside them. */
  private static Function<Language, String> words(Forms.Form form) {
    var text = form.text("text");
    if (text.length() > Draft.BODY_MAX) throw Problem.invalid("text", TOO_LONG).refused();
    if (!text.isEmpty()) return any -> text;
    return WrittenAnswer.of(form.text("canned"))
        .<Function<Language, String>>map(one -> one::in)
        .orElseThrow(() -> Problem.invalid("text", NOTHING_WRITTEN).refused());
  }

  private static Meaning meaning(String written) {
    return Stream.of(Meaning.values())
        .filter(one -> one.tag().equals(written))
        .findFirst()
        .orElseThrow(() -> Problem.notFound().refused());
  }

  private static LocalTime hour(String written) {
    try {
      return written.isEmpty() ? null : LocalTime.parse(written);
    } catch (DateTimeException e) {
      throw Problem.invalid("hour", NO_HOUR).refused();
    }
  }

  // --- what became of it

  private static InboxPage.Settled settled(Inbox.Settled one, Frame frame) {
    var came =
        one.outcome() == null
            ? frame.say(CAME_UNDER_WAY)
            : came(one.outcome()).map(frame::say).orElse(one.outcome());
    var answered = one.answer() != null;
    return new InboxPage.Settled(
        one.body(),
        answered ? frame.say(ANSWERED_BY_HAND) : frame.say(decided(one.meaning())),
        answered ? frame.say(textState(one)) : came,
        answered ? one.answer() : "",
        one.at());
  }

  private static Word textState(Inbox.Settled one) {
    return switch (one.answerState()) {
      case QUEUED, SUBMITTING, UNKNOWN -> TEXT_ON_ITS_WAY;
      case ACCEPTED, SENT -> TEXT_SENT;
      case DELIVERED -> TEXT_DELIVERED;
      case REFUSED, WITHDRAWN, EXPIRED, FAILED -> TEXT_NOT_SENT;
    };
  }

  static Word decided(Meaning meaning) {
    return switch (meaning) {
      case YES -> MEANS_YES;
      case NO -> MEANS_NO;
      case LATER -> MEANS_LATER;
      case LAST_RESORT -> MEANS_LAST_RESORT;
      case ON_MY_WAY -> MEANS_ON_MY_WAY;
      case HERE -> MEANS_HERE;
      case DONE -> MEANS_DONE;
      case DROP -> MEANS_DROP;
      case STOP -> MEANS_STOP;
      case START -> MEANS_START;
      case HELP -> MEANS_HELP;
      case DANGER -> MEANS_DANGER;
      case WRONG_NUMBER -> MEANS_WRONG_NUMBER;
      case WHO -> MEANS_WHO;
      case WHERE -> MEANS_WHERE;
      case GROUP -> MEANS_GROUP;
      case PERSON -> MEANS_SETTLED;
    };
  }

  /** The words that owners leave, as far as people know them. */
  private static Optional<Word> came(String outcome) {
    return Optional.ofNullable(
        switch (outcome) {
          case "assigned" -> CAME_ASSIGNED;
          case "already theirs" -> CAME_ALREADY_THEIRS;
          case "standby" -> CAME_STANDBY;
          case "full" -> CAME_FULL;
          case "closed" -> CAME_CLOSED;
          case "busy then" -> CAME_BUSY;
          case "declined" -> CAME_DECLINED;
          case "gave back" -> CAME_GAVE_BACK;
          case "known", "repeated" -> CAME_KNOWN;
          case "asked which" -> CAME_ASKED_WHICH;
          case "asked after no" -> CAME_ASKED_AFTER_NO;
          case "stopped" -> CAME_STOPPED;
          case "started" -> CAME_STARTED;
          case "settled by a person" -> CAME_SETTLED;
          case String other -> null;
        });
  }

  private static final Next TAKEN = new Next.See("/inbox?said=taken", List.of());

  private static final Next ALREADY_DECIDED =
      new Next.See("/inbox?said=already_decided", List.of());

  private static final Words TOO_LONG =
      new Words("أكثر من 1600 حرف: اختصرها.", "More than 1600 characters: make it shorter.");

  private static final Words NOTHING_WRITTEN =
      new Words("اختر جوابًا جاهزًا أو اكتب جوابك.", "Choose an answer, or write your own.");

  private static final Words NO_HOUR =
      new Words("اكتب الساعة مثل 17:30.", "Write the hour as 17:30.");
}
