package org.fazaa.notifier.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.fazaa.notifier.reply.Reading.Why;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeaningTest {

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("replies")
  void is_read_as_people_mean_it(Meaning meaning, String body) {
    assertThat(Meaning.read(body).meaning()).isEqualTo(meaning);
  }

  static Stream<Arguments> replies() {
    return Stream.of(
            rows(Meaning.YES, YES),
            rows(Meaning.NO, NO),
            rows(Meaning.DROP, DROP),
            rows(Meaning.STOP, STOP),
            rows(Meaning.START, START),
            rows(Meaning.PERSON, PERSON))
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> rows(Meaning meaning, String bodies) {
    return bodies.lines().filter(body -> !body.isEmpty()).map(body -> Arguments.of(meaning, body));
  }

  private static final String YES =
      """
      1
      ١
      ۱
      1️⃣
      １
      1.
      (1)
      "1"
      1 F7K2
      1F7K2
      F7K2 1
      f٧k٢ ١
      الرمز F7K2 الجواب 1
      yes
      Yes.
      YES!!!
      yesss
      yeah
      yep
      Y
      ok
      OKAY
      okkkk
      sure, coming
      of course
      yes please
      yes F7K2
      I'm in
      I’m coming
      im coming
      I can come
      I'll be there
      on my way
      omw
      count me in
      no problem
      no problem, coming
      No problem I'm on my way
      not a problem
      no worries, I'll come
      why not
      hi, yes thank you
      👍
      👍🏽
      ✅
      yes 🙏
      aywa
      na3am
      tamam
      insha'Allah
      inshallah
      7ader
      abshir
      نعم
      نعمممم
      نَعَمْ
      نـعـم
      «نعم»
      نعم شكرا
      ايه
      إيه
      إي
      اي والله
      ايوه
      ابشر
      أبشروا
      أَبْشِر
      تم
      تمام
      حاضر
      جاي
      جاية
      جايّ الحين
      انا جاي
      لا مشكلة جاي
      لا مشكله
      مافي مانع
      ما عندي مانع جاي
      ما فيه مشكلة، ابشر
      ولا يهمك
      ليش لا
      ان شاء الله
      إن شاء الله جاي
      السلام عليكم، نعم
      موافق
      في الطريق
      على راسي
      طيب
      اوكي
      متاح
      أقدر
      لبيه
      """;

  private static final String NO =
      """
      2
      ٢
      ۲
      2️⃣
      2 F7K2
      F7K22
      no
      No.
      NO!
      noooo
      nope
      no thanks
      no thank you
      sorry, no
      can't make it
      I can't make it
      cant make it sorry
      I can’t come
      cannot come today
      sorry cant
      not today
      I'm busy
      busy, sorry
      not available
      won't make it
      I won't be there
      not coming
      👎
      ❌
      la shukran
      mashghool
      ma agdar
      لا
      لا.
      لَا
      لاااا
      لا شكرا
      لا والله
      لا اقدر
      ما اقدر
      ما أقدر
      ماقدر
      مقدر اجي
      ما اقدر اجي اليوم
      لن أستطيع
      معليش
      معليش مشغول
      مشغول
      مشغولة
      اعتذر
      أعتذر منكم
      اسف ما اقدر
      ماني جاي
      مو جاي
      ما راح اجي
      مسافر
      عندي دوام
      غير متاح
      للأسف لا
      ظروفي ما تسمح
      """;

  private static final String DROP =
      """
      cancel
      CANCEL
      CANCEL F7K2
      cancel please
      cancel my shift
      I have to cancel
      sorry, have to drop out
      F7K2 drop
      x F7K2
      can't come anymore
      I can't make it after all
      الغاء
      إلغاء
      الغاء F7K2
      إِلغاء
      الغي مكاني
      الغاء الحضور
      كنسل
      انسحب
      ما عاد اقدر
      اعتذر عن الحضور
      """;

  private static final String STOP =
      """
      stop
      STOP
      Stop.
      "STOP"
      ‘stop’
      s t o p
      stop please
      please stop
      STOPALL
      stop all
      STOP F7K2
      unsubscribe
      unsubscribe me please
      opt out
      remove me
      take me off the list
      stop texting me
      don't text me
      don’t message me
      no more texts
      قف
      قِف
      قـــف
      «قف»
      قف لو سمحت
      ايقاف
      إيقاف
      إيقــاف
      توقف
      وقفوا
      وقف الرسايل
      وقفوا الرسائل لو سمحتم
      أوقفوا الرسائل
      إيقاف الرسائل
      لا ترسلون
      لا ترسلوا لي
      لا عاد ترسلون
      الغاء الاشتراك
      إلغاء الاشتراك من فضلك
      احذفوا رقمي
      شيلوا رقمي
      """;

  private static final String START =
      """
      start
      START
      start again
      unstop
      subscribe
      ابدأ
      إبدأ
      ابدا
      استئناف
      ارسلوا لي
      رجعوا الرسائل
      """;

  private static final String PERSON =
      """
      ?
      ؟
      ...
      3
      0
      12
      1 2
      yes but after 8
      yes but not before 8
      Yes, if you still need me
      no but I can in 2 hours
      yes in 2 hours
      1 but can be there 4:30, bringing my brother
      I know the place
      I know
      now or tomorrow
      maybe
      not sure
      yes no
      yes, no, wait
      can I bring my brother
      who is this
      yes?
      coming?
      where exactly
      stop by at 5
      please stop by my house
      don't stop
      I will stop at the bridge
      can't stop now, driving
      start at 5
      cancel that, I'm coming
      the notice is not clear
      know
      nothing
      yesterday
      notice
      F7K2
      F7K2 M3P9 1
      yes 2
      yes 2 people
      we are 15 from the club
      L 60
      only if short
      wrong number
      help
      SOS
      we are stuck
      مساعدة
      طوارئ نعم
      نعم بس بعد ٨
      بعد المغرب
      بعد ساعتين
      لو ناقصكم
      وين؟
      جاي؟
      مين معي
      اعرف المكان
      لا اعرف
      لا تنسوني
      نعم ولا
      لا جاي
      لا نعم
      جاي ومعي اخوي
      احنا ٦ شباب
      انا مو سعد الرقم تغير
      ابدا ما ترسلون شي
      قف عند الجسر
      وقفت السيارة
      الغاء موعدي بكره
      شكرا
      السلام عليكم
      🙏
      .
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 F7K2",
        "F7K2 نعم",
        "yes, f7k2!",
        "الرمز: F7K2، ابشر",
        "1F7K2",
        "F٧K٢ ١",
        "(F7K2) ok"
      })
  void the_code_is_found_wherever_it_stands(String body) {
    var reading = Meaning.read(body);
    assertThat(reading.meaning()).isEqualTo(Meaning.YES);
    assertThat(reading.code()).isEqualTo("F7K2");
  }

  @Test
  void every_reading_says_which_rule_decided() {
    assertThat(Meaning.read("1").why()).isEqualTo(Why.DIGIT);
    assertThat(Meaning.read("نعم").why()).isEqualTo(Why.WORDS);
    assertThat(Meaning.read("  ").why()).isEqualTo(Why.EMPTY);
    assertThat(Meaning.read("yes?").why()).isEqualTo(Why.QUESTION);
    assertThat(Meaning.read("yes no").why()).isEqualTo(Why.MIXED);
    assertThat(Meaning.read("yes but after 8").why()).isEqualTo(Why.UNSURE);
    assertThat(Meaning.read("SOS!").why()).isEqualTo(Why.DANGER);
    assertThat(Meaning.read("F7K2 or M3P9, yes").why()).isEqualTo(Why.CODES);
    assertThat(Meaning.read("yes ".repeat(100)).why()).isEqualTo(Why.LONG);
  }

  @Test
  void danger_is_heard_before_anything_else() {
    assertThat(Meaning.read("yes, emergency").why()).isEqualTo(Why.DANGER);
    assertThat(Meaning.read("هل وصلتم؟ محاصرين").why()).isEqualTo(Why.DANGER);
  }

  @Test
  void every_reason_has_words_in_both_languages() {
    for (var why : Why.values()) {
      assertThat(List.of(why.english(), why.arabic())).noneMatch(String::isBlank);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u0000", "\uD83D", "\u202E1\u202C?", "💥💥💥", "a\u0301\u0301\u0301\u0301"})
  void whatever_comes_it_reads_it(String body) {
    assertThat(Meaning.read(body).meaning()).isEqualTo(Meaning.PERSON);
  }

  @Test
  void a_very_long_text_is_a_persons_to_read_and_costs_no_time() {
    assertThat(Meaning.read("لا ".repeat(1_000_000)).meaning()).isEqualTo(Meaning.PERSON);
  }
}
