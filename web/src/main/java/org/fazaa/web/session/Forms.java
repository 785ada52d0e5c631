package org.fazaa.web.session;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;

/**
 * Forms of pages: posted without JavaScript, taken once however often the button is pressed, in one
 * transaction; the news goes out after the commit.
 */
public final class Forms {

  /** Every form carries a fresh one of these in a hidden field of this name. */
  public static final String ONCE_FIELD = "once";

  private static final int SEE_OTHER = 303;

  /** What was sent, by whom (nobody: a public form), and when. */
  public record Form(RoutingContext context, Optional<Who> visitor, MultiMap values, Instant now) {

    public Who who() {
      return visitor.orElseThrow(() -> Problem.signInFirst().refused());
    }

    public String text(String field) {
      var value = values.get(field);
      return value == null ? "" : value.strip();
    }

    /** A number in the path; a path that has none there leads nowhere. */
    public long id(String name) {
      try {
        return Long.parseLong(context.pathParam(name));
      } catch (NumberFormatException e) {
        throw Problem.notFound().refused();
      }
    }
  }

  public sealed interface Next {
    /** Done: the browser goes on to this page, and listeners hear of it. */
    record See(String location, List<Fact> news) implements Next {}

    /** Refused: nothing is kept, and the page is shown again with what to mend. */
    record Again(Consumer<RoutingContext> page) implements Next {}
  }

  public interface Handling {
    Next handle(Form form, SqlConnection tx);
  }

  private final Pool pool;
  private final Bus bus;
  private final InstantSource clock;
  private final RandomGenerator random;

  public Forms(Pool pool, Bus bus, InstantSource clock, RandomGenerator random) {
    this.pool = pool;
    this.bus = bus;
    this.clock = clock;
    this.random = random;
  }

  /** A token for a form that is being drawn. */
  public String once() {
    return Unguessable.fresh(random);
  }

  /** For people signed in with one of these roles. */
  public void post(Router router, String path, Set<Role> roles, Handling handling) {
    router
        .post(path)
        .handler(
            context -> {
              var who = Guard.require(context, roles);
              take(context, Optional.of(who), handling);
            });
  }

  /** For anybody. */
  public void post(Router router, String path, Handling handling) {
    router.post(path).handler(context -> take(context, Guard.find(context), handling));
  }

  /** For anybody, where the use case keeps the form's token itself: many wait for one commit. */
  public void hand(Router router, String path, Function<Form, Next> handling) {
    router
        .post(path)
        .handler(
            context -> {
              var values = context.request().formAttributes();
              once(values);
              switch (handling.apply(
                  new Form(context, Guard.find(context), values, clock.instant()))) {
                case Next.See(var location, var news) -> {
                  news.forEach(bus::publish);
                  goOn(context, new RequestKeys.Kept(SEE_OTHER, location, null));
                }
                case Next.Again(var page) -> page.accept(context);
              }
            });
  }

  private void take(RoutingContext context, Optional<Who> visitor, Handling handling) {
    var values = context.request().formAttributes();
    var form = new Form(context, visitor, values, clock.instant());
    var ask = new RequestKeys.Ask(visitor, once(values), digest(context, values));
    var seen = new java.util.ArrayList<Fact>();
    try {
      var outcome =
          Database.inTransaction(
              pool,
              tx -> {
                seen.clear();
                return RequestKeys.run(tx, ask, form.now(), () -> kept(form, tx, handling, seen));
              });
      switch (outcome) {
        case RequestKeys.Outcome.First(var kept) -> {
          seen.forEach(bus::publish);
          goOn(context, kept);
        }
        case RequestKeys.Outcome.Repeated(var kept) -> goOn(context, kept);
        case RequestKeys.Outcome.Differs() -> throw differs().refused();
      }
    } catch (ShowAgain again) {
      again.page.accept(context);
    }
  }

  private static RequestKeys.Kept kept(
      Form form, SqlConnection tx, Handling handling, List<Fact> news) {
    return switch (handling.handle(form, tx)) {
      case Next.See(var location, var facts) -> {
        news.addAll(facts);
        yield new RequestKeys.Kept(SEE_OTHER, location, null);
      }
      case Next.Again(var page) -> throw new ShowAgain(page);
    };
  }

  private static void goOn(RoutingContext context, RequestKeys.Kept kept) {
    context.response().setStatusCode(kept.status()).putHeader("Location", kept.location()).end();
  }

  private static String once(MultiMap values) {
    var once = values.get(ONCE_FIELD);
    if (once == null || once.length() < 8 || once.length() > 128) {
      throw Problem.invalid(
              ONCE_FIELD,
              new Words(
                  "رمز النموذج ناقص: افتح الصفحة من جديد وأعد الإرسال.",
                  "The form's token is missing: open the page again and send it once more."))
          .refused();
    }
    return once;
  }

  /** The same press of the same button: path and fields, whatever their order on the wire. */
  private static byte[] digest(RoutingContext context, MultiMap values) {
    var digest = Unguessable.sha256();
    digest.update(context.request().path().getBytes(StandardCharsets.UTF_8));
    var fields =
        values.entries().stream()
            .filter(entry -> !entry.getKey().equals(Guard.CSRF_FIELD))
            .map(entry -> entry.getKey() + "\n" + entry.getValue() + "\0")
            .toArray(String[]::new);
    Arrays.sort(fields);
    for (var field : fields) digest.update(field.getBytes(StandardCharsets.UTF_8));
    return digest.digest();
  }

  public static Problem differs() {
    return Problem.of(
        422,
        "key-used-differently",
        new Words("المفتاح مستعمل لطلب آخر", "This key was used for another request"),
        new Words(
            "لكل طلب مفتاح جديد: افتح الصفحة من جديد، أو غيّر Idempotency-Key.",
            "Each request needs its own key: open the page again, or change Idempotency-Key."));
  }

  /** On its way out of the transaction, so that nothing of a refused form is kept. */
  private static final class ShowAgain extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Consumer<RoutingContext> page;

    private ShowAgain(Consumer<RoutingContext> page) {
      super("form refused", null, false, false);
      this.page = page;
    }
  }
}
