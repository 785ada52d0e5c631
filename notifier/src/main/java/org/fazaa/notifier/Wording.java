package org.fazaa.notifier;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
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

  /** As it is kept; null where none is. */
  public static Wording of(JsonObject kept) {
    if (kept == null) {
      return null;
    }
    var values = new HashMap<String, String>();
    kept.getJsonObject("values").forEach(one -> values.put(one.getKey(), "" + one.getValue()));
    return new Wording(kept.getString("text"), values);
  }

  JsonObject json() {
    return new JsonObject().put("text", text).put("values", new JsonObject(new HashMap<>(values)));
  }
}
