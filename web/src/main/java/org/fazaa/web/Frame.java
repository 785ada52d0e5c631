package org.fazaa.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.chrono.HijrahDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What every page is told besides its own content: the language, who is looking, the tokens its
 * forms carry, and the moment it was drawn.
 */
public record Frame(
    Wording words,
    Assets assets,
    String path,
    Optional<Viewer> viewer,
    String csrf,
    Supplier<String> onceOnly,
    ZoneId zone,
    Instant now,
    int inbox,
    Optional<String> notice,
    boolean simulated) {

  /** The person looking at the page. */
  public record Viewer(String name, Set<String> roles) {}

  /** The same frame in another language. */
  public Frame in(Wording other) {
    return new Frame(
        other, assets, path, viewer, csrf, onceOnly, zone, now, inbox, notice, simulated);
  }

  public boolean arabic() {
    return words == Wording.AR;
  }

  public String pick(String ar, String en) {
    return arabic() ? ar : en;
  }

  public String say(Word word, Object... values) {
    return words.of(word, values);
  }

  public String count(Word word, long n, Object... values) {
    return words.count(word, n, values);
  }

  /** A fresh token for one form, so that a double tap is one command. */
  public String once() {
    return onceOnly.get();
  }

  public String asset(String name) {
    return assets.path(name);
  }

  public boolean plays(String... roles) {
    return viewer.isPresent() && Set.of(roles).stream().anyMatch(viewer.get().roles()::contains);
  }

  public boolean at(String section) {
    return section.equals("/") ? path.equals("/") : path.startsWith(section);
  }

  public String time(Instant at) {
    return format("HH:mm", at);
  }

  public String day(Instant at) {
    return format("EEE d MMM", at);
  }

  public String date(Instant at) {
    return format("d MMMM yyyy", at);
  }

  /** The time alone when it is today, else with its day. */
  public String when(Instant at) {
    var today = at.atZone(zone).toLocalDate().equals(now.atZone(zone).toLocalDate());
    return today ? time(at) : day(at) + " " + time(at);
  }

  public String hijri(Instant at) {
    return DateTimeFormatter.ofPattern("d MMMM yyyy", words.locale())
        .format(HijrahDate.from(at.atZone(zone)));
  }

  /** For a datetime-local field, in the zone of the page. */
  public String local(Instant at) {
    return format("yyyy-MM-dd'T'HH:mm", at);
  }

  public String ago(Instant at) {
    var age = Duration.between(at, now);
    if (age.toSeconds() < 5) return say(Word.JUST_NOW);
    return say(Word.AGO, span(age));
  }

  public String until(Instant at) {
    var left = Duration.between(now, at);
    return left.isNegative()
        ? say(Word.OVERDUE_BY, span(left.negated()))
        : say(Word.IN, span(left));
  }

  public String span(Duration length) {
    if (length.toMinutes() < 1) return say(Word.SPAN_SECONDS, length.toSeconds());
    if (length.toHours() < 1) return say(Word.SPAN_MINUTES, length.toMinutes());
    if (length.toDays() < 1 && length.toMinutesPart() == 0) {
      return say(Word.SPAN_HOURS, length.toHours());
    }
    if (length.toDays() < 1) {
      return say(Word.SPAN_HOURS_MINUTES, length.toHours(), length.toMinutesPart());
    }
    return say(Word.SPAN_DAYS, length.toDays());
  }

  public String number(long n) {
    return grouped(n);
  }

  public String km(double distance) {
    return say(
        Word.KM,
        distance < 10
            ? String.format(Locale.ROOT, "%.1f", distance)
            : grouped(Math.round(distance)));
  }

  public String percent(double share) {
    return Math.round(share * 100) + "%";
  }

  static String grouped(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private String format(String pattern, Instant at) {
    return DateTimeFormatter.ofPattern(pattern, words.locale()).format(at.atZone(zone));
  }
}
