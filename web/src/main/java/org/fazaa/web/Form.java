package org.fazaa.web;

import io.vertx.core.MultiMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What somebody wrote into a form, so that a refused one comes back as it was written. */
public record Form(Map<String, List<String>> fields) {

  public static final Form EMPTY = new Form(Map.of());

  public static Form of(MultiMap fields) {
    var all = new HashMap<String, List<String>>();
    for (var name : fields.names()) all.put(name, fields.getAll(name));
    return new Form(all);
  }

  /** Filled in beforehand: name, value, name, value … */
  public static Form with(String... namesAndValues) {
    var all = new HashMap<String, List<String>>();
    for (var i = 0; i < namesAndValues.length; i += 2) {
      all.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
    }
    return new Form(all);
  }

  /** What stands in a field, without the blanks around it; empty when it was left out. */
  public String of(String name) {
    var values = all(name);
    return values.isEmpty() ? "" : values.getFirst().strip();
  }

  public List<String> all(String name) {
    return fields.getOrDefault(name, List.of());
  }

  public boolean chose(String name, String value) {
    return all(name).contains(value);
  }
}
