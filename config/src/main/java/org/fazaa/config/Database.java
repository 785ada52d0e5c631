package org.fazaa.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The one truth: PostgreSQL, embedded or outside, migrated, entered through five pools so that a
 * report or an import can never starve a reply. Whatever is asked of them ends in time.
 */
public final class Database implements AutoCloseable {

  /** The database answers, but must not be used as it is set up. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Refused(String message) {
      super(message);
    }
  }

  /**
   * The database could not be reached, or went away in the middle: what was asked for is neither
   * done nor undone. Pages say 503, loops try again, callers repeat with the same key.
   */
  public static final class Away extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Away(Throwable cause) {
      super("the database is away: " + cause.getMessage(), cause);
    }
  }

  private static final int OLDEST_VERSION = 150_000;
  private static final int WAIT_QUEUE_MAX = 200;
  private static final Limits LIVE = new Limits(Duration.ofSeconds(2), Duration.ofSeconds(3));

  /** Many press at once and each is quick: they wait longer for their turn than for its end. */
  private static final Limits HOOKS = new Limits(Duration.ofMillis(2_500), Duration.ofSeconds(2));

  private static final Limits BEAT = new Limits(Duration.ofSeconds(1), Duration.ofSeconds(1));
  private static final Limits PATIENT = new Limits(Duration.ofMinutes(2), Duration.ofMinutes(2));
  private static final Duration BULK_STATEMENT_LIMIT = Duration.ofMinutes(10);

  /** The server ends a statement first; whoever waits longer than that waits for nobody. */
  private static final Duration ANSWER_DELAY = Duration.ofSeconds(1);

  /** A connection that nobody uses is given back before one that is dead is cut off. */
  private static final Duration IDLE_LIMIT = Duration.ofSeconds(25);

  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);
  private static final int TRIES_MAX = 3;
  private static final int MIGRATION_TRIES_MAX = 60;
  private static final String LOCK_LIMIT = "&options=-c%20lock_timeout%3D1s";
  private static final int START_TRIES_MAX = 15;

  /**
   * What loops and webhooks ask for has an index. The tables of a crisis grow from nothing in
   * seconds: a plan for one call would read them whole, as small as they were when last counted, or
   * be made anew each time because its arrays look short. Only the watch reads tables whole.
   */
  private static final Map<String, String> BY_INDEX =
      Map.of("enable_seqscan", "off", "plan_cache_mode", "force_generic_plan");

  /** Serialization failure, deadlock, and a cached plan that a migration made stale. */
  private static final Set<String> PASSING = Set.of("40001", "40P01", "0A000");

  private final Optional<EmbeddedServer> server;
  private final NodeClock clock;
  private final Pool webhooks;
  private final Pool dispatch;
  private final Pool people;
  private final Pool bulk;
  private final Pool beat;

  /** How long to wait for a connection, and for a statement. */
  private record Limits(Duration connection, Duration statement) {
    Limits forBulk() {
      return new Limits(connection, BULK_STATEMENT_LIMIT);
    }

    Limits atMost(Limits other) {
      return this == LIVE ? other : this;
    }
  }

  private Database(Vertx vertx, DatabaseUrl url, Optional<EmbeddedServer> server, Limits limits) {
    this.server = server;
    this.webhooks = pool(vertx, url, "webhooks", 4, limits.atMost(HOOKS), BY_INDEX);
    this.dispatch = pool(vertx, url, "dispatch", 8, limits, BY_INDEX);
    this.people = pool(vertx, url, "people", 4, limits, Map.of());
    this.bulk = pool(vertx, url, "bulk", 3, limits.forBulk(), Map.of());
    this.beat = pool(vertx, url, "beat", 1, limits.atMost(BEAT), Map.of());
    this.clock = new NodeClock(people);
  }

  /** Starts the embedded server unless an outside database is set; migrates; opens the pools. */
  public static Database open(Vertx vertx, Settings.Data settings, List<String> schemas) {
    if (settings.url().isPresent()) {
      var url = settings.url().get();
      return open(vertx, url, settings.ownerUrl(), Optional.empty(), schemas);
    }
    var server = EmbeddedServer.start(settings.folder(), EmbeddedServer.Durability.FULL);
    return open(vertx, server, schemas);
  }

  /** On a server of our own, which is stopped with this database. */
  public static Database open(Vertx vertx, EmbeddedServer server, List<String> schemas) {
    return open(vertx, server, schemas, LIVE);
  }

  /** The same for work that nobody waits for: on a busy machine it gets slow and does not fail. */
  public static Database openPatiently(Vertx vertx, EmbeddedServer server, List<String> schemas) {
    return open(vertx, server, schemas, PATIENT);
  }

  private static Database open(
      Vertx vertx, EmbeddedServer server, List<String> schemas, Limits limits) {
    try {
      var owner = Optional.of(server.owner());
      return open(vertx, server.application(), owner, Optional.of(server), schemas, limits);
    } catch (Exception e) {
      server.close();
      throw e;
    }
  }

  static Database open(
      Vertx vertx,
      DatabaseUrl url,
      Optional<DatabaseUrl> owner,
      Optional<EmbeddedServer> server,
      List<String> schemas) {
    return open(vertx, url, owner, server, schemas, LIVE);
  }

  static Database openPatiently(
      Vertx vertx, DatabaseUrl url, Optional<DatabaseUrl> owner, List<String> schemas) {
    return open(vertx, url, owner, Optional.empty(), schemas, PATIENT);
  }

  private static Database open(
      Vertx vertx,
      DatabaseUrl url,
      Optional<DatabaseUrl> owner,
      Optional<EmbeddedServer> server,
      List<String> schemas,
      Limits limits) {
    // Without an owner's address the tables are somebody else's care: check, do not migrate.
    owner.ifPresent(address -> migrate(address, schemas, url.user()));
    var database = new Database(vertx, url, server, limits);
    try {
      check(database.people, schemas);
      database.clock.correct();
      return database;
    } catch (Exception e) { // await() throws checked ones as well, undeclared
      database.closePools();
      throw e;
    }
  }

  /** Webhooks and answer pages: never behind anything slow. */
  public Pool webhooks() {
    return webhooks;
  }

  /** Loops. */
  public Pool dispatch() {
    return dispatch;
  }

  /** Pages and the API. */
  public Pool people() {
    return people;
  }

  /** Imports and roster loads, with minutes instead of seconds for a statement. */
  public Pool bulk() {
    return bulk;
  }

  /** One connection for the sign of life, which must not wait behind anybody's work. */
  public Pool beat() {
    return beat;
  }

  /** Domain time: this node's clock, corrected to the database's. */
  public InstantSource clock() {
    return clock;
  }

  /** How far this machine's own clock is from the database's. */
  public Duration clockOffset() {
    return clock.offset();
  }

  /** Keeps {@link #clock} corrected. */
  public Loop.Work keepTime() {
    return clock;
  }

  /**
   * Runs work in one transaction: its return commits, anything it throws rolls back. It is run
   * again when the database asks for that (serialization, deadlock), so it must do nothing outside
   * the transaction; tell others after this returns.
   *
   * @throws Away when the connection was refused or lost
   */
  public static <T> T inTransaction(Pool pool, Function<SqlConnection, T> work) {
    for (int tried = 1; ; tried++) {
      try {
        return once(pool, work);
      } catch (PgException e) {
        if (gone(e)) {
          throw new Away(e);
        }
        if (tried == TRIES_MAX || !PASSING.contains(e.getSqlState())) {
          throw e;
        }
      } catch (VertxException e) { // closed, none free in time, or too many waiting
        throw new Away(e);
      } catch (Exception e) {
        throw e instanceof RuntimeException bug ? bug : new Away(e); // await() throws as it comes
      }
    }
  }

  /**
   * A statement of this transaction whose answer nobody needs before the commit: what follows it is
   * sent without a wait and done after it, in order. Where no {@link #inTransaction} is under way
   * it is waited for.
   */
  public static void later(Future<?> statement) {
    if (UNDER_WAY.isBound()) {
      UNDER_WAY.get().add(statement);
    } else {
      statement.await();
    }
  }

  /** The form in which a statement takes an instant. */
  public static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  @Override
  public void close() {
    closePools();
    server.ifPresent(EmbeddedServer::close);
  }

  private void closePools() {
    for (var pool : List.of(webhooks, dispatch, people, bulk, beat)) {
      pool.close().await();
    }
  }

  // Connection faults (08), and the server stopping, crashing or starting (57P01 to 57P03).
  private static boolean gone(PgException e) {
    return e.getSqlState() != null
        && (e.getSqlState().startsWith("08") || e.getSqlState().startsWith("57P0"));
  }

  private static final ScopedValue<List<Future<?>>> UNDER_WAY = ScopedValue.newInstance();

  private record Begun(SqlConnection connection, Transaction transaction) {}

  private static <T> T once(Pool pool, Function<SqlConnection, T> work) {
    var begun = begin(pool, TRIES_MAX).await();
    boolean answers = true;
    var underWay = new ArrayList<Future<?>>();
    try {
      T answer = ScopedValue.where(UNDER_WAY, underWay).call(() -> work.apply(begun.connection()));
      underWay.forEach(statement -> statement.await());
      begun.transaction().commit().await();
      return answer;
    } catch (Exception e) {
      answers =
          !(e instanceof TimeoutException)
              && underWay.stream().noneMatch(one -> one.cause() instanceof TimeoutException);
      // Whatever follows a statement that failed is only told that the transaction is over.
      for (var earlier : underWay) {
        if (earlier.failed()) earlier.await();
      }
      throw e;
    } finally {
      var closed = begun.connection().close(); // rolls back what is still open
      if (answers) closed.await(); // else the pool has it back when the server stirs or is given up
    }
  }

  // A pooled connection may have died with a server that has come back since: nothing was done on
  // it yet, so another one is taken.
  private static Future<Begun> begin(Pool pool, int tries) {
    return pool.getConnection()
        .compose(
            connection ->
                connection
                    .begin()
                    .map(transaction -> new Begun(connection, transaction))
                    .onFailure(fault -> connection.close())
                    .recover(
                        fault ->
                            tries > 1 && !(fault instanceof TimeoutException)
                                ? begin(pool, tries - 1)
                                : Future.failedFuture(fault)));
  }

  // One node at a time: of two that make the same schema at once, one would fail to start.
  private static void migrate(DatabaseUrl owner, List<String> schemas, String application) {
    var password = owner.password().value();
    try (var turn = DriverManager.getConnection(owner.jdbc(), owner.user(), password);
        var statement = turn.createStatement()) {
      statement.execute(LOCK_MIGRATION);
      schemas.forEach(schema -> migrate(owner, schema, application));
    } catch (SQLException e) {
      throw new Away(e);
    }
  }

  // Other nodes may be at work on these tables. Whoever waits for a table makes all others wait
  // behind them, so a migration that does not get it soon lets them pass, and asks again.
  private static void migrate(DatabaseUrl owner, String schema, String application) {
    var flyway =
        Flyway.configure()
            .dataSource(owner.jdbc() + LOCK_LIMIT, owner.user(), owner.password().value())
            .schemas(schema)
            .locations("classpath:db/" + schema)
            .placeholders(Map.of("app", application))
            .load();
    for (int tried = 1; ; tried++) {
      try {
        flyway.migrate();
        return;
      } catch (FlywayException e) {
        if (tried == MIGRATION_TRIES_MAX || !isLockedOut(e)) {
          throw e;
        }
      }
    }
  }

  private static boolean isLockedOut(Throwable fault) {
    for (var cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException e && "55P03".equals(e.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  // On a busy machine the first connection takes its time, and nobody waits for a page yet.
  private static Row findPowers(Pool pool) {
    for (int tried = 1; ; tried++) {
      try {
        return inTransaction(pool, tx -> tx.query(FIND_POWERS).execute().await().iterator().next());
      } catch (Away e) {
        if (tried == START_TRIES_MAX) {
          throw e;
        }
      }
    }
  }

  private static void check(Pool pool, List<String> schemas) {
    var row = findPowers(pool);
    if (row.getInteger("version") < OLDEST_VERSION) {
      throw new Refused("PostgreSQL 15 or newer is needed · يلزم PostgreSQL 15 أو أحدث");
    }
    if (row.getBoolean("superuser")) {
      throw new Refused(
          "DATABASE_URL enters as a superuser: use a role that owns nothing"
              + " · لا تستخدم مستخدمًا ذا صلاحيات كاملة في DATABASE_URL");
    }
    var owned = row.getArrayOfStrings("owned");
    for (var schema : schemas) {
      if (List.of(owned).contains(schema)) {
        throw new Refused(
            "DATABASE_URL enters as the owner of schema "
                + schema
                + ": use another role for the program and this one in DATABASE_OWNER_URL"
                + " · استخدم دورًا آخر للبرنامج، وضع المالك في DATABASE_OWNER_URL");
      }
    }
  }

  private static Pool pool(
      Vertx vertx,
      DatabaseUrl url,
      String name,
      int size,
      Limits limits,
      Map<String, String> plans) {
    var connect =
        new PgConnectOptions()
            .setHost(url.host())
            .setPort(url.port())
            .setDatabase(url.name())
            .setUser(url.user())
            .setPassword(url.password().value())
            .setCachePreparedStatements(true)
            .addProperty("application_name", "fazaa-" + name)
            .addProperty("statement_timeout", Long.toString(limits.statement.toMillis()))
            .addProperty(
                "idle_in_transaction_session_timeout",
                Long.toString(limits.statement.plusSeconds(2).toMillis()));
    plans.forEach(connect::addProperty);
    if (!url.loopback()) {
      var tls = new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");
      connect.setSslMode(SslMode.VERIFY_FULL).setSslOptions(tls);
    }
    var options =
        new PoolOptions()
            .setName(name)
            .setMaxSize(size)
            .setMaxWaitQueueSize(WAIT_QUEUE_MAX)
            .setConnectionTimeout((int) limits.connection.toMillis())
            .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
            .setIdleTimeout((int) IDLE_LIMIT.toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setMaxLifetime(30)
            .setMaxLifetimeUnit(TimeUnit.MINUTES);
    // A cut network says nothing: without a limit of our own TCP would hope for a quarter of an
    // hour.
    var socket =
        new NetClientOptions()
            .setTcpKeepAlive(true)
            .setConnectTimeout((int) limits.connection.toMillis())
            .setReadIdleTimeout((int) limits.statement.plus(SILENCE_LIMIT).toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    var pool =
        PgBuilder.pool().with(options).with(socket).connectingTo(connect).using(vertx).build();
    return InTime.of(pool, limits.statement.plus(ANSWER_DELAY));
  }

  private static final String LOCK_MIGRATION = "SELECT pg_advisory_lock(4608)";

  private static final String FIND_POWERS =
      """
      SELECT current_setting('server_version_num')::int AS version,
             (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
             ARRAY(SELECT DISTINCT schemaname::text FROM pg_tables
                   WHERE tableowner = current_user) AS owned\
      """;
}
