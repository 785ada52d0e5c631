package org.fazaa.dispatcher.callout;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.VolunteerId;

/**
 * What a person could do for a need that the rounds cannot fill, and what each would give: the
 * chance to fill by its deadline, before and after, best first.
 *
 * @param chance as things are
 */
public record Help(NeedId need, double chance, List<Step> steps) {
  /** What brings fewer points than this is not worth anybody's time. */
  private static final double WORTHWHILE = 0.03;

  private static final int MOST = 5;

  /** One thing to do. */
  public sealed interface Remedy {

    /** Ask people from farther away. */
    record Wider(double km) implements Remedy {}

    /** Do without this skill. */
    record WithoutSkill(Skill skill) implements Remedy {}

    /** Take people who speak any language. */
    record AnyLanguage() implements Remedy {}

    /** Approve more texts, or more money for them. */
    record MoreTexts() implements Remedy {}

    /** Phone those who were asked and are silent. */
    record Phone(int silent) implements Remedy {}

    /** Ask those by name who wait in reserve for other needs. */
    record FromStandby(List<VolunteerId> people) implements Remedy {}

    /** Make do with fewer people. */
    record FewerPeople(int people) implements Remedy {}

    /** Begin and end later. */
    record Later(Instant startsAt, Instant endsAt) implements Remedy {}

    /** Whether it takes a new approval, which may as well allow more texts. */
    default boolean asksAnew() {
      return switch (this) {
        case Wider wider -> true;
        case WithoutSkill skill -> true;
        case AnyLanguage any -> true;
        case Later later -> true;
        case MoreTexts more -> false;
        case Phone phone -> false;
        case FromStandby standby -> false;
        case FewerPeople fewer -> false;
      };
    }

    default String word() {
      return switch (this) {
        case Wider wider -> "wider";
        case WithoutSkill skill -> "without_skill";
        case AnyLanguage any -> "any_language";
        case MoreTexts more -> "more_texts";
        case Phone phone -> "phone";
        case FromStandby standby -> "from_standby";
        case FewerPeople fewer -> "fewer_people";
        case Later later -> "later";
      };
    }
  }

  /**
   * @param texts how many more may go out then
   * @param chance to fill by the deadline then
   */
  public record Step(Remedy remedy, int texts, double chance) {}

  /** The need as it would be after a remedy. */
  record Trial(Remedy remedy, Line line, int texts) {}

  /**
   * @param texts how many more may go out as things are
   */
  static Help of(Line line, int texts, List<Trial> trials, Instant now) {
    var before = line.open() == 0 ? 1 : Forecast.of(line, texts, now).chance();
    var steps = new ArrayList<Step>();
    for (var trial : trials) {
      var after = Forecast.of(trial.line, trial.texts, now).chance();
      steps.add(new Step(trial.remedy, trial.texts, after));
    }
    var byTexts =
        steps.stream()
            .filter(step -> step.remedy instanceof Remedy.MoreTexts)
            .mapToDouble(Step::chance)
            .max()
            .orElse(before);
    steps.removeIf(step -> step.chance < before + WORTHWHILE);
    // A new approval brings texts anyway: what it brings besides must be worth it by itself.
    steps.removeIf(
        step -> step.remedy.asksAnew() && step.chance < Math.max(before, byTexts) + WORTHWHILE);
    leastWide(steps);
    steps.sort(Comparator.comparingDouble(Step::chance).reversed());
    return new Help(
        line.need(), before, List.copyOf(steps.subList(0, Math.min(MOST, steps.size()))));
  }

  // Of two rings the wider is named only where it brings more.
  private static void leastWide(List<Step> steps) {
    var rings = steps.stream().filter(step -> step.remedy instanceof Remedy.Wider).toList();
    for (var i = 1; i < rings.size(); i++) {
      var more = rings.get(i).chance >= rings.get(i - 1).chance + WORTHWHILE;
      steps.remove(rings.get(more ? i - 1 : i));
    }
  }

  public Optional<Step> best() {
    return steps.stream().findFirst();
  }

  /** The best of it, in one sentence. */
  public Title says() {
    return best()
        .map(
            step ->
                new Title(
                    "قد ينفع: " + says(step).ar() + ".",
                    "This would help: " + says(step).en() + "."))
        .orElse(NOTHING);
  }

  /** A step with what it gives: "ask within 45 km: 12% becomes 71%". */
  public Title says(Step step) {
    var what = what(step);
    return new Title(
        String.format(
            Locale.ROOT, "%s: من %.0f%% إلى %.0f%%", what.ar(), 100 * chance, 100 * step.chance),
        String.format(
            Locale.ROOT, "%s: from %.0f%% to %.0f%%", what.en(), 100 * chance, 100 * step.chance));
  }

  private static Title what(Step step) {
    return switch (step.remedy) {
      case Remedy.Wider(var km) ->
          title(
              "توسيع النطاق إلى %.0f كم وحتى %d رسالة",
              "ask within %.0f km, up to %d texts", km, step.texts);
      case Remedy.WithoutSkill(var skill) ->
          new Title("الاستغناء عن مهارة: " + skill.ar(), "do without the skill: " + skill.en());
      case Remedy.AnyLanguage() -> title("قبول أي لغة", "take any language");
      case Remedy.MoreTexts() -> title("اعتماد %d رسالة أخرى", "approve %d more texts", step.texts);
      case Remedy.Phone(var silent) ->
          title("الاتصال هاتفيًا بالصامتين (%d)", "phone those who are silent (%d)", silent);
      case Remedy.FromStandby(var people) ->
          title(
              "سؤال احتياط احتياجات أخرى بالاسم (%d)",
              "ask the standby of other needs by name (%d)", people.size());
      case Remedy.FewerPeople(var people) ->
          title("الاكتفاء بعدد %d", "make do with %d people", people);
      case Remedy.Later later -> title("البدء بعد يوم", "begin a day later");
    };
  }

  private static Title title(String ar, String en, Object... values) {
    return new Title(
        String.format(Locale.ROOT, ar, values), String.format(Locale.ROOT, en, values));
  }

  /** As the API and the table write the steps. */
  public JsonArray json() {
    var json = new JsonArray();
    for (var step : steps) {
      var says = says(step);
      json.add(
          new JsonObject()
              .put("what", step.remedy.word())
              .put("value", value(step.remedy))
              .put("texts", step.texts)
              .put("chance", step.chance)
              .put("ar", says.ar())
              .put("en", says.en()));
    }
    return json;
  }

  private static String value(Remedy remedy) {
    return switch (remedy) {
      case Remedy.Wider(var km) -> String.format(Locale.ROOT, "%.0f", km);
      case Remedy.WithoutSkill(var skill) -> skill.code();
      case Remedy.Phone(var silent) -> String.valueOf(silent);
      case Remedy.FromStandby(var people) -> String.valueOf(people.getFirst().value());
      case Remedy.FewerPeople(var people) -> String.valueOf(people);
      case Remedy.Later(var startsAt, var endsAt) -> startsAt.toString();
      case Remedy.AnyLanguage() -> null;
      case Remedy.MoreTexts() -> null;
    };
  }

  private static final Title NOTHING =
      new Title(
          "لا شيء نعرفه يرفع الاحتمال: اتصل هاتفيًا أو اطلب من جهة أخرى.",
          "Nothing that we know would raise the chance: phone, or ask another organisation.");
}
