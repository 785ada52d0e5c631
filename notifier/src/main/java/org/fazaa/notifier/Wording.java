package org.fazaa.notifier;

import java.util.Map;
import java.util.Objects;

/**
 * Which of our texts a body is, and what fills it: a way that carries no free text says the same in
 * words of its own.
 *
 * @param text as in {@link Texts}
 * @param values by placeholder
 */
public record Wording(String text, Map<String, String> values) {
  public Wording {
    Objects.requireNonNull(text);
    values = Map.copyOf(values);
  }

  public String in(Language language) {
    return Texts.render(text, language, values);
  }
}
