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
 * What somebody can do, as needs ask for it and volunteers offer it. At most 64, so that a set of
 * them is one long in memory; tables hold the codes, so the order here is free.
 */
public enum Skill {
  FIRST_AID("إسعافات أولية", "First aid"),
  PARAMEDIC("مسعف", "Paramedic"),
  NURSE("تمريض", "Nurse"),
  DOCTOR("طبيب", "Doctor"),
  PHARMACIST("صيدلي", "Pharmacist"),
  PSYCHOSOCIAL_SUPPORT("دعم نفسي واجتماعي", "Psychosocial support"),
  CHILDCARE("رعاية أطفال", "Childcare"),
  ELDERLY_CARE("رعاية كبار السن", "Care of older people"),
  DISABILITY_SUPPORT("مساندة ذوي الإعاقة", "Support for people with disabilities"),
  SIGN_LANGUAGE("لغة الإشارة", "Sign language"),
  TRANSLATION("ترجمة", "Translation"),
  SEARCH_AND_RESCUE("بحث وإنقاذ", "Search and rescue"),
  WATER_RESCUE("إنقاذ مائي", "Water rescue"),
  DIVER("غوص", "Diver"),
  BOAT("قيادة قارب", "Boat handling"),
  FIRE_SUPPORT("مساندة الإطفاء", "Fire support"),
  HAZARDOUS_MATERIALS("مواد خطرة", "Hazardous materials"),
  DRIVER("قيادة سيارة", "Driver"),
  DRIVER_4X4("قيادة دفع رباعي", "Four-wheel-drive driver"),
  DRIVER_TRUCK("قيادة شاحنة", "Truck driver"),
  DRIVER_BUS("قيادة حافلة", "Bus driver"),
  MOTORCYCLE("دراجة نارية", "Motorcycle"),
  CHAINSAW("منشار آلي", "Chainsaw"),
  TOOLS("أدوات يدوية", "Hand tools"),
  HEAVY_EQUIPMENT("معدات ثقيلة", "Heavy equipment"),
  FORKLIFT("رافعة شوكية", "Forklift"),
  ELECTRICIAN("كهربائي", "Electrician"),
  PLUMBER("سباك", "Plumber"),
  CARPENTER("نجار", "Carpenter"),
  STRUCTURAL_ENGINEER("هندسة إنشائية", "Structural engineer"),
  WATER_AND_SANITATION("مياه وإصحاح", "Water and sanitation"),
  DRONE_PILOT("طائرات مسيّرة", "Drone pilot"),
  RADIO_OPERATOR("اتصالات لاسلكية", "Radio operator"),
  IT_SUPPORT("دعم تقني", "IT support"),
  CALL_CENTRE("مركز اتصال", "Call centre"),
  REGISTRATION("تسجيل المستفيدين", "Registration of people"),
  CROWD("تنظيم الحشود", "Crowd guidance"),
  TRAFFIC("تنظيم المرور", "Traffic guidance"),
  LOGISTICS("إمداد", "Logistics"),
  WAREHOUSE("مستودعات", "Warehouse"),
  LIFTING("حمل ونقل", "Lifting and carrying"),
  DISTRIBUTION("توزيع المساعدات", "Aid distribution"),
  KITCHEN("مطبخ ميداني", "Field kitchen"),
  CLEANING("تنظيف", "Cleaning"),
  SHELTER("إدارة مأوى", "Shelter care"),
  TEACHING("تعليم", "Teaching"),
  VETERINARY("بيطرة", "Veterinary care"),
  PHOTOGRAPHY("تصوير وتوثيق", "Photography and records"),
  TEAM_LEADER("قيادة فريق", "Team leader");

  private static final Map<String, Skill> BY_CODE =
      Stream.of(values()).collect(toUnmodifiableMap(Skill::code, skill -> skill));

  private final String ar;
  private final String en;

  Skill(String ar, String en) {
    this.ar = ar;
    this.en = en;
  }

  public static Optional<Skill> of(String code) {
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

  /** These skills as the bits of one long. */
  public static long mask(Collection<Skill> skills) {
    var mask = 0L;
    for (var skill : skills) mask |= 1L << skill.ordinal();
    return mask;
  }

  public static Set<Skill> in(long mask) {
    var skills = EnumSet.noneOf(Skill.class);
    for (var skill : values()) {
      if ((mask & 1L << skill.ordinal()) != 0) skills.add(skill);
    }
    return skills;
  }

  public static List<String> codes(Collection<Skill> skills) {
    return skills.stream().sorted().map(Skill::code).toList();
  }

  /** The skills with these codes; a code that a newer version wrote is passed over. */
  public static Set<Skill> known(String[] codes) {
    var skills = EnumSet.noneOf(Skill.class);
    for (var code : codes) of(code).ifPresent(skills::add);
    return skills;
  }
}
