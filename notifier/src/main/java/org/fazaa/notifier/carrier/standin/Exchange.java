package org.fazaa.notifier.carrier.standin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.fazaa.notifier.Segments;
import org.fazaa.notifier.carrier.standin.Faults.Fault;
import org.fazaa.notifier.carrier.standin.TwilioStandIn.Enclosed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a message once it was posted: refused or taken, queued, sent, delivered,
 * answered. It lives on one event loop and is called nowhere else.
 */
final class Exchange {

  sealed interface Outcome {
    record Taken(Message message) implements Outcome {}

    record Refused(Refusal refusal) implements Outcome {}
  }

  /** More phones than this are turned away. */
  private static final int PHONES_MAX = 1_000_000;

  /** More files than this are named and not kept. */
  private static final int FILES_MAX = 1_000;

  private static final Refusal CROWDED =
      new Refusal(503, 20503, "The stand-in knows enough phones");
  private static final int QUEUE_OVERFLOW = 30001;
  private static final int EXPIRED = 30036;

  /** Handset off, number unknown, and nobody knows. */
  private static final List<Integer> UNDELIVERED = List.of(30003, 30005, 30008);

  /** Twilio's, matched with the whole message. */
  private static final Set<String> STOP_WORDS =
      Set.of("STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL");

  private static final Set<String> START_WORDS = Set.of("START", "YES", "UNSTOP");
  private static final Set<String> HELP_WORDS = Set.of("HELP", "INFO");

  private static final DateTimeFormatter DONE_DATE =
      DateTimeFormatter.ofPattern("yyMMddHHmm").withZone(ZoneOffset.UTC);

  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private static final class Person {
    final Set<String> stopped = new HashSet<>();
    long posts;
    long accepted;
    long written;
    String sender;
    String service;
  }

  private record Step(Duration at, String status, Integer error) {}

  /** The statuses of one message go one after another, so that their order is the one meant. */
  private static final class Line {
    Future<Integer> last = Future.succeededFuture(0);
  }

  private final Vertx vertx;
  private final StandInOptions options;
  private final Dice dice;
  private final Lanes lanes;
  private final Webhooks webhooks;
  private final Map<String, Person> people = new HashMap<>();
  private final Map<String, Enclosed.File> files = new HashMap<>();
  final Book book;
  final Tally tally = new Tally();
  volatile Faults faults;

  Exchange(Vertx vertx, StandInOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.dice = new Dice(options.seed);
    this.lanes = new Lanes(options.rate);
    this.webhooks = new Webhooks(vertx, options.authToken, options.allowRemote);
    this.book = new Book(options.clock.millis()); // no sid comes again after a restart
    this.faults = options.faults;
  }

  void close() {
    webhooks.close();
  }

  /** How the next POST to this phone is to be answered. */
  Manner manner(String to) {
    var person = person(to);
    long turn = person.map(known -> ++known.posts).orElse(0L);
    return faults.onPost(dice.roll("post", to, turn));
  }

  Outcome take(MessageForm form) {
    var now = options.clock.instant();
    var person = person(form.to());
    var sender = form.byService() ? form.service() : form.from();
    var refusal =
        form.refusal().or(() -> person.isEmpty() ? Optional.of(CROWDED) : Optional.empty());
    if (refusal.isEmpty() && person.get().stopped.contains(sender)) {
      refusal = Optional.of(MessageForm.OPTED_OUT);
    }
    var wait = lanes.waitOf(sender, now);
    if (refusal.isEmpty() && wait.isEmpty() && !form.byService()) {
      refusal = Optional.of(MessageForm.QUEUE_FULL);
    }
    if (refusal.isPresent()) {
      tally.count("refused " + refusal.get().code());
      return new Outcome.Refused(refusal.get());
    }
    var message = message(form, now);
    book.put(message);
    tally.accepted(message);
    person.get().accepted++;
    person.get().sender = form.byService() ? options.sender : form.from();
    person.get().service = form.byService() ? form.service() : null;
    var random = dice.roll("message", form.to(), person.get().accepted);
    var steps = steps(form, message, sender, wait, random);
    options.delivery.ifPresent(step -> play(message, steps, random));
    return new Outcome.Taken(message);
  }

  private Optional<Person> person(String phone) {
    var known = people.get(phone);
    if (known == null && people.size() < PHONES_MAX) {
      known = new Person();
      people.put(phone, known);
    }
    return Optional.ofNullable(known);
  }

  private Message message(MessageForm form, Instant now) {
    long number = book.next();
    return new Message(
        number,
        false,
        book.sid("SM", number),
        options.account,
        form.to(),
        form.byService() ? null : form.from(),
        form.byService() ? form.service() : null,
        form.body(),
        Segments.of(form.body()).segments(),
        form.byService() ? Message.ACCEPTED : Message.QUEUED,
        null,
        form.callback().isEmpty() ? null : form.callback(),
        now,
        null,
        now);
  }

  private List<Step> steps(
      MessageForm form,
      Message message,
      String sender,
      Optional<Duration> queue,
      RandomGenerator random) {
    var pace = options.delivery.orElse(Duration.ZERO);
    if (queue.isEmpty()) {
      return List.of(new Step(pace, Message.FAILED, QUEUE_OVERFLOW));
    }
    var steps = new ArrayList<Step>();
    if (form.byService()) {
      steps.add(new Step(Duration.ZERO, Message.QUEUED, null));
    }
    var validity = Duration.ofSeconds(form.validitySeconds());
    if (queue.get().compareTo(validity) > 0) {
      steps.add(new Step(validity, Message.FAILED, EXPIRED));
      return steps;
    }
    lanes.take(sender, message.segments(), message.created());
    var leaves = queue.get().plus(pace);
    steps.add(new Step(leaves, Message.SENT, null));
    boolean lost = faults.strikes(Fault.UNDELIVERED, random);
    var code = UNDELIVERED.get(random.nextInt(UNDELIVERED.size()));
    var end = lost ? Message.UNDELIVERED : Message.DELIVERED;
    steps.add(new Step(leaves.plus(pace), end, lost ? code : null));
    return steps;
  }

  private void play(Message message, List<Step> steps, RandomGenerator random) {
    steps.forEach(step -> later(step.at(), () -> move(message.sid(), step)));
    if (message.callback() != null) {
      var line = new Line();
      boolean reversed = faults.strikes(Fault.REVERSED_CALLBACKS, random);
      for (int i = 0; i < steps.size(); i++) {
        var at = steps.get(reversed ? steps.size() - 1 - i : i).at();
        callBack(message.sid(), line, steps.get(i), at, random);
      }
    }
    var end = steps.getLast();
    if (end.status().equals(Message.DELIVERED)) {
      options
          .answers
          .to(message.body(), options.speed, random)
          .ifPresent(
              said ->
                  later(
                      end.at().plus(said.after()),
                      () -> write(message.to(), Optional.empty(), said.body())));
    }
  }

  private void move(String sid, Step step) {
    var message = book.find(sid);
    if (message.isPresent() && !message.get().isFinal()) {
      var from = message.get().from() == null ? options.sender : message.get().from();
      var now = options.clock.instant();
      book.put(message.get().moved(step.status(), step.error(), from, now));
      tally.count("status " + step.status());
    }
  }

  /** Takes it back while it has not left; empty when it is too late. */
  Optional<Message> cancel(Message message) {
    if (!message.status().equals(Message.QUEUED) && !message.status().equals(Message.ACCEPTED)) {
      return Optional.empty();
    }
    var step = new Step(Duration.ZERO, Message.CANCELED, null);
    move(message.sid(), step);
    if (message.callback() != null) {
      post(message.sid(), step, new Line());
    }
    return book.find(message.sid());
  }

  private void callBack(String sid, Line line, Step step, Duration at, RandomGenerator random) {
    boolean late = faults.strikes(Fault.LATE_CALLBACKS, random);
    boolean lost = faults.strikes(Fault.LOST_CALLBACKS, random);
    boolean doubled = faults.strikes(Fault.DOUBLED_CALLBACKS, random);
    if (lost) {
      tally.count("callbacks lost");
      return;
    }
    var when = late ? at.plus(faults.after(Fault.LATE_CALLBACKS)) : at;
    later(when, () -> post(sid, step, line));
    if (doubled) {
      later(when, () -> post(sid, step, line));
    }
  }

  private void post(String sid, Step step, Line line) {
    var found = book.find(sid);
    var canceled = found.filter(message -> message.status().equals(Message.CANCELED)).isPresent();
    if (found.isEmpty() || (canceled && !step.status().equals(Message.CANCELED))) {
      return;
    }
    var message = found.get();
    var fields = status(message, step);
    line.last = line.last.transform(before -> webhooks.post(message.callback(), fields));
    line.last
        .onSuccess(status -> tally.count(status / 100 == 2 ? "callbacks sent" : "callbacks failed"))
        .onFailure(trouble -> failed("callbacks", trouble));
  }

  private SortedMap<String, String> status(Message message, Step step) {
    var fields = new TreeMap<String, String>();
    fields.put("AccountSid", message.account());
    fields.put("ApiVersion", "2010-04-01");
    fields.put("From", message.from() == null ? options.sender : message.from());
    fields.put("To", message.to());
    fields.put("MessageSid", message.sid());
    fields.put("SmsSid", message.sid());
    fields.put("MessageStatus", step.status());
    fields.put("SmsStatus", step.status());
    if (message.service() != null) {
      fields.put("MessagingServiceSid", message.service());
    }
    if (step.error() != null) {
      fields.put("ErrorCode", step.error().toString());
    }
    if (step.status().equals(Message.DELIVERED)) {
      fields.put("RawDlrDoneDate", DONE_DATE.format(options.clock.instant()));
    }
    return fields;
  }

  private void failed(String what, Throwable trouble) {
    if (trouble instanceof Webhooks.Withheld) {
      tally.count(what + " withheld");
      return;
    }
    tally.count(what + " failed");
    LOG.warn("{}: {}", what, trouble.toString());
  }

  /**
   * Somebody writes; what comes of the POST is counted, and never tried again.
   *
   * @param to whom; else whoever texted them last
   * @return the sid under which it is posted
   */
  String write(String from, Optional<String> to, String body) {
    return write(from, to, body, Enclosed.NOTHING);
  }

  String write(String from, Optional<String> to, String body, Enclosed enclosed) {
    var person = person(from).orElseGet(Person::new);
    var receiver = to.orElse(person.sender == null ? options.sender : person.sender);
    var service = to.isPresent() ? null : person.service;
    var sid = written(from, receiver, service, body).sid();
    var optOut = optOut(body);
    optOut.ifPresent(type -> remember(person, type, service == null ? receiver : service));
    var fields = inbound(sid, from, receiver, service, body, optOut);
    enclose(fields, sid, enclosed);
    var random = dice.roll("reply", from, ++person.written);
    if (faults.strikes(Fault.LOST_REPLIES, random)) {
      tally.count("replies lost");
      return sid;
    }
    postReply(fields);
    if (faults.strikes(Fault.DOUBLED_REPLIES, random)) {
      postReply(fields);
    }
    return sid;
  }

  /** Kept before it is posted: whoever lists messages finds what no webhook told them. */
  private Message written(String from, String to, String service, String body) {
    long number = book.next();
    var now = options.clock.instant();
    int segments = Math.max(1, Segments.of(body).segments());
    var message =
        new Message(
            number,
            true,
            book.sid("SM", number),
            options.account,
            to,
            from,
            service,
            body,
            segments,
            Message.RECEIVED,
            null,
            null,
            now,
            now,
            now);
    book.put(message);
    return message;
  }

  private static Optional<String> optOut(String body) {
    var word = body.strip().toUpperCase(Locale.ROOT);
    if (STOP_WORDS.contains(word)) return Optional.of("STOP");
    if (START_WORDS.contains(word)) return Optional.of("START");
    return HELP_WORDS.contains(word) ? Optional.of("HELP") : Optional.empty();
  }

  private void remember(Person person, String type, String sender) {
    if (type.equals("STOP") && person.stopped.add(sender)) {
      tally.count("opted out");
    }
    if (type.equals("START")) {
      person.stopped.remove(sender);
    }
  }

  private SortedMap<String, String> inbound(
      String sid, String from, String to, String service, String body, Optional<String> optOut) {
    var fields = new TreeMap<String, String>();
    fields.put("AccountSid", options.account);
    fields.put("ApiVersion", "2010-04-01");
    fields.put("Body", body);
    fields.put("From", from);
    fields.put("To", to);
    fields.put("MessageSid", sid);
    fields.put("SmsMessageSid", sid);
    fields.put("SmsSid", sid);
    fields.put("NumMedia", "0");
    fields.put("NumSegments", Integer.toString(Math.max(1, Segments.of(body).segments())));
    fields.put("SmsStatus", "received");
    if (service != null) {
      fields.put("MessagingServiceSid", service);
    }
    optOut.ifPresent(type -> fields.put("OptOutType", type));
    return fields;
  }

  private void enclose(SortedMap<String, String> fields, String sid, Enclosed enclosed) {
    fields.put("NumMedia", Integer.toString(enclosed.files().size()));
    for (int i = 0; i < enclosed.files().size(); i++) {
      var file = enclosed.files().get(i);
      var path =
          "/2010-04-01/Accounts/%s/Messages/%s/Media/%s"
              .formatted(options.account, sid, book.sid("ME", book.next()));
      if (files.size() < FILES_MAX) {
        files.put(path, file);
      }
      fields.put("MediaUrl" + i, "https://api.twilio.com" + path);
      fields.put("MediaContentType" + i, file.mediaType());
    }
    enclosed
        .pin()
        .ifPresent(
            pin -> {
              fields.put("Latitude", Double.toString(pin.lat()));
              fields.put("Longitude", Double.toString(pin.lon()));
              fields.put("Label", pin.label());
            });
  }

  /** A file that somebody sent, by its path in the API. */
  Optional<Enclosed.File> file(String path) {
    return Optional.ofNullable(files.get(path));
  }

  private void postReply(SortedMap<String, String> fields) {
    if (options.replyUrl.isEmpty()) {
      tally.count("replies withheld");
      return;
    }
    var url = options.replyUrl.get().toString();
    answered(webhooks.post(url, fields))
        .onSuccess(status -> tally.count("replies sent"))
        .onFailure(trouble -> fallBack(fields, url, trouble));
  }

  private void fallBack(SortedMap<String, String> fields, String url, Throwable trouble) {
    failed("replies", trouble);
    if (options.fallbackUrl.isPresent()) {
      var again = new TreeMap<>(fields);
      again.put("ErrorCode", "11200");
      again.put("ErrorUrl", url);
      answered(webhooks.post(options.fallbackUrl.get().toString(), again))
          .onSuccess(status -> tally.count("replies by fallback"))
          .onFailure(lost -> failed("replies by fallback", lost));
    }
  }

  private static Future<Integer> answered(Future<Integer> post) {
    return post.compose(
        status ->
            status / 100 == 2
                ? Future.succeededFuture(status)
                : Future.failedFuture("answered " + status));
  }

  private void later(Duration wait, Runnable work) {
    vertx.setTimer(Math.max(1, wait.toMillis()), timer -> work.run());
  }
}
