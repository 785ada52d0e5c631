package org.fazaa.notifier;

import com.ibm.icu.text.MessageFormat;
import com.ibm.icu.text.MessagePattern;
import com.ibm.icu.util.ULocale;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** One text in one language, read once. Many threads may fill it in. */
final class TextPattern {
  private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cntrl}\\s]+");

  private final String file;
  private final MessageFormat format; // only ever copied
  private final AtomicReference<MessageFormat> idle = new AtomicReference<>();
  private final Set<String> placeholders = new LinkedHashSet<>();
  private final Set<String> counts = new LinkedHashSet<>();

  /**
   * @throws IllegalArgumentException if the pattern cannot be understood, with the file and place
   */
  TextPattern(String file, Language language, String written) {
    this.file = file;
    // An apostrophe is only ever an apostrophe: to ICU a single one could hide a placeholder.
    var pattern = written.replace("'", "''");
    try {
      note(new MessagePattern(pattern));
      format = new MessageFormat(pattern, ULocale.forLanguageTag(language.tag() + "-u-nu-latn"));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  Set<String> placeholders() {
    return placeholders;
  }

  /** Those placeholders whose value is a count. */
  Set<String> counts() {
    return counts;
  }

  String fill(Map<String, String> values) {
    if (!placeholders.equals(values.keySet())) {
      throw new IllegalArgumentException(
          file + " takes " + placeholders + " and was given " + values.keySet());
    }
    var given = new HashMap<String, Object>();
    values.forEach(
        (name, value) -> given.put(name, counts.contains(name) ? count(value) : oneLine(value)));
    // A format is for one thread at a time: who finds it taken works with a copy.
    var free = idle.getAndSet(null);
    var taken = free == null ? format.clone() : free;
    var filled = taken.format(given).strip();
    idle.set(taken);
    return filled;
  }

  /** With those of the values that it has a place for. */
  String fillSome(Map<String, String> values) {
    var some = new HashMap<>(values);
    some.keySet().retainAll(placeholders);
    return fill(some);
  }

  private void note(MessagePattern pattern) {
    for (int at = 0; at < pattern.countParts(); at++) {
      var part = pattern.getPart(at);
      switch (part.getType()) {
        case ARG_NUMBER ->
            throw new IllegalArgumentException(
                "a placeholder has a name, not a number [at pattern index "
                    + part.getIndex()
                    + "]");
        case ARG_NAME -> {
          var name = pattern.getSubstring(part);
          placeholders.add(name);
          if (pattern.getPart(at - 1).getArgType() == MessagePattern.ArgType.PLURAL) {
            counts.add(name);
          }
        }
        default -> {}
      }
    }
  }

  private static Integer count(String value) {
    return Integer.valueOf(value);
  }

  private static String oneLine(String value) {
    return LINE_BREAKS.matcher(value).replaceAll(" ");
  }
}
