package org.fazaa.dispatcher.crisis;

import org.fazaa.notifier.Language;

/** Words in both languages: the name of a crisis, the title of a need. */
public record Title(String ar, String en) {

  public String in(Language language) {
    return switch (language) {
      case AR -> ar;
      case EN -> en;
    };
  }

  boolean isIncomplete() {
    return ar == null || ar.isBlank() || en == null || en.isBlank();
  }

  boolean isLongerThan(int most) {
    return ar.length() > most || en.length() > most;
  }
}
