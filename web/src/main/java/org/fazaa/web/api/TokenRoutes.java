package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;
import org.fazaa.web.session.IssueToken;
import org.fazaa.web.session.IssueToken.Outcome;
import org.fazaa.web.session.Role;

/** Tokens for machines. */
public final class TokenRoutes {

  private static final int DAYS = 90;

  private final Api api;
  private final IssueToken issueToken;

  public TokenRoutes(Api api, RandomGenerator random) {
    this.api = api;
    this.issueToken = new IssueToken(random);
  }

  public void mount(Router router) {
    api.writes(router, "issueToken", this::issue);
  }

  private Answer issue(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new IssueToken.Draft(
            body.getLong("account"),
            Role.find(body.getString("role")).orElseThrow(),
            body.getString("label", "token"),
            Duration.ofDays(body.getInteger("days", DAYS)));
    return switch (issueToken.run(tx, draft, call.now())) {
      case Outcome.Issued issued -> Answer.createdWithSecret(json(draft, issued), "token");
      case Outcome.NoSuchAccount() -> Answer.refused(Problem.invalid("/account", NO_SUCH_ACCOUNT));
      case Outcome.RoleNotHeld() -> Answer.refused(Problem.invalid("/role", ROLE_NOT_HELD));
    };
  }

  private static JsonObject json(IssueToken.Draft draft, Outcome.Issued issued) {
    return new JsonObject()
        .put("id", issued.token())
        .put("account", draft.account())
        .put("role", draft.role().code())
        .put("label", draft.label())
        .put("expires_at", Wire.time(issued.expiresAt()))
        .put("token", issued.secret());
  }

  private static final Words NO_SUCH_ACCOUNT =
      new Words("لا حساب بهذا الرقم.", "There is no account with this number.");
  private static final Words ROLE_NOT_HELD =
      new Words(
          "ليس للحساب هذا الدور: اختر دورًا من أدواره.",
          "The account does not have this role: choose one that it has.");
}
