package org.fazaa.dispatcher.people;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A language that somebody speaks with people on site, by its ISO 639 code. Texts are written in
 * fewer. At most 32, so that a set of them is one int in memory.
 */
public enum SpokenLanguage {
  AR("العربية", "Arabic"),
  EN("الإنجليزية", "English"),
  UR("الأردية", "Urdu"),
  HI("الهندية", "Hindi"),
  BN("البنغالية", "Bengali"),
  ML("المليالمية", "Malayalam"),
  TA("التاميلية", "Tamil"),
  TE("التيلوغوية", "Telugu"),
  PA("البنجابية", "Punjabi"),
  NE("النيبالية", "Nepali"),
  SI("السنهالية", "Sinhala"),
  TL("التاغالوغية", "Tagalog"),
  ID("الإندونيسية", "Indonesian"),
  MS("الملايوية", "Malay"),
  FA("الفارسية", "Persian"),
  PS("البشتوية", "Pashto"),
  TR("التركية", "Turkish"),
  KU("الكردية", "Kurdish"),
  AM("الأمهرية", "Amharic"),
  TI("التغرينية", "Tigrinya"),
  SO("الصومالية", "Somali"),
  SW("السواحلية", "Swahili"),
  HA("الهوسا", "Hausa"),
  FR("الفرنسية", "French"),
  ES("الإسبانية", "Spanish"),
  PT("البرتغالية", "Portuguese"),
  DE("الألمانية", "German"),
  RU("الروسية", "Russian"),
  UZ("الأوزبكية", "Uzbek"),
  ZH("الصينية", "Chinese"),
  VI("الفيتنامية", "Vietnamese"),
  HT("الكريولية الهايتية", "Haitian Creole");

  private static final Map<String, SpokenLanguage> BY_CODE =
      Stream.of(values()).collect(toUnmodifiableMap(SpokenLanguage::code, one -> one));

  private final String ar;
  private final String en;

  SpokenLanguage(String ar, String en) {
    this.ar = ar;
    this.en = en;
  }

  public static Optional<SpokenLanguage> of(String code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String ar() {
    return ar;
  }

  public String en() {
    return en;
  }

  /** These languages as the bits of one int. */
  public static int mask(Collection<SpokenLanguage> languages) {
    var mask = 0;
    for (var language : languages) mask |= 1 << language.ordinal();
    return mask;
  }

  public static Set<SpokenLanguage> in(int mask) {
    var languages = EnumSet.noneOf(SpokenLanguage.class);
    for (var language : values()) {
      if ((mask & 1 << language.ordinal()) != 0) languages.add(language);
    }
    return languages;
  }

  public static List<String> codes(Collection<SpokenLanguage> languages) {
    return languages.stream().sorted().map(SpokenLanguage::code).toList();
  }

  /** The languages with these codes; a code that a newer version wrote is passed over. */
  public static Set<SpokenLanguage> known(String[] codes) {
    var languages = EnumSet.noneOf(SpokenLanguage.class);
    for (var code : codes) of(code).ifPresent(languages::add);
    return languages;
  }
}
