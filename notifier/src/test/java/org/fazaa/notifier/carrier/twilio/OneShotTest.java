package org.fazaa.notifier.carrier.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OneShotTest {

  private static final AtomicInteger CALLS = new AtomicInteger();
  private static Vertx vertx;
  private static HttpServer server;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  CALLS.incrementAndGet();
                  request.response().end(request.uri());
                })
            .listen(0, "127.0.0.1")
            .await();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @Test
  void calls_where_the_host_really_is_path_and_query_unchanged() {
    var request = request("https://api.twilio.com/2010-04-01/x.json?To=%2B1&a=b%20c");
    assertThat(shot("").makeRequest(request).getContent())
        .isEqualTo("/2010-04-01/x.json?To=%2B1&a=b%20c");
    assertThat(shot("/proxy/").makeRequest(request).getContent())
        .isEqualTo("/proxy/2010-04-01/x.json?To=%2B1&a=b%20c");
  }

  @Test
  void calls_no_host_that_it_was_not_told_of() {
    int before = CALLS.get();
    var request = request("https://verify.twilio.com/v2/x");
    assertThatThrownBy(() -> shot("").makeRequest(request)).isInstanceOf(OneShot.NotSent.class);
    assertThat(CALLS.get()).isEqualTo(before);
  }

  private static OneShot shot(String path) {
    var base = URI.create("http://127.0.0.1:" + server.actualPort() + path);
    var hosts = Map.of("api.twilio.com", base);
    return new OneShot(new WayOut(vertx, hosts, 1), Duration.ofSeconds(20));
  }

  private static Request request(String url) {
    var request = new Request(HttpMethod.GET, url);
    request.setAuth("key", "secret");
    return request;
  }
}
