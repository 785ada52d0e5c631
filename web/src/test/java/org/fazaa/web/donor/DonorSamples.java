package org.fazaa.web.donor;

import io.nayuki.qrcodegen.QrCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Wording;

/** The donor's pages. */
public final class DonorSamples {
  private DonorSamples() {}

  public static Map<String, Object> all(boolean ar, Instant now) {
    var name = ar ? "صندوق سيول جدة" : "Jeddah flood fund";
    var purpose =
        ar
            ? "إيواء وإطعام من غمرت السيول بيوتهم"
            : "Shelter and food for those whose houses were flooded";
    return Map.of(
        "donor/give",
        new GivePage(
            1,
            name,
            purpose,
            "SAR",
            true,
            List.of("50", "150", "500", "1000"),
            List.of(
                new Choice("card", ar ? "بطاقة" : "Card"),
                new Choice("bank_transfer", ar ? "تحويل بنكي" : "Bank transfer")),
            List.of(
                new Choice("once", ar ? "مرة واحدة" : "Once"),
                new Choice("month", ar ? "كل شهر" : "Each month")),
            Form.with("amount", "150", "channel", "card", "often", "month"),
            List.of()),
        "donor/gift",
        new GiftPage(
            1,
            "150.00 SAR",
            ar ? "بطاقة" : "Card",
            ar ? "أم خالد" : "Umm Khalid",
            ar ? "وصل" : "Received",
            now,
            Optional.empty(),
            Optional.empty(),
            Optional.of(printed(name, ar)),
            "/receipts/K7QX2M9RTB4HZ6WN/pdf",
            List.of(
                new GiftPage.Use(
                    ar ? "وجبات ساخنة، 3 أيام" : "Hot meals, 3 days",
                    ar ? "مطبخ الخير" : "Al-Khair Kitchen",
                    "11,500.00 SAR",
                    now)),
            ""),
        "donor/delivery",
        new DeliveryPage("500.00 SAR", ar ? "جمعية البر" : "Al-Birr Society", Optional.of(true)),
        "donor/openFund",
        new OpenFundPage(
            1,
            name,
            purpose,
            true,
            true,
            List.of(
                new OpenFundPage.Figure(
                    ar ? "موعود" : "Promised",
                    "12,300.00 SAR",
                    ar ? "قيل ولم يصل بعد" : "said, not yet arrived"),
                new OpenFundPage.Figure(
                    ar ? "وصل" : "Received",
                    "236,400.00 SAR",
                    ar ? "وصل وله إيصال" : "arrived, with a receipt"),
                new OpenFundPage.Figure(
                    ar ? "محجوز" : "Reserved",
                    "36,000.00 SAR",
                    ar ? "محجوز لطلب" : "held for a request"),
                new OpenFundPage.Figure(
                    ar ? "صُرف" : "Paid",
                    "18,000.00 SAR",
                    ar ? "خرج من الصندوق" : "left the fund")),
            List.of(ar ? "1,800.00 SAR كل شهر: 12 تعهدًا" : "1,800.00 SAR each month: 12 pledges"),
            Optional.of(new OpenFundPage.Target("500,000.00 SAR", 47, false)),
            Optional.of(ar ? "يُغلق بعد 12 يومًا" : "Closes in 12 days"),
            List.of(ar ? "إيواء، مكة المكرمة، نازحون" : "Shelter, Makkah, Displaced people"),
            Optional.of(ar ? "تقرره الجهة المختصة" : "The authority decides"),
            List.of(
                new OpenFundPage.Line(
                    ar ? "بطانيات" : "Blankets",
                    ar ? "مصنع الشرق" : "Al-Sharq",
                    ar ? "إيواء، مكة المكرمة، نازحون" : "Shelter, Makkah, Displaced people",
                    "paid",
                    "8,000.00 SAR",
                    now))),
        "donor/check",
        new CheckPage(
            "M-2026-000118",
            "K7QX2M9RTB4H",
            Optional.empty(),
            Optional.of(
                new CheckPage.Found(
                    "M-2026-000118",
                    "reissued",
                    ar ? "ملغى" : "Void",
                    name,
                    "150.00 SAR",
                    false,
                    true,
                    now,
                    now,
                    Optional.of(now),
                    Optional.of("M-2026-000119")))),
        "donor/giver",
        new GiverPage(true, Optional.of(new GiverPage.Flaw("!", "·"))),
        "donor/statement",
        new StatementPage(
            ar ? "كشف تبرعات سنة 2026" : "Statement of gifts in 2026",
            "+966501234567",
            ar ? "أم خالد" : "Umm Khalid",
            2026,
            "gregorian",
            List.of(
                new StatementPage.PledgeRow(
                    7, "/pledges/7-K7QX2M9RTB4HZ6WN", name, "150.00 SAR", true)),
            List.of(
                new StatementPage.Row(
                    "M-2026-000118",
                    "/check/M-2026-000118/K7QX2M9RTB4H",
                    name,
                    "150.00 SAR",
                    now,
                    Optional.of(ar ? "ملغى" : "Void"))),
            List.of("150.00 SAR"),
            List.of("50.00 SAR"),
            Optional.of("!"),
            "/my-gifts/pdf?calendar=gregorian&year=2026",
            now,
            Optional.empty()),
        "donor/pledge",
        new PledgePage(
            1,
            "7-K7QX2M9RTB4HZ6WN",
            name,
            true,
            "150.00 SAR",
            ar ? "كل شهر" : "Each month",
            Optional.of(ar ? "12 قسطًا" : "12 instalments"),
            Optional.empty(),
            Optional.of(now),
            Optional.of(new PledgePage.Due(now)),
            Optional.of("/pledges/7-K7QX2M9RTB4HZ6WN/card"),
            true,
            List.of(
                new PledgePage.Row(1, now, ar ? "وصل" : "Received", Optional.of("/receipts/K7"))),
            List.of("!")),
        "donor/funds",
        new FundsPage(
            List.of(new FundsPage.Row(1, name, purpose, "236,400.00 SAR", "182,400.00 SAR"))));
  }

  private static PrintedReceipt printed(String fund, boolean ar) {
    var arabic = side(Wording.AR, "إيصال تبرع", fund, "من", "أم خالد");
    var english = side(Wording.EN, "Donation receipt", fund, "From", "أم خالد");
    return new PrintedReceipt(
        "M-2026-000118",
        "K7QX2M9RTB4H",
        arabic,
        english,
        Optional.empty(),
        Optional.empty(),
        QrCode.encodeText(
            "https://fazaa.example/check/M-2026-000118/K7QX2M9RTB4H", QrCode.Ecc.MEDIUM));
  }

  private static PrintedReceipt.Side side(
      Wording words, String title, String fund, String name, String value) {
    return new PrintedReceipt.Side(
        words,
        title,
        fund,
        "150.00 SAR",
        List.of(new PrintedReceipt.Row(name, value)),
        List.of("!"),
        List.of("·"));
  }
}
