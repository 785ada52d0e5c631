package org.fazaa.notifier.carrier.twilio;

import com.twilio.http.HttpClient;
import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import com.twilio.http.Response;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/**
 * The SDK's way out: exactly one request for one call. The SDK's own client repeats a POST by
 * itself after 429, 500 and 503, and each repetition may be a second text. One of these serves one
 * call.
 */
final class OneShot extends HttpClient {

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

  private final WayOut out;
  private final Duration wait;
  private Optional<String> retryAfter = Optional.empty();
  private int status;

  /**
   * @param wait for a whole answer
   */
  OneShot(WayOut out, Duration wait) {
    this.out = out;
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
    status = answer.status();
    retryAfter = answer.retryAfter();
    if (answer.body().length() > ANSWER_BYTES_MAX) {
      throw new NoAnswer(
          new IllegalStateException("answer of " + answer.body().length() + " characters"));
    }
    return new Response(answer.body(), status);
  }

  private WayOut.Answer send(Request request) {
    var form =
        request.getMethod() == HttpMethod.POST
            ? Optional.of(request.encodeFormBody())
            : Optional.<String>empty();
    try {
      return out.call(request.constructURL(), request.getAuthString(), form, wait).await();
    } catch (Exception e) { // await throws whatever the network threw, undeclared
      throw neverConnected(e) ? new NotSent(e) : new NoAnswer(e);
    }
  }

  private static boolean neverConnected(Throwable trouble) {
    return trouble instanceof ConnectException
        || trouble instanceof MalformedURLException
        || trouble instanceof UnknownHostException
        || trouble instanceof NoRouteToHostException
        || trouble instanceof SSLHandshakeException;
  }
}
