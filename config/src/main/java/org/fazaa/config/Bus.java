package org.fazaa.config;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * News and questions between the rooms of one node and between nodes. It carries no work: with
 * every message dropped the system is still right, at most one poll slower.
 */
public final class Bus {

  /** How long a question waits for its answer; after that the page says 503. */
  public static final int ANSWER_TIMEOUT_MS = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);
  private static final DeploymentOptions VIRTUAL =
      new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);

  private final Vertx vertx;
  private final List<Ear> ears = new CopyOnWriteArrayList<>();

  private Bus(Vertx vertx) {
    this.vertx = vertx;
  }

  /** The bus of this Vert.x instance; call it once for each. */
  public static Bus of(Vertx vertx) {
    vertx.eventBus().registerCodec(new Wire());
    vertx.eventBus().codecSelector(body -> body instanceof Fact ? Wire.NAME : null);
    return new Bus(vertx);
  }

  /** Tells every listener on every node, best effort. Call it after the commit, never before. */
  public void publish(Fact fact) {
    vertx.eventBus().publish(address(fact.getClass()), fact);
  }

  /** Hears every fact of one type, one at a time, on a virtual thread; what it throws is logged. */
  public <F extends Fact> void hear(Class<F> type, Consumer<F> listener) {
    consume(
        address(type),
        message -> {
          if (message.body() instanceof Fact fact) listener.accept(type.cast(fact));
        });
  }

  /** Lets this node answer questions of one type; the answer is a record that Jackson can write. */
  public <Q extends Question, A> void answer(Class<Q> type, Function<Q, A> answerer) {
    consume(
        address(type),
        message -> {
          try {
            var question = JSON.readValue(((Buffer) message.body()).getBytes(), type);
            message.reply(Buffer.buffer(JSON.writeValueAsBytes(answerer.apply(question))));
          } catch (Exception e) {
            // The asker must not wait out the time limit for an answer that will not come.
            message.fail(500, e.getClass().getSimpleName());
            throw new IllegalStateException("question " + type.getSimpleName() + " failed", e);
          }
        });
  }

  /**
   * Asks any one node that can answer.
   *
   * @throws NoAnswer when nobody answers within {@link #ANSWER_TIMEOUT_MS}
   */
  public <A> A ask(Question question, Class<A> answerType) {
    return ask(address(question.getClass()), question, answerType);
  }

  private <A> A ask(String address, Question question, Class<A> answerType) {
    var limit = new DeliveryOptions().setSendTimeout(ANSWER_TIMEOUT_MS);
    try {
      var body = Buffer.buffer(JSON.writeValueAsBytes(question));
      var reply = vertx.eventBus().<Buffer>request(address, body, limit).await();
      return JSON.readValue(reply.body().getBytes(), answerType);
    } catch (ReplyException e) {
      throw new NoAnswer(question, e);
    } catch (java.io.IOException e) {
      throw new IllegalStateException("answer to " + question + " cannot be read", e);
    }
  }

  /** Nobody could answer in time. */
  public static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAnswer(Question question, Throwable cause) {
      super("no node answered " + question, cause);
    }
  }

  static String address(Class<?> type) {
    return "fazaa." + type.getSimpleName();
  }

  /** Answers whoever asks whether this node can be reached. */
  void answerPings(String node) {
    consume(pingAddress(node), message -> message.reply(node));
  }

  /** Succeeds when that node has answered in time. */
  Future<?> ping(String node) {
    var limit = new DeliveryOptions().setSendTimeout(ANSWER_TIMEOUT_MS);
    return vertx.eventBus().request(pingAddress(node), "", limit);
  }

  private static String pingAddress(String node) {
    return "fazaa.node." + node;
  }

  /** From now on nothing is routed to this node: no news, and above all no question. */
  void leave() {
    ears.forEach(Ear::close);
  }

  /** Takes back what {@link #leave} gave up. */
  void join() {
    ears.forEach(Ear::open);
  }

  // Each consumer is a verticle of its own: it may await, and keeps the order of its messages.
  private void consume(String address, Consumer<Message<Object>> handler) {
    var ear = new Ear(address, message -> guarded(address, message, handler));
    ears.add(ear);
    vertx.deployVerticle(ear, VIRTUAL).await();
  }

  /** One listener, which can be shut and opened again. */
  private static final class Ear extends VerticleBase {
    private final String address;
    private final Handler<Message<Object>> handler;
    private Optional<MessageConsumer<Object>> consumer = Optional.empty();

    Ear(String address, Handler<Message<Object>> handler) {
      this.address = address;
      this.handler = handler;
    }

    @Override
    public Future<?> start() {
      return listen();
    }

    private Future<?> listen() {
      consumer = Optional.of(vertx.eventBus().consumer(address, handler));
      return consumer.get().completion();
    }

    void open() {
      context.runOnContext(
          here -> {
            if (consumer.isEmpty()) listen();
          });
    }

    void close() {
      context.runOnContext(
          here -> {
            consumer.ifPresent(MessageConsumer::unregister);
            consumer = Optional.empty();
          });
    }
  }

  private static void guarded(
      String address, Message<Object> message, Consumer<Message<Object>> handler) {
    try {
      handler.accept(message);
    } catch (Exception e) { // await() throws checked ones as well, undeclared
      LOG.warn("listener of {} failed", address, e);
    }
  }

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          // A newer node may say more than this one knows.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fact")
  private interface Named {}

  /** Facts on the wire: JSON with the fact's name, its length first. */
  private static final class Wire implements MessageCodec<Fact, Fact> {
    static final String NAME = "fazaa.fact";
    private static final int SHOWN_MAX = 200;

    private final ObjectMapper facts = JSON.copy().addMixIn(Fact.class, Named.class);

    Wire() {
      for (var type : Fact.class.getPermittedSubclasses()) {
        facts.registerSubtypes(
            new com.fasterxml.jackson.databind.jsontype.NamedType(type, type.getSimpleName()));
      }
    }

    @Override
    public void encodeToWire(Buffer buffer, Fact fact) {
      try {
        var json = facts.writerFor(Fact.class).writeValueAsBytes(fact);
        buffer.appendInt(json.length).appendBytes(json);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("fact cannot be written: " + fact, e);
      }
    }

    @Override
    public Fact decodeFromWire(int position, Buffer buffer) {
      int length = buffer.getInt(position);
      var json = buffer.getString(position + 4, position + 4 + length, "UTF-8");
      try {
        return facts.readValue(json.getBytes(StandardCharsets.UTF_8), Fact.class);
      } catch (JsonProcessingException e) {
        // A newer node has news that this one cannot know: nobody here waits for it.
        LOG.info("a fact of another version is passed over: {}", shortened(json));
        return null;
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private static String shortened(String json) {
      return json.length() > SHOWN_MAX ? json.substring(0, SHOWN_MAX) + "…" : json;
    }

    @Override
    public Fact transform(Fact fact) {
      return fact; // a record of ids: the same instance may be shared
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
