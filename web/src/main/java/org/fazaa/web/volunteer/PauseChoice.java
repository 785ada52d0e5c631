package org.fazaa.web.volunteer;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.fazaa.web.Choice;
import org.fazaa.web.Frame;
import org.fazaa.web.Words;

/** For how long a volunteer can pause by a press of their own. */
enum PauseChoice {
  OVER(0, "لا توقف", "No pause"),
  DAY(1, "يوم", "A day"),
  WEEK(7, "أسبوع", "A week"),
  FORTNIGHT(14, "أسبوعان", "Two weeks"),
  MONTH(30, "ثلاثون يومًا", "Thirty days"),
  SEASON(90, "ثلاثة أشهر", "Three months");

  static final Words WHICH = new Words("اختر مدة من القائمة.", "Choose one of the listed times.");

  private final int days;
  private final String ar;
  private final String en;

  PauseChoice(int days, String ar, String en) {
    this.days = days;
    this.ar = ar;
    this.en = en;
  }

  static Optional<PauseChoice> read(String written) {
    return Stream.of(values()).filter(one -> String.valueOf(one.days).equals(written)).findFirst();
  }

  /** Empty when they can be asked at once. */
  Optional<Instant> until(Instant now) {
    return this == OVER ? Optional.empty() : Optional.of(now.plus(Duration.ofDays(days)));
  }

  static MePage.Pause shown(Optional<Instant> until, Frame frame) {
    var choices =
        Stream.of(values())
            .filter(one -> one != OVER)
            .map(one -> new Choice(String.valueOf(one.days), frame.pick(one.ar, one.en)))
            .toList();
    return new MePage.Pause(until.filter(frame.now()::isBefore).map(frame::date), choices);
  }
}
