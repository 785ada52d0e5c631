package org.fazaa.dispatcher.callout;

import java.util.Locale;
import org.fazaa.dispatcher.callout.Policy.Verdict;
import org.fazaa.dispatcher.crisis.Title;

/** What was decided for a need, as one sentence that a coordinator can read. */
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

  private Says() {}

  /**
   * @param edge the edge of the envelope that was reached, or null
   */
  static Title of(Verdict verdict, int asked, Edge edge) {
    var human = verdict.needsHuman() && edge == null;
    var en = asked(verdict, asked, "Asked %d of %d within reach: %d open, %.1f yes expected.");
    var ar = asked(verdict, asked, "سُئل %d من %d في المتناول: المتبقي %d، والمتوقع %.1f نعم.");
    if (edge != null) {
      return new Title(ar + " توقفت الدعوة: " + edge.ar + ".", en + " Paused: " + edge.en + ".");
    }
    if (!human) return new Title(ar, en);
    return switch (verdict.why()) {
      case NOBODY_LEFT ->
          new Title(
              ar + " لم يبق من يُسأل: وسّع المنطقة أو خفف المهارات أو اتصل هاتفيًا.",
              en + " Nobody is left to ask: widen the area, relax the skills, or phone.");
      case WAITING, RATE_LIMIT ->
          new Title(
              ar + " بهذه السرعة لن يكتمل في وقته: يحتاج قرارك.",
              en + " At this pace it will not fill in time: it needs your decision.");
    };
  }

  /** Why a person was asked, from the figures that the decision went by. */
  static Title why(double km, double rate, double yes, double no, double recent, boolean byHand) {
    if (byHand) return new Title("أُدخل يدويًا بعد مكالمة", "Entered by hand after a call");
    var answers = yes + no;
    var en =
        answers < 1
            ? "has hardly been asked before"
            : "says yes %.0f times in 10".formatted(10 * yes / answers);
    var ar =
        answers < 1
            ? "نادرًا ما سُئل من قبل"
            : "يوافق %.0f مرات من 10".formatted(10 * yes / answers);
    return new Title(
        String.format(
            Locale.ROOT,
            "يبعد %.1f كم، %s، رسائل حديثة %.1f، احتمال نعم %.0f%%",
            km,
            ar,
            recent,
            100 * rate),
        String.format(
            Locale.ROOT,
            "%.1f km away, %s, %.1f recent texts, %.0f%% likely to say yes",
            km,
            en,
            recent,
            100 * rate));
  }

  private static String asked(Verdict verdict, int asked, String pattern) {
    return String.format(
        Locale.ROOT, pattern, asked, verdict.reach(), verdict.open(), verdict.expected());
  }
}
