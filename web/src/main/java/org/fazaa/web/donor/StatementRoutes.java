package org.fazaa.web.donor;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fazaa.config.Database;
import org.fazaa.fund.giving.Pledge;
import org.fazaa.fund.giving.Pledges;
import org.fazaa.fund.giving.Receipt;
import org.fazaa.fund.giving.Statement;
import org.fazaa.fund.giving.Statement.Calendar;
import org.fazaa.fund.giving.Statement.Period;
import org.fazaa.fund.giving.WithdrawPledge;
import org.fazaa.fund.ledger.Money;
import org.fazaa.notifier.Phone;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.PhoneProof;
import org.fazaa.web.session.ProvePhone;

/**
 * What a phone has given in a year. A giver has no account: whoever proves the phone, by a code
 * that is texted to it, sees the statement in that browser for half an hour.
 */
public final class StatementRoutes {
  private static final String HERE = "/my-gifts";
  private static final String CODE = HERE + "/code";
  private static final int SEE_OTHER = 303;
  private static final int INVALID = 422;

  private final Frames frames;
  private final Pool pool;
  private final InstantSource clock;
  private final PhoneProof proof;

  public StatementRoutes(Frames frames, Pool pool, InstantSource clock, PhoneProof proof) {
    this.frames = frames;
    this.pool = pool;
    this.clock = clock;
    this.proof = proof;
  }

  public void mount(Router router) {
    router.get(HERE).handler(this::show);
    router.get(HERE + "/pdf").handler(this::pdf);
    router.get(CODE).handler(context -> askForProof(context, true, Optional.empty()));
    router.post(CODE).handler(this::ask);
    router.post(HERE + "/proof").handler(this::prove);
    router.post(HERE + "/pledges/:pledge/stop").handler(this::stop);
    router.post(HERE + "/leave").handler(this::leave);
  }

  private void ask(RoutingContext context) {
    proof
        .ask(context, field(context, "phone"), Optional.empty())
        .ifPresentOrElse(why -> refuse(context, false, why), () -> see(context.response(), CODE));
  }

  private void prove(RoutingContext context) {
    switch (proof.prove(context, field(context, "code"))) {
      case PhoneProof.Outcome.Proven proven -> see(context.response(), HERE);
      case PhoneProof.Outcome.Refused(var why) ->
          refuse(context, why == PhoneProof.WRONG_CODE, why);
    }
  }

  private void leave(RoutingContext context) {
    proof.secret(context).ifPresent(secret -> ProvePhone.close(pool, secret, clock.instant()));
    context
        .response()
        .addCookie(proof.ended())
        .putHeader("Clear-Site-Data", "\"cache\", \"storage\"");
    see(context.response(), HERE);
  }

  private Optional<Phone> giver(RoutingContext context) {
    return proof
        .secret(context)
        .flatMap(secret -> ProvePhone.findGiver(pool, secret, clock.instant()));
  }

  private void show(RoutingContext context) {
    var giver = giver(context);
    if (giver.isEmpty()) {
      askForProof(context, false, Optional.empty());
      return;
    }
    var frame = frames.of(context);
    var asked = period(context);
    if (asked.isEmpty()) context.response().setStatusCode(INVALID);
    var period = asked.orElseGet(() -> Period.of(Calendar.GREGORIAN, clock.instant()));
    var statement = Statement.find(pool, giver.get(), period);
    var flaw = asked.isEmpty() ? Optional.of(frame.say(Word.FLAW_YEAR)) : Optional.<String>empty();
    var pledges = Pledges.ofGiver(pool, giver.get()).stream().filter(Pledge::stands).toList();
    var page = page(statement, pledges, giver.get(), flaw, frame);
    frames.show(context, "donor/statement", frame, page);
  }

  private void pdf(RoutingContext context) {
    var giver = giver(context).orElseThrow(() -> PhoneProof.OVER.refused());
    var period = period(context).orElseThrow(() -> Problem.notFound().refused());
    var statement = Statement.find(pool, giver, period);
    var name = "fazaa-" + period.calendar().tag() + "-" + period.year();
    var drawn = DrawStatement.run(statement, giver, names(statement), frames.of(context));
    GiftRoutes.send(context, name, drawn);
  }

  // This year, unless another is asked for; empty when that is none.
  private Optional<Period> period(RoutingContext context) {
    var calendar = Optional.ofNullable(context.queryParams().get("calendar"));
    var year = Optional.ofNullable(context.queryParams().get("year"));
    var meant =
        Arrays.stream(Calendar.values())
            .filter(one -> one.tag().equals(calendar.orElse(Calendar.GREGORIAN.tag())))
            .findFirst();
    if (year.isEmpty()) return meant.map(one -> Period.of(one, clock.instant()));
    var written = year(year.get());
    return meant.filter(one -> Period.isKnown(one, written)).map(one -> new Period(one, written));
  }

  // In whichever digits it is typed; 0 is no year.
  private static int year(String typed) {
    var plain = new StringBuilder();
    typed.strip().codePoints().limit(5).forEach(c -> plain.append(Character.digit(c, 10)));
    return plain.toString().matches("[0-9]{4}") ? Integer.parseInt(plain.toString()) : 0;
  }

  private static StatementPage page(
      Statement statement, List<Pledge> pledges, Phone giver, Optional<String> flaw, Frame frame) {
    var period = statement.period();
    return new StatementPage(
        title(period, frame),
        giver.e164(),
        names(statement),
        period.year(),
        period.calendar().tag(),
        pledges.stream().map(one -> row(one, frame)).toList(),
        statement.receipts().stream().map(one -> row(one, frame)).toList(),
        written(statement.sums(), frame),
        written(statement.demonstrations(), frame),
        cut(statement, frame),
        HERE + "/pdf?calendar=" + period.calendar().tag() + "&year=" + period.year(),
        frame.now(),
        flaw);
  }

  static String title(Period period, Frame frame) {
    var year = String.valueOf(period.year());
    return switch (period.calendar()) {
      case GREGORIAN -> frame.say(Word.STATEMENT_OF, year);
      case HIJRI -> frame.say(Word.STATEMENT_OF_HIJRI, year);
    };
  }

  static Optional<String> cut(Statement statement, Frame frame) {
    return statement.whole()
        ? Optional.empty()
        : Optional.of(frame.say(Word.STATEMENT_CUT, Statement.RECEIPTS_MAX));
  }

  private static String names(Statement statement) {
    return statement.receipts().stream()
        .flatMap(one -> one.donorName().stream())
        .distinct()
        .limit(3)
        .collect(Collectors.joining(" · "));
  }

  private static StatementPage.PledgeRow row(Pledge one, Frame frame) {
    return new StatementPage.PledgeRow(
        one.id(),
        "/pledges/" + one.code(),
        FundRoutes.in(one.fundName(), frame),
        PrintedReceipt.written(one.amount(), frame)
            + " "
            + FundRoutes.in(one.every().words(), frame),
        one.unpaid().isPresent());
  }

  // The phone is proven, and the pledge is of this phone: else there is none.
  private void stop(RoutingContext context) {
    var giver = giver(context).orElseThrow(() -> PhoneProof.OVER.refused());
    var pledge =
        Pledges.ofGiver(pool, giver).stream()
            .filter(one -> String.valueOf(one.id()).equals(context.pathParam("pledge")))
            .findFirst()
            .orElseThrow(() -> Problem.notFound().refused());
    Database.inTransaction(pool, tx -> WithdrawPledge.run(tx, pledge, clock.instant()));
    see(context.response(), HERE);
  }

  private static StatementPage.Row row(Receipt one, Frame frame) {
    return new StatementPage.Row(
        one.number(),
        CheckRoutes.path(one.number(), one.checkCode()),
        FundRoutes.in(one.fundName(), frame),
        amount(one, frame),
        one.givenAt(),
        standing(one, frame));
  }

  static String amount(Receipt one, Frame frame) {
    return one.ofGoods()
        ? one.goods().orElse(FundRoutes.in(one.channel().words(), frame))
        : one.amount().map(money -> PrintedReceipt.written(money, frame)).orElseThrow();
  }

  /** Why a gift is not in the sum of real money. */
  static Optional<String> standing(Receipt one, Frame frame) {
    if (one.standing() != Receipt.Standing.LIVE) {
      return Optional.of(
          FundRoutes.in(one.standing().words(), frame) + " · " + frame.say(Word.NOT_SUMMED));
    }
    if (one.demonstration()) return Optional.of(frame.say(Word.DEMONSTRATION_RECEIPT));
    return one.ofGoods()
        ? Optional.of(
            FundRoutes.in(one.channel().words(), frame) + " · " + frame.say(Word.NOT_SUMMED))
        : Optional.empty();
  }

  private static List<String> written(List<Money> sums, Frame frame) {
    return sums.stream().map(sum -> PrintedReceipt.written(sum, frame)).toList();
  }

  private void askForProof(RoutingContext context, boolean asksForCode, Optional<Problem> why) {
    var frame = frames.of(context);
    var language = frame.words().tag();
    var flaw =
        why.map(one -> new GiverPage.Flaw(one.title().in(language), one.detail().in(language)));
    frames.show(context, "donor/giver", frame, new GiverPage(asksForCode, flaw));
  }

  private void refuse(RoutingContext context, boolean asksForCode, Problem why) {
    context.response().setStatusCode(why.status());
    askForProof(context, asksForCode, Optional.of(why));
  }

  private static void see(HttpServerResponse response, String location) {
    response.setStatusCode(SEE_OTHER).putHeader("Location", location).end();
  }

  private static String field(RoutingContext context, String name) {
    var value = context.request().getFormAttribute(name);
    return value == null ? "" : value.strip();
  }
}
