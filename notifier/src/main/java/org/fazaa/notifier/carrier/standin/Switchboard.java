package org.fazaa.notifier.carrier.standin;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.fazaa.notifier.carrier.standin.Exchange.Outcome;
import org.fazaa.notifier.carrier.standin.Faults.Fault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Calls: they ring, are answered or not, ask the program what to say, and press what the person
 * wants. It lives on the event loop of its {@link Exchange}.
 */
final class Switchboard {
  private static final int CALLS_MAX = 100_000;
  private static final int PHONES_MAX = 100_000;

  /** Whoever presses more in one call plays with it. */
  private static final int KEYS_MAX = 10;

  private static final Pattern PHONE = Pattern.compile("\\+[1-9][0-9]{6,14}");
  private static final String REPEAT = "9";
  private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);

  private final Vertx vertx;
  private final StandInOptions options;
  private final Book book;
  private final Tally tally;
  private final Webhooks webhooks;
  private final Dice dice;
  private final Map<Long, Call> calls = new ConcurrentSkipListMap<>();
  private final Map<String, String> wanted = new HashMap<>();

  Switchboard(
      Vertx vertx, StandInOptions options, Book book, Tally tally, Webhooks webhooks, Dice dice) {
    this.vertx = vertx;
    this.options = options;
    this.book = book;
    this.tally = tally;
    this.webhooks = webhooks;
    this.dice = dice;
  }

  List<Call> all() {
    return List.copyOf(calls.values());
  }

  /** In the calls that come, these keys, one after the other. */
  void willPress(String phone, String keys) {
    if (wanted.size() < PHONES_MAX) {
      wanted.merge(phone, keys, String::concat);
    }
  }

  Outcome take(Map<String, String> form, Faults faults) {
    var to = form.getOrDefault("To", "").strip();
    var from = form.getOrDefault("From", "").strip();
    var url = form.getOrDefault("Url", "");
    var refusal = refusal(to, from, url);
    if (refusal.isPresent()) {
      tally.count("refused " + refusal.get().code());
      return new Outcome.Refused(refusal.get());
    }
    long number = book.next();
    var events = Set.of(form.getOrDefault("StatusCallbackEvent", "").split(" "));
    var call =
        new Call(
            book.sid("CA", number),
            options.account,
            to,
            from,
            url,
            form.get("StatusCallback"),
            events,
            Call.QUEUED,
            options.clock.instant());
    calls.put(number, call);
    if (calls.size() > CALLS_MAX) {
      calls.remove(calls.keySet().iterator().next());
    }
    tally.accepted(call);
    options.delivery.ifPresent(pace -> ring(number, pace, faults));
    return new Outcome.Called(call);
  }

  private static Optional<Refusal> refusal(String to, String from, String url) {
    if (!PHONE.matcher(to).matches()) {
      return Optional.of(new Refusal(400, 21211, "Invalid 'To' Phone Number"));
    }
    if (!PHONE.matcher(from).matches()) {
      return Optional.of(new Refusal(400, 21210, "The source phone number is not verified"));
    }
    return MessageForm.isWebAddress(url)
        ? Optional.empty()
        : Optional.of(new Refusal(400, 21205, "Url is not a valid URL"));
  }

  private void ring(long number, Duration pace, Faults faults) {
    var random = dice.roll("call", calls.get(number).to(), number);
    boolean unanswered = faults.strikes(Fault.NO_ANSWER, random);
    boolean busy = faults.strikes(Fault.BUSY, random);
    later(pace, () -> move(number, Call.RINGING));
    later(
        pace.multipliedBy(2),
        () -> {
          if (busy) {
            move(number, Call.BUSY);
          } else if (unanswered) {
            move(number, Call.NO_ANSWER);
          } else {
            move(number, Call.IN_PROGRESS);
            say(number, calls.get(number).url(), Map.of(), 0);
          }
        });
  }

  private void move(long number, String status) {
    var call = calls.computeIfPresent(number, (same, before) -> before.moved(status));
    if (call == null) {
      return;
    }
    tally.count("call " + status);
    if (call.tells()) {
      webhooks
          .post(call.callback(), fields(call, Map.of()))
          .onSuccess(told -> tally.count("callbacks sent"))
          .onFailure(trouble -> failed("callbacks", trouble));
    }
  }

  // What the program answers is said; then the next key is pressed, or the call ends.
  private void say(long number, String url, Map<String, String> besides, int pressed) {
    var call = calls.get(number);
    if (call == null) {
      return;
    }
    webhooks
        .ask(url, fields(call, besides))
        .onSuccess(
            twiml -> {
              var action = action(twiml);
              var key = action.flatMap(there -> key(call, twiml, pressed));
              if (key.isEmpty()) {
                move(number, Call.COMPLETED);
                return;
              }
              tally.count("pressed " + key.get());
              var next = URI.create(url).resolve(action.get()).toString();
              say(number, next, Map.of("Digits", key.get()), pressed + 1);
            })
        .onFailure(
            trouble -> {
              failed("calls", trouble);
              move(number, Call.COMPLETED);
            });
  }

  /** Where a key is to be posted; empty when the call waits for none. */
  private static Optional<String> action(String twiml) {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(twiml)));
      return document.getElementsByTagName("Gather").item(0) instanceof Element gather
          ? Optional.of(gather.getAttribute("action"))
          : Optional.empty();
    } catch (ParserConfigurationException | SAXException | IOException e) {
      LOG.warn("what a call should say cannot be read", e);
      return Optional.empty();
    }
  }

  private Optional<String> key(Call call, String twiml, int pressed) {
    var keys = wanted.getOrDefault(call.to(), "");
    if (!keys.isEmpty()) {
      wanted.put(call.to(), keys.substring(1));
      return Optional.of(keys.substring(0, 1));
    }
    if (pressed >= KEYS_MAX) {
      return Optional.empty();
    }
    var random = dice.roll("key", call.to(), pressed);
    return options
        .answers
        .to(twiml, options.speed, random)
        .flatMap(
            said ->
                switch (said.mood()) {
                  case YES -> Optional.of("1");
                  case NO -> Optional.of("2");
                  case ODD -> Optional.of(REPEAT);
                  case STOP, SILENT -> Optional.empty();
                });
  }

  private SortedMap<String, String> fields(Call call, Map<String, String> besides) {
    var fields = new TreeMap<>(besides);
    fields.put("AccountSid", options.account);
    fields.put("ApiVersion", "2010-04-01");
    fields.put("CallSid", call.sid());
    fields.put("CallStatus", call.status());
    fields.put("Direction", "outbound-api");
    fields.put("From", call.from());
    fields.put("To", call.to());
    return fields;
  }

  private void failed(String what, Throwable trouble) {
    tally.count(what + (trouble instanceof Webhooks.Withheld ? " withheld" : " failed"));
    LOG.warn("{}: {}", what, trouble.toString());
  }

  private void later(Duration wait, Runnable work) {
    vertx.setTimer(Math.max(1, wait.toMillis()), timer -> work.run());
  }
}
