package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Texts;

/** The texts that volunteers get, other than the offer itself. */
enum Notice {
  ASSIGNED(Occasion.ANSWER, "assigned", "title", "when", "place", "code"),
  ALREADY_YOURS(Occasion.ANSWER, "already-yours", "title", "when", "code"),
  STANDBY(Occasion.ANSWER, "standby", "title", "when", "code"),
  FULL(Occasion.ANSWER, "full", "title"),
  CLOSED(Occasion.ANSWER, "closed", "title"),
  OVERLAPS(Occasion.ANSWER, "overlaps", "title", "other", "other_code"),
  DECLINED(Occasion.ANSWER, "declined"),
  DROPPED(Occasion.ANSWER, "dropped", "title"),
  PROMOTED(Occasion.NEWS, "promoted", "title", "when", "place", "code"),
  STOOD_DOWN(Occasion.NEWS, "stood-down", "title"),
  CANCELLED(Occasion.NEWS, "cancelled", "title"),
  MOVED(Occasion.NEWS, "moved", "title", "when", "place", "code"),
  RELEASED(Occasion.NEWS, "released", "title"),
  EXPECTED(Occasion.NEWS, "expected", "title", "when", "place", "code"),
  WHICH(Occasion.ANSWER, "which", "choices"),
  AFTER_NO(Occasion.ANSWER, "after-no", "title", "code"),
  ASK_TIME(Occasion.ANSWER, "ask-time", "title", "code"),
  NOTED_TIME(Occasion.ANSWER, "noted-time", "title", "time"),
  LAST_RESORT(Occasion.ANSWER, "last-resort", "title"),
  ON_MY_WAY(Occasion.ANSWER, "on-my-way", "title", "code"),
  ON_MY_WAY_AT(Occasion.ANSWER, "on-my-way-at", "title", "time", "code"),
  ARRIVED(Occasion.ANSWER, "arrived", "title", "code"),
  LEFT(Occasion.ANSWER, "left", "title"),
  HELP(Occasion.ANSWER, "help", "emergency"),
  DANGER(Occasion.ANSWER, "danger", "emergency"),
  DANGER_WHERE(Occasion.ANSWER, "danger-where", "emergency"),
  WRONG_NUMBER(Occasion.ANSWER, "wrong-number"),
  WHO(Occasion.ANSWER, "who"),
  WHERE(Occasion.ANSWER, "where", "title", "when", "place", "code"),
  WHERE_AREA(Occasion.ANSWER, "where-area", "title", "area", "code"),
  GROUP(Occasion.ANSWER, "group", "title", "code"),
  GROUP_NOTED(Occasion.ANSWER, "group-noted", "title", "party");

  private static final int LIFE = 90;
  private static final Duration WORTH_READING = Duration.ofHours(2);
  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  private final Occasion occasion;
  private final String text;
  private final List<String> takes;

  Notice(Occasion occasion, String text, String... takes) {
    this.occasion = occasion;
    this.text = text;
    this.takes = List.of(takes);
  }

  Draft to(Offer offer, Need need, Instant now) {
    return to(offer, need, Map.of(), now);
  }

  Draft to(Offer offer, Need need, Map<String, String> more, Instant now) {
    var values = new HashMap<String, String>();
    values.put("title", need.title().in(offer.language()));
    values.put("when", when(need, offer.language(), now));
    values.put("place", place(need));
    values.put("code", offer.code());
    values.put("emergency", CountryRules.emergency(offer.phone()));
    offer.journey().eta().ifPresent(eta -> values.put("time", hour(eta, need)));
    offer.journey().party().ifPresent(party -> values.put("party", party.toString()));
    values.putAll(more);
    values.keySet().retainAll(takes);
    return new Draft(
        offer.phone(),
        offer.language(),
        need.messageClass(),
        Channel.PURPOSE,
        offer.id().about(),
        offer.code(),
        Texts.render(text, offer.language(), values),
        false,
        occasion,
        Channel.budget(need.crisis()),
        need.priority() == Priority.LIFE || isAboutDanger() ? LIFE + 1 : Outbox.ANSWERS_FIRST,
        now.plus(WORTH_READING));
  }

  private boolean isAboutDanger() {
    return this == DANGER || this == DANGER_WHERE;
  }

  private static String hour(Instant at, Need need) {
    return HOUR.format(at.atZone(need.zone()));
  }

  /** The higher, the sooner an offer leaves: lives first, then answers, then the other offers. */
  static int priority(Priority priority) {
    return switch (priority) {
      case LIFE -> LIFE;
      case URGENT -> 60;
      case PLANNED -> 30;
    };
  }

  /** In words, by the clocks of the crisis: a dash between numbers turns around in Arabic. */
  static String when(Need need, Language language, Instant now) {
    var zone = need.zone();
    var start = need.startsAt().atZone(zone);
    var end = need.endsAt().atZone(zone);
    var from = day(start.toLocalDate(), zone, language, now) + " ";
    var to = day(end.toLocalDate(), zone, language, now) + " ";
    var sameDay = start.toLocalDate().equals(end.toLocalDate());
    var until = (sameDay ? "" : to) + HOUR.format(end);
    return switch (language) {
      case AR -> from + "من " + HOUR.format(start) + " إلى " + until;
      case EN -> from + HOUR.format(start) + " to " + until;
      case UR -> from + HOUR.format(start) + " تا " + until;
    };
  }

  private static String day(LocalDate day, ZoneId zone, Language language, Instant now) {
    var today = LocalDate.ofInstant(now, zone);
    if (day.equals(today)) {
      return switch (language) {
        case AR -> "اليوم";
        case EN -> "today";
        case UR -> "آج";
      };
    }
    if (day.equals(today.plusDays(1))) {
      return switch (language) {
        case AR -> "غدًا";
        case EN -> "tomorrow";
        case UR -> "کل";
      };
    }
    return day.getDayOfMonth() + "/" + day.getMonthValue();
  }

  /** Only for those who come. */
  private static String place(Need need) {
    return String.format(Locale.ROOT, "%.5f,%.5f", need.place().lat(), need.place().lon());
  }
}
