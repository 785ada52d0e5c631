package org.fazaa.notifier.reply;

import java.time.LocalTime;
import java.util.Locale;

/**
 * How a reply was understood.
 *
 * @param etaMinutes how long until the writer is there, or null
 * @param at the hour that it names, such as {@code 17:30}, or null
 * @param party how many come, the writer among them, or null when it says nothing of others
 * @param code the short code in it, or null
 */
public record Reading(
    Meaning meaning,
    Confidence confidence,
    Integer etaMinutes,
    LocalTime at,
    Integer party,
    String code,
    Why why) {

  /** What is only likely is never acted on as if it were sure. */
  public enum Confidence {
    HIGH,
    LOW;

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Reading sure(Meaning meaning, String code, Why why) {
    return new Reading(meaning, Confidence.HIGH, null, null, null, code, why);
  }

  public boolean isSure() {
    return confidence == Confidence.HIGH;
  }

  /** The rule that decided, in words for the inbox. */
  public enum Why {
    DIGIT("An answer digit", "رقم الجواب"),
    YES("Says that they come", "تقول إنه قادم"),
    SOFT("Says yes if God wills, and no more", "تقول إن شاء الله فقط"),
    NO("Says that they do not come", "تقول إنه لن يأتي"),
    EXCUSE("Says what keeps them from it", "تذكر ما يمنعه"),
    CANCEL("Gives the place back", "تعيد المكان"),
    LATER("Names another time", "تذكر وقتًا آخر"),
    LAST_RESORT("Comes if nobody else does", "يأتي إن لم يأت غيره"),
    ON_MY_WAY("Says that they have set out", "تقول إنه في الطريق"),
    HERE("Says that they are there", "تقول إنه وصل"),
    DONE("Says that they have finished or left", "تقول إنه أنهى أو غادر"),
    STOP("Wants no more texts", "لا يريد رسائل"),
    START("Wants texts again", "يريد الرسائل من جديد"),
    HELP("Asks how to answer", "تسأل كيف يجاب"),
    WRONG_NUMBER("Is not who we think", "ليس من نظنه"),
    WHO("Asks who writes", "تسأل من المرسل"),
    WHERE("Asks for the place", "تسأل عن المكان"),
    GROUP("Comes with others", "يأتي مع آخرين"),
    IF("Sets a condition", "فيها شرط"),
    SARCASM("May not be meant so", "قد لا تُقصد كما هي"),
    OTHER("Speaks of something else", "تتحدث عن أمر آخر"),
    EMPTY("There is nothing to read in it", "لا شيء فيها يُقرأ"),
    LONG("It is too long for an answer", "أطول من أن تكون جوابًا"),
    QUESTION("It asks something", "فيها سؤال"),
    DANGER("Somebody may be in danger", "قد يكون أحدهم في خطر"),
    MIXED("It says yes and no", "تقول نعم ولا معًا"),
    UNSURE("It is not plain what it says", "ليس واضحًا ما تقول"),
    CODES("It names more than one code", "فيها أكثر من رمز"),
    OTHER_CODE("Its code was not sent to this phone", "رمزها لم يُرسل إلى هذا الهاتف"),
    NOT_ASKED("This phone was not asked anything", "لم يُسأل هذا الهاتف عن شيء"),
    STOPPED("Its sender has said stop: phone them", "أوقف صاحبها الرسائل: اتصل به"),
    LACKS_SKILL(
        "Says yes, and lacks a skill that is asked for by now: phone them",
        "وافق وتنقصه مهارة مطلوبة الآن: اتصل به"),
    FLOOD("Too many texts from this phone", "رسائل كثيرة من هذا الهاتف"),
    FAULT("The program could not handle it", "تعذر على البرنامج التعامل معها"),
    DECIDED("A person read it", "قرأها شخص");

    private final String english;
    private final String arabic;

    Why(String english, String arabic) {
      this.english = english;
      this.arabic = arabic;
    }

    /** As it is stored, such as {@code other-code}. */
    public String tag() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String english() {
      return english;
    }

    public String arabic() {
      return arabic;
    }
  }
}
