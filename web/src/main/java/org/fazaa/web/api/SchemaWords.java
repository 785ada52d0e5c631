package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.OutputUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.fazaa.web.Problem.Flaw;
import org.fazaa.web.Words;

/** What a schema has against a value, said to the person who sent it, in both languages. */
final class SchemaWords {

  private static final int FLAWS_MAX = 20;

  private SchemaWords() {}

  /** {@code root}: where in {@code contract} the schema stands that was checked against. */
  static List<Flaw> flaws(JsonObject contract, String root, OutputUnit outcome, Object value) {
    var flaws = new LinkedHashMap<String, Flaw>();
    for (var unit : outcome.getErrors()) {
      var place = place(root, unit.getAbsoluteKeywordLocation());
      var keyword = place.substring(place.lastIndexOf('/') + 1);
      var field = unit.getInstanceLocation().substring(1);
      for (var flaw : flaws(contract, keyword, place, field, value)) {
        flaws.putIfAbsent(flaw.field(), flaw);
      }
    }
    var listed = new ArrayList<>(flaws.values());
    if (listed.isEmpty()) listed.add(new Flaw("", UNFIT));
    return listed.subList(0, Math.min(FLAWS_MAX, listed.size()));
  }

  // The checker tells places inside a named schema in full, and others from where it began.
  private static String place(String root, String told) {
    var pointer = told.substring(told.indexOf('#') + 1);
    return pointer.startsWith("/components/") ? pointer : root + pointer;
  }

  private static List<Flaw> flaws(
      JsonObject contract, String keyword, String place, String field, Object value) {
    var rule = JsonPointer.from(place).queryJson(contract);
    return switch (keyword) {
      case "required" -> missing((Iterable<?>) rule, field, value);
      case "additionalProperties" -> unknown(contract, place, field);
      case "type" -> one(field, "يلزم هنا %s.", "%s is needed here.", typeAr(rule), typeEn(rule));
      case "enum" -> one(field, "القيم المقبولة: %s.", "One of %s is needed here.", list(rule));
      case "const" -> one(field, "القيمة المقبولة: %s.", "Only %s is taken here.", rule);
      case "minLength" ->
          one(field, "يلزم %s حرفًا على الأقل.", "At least %s characters are needed.", rule);
      case "maxLength" ->
          one(field, "أقصى الطول %s حرفًا.", "At most %s characters are taken.", rule);
      case "minimum", "exclusiveMinimum" ->
          one(field, "أقل قيمة مقبولة %s.", "The smallest value is %s.", rule);
      case "maximum" -> one(field, "أكبر قيمة مقبولة %s.", "The largest value is %s.", rule);
      case "minItems" ->
          one(field, "يلزم %s عنصرًا على الأقل.", "At least %s items are needed.", rule);
      case "maxItems" -> one(field, "أقصى العدد %s عنصرًا.", "At most %s items are taken.", rule);
      case "uniqueItems" -> one(field, "في القائمة تكرار.", "The list repeats an item.");
      case "minProperties" -> one(field, "الحقل فارغ.", "The object is empty.");
      case "pattern", "format" -> List.of(new Flaw(field, written(contract, place, rule)));
      default -> List.of();
    };
  }

  private static List<Flaw> missing(Iterable<?> names, String field, Object value) {
    var given = JsonPointer.from(field).queryJson(value) instanceof JsonObject o ? o : null;
    var flaws = new ArrayList<Flaw>();
    for (var name : names) {
      if (given == null || !given.containsKey((String) name)) {
        flaws.add(
            new Flaw(
                field + "/" + name,
                new Words("هذا الحقل لازم وهو ناقص.", "This field is required and is missing.")));
      }
    }
    return flaws;
  }

  // The checker says this of each property that is wrong in any way; only strangers are meant.
  private static List<Flaw> unknown(JsonObject contract, String pointer, String field) {
    var owner =
        JsonPointer.from(pointer.substring(0, pointer.lastIndexOf('/'))).queryJson(contract);
    var name = field.substring(field.lastIndexOf('/') + 1);
    if (((JsonObject) owner).getJsonObject("properties", new JsonObject()).containsKey(name)) {
      return List.of();
    }
    return one(field, "حقل غير معروف: احذفه.", "This field is not known: take it out.");
  }

  /** A format is explained beside it in the contract, for the documentation and for this. */
  private static Words written(JsonObject contract, String pointer, Object rule) {
    var owner =
        (JsonObject)
            JsonPointer.from(pointer.substring(0, pointer.lastIndexOf('/'))).queryJson(contract);
    var words = owner.getJsonObject("x-words");
    if (words != null) return new Words(words.getString("ar"), words.getString("en"));
    return new Words(
        "ليس مكتوبًا بصيغة %s.".formatted(rule), "It is not written as %s.".formatted(rule));
  }

  private static List<Flaw> one(String field, String ar, String en, Object... rule) {
    var arabic = rule.length > 0 ? rule[0] : "";
    var english = rule.length > 0 ? rule[rule.length - 1] : "";
    return List.of(new Flaw(field, new Words(ar.formatted(arabic), en.formatted(english))));
  }

  private static String list(Object rule) {
    var values = new ArrayList<String>();
    for (var value : (Iterable<?>) rule) values.add(String.valueOf(value));
    return String.join(", ", values);
  }

  private static String typeEn(Object type) {
    return switch (String.valueOf(type)) {
      case "string" -> "A text";
      case "integer" -> "A whole number";
      case "number" -> "A number";
      case "boolean" -> "true or false";
      case "array" -> "A list";
      case "object" -> "An object";
      case String other -> other;
    };
  }

  private static String typeAr(Object type) {
    return switch (String.valueOf(type)) {
      case "string" -> "نص";
      case "integer" -> "عدد صحيح";
      case "number" -> "عدد";
      case "boolean" -> "true أو false";
      case "array" -> "قائمة";
      case "object" -> "كائن JSON";
      case String other -> other;
    };
  }

  private static final Words UNFIT =
      new Words(
          "القيمة لا توافق أي صيغة مقبولة هنا؛ راجع ‎/api.",
          "The value fits none of the forms taken here; see /api.");
}
