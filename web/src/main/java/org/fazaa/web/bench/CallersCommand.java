package org.fazaa.web.bench;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * People who answer, in a JVM of their own: each reply is posted when its time has come, whatever
 * became of those before it, and its answer is timed from that time and not from when it was sent.
 */
@Command(name = "callers", hidden = true)
final class CallersCommand implements Callable<Integer> {

  /** The webhook as it is signed and posted. */
  private record Hook(Buffer form, String signature) {}

  private static final String PATH = "/twilio/replies";
  private static final int CONNECTIONS = 200;
  private static final int PATIENCE_S = 30;

  /** Less than the server's: a connection that it is closing would refuse a reply. */
  private static final int KEEP_ALIVE_S = 10;

  private static final long UNANSWERED = -1;

  @Spec private CommandSpec spec;

  @Option(names = "--port", required = true)
  private int port;

  @Option(names = "--public-url", required = true)
  private String publicUrl;

  @Option(names = "--token", required = true)
  private String token;

  private final InstantSource clock = InstantSource.system();
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();

  /** Each line told is a rate and a file of replies: id, phone and words, with tabs between. */
  @Override
  public Integer call() throws IOException {
    var out = spec.commandLine().getOut();
    var client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAliveTimeout(KEEP_ALIVE_S),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    out.println(new JsonObject().put("ready", true).encode());
    try (var told = new InputStreamReader(System.in, StandardCharsets.UTF_8)) {
      var lines = new BufferedReader(told);
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var words = line.split(" ", 2);
        out.println(run(client, Integer.parseInt(words[0]), Path.of(words[1])).encode());
      }
    }
    vertx.close().await();
    return 0;
  }

  private JsonObject run(HttpClient client, int rate, Path file) throws IOException {
    var hooks = Files.readAllLines(file).stream().map(this::hook).toList();
    var answers = unanswered(hooks.size());
    var lags = unanswered(hooks.size());
    var accepted = unanswered(hooks.size());
    var left = new CountDownLatch(hooks.size());
    var start = System.nanoTime();
    var startMicros = Clock.micros(clock);
    for (var i = 0; i < hooks.size(); i++) {
      var due = start + i * TimeUnit.SECONDS.toNanos(1) / rate;
      for (var wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      var mine = i;
      context.runOnContext(
          go -> {
            lags.set(mine, micros(due));
            post(client, hooks.get(mine))
                .onSuccess(
                    status -> {
                      answers.set(mine, micros(due));
                      if (status == 200) accepted.set(mine, status);
                    })
                .onComplete(over -> left.countDown());
          });
    }
    waitFor(left);
    return new JsonObject()
        .put("start", startMicros)
        .put("answers", array(answers))
        .put("lags", array(lags))
        .put("accepted", array(accepted));
  }

  private static void waitFor(CountDownLatch left) {
    try {
      if (!left.await(PATIENCE_S, TimeUnit.SECONDS)) return; // who is not answered is counted
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private io.vertx.core.Future<Integer> post(HttpClient client, Hook hook) {
    var request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(PATH)
            .putHeader("Content-Type", "application/x-www-form-urlencoded")
            .putHeader("X-Twilio-Signature", hook.signature);
    return client
        .request(request)
        .compose(sent -> sent.send(hook.form))
        .compose(answer -> answer.body().map(read -> answer.statusCode()));
  }

  private Hook hook(String line) {
    var words = line.split("\t");
    var fields = new TreeMap<String, String>();
    fields.put("AccountSid", Forms.ACCOUNT);
    fields.put("MessageSid", words[0]);
    fields.put("SmsMessageSid", words[0]);
    fields.put("From", words[1]);
    fields.put("To", Forms.FROM);
    fields.put("Body", words[2]);
    fields.put("NumMedia", "0");
    fields.put("NumSegments", "1");
    fields.put("ApiVersion", "2010-04-01");
    return new Hook(Forms.encode(fields), Forms.sign(token, publicUrl + PATH, fields));
  }

  private static AtomicLongArray unanswered(int many) {
    var all = new long[many];
    Arrays.fill(all, UNANSWERED);
    return new AtomicLongArray(all);
  }

  private static List<Long> array(AtomicLongArray all) {
    var list = new java.util.ArrayList<Long>();
    for (var i = 0; i < all.length(); i++) list.add(all.get(i));
    return list;
  }

  private static long micros(long since) {
    return (System.nanoTime() - since) / 1_000;
  }
}
