package org.fazaa.notifier.carrier.standin;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The messages that were taken, newest first. Written by one loop, read by anybody. */
final class Book {

  /** Beyond it the oldest is forgotten. */
  static final int MESSAGES_MAX = 500_000;

  static final int PAGE_MAX = 1_000;
  private static final int PAGE_USUAL = 50;

  /**
   * @param after the sid that the page before ended with, or empty
   */
  record Query(
      String to,
      String from,
      Optional<LocalDate> on,
      Optional<Instant> notBefore,
      Optional<Instant> notAfter,
      int size,
      int page,
      String after) {

    /** Twilio's own names, in which the comparison is part of the name. */
    static Query of(Map<String, String> query) {
      int size = number(query.get("PageSize"), PAGE_USUAL);
      return new Query(
          query.getOrDefault("To", ""),
          query.getOrDefault("From", ""),
          instant(query.get("DateSent")).map(at -> LocalDate.ofInstant(at, ZoneOffset.UTC)),
          instant(query.get("DateSent>")),
          instant(query.get("DateSent<")),
          Math.clamp(size, 1, PAGE_MAX),
          Math.max(0, number(query.get("Page"), 0)),
          query.getOrDefault("PageToken", "").replaceFirst("^PA", ""));
    }

    private static final int DAY_LENGTH = 10;

    private static int number(String written, int otherwise) {
      try {
        return written == null ? otherwise : Integer.parseInt(written);
      } catch (NumberFormatException e) {
        return otherwise;
      }
    }

    // A day, or a moment, in UTC when it names no zone; what is neither filters nothing, as there.
    private static Optional<Instant> instant(String written) {
      if (written == null) {
        return Optional.empty();
      }
      try {
        if (written.length() <= DAY_LENGTH) {
          return Optional.of(LocalDate.parse(written).atStartOfDay(ZoneOffset.UTC).toInstant());
        }
        var zoned = DateTimeFormatter.ISO_DATE_TIME.withZone(ZoneOffset.UTC);
        return Optional.of(zoned.parse(written, Instant::from));
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }

    boolean fits(Message message) {
      var at = message.sent() == null ? message.created() : message.sent();
      return (to.isEmpty() || to.equals(message.to()))
          && (from.isEmpty() || from.equals(message.from()))
          && on.filter(day -> !day.equals(LocalDate.ofInstant(at, ZoneOffset.UTC))).isEmpty()
          && notBefore.filter(at::isBefore).isEmpty()
          && notAfter.filter(at::isAfter).isEmpty();
    }
  }

  record Page(List<Message> messages, boolean more) {}

  private final ConcurrentSkipListMap<Long, Message> messages = new ConcurrentSkipListMap<>();
  private final Map<String, Long> numbers = new ConcurrentHashMap<>();
  private final Map<String, TreeSet<Long>> byPhone = new HashMap<>();
  private final HexFormat hex = HexFormat.of();
  private final long series;
  private long last;

  Book(long series) {
    this.series = series;
  }

  long next() {
    return ++last;
  }

  /** Never given twice, by this one or by one that was started later. */
  String sid(String prefix, long number) {
    return prefix + hex.toHexDigits(series) + hex.toHexDigits(number);
  }

  void put(Message message) {
    if (messages.put(message.number(), message) != null) {
      return;
    }
    numbers.put(message.sid(), message.number());
    byPhone.computeIfAbsent(message.to(), first -> new TreeSet<>()).add(message.number());
    if (numbers.size() > MESSAGES_MAX) {
      forget(messages.firstEntry().getValue());
    }
  }

  void forget(Message message) {
    messages.remove(message.number());
    numbers.remove(message.sid());
    var phone = byPhone.get(message.to());
    phone.remove(message.number());
    if (phone.isEmpty()) {
      byPhone.remove(message.to());
    }
  }

  Optional<Message> find(String sid) {
    var number = numbers.get(sid);
    return number == null ? Optional.empty() : Optional.ofNullable(messages.get(number));
  }

  List<Message> all() {
    return List.copyOf(messages.values());
  }

  Page list(Query query) {
    var found = new ArrayList<Message>();
    long skip = query.after().isEmpty() ? (long) query.page() * query.size() : 0;
    for (long number : newestFirst(query)) {
      var message = messages.get(number);
      if (message != null && query.fits(message) && skip-- <= 0) {
        if (found.size() == query.size()) {
          return new Page(found, true);
        }
        found.add(message);
      }
    }
    return new Page(found, false);
  }

  private Iterable<Long> newestFirst(Query query) {
    long before = numbers.getOrDefault(query.after(), Long.MAX_VALUE);
    return query.to().isEmpty()
        ? messages.headMap(before).descendingKeySet()
        : byPhone.getOrDefault(query.to(), new TreeSet<>()).headSet(before, false).descendingSet();
  }
}
