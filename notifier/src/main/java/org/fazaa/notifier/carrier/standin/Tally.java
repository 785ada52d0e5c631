package org.fazaa.notifier.carrier.standin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened, counted. Phones with what each was sent; doubled is what came more than once. */
final class Tally {
  private static final int DOUBLES_SHOWN = 100;

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> phones = new ConcurrentHashMap<>();
  private final Set<Long> callbacks = new HashSet<>();
  private final Set<Long> words = new HashSet<>();
  private final Set<String> doubles = ConcurrentHashMap.newKeySet();

  void count(String what) {
    add(what, 1);
  }

  void add(String what, long many) {
    counts.computeIfAbsent(what, first -> new LongAdder()).add(many);
  }

  long of(String what) {
    var count = counts.get(what);
    return count == null ? 0 : count.sum();
  }

  void accepted(Message message) {
    count("accepted");
    count("way " + (message.to().startsWith("whatsapp:") ? "whatsapp" : "sms"));
    add("segments", message.segments());
    phones.computeIfAbsent(message.to(), first -> new LongAdder()).increment();
    boolean callbackAgain = again(message.callback());
    boolean wordsAgain = again(words, Dice.hash(message.to() + ' ' + message.body()));
    if (callbackAgain) {
      count("doubled by callback");
    }
    if (wordsAgain) {
      count("doubled by words");
    }
    if ((callbackAgain || wordsAgain) && doubles.size() < DOUBLES_SHOWN) {
      doubles.add(message.to() + " " + message.callback());
    }
  }

  void accepted(Call call) {
    count("accepted");
    count("way voice");
    phones.computeIfAbsent(call.to(), first -> new LongAdder()).increment();
    if (again(call.callback())) {
      count("doubled by callback");
      doubles.add(call.to() + " " + call.callback());
    }
  }

  private boolean again(String callback) {
    return callback != null && again(callbacks, Dice.hash(callback));
  }

  private static boolean again(Set<Long> seen, long one) {
    if (seen.size() > 2 * Book.MESSAGES_MAX) {
      seen.clear();
    }
    return !seen.add(one);
  }

  JsonObject json(int segmentCost, boolean withPhones) {
    var perPhone = new TreeMap<Long, Integer>();
    phones.values().forEach(many -> perPhone.merge(many.sum(), 1, Integer::sum));
    var texts = new JsonObject();
    perPhone.forEach((many, phonesOf) -> texts.put(Long.toString(many), phonesOf));
    var json =
        new JsonObject()
            .put("posts", of("posts"))
            .put("accepted", of("accepted"))
            .put("ways", with("way "))
            .put("lists", of("lists"))
            .put("refused", with("refused "))
            .put("faults", with("fault "))
            .put(
                "doubled",
                new JsonObject()
                    .put("by_callback", of("doubled by callback"))
                    .put("by_words", of("doubled by words"))
                    .put("shown", new JsonArray(doubles.stream().sorted().toList())))
            .put("phones", phones.size())
            .put("phones_by_texts", texts)
            .put("statuses", with("status "))
            .put("callbacks", with("callbacks "))
            .put("replies", with("replies "))
            .put("pressed", with("pressed "))
            .put("calls", with("call "))
            .put("opted_out", of("opted out"))
            .put("segments", of("segments"))
            .put("cost_minor", of("segments") * segmentCost);
    if (withPhones) {
      var each = new JsonObject();
      new TreeMap<>(phones).forEach((phone, many) -> each.put(phone, many.sum()));
      json.put("texts_by_phone", each);
    }
    return json;
  }

  private JsonObject with(String prefix) {
    var json = new JsonObject();
    new TreeMap<>(counts)
        .forEach(
            (what, many) -> {
              if (what.startsWith(prefix)) json.put(what.substring(prefix.length()), many.sum());
            });
    return json;
  }
}
