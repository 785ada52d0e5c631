package org.fazaa.dispatcher.crisis;

import java.util.Locale;
import java.util.Optional;

/** What happened. */
public enum CrisisKind {
  FLOOD("سيول", "Flood"),
  STORM("عاصفة", "Storm"),
  HEAT("موجة حر", "Heat wave"),
  FIRE("حريق", "Fire"),
  EARTHQUAKE("زلزال", "Earthquake"),
  COLLAPSE("انهيار مبنى", "Building collapse"),
  CROWD("حشود", "Crowd"),
  EPIDEMIC("وباء", "Epidemic"),
  SEARCH("بحث عن مفقود", "Missing person"),
  OTHER("أخرى", "Other");

  private final Title title;

  CrisisKind(String ar, String en) {
    title = new Title(ar, en);
  }

  public Title title() {
    return title;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<CrisisKind> of(String word) {
    for (var kind : values()) {
      if (kind.word().equals(word)) return Optional.of(kind);
    }
    return Optional.empty();
  }
}
