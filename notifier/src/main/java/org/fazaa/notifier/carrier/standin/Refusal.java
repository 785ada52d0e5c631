package org.fazaa.notifier.carrier.standin;

import io.vertx.core.json.JsonObject;

/** An error as Twilio says it. */
record Refusal(int status, int code, String message) {

  static final Refusal WRONG_KEY = new Refusal(401, 20003, "Authenticate");

  static Refusal noSuch(String path) {
    return new Refusal(404, 20404, "The requested resource " + path + " was not found");
  }

  JsonObject json() {
    var json = new JsonObject();
    if (code != 0) {
      json.put("code", code);
    }
    json.put("message", message);
    if (code != 0) {
      json.put("more_info", "https://www.twilio.com/docs/errors/" + code);
    }
    return json.put("status", status);
  }
}
