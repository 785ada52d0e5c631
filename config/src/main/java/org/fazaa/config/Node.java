package org.fazaa.config;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.MultiMapConfig.ValueCollectionType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * This process: alone, or one of several joined by Hazelcast. Hazelcast finds the others and routes
 * the bus; it decides nothing and holds nothing.
 */
public final class Node implements AutoCloseable {

  /** What a node does; every node can do everything. */
  public enum Role {
    WEB,
    DISPATCH,
    SEND,
    FUND
  }

  private final Vertx vertx;
  private final Bus bus;
  private final Settings.Node settings;
  private final Optional<HazelcastClusterManager> cluster;
  private final List<Loop> loops = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final String name;
  private volatile boolean apart;

  private Node(Vertx vertx, Settings.Node settings, Optional<HazelcastClusterManager> cluster) {
    this.vertx = vertx;
    this.bus = Bus.of(vertx);
    this.settings = settings;
    this.cluster = cluster;
    this.name =
        cluster
            .map(HazelcastClusterManager::getNodeId)
            .orElseGet(() -> UUID.randomUUID().toString());
    bus.answerPings(name);
  }

  /** Starts Vert.x alone, or joins the cluster when peers are set. */
  public static Node start(Settings.Node settings) {
    if (settings.peers().isEmpty()) {
      return new Node(Vertx.vertx(new VertxOptions()), settings, Optional.empty());
    }
    var manager = new HazelcastClusterManager(hazelcast(settings));
    var bus = new EventBusOptions().setHost(settings.host());
    var vertx =
        Vertx.builder()
            .with(new VertxOptions().setEventBusOptions(bus))
            .withClusterManager(manager)
            .buildClustered()
            .await();
    return new Node(vertx, settings, Optional.of(manager));
  }

  public Vertx vertx() {
    return vertx;
  }

  public Bus bus() {
    return bus;
  }

  public boolean clustered() {
    return cluster.isPresent();
  }

  /** Unlike that of any other node, and new at each start. */
  public String name() {
    return name;
  }

  /** Where the other nodes find it. */
  public String host() {
    return settings.host();
  }

  public int port() {
    return settings.port();
  }

  /** How many nodes this one sees, itself included. */
  public int members() {
    return memberNames().size();
  }

  /** The nodes that Hazelcast sees from here, this one included. */
  public Set<String> memberNames() {
    return cluster.map(manager -> Set.copyOf(manager.getNodes())).orElse(Set.of(name));
  }

  /** Succeeds when that node has answered over the bus within {@link Bus#ANSWER_TIMEOUT_MS}. */
  public Future<?> ping(String peer) {
    return bus.ping(peer);
  }

  /**
   * Leaves the bus and lets the loops stand: nobody must be sent to a node that cannot reach the
   * truth. It stays a member of the cluster, so that it can come back by itself.
   */
  public void stepAside() {
    apart = true;
    bus.leave();
    loops.forEach(Loop::rest);
  }

  /** Ends what {@link #stepAside} began. */
  public void comeBack() {
    apart = false;
    bus.join();
    loops.forEach(Loop::resume);
  }

  public boolean apart() {
    return apart;
  }

  public boolean plays(Role role) {
    return settings.roles().contains(role);
  }

  /** Starts the loop of a work; it ends with the node. */
  public Loop deploy(Loop loop) {
    vertx.deployVerticle(loop, Loop.options()).await();
    loops.add(loop);
    return loop;
  }

  public List<Loop> loops() {
    return List.copyOf(loops);
  }

  /**
   * Whether this node takes part in the cluster, if there is one. It asks nobody and never waits.
   */
  public boolean takesPart() {
    return cluster.stream()
        .allMatch(manager -> manager.getHazelcastInstance().getLifecycleService().isRunning());
  }

  /** Lets the running turns finish, last started first; what they work on may then be closed. */
  public void stopLoops() {
    for (var loop : loops.reversed()) {
      vertx.undeploy(loop.deploymentID()).await();
    }
    loops.clear();
  }

  /** Stops the loops that still turn, then leaves; once is enough. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    stopLoops();
    vertx.close().await();
  }

  // Heartbeats and merges: a frozen node is noticed in 10 s and a healed cut is whole in 5 s; the
  // defaults were measured at 60 s and at up to 5 min.
  private static Config hazelcast(Settings.Node settings) {
    var config = new Config().setClusterName(settings.clusterName());
    config
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.logging.type", "slf4j")
        .setProperty("hazelcast.shutdownhook.enabled", "false")
        .setProperty("hazelcast.heartbeat.interval.seconds", "1")
        .setProperty("hazelcast.max.no.heartbeat.seconds", "10")
        .setProperty("hazelcast.merge.first.run.delay.seconds", "5")
        .setProperty("hazelcast.merge.next.run.delay.seconds", "5");
    var network = config.getNetworkConfig().setPort(settings.port()).setPortAutoIncrement(false);
    network.setPublicAddress(settings.host() + ":" + settings.port());
    network.getInterfaces().setEnabled(true).addInterface(settings.host());
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(true).setMembers(settings.peers());
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setBackupCount(2)
            .setValueCollectionType(ValueCollectionType.SET));
    config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
    config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
    return config;
  }
}
