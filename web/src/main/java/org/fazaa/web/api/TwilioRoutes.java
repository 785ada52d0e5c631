package org.fazaa.web.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.FailPoint;
import org.fazaa.config.GroupCommit;
import org.fazaa.notifier.Alarm;
import org.fazaa.notifier.ReconcileTexts;
import org.fazaa.notifier.TakeStatus;
import org.fazaa.notifier.carrier.twilio.TwilioHooks;
import org.fazaa.notifier.carrier.twilio.TwilioSignature;
import org.fazaa.notifier.carrier.twilio.TwilioVoice;
import org.fazaa.notifier.reply.TakePress;
import org.fazaa.notifier.reply.TakeReply;
import org.fazaa.web.Problem;
import org.fazaa.web.WebServer;
import org.fazaa.web.Words;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Twilio's webhooks. What is signed is kept, once, and answered at once; understanding it is left
 * to the loops. While the database is away it is kept on the disk. Without a carrier nothing is
 * signed, so nothing comes in.
 */
public final class TwilioRoutes {

  /**
   * After the database was away it is left alone this long: whoever comes now waits for nothing.
   */
  static final Duration DATABASE_REST = Duration.ofSeconds(2);

  /** So many wrong signatures in so short a time are no accident: a person looks. */
  static final int REFUSED_MAX = 3;

  static final Duration REFUSED_WINDOW = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(TwilioRoutes.class);

  private static final String TWIML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>";

  private final Pool pool;
  private final Bus bus;
  private final InstantSource clock;
  private final Optional<TwilioSignature> signature;
  private final TakePress presses;
  private final HookSpool spool;
  private final GroupCommit<Hook> replies;
  private final GroupCommit<Hook> statuses;
  private final Counter refused;
  private final Counter spooled;
  private final AtomicReference<Instant> awayUntil = new AtomicReference<>(Instant.EPOCH);
  private final Deque<Instant> refusedAt = new ArrayDeque<>();
  private final ReentrantLock counting = new ReentrantLock();

  public TwilioRoutes(
      Pool pool,
      Bus bus,
      InstantSource clock,
      Optional<TwilioSignature> signature,
      TakePress presses,
      HookSpool spool,
      MeterRegistry meters) {
    this.pool = pool;
    this.bus = bus;
    this.clock = clock;
    this.signature = signature;
    this.presses = presses;
    this.spool = spool;
    this.replies = new GroupCommit<>(pool, bus, this::keepReplies);
    this.statuses = new GroupCommit<>(pool, bus, this::takeStatuses);
    this.refused = meters.counter("fazaa.webhook.signature.refused");
    this.spooled = meters.counter("fazaa.webhook.spooled");
    meters.gauge("fazaa.webhook.waiting", replies, GroupCommit::waiting);
  }

  public void mount(Router router) {
    router.post("/twilio/replies").handler(this::reply);
    router.post("/twilio/statuses").handler(this::status);
    router.post("/twilio/voice/:token").handler(this::call);
    router.post("/twilio/voice/:token/keys").handler(this::key);
  }

  private void reply(RoutingContext context) {
    var hook = new Hook(Hook.Kind.REPLY, signedBody(context), null, clock.instant());
    keep(context, replies, hook);
    FailPoint.AFTER_REPLY_KEPT.reach();
    context.response().putHeader("Content-Type", "text/xml").end(TWIML);
  }

  private void status(RoutingContext context) {
    var message = context.queryParams().get("m");
    var hook = new Hook(Hook.Kind.STATUS, signedBody(context), message, clock.instant());
    keep(context, statuses, hook);
    context.response().setStatusCode(204).end();
  }

  /** Somebody has answered the phone: what do we ask them? */
  private void call(RoutingContext context) {
    var called = TwilioHooks.called(signedBody(context)).orElseThrow(INCOMPLETE::refused);
    say(context, called, Optional.empty(), context.pathParam("token") + "/keys");
  }

  /** They have pressed a key: it is kept before they hear so. */
  private void key(RoutingContext context) {
    var called = TwilioHooks.called(signedBody(context)).orElseThrow(INCOMPLETE::refused);
    say(context, called, TakePress.Press.of(called.key()), "keys");
  }

  /** What a call says, and what is to be told because of it. */
  private record Spoken(String twiml, List<Fact> facts) {}

  private void say(
      RoutingContext context,
      TwilioHooks.Called called,
      Optional<TakePress.Press> press,
      String keys) {
    var token = context.pathParam("token");
    var spoken = Database.inTransaction(pool, tx -> spoken(tx, token, called, press, keys));
    spoken.facts.forEach(bus::publish);
    context.response().putHeader("Content-Type", "text/xml").end(spoken.twiml);
  }

  private Spoken spoken(
      SqlConnection tx,
      String token,
      TwilioHooks.Called called,
      Optional<TakePress.Press> press,
      String keys) {
    var now = clock.instant();
    var target = presses.called(token, called.phone(), now);
    var question = target.flatMap(one -> TwilioVoice.Question.find(tx, one, called.phone()));
    if (question.isEmpty()) {
      LOG.warn("call {} to {} is not known", called.sid(), called.phone());
      return new Spoken(TwilioVoice.notKnown(), List.of());
    }
    if (press.isEmpty()) {
      return new Spoken(TwilioVoice.ask(question.get(), keys), List.of());
    }
    var heard = TwilioVoice.heard(press.get(), question.get());
    var facts =
        presses
            .keepKey(tx, target.get(), press.get(), called.arrived(), now)
            .map(TwilioRoutes::facts)
            .orElse(List.of());
    return new Spoken(heard, facts);
  }

  private static List<Fact> facts(TakeReply.Outcome outcome) {
    return switch (outcome) {
      case TakeReply.Outcome.Kept(var reply) -> List.of(new Fact.ReplyKept(reply));
      case TakeReply.Outcome.Repeated again -> List.of();
    };
  }

  /** Returns when it cannot be lost any more, in the database or on the disk. */
  private void keep(RoutingContext context, GroupCommit<Hook> database, Hook hook) {
    if (!hook.isComplete()) throw INCOMPLETE.refused();
    if (hook.at().isBefore(awayUntil.get())) {
      spool(context, hook);
      return;
    }
    try {
      database.run(hook);
    } catch (RuntimeException e) {
      if (!isAway(e)) throw e;
      // What hangs may yet be written: replayed, it counts once.
      awayUntil.set(clock.instant().plus(DATABASE_REST));
      spool(context, hook);
    }
  }

  // Only bad values (22) and broken constraints (23) are the fault of what came.
  private static boolean isAway(RuntimeException fault) {
    return switch (fault) {
      case PgException e -> !String.valueOf(e.getSqlState()).matches("2[23].*");
      case Database.Away away -> true;
      default -> false;
    };
  }

  private void spool(RoutingContext context, Hook hook) {
    try {
      context
          .vertx()
          .executeBlocking(
              () -> {
                spool.keep(hook);
                return true;
              },
              false)
          .await();
      spooled.increment();
    } catch (Exception e) { // await throws what it was waiting for, undeclared
      LOG.error("neither the database nor the disk could keep a webhook", e);
      throw Problem.away().refused();
    }
  }

  // One fact for all of them: whoever hears it looks at the table.
  private List<Fact> keepReplies(SqlConnection tx, List<Hook> hooks) {
    var arrived = hooks.stream().flatMap(hook -> TwilioHooks.reply(hook.body()).stream()).toList();
    return presses.keepAll(tx, arrived, clock.instant()).stream()
        .filter(TakeReply.Outcome.Kept.class::isInstance)
        .reduce((earlier, later) -> later)
        .<List<Fact>>map(kept -> List.of(new Fact.ReplyKept(kept.reply())))
        .orElse(List.of());
  }

  private List<Fact> takeStatuses(SqlConnection tx, List<Hook> hooks) {
    var arrived =
        hooks.stream()
            .flatMap(hook -> TwilioHooks.status(hook.body(), hook.message()).stream())
            .toList();
    return TakeStatus.runAll(tx, arrived, clock.instant()).stream()
        .<Fact>map(text -> new Fact.TextChanged(text))
        .toList();
  }

  private String signedBody(RoutingContext context) {
    var buffer = context.body().buffer();
    if (buffer == null) throw INCOMPLETE.refused();
    if (buffer.length() > WebServer.WEBHOOK_MAX) {
      throw Problem.tooLarge(WebServer.WEBHOOK_MAX).refused();
    }
    var body = buffer.toString(StandardCharsets.UTF_8);
    var request = context.request();
    var header = request.getHeader("X-Twilio-Signature");
    var json = String.valueOf(request.getHeader("Content-Type")).startsWith("application/json");
    if (signature.filter(one -> isSigned(one, request.uri(), body, header, json)).isEmpty()) {
      refused.increment();
      if (signature.isPresent()) countRefused(clock.instant());
      throw UNSIGNED.refused();
    }
    return body;
  }

  private static boolean isSigned(
      TwilioSignature signature, String uri, String body, String header, boolean json) {
    return json
        ? signature.matchesJson(uri, body.getBytes(StandardCharsets.UTF_8), header)
        : signature.matches(uri, body, header);
  }

  /** Somebody forges, or a token or an address is wrong and real replies are being refused. */
  private void countRefused(Instant now) {
    if (!isLastStraw(now)) return;
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                Database.inTransaction(pool, tx -> raiseAlarm(tx, now));
              } catch (RuntimeException e) {
                LOG.warn("three wrong signatures in a minute, and no alarm could be written", e);
              }
            });
  }

  private boolean isLastStraw(Instant now) {
    counting.lock();
    try {
      refusedAt.removeIf(at -> at.isBefore(now.minus(REFUSED_WINDOW)));
      refusedAt.add(now);
      if (refusedAt.size() < REFUSED_MAX) return false;
      refusedAt.clear();
      return true;
    } finally {
      counting.unlock();
    }
  }

  // What was refused although it was real is at the carrier still.
  private static boolean raiseAlarm(SqlConnection tx, Instant now) {
    Alarm.raise(tx, Alarm.Kind.SIGNATURES, "", REFUSED_MAX + " in a minute", now);
    ReconcileTexts.hasten(tx, now);
    return true;
  }

  private static final Problem UNSIGNED =
      Problem.notAllowed(
          new Words(
              "التوقيع ناقص أو غير صحيح. راجع FAZAA_PUBLIC_URL و TWILIO_AUTH_TOKEN.",
              "The signature is missing or wrong. Check FAZAA_PUBLIC_URL and TWILIO_AUTH_TOKEN."));

  private static final Problem INCOMPLETE =
      Problem.malformed(
          new Words(
              "تنقصها MessageSid أو الحقول اللازمة معها.",
              "MessageSid or what must come with it is missing."));
}
