package org.fazaa.notifier.carrier.twilio;

import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.groupingBy;
import static org.fazaa.notifier.carrier.twilio.TwilioHooks.WHATSAPP;

import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.twilio.exception.ApiException;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Call;
import com.twilio.rest.api.v2010.account.CallCreator;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.rest.api.v2010.account.MessageReader;
import com.twilio.type.PhoneNumber;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.fazaa.config.Loop;
import org.fazaa.config.Settings;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Text;
import org.fazaa.notifier.Texts;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.Submission;
import org.fazaa.notifier.carrier.Submission.Action;
import org.fazaa.notifier.carrier.Trace;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.TakePress;

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

  /** So long a phone rings, and so long a call may take. */
  private static final int RING_SECONDS = 30;

  private static final int CALL_SECONDS_MAX = 120;
  private static final List<String> CALL_EVENTS = List.of("ringing", "answered", "completed");

  /** True of every text alike, although no code of theirs says so. */
  private static final Set<Integer> LANE_STATUSES = Set.of(401, 403, 404);

  private final Duration answerWait;
  private final Settings.Twilio settings;
  private final String statusUrl;
  private final String voiceUrl;
  private final TakePress presses;
  private final WayOut out;
  private final WayOut questions;
  private final TwilioMedia media;
  private final List<Sender> senders;
  private final Semaphore connections;
  private final ObjectMapper json = new ObjectMapper();

  /** Of the answer to a POST only the id is kept; reading all of it takes three times as long. */
  private final ObjectMapper idOnly =
      new ObjectMapper().addMixIn(Message.class, Id.class).addMixIn(Call.class, Id.class);

  @JsonIncludeProperties("sid")
  private interface Id {}

  /**
   * @param publicUrl where Twilio reaches this program
   * @param links signs the buttons of messages, and calls
   * @throws Settings.Invalid when there is a template of a text that we do not have
   */
  public TwilioCarrier(
      Vertx vertx, Settings.Twilio settings, Settings.Cost cost, URI publicUrl, AnswerLink links) {
    this(vertx, settings, cost, publicUrl, links, ANSWER_WAIT);
  }

  TwilioCarrier(
      Vertx vertx,
      Settings.Twilio settings,
      Settings.Cost cost,
      URI publicUrl,
      AnswerLink links,
      Duration answerWait) {
    checkTemplates(settings);
    this.presses = new TakePress(links);
    this.answerWait = answerWait;
    this.settings = settings;
    var base = publicUrl.toString().replaceAll("/+$", "");
    this.statusUrl = base + "/twilio/statuses?m=";
    this.voiceUrl = base + "/twilio/voice/";
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

  @Override
  public Map<Way, Sender> otherWays() {
    var ways = new EnumMap<Way, Sender>(Way.class);
    settings.whatsapp().ifPresent(line -> ways.put(Way.WHATSAPP, sender(line, Way.WHATSAPP)));
    settings.voice().ifPresent(line -> ways.put(Way.VOICE, sender(line, Way.VOICE)));
    return ways;
  }

  // Named by its way as well: one number may do everything.
  private static Sender sender(Settings.Twilio.Line line, Way way) {
    return new Sender(
        way.tag() + ":" + line.number(), Map.of(ANY_COUNTRY, line.cost()), line.rate());
  }

  private static void checkTemplates(Settings.Twilio settings) {
    var strange = settings.templates().keySet().stream().filter(one -> !Texts.exists(one)).toList();
    if (!strange.isEmpty()) {
      var names = String.join(", ", strange);
      throw new Settings.Invalid(
          List.of(
              "TWILIO_WHATSAPP_TEMPLATES names texts that do not exist: "
                  + names
                  + " · TWILIO_WHATSAPP_TEMPLATES يذكر نصوصًا غير موجودة: "
                  + names));
    }
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
      return switch (text.way()) {
        case SMS -> posted(sms(text, now), shot);
        case WHATSAPP ->
            whatsapp(text, now).map(creator -> posted(creator, shot)).orElseGet(this::notSayable);
        case VOICE ->
            isSpeakable(text)
                ? new Submission.Accepted(call(text).create(client(shot, idOnly)).getSid())
                : notSayable();
      };
    } catch (OneShot.NotSent e) {
      var rest = new Action.StopLane(now.plus(TwilioCodes.TOO_MANY_REST), false);
      return new Submission.Refused("connect", e.getMessage(), rest);
    } catch (ApiException e) {
      return refusal(e, shot.status(), shot.retryAfter(), now);
    } catch (RuntimeException e) { // no answer, or one that cannot be read
      return new Submission.Unknown(e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }

  private Submission posted(MessageCreator creator, OneShot shot) {
    return new Submission.Accepted(creator.create(client(shot, idOnly)).getSid());
  }

  // There are no words for it by this way, or nobody to send them.
  private Submission notSayable() {
    return new Submission.Refused("way", "has no words for this", new Action.OtherWay(false));
  }

  private MessageCreator sms(Text text, Instant now) {
    var to = new PhoneNumber(text.to().e164());
    return described(
        MESSAGING_SERVICE.matcher(text.lane()).matches()
            ? Message.creator(to, text.lane(), text.body())
            : Message.creator(to, new PhoneNumber(text.lane()), text.body()),
        text,
        now);
  }

  // By template where there is one, for its buttons; free words only to whoever wrote lately.
  private Optional<MessageCreator> whatsapp(Text text, Instant now) {
    var template = template(text);
    if (settings.whatsapp().isEmpty() || (template.isEmpty() && !text.conversing())) {
      return Optional.empty();
    }
    var to = new PhoneNumber(WHATSAPP + text.to().e164());
    var from = new PhoneNumber(WHATSAPP + settings.whatsapp().get().number());
    var creator = Message.creator(to, from, template.isEmpty() ? text.body() : null);
    template.ifPresent(
        sid ->
            creator
                .setContentSid(sid)
                .setContentVariables(new JsonObject(variables(text)).encode()));
    return Optional.of(described(creator, text, now));
  }

  private Optional<String> template(Text text) {
    return text.wording() == null
        ? Optional.empty()
        : Optional.ofNullable(
            settings.templates().get(text.wording().text() + "/" + text.language().tag()));
  }

  /**
   * The values of a template, numbered: those of the text in the order of their names, then, where
   * it may be answered, the payloads of the buttons for yes and for no.
   */
  Map<String, Object> variables(Text text) {
    var values = new ArrayList<>(new TreeMap<>(text.wording().values()).values());
    if (text.answerable()) {
      values.add(presses.payload(text, TakePress.Press.YES));
      values.add(presses.payload(text, TakePress.Press.NO));
    }
    var numbered = new LinkedHashMap<String, Object>();
    values.forEach(value -> numbered.put(Integer.toString(numbered.size() + 1), value));
    return numbered;
  }

  private boolean isSpeakable(Text text) {
    return settings.voice().isPresent() && text.answerable() && TwilioVoice.words(text).isPresent();
  }

  private CallCreator call(Text text) {
    var to = new PhoneNumber(text.to().e164());
    var from = new PhoneNumber(settings.voice().orElseThrow().number());
    return Call.creator(to, from, URI.create(voiceUrl + presses.call(text)))
        .setTimeout(RING_SECONDS)
        .setTimeLimit(CALL_SECONDS_MAX)
        .setStatusCallback(URI.create(statusUrl + text.id()))
        .setStatusCallbackEvent(CALL_EVENTS);
  }

  private MessageCreator described(MessageCreator creator, Text text, Instant now) {
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
      if (text.way() == Way.VOICE) {
        return lookForCall(text);
      }
      var reader = Message.reader().setTo(address(text)).setPageSize((long) LISTED_MAX);
      var page = reader.firstPage(client(new OneShot(questions, FIND_WAIT)));
      return among(page.getRecords(), text).orElseGet(Trace.Absent::new);
    } catch (RuntimeException e) {
      return unclear(e);
    }
  }

  // A call does not say what it asked: any to this phone since then is taken for it, so that
  // nobody is called twice for one thing.
  private Trace lookForCall(Text text) {
    var earliest = text.createdAt().minus(CLOCKS_APART);
    var reader = Call.reader().setTo(text.to().e164()).setPageSize((long) LISTED_MAX);
    settings.voice().ifPresent(line -> reader.setFrom(line.number()));
    var page = reader.firstPage(client(new OneShot(questions, FIND_WAIT)));
    return page.getRecords().stream()
        .filter(
            call ->
                call.getDateCreated() == null
                    || !call.getDateCreated().toInstant().isBefore(earliest))
        .findFirst()
        .map(call -> found(call.getSid(), call.getStatus()))
        .orElseGet(Trace.Absent::new);
  }

  private static String address(Text text) {
    return (text.way() == Way.WHATSAPP ? WHATSAPP : "") + text.to().e164();
  }

  // A text that still waits in their queue has no day on which it was sent: only asked for by its
  // phone is it sure to be listed.
  private List<Trace> lookForAll(List<Text> texts) {
    var oldest = texts.stream().map(Text::createdAt).min(naturalOrder()).orElseThrow();
    try {
      var listed = pages(Message.reader().setDateSentAfter(zoned(oldest.minus(CLOCKS_APART))));
      var byPhone = listed.found().stream().collect(groupingBy(one -> String.valueOf(one.getTo())));
      return texts.stream()
          .map(
              text ->
                  text.way() == Way.VOICE
                      ? look(text)
                      : among(byPhone.getOrDefault(address(text), List.of()), text)
                          .orElseGet(() -> missing(listed)))
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
        .filter(message -> says(message, text))
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
    settings.whatsapp().ifPresent(line -> senders.add(WHATSAPP + line.number()));
    return senders.stream().anyMatch(sender -> MESSAGING_SERVICE.matcher(sender).matches())
        ? List.of("")
        : senders.stream().filter(sender -> sender.contains("+")).distinct().toList();
  }

  private Listed<Sent> lookForSent(Instant since) {
    var listed = pages(Message.reader().setDateSentAfter(zoned(since)));
    var sent = new ArrayList<Sent>();
    for (var message : listed.found()) {
      if (message.getDirection() != Message.Direction.INBOUND && message.getTo() != null) {
        TwilioHooks.phone(message.getTo()).ifPresent(to -> sent.add(sent(message, to)));
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
      if (sid.startsWith("CA")) {
        var call = Call.fetcher(sid).fetch(client(shot));
        return found(call.getSid(), call.getStatus());
      }
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

  private static Trace unclear(RuntimeException e) {
    return new Trace.Unclear(e.getClass().getSimpleName() + " " + hidden(e));
  }

  // A template says it in words of its own, and with the same code.
  private static boolean says(Message message, Text text) {
    var said = message.getBody();
    return said != null
        && (said.contains(text.body())
            || (text.way() == Way.WHATSAPP && text.code() != null && said.contains(text.code())));
  }

  private static boolean since(Message message, Instant earliest) {
    var created = message.getDateCreated();
    return created == null || !created.toInstant().isBefore(earliest);
  }

  private static Trace found(Message message) {
    return found(message.getSid(), message.getStatus());
  }

  private static Trace found(String sid, Object status) {
    var word = status == null ? "accepted" : status.toString();
    return TwilioHooks.state(word, null)
        .<Trace>map(state -> new Trace.Found(sid, state))
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
