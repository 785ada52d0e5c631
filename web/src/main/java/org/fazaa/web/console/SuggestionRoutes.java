package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fazaa.notifier.reply.Suggestions;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;

/** What the inbox could teach the tables of meanings. */
public final class SuggestionRoutes {
  private static final Set<Role> READS = EnumSet.of(Role.COORDINATOR, Role.MANAGER);

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public SuggestionRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get("/inbox/suggestions").handler(this::show);
    router.get("/inbox/suggestions.csv").handler(this::download);
    forms.post(
        router, "/inbox/suggestions/:suggestion/dismissal", READS, SuggestionRoutes::dismiss);
  }

  private void show(RoutingContext context) {
    Guard.require(context, READS);
    var frame = frames.of(context);
    var rows = Suggestions.list(pool).stream().map(one -> row(one, frame)).toList();
    frames.show(context, "console/suggestions", frame, new SuggestionsPage(rows));
  }

  private static SuggestionsPage.Row row(Suggestions.Suggestion one, Frame frame) {
    var stage =
        switch (one.stage()) {
          case OFFERED -> Word.STAGE_OFFERED;
          case ACCEPTED -> Word.STAGE_ACCEPTED;
          case ON_SITE -> Word.STAGE_ON_SITE;
        };
    return new SuggestionsPage.Row(
        one.id(),
        one.text(),
        frame.say(stage),
        frame.say(InboxRoutes.decided(one.meaning())),
        one.times(),
        one.firstAt(),
        one.lastAt());
  }

  private void download(RoutingContext context) {
    Guard.require(context, READS);
    context
        .response()
        .putHeader("Content-Type", "text/csv; charset=utf-8")
        .putHeader("Content-Disposition", "attachment; filename=\"suggestions.csv\"")
        .end(Suggestions.csv(Suggestions.list(pool)));
  }

  private static Next dismiss(Forms.Form form, SqlConnection tx) {
    Suggestions.dismiss(tx, form.id("suggestion"), form.who().account(), form.now());
    return new Next.See("/inbox/suggestions", List.of());
  }
}
