package org.fazaa.notifier.carrier.twilio;

import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.rest.api.v2010.account.MessageReader;
import com.twilio.type.PhoneNumber;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.fazaa.config.Loop;
import org.fazaa.config.Settings;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Text;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.fazaa.notifier.carrier.Trace;
import org.fazaa.notifier.reply.Arrived;

/**
 * Texts through Twilio's own SDK, one POST for one submission. The SDK blocks: each of its calls
 * gets a thread of its own.
 */
public final class TwilioCarrier implements Carrier {
  public static final String NAME = "twilio";

  /** A text that found no free connection in this time goes back: its reader may have said stop. */
  private static final Duration CONNECTION_WAIT = Duration.ofMillis(500);

  /** An answer must be here before the sender's lease of 30 s ends. */
  private static final Duration ANSWER_WAIT = Duration.ofSeconds(20);

  /** A question has less time: many may wait behind it. */
  private static final Duration FIND_WAIT = Duration.ofSeconds(5);

  private static final int VALIDITY_MAX_SECONDS = 36_000;
  private static final int LISTED_MAX = 50;

  /** One page, however long it is there; and how many of them are read at one look. */
  private static final Duration LIST_WAIT = Duration.ofSeconds(15);

  private static final int PAGE_MAX = 1_000;
  private static final int PAGES_MAX = 100;

  /** So few are asked for by their phones; more, by pages of all that was sent. */
  private static final int ASKED_ONE_BY_ONE = 5;

  /** Connections of their own: POSTs that get no answer must not keep us from asking. */
  private static final int QUESTIONS = 20;

  /** And these: a voice note must not keep a question waiting. */
  private static final int FILES = 4;

  private static final int NOT_FOUND = 404;

  /** A text may be listed as older than we know it: clocks differ. */
  private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

  private static final Pattern MESSAGING_SERVICE = Pattern.compile("MG[0-9a-fA-F]{32}");

  private static final int TOO_MANY_REQUESTS = 429;

  /** True of every text alike, although no code of theirs says so. */
  private static final Set<Integer> LANE_STATUSES = Set.of(401, 403, 404);

  private final Duration answerWait;
  private final Settings.Twilio settings;
  private final String statusUrl;
  private final WayOut out;
  private final WayOut questions;
  private final TwilioMedia media;
  private final List<Sender> senders;
  private final Semaphore connections;
  private final ObjectMapper json = new ObjectMapper();

  /** Of the answer to a POST only the id is kept; reading all of it takes three times as long. */
  private final ObjectMapper idOnly = new ObjectMapper().addMixIn(Message.class, Id.class);

  @JsonIncludeProperties("sid")
  private interface Id {}

  /**
   * @param publicUrl where Twilio reaches this program
   */
  public TwilioCarrier(Vertx vertx, Settings.Twilio settings, Settings.Cost cost, URI publicUrl) {
    this(vertx, settings, cost, publicUrl, ANSWER_WAIT);
  }

  TwilioCarrier(
      Vertx vertx,
      Settings.Twilio settings,
      Settings.Cost cost,
      URI publicUrl,
      Duration answerWait) {
    this.answerWait = answerWait;
    this.settings = settings;
    this.statusUrl = publicUrl.toString().replaceAll("/+$", "") + "/twilio/statuses?m=";
    this.senders = senders(settings, cost);
    this.connections = new Semaphore(settings.connections());
    var hosts = TwilioMedia.hosts(settings.baseUrl());
    this.out = new WayOut(vertx, hosts, settings.connections());
    this.questions = new WayOut(vertx, hosts, QUESTIONS);
    this.media = new TwilioMedia(settings, new WayOut(vertx, hosts, FILES));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Sender> senders() {
    return senders;
  }

  private static List<Sender> senders(Settings.Twilio settings, Settings.Cost cost) {
    var usual = settings.from().isEmpty() ? settings.messagingServiceSid() : settings.from();
    var costs = new LinkedHashMap<String, Map<String, Integer>>();
    var rates = new HashMap<String, Integer>();
    costs.put(usual, new HashMap<>(Map.of(ANY_COUNTRY, cost.segment())));
    rates.put(usual, settings.rate());
    for (var own : settings.senders()) {
      costs
          .computeIfAbsent(own.name(), first -> new HashMap<>())
          .put(own.country(), own.segmentCost());
      rates.putIfAbsent(own.name(), own.rate());
    }
    return costs.entrySet().stream()
        .map(one -> new Sender(one.getKey(), one.getValue(), rates.get(one.getKey())))
        .toList();
  }

  @Override
  public int connections() {
    return settings.connections();
  }

  @Override
  public List<Future<Submission>> submit(List<Text> texts, Instant now) {
    return texts.stream().map(text -> Loop.aside(() -> submitInTurn(text, now))).toList();
  }

  private Submission submitInTurn(Text text, Instant now) throws InterruptedException {
    if (!connections.tryAcquire(CONNECTION_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
      return new Submission.Refused(
          "busy", "no connection was free", new Submission.Action.TryLater(now));
    }
    try {
      return submit(text, now);
    } finally {
      connections.release();
    }
  }

  @Override
  public Trace find(Text text) {
    return Loop.aside(() -> look(text)).await();
  }

  @Override
  public List<Trace> findEach(List<Text> texts) {
    var traces = texts.stream().map(text -> Loop.aside(() -> look(text))).toList();
    return Future.all(traces).map(all -> traces.stream().map(Future::result).toList()).await();
  }

  @Override
  public List<Trace> findAmongAll(List<Text> texts) {
    return texts.size() <= ASKED_ONE_BY_ONE
        ? findEach(texts)
        : Loop.aside(() -> lookForAll(texts)).await();
  }

  @Override
  public Listed<Arrived> listReplies(Instant since) {
    return Loop.aside(() -> lookForReplies(since)).await();
  }

  @Override
  public Listed<Sent> listSent(Instant since) {
    return Loop.aside(() -> lookForSent(since)).await();
  }

  @Override
  public Fetched fetch(String url, int maxBytes) {
    return media.fetch(url, maxBytes);
  }

  @Override
  public Trace check(String sid) {
    return Loop.aside(() -> fetch(sid)).await();
  }

  private Submission submit(Text text, Instant now) {
    var shot = new OneShot(out, answerWait);
    try {
      return new Submission.Accepted(creator(text, now).create(client(shot, idOnly)).getSid());
    } catch (OneShot.NotSent e) {
      var rest = new Action.StopLane(now.plus(TwilioCodes.TOO_MANY_REST), false);
      return new Submission.Refused("connect", e.getMessage(), rest);
    } catch (ApiException e) {
      return refusal(e, shot.status(), shot.retryAfter(), now);
    } catch (RuntimeException e) { // no answer, or one that cannot be read
      return new Submission.Unknown(e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }

  private MessageCreator creator(Text text, Instant now) {
    var to = new PhoneNumber(text.to().e164());
    var creator =
        MESSAGING_SERVICE.matcher(text.lane()).matches()
            ? Message.creator(to, text.lane(), text.body())
            : Message.creator(to, new PhoneNumber(text.lane()), text.body());
    long seconds = Duration.between(now, text.validUntil()).toSeconds();
    return creator
        .setStatusCallback(URI.create(statusUrl + text.id()))
        .setValidityPeriod(Math.clamp(seconds, 1, VALIDITY_MAX_SECONDS));
  }

  private static Submission refusal(
      ApiException e, int status, Optional<String> retryAfter, Instant now) {
    int code = e.getCode() == null ? status : e.getCode();
    var asked = new TwilioCodes.Asked(Integer.toString(code), hidden(e), retryAfter, now);
    if (status == TOO_MANY_REQUESTS) {
      return TwilioCodes.TOO_MANY_AT_ONCE.posted(asked);
    }
    if (status < 400 || status >= 500 || status == 408) {
      return new Submission.Unknown("status " + status);
    }
    if (code == status && LANE_STATUSES.contains(status)) {
      return TwilioCodes.WRONG_KEY.posted(asked);
    }
    return TwilioCodes.of(code)
        .map(known -> known.posted(asked))
        .orElseGet(() -> new Submission.Refused(asked.name(), asked.why(), new Action.GiveUp()));
  }

  // Its messages quote the number that was texted.
  private static String hidden(RuntimeException e) {
    return String.valueOf(e.getMessage()).replaceAll("[0-9]{5,}", "•••");
  }

  /** Its body carries a code of its own, so the text is known again by phone, time and words. */
  private Trace look(Text text) {
    try {
      var reader = Message.reader().setTo(text.to().e164()).setPageSize((long) LISTED_MAX);
      var page = reader.firstPage(client(new OneShot(questions, FIND_WAIT)));
      return among(page.getRecords(), text).orElseGet(Trace.Absent::new);
    } catch (RuntimeException e) {
      return unclear(e);
    }
  }

  // A text that still waits in their queue has no day on which it was sent: only asked for by its
  // phone is it sure to be listed.
  private List<Trace> lookForAll(List<Text> texts) {
    var oldest = texts.stream().map(Text::createdAt).min(naturalOrder()).orElseThrow();
    try {
      var listed = pages(Message.reader().setDateSentAfter(zoned(oldest.minus(CLOCKS_APART))));
      var byPhone = listed.found().stream().collect(groupingBy(one -> String.valueOf(one.getTo())));
      return texts.stream()
          .map(text -> among(byPhone.getOrDefault(text.to().e164(), List.of()), text))
          .map(found -> found.orElseGet(() -> missing(listed)))
          .toList();
    } catch (RuntimeException e) {
      return Collections.nCopies(texts.size(), unclear(e));
    }
  }

  private static Trace missing(Listed<Message> listed) {
    return listed.whole() ? new Trace.Absent() : new Trace.Unclear("more than can be read");
  }

  private static Optional<Trace> among(List<Message> messages, Text text) {
    var earliest = text.createdAt().minus(CLOCKS_APART);
    return messages.stream()
        .filter(message -> says(message, text.body()))
        .filter(message -> since(message, earliest))
        .findFirst()
        .map(TwilioCarrier::found);
  }

  private Listed<Arrived> lookForReplies(Instant since) {
    var replies = new ArrayList<Arrived>();
    boolean whole = true;
    for (var number : numbers()) {
      var reader = Message.reader().setDateSentAfter(zoned(since));
      var listed = pages(number.isEmpty() ? reader : reader.setTo(number));
      whole &= listed.whole();
      listed.found().stream()
          .filter(message -> message.getDirection() == Message.Direction.INBOUND)
          .forEach(message -> TwilioHooks.listed(message).ifPresent(replies::add));
    }
    return new Listed<>(replies, whole);
  }

  /** The numbers that people may answer to; an empty one stands for all of the account's. */
  private List<String> numbers() {
    var senders = new ArrayList<>(List.of(settings.from(), settings.messagingServiceSid()));
    settings.senders().forEach(sender -> senders.add(sender.name()));
    return senders.stream().anyMatch(sender -> MESSAGING_SERVICE.matcher(sender).matches())
        ? List.of("")
        : senders.stream().filter(sender -> sender.startsWith("+")).distinct().toList();
  }

  private Listed<Sent> lookForSent(Instant since) {
    var listed = pages(Message.reader().setDateSentAfter(zoned(since)));
    var sent = new ArrayList<Sent>();
    for (var message : listed.found()) {
      if (message.getDirection() != Message.Direction.INBOUND && message.getTo() != null) {
        phone(message.getTo()).ifPresent(to -> sent.add(sent(message, to)));
      }
    }
    return new Listed<>(sent, listed.whole());
  }

  private static Sent sent(Message message, Phone to) {
    var made = message.getDateCreated() == null ? message.getDateSent() : message.getDateCreated();
    var at = made == null ? Instant.EPOCH : made.toInstant();
    return new Sent(message.getSid(), to, String.valueOf(message.getBody()), at);
  }

  private Trace fetch(String sid) {
    var shot = new OneShot(questions, FIND_WAIT);
    try {
      return found(Message.fetcher(sid).fetch(client(shot)));
    } catch (ApiException e) {
      return shot.status() == NOT_FOUND ? new Trace.Absent() : unclear(e);
    } catch (RuntimeException e) {
      return unclear(e);
    }
  }

  private Listed<Message> pages(MessageReader reader) {
    var all = new ArrayList<Message>();
    var asking = reader.setPageSize((long) PAGE_MAX);
    try {
      var page = asking.firstPage(client(new OneShot(questions, LIST_WAIT)));
      for (int read = 1; ; read++) {
        all.addAll(page.getRecords());
        if (!page.hasNextPage()) {
          return new Listed<>(all, true);
        }
        if (read == PAGES_MAX) {
          return new Listed<>(all, false);
        }
        page = asking.nextPage(page, client(new OneShot(questions, LIST_WAIT)));
      }
    } catch (ApiException e) { // its words may quote a phone
      throw new IllegalStateException("not listed: " + hidden(e));
    }
  }

  private static ZonedDateTime zoned(Instant at) {
    return at.atZone(ZoneOffset.UTC);
  }

  private static Optional<Phone> phone(String written) {
    try {
      return Optional.of(new Phone(written));
    } catch (IllegalArgumentException e) { // another channel's address
      return Optional.empty();
    }
  }

  private static Trace unclear(RuntimeException e) {
    return new Trace.Unclear(e.getClass().getSimpleName() + " " + hidden(e));
  }

  private static boolean says(Message message, String body) {
    return message.getBody() != null && message.getBody().contains(body);
  }

  private static boolean since(Message message, Instant earliest) {
    var created = message.getDateCreated();
    return created == null || !created.toInstant().isBefore(earliest);
  }

  private static Trace found(Message message) {
    var word = message.getStatus() == null ? "accepted" : message.getStatus().toString();
    return TwilioHooks.state(word, null)
        .<Trace>map(state -> new Trace.Found(message.getSid(), state))
        .orElseGet(() -> new Trace.Unclear("status " + word));
  }

  private TwilioRestClient client(OneShot shot) {
    return client(shot, json);
  }

  private TwilioRestClient client(OneShot shot, ObjectMapper reader) {
    return new TwilioRestClient.Builder(settings.apiKey(), settings.apiSecret().value())
        .accountSid(settings.accountSid())
        .httpClient(shot)
        .objectMapper(reader)
        .build();
  }
}
