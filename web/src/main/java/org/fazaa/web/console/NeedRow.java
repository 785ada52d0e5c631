package org.fazaa.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.web.Frame;
import org.fazaa.web.Towns;

/**
 * A need as a board shows it.
 *
 * @param says the forecast, or what would help, in the reader's language
 * @param human whether the policy cannot fill it without a person
 */
record NeedRow(
    long id,
    String title,
    String place,
    List<String> skills,
    Instant startsAt,
    Instant endsAt,
    String priority,
    String state,
    int people,
    int filled,
    int standby,
    int offersOpen,
    int texts,
    Optional<String> says,
    boolean human) {

  static NeedRow of(Needs.View view, Optional<String> forecast, Frame frame) {
    var need = view.need();
    return new NeedRow(
        need.id().value(),
        Shown.title(need.title(), frame),
        Towns.name(need.place(), frame),
        Shown.skills(need.skills(), frame),
        need.startsAt(),
        need.endsAt(),
        need.priority().word(),
        need.state().word(),
        need.people(),
        need.filled(),
        need.standby(),
        view.offersOpen(),
        view.texts(),
        Shown.says(view, forecast, frame),
        need.needsHumanAt().isPresent());
  }

  /** A full need shows as filled while it waits for its hour. */
  String shownState() {
    return filled >= people && !state.equals("closed") ? "filled" : state;
  }

  boolean mayCall() {
    return filled < people && (state.equals("open") || state.equals("paused"));
  }
}
