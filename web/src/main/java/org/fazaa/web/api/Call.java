package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.fazaa.web.Problem;
import org.fazaa.web.session.Who;

/**
 * A call that the contract allows: its parameters and body are of the types promised there.
 *
 * @param key of a call that changes something, unique among all callers
 */
record Call(
    Optional<Who> caller,
    String key,
    Map<String, Object> parameters,
    JsonObject body,
    Instant now) {

  /** Only for calls that name roles: there is always somebody. */
  Who who() {
    return caller.orElseThrow(() -> Problem.signInFirst().refused());
  }

  boolean has(String parameter) {
    return parameters.containsKey(parameter);
  }

  long id(String parameter) {
    return ((Number) parameters.get(parameter)).longValue();
  }

  int number(String parameter, int otherwise) {
    return parameters.get(parameter) instanceof Number number ? number.intValue() : otherwise;
  }

  double decimal(String parameter) {
    return ((Number) parameters.get(parameter)).doubleValue();
  }

  String text(String parameter) {
    return (String) parameters.get(parameter);
  }
}
