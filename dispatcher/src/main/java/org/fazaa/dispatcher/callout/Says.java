package org.fazaa.dispatcher.callout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.fazaa.dispatcher.callout.Policy.Verdict;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Skill;

/** What was decided for a need, and for each person, as a sentence that anybody can read. */
final class Says {

  /** Why a call-out stopped by itself. */
  enum Edge {
    TEXTS("texts", "all approved texts are used", "استُخدمت كل الرسائل المعتمدة"),
    COST("cost", "the approved cost is used up", "استُنفدت التكلفة المعتمدة"),
    EXPIRED("expired", "the approval has expired", "انتهت مدة الاعتماد");

    final String word;
    final String en;
    final String ar;

    Edge(String word, String en, String ar) {
      this.word = word;
      this.en = en;
      this.ar = ar;
    }
  }

  /** Why somebody who was chosen was not asked after all. */
  enum Unasked {
    STOPPED("stopped", "wrote stop meanwhile", "طلب إيقاف الرسائل في هذه الأثناء"),
    UNREACHABLE("unreachable", "no text reaches them any more", "لم تعد الرسائل تصل إليه"),
    INACTIVE("inactive", "takes no texts any more", "لم يعد يستقبل الرسائل"),
    BUSY("busy", "is being asked for something else", "يُسأل عن احتياج آخر الآن"),
    OVERTAKEN("overtaken", "the need was changed meanwhile", "تغيّر الاحتياج في هذه الأثناء"),
    TEXTS("texts", Edge.TEXTS.en, Edge.TEXTS.ar),
    COST("cost", Edge.COST.en, Edge.COST.ar),
    EXPIRED("expired", Edge.EXPIRED.en, Edge.EXPIRED.ar);

    final String word;
    private final String en;
    private final String ar;

    Unasked(String word, String en, String ar) {
      this.word = word;
      this.en = en;
      this.ar = ar;
    }

    static Unasked of(String word) {
      for (var one : values()) if (one.word.equals(word)) return one;
      throw new IllegalArgumentException(word);
    }

    static Unasked of(Edge edge) {
      return of(edge.word);
    }

    Title says() {
      return new Title("لم يُسأل في النهاية: " + ar, "not asked after all: " + en);
    }
  }

  /** Why nobody is asked of a need that is full; the policy's own words say the rest. */
  static final String FULL = "full";

  private Says() {}

  /**
   * @param edge the edge of the envelope that was reached, or null
   */
  static Title of(Verdict verdict, int asked, Edge edge) {
    var said = asked > 0 ? asked(verdict, asked) : nobody(verdict);
    if (edge != null) {
      var counted = asked(verdict, asked);
      return new Title(
          counted.ar() + " توقفت الدعوة: " + edge.ar + ".",
          counted.en() + " Paused: " + edge.en + ".");
    }
    if (!verdict.needsHuman()) return said;
    return switch (verdict.why()) {
      case NOBODY_LEFT ->
          new Title(
              said.ar() + " لم يبق من يُسأل: وسّع المنطقة أو خفف المهارات أو اتصل هاتفيًا.",
              said.en() + " Nobody is left to ask: widen the area, relax the skills, or phone.");
      case WAITING, RATE_LIMIT ->
          new Title(
              said.ar() + " بهذه السرعة قد لا يكتمل في وقته: يحتاج قرارك.",
              said.en() + " At this pace it may not fill in time: it needs your decision.");
    };
  }

  private static Title asked(Verdict verdict, int asked) {
    return new Title(
        format(
            "سُئل %d من %d في المتناول: المتبقي %d، والمتوقع %.1f نعم.",
            asked, verdict.reach(), verdict.open(), verdict.expected()),
        format(
            "Asked %d of %d within reach: %d open, %.1f yes expected.",
            asked, verdict.reach(), verdict.open(), verdict.expected()));
  }

  private static Title nobody(Verdict verdict) {
    if (verdict.open() <= 0) {
      return new Title("لم يُسأل أحد: اكتملت الأماكن.", "Nobody was asked: every place is taken.");
    }
    var ar = format("المتبقي %d، والمتوقع %.1f نعم.", verdict.open(), verdict.expected());
    var en = format("%d open, %.1f yes expected.", verdict.open(), verdict.expected());
    return switch (verdict.why()) {
      case WAITING ->
          new Title(
              "لم يُسأل أحد: الانتظار أجدى الآن من رسالة أخرى؛ " + ar,
              "Nobody was asked: to wait is better now than another text; " + en);
      case NOBODY_LEFT ->
          new Title(
              "لم يُسأل أحد: سُئل كل من في المتناول؛ " + ar,
              "Nobody was asked: everybody within reach has been; " + en);
      case RATE_LIMIT ->
          new Title(
              "لم يُسأل أحد بعد: استُخدمت رسائل هذه اللحظة والبقية تليها؛ " + ar,
              "Nobody was asked yet: the texts of this moment are used, the rest follow; " + en);
    };
  }

  /** What led to somebody being entered whom a member of staff had phoned. */
  static Title byHand(String staff, String name) {
    return new Title(
        "أدخل %s المتطوع %s يدويًا بعد مكالمة.".formatted(staff, name),
        "%s entered %s by hand after a call.".formatted(staff, name));
  }

  /** What led to somebody being asked who had said yes to a need that was full. */
  static Title next(String name, Title full) {
    return new Title(
        "وافق %s على «%s» بعد اكتماله، فسُئل عن هذا.".formatted(name, full.ar()),
        "%s said yes to “%s”, which was full, and was asked for this.".formatted(name, full.en()));
  }

  /** Why a person was asked, from the figures that the decision went by. */
  static Title why(Why why) {
    if (why.enteredBy().isPresent()) {
      var staff = why.enteredBy().get();
      return new Title(
          "أدخله %s يدويًا بعد مكالمة".formatted(staff),
          "entered by hand by %s after a call".formatted(staff));
    }
    var en = new ArrayList<String>();
    var ar = new ArrayList<String>();
    led(why, ar, en);
    en.add(format("%.1f km away", why.km()));
    ar.add(format("يبعد %.1f كم", why.km()));
    if (!why.skills().isEmpty()) {
      en.add("has " + why.skills().stream().map(Skill::en).collect(Collectors.joining(" and ")));
      ar.add("لديه " + why.skills().stream().map(Skill::ar).collect(Collectors.joining(" و")));
    }
    habit(why, ar, en);
    why.lastAsked().ifPresent(ago -> lastAsked(ago, ar, en));
    var wave = why.wave().map(Says::wave).orElse(new Title("", ""));
    return new Title(
        "سُئل لأنه " + String.join("، ", ar) + wave.ar(),
        "asked because " + String.join(", ", en) + wave.en());
  }

  private static void led(Why why, List<String> ar, List<String> en) {
    why.insteadOf()
        .ifPresent(
            full -> {
              en.add("said yes to “%s”, which was full".formatted(full.en()));
              ar.add("وافق على «%s» بعد اكتماله".formatted(full.ar()));
            });
    switch (why.policy().orElse("")) {
      case "ring" -> {
        en.add("in the ring that a coordinator asked whole");
        ar.add("ضمن الحلقة التي سأل المنسق كل من فيها");
      }
      case "person" -> {
        en.add("chosen by a coordinator");
        ar.add("اختاره المنسق بنفسه");
      }
      default -> {
        // the figures alone led here
      }
    }
  }

  private static void habit(Why why, List<String> ar, List<String> en) {
    var answers = why.yes() + why.no();
    if (answers < 1) {
      en.add("has hardly been asked before");
      ar.add("نادرًا ما سُئل من قبل");
      return;
    }
    var times = Math.round(10 * why.yes() / answers);
    en.add(times == 1 ? "says yes once in 10 times" : "says yes %d times in 10".formatted(times));
    ar.add("يوافق " + count(times, "مرة", "مرتين", "مرات", "مرة") + " من كل 10");
  }

  private static void lastAsked(Duration ago, List<String> ar, List<String> en) {
    var span = span(ago);
    en.add("last asked " + span.en() + " ago");
    ar.add("آخر سؤال له قبل " + span.ar());
  }

  private static Title wave(Why.Wave wave) {
    var en = "%d of %d places open".formatted(wave.open(), wave.people());
    var ar = "%d من %d أماكن شاغرة".formatted(wave.open(), wave.people());
    if (wave.number() == 1) return new Title("؛ الدفعة الأولى: " + ar, "; first wave, " + en);
    var after = span(wave.after());
    return new Title(
        "؛ الدفعة %d لأن %s بعد %s".formatted(wave.number(), ar, after.ar()),
        "; wave %d because %s after %s".formatted(wave.number(), en, after.en()));
  }

  private static Title span(Duration time) {
    if (time.toSeconds() < 120) {
      return span(time.toSeconds(), "second", "ثانية", "ثانيتين", "ثوانٍ");
    }
    if (time.toMinutes() < 120) {
      return span(time.toMinutes(), "minute", "دقيقة", "دقيقتين", "دقائق");
    }
    if (time.toHours() < 48) return span(time.toHours(), "hour", "ساعة", "ساعتين", "ساعات");
    return span(time.toDays(), "day", "يوم", "يومين", "أيام");
  }

  private static Title span(long n, String en, String one, String two, String few) {
    var many = one.equals("يوم") ? "يومًا" : one;
    return new Title(count(n, one, two, few, many), n + " " + en + (n == 1 ? "" : "s"));
  }

  private static String count(long n, String one, String two, String few, String many) {
    if (n == 1) return one;
    if (n == 2) return two;
    return n + " " + (n >= 3 && n <= 10 ? few : many);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
