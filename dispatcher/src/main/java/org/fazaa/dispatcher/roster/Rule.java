package org.fazaa.dispatcher.roster;

import static java.util.stream.Collectors.joining;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.fazaa.dispatcher.people.Qualification;
import org.fazaa.dispatcher.people.Skill;

/**
 * Who may be asked. The same list chooses and explains; what is cheap and turns most away comes
 * first.
 */
public enum Rule {
  SKILLED(
      "لديه المهارات المطلوبة",
      "Has the skills that are asked for",
      "تنقصه مهارة مطلوبة",
      "Lacks a skill that is asked for") {
    @Override
    boolean holds(Sight one) {
      return (one.personSkills() & one.skills) == one.skills;
    }

    @Override
    String detail(Sight one, boolean arabic) {
      Function<Skill, String> name = arabic ? Skill::ar : Skill::en;
      var missing = one.skills & ~one.personSkills();
      return Skill.in(missing).stream().map(name).collect(joining(arabic ? "، " : ", "));
    }
  },
  UNDERSTOOD(
      "يتحدث لغة مطلوبة",
      "Speaks a language that is asked for",
      "لا يتحدث أيًّا من اللغات المطلوبة",
      "Speaks none of the languages that are asked for") {
    @Override
    boolean holds(Sight one) {
      return one.languages == 0 || (one.personLanguages() & one.languages) != 0;
    }
  },
  ACTIVE("متطوع نشط", "Is an active volunteer", "لم يعد متطوعًا نشطًا", "Has left") {
    @Override
    boolean holds(Sight one) {
      return one.has(Columns.ACTIVE);
    }
  },
  CONSENTED(
      "وافق على استقبال الرسائل",
      "Agreed to be texted",
      "لم يوافق على استقبال الرسائل",
      "Has not agreed to be texted") {
    @Override
    boolean holds(Sight one) {
      return one.has(Columns.CONSENTED);
    }
  },
  NOT_STOPPED(
      "تصله رسائلنا ولم يوقفها",
      "Takes our texts, and they arrive",
      "أوقف الرسائل أو لا تصله",
      "Has stopped our texts, or none arrives") {
    @Override
    boolean holds(Sight one) {
      return !one.has(Columns.STOPPED);
    }
  },
  NOT_PAUSED("غير متوقف مؤقتًا", "Is not pausing", "متوقف مؤقتًا", "Is pausing") {
    @Override
    boolean holds(Sight one) {
      return one.pausedUntil() <= one.now;
    }
  },
  FREE(
      "متاح في هذه الساعات من الأسبوع",
      "Is free at these hours of the week",
      "غير متاح في هذه الساعات من الأسبوع",
      "Is not free at these hours of the week") {
    @Override
    boolean holds(Sight one) {
      return one.isFree();
    }
  },
  NOT_BUSY(
      "ليس لديه التزام في هذا الوقت",
      "Has nothing else to do for us then",
      "ملتزم بمهمة أخرى في هذا الوقت",
      "Is on another task then") {
    @Override
    boolean holds(Sight one) {
      return one.busyUntil() <= one.startsAt || one.endsAt <= one.busyFrom();
    }
  },
  RESTED(
      "نال قسطًا من الراحة منذ آخر مهمة",
      "Has rested since the last task",
      "لم ينل راحة كافية منذ آخر مهمة",
      "Has not rested enough since the last task") {
    @Override
    boolean holds(Sight one) {
      var until = one.busyUntil();
      return until == Columns.NONE
          || one.startsAt < until // then NOT_BUSY has the say
          || (long) one.startsAt - until >= one.rest;
    }
  },
  NOT_JUST_ASKED(
      "لم يُسأل قبل قليل",
      "Was not asked a moment ago",
      "سُئل قبل قليل",
      "Was asked a moment ago") {
    @Override
    boolean holds(Sight one) {
      var asked = one.lastAsked();
      return asked == Columns.NONE || (long) one.now - asked >= one.gap;
    }
  },
  WITHIN_BUDGET(
      "لم تصله رسائل كثيرة هذا الأسبوع",
      "Has not had too many texts this week",
      "وصلته رسائل كثيرة هذا الأسبوع",
      "Has had too many texts this week") {
    @Override
    boolean holds(Sight one) {
      // Fatigue only fades, so most need no exponential.
      var most = one.query.limits().fatigueMost();
      return one.fatigueThen() <= most || one.fatigue() <= most;
    }
  },
  OF_AGE(
      "بلغ السن المطلوبة",
      "Is of age, as far as we know",
      "لم يبلغ السن المطلوبة",
      "Is too young") {
    @Override
    boolean holds(Sight one) {
      return one.born() <= one.bornLatest; // also when it is not known
    }

    @Override
    String detail(Sight one, boolean arabic) {
      var least = one.query.limits().ageLeast();
      return (arabic ? "الحد الأدنى %d" : "from %d on").formatted(least);
    }
  },
  QUALIFIED(
      "مؤهلاته صالحة إلى ما بعد نهاية المهمة",
      "What is on file of the skills lasts until after the end",
      "لا يوجد في ملفه مؤهل صالح إلى ما بعد نهاية المهمة",
      "No proof on file lasts until after the end") {
    @Override
    boolean holds(Sight one) {
      return one.isQualified();
    }

    @Override
    String detail(Sight one, boolean arabic) {
      var onFile = one.qualifiedUntil();
      return one.query.skills().stream()
          .filter(skill -> !Qualification.does(onFile, skill, one.query.proof(), one.endsOn))
          .map(skill -> lapse(skill, onFile.get(skill), arabic))
          .collect(joining(arabic ? "، " : ", "));
    }

    private String lapse(Skill skill, LocalDate until, boolean arabic) {
      var name = arabic ? skill.ar() : skill.en();
      if (until == null) return name + (arabic ? " (بلا إثبات)" : " (not proven)");
      return name + (arabic ? " (حتى %s)" : " (until %s)").formatted(until);
    }
  },
  NOT_BLOCKED(
      "لا تمنع جهته نداءه",
      "No rule of their organisation is in the way",
      "تمنع جهته نداءه الآن",
      "Their organisation keeps them from being asked") {
    @Override
    boolean holds(Sight one) {
      return !one.isBlocked();
    }

    @Override
    String detail(Sight one, boolean arabic) {
      var why = one.query.blocked().get(one.organisation());
      return arabic ? why.ar() : why.en();
    }
  },
  NOT_ASKED(
      "لم يُسأل عن هذا الاحتياج من قبل",
      "Has not been asked for this need",
      "سُئل عن هذا الاحتياج من قبل",
      "Has been asked for this need already") {
    @Override
    boolean holds(Sight one) {
      return one.query.asked().isEmpty() || !one.query.asked().contains(one.volunteer());
    }
  },
  NOT_HELD(
      "لا ننتظر جوابه عن سؤال آخر",
      "Is not being asked anything else",
      "ننتظر جوابه عن سؤال سابق",
      "Has been asked something and has not answered yet") {
    @Override
    boolean holds(Sight one) {
      return one.query.held().isEmpty() || !one.query.held().contains(one.volunteer());
    }
  },
  WITHIN_REACH("قريب بما يكفي", "Is near enough", "بعيد جدًّا", "Is too far away") {
    @Override
    boolean holds(Sight one) {
      return one.km() <= one.query.reachKm();
    }

    @Override
    String detail(Sight one, boolean arabic) {
      var pattern = arabic ? "%.1f كم، والحد %.0f كم" : "%.1f km, the limit is %.0f km";
      return String.format(Locale.ROOT, pattern, one.km(), one.query.reachKm());
    }
  },
  IN_AREA("داخل المنطقة", "Is in the area", "خارج المنطقة", "Is outside the area") {
    @Override
    boolean holds(Sight one) {
      return one.query.area().contains(one.lon(), one.lat());
    }
  },
  IN_TIME(
      "يصل قبل أن تنتهي المهمة",
      "Can arrive before it is over",
      "لا يصل قبل أن تنتهي المهمة",
      "Cannot arrive before it is over") {
    @Override
    boolean holds(Sight one) {
      return one.now + one.query.limits().travelSeconds(one.km()) <= one.endsAt;
    }
  };

  static final List<Rule> ALL = List.of(values());

  private final String heldAr;
  private final String heldEn;
  private final String brokenAr;
  private final String brokenEn;

  Rule(String heldAr, String heldEn, String brokenAr, String brokenEn) {
    this.heldAr = heldAr;
    this.heldEn = heldEn;
    this.brokenAr = brokenAr;
    this.brokenEn = brokenEn;
  }

  /** What is said of those whom this rule turns away. */
  public String broken(boolean arabic) {
    return arabic ? brokenAr : brokenEn;
  }

  // The list, made into one test: the compiler sees through constants as it cannot through a list.
  private static final MethodHandle ALL_HOLD = allHold();

  private static MethodHandle allHold() {
    try {
      var type = MethodType.methodType(boolean.class, Sight.class);
      var holds = MethodHandles.lookup().findVirtual(Rule.class, "holds", type);
      var tests = ALL.stream().map(rule -> holds.bindTo(rule)).toList();
      var no = MethodHandles.constant(boolean.class, false);
      return all(tests, MethodHandles.dropArguments(no, 0, Sight.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Half and half, because the compiler does not follow deep.
  private static MethodHandle all(List<MethodHandle> tests, MethodHandle no) {
    var half = tests.size() / 2;
    return half == 0
        ? tests.getFirst()
        : MethodHandles.guardWithTest(
            all(tests.subList(0, half), no), all(tests.subList(half, tests.size()), no), no);
  }

  /** Whether every rule allows to ask the person in sight. */
  static boolean allHold(Sight one) {
    try {
      return (boolean) ALL_HOLD.invokeExact(one);
    } catch (RuntimeException | Error bug) {
      throw bug;
    } catch (Throwable never) { // no rule declares any
      throw new IllegalStateException(never);
    }
  }

  /** Whether this rule allows to ask the person in sight. */
  abstract boolean holds(Sight one);

  /** What exactly is in the way; empty when the sentence says it all. */
  String detail(Sight one, boolean arabic) {
    return "";
  }

  Reason reason(Sight one) {
    if (holds(one)) return new Reason(this, true, heldAr, heldEn);
    return new Reason(
        this, false, with(brokenAr, detail(one, true)), with(brokenEn, detail(one, false)));
  }

  private static String with(String sentence, String detail) {
    return detail.isEmpty() ? sentence : sentence + ": " + detail;
  }
}
