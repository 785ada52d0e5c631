package org.fazaa.dispatcher.crisis;

import org.fazaa.notifier.Language;

/** Words in both languages of the console: the name of a crisis, the title of a need. */
public record Title(String ar, String en) {

  /** In the language of a text; who reads Urdu gets the English, which stands out in its line. */
  public String in(Language language) {
    return switch (language) {
      case AR -> ar;
      case EN, UR -> en;
    };
  }

  boolean isIncomplete() {
    return ar == null || ar.isBlank() || en == null || en.isBlank();
  }

  boolean isLongerThan(int most) {
    return ar.length() > most || en.length() > most;
  }
}
