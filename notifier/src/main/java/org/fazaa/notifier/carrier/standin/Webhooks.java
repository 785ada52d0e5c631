package org.fazaa.notifier.carrier.standin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fazaa.config.Secret;

/**
 * Posts forms to the program under test, each once, signed as Twilio signs them. It signs by itself
 * and not with the code that checks: two hands that agree are worth more than one.
 */
final class Webhooks {

  /** What Twilio waits for an answer. */
  private static final Duration ANSWER_WAIT = Duration.ofSeconds(15);

  /** Shorter than any server keeps a connection, so that none is closed under a POST. */
  private static final int KEPT_ALIVE_SECONDS = 3;

  private static final int TOGETHER_MAX = 64;
  private static final int WAITING_MAX = 50_000;
  private static final String ALGORITHM = "HmacSHA1";
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

  /** The address is not on this machine, and nobody allowed calling any other. */
  static final class Withheld extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Withheld(String host) {
      super("no calls to " + host);
    }
  }

  private final WebClient web;
  private final Secret token;
  private final boolean anywhere;

  Webhooks(Vertx vertx, Secret token, boolean anywhere) {
    this.token = token;
    this.anywhere = anywhere;
    var options =
        new WebClientOptions().setFollowRedirects(false).setKeepAliveTimeout(KEPT_ALIVE_SECONDS);
    var pool = new PoolOptions().setHttp1MaxSize(TOGETHER_MAX).setMaxWaitQueueSize(WAITING_MAX);
    web = WebClient.create(vertx, options, pool);
  }

  /** The status of the answer. */
  Future<Integer> post(String url, SortedMap<String, String> fields) {
    return send(url, fields).map(HttpResponse::statusCode);
  }

  /** What was answered; anything but success is a failure. */
  Future<String> ask(String url, SortedMap<String, String> fields) {
    return send(url, fields)
        .compose(
            answer ->
                answer.statusCode() / 100 == 2
                    ? Future.succeededFuture(String.valueOf(answer.bodyAsString()))
                    : Future.failedFuture("answered " + answer.statusCode()));
  }

  private Future<HttpResponse<Buffer>> send(String url, SortedMap<String, String> fields) {
    var host = URI.create(url).getHost();
    if (!anywhere && !LOOPBACK.matcher(host).matches()) {
      return Future.failedFuture(new Withheld(host));
    }
    return web.postAbs(url)
        .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
        .putHeader("User-Agent", "TwilioProxy/1.1")
        .putHeader("X-Twilio-Signature", signature(url, fields))
        .timeout(ANSWER_WAIT.toMillis())
        .sendBuffer(Buffer.buffer(form(fields)));
  }

  void close() {
    web.close();
  }

  private String signature(String url, SortedMap<String, String> fields) {
    var content = new StringBuilder(url);
    fields.forEach((name, value) -> content.append(name).append(value));
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(token.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      var hash = mac.doFinal(content.toString().getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String form(SortedMap<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
