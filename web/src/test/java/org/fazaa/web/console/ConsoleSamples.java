package org.fazaa.web.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.dispatcher.callout.Calibration;
import org.fazaa.dispatcher.callout.ForecastFigures;
import org.fazaa.dispatcher.callout.ScoreForecasts.Why;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.notifier.OutboxFigures;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.WatchFigures;
import org.fazaa.web.Word;
import org.fazaa.web.Wording;

/** Pages of a busy afternoon in Jeddah, as they would be, in either language. */
public final class ConsoleSamples {
  private final boolean ar;
  private final Instant now;

  private ConsoleSamples(boolean ar, Instant now) {
    this.ar = ar;
    this.now = now;
  }

  /** Template name to page record. */
  public static Map<String, Object> all(boolean ar, Instant now) {
    var samples = new ConsoleSamples(ar, now);
    var pages = new LinkedHashMap<String, Object>();
    pages.put("console/board", samples.board(false));
    pages.put("console/home", samples.home());
    pages.put("console/launch", samples.launch(1));
    pages.put("console/launch#2", samples.launch(2));
    pages.put("console/launch#3", samples.launch(3));
    pages.put("console/need", samples.need());
    pages.put(
        "console/decisionsPage",
        new DecisionsPage(samples.say("وجبات", "Meals"), false, samples.decisions()));
    pages.put("console/override", samples.override());
    pages.put("console/needForm", samples.needForm());
    pages.put("console/inbox", samples.inbox());
    pages.put("console/suggestions", samples.suggestions());
    pages.put("console/phones", samples.phones());
    pages.put("console/phone", samples.phone());
    pages.put(
        "console/texts",
        new TextsPage(
            List.of(new TextsPage.Text("offer", previews())), List.of(1, 2), Optional.of(2)));
    pages.put("console/volunteers", samples.volunteers());
    pages.put("console/person", samples.person());
    pages.put("console/personSearch", samples.personSearch());
    pages.put("console/organisations", samples.organisations());
    pages.put("console/reachTests", samples.reachTests());
    pages.put("console/reachTest", samples.reachTest());
    pages.put("console/imported", samples.imported());
    pages.put("console/signIn", new SignInPage("", "/", true, List.of()));
    pages.put(
        "console/problem",
        new ProblemPage(
            404,
            samples.say("غير موجود", "Not found"),
            samples.say("لا شيء بهذا العنوان.", "Nothing is at this address."),
            List.of(),
            "/"));
    pages.put("console/finance", samples.finance());
    pages.put("console/request", samples.request());
    pages.put(
        "console/requestForm",
        new RequestFormPage(
            Optional.empty(),
            List.of(new Choice("1", samples.say("صندوق السيول", "Flood relief"))),
            List.of(new Choice("1", samples.say("مؤسسة البحر", "Al-Bahr Est."))),
            List.of(new Choice("3", samples.say("خيام", "Tents"))),
            samples.uses(),
            Form.EMPTY,
            List.of()));
    pages.put("console/payees", samples.payees());
    pages.put("console/payments", samples.payments());
    pages.put("console/policy", samples.policy());
    pages.put("console/feePolicy", samples.feePolicy());
    pages.put("console/initiatives", samples.initiatives());
    pages.put("console/terms", samples.terms());
    pages.put("console/programmes", samples.programmes());
    pages.put("console/programme", samples.programme());
    pages.put("console/watch", samples.watch());
    pages.put("console/calibration", samples.calibration());
    pages.put("console/journal", samples.journal());
    pages.put("console/receipts", samples.receipts());
    pages.put("console/board#drill", samples.board(true));
    return pages;
  }

  private ReceiptsPage receipts() {
    var found =
        new ReceiptsPage.Found(
            "M-2026-000118",
            ar ? "ساري" : "Valid",
            true,
            ar ? "صندوق سيول جدة" : "Jeddah flood fund",
            "150.00 SAR",
            ar ? "أم خالد" : "Umm Khalid",
            now,
            Optional.empty());
    var row =
        new ReceiptsPage.Row(
            1,
            "M-2026-000117",
            ar ? "الاسم خاطئ" : "The name is wrong",
            ar ? "ينتظر" : "Waits",
            ar ? "نورة" : "Noura",
            now,
            true,
            Optional.empty(),
            true,
            true);
    return new ReceiptsPage(
        "M-2026-000118", Optional.of(found), true, Form.EMPTY, List.of(row), List.of());
  }

  private CalibrationPage calibration() {
    var pairs = new ArrayList<Calibration.Pair>();
    for (var n = 0; n < 400; n++) {
      pairs.add(new Calibration.Pair(Math.sqrt(n / 400.0), n % 7 < 7 * n / 400.0));
    }
    var all = Calibration.of(pairs);
    var none = Calibration.of(List.of());
    var some = new ForecastFigures.Side(all, Map.of(Priority.URGENT, all, Priority.LIFE, none));
    var nothing = new ForecastFigures.Side(none, Map.of());
    var figures = new ForecastFigures(some, nothing, Map.of(Why.EDITED, 3), 14, false);
    return CalibrationPage.of(30, true, figures, ar ? Wording.AR : Wording.EN);
  }

  private String say(String arabic, String english) {
    return ar ? arabic : english;
  }

  private Instant in(int minutes) {
    return now.plus(Duration.ofMinutes(minutes));
  }

  private WatchPage watch() {
    var figures =
        new WatchFigures(
            new OutboxFigures(128, 3, 1, Optional.of(in(-1))),
            false,
            List.of(new WatchFigures.Trouble("+12025550143", "30022 rate limit", in(1))),
            3);
    var standing =
        new WatchPage.Finding(
            in(-4),
            Optional.of(say("أُوقف نداء الاحتياج 31", "Stopped the call-out of need 31")),
            Optional.empty(),
            Optional.empty(),
            1,
            List.of("offers 210 and 388 hold the same person at the same time"),
            0);
    var over =
        new WatchPage.Finding(
            in(-50),
            Optional.of(
                say("أُوقفت رسائل الغرض dispatch", "Stopped the texts of purpose dispatch")),
            Optional.of(in(-38)),
            Optional.empty(),
            23,
            List.of("text 8123 is unknown since 13:02:11Z", "text 8125 is unknown since 13:02:11Z"),
            21);
    var holds =
        say(
            "الأماكن المعدودة في كل احتياج هي التي قُبلت، ولا تزيد على المطلوب",
            "The places counted in a need are those that were accepted, and no more than it asks"
                + " for");
    var need = say("يوقف نداء الاحتياج", "Stops the call-out of the need");
    var texts = say("يوقف رسائل ذلك الغرض", "Stops the texts of that purpose");
    return new WatchPage(
        List.of(
            watched("10", holds, "holds", need, Optional.empty(), List.of()),
            watched(
                "12",
                say("لا أحد في مكانين في وقت واحد", "Nobody is expected at two places at once"),
                "violated",
                need,
                Optional.empty(),
                List.of(standing)),
            watched(
                "18",
                say(
                    "لا يُسأل أحد أكثر من 4 مرات في الساعة",
                    "Nobody is asked more than 4 times an hour"),
                "not_checked",
                texts,
                Optional.of("canceling statement due to statement timeout"),
                List.of()),
            watched(
                "19",
                say(
                    "لا يبقى مصير رسالة مجهولًا فوق دقيقتين",
                    "No text is in doubt for two minutes"),
                "holds",
                texts,
                Optional.empty(),
                List.of(over))),
        figures,
        List.of(
            new WatchPage.Alarm(
                4,
                say(
                    "هواتف لا تصلها الرسائل: اطلب من أصحابها أرقامًا أخرى",
                    "Phones that no text reaches: ask their owners for other numbers"),
                "30005 text 8123",
                2,
                in(-12))),
        true);
  }

  private WatchPage.Row watched(
      String number,
      String holds,
      String state,
      String pauses,
      Optional<String> problem,
      List<WatchPage.Finding> findings) {
    return new WatchPage.Row(
        number,
        holds,
        say("اسأل الشخص أين يكون، وحرّر المكان الآخر", "Ask the person, and free the other place"),
        state,
        pauses,
        Optional.of(in(-1)),
        problem,
        findings,
        !findings.isEmpty());
  }

  private BoardPage board(boolean drill) {
    return new BoardPage(
        new BoardPage.Head(
            1,
            say("سيول جدة — نوفمبر", "Jeddah floods — November"),
            say("سيول", "Flood"),
            say("جدة وما حولها، 25 كم", "Jeddah and around, 25 km"),
            drill,
            in(-134),
            Optional.empty()),
        needs(),
        timeline(),
        map(),
        "63.60 SAR",
        Optional.of(new BoardPage.Cap("50,000.00 SAR", "50000.00", "SAR", false)),
        false,
        true,
        now);
  }

  private List<NeedRow> needs() {
    return List.of(
        row(
            1,
            "life",
            "calling",
            6,
            4,
            0,
            9,
            31,
            true,
            say("إنقاذ مائي بالقوارب — وادي فاطمة", "Boat rescue — Wadi Fatimah"),
            say("وادي فاطمة", "Wadi Fatimah"),
            -20,
            160,
            say(
                "بقي 3 مرشحين فقط بمهارة القوارب داخل 40 كم. وسّع المنطقة إلى مكة.",
                "Only 3 candidates with boats are left within 40 km. Widen the area to Makkah."),
            List.of(say("قيادة قارب", "Boat handling"), say("إنقاذ مائي", "Water rescue"))),
        row(
            2,
            "urgent",
            "calling",
            20,
            13,
            0,
            14,
            58,
            false,
            say("تنظيف البيوت بعد السيل — حي النسيم", "House clean-up after the flood — Al-Naseem"),
            say("حي النسيم", "Al-Naseem"),
            75,
            315,
            say(
                "حتى 24 رسالة أخرى: يكتمل قبل 18:00 باحتمال 92%.",
                "Up to 24 more texts: filled by 18:00 with 92%."),
            List.of(say("تنظيف", "Cleaning"), say("أدوات يدوية", "Hand tools"))),
        row(
            3,
            "urgent",
            "calling",
            8,
            8,
            3,
            0,
            22,
            false,
            say(
                "تسجيل الأسر في مأوى مدرسة الفيصلية",
                "Registering families, Faisaliah school shelter"),
            say("حي الفيصلية", "Al-Faisaliah"),
            40,
            400,
            say(
                "اكتمل في 11 دقيقة؛ شكرنا 6 لم يردوا.",
                "Filled in 11 minutes; 6 silent were stood down."),
            List.of(
                say("تسجيل المستفيدين", "Registration"),
                say("العربية والأردية", "Arabic and Urdu"))),
        row(
            4,
            "urgent",
            "paused",
            12,
            5,
            0,
            0,
            40,
            false,
            say("توزيع الوجبات الساخنة — البلد", "Hot meals — Al-Balad"),
            say("البلد", "Al-Balad"),
            130,
            310,
            say(
                "توقف عند 40 رسالة من 40. يلزم 22 رسالة أخرى تقريبًا لاحتمال 90%.",
                "Paused at 40 of 40 texts. About 22 more would make it 90%."),
            List.of(say("مطبخ ميداني", "Field kitchen"), say("توزيع", "Distribution"))),
        row(
            5,
            "planned",
            "open",
            30,
            0,
            0,
            0,
            0,
            false,
            say("فرز المستودع وتعبئة السلال", "Warehouse sorting and parcels"),
            say("المستودع المركزي، الخمرة", "Central warehouse, Al-Khumrah"),
            1100,
            1400,
            say("46 مرشحًا؛ المتوقع نحو 71 رسالة.", "46 candidates; about 71 texts expected."),
            List.of(say("مستودعات", "Warehouse"), say("حمل ونقل", "Lifting"))),
        row(
            6,
            "urgent",
            "closed",
            4,
            4,
            0,
            0,
            9,
            false,
            say("تشغيل مضخات — نفق الأمير ماجد", "Pump operators — Prince Majid tunnel"),
            say("حي الرحاب", "Ar-Rehab"),
            -130,
            -10,
            say("أُغلق: انتهى العمل.", "Closed: the work is done."),
            List.of(say("معدات ثقيلة", "Heavy equipment"))));
  }

  private NeedRow row(
      long id,
      String priority,
      String state,
      int people,
      int filled,
      int standby,
      int open,
      int texts,
      boolean human,
      String title,
      String place,
      int from,
      int to,
      String says,
      List<String> skills) {
    return new NeedRow(
        id,
        title,
        place,
        skills,
        in(from),
        in(to),
        priority,
        state,
        people,
        filled,
        standby,
        open,
        texts,
        Optional.of(says),
        human);
  }

  private List<Event> timeline() {
    return List.of(
        new Event(
            in(0),
            say("سارة الغامدي قادمة — تنظيف البيوت", "Sara Al-Ghamdi is coming — House clean-up"),
            "yes"),
        new Event(in(-1), say("دُعي 4 — إنقاذ مائي بالقوارب", "4 asked — Boat rescue"), "plain"),
        new Event(in(-2), say("إنقاذ مائي يحتاج إليك", "Boat rescue needs a human"), "alarm"),
        new Event(
            in(-3),
            say("يوسف الحربي اعتذر — تنظيف البيوت", "Yousef Al-Harbi declined — House clean-up"),
            "no"),
        new Event(
            in(-6),
            say("اكتمل: تسجيل الأسر (8 من 8)", "Filled: Registering families (8 of 8)"),
            "yes"),
        new Event(
            in(-11),
            say("توقف: الوجبات الساخنة بلغ حد الرسائل", "Paused: Hot meals reached its texts"),
            "alarm"),
        new Event(
            in(-17),
            say(
                "نادت نورة لتسجيل الأسر، 40 رسالة على الأكثر",
                "Noura called out for Registering families, at most 40 texts"),
            "plain"),
        new Event(
            in(-24),
            say("Imran Khan قادم — تسجيل الأسر", "عمران خان is coming — Registering families"),
            "yes"));
  }

  private AreaMap map() {
    return AreaMap.circle(
        39.19,
        21.49,
        25,
        List.of(
            new AreaMap.At("1", 39.33, 21.60, "life"),
            new AreaMap.At("2", 39.24, 21.52, "plain"),
            new AreaMap.At("3", 39.17, 21.56, "full"),
            new AreaMap.At("4", 39.187, 21.484, "plain")),
        towns());
  }

  private List<Town> towns() {
    return List.of(
        new Town("105343", say("جدة", "Jeddah"), 39.19797, 21.54238),
        new Town("104515", say("مكة المكرمة", "Mecca"), 39.82563, 21.42664),
        new Town("1", say("بحرة", "Bahrah"), 39.4525, 21.4026),
        new Town("2", say("ذهبان", "Dhahban"), 39.16, 21.94));
  }

  private HomePage home() {
    return new HomePage(
        List.of(
            new HomePage.Row(
                1,
                say("سيول جدة — نوفمبر", "Jeddah floods — November"),
                say("سيول", "Flood"),
                say("جدة، 25 كم", "Jeddah, 25 km"),
                false,
                in(-134),
                Optional.empty(),
                5,
                76,
                30,
                1),
            new HomePage.Row(
                2,
                say("تمرين: انهيار مبنى في الرياض", "Drill: building collapse in Riyadh"),
                say("انهيار مبنى", "Building collapse"),
                say("الرياض، 10 كم", "Riyadh, 10 km"),
                true,
                in(-2000),
                Optional.empty(),
                2,
                14,
                14,
                0),
            new HomePage.Row(
                3,
                say("موجة حر المدينة", "Madinah heat wave"),
                say("موجة حر", "Heat wave"),
                say("المدينة المنورة، 20 كم", "Madinah, 20 km"),
                false,
                in(-90000),
                Optional.of(in(-60000)),
                0,
                120,
                118,
                0)),
        List.of(new HomePage.Reached(1, say("صندوق سيول جدة", "Jeddah flood fund"))),
        20_418,
        true);
  }

  private LaunchPage launch(int step) {
    var draft =
        step == 1
            ? new LaunchPage.Draft("flood", "", "", "live", "SA", "", "", "", "25")
            : new LaunchPage.Draft(
                "flood",
                "سيول جدة",
                "Jeddah floods",
                "live",
                "SA",
                "105343",
                "21.5424",
                "39.1980",
                "25");
    return new LaunchPage(
        step,
        draft,
        List.of(
            new Choice("flood", say("سيول", "Flood")),
            new Choice("storm", say("عاصفة", "Storm")),
            new Choice("heat", say("موجة حر", "Heat wave")),
            new Choice("fire", say("حريق", "Fire")),
            new Choice("earthquake", say("زلزال", "Earthquake")),
            new Choice("collapse", say("انهيار مبنى", "Building collapse")),
            new Choice("crowd", say("حشود", "Crowd")),
            new Choice("epidemic", say("وباء", "Epidemic")),
            new Choice("search", say("بحث عن مفقود", "Missing person")),
            new Choice("other", say("أخرى", "Other"))),
        List.of(
            new Choice("SA", say("السعودية", "Saudi Arabia")),
            new Choice("QA", say("قطر", "Qatar"))),
        towns(),
        List.of(),
        say("جدة وما حولها، 25 كم", "Jeddah and around, 25 km"),
        6_204,
        step == 3 ? Optional.of(map()) : Optional.empty());
  }

  private NeedFormPage needForm() {
    return new NeedFormPage(
        1,
        say("سيول جدة — نوفمبر", "Jeddah floods — November"),
        false,
        Optional.empty(),
        Form.with(
            "priority",
            "urgent",
            "people",
            "20",
            "lat",
            "21.52",
            "lon",
            "39.24",
            "starts_at",
            "2026-11-22T16:00",
            "ends_at",
            "2026-11-22T20:00"),
        List.of(
            new Choice("cleaning", say("تنظيف", "Cleaning")),
            new Choice("tools", say("أدوات يدوية", "Hand tools")),
            new Choice("boat", say("قيادة قارب", "Boat handling")),
            new Choice("first_aid", say("إسعافات أولية", "First aid")),
            new Choice("doctor", say("طبيب", "Doctor")),
            new Choice("driver", say("قيادة سيارة", "Driver"))),
        List.of(
            new Choice("ar", say("العربية", "Arabic")), new Choice("ur", say("الأردية", "Urdu"))),
        towns(),
        List.of(
            say(
                "أقصى عدد للأشخاص 500: اكتب عددًا أقل.",
                "People: at most 500. Write a smaller number.")));
  }

  private OverridePage override() {
    return new OverridePage(
        4,
        say("إجلاء عائلات", "Evacuate families"),
        1,
        say("سيول جدة — نوفمبر", "Jeddah floods — November"),
        false,
        say("سؤال كل من ضمن 5 كم", "Ask everybody within 5 km"),
        Optional.of("5"),
        List.of(
            new OverridePage.Figure(say("يجوز سؤالهم الآن", "May be asked now"), "63"),
            new OverridePage.Figure(say("التكلفة", "It costs"), "3.15 SAR"),
            new OverridePage.Figure(say("سيُقال لهم: اكتمل", "Told: already filled"), "≈ 4.1")),
        say("يُسألون جميعًا معًا.", "All of them are asked at once."),
        List.of(say("سُئل قبل قليل", "Was asked a moment ago")),
        List.of(),
        Optional.of(
            new OverridePage.Act(
                "/needs/4/ring",
                Map.of("km", "5.0", "people", "63"),
                java.util.OptionalInt.of(63),
                true,
                say("اسأل 63 شخصًا", "Ask 63 people"))));
  }

  private NeedPage need() {
    var row = needs().get(3);
    return new NeedPage(
        row,
        Optional.of(
            new NeedForecasts(
                Optional.of(say("92% في 10:05", "92% at 10:05")),
                Optional.of(say("81% في 10:40", "81% at 10:40")),
                say("يُعرف بعد دقيقة من 12:00", "Known a minute after 12:00"))),
        1,
        say("سيول جدة — نوفمبر", "Jeddah floods — November"),
        false,
        true,
        Optional.of(
            new NeedPage.CallOut(
                "30",
                37,
                60,
                "18.00 SAR",
                "18.00",
                "SAR",
                0.92,
                24,
                in(120),
                in(240),
                List.of(
                    step(12, .21),
                    step(24, .52),
                    step(36, .74),
                    step(48, .86),
                    new NeedPage.Step(60, .92, true),
                    step(72, .95),
                    step(84, .97),
                    step(96, .98),
                    step(108, .98),
                    step(120, .98)),
                true,
                false,
                List.of(
                    reach("السعودية", "Saudi Arabia", Way.WHATSAPP, Ways.Answer.PRESS, 21),
                    reach("السعودية", "Saudi Arabia", Way.SMS, Ways.Answer.LINK, 9),
                    reach("الإمارات", "United Arab Emirates", Way.SMS, Ways.Answer.CODE, 5),
                    reach("ألمانيا", "Germany", Way.SMS, Ways.Answer.REPLY, 2)))),
        Optional.empty(),
        candidates(),
        List.of(
            new NeedPage.WhyNot(
                say("خارج المدى الذي يصل منه في الوقت", "too far away to be there in time"),
                14_208),
            new NeedPage.WhyNot(say("لا يملك المهارة المطلوبة", "does not have the skill"), 3_966),
            new NeedPage.WhyNot(say("دُعي كثيرًا هذا الأسبوع", "was asked often this week"), 41),
            new NeedPage.WhyNot(say("لا يريد رسائل", "wants no texts"), 12)),
        previews(),
        Optional.of(
            new HelpPanel(
                "12%",
                List.of(
                    new HelpPanel.Step(
                        say(
                            "توسيع النطاق إلى 45 كم وحتى 60 رسالة: من 12% إلى 71%",
                            "ask within 45 km, up to 60 texts: from 12% to 71%"),
                        say("اعتمده", "Approve it"),
                        true,
                        "/needs/4?km=45&max_texts=60#callout"),
                    new HelpPanel.Step(
                        say(
                            "الاستغناء عن مهارة: إسعاف أولي: من 12% إلى 44%",
                            "do without the skill: First aid: from 12% to 44%"),
                        say("تعديل الاحتياج", "Edit need"),
                        false,
                        "/needs/4/edit?without=first_aid")))),
        Optional.of(
            new OverridePanel(
                true,
                Optional.of(
                    new OverridePanel.Waiting(3, "سارة", false, say("12 كم", "12 km"), 612)))),
        List.of(
            new NeedPage.Offer(
                1,
                "F7K2",
                say("هدى القحطاني", "Huda Al-Qahtani"),
                "•••• 418",
                "on_way",
                in(-44),
                Optional.of(in(-41)),
                Optional.of(in(25)),
                Optional.of(3),
                1.4),
            new NeedPage.Offer(
                2,
                "G3M8",
                "Imran Khan",
                "•••• 902",
                "standby",
                in(-44),
                Optional.of(in(-30)),
                Optional.empty(),
                Optional.empty(),
                4.6),
            new NeedPage.Offer(
                3,
                "H2P5",
                say("فهد العتيبي", "Fahad Al-Otaibi"),
                "•••• 077",
                "declined",
                in(-40),
                Optional.of(in(-38)),
                Optional.empty(),
                Optional.empty(),
                6.0),
            new NeedPage.Offer(
                4,
                "K9R4",
                say("منى الزهراني", "Mona Al-Zahrani"),
                "•••• 553",
                "expired",
                in(-60),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                8.3)),
        decisions(),
        List.of());
  }

  private DecisionLog decisions() {
    return new DecisionLog(
        4,
        List.of(
            new DecisionLog.Entry(
                8,
                in(-20),
                say(
                    "لم يُسأل أحد: لم يبق أحد في المتناول؛ المتبقي 2، والمتوقع 0.8 نعم.",
                    "Nobody was asked: nobody is left within reach; 2 open, 0.8 yes expected."),
                Optional.empty(),
                List.of(),
                0),
            new DecisionLog.Entry(
                7,
                in(-44),
                say(
                    "سُئل 9 من 37 في المتناول: المتبقي 3، والمتوقع 2.6 نعم.",
                    "Asked 9 of 37 within reach: 3 open, 2.6 yes expected."),
                Optional.of(new DecisionLog.Figures(1, 9, "2.6", 3)),
                List.of(
                    new DecisionLog.Line(
                        11,
                        say("سارة الغامدي", "Sara Al-Ghamdi"),
                        say(
                            "سُئل لأنه يبعد 2.1 كم، يوافق 8 مرات من كل 10؛ الدفعة الأولى: 3 من 3"
                                + " أماكن شاغرة",
                            "asked because 2.1 km away, says yes 8 times in 10; first wave, 3 of"
                                + " 3 places open"),
                        true),
                    new DecisionLog.Line(
                        12,
                        "Imran Khan",
                        say(
                            "لم يُسأل في النهاية: طلب إيقاف الرسائل في هذه الأثناء",
                            "not asked after all: wrote stop meanwhile"),
                        false)),
                7)),
        Optional.of("/needs/4/decisions?before=2"));
  }

  private NeedPage.Reach reach(String ar, String en, Way way, Ways.Answer answer, int people) {
    var sms = way == Way.SMS;
    return new NeedPage.Reach(
        say(ar, en),
        way,
        answer,
        "en",
        people,
        sms ? 1 : 0,
        sms ? "0.30 SAR" : "0.50 SAR",
        sms
            ? Optional.of("Fazaa: hot meals, today 18:00 to 21:00, 12 needed. Can you come?")
            : Optional.empty());
  }

  private static NeedPage.Step step(int texts, double chance) {
    return new NeedPage.Step(texts, chance, false);
  }

  private CandidatesPart candidates() {
    return new CandidatesPart(
        14,
        false,
        true,
        21,
        List.of(
            candidate(11, say("سارة الغامدي", "Sara Al-Ghamdi"), 82, 94, 100, 2.1),
            candidate(12, say("عمران خان", "Imran Khan"), 74, 88, 90, 4.6),
            candidate(13, "Maria Santos", 61, 70, 100, 9.8),
            candidate(14, say("يوسف الحربي", "Yousef Al-Harbi"), 32, 91, 28, 3.3)));
  }

  private CandidatesPart.Row candidate(
      long id, String name, int likely, int near, int rested, double km) {
    return new CandidatesPart.Row(
        id,
        name,
        km,
        List.of(say("مطبخ ميداني", "Field kitchen"), say("توزيع", "Distribution")),
        merits(likely, near, rested));
  }

  private List<Merit> merits(int likely, int near, int rested) {
    var f = ar ? Wording.AR : Wording.EN;
    var tired = rested < 50 ? Word.MERIT_TIRED : Word.MERIT_RESTED;
    return List.of(
        new Merit(f.of(Word.BAR_LIKELY), likely, f.of(Word.MERIT_YES, 3, 4), false),
        new Merit(f.of(Word.BAR_NEAR), near, f.of(Word.MERIT_NEAR, "2.1 km", "5 min"), false),
        new Merit(f.of(Word.BAR_RESTED), rested, f.of(tired), rested < 50),
        new Merit(f.of(Word.BAR_SKILL), 50, f.of(Word.MERIT_RARE, 1), true));
  }

  private PersonPage person() {
    return new PersonPage(
        head(),
        14,
        say("يوسف الحربي", "Yousef Al-Harbi"),
        "•••• 214",
        List.of(say("تمريض", "Nurse")),
        List.of(
            say("بعيد جدًّا: 31.0 كم، والحد 25 كم", "Is too far away: 31.0 km, the limit is 25 km"),
            say("سُئل قبل قليل", "Was asked a moment ago")),
        List.of(
            say("متطوع نشط", "Is an active volunteer"),
            say("يتحدث لغة مطلوبة", "Speaks a language that is asked for")),
        Optional.of(
            new PersonPage.Rank(
                say("الترتيب 4 من 37 ممن يمكن سؤالهم الآن", "Number 4 of the 37"),
                say("أمل الجواب 32%، والثمن 0.80", "Chance of an answer 32%, price 0.80"),
                merits(32, 91, 28))),
        List.of(
            new PersonPage.Offer(
                "F7K2",
                "declined",
                in(-44),
                Optional.of(in(-41)),
                31,
                .32,
                say("على بعد 31 كم", "31 km away"))),
        List.of());
  }

  private PersonPage.Head head() {
    return new PersonPage.Head(
        14,
        say("تمريض في مركز الإيواء", "Nursing at the shelter"),
        1,
        say("سيول جدة — نوفمبر", "Jeddah floods — November"),
        false);
  }

  private PersonSearchPage personSearch() {
    return new PersonSearchPage(
        head(),
        say("يوسف", "Yousef"),
        List.of(
            new PersonSearchPage.Row(
                14,
                say("يوسف الحربي", "Yousef Al-Harbi"),
                "•••• 214",
                Optional.of(say("سُئل قبل قليل", "Was asked a moment ago"))),
            new PersonSearchPage.Row(
                15, say("يوسف الزهراني", "Yousef Al-Zahrani"), "•••• 871", Optional.empty())),
        List.of());
  }

  private OrganisationsPage organisations() {
    return new OrganisationsPage(
        List.of(new Choice("red-crescent", say("الهلال الأحمر", "Red Crescent"))),
        List.of(
            new OrganisationsPage.Rule(
                2,
                say("الهلال الأحمر", "Red Crescent"),
                List.of("urgent", "planned"),
                in(-90),
                Optional.of(in(600)),
                say("عادوا من مهمة طويلة", "They came home from a long task"),
                OrganisationsPage.State.IN_FORCE),
            new OrganisationsPage.Rule(
                1,
                say("الهلال الأحمر", "Red Crescent"),
                List.of("life", "urgent", "planned"),
                in(-9000),
                Optional.empty(),
                say("تدريب سنوي", "Yearly training"),
                OrganisationsPage.State.OVER)),
        Form.with("kinds", "planned"),
        List.of());
  }

  private static List<TextPreview> previews() {
    return List.of(
        new TextPreview(
            "ar",
            "rtl",
            "فزعة: توزيع الوجبات، البلد، اليوم 6–9م، نحتاج 12. تجي؟ 1 نعم 2 لا. الرمز F7K2",
            78,
            2,
            "UCS-2",
            "0.60 SAR"),
        new TextPreview(
            "en",
            "ltr",
            "Fazaa: hot meals, Al-Balad, today 18:00-21:00, 12 people. Coming? 1 yes 2 no. Code"
                + " F7K2",
            87,
            1,
            "GSM-7",
            "0.30 SAR"));
  }

  private InboxPage inbox() {
    var need = Optional.of(new InboxPage.About(2, needs().get(1).title(), 6, 10));
    return new InboxPage(
        List.of(
            reply(
                4,
                say("مشعل العتيبي", "Mishal Al-Otaibi"),
                "احنا محاصرين فوق السطح",
                say("قد يكون أحدهم في خطر", "Somebody may be in danger"),
                1_000,
                need,
                InboxPage.Hands.NOBODY,
                List.of(
                    new InboxPage.Attachment(
                        InboxPage.Kind.PIN,
                        say(
                            "21.54290,39.17280، على بعد 1.4 كم من مكان اللقاء",
                            "21.54290,39.17280, 1.4 km from where people meet"),
                        "geo:21.54290,39.17280"))),
            reply(
                1,
                say("سارة الغامدي", "Sara Al-Ghamdi"),
                "ايه بس بعد المغرب ومعاي اخوي",
                say("تقول أكثر من نعم أو لا", "It says more than yes or no"),
                790,
                need,
                InboxPage.Hands.MINE,
                List.of()),
            reply(
                2,
                "Imran Khan",
                "who is this? from where you have my number",
                say("فيها سؤال", "It asks something"),
                410,
                need,
                InboxPage.Hands.ANOTHER,
                List.of()),
            reply(
                3,
                say("مرسل غير معروف", "Unknown sender"),
                "",
                say("صورة أو صوت أو موقع فقط", "Only a photo, a voice note or a pin"),
                10,
                Optional.empty(),
                InboxPage.Hands.NOBODY,
                List.of(
                    new InboxPage.Attachment(
                        InboxPage.Kind.AUDIO, "audio/ogg", "/inbox/attachments/8"),
                    new InboxPage.Attachment(
                        InboxPage.Kind.NOTHING,
                        say("image/jpeg: يُجلب الآن", "image/jpeg: being fetched"),
                        "")))),
        31,
        List.of(
            new InboxPage.Settled(
                "تمام", say("قادم", "Coming"), say("صار له مكان", "has a place now"), "", in(-1)),
            new InboxPage.Settled(
                "وين الموقع",
                say("كُتب له", "Written back"),
                say("وصله", "delivered"),
                "خلف مدرسة النسيم",
                in(-4))));
  }

  private InboxPage.Waiting reply(
      long id,
      String name,
      String body,
      String why,
      int worth,
      Optional<InboxPage.About> need,
      InboxPage.Hands hands,
      List<InboxPage.Attachment> attachments) {
    return new InboxPage.Waiting(
        id,
        name,
        "•••• 418",
        body,
        why,
        worth,
        worth == 1_000,
        need.isPresent() ? "F7K2" : "",
        need,
        false,
        hands,
        hands == InboxPage.Hands.NOBODY
            ? Optional.empty()
            : Optional.of(new InboxPage.Taken(say("نورة", "Noura"), in(2))),
        attachments,
        "ar",
        List.of(
            new Choice("thanks", "فزعة: قرأنا رسالتك. شكرًا لك."),
            new Choice("hour", "فزعة: شكرًا لك. من أي ساعة تستطيع الحضور؟")),
        in(-(int) id * 3));
  }

  private SuggestionsPage suggestions() {
    return new SuggestionsPage(
        List.of(
            new SuggestionsPage.Row(
                1,
                "جاي بعد الدوام",
                say("سُئل", "asked"),
                say("لاحقًا", "Later"),
                14,
                in(-90),
                in(-5)),
            new SuggestionsPage.Row(
                2,
                "cant today, maybe tomorrow",
                say("له مكان", "has a place"),
                say("ينسحب", "Drops the shift"),
                2,
                in(-200),
                in(-60))));
  }

  private PhonesPage phones() {
    return new PhonesPage(
        List.of(
            new PhonesPage.Row(
                "8",
                say("سارة الغامدي", "Sara Al-Ghamdi"),
                "+966 55 010 0418",
                "فزعة: تنظيف بعد السيل، حي النسيم، اليوم 4–8م. تجي؟ 1 نعم 2 لا",
                true,
                in(-2)),
            new PhonesPage.Row(
                "9",
                "Imran Khan",
                "+966 55 010 0902",
                "Fazaa: thank you, the place is yours. 16:00, Al-Naseem.",
                false,
                in(-8))));
  }

  private PhonePage phone() {
    return new PhonePage(
        "8",
        say("سارة الغامدي", "Sara Al-Ghamdi"),
        "+966 55 010 0418",
        List.of(
            new PhonePage.Line(
                true,
                "فزعة: تنظيف بعد السيل، حي النسيم، اليوم 4–8م، نحتاج 20. تجي؟ 1 نعم 2 لا. الرمز"
                    + " F7K2",
                in(-12),
                say("سُلّمت", "delivered"),
                Optional.of("/a/xyz")),
            new PhonePage.Line(
                false, "ايه جاية", in(-10), say("قُرئت: نعم", "read as: yes"), Optional.empty()),
            new PhonePage.Line(
                true,
                "شكرًا سارة. المكان لك. نقطة اللقاء: https://example.org/m/F7K2",
                in(-10),
                say("سُلّمت", "delivered"),
                Optional.empty())),
        List.of("1", "2", "لا مشكلة جاي", "بعد المغرب", "STOP"));
  }

  private VolunteersPage volunteers() {
    return new VolunteersPage(
        "",
        20_418,
        List.of(
            new VolunteersPage.Row(
                1,
                say("سارة الغامدي", "Sara Al-Ghamdi"),
                "•••• 418",
                List.of(say("تنظيف", "Cleaning"), say("تسجيل", "Registration")),
                true,
                false,
                say("يمكن دعوته", "May be asked")),
            new VolunteersPage.Row(
                2,
                "Imran Khan",
                "•••• 902",
                List.of(say("قيادة شاحنة", "Truck driver")),
                false,
                true,
                say("لا يريد رسائل", "Wants no texts"))),
        Optional.of(
            new ProofsPart(
                2,
                "Imran Khan",
                List.of(
                    new ProofsPart.Row(
                        say("قيادة شاحنة", "Truck driver"),
                        Optional.of("2026-10-01"),
                        true,
                        "Licence 1124")),
                List.of(new Choice("driver_truck", say("قيادة شاحنة", "Truck driver"))),
                Form.EMPTY)),
        List.of());
  }

  private ReachTestsPage reachTests() {
    return new ReachTestsPage(
        List.of(new ReachTestsPage.Row(3, in(-90), 50, 46, 31)),
        List.of(new Choice("red-crescent", say("الهلال الأحمر", "Red Crescent"))),
        500,
        Form.with("whom", "sample", "sample", "50"),
        List.of());
  }

  private ReachTestPage reachTest() {
    return new ReachTestPage(
        3,
        in(-90),
        in(1350),
        2,
        1,
        2,
        1,
        List.of(
            new ReachTestPage.WayRow(say("رسالة نصية", "SMS"), 2, 2, 2, 1, 0, 0),
            new ReachTestPage.WayRow(say("واتساب", "WhatsApp"), 1, 1, 0, 0, 1, 0)),
        List.of(
            new ReachTestPage.Person(
                1,
                say("سارة الغامدي", "Sara Al-Ghamdi"),
                "•••• 418",
                List.of(
                    new ReachTestPage.Try(
                        say("واتساب", "WhatsApp"),
                        "human",
                        say("لم تصل", "failed"),
                        Optional.of("63024")),
                    new ReachTestPage.Try(
                        say("رسالة نصية", "SMS"),
                        "yes",
                        say("أُجيب عنها", "answered"),
                        Optional.empty())))));
  }

  private ImportedPage imported() {
    return new ImportedPage(
        99_812,
        143,
        40,
        5,
        List.of(
            new ImportedPage.Line(
                17,
                List.of(
                    say(
                        "الهاتف: ليس رقمًا دوليًا؛ اكتبه مثل ‎+966501234567",
                        "phone: not a number; write it like +966501234567"))),
            new ImportedPage.Line(
                204,
                List.of(
                    say("skills: مهارة غير معروفة «boatt»", "skills: unknown skill “boatt”")))));
  }

  private FinancePage finance() {
    return new FinancePage(
        List.of(
            new FinancePage.Fund(
                1,
                say("صندوق سيول جدة", "Jeddah flood fund"),
                "182,400.00 SAR",
                "36,000.00 SAR",
                List.of(
                    new FinancePage.Request(
                        1,
                        say("مضخات مياه ووقود", "Water pumps and fuel"),
                        say("مؤسسة البحر", "Al-Bahr Est."),
                        "waiting",
                        1,
                        2,
                        "24,500.00 SAR",
                        in(-50)),
                    new FinancePage.Request(
                        2,
                        say("وجبات ساخنة، 3 أيام", "Hot meals, 3 days"),
                        say("مطبخ الخير", "Al-Khair Kitchen"),
                        "approved",
                        2,
                        2,
                        "11,500.00 SAR",
                        in(-90)),
                    new FinancePage.Request(
                        3,
                        say("بطانيات", "Blankets"),
                        say("مصنع الشرق", "Al-Sharq"),
                        "paid",
                        2,
                        2,
                        "8,000.00 SAR",
                        in(-3000))))),
        true);
  }

  private RequestPage request() {
    return new RequestPage(
        1,
        say("صندوق سيول جدة", "Jeddah flood fund"),
        say("مضخات مياه ووقود", "Water pumps and fuel"),
        "24,500.00 SAR",
        "waiting",
        say("بانتظار الاعتماد", "Waiting for approvals"),
        2,
        List.of(
            new RequestPage.Fact(say("المستفيد", "Payee"), say("مؤسسة البحر", "Al-Bahr Est.")),
            new RequestPage.Fact(say("المستند", "Evidence"), say("عرض سعر 118", "Quotation 118"))),
        1,
        List.of(new RequestPage.Change(say("المبلغ", "Amount"), "22,000.00 SAR", "24,500.00 SAR")),
        List.of(
            new RequestPage.Step(
                in(-50), say("خالد", "Khalid"), say("طلب النسخة 1", "asked for version 1")),
            new RequestPage.Step(
                in(-40), say("ريم", "Reem"), say("وافقت على النسخة 1", "approved version 1")),
            new RequestPage.Step(
                in(-20), say("خالد", "Khalid"), say("طلب النسخة 2", "asked for version 2"))),
        true,
        false,
        false,
        true,
        List.of(new Choice("sent", say("أُرسل إلى البنك", "Sent to the bank"))),
        Optional.empty(),
        List.of());
  }

  private PaymentsPage payments() {
    return new PaymentsPage(
        List.of(
            new PaymentsPage.Fund(
                1,
                say("صندوق سيول جدة", "Jeddah flood fund"),
                Optional.of("Fazaa · SA0380000000608010167519"),
                1)),
        List.of(
            new PaymentsPage.File(
                2,
                say("صندوق سيول جدة", "Jeddah flood fund"),
                "FZ-1-8QK2M4N7PR",
                1,
                "8,000.00 SAR",
                in(-60),
                1)),
        List.of(
            new PaymentsPage.Row(
                3,
                say("بطانيات", "Blankets"),
                say("مصنع الشرق", "Al-Sharq"),
                "FZ-3-7K2M",
                "prepared",
                say("أُعد أمر الدفع", "Ordered"),
                "8,000.00 SAR",
                Optional.of(2L),
                in(-90))),
        Form.EMPTY,
        List.of());
  }

  private FeePolicyPage feePolicy() {
    return new FeePolicyPage(
        say("كل صندوق لنفسه", "Each fund for itself"),
        List.of(
            new FeePolicyPage.Proposal(
                2,
                say("صندوق التشغيل", "Operations fund"),
                say("قرار المجلس", "Decision of the board"),
                say("خالد", "Khalid"),
                in(-600),
                Optional.empty(),
                true)),
        List.of(new Choice("", say("كل صندوق لنفسه", "Each fund for itself"))),
        Form.EMPTY,
        List.of());
  }

  private PolicyPage policy() {
    var steps =
        List.of(new PolicyPage.Step("0.00 SAR", 2), new PolicyPage.Step("100000.00 SAR", 3));
    return new PolicyPage(
        List.of(new PolicyPage.InForce("SAR", steps)),
        List.of(
            new PolicyPage.Proposal(
                2,
                "SAR",
                steps,
                say("قرار المجلس", "Decision of the board"),
                say("خالد", "Khalid"),
                in(-600),
                Optional.empty(),
                true)),
        List.of(new Choice("SAR", "SAR")),
        Form.EMPTY,
        List.of());
  }

  private InitiativesPage initiatives() {
    return new InitiativesPage(
        List.of(
            new InitiativesPage.Row(
                3,
                say("خيام", "Tents"),
                say("صندوق سيول جدة", "Jeddah flood fund"),
                "50,000.00 SAR",
                "8,000.00 SAR",
                Optional.of(
                    new InitiativesPage.Waiting(
                        2,
                        "60,000.00 SAR",
                        say("أسر أكثر", "More families"),
                        say("خالد", "Khalid"),
                        true)))),
        List.of(new Choice("1", say("صندوق سيول جدة", "Jeddah flood fund"))),
        Form.EMPTY,
        List.of());
  }

  private TermsPage.UseChoices uses() {
    return new TermsPage.UseChoices(
        List.of(new Choice("food", say("غذاء", "Food"))),
        List.of(new Choice("SA-09", say("جازان", "Jazan"))),
        List.of(new Choice("displaced", say("نازحون", "Displaced people"))));
  }

  private TermsPage terms() {
    var use = say("إيواء، مكة المكرمة، نازحون", "Shelter, Makkah, Displaced people");
    return new TermsPage(
        1,
        say("صندوق سيول جدة", "Jeddah flood fund"),
        List.of(
            new TermsPage.Rule(
                1, use, say("منذ افتتاح الصندوق", "At opening"), in(-9_000), Optional.empty()),
            new TermsPage.Rule(
                2,
                say("غذاء، كل المناطق", "Food, anywhere"),
                say("أضافها شخصان", "Added"),
                in(-8_000),
                Optional.of(in(-60)))),
        Optional.empty(),
        List.of(new RequestPage.Fact(say("آخر يوم", "Last day of gifts"), "2026-12-31")),
        List.of(
            new TermsPage.Change(
                4,
                say("السماح بـ: ماء، عسير", "Allow: Water, Asir"),
                say("جفت الآبار", "The wells are dry"),
                say("خالد", "Khalid"),
                in(-600),
                Optional.empty(),
                true)),
        uses(),
        List.of(
            new TermsPage.Move(
                1,
                say("صندوق الشتاء", "Winter fund"),
                "900.00 SAR",
                say("قرار المجلس", "Decision of the board"),
                say("خالد", "Khalid"),
                1,
                2,
                Optional.empty(),
                true)),
        List.of(new Choice("2", say("صندوق الشتاء", "Winter fund"))),
        "1,200.00 SAR",
        false,
        Form.EMPTY,
        List.of());
  }

  private ProgrammesPage programmes() {
    var fund = say("صندوق سيول جدة", "Jeddah flood fund");
    return new ProgrammesPage(
        List.of(
            new ProgrammesPage.Row(
                4,
                say("إعاشة", "Living support"),
                fund,
                "500.00 SAR",
                say("كل شهر", "Every month"),
                6,
                "2026-12-01")),
        List.of(new Choice("1", fund)),
        List.of(new Choice("3", say("خيام", "Tents"))),
        List.of(new Choice("month", say("كل شهر", "Every month"))),
        Form.EMPTY,
        List.of());
  }

  private ProgrammePage programme() {
    return new ProgrammePage(
        4,
        say("إعاشة", "Living support"),
        say("صندوق سيول جدة", "Jeddah flood fund"),
        "500.00 SAR",
        List.of(
            new ProgrammePage.Row(
                9,
                1,
                "3fa94c01",
                say("جمعية البر", "Al-Birr Society"),
                "enrolled",
                say("سُجّل ولم يُتحقق منه", "Enrolled, not yet verified"),
                Optional.of(3L),
                true)),
        List.of(new Choice("1", "1 · 2026-12-01")),
        List.of(new Choice("national", say("هوية", "National id"))),
        List.of(new Choice("1", say("جمعية البر", "Al-Birr Society"))),
        List.of(new Choice("visit", say("زيارة", "A visit"))),
        Form.EMPTY,
        List.of());
  }

  private PayeesPage payees() {
    return new PayeesPage(
        List.of(
            new PayeesPage.Row(
                1,
                say("جمعية البر", "Al-Birr Society"),
                "SA0380000000608010167519",
                1,
                Optional.empty(),
                true,
                Optional.of(
                    new PayeesPage.Accredited(1, "NC · 118 · 2026-01-01 – 2026-12-31", false)),
                false,
                true)),
        Form.EMPTY,
        List.of());
  }

  private JournalPage journal() {
    return new JournalPage(
        List.of(new Choice("1", say("صندوق سيول جدة", "Jeddah flood fund"))),
        "1",
        List.of(
            new JournalPage.Line(
                true,
                912,
                in(-30),
                say("تبرع ببطاقة", "gift by card"),
                say("مزود البطاقات", "card provider"),
                "150.00 SAR",
                ""),
            new JournalPage.Line(
                false, 912, in(-30), "", say("تبرعات مستلمة", "gifts received"), "", "150.00 SAR")),
        "2026-06-30",
        "",
        List.of(
            new JournalPage.Balance(say("مزود البطاقات", "card provider"), "150.00 SAR"),
            new JournalPage.Balance(say("تبرعات مستلمة", "gifts received"), "-150.00 SAR")),
        "0.00 SAR",
        true,
        List.of(
            new JournalPage.Month("2026-11", 412, 3, false, false),
            new JournalPage.Month("2026-10", 398, 0, false, true),
            new JournalPage.Month("2026-09", 77, 0, true, false)),
        true,
        Optional.empty());
  }
}
