package org.fazaa.notifier.reply;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Texts;

/** Answers that a person gives so often that they are written already, in each language. */
public enum WrittenAnswer {
  THANKS,
  HOUR,
  WHERE,
  PHONE,
  DANGER,
  WORDS;

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<WrittenAnswer> of(String tag) {
    return Arrays.stream(values()).filter(one -> one.tag().equals(tag)).findFirst();
  }

  public String in(Language language) {
    return Texts.render("by-hand-" + tag(), language, Map.of());
  }
}
