package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Somebody with a phone and a browser of their own, who asks for their own page. */
final class Owner {
  private static final Pattern CODE = Pattern.compile("\\b[0-9]{6}\\b");
  private static final Pattern TOKEN = Pattern.compile("name=\"own\" value=\"([^\"]+)\"");

  private final Program program;
  private final String phone;
  private final String address;
  private final Map<String, String> cookies = new HashMap<>();

  /** {@code address} is where the proxy says that they come from. */
  Owner(Program program, String phone, String address) {
    this.program = program;
    this.phone = phone;
    this.address = address;
  }

  /** Registers the owner of this phone. */
  static long register(Program program, String phone, String name, String language) {
    var draft =
        new JsonObject()
            .put("name", name)
            .put("phone", phone)
            .put("language", language)
            .put("skills", new JsonArray().add("first_aid"))
            .put("place", new JsonArray().add(39.17).add(21.55));
    return program.as("coordinator").post("/api/volunteers", draft).created().getLong("id");
  }

  String phone() {
    return phone;
  }

  Map<String, String> cookies() {
    return cookies;
  }

  Caller.Answer get(String path) {
    return kept(caller().get(path));
  }

  Caller.Answer post(String path, Map<String, String> fields) {
    return kept(caller().postForm(path, fields));
  }

  Caller.Answer ask() {
    return post("/me/code", Map.of("phone", phone));
  }

  Caller.Answer prove(String code) {
    return post("/me/proof", Map.of("code", code));
  }

  /** Presses a button of the page that lies open. */
  Caller.Answer press(String path, String field, String value) {
    return press(path, Map.of(field, value));
  }

  /** Fills in a form of the page that lies open. */
  Caller.Answer press(String path, Map<String, String> fields) {
    var page = TOKEN.matcher(get("/me").text());
    assertThat(page.find()).isTrue();
    var filled = new HashMap<>(fields);
    filled.put("own", page.group(1));
    return post(path, filled);
  }

  Owner signedIn() {
    var before = codes().size();
    assertThat(ask().status()).isEqualTo(303);
    assertThat(prove(code(before)).status()).isEqualTo(303);
    return this;
  }

  /** The code of the text that comes after so many. */
  String code(int before) {
    return code(phone, before);
  }

  String code(String number, int before) {
    await().until(() -> codes(number).size() > before);
    return codes(number).get(before);
  }

  List<String> codes() {
    return codes(phone);
  }

  /** All codes that were texted to this number, oldest first. */
  List<String> codes(String number) {
    var codes = new ArrayList<String>();
    for (var text : texts(program, number)) {
      var found = CODE.matcher(text);
      if (found.find()) codes.add(found.group());
    }
    return codes;
  }

  static List<String> texts(Program program, String number) {
    var texts = new ArrayList<String>();
    program
        .database()
        .pool()
        .preparedQuery("SELECT body FROM notify.text WHERE to_phone = $1 ORDER BY id")
        .execute(Tuple.of(number))
        .await()
        .forEach(row -> texts.add(row.getString(0)));
    return texts;
  }

  private Caller caller() {
    var written = new ArrayList<String>();
    cookies.forEach((name, value) -> written.add(name + "=" + value));
    var caller = program.anybody().with("X-Forwarded-For", address);
    return written.isEmpty() ? caller : caller.with("Cookie", String.join("; ", written));
  }

  private Caller.Answer kept(Caller.Answer answer) {
    for (var cookie : answer.headers().allValues("Set-Cookie")) {
      var pair = cookie.substring(0, cookie.indexOf(';')).split("=", 2);
      if (pair[1].isEmpty()) {
        cookies.remove(pair[0]);
      } else {
        cookies.put(pair[0], pair[1]);
      }
    }
    return answer;
  }
}
