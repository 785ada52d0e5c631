package org.fazaa.config;

import io.vertx.core.Future;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Gives whatever is asked of a pool an end in time. The client has none: a server that stands still
 * would hold every thread that asks it for as long as it stands.
 */
final class InTime implements InvocationHandler {

  /** What ends up in the hands of those who ask; the more special before the more general. */
  private static final List<Class<?>> ASKED =
      List.of(
          Pool.class,
          SqlConnection.class,
          Transaction.class,
          PreparedStatement.class,
          Cursor.class,
          PreparedQuery.class,
          Query.class);

  /** The pool has a limit of its own here, and takes back a connection that comes too late. */
  private static final String HAS_ITS_OWN = "getConnection";

  private final Object asked;
  private final Duration limit;

  private InTime(Object asked, Duration limit) {
    this.asked = asked;
    this.limit = limit;
  }

  static Pool of(Pool pool, Duration limit) {
    return (Pool) limited(pool, limit);
  }

  @Override
  public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
    try {
      var answer = method.invoke(asked, arguments);
      return answer == asked ? self : limited(method, answer);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object limited(Method method, Object answer) {
    if (!(answer instanceof Future<?> future)) return limited(answer, limit);
    var inTime =
        method.getName().equals(HAS_ITS_OWN)
            ? future
            : future.timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    return inTime.map(come -> limited(come, limit));
  }

  private static Object limited(Object answer, Duration limit) {
    return kind(answer)
        .map(
            kind ->
                Proxy.newProxyInstance(
                    kind.getClassLoader(), new Class<?>[] {kind}, new InTime(answer, limit)))
        .orElse(answer);
  }

  private static Optional<Class<?>> kind(Object answer) {
    for (var kind : ASKED) {
      if (kind.isInstance(answer)) return Optional.of(kind);
    }
    return Optional.empty();
  }
}
