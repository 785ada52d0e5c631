package org.fazaa.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fazaa.config.ChildJvm;
import org.fazaa.config.DatabaseUrl;
import org.fazaa.config.FailPoint;
import org.fazaa.config.Invariant;
import org.fazaa.config.PrivateServer;
import org.fazaa.config.TcpProxy;
import org.fazaa.config.TestDatabase;
import org.fazaa.config.TestNodes;
import org.fazaa.notifier.carrier.standin.StandInOptions;
import org.fazaa.notifier.carrier.standin.TwilioStandIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real processes that can be hurt: up to four nodes in one cluster, a PostgreSQL of their own, a
 * line from each node to it, and a carrier that counts what it was really given.
 */
final class FaultHarness implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(150);
  static final int PEOPLE = 10;
  static final int TEXTS = 25;
  private static final int VOLUNTEERS = 400;
  private static final Logger LOG = LoggerFactory.getLogger(FaultHarness.class);

  private final Path folder;
  private final PrivateServer database;
  private final TwilioStandIn carrier;
  private final List<Integer> http;
  private final List<Integer> members;
  private final List<TcpProxy> lines;
  private final Map<Integer, RunningFazaa> nodes = new LinkedHashMap<>();
  private final String cluster;
  private final Optional<Network> network;
  private final Vertx vertx = Vertx.vertx();
  private final Pool pool;
  private String coordinator;
  private Object crisis;
  private int volunteers;

  private FaultHarness(Path folder, int size, Optional<Network> network) {
    this.database = PrivateServer.start(folder);
    this.folder = folder;
    this.network = network;
    this.http = ports(size);
    this.members = ports(size);
    this.cluster = "faults-" + http.getFirst();
    var server = database.application();
    this.lines =
        IntStream.range(0, size)
            .mapToObj(i -> TcpProxy.at(here(), 0, server.host(), server.port()))
            .toList();
    var options = new StandInOptions().at(here(), 0).allowRemote();
    this.carrier = TwilioStandIn.start(answered(options));
    var all = database.embedded().superuser().database(server.name());
    this.pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(2))
            .connectingTo(TestDatabase.connect(all))
            .using(vertx)
            .build();
  }

  /**
   * @param size how many nodes the cluster may have; none is started yet
   */
  static FaultHarness start(Path folder, int size) {
    return new FaultHarness(folder, size, Optional.empty());
  }

  /** The same with each node in a network of its own, which is closed with the harness. */
  static FaultHarness start(Path folder, int size, Network network) {
    return new FaultHarness(folder, size, Optional.of(network));
  }

  private String here() {
    return network.map(Network::gateway).orElse("127.0.0.1");
  }

  private String host(int node) {
    return network.map(own -> own.host(node)).orElse("127.0.0.1");
  }

  private String peer(int node) {
    return network.map(own -> own.peer(node)).orElse("127.0.0.1");
  }

  // What people write goes to the first node, and if that fails to the second.
  private StandInOptions answered(StandInOptions options) {
    options.repliesTo(replies(0));
    if (http.size() > 1) options.fallbackTo(replies(1));
    return options;
  }

  private URI replies(int node) {
    return URI.create("http://" + host(node) + ":" + http.get(node) + "/twilio/replies");
  }

  private static List<Integer> ports(int many) {
    return Stream.generate(TestNodes::freePort).limit(many).toList();
  }

  PrivateServer database() {
    return database;
  }

  TwilioStandIn carrier() {
    return carrier;
  }

  /** The line from this node to the database. */
  TcpProxy line(int node) {
    return lines.get(node);
  }

  /** This node; it is started unless it runs. */
  RunningFazaa node(int which) {
    return nodes(which).getFirst();
  }

  /** All of these, started together. */
  List<RunningFazaa> nodes(int... which) {
    for (int i : which) {
      if (!nodes.containsKey(i)) begin(i, ChildJvm.classPath(), List.of());
    }
    return IntStream.of(which).mapToObj(i -> nodes.get(i).awaitReady()).toList();
  }

  /** This node, which will stand still when it comes to this point for the n-th time. */
  RunningFazaa nodeThatStops(int which, FailPoint point, int times) {
    var option = "-D" + FailPoint.PROPERTY + "=" + point + ":" + times;
    return begin(which, ChildJvm.classPath(), List.of(option)).awaitReady();
  }

  /** As {@code kill -9}. */
  void kill(int which) {
    nodes.remove(which).kill();
  }

  /** This node from that class path, such as the next version's, not yet ready. */
  RunningFazaa begin(int which, String classPath, List<String> options) {
    var within = network.map(own -> own.within(which)).orElse(List.of());
    var line = Integer.toString(lines.get(which).port());
    Class<?> main = network.isPresent() ? NodeInNetwork.class : Fazaa.class;
    var arguments = network.isPresent() ? new String[] {here(), line} : new String[0];
    var child = ChildJvm.start(within, classPath, main, settings(which), options, arguments);
    var node = RunningFazaa.of(child, host(which), http.get(which));
    nodes.put(which, node);
    node.speakAs(coordinator);
    return node;
  }

  private Map<String, String> settings(int which) {
    var settings = new HashMap<>(carrier.settings());
    int port = network.isPresent() ? NodeInNetwork.DATABASE_PORT : lines.get(which).port();
    settings.put("DATABASE_URL", Program.written(through(database.application(), port)));
    settings.put("DATABASE_OWNER_URL", Program.written(through(database.owner(), port)));
    settings.put("FAZAA_DATA", folder.resolve("node" + which).toString());
    settings.put("FAZAA_HTTP_HOST", host(which));
    settings.put("FAZAA_HTTP_PORT", http.get(which).toString());
    settings.put("FAZAA_PUBLIC_URL", "http://" + host(which) + ":" + http.get(which));
    settings.put("FAZAA_ADMIN_TOKEN", RunningFazaa.ADMIN);
    settings.put("FAZAA_CLUSTER_HOST", peer(which));
    settings.put("FAZAA_CLUSTER_PORT", members.get(which).toString());
    settings.put(
        "FAZAA_CLUSTER_PEERS",
        IntStream.range(0, members.size())
            .mapToObj(i -> peer(i) + ":" + members.get(i))
            .collect(Collectors.joining(",")));
    settings.put("FAZAA_CLUSTER_NAME", cluster);
    return settings;
  }

  private static DatabaseUrl through(DatabaseUrl url, int port) {
    return new DatabaseUrl("127.0.0.1", port, url.name(), url.user(), url.password());
  }

  /** Two needs called out by this node, one of them for life and death; their ids. */
  List<Object> callOut(RunningFazaa node) {
    if (coordinator == null) {
      node.signInAsCoordinator();
      coordinator = node.coordinator();
      nodes.values().forEach(one -> one.speakAs(coordinator));
      crisis = node.launchCrisis();
    }
    // In a long sweep everybody has been asked in the end.
    var more = volunteers == 0 ? VOLUNTEERS : 2 * TEXTS;
    node.importVolunteers(volunteers, volunteers + more);
    volunteers += more;
    return List.of(
        node.callOut(crisis, "life", PEOPLE, TEXTS), node.callOut(crisis, "urgent", PEOPLE, TEXTS));
  }

  void awaitPosts(long more) {
    var before = carrier.posted();
    await().atMost(LIMIT).until(() -> carrier.posted() >= before + more);
  }

  /** Until every need has had its first round and nothing due waits to be sent or written down. */
  void awaitDrained() {
    await().atMost(LIMIT).ignoreExceptions().until(() -> count(UNASKED) + count(UNDRAINED) == 0);
  }

  /** Until every reply has come to something. */
  void awaitAnswered() {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(
            () -> count("SELECT count(*) FROM notify.reply WHERE state IN ('kept', 'read')") == 0);
  }

  /** Texts of which nobody knows what became of them. */
  long unknown() {
    return count("SELECT count(*) FROM notify.text WHERE state = 'unknown'");
  }

  /** How many nodes this one sees. */
  static long members(RunningFazaa node) {
    return node.metric("fazaa_cluster_members");
  }

  void thaw(int... which) {
    for (int i : which) nodes.get(i).thaw();
  }

  /** As if this much time had passed for what a dead node left and for what is unknown. */
  void letPass(Duration time) {
    run(
        """
        UPDATE notify.text
        SET lease_until = lease_until - make_interval(secs => %1$d),
            due_at = CASE WHEN state = 'unknown' THEN due_at - make_interval(secs => %1$d)
                          ELSE due_at END,
            state_at = state_at - make_interval(secs => %1$d)
        WHERE state IN ('submitting', 'unknown')
        """
            .formatted(time.toSeconds()));
    run(
        "UPDATE dispatch.lease SET until = until - make_interval(secs => %d)"
            .formatted(time.toSeconds()));
  }

  /** The phones that have an open offer. */
  List<String> asked() {
    return strings(
        """
        SELECT v.phone FROM dispatch.offer o JOIN dispatch.volunteer v ON v.id = o.volunteer
        WHERE o.state = 'open' AND EXISTS (
          SELECT FROM notify.text t
          WHERE t.to_phone = v.phone AND t.state IN ('accepted', 'sent', 'delivered'))
        """);
  }

  long count(String sql) {
    return pool.query(sql).execute().await().iterator().next().getLong(0);
  }

  private List<String> strings(String sql) {
    var strings = new ArrayList<String>();
    pool.query(sql).execute().await().forEach(row -> strings.add(row.getString(0)));
    return strings;
  }

  private void run(String sql) {
    pool.query(sql).execute().await();
  }

  /**
   * What must be true after every fault: all invariants hold, and the carrier, who is the witness,
   * was given each text once; twice only when its outcome was unknown and it may save a life; and
   * it never took one twice.
   */
  void assertNothingLostAndNothingDoubled() {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(violations()).isEmpty());
    var posts = carrier.postsByMessage();
    var unknown = texts("unknowns > 0");
    var life = texts("message_class = 'life-safety' AND answerable");
    posts.forEach(
        (text, many) ->
            assertThat(many)
                .as("posts of text %s", text)
                .isBetween(1, unknown.contains(text) && life.contains(text) ? 2 : 1));
    var never = texts("state IN ('accepted', 'sent', 'delivered')");
    assertThat(never).isNotEmpty();
    never.removeAll(posts.keySet());
    assertThat(never).as("said to be sent, never posted").isEmpty();
    var doubled = new JsonObject(carrier.report()).getJsonObject("doubled");
    assertThat(doubled.getInteger("by_callback")).as("taken twice: %s", doubled).isZero();
  }

  private List<String> violations() {
    var found = new ArrayList<String>();
    Stream.concat(
            org.fazaa.notifier.Invariants.ALL.stream(),
            org.fazaa.dispatcher.callout.Invariants.ALL.stream())
        .forEach(
            invariant -> {
              switch (invariant.look(pool, Instant.now())) {
                case Invariant.Outcome.Holds holds -> {}
                case Invariant.Outcome.Violated(var rows) -> found.add(invariant.number() + rows);
                case Invariant.Outcome.NotChecked(var why) -> found.add(invariant.number() + why);
              }
            });
    return found;
  }

  private Set<String> texts(String which) {
    return new HashSet<>(strings("SELECT id::text FROM notify.text WHERE " + which));
  }

  /** A figure for whoever reads the log; no test depends on it. */
  static void figure(String what, Instant since) {
    LOG.warn("FIGURE {}: {} s", what, Duration.between(since, Instant.now()).toMillis() / 1_000.0);
  }

  @Override
  public void close() {
    nodes.values().forEach(RunningFazaa::thaw);
    nodes.values().forEach(RunningFazaa::close);
    pool.close().await();
    vertx.close().await();
    lines.forEach(TcpProxy::close);
    carrier.close();
    database.close();
    network.ifPresent(Network::close);
  }

  private static final String UNASKED =
      """
      SELECT count(*) FROM dispatch.need
      WHERE state = 'calling' AND last_wave_at IS NULL AND needs_human_at IS NULL
      """;

  private static final String UNDRAINED =
      """
      SELECT count(*) FROM notify.text
      WHERE state = 'submitting'
      OR (state = 'queued' AND due_at <= clock_timestamp() AND valid_until > clock_timestamp())
      """;
}
