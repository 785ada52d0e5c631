package org.fazaa.fund.ledger;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What money is used for, where and for whom. In a rule of a fund {@code ANY} allows each; in a
 * request it says that none is named, which only such a rule allows.
 */
public record Use(Category category, Region region, TargetGroup targetGroup) {
  public static final Use ANY = new Use(Category.ANY, Region.ANY, TargetGroup.ANY);

  public enum Category {
    ANY("كل غرض", "Any purpose"),
    RELIEF("إغاثة عاجلة", "Relief"),
    RESCUE("بحث وإنقاذ", "Search and rescue"),
    SHELTER("إيواء", "Shelter"),
    FOOD("غذاء", "Food"),
    WATER("ماء", "Water"),
    CLOTHING("كساء", "Clothing"),
    HEALTH("صحة", "Health"),
    EDUCATION("تعليم", "Education"),
    LIVELIHOOD("كسب الرزق", "Livelihood"),
    DEBTS("سداد ديون", "Paying debts");

    private final Words words;

    Category(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Category> find(String tag) {
      return Arrays.stream(values()).filter(one -> one.tag().equals(tag)).findFirst();
    }
  }

  /** The regions of the Kingdom by ISO 3166-2:SA, and what lies outside it. */
  public enum Region {
    /** Anywhere in the Kingdom; a place abroad is always named. */
    ANY("any", "كل مناطق المملكة", "Anywhere in the Kingdom"),
    RIYADH("SA-01", "الرياض", "Riyadh"),
    MAKKAH("SA-02", "مكة المكرمة", "Makkah"),
    MADINAH("SA-03", "المدينة المنورة", "Madinah"),
    EASTERN("SA-04", "المنطقة الشرقية", "Eastern Province"),
    QASSIM("SA-05", "القصيم", "Qassim"),
    HAIL("SA-06", "حائل", "Ha'il"),
    TABUK("SA-07", "تبوك", "Tabuk"),
    NORTHERN_BORDERS("SA-08", "الحدود الشمالية", "Northern Borders"),
    JAZAN("SA-09", "جازان", "Jazan"),
    NAJRAN("SA-10", "نجران", "Najran"),
    BAHAH("SA-11", "الباحة", "Al Bahah"),
    JAWF("SA-12", "الجوف", "Al Jawf"),
    ASIR("SA-14", "عسير", "Asir"),
    ABROAD("abroad", "خارج المملكة", "Outside the Kingdom");

    private final String tag;
    private final Words words;

    Region(String tag, String ar, String en) {
      this.tag = tag;
      this.words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return tag;
    }

    public static Optional<Region> find(String tag) {
      return Arrays.stream(values()).filter(one -> one.tag().equals(tag)).findFirst();
    }
  }

  public enum TargetGroup {
    ANY("كل محتاج", "Whoever is in need"),
    POOR("أسر فقيرة", "Poor families"),
    DISABLED("أشخاص ذوو إعاقة", "Disabled people"),
    WIDOWS("أرامل ومطلقات", "Widows and divorced women"),
    ORPHANS("أيتام", "Orphans"),
    ELDERLY("كبار السن", "Older people"),
    PRISONERS_FAMILIES("أسر السجناء", "Prisoners' families"),
    SMALL_TRADES("أصحاب الحرف الصغيرة", "Small trades"),
    STRANDED_PILGRIMS("حجاج ومعتمرون منقطعون", "Stranded pilgrims"),
    DISPLACED("نازحون", "Displaced people"),
    ZAKAT_POOR("الفقراء (زكاة)", "The poor (zakat)"),
    ZAKAT_NEEDY("المساكين (زكاة)", "The needy (zakat)"),
    ZAKAT_COLLECTORS("العاملون عليها (زكاة)", "Those who administer it (zakat)"),
    ZAKAT_HEARTS("المؤلفة قلوبهم (زكاة)", "Those whose hearts are reconciled (zakat)"),
    ZAKAT_CAPTIVES("في الرقاب (زكاة)", "Freeing captives (zakat)"),
    ZAKAT_DEBTORS("الغارمون (زكاة)", "Debtors (zakat)"),
    ZAKAT_CAUSE("في سبيل الله (زكاة)", "In the cause of God (zakat)"),
    ZAKAT_WAYFARERS("ابن السبيل (زكاة)", "Stranded wayfarers (zakat)");

    private final Words words;

    TargetGroup(String ar, String en) {
      words = new Words(ar, en);
    }

    public Words words() {
      return words;
    }

    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** One of the eight classes to which alone zakat may go. */
    public boolean zakat() {
      return name().startsWith("ZAKAT_");
    }

    public static Optional<TargetGroup> find(String tag) {
      return Arrays.stream(values()).filter(one -> one.tag().equals(tag)).findFirst();
    }
  }

  /** From the words of the books, which know no others. */
  public static Use of(String category, String region, String targetGroup) {
    return new Use(
        Category.find(category).orElseThrow(),
        Region.find(region).orElseThrow(),
        TargetGroup.find(targetGroup).orElseThrow());
  }

  public Words words() {
    return new Words(
        String.join("، ", category.words.ar(), region.words.ar(), targetGroup.words.ar()),
        String.join(", ", category.words.en(), region.words.en(), targetGroup.words.en()));
  }
}
