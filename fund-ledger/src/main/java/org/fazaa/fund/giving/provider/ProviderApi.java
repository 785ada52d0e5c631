package org.fazaa.fund.giving.provider;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fazaa.fund.giving.provider.CardProvider.Answer;

/** One request to a provider's API, never repeated by itself. */
final class ProviderApi {
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final int BODY_SHOWN = 300;

  /** Too early, a conflict with itself, too many: it may be otherwise the next time. */
  private static final Set<Integer> PASSING = Set.of(408, 409, 425, 429);

  private final WebClient web;
  private final String base;
  private final String authorization;

  ProviderApi(Vertx vertx, URI base, String authorization) {
    this.web = WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false));
    this.base = base.toString().replaceAll("/+$", "");
    this.authorization = authorization;
  }

  Answer<JsonObject> get(String pathAndQuery) {
    try {
      return answer(request(HttpMethod.GET, pathAndQuery).send().await());
    } catch (Exception e) { // await throws whatever the network threw, undeclared
      return new Answer.Unknown<>(e.toString());
    }
  }

  Answer<JsonObject> post(String path, Map<String, String> form, Optional<String> key) {
    var fields = MultiMap.caseInsensitiveMultiMap();
    form.forEach(fields::add);
    var request = request(HttpMethod.POST, path);
    key.ifPresent(one -> request.putHeader("Idempotency-Key", one));
    try {
      return answer(request.sendForm(fields).await());
    } catch (Exception e) { // await throws whatever the network threw, undeclared
      return new Answer.Unknown<>(e.toString());
    }
  }

  private HttpRequest<Buffer> request(HttpMethod method, String path) {
    return web.requestAbs(method, base + path)
        .putHeader("Authorization", authorization)
        .putHeader("Accept", "application/json")
        .timeout(WAIT.toMillis());
  }

  private static Answer<JsonObject> answer(HttpResponse<Buffer> response) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      try {
        return new Answer.Said<>(response.bodyAsJsonObject());
      } catch (DecodeException e) {
        return new Answer.Unknown<>("unreadable answer");
      }
    }
    var body = String.valueOf(response.bodyAsString());
    var why = status + " " + body.substring(0, Math.min(BODY_SHOWN, body.length()));
    return status / 100 == 4 && !PASSING.contains(status)
        ? new Answer.Refused<>(why)
        : new Answer.Unknown<>(why);
  }
}
