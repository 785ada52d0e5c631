package org.fazaa.notifier.carrier.twilio;

import com.twilio.http.HttpClient;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;

/**
 * The SDK's way out: exactly one request for one call. The SDK's own client repeats a POST by
 * itself after 429, 500 and 503, and each repetition may be a second text. One of these serves one
 * call.
 */
final class OneShot extends HttpClient {

  /** An answer that comes byte by byte is never idle, so the whole of it has a limit as well. */
  private static final Duration DRIBBLE = Duration.ofSeconds(1);

  private static final int ANSWER_BYTES_MAX = 1 << 20;

  /** No byte of the request left this machine. */
  static final class NotSent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSent(Throwable cause) {
      super(cause.getClass().getSimpleName(), cause);
    }
  }

  /** The request may have arrived; no usable answer came back. */
  static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAnswer(Throwable cause) {
      super(cause.getClass().getSimpleName(), cause);
    }
  }

  private final WebClient client;
  private final Map<String, URI> hosts;
  private final Duration wait;
  private Optional<String> retryAfter = Optional.empty();
  private int status;

  /**
   * @param hosts where each host that the SDK names really is; no other host is ever called
   * @param wait for a whole answer
   */
  OneShot(WebClient client, Map<String, URI> hosts, Duration wait) {
    this.client = client;
    this.hosts = hosts;
    this.wait = wait;
  }

  /** The answer's own status, whatever its body says; 0 before there is one. */
  int status() {
    return status;
  }

  /** What the answer said about when to come back. */
  Optional<String> retryAfter() {
    return retryAfter;
  }

  @Override
  public Response reliableRequest(Request request) {
    return makeRequest(request);
  }

  @Override
  public Response reliableRequest(Request request, int[] codes, int retries, long delay) {
    return makeRequest(request);
  }

  @Override
  public Response makeRequest(Request request) {
    var answer = send(request);
    status = answer.statusCode();
    retryAfter = Optional.ofNullable(answer.getHeader("Retry-After"));
    var body = answer.bodyAsString("UTF-8");
    if (body != null && body.length() > ANSWER_BYTES_MAX) {
      throw new NoAnswer(new IllegalStateException("answer of " + body.length() + " characters"));
    }
    return new Response(body == null ? "" : body, status);
  }

  private HttpResponse<Buffer> send(Request request) {
    var method = io.vertx.core.http.HttpMethod.valueOf(request.getMethod().toString());
    var call =
        client
            .requestAbs(method, address(request.constructURL()))
            .putHeader("Accept", "application/json")
            .putHeader("Authorization", request.getAuthString())
            .timeout(wait.toMillis());
    var sent =
        request.getMethod() == HttpMethod.POST
            ? call.putHeader("Content-Type", "application/x-www-form-urlencoded")
                .sendBuffer(Buffer.buffer(request.encodeFormBody()))
            : call.send();
    try {
      return sent.timeout(wait.plus(DRIBBLE).toMillis(), TimeUnit.MILLISECONDS).await();
    } catch (Exception e) { // await throws whatever the network threw, undeclared
      throw neverConnected(e) ? new NotSent(e) : new NoAnswer(e);
    }
  }

  private static boolean neverConnected(Throwable trouble) {
    return trouble instanceof ConnectException
        || trouble instanceof UnknownHostException
        || trouble instanceof NoRouteToHostException
        || trouble instanceof SSLHandshakeException;
  }

  private String address(URL named) {
    var base = hosts.get(named.getHost());
    if (base == null) {
      throw new NotSent(new MalformedURLException("no way out to " + named.getHost()));
    }
    try {
      var uri = named.toURI();
      var path = base.getPath().replaceAll("/+$", "") + uri.getRawPath();
      var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      return base.getScheme() + "://" + base.getRawAuthority() + path + query;
    } catch (URISyntaxException e) {
      throw new NotSent(e);
    }
  }
}
