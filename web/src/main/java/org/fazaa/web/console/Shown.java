package org.fazaa.web.console;

import static java.util.stream.Collectors.toMap;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Flaw;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Towns;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;

/** What the dispatcher knows, in the reader's language. */
final class Shown {
  private Shown() {}

  static String title(Title title, Frame frame) {
    return frame.pick(title.ar(), title.en());
  }

  static List<String> skills(Collection<Skill> skills, Frame frame) {
    return skills.stream().sorted().map(skill -> frame.pick(skill.ar(), skill.en())).toList();
  }

  static List<String> flaws(List<Flaw> flaws, Frame frame) {
    return flaws.stream()
        .map(flaw -> flaw.field() + ": " + frame.pick(flaw.ar(), flaw.en()))
        .toList();
  }

  static String area(Crisis crisis, Frame frame) {
    var area = crisis.area();
    return frame.say(Word.AREA_AROUND, Towns.name(area.center(), frame), frame.km(area.radiusKm()));
  }

  /** A country by its two letters, in the reader's language; a dash where it is not known. */
  static String country(String letters, Frame frame) {
    if (letters.isEmpty()) return "—";
    var reader = Locale.forLanguageTag(frame.arabic() ? "ar" : "en");
    return Locale.of("", letters).getDisplayCountry(reader);
  }

  static List<Town> towns(String country, Frame frame) {
    return Towns.of(country).stream().map(town -> town(town, frame)).toList();
  }

  static Town town(Towns.Town town, Frame frame) {
    return new Town(
        town.id(), frame.pick(town.ar(), town.en()), town.place().lon(), town.place().lat());
  }

  static List<Choice> skills(Frame frame) {
    return List.of(Skill.values()).stream()
        .map(skill -> new Choice(skill.code(), frame.pick(skill.ar(), skill.en())))
        .toList();
  }

  static Form form(Forms.Form form) {
    var values = form.values();
    return new Form(values.names().stream().distinct().collect(toMap(n -> n, values::getAll)));
  }

  /** Back to where the button was pressed, if the form says so. */
  static Forms.Next back(Forms.Form form, String otherwise, List<Fact> news) {
    var back = form.text("back");
    return new Forms.Next.See(back.isEmpty() ? otherwise : Frames.local(back), news);
  }

  /** What a need's line says: a forecast, or else what the policy said last. */
  static Optional<String> says(Needs.View view, Optional<String> forecast, Frame frame) {
    var need = view.need();
    if (need.state() == Need.State.CLOSED) return Optional.empty();
    if (need.pausedByWatch()) return Optional.of(frame.say(Word.PAUSED_BY_WATCH));
    if (need.isFull()) return Optional.of(frame.say(Word.FULL_SAYS));
    var decision =
        view.help()
            .filter(any -> need.needsHumanAt().isPresent() && frame.now().isBefore(need.fillBy()))
            .or(view::lastDecision)
            .map(said -> title(said, frame));
    return need.needsHumanAt().isPresent() ? decision : forecast.or(() -> decision);
  }
}
