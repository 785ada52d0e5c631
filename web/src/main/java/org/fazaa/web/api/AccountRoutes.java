package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.SqlConnection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;
import org.fazaa.web.session.CreateAccount;
import org.fazaa.web.session.CreateAccount.Outcome;
import org.fazaa.web.session.Passwords;
import org.fazaa.web.session.Role;

/** Accounts of people and of machines. */
public final class AccountRoutes {

  private final Api api;
  private final Passwords passwords;

  public AccountRoutes(Api api, Passwords passwords) {
    this.api = api;
    this.passwords = passwords;
  }

  public void mount(Router router) {
    // Hashing takes half a second of one core: it comes before the transaction, not inside it.
    api.<Optional<String>>writes(router, "createAccount", this::hash, AccountRoutes::create);
  }

  private Optional<String> hash(Call call) {
    return Optional.ofNullable(call.body().getString("password")).map(passwords::hash);
  }

  private static Answer create(Call call, Optional<String> hash, SqlConnection tx) {
    var body = call.body();
    var draft =
        new CreateAccount.Draft(
            body.getString("login"),
            body.getString("name"),
            body.getString("language", "ar"),
            roles(body.getJsonArray("roles")),
            hash);
    return switch (CreateAccount.run(tx, draft, call.who().account(), call.now())) {
      case Outcome.Created(var account) -> Answer.created(null, json(account, draft));
      case Outcome.LoginTaken() -> Answer.refused(LOGIN_TAKEN);
    };
  }

  private static Set<Role> roles(JsonArray codes) {
    var roles = EnumSet.noneOf(Role.class);
    for (var code : codes) roles.add(Role.find((String) code).orElseThrow());
    return roles;
  }

  private static JsonObject json(long account, CreateAccount.Draft draft) {
    var roles = new JsonArray();
    draft.roles().forEach(role -> roles.add(role.code()));
    return new JsonObject()
        .put("id", account)
        .put("login", draft.login())
        .put("name", draft.name())
        .put("language", draft.language())
        .put("roles", roles);
  }

  private static final Problem LOGIN_TAKEN =
      Problem.conflict(
          "login-taken",
          new Words("اسم الدخول مستعمل", "This login is taken"),
          new Words("اختر اسم دخول آخر.", "Choose another login."));
}
