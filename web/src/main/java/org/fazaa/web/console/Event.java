package org.fazaa.web.console;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.web.Frame;
import org.fazaa.web.Word;

/** A line of a timeline; its tone is yes, no, alarm or plain. */
record Event(Instant at, String what, String tone) {

  /** What happened in a crisis, with the need that it happened to. */
  static Event of(Needs.CrisisEvent event, Frame frame) {
    var what = event.event().what();
    var said = event.event().says().map(says -> Shown.title(says, frame));
    var who = event.event().who().orElse("");
    var sentence = said.orElseGet(() -> frame.say(word(what), who));
    var title = Shown.title(event.title(), frame);
    return new Event(event.event().at(), sentence + " — " + title, tone(what));
  }

  private static Word word(String what) {
    var name = "EVENT_" + what.toUpperCase(Locale.ROOT).replace(' ', '_');
    return Arrays.stream(Word.values())
        .filter(word -> word.name().equals(name))
        .findFirst()
        .orElse(Word.EVENT_OTHER);
  }

  private static String tone(String what) {
    return switch (what) {
      case "assigned", "promoted", "standby" -> "yes";
      case "withdrawn", "paused", "paused by watch" -> "alarm";
      case "declined", "expired", "stood_down", "too_late", "released", "called off" -> "no";
      default -> "plain";
    };
  }
}
