package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import org.fazaa.config.Fact;
import org.fazaa.web.Problem;

/** What a call comes to. */
sealed interface Answer {

  /**
   * It was done; {@code news} goes out after the commit. {@code secret} names a field that is told
   * once: it is left out of the answer that is kept for a repeat.
   */
  record Done(int status, JsonObject body, String location, String secret, List<Fact> news)
      implements Answer {}

  /** Nothing of it is kept. */
  record Refused(Problem problem) implements Answer {}

  static Answer ok(JsonObject body, Fact... news) {
    return new Done(200, body, null, null, Arrays.asList(news));
  }

  static Answer created(String location, JsonObject body, Fact... news) {
    return new Done(201, body, location, null, Arrays.asList(news));
  }

  static Answer created(String location, JsonObject body, List<Fact> news) {
    return new Done(201, body, location, null, news);
  }

  /** Like {@link #created}, with a field that nobody is told a second time. */
  static Answer createdWithSecret(JsonObject body, String secret) {
    return new Done(201, body, null, secret, List.of());
  }

  static Answer refused(Problem problem) {
    return new Refused(problem);
  }
}
