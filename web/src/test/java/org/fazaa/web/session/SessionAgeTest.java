package org.fazaa.web.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long doors stay open, by a clock that the test holds. */
class SessionAgeTest {

  @RegisterExtension
  static final TestDatabase db = TestDatabase.of("notify", "dispatch", "fund", "web");

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private static final Random random = new Random(7);
  private final Sessions sessions = new Sessions(random);

  @Test
  void aSessionEndsAfterHalfAnHourWithoutUse() {
    var secret = open("idle");
    assertThat(sessions.find(db.pool(), secret, NOW.plus(Duration.ofMinutes(29)))).isPresent();
    assertThat(sessions.find(db.pool(), secret, NOW.plus(Duration.ofMinutes(58)))).isPresent();
    assertThat(sessions.find(db.pool(), secret, NOW.plus(Duration.ofMinutes(89)))).isEmpty();
  }

  @Test
  void aSessionEndsAfterTwelveHoursHoweverBusy() {
    var secret = open("busy");
    for (var minutes = 20; minutes < 720; minutes += 20) {
      var then = NOW.plus(Duration.ofMinutes(minutes));
      assertThat(sessions.find(db.pool(), secret, then)).as("after %d min", minutes).isPresent();
    }
    assertThat(sessions.find(db.pool(), secret, NOW.plus(Duration.ofHours(12)))).isEmpty();
  }

  @Test
  void tablesHoldNoSecret() {
    var secret = open("hashed");
    var row =
        db.pool()
            .query("SELECT string_agg(s::text, ' ') FROM web.session s")
            .execute()
            .await()
            .iterator()
            .next();
    assertThat(row.getString(0)).doesNotContain(secret);
  }

  @Test
  void aTokenActsInItsOneRoleAndDiesWithItsTime() {
    var account = account("machine", EnumSet.of(Role.COORDINATOR, Role.FINANCE));
    var draft = new IssueToken.Draft(account, Role.FINANCE, "books", Duration.ofDays(1));
    var issued =
        Database.inTransaction(db.pool(), tx -> new IssueToken(random).run(tx, draft, NOW));
    var secret = ((IssueToken.Outcome.Issued) issued).secret();
    assertThat(Sessions.findMachine(db.pool(), secret, NOW).orElseThrow().roles())
        .isEqualTo(Set.of(Role.FINANCE));
    var tomorrow = NOW.plus(Duration.ofDays(1));
    assertThat(Sessions.findMachine(db.pool(), secret, tomorrow)).isEmpty();
  }

  @Test
  void aTokenCannotHaveARoleThatItsAccountHasNot() {
    var account = account("modest", EnumSet.of(Role.AUDITOR));
    var draft = new IssueToken.Draft(account, Role.ADMIN, "more", Duration.ofDays(1));
    var outcome =
        Database.inTransaction(db.pool(), tx -> new IssueToken(random).run(tx, draft, NOW));
    assertThat(outcome).isInstanceOf(IssueToken.Outcome.RoleNotHeld.class);
  }

  @Test
  void aDemoLinkOpensOneSessionOnce() {
    var links = new DemoLinks(random, sessions, true);
    var account = account("demo", EnumSet.of(Role.COORDINATOR));
    var path = Database.inTransaction(db.pool(), tx -> links.make(tx, account, NOW));
    var secret = path.replace("/demo/", "");
    assertThat(take(links, secret)).isPresent();
    assertThat(take(links, secret)).isEmpty();
  }

  @Test
  void aDemoLinkIsNotTakenOnceSomethingRealIsConnected() {
    var account = account("was demo", EnumSet.of(Role.COORDINATOR));
    var path =
        Database.inTransaction(
            db.pool(), tx -> new DemoLinks(random, sessions, true).make(tx, account, NOW));
    var real = new DemoLinks(random, sessions, false);
    var secret = path.replace("/demo/", "");
    assertThat(take(real, secret)).isEmpty();
  }

  @Test
  void whatCanMatterToNobodyIsForgotten() {
    open("forgotten");
    new Forget(db.pool()).run(NOW.plus(Duration.ofDays(30)));
    var left =
        db.pool().query("SELECT count(*) FROM web.session").execute().await().iterator().next();
    assertThat(left.getLong(0)).isZero();
  }

  private static Optional<String> take(DemoLinks links, String secret) {
    return Database.inTransaction(db.pool(), tx -> links.take(tx, secret, NOW));
  }

  private String open(String login) {
    var account = account(login, EnumSet.of(Role.COORDINATOR));
    return Database.inTransaction(db.pool(), tx -> sessions.open(tx, account, NOW));
  }

  private static long account(String login, Set<Role> roles) {
    var draft = new CreateAccount.Draft(login, login, "ar", roles, Optional.empty());
    return Database.inTransaction(db.pool(), tx -> CreateAccount.ensure(tx, draft, NOW));
  }
}
