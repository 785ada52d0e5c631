package org.fazaa.web.bench;

import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a user would pick instead: Twilio's own SDK as it comes, its connection pool and its
 * repetitions included, called by a pool of threads. It keeps nothing and knows nothing afterwards.
 */
final class StockSdk implements AutoCloseable {
  static final int THREADS = 64;

  private final TwilioRestClient client;
  private final Routed routed;

  StockSdk(URI sink) {
    routed = new Routed(sink);
    client =
        new TwilioRestClient.Builder(Forms.KEY, Forms.SECRET)
            .accountSid(Forms.ACCOUNT)
            .httpClient(routed)
            .build();
  }

  /**
   * Sends so many, or as many as the time allows.
   *
   * @return how many were sent
   */
  int run(int texts, Duration limit) {
    var next = new AtomicInteger();
    var sent = new AtomicInteger();
    var end = System.nanoTime() + limit.toNanos();
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      var lanes = new ArrayList<java.util.concurrent.Future<?>>();
      for (var i = 0; i < THREADS; i++) {
        lanes.add(
            threads.submit(
                () -> {
                  for (var mine = next.getAndIncrement();
                      mine < texts && System.nanoTime() < end;
                      mine = next.getAndIncrement()) {
                    send(mine);
                    sent.incrementAndGet();
                  }
                }));
      }
      for (var lane : lanes) lane.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the SDK's own client failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return sent.get();
  }

  private void send(int number) {
    Message.creator(new PhoneNumber(Forms.phone(number)), new PhoneNumber(Forms.FROM), Forms.BODY)
        .setStatusCallback(URI.create(Forms.STATUSES + number))
        .setValidityPeriod(3_600)
        .create(client);
  }

  @Override
  public void close() {
    routed.close();
  }

  /** Their client, every part of it as they made it; only the address is ours. */
  private static final class Routed extends NetworkHttpClient implements AutoCloseable {
    private final URI sink;

    Routed(URI sink) {
      this.sink = sink;
    }

    @Override
    public Response makeRequest(Request request) {
      return super.makeRequest(new ToSink(request, sink));
    }

    @Override
    public void close() {
      try {
        client.close();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static final class ToSink extends Request {
    private final URL url;

    ToSink(Request named, URI sink) {
      super(named.getMethod(), named.getUrl());
      url = url(sink, named.constructURL());
      setAuth(named.getAuthStrategy());
      setContentType(named.getContentType());
      named.getPostParams().forEach((name, all) -> all.forEach(one -> addPostParam(name, one)));
      named.getHeaderParams().forEach((name, all) -> all.forEach(one -> addHeaderParam(name, one)));
    }

    @Override
    public URL constructURL() {
      return url;
    }

    private static URL url(URI sink, URL named) {
      try {
        return sink.resolve(named.getFile()).toURL();
      } catch (MalformedURLException e) {
        throw new IllegalArgumentException(e);
      }
    }
  }
}
