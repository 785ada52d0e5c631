package org.fazaa.web.session;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import org.fazaa.config.Loop;

/** Removes sessions, links, tries, codes and request keys that can matter to nobody any more. */
public final class Forget implements Loop.Work {

  static final Duration KEY_LIFE = Duration.ofDays(7);

  private final Pool pool;

  public Forget(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String name() {
    return "forget";
  }

  @Override
  public Duration poll() {
    return Duration.ofMinutes(10);
  }

  @Override
  public boolean run(Instant now) {
    remove(SESSIONS, now.minus(Sessions.LIFE_MAX));
    remove(DEMO_LINKS, now);
    remove(TRIES, now.minus(SignIn.TRIES_WINDOW));
    remove(REQUEST_KEYS, now.minus(KEY_LIFE));
    remove(CODES, now.minus(AskCode.VALID));
    remove(CODES_ASKED, now.minus(AskCode.REMEMBERED));
    remove(VOLUNTEER_SESSIONS, now.minus(Sessions.LIFE_MAX));
    return false;
  }

  private void remove(String sql, Instant before) {
    pool.preparedQuery(sql).execute(Tuple.of(utc(before))).await();
  }

  private static final String SESSIONS = "DELETE FROM web.session WHERE created_at <= $1";
  private static final String DEMO_LINKS = "DELETE FROM web.demo_link WHERE expires_at <= $1";
  private static final String TRIES = "DELETE FROM web.sign_in_try WHERE since <= $1";
  private static final String CODES = "DELETE FROM web.phone_code WHERE expires_at <= $1";
  private static final String CODES_ASKED = "DELETE FROM web.code_asked WHERE last_at <= $1";
  private static final String VOLUNTEER_SESSIONS =
      "DELETE FROM web.volunteer_session WHERE created_at <= $1";
  private static final String REQUEST_KEYS = "DELETE FROM web.request_key WHERE created_at <= $1";
}
