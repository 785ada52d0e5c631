package org.fazaa.dispatcher.callout;

/** Why nobody may be asked for a need just now, whoever it is, and what to do about it. */
public enum Refusal {
  NEED_OVER(
      "this need is over: nobody is asked for it any more",
      "انتهى هذا الاحتياج: لا يُسأل عنه أحد بعد الآن"),
  DRILL_ON_REAL_CARRIER(
      "this is a drill and real phones are connected: nobody is called",
      "هذا تمرين والهواتف الحقيقية موصولة: لا يُنادى أحد"),
  NOT_CALLED_OUT(
      "no call-out has been approved yet: press Call out first, so that there is an area and a cap",
      "لم يُعتمد نداء بعد: اضغط نداء أولًا ليكون له نطاق وحد"),
  PAUSED_BY_WATCH(
      "the watch has stopped this need: look at its finding and release it first",
      "أوقفت المراقبة هذا الاحتياج: انظر المخالفة وأطلقه أولًا"),
  ALREADY_FULL(
      "this need is full: raise the number of people if more are wanted",
      "اكتمل العدد: زد عدد الأشخاص إن لزم غيرهم"),
  RULES_CHANGED(
      "it asks for other skills or languages than were approved: approve a new call-out",
      "تغيّرت المهارات أو اللغات عما اعتُمد: اعتمد نداء جديدًا"),
  ENVELOPE_EXPIRED(
      "the approval of this call-out has expired: approve a new one",
      "انتهت مدة اعتماد هذا النداء: اعتمد نداء جديدًا");

  private final String en;
  private final String ar;

  Refusal(String en, String ar) {
    this.en = en;
    this.ar = ar;
  }

  public String en() {
    return en;
  }

  public String ar() {
    return ar;
  }
}
