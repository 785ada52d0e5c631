package org.fazaa.web.donor;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.giving.Pledges;
import org.fazaa.fund.ledger.Figures;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.Disbursement;
import org.fazaa.fund.spending.Disbursements;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;

/** What everybody may see: the funds, and of each where its money is. */
public final class FundRoutes {
  private final Frames frames;
  private final Pool pool;

  public FundRoutes(Frames frames, Pool pool) {
    this.frames = frames;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get("/funds").handler(this::list);
    router.get("/open/:fund").handler(this::open);
  }

  private void list(RoutingContext context) {
    var frame = frames.of(context);
    var rows = Funds.list(pool).stream().filter(Fund::open).map(fund -> row(fund, frame)).toList();
    frames.show(context, "donor/funds", frame, new FundsPage(rows));
  }

  private FundsPage.Row row(Fund fund, Frame frame) {
    var figures = Funds.figures(pool, fund.id()).orElseThrow();
    return new FundsPage.Row(
        fund.id().value(),
        in(fund.name(), frame),
        in(fund.purpose(), frame),
        figures.received().toString(),
        figures.available().toString());
  }

  private void open(RoutingContext context) {
    var frame = frames.of(context);
    var fund = find(pool, context.pathParam("fund"));
    var figures = Funds.figures(pool, fund.id()).orElseThrow();
    var terms = Terms.find(pool, fund.id()).orElseThrow();
    var page =
        new OpenFundPage(
            fund.id().value(),
            in(fund.name(), frame),
            in(fund.purpose(), frame),
            fund.demonstration(),
            fund.open(),
            figures(figures, Funds.moved(pool, fund.id()), frame),
            regular(fund, frame),
            fund.target().map(target -> target(target, figures.received())),
            closes(fund, terms, frame),
            uses(fund, terms, frame),
            surplus(terms, frame),
            spent(fund, frame));
    frames.show(context, "donor/openFund", frame, page);
  }

  // Each its own column: they are stations of the same money and are never added up.
  private static List<OpenFundPage.Figure> figures(
      Figures figures, Funds.Moved moved, Frame frame) {
    var shown = new ArrayList<>(ofTheFund(figures, frame));
    if (moved.in().minor() > 0) {
      shown.add(figure(frame, Word.MOVED_IN, moved.in(), Word.MOVED_IN_MEANS));
    }
    if (moved.out().minor() > 0) {
      shown.add(figure(frame, Word.MOVED_OUT, moved.out(), Word.MOVED_OUT_MEANS));
    }
    return shown;
  }

  private static List<OpenFundPage.Figure> ofTheFund(Figures figures, Frame frame) {
    return List.of(
        figure(frame, Word.PROMISED, figures.pledged(), Word.PROMISED_MEANS),
        figure(frame, Word.RECEIVED, figures.received(), Word.RECEIVED_MEANS),
        figure(frame, Word.SETTLING, figures.settling(), Word.SETTLING_MEANS),
        figure(frame, Word.BANKED, figures.banked(), Word.BANKED_MEANS),
        figure(frame, Word.AVAILABLE, figures.available(), Word.AVAILABLE_MEANS),
        figure(frame, Word.RESERVED, figures.reserved(), Word.RESERVED_MEANS),
        figure(frame, Word.PAID_OUT, figures.paid(), Word.PAID_OUT_MEANS),
        figure(frame, Word.CONFIRMED, figures.confirmed(), Word.CONFIRMED_MEANS),
        figure(frame, Word.DELIVERED, figures.delivered(), Word.DELIVERED_MEANS));
  }

  private List<String> regular(Fund fund, Frame frame) {
    return Pledges.regular(pool, fund.id()).stream()
        .map(
            one ->
                frame.say(
                    Word.PROMISED_REGULARLY_LINE,
                    one.amount(),
                    in(one.every().words(), frame),
                    frame.count(Word.N_PLEDGES, one.pledges())))
        .toList();
  }

  private static OpenFundPage.Figure figure(Frame frame, Word name, Money amount, Word means) {
    return new OpenFundPage.Figure(frame.say(name), amount.toString(), frame.say(means));
  }

  private static OpenFundPage.Target target(Money target, Money received) {
    var percent = target.minor() == 0 ? 100 : received.minor() * 100 / target.minor();
    return new OpenFundPage.Target(
        target.toString(), (int) Math.min(100, percent), received.minor() >= target.minor());
  }

  /** How long an open fund still takes gifts, where it has a last day. */
  private static Optional<String> closes(Fund fund, Terms terms, Frame frame) {
    if (!fund.open()) return Optional.of(frame.say(Word.FUND_IS_CLOSED));
    var today = LocalDate.ofInstant(frame.now(), Terms.ZONE);
    return terms
        .closesOn()
        .map(day -> ChronoUnit.DAYS.between(today, day))
        .map(
            days ->
                days < 1 ? frame.say(Word.CLOSES_TODAY) : frame.count(Word.CLOSES_IN_N_DAYS, days));
  }

  /** What the money may be used for, each rule by itself. */
  private static List<String> uses(Fund fund, Terms terms, Frame frame) {
    if (terms.inForce().isEmpty()) {
      var free = fund.restriction() == Restriction.UNRESTRICTED;
      return List.of(frame.say(free ? Word.ANY_LAWFUL_USE : Word.NO_USE_SAID));
    }
    var uses = new ArrayList<String>();
    terms.inForce().forEach(rule -> uses.add(in(rule.use().words(), frame)));
    terms
        .use()
        .ifPresent(days -> uses.add(frame.say(Word.USED_FROM_UNTIL, days.from(), days.until())));
    return uses;
  }

  /** What becomes of what is left, as the fund said. */
  private Optional<String> surplus(Terms terms, Frame frame) {
    var successor =
        terms.surplusTo().flatMap(to -> Funds.find(pool, to)).map(to -> in(to.name(), frame));
    return terms
        .surplus()
        .map(rule -> in(rule.words(), frame) + successor.map(name -> ": " + name).orElse(""));
  }

  private List<OpenFundPage.Line> spent(Fund fund, Frame frame) {
    var lines = new ArrayList<OpenFundPage.Line>();
    for (var one : Disbursements.list(pool, fund.id())) {
      if (one.payment().isEmpty()) continue;
      lines.add(line(one, frame));
    }
    return lines;
  }

  private static OpenFundPage.Line line(Disbursement one, Frame frame) {
    return new OpenFundPage.Line(
        one.version().purpose(),
        in(one.version().payeeName(), frame),
        in(one.version().use().words(), frame),
        one.state().tag(),
        one.version().amount().toString(),
        one.payment().orElseThrow().paidAt());
  }

  static Fund find(Pool pool, String id) {
    return number(id)
        .flatMap(number -> Funds.find(pool, new FundId(number)))
        .orElseThrow(() -> Problem.notFound().refused());
  }

  private static Optional<Long> number(String written) {
    return written.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(written)) : Optional.empty();
  }

  static String in(Words words, Frame frame) {
    return frame.pick(words.ar(), words.en());
  }
}
