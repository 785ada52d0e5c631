package org.fazaa.dispatcher.people;

/** All that can be wrong with what somebody wrote about a volunteer. */
final class Flaws {
  private static final String REQUIRED_COLUMNS = String.join(", ", CsvColumns.REQUIRED);
  private static final String OPTIONAL_COLUMNS = String.join(", ", CsvColumns.OPTIONAL);

  static final Flaw NAME =
      new Flaw(
          "name",
          "Write the name: 1 to 120 characters on one line.",
          "اكتب الاسم: من حرف إلى 120 حرفًا في سطر واحد.");
  static final Flaw PHONE =
      new Flaw(
          "phone",
          "This is not a phone number. Write it with its country code, like +966501234567.",
          "هذا ليس رقم هاتف. اكتبه مع رمز الدولة، مثل ‎+966501234567.");
  static final Flaw LANGUAGE =
      new Flaw(
          "language",
          "Texts are written in ar, en or ur: write one of these.",
          "الرسائل تُكتب بالعربية (ar) أو الإنجليزية (en) أو الأردية (ur): اكتب أحد الرموز.");
  static final Flaw LON =
      new Flaw(
          "lon",
          "Write the longitude as a number of degrees from -180 to 180, like 46.675.",
          "اكتب خط الطول رقمًا بالدرجات من ‎-180 إلى 180، مثل 46.675.");
  static final Flaw LAT =
      new Flaw(
          "lat",
          "Write the latitude as a number of degrees from -90 to 90, like 24.713.",
          "اكتب خط العرض رقمًا بالدرجات من ‎-90 إلى 90، مثل 24.713.");
  static final Flaw BORN =
      new Flaw(
          "born",
          "Write the day of birth as year-month-day, like 1990-12-31, not in the future.",
          "اكتب تاريخ الميلاد: سنة-شهر-يوم، مثل 1990-12-31، وليس في المستقبل.");
  static final Flaw HOURS =
      new Flaw(
          "hours",
          "Write the hours of the week like sun-thu 16-23; fri-sat 8-24, or always.",
          "اكتب ساعات الأسبوع هكذا: sun-thu 16-23; fri-sat 8-24، أو always.");

  static final Flaw WAYS =
      new Flaw(
          "ways",
          "Write ways as sms, whatsapp, voice, the one they like best first, or leave it empty.",
          "اكتب الطرق بالرموز sms وwhatsapp وvoice والأحب أولًا، أو اتركها فارغة.");

  static final Flaw CONSENT =
      new Flaw(
          "consent",
          "Write yes if they agreed to be texted, no if they did not.",
          "اكتب نعم (yes) إن وافق على الرسائل، أو لا (no) إن لم يوافق.");
  static final Flaw TWICE =
      new Flaw(
          "phone",
          "An earlier line of this file has the same phone; that one was taken.",
          "سطر سابق في هذا الملف له الهاتف نفسه، وقد أُخذ ذلك السطر.");
  static final Flaw UNREADABLE =
      new Flaw(
          "line",
          "No line can be read from here on: look for a quotation mark that is not closed.",
          "لا يمكن قراءة الأسطر من هنا: ابحث عن علامة اقتباس لم تُغلق.");

  private Flaws() {}

  static Flaw notUtf8(String column) {
    return new Flaw(
        column,
        "This cell is not in UTF-8; save the file again as “CSV UTF-8”.",
        "هذه الخلية ليست بترميز UTF-8؛ احفظ الملف من جديد بصيغة «CSV UTF-8».");
  }

  static Flaw columns(int found, int wanted) {
    return new Flaw(
        "line",
        ("This line has %d cells, the first line has %d;"
                + " put quotation marks around cells with commas.")
            .formatted(found, wanted),
        "في هذا السطر %d خلية وفي السطر الأول %d؛ ضع علامتي اقتباس حول الخلايا التي فيها فواصل."
            .formatted(found, wanted));
  }

  static Flaw missingColumn(String name) {
    return new Flaw(
        name,
        "The first line must name the column “%s”; columns are separated by commas."
            .formatted(name),
        "يجب أن يذكر السطر الأول العمود «%s»؛ تُفصل الأعمدة بفواصل.".formatted(name));
  }

  static Flaw unknownColumn(String name) {
    return new Flaw(
        name,
        "No column is called “%s”; besides %s there can be %s."
            .formatted(name, REQUIRED_COLUMNS, OPTIONAL_COLUMNS),
        "لا يوجد عمود باسم «%s»؛ الأعمدة هي %s، ويجوز أيضًا %s."
            .formatted(name, REQUIRED_COLUMNS, OPTIONAL_COLUMNS));
  }

  static Flaw doubleColumn(String name) {
    return new Flaw(
        name,
        "The first line names the column “%s” twice; leave one.".formatted(name),
        "يذكر السطر الأول العمود «%s» مرتين؛ أبقِ واحدًا.".formatted(name));
  }

  static Flaw skill(String code) {
    return new Flaw(
        "skills",
        "There is no skill with the code “%s”; take one from the list of skills.".formatted(code),
        "لا توجد مهارة رمزها «%s»؛ اختر من قائمة المهارات.".formatted(code));
  }

  static Flaw qualification(String written) {
    return new Flaw(
        "qualifications",
        ("“%s” is no qualification: write codes from the list of skills, each once and with its"
                + " last day if it has one, like first_aid:2027-06-30.")
            .formatted(written),
        ("«%s» ليس مؤهلًا: اكتب رموزًا من قائمة المهارات، كلًّا مرة واحدة ومعه آخر يوم إن كان له"
                + " نهاية، مثل first_aid:2027-06-30.")
            .formatted(written));
  }

  static Flaw spoken(String code) {
    return new Flaw(
        "languages",
        "There is no language with the code “%s”; write codes like ar, en, ur.".formatted(code),
        "لا توجد لغة رمزها «%s»؛ اكتب رموزًا مثل ar وen وur.".formatted(code));
  }

  static Flaw organisation(String code) {
    return new Flaw(
        "organisation",
        "There is no organisation with the code “%s”; add it first.".formatted(code),
        "لا توجد جهة رمزها «%s»؛ أضفها أولًا.".formatted(code));
  }
}
