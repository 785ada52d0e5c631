package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Fact;
import org.fazaa.fund.ledger.ConfirmTerms;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.ProposeTerms;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Terms.What;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.spending.ApproveSurplus;
import org.fazaa.fund.spending.ProposeSurplus;
import org.fazaa.fund.spending.SurplusMove;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Accounts;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Who;

/**
 * What a fund says of its money: one officer proposes a change, another confirms it. Once it is
 * closed, what is left goes where it said.
 */
public final class TermsRoutes {
  private static final String HERE = "/finance/funds/:fund/terms";
  private static final String SURPLUS = "/finance/funds/:fund/surplus";

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public TermsRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get(HERE).handler(context -> show(context, Form.EMPTY, List.of()));
    forms.post(router, HERE, FinanceRoutes.ACT, this::propose);
    forms.post(router, HERE + "/:change/confirmation", FinanceRoutes.ACT, this::confirm);
    forms.post(router, SURPLUS, FinanceRoutes.ASK, this::proposeSurplus);
    forms.post(router, SURPLUS + "/:move/approvals", FinanceRoutes.APPROVE, this::approveSurplus);
  }

  private void show(RoutingContext context, Form form, List<String> flaws) {
    var who = Guard.require(context, FinanceRoutes.LOOK);
    var frame = frames.of(context);
    var fund =
        Funds.find(pool, new FundId(Places.id(context, "fund")))
            .orElseThrow(() -> Problem.notFound().refused());
    var terms = Terms.find(pool, fund.id()).orElseThrow();
    var page =
        new TermsPage(
            fund.id().value(),
            in(fund.name(), frame),
            terms.rules().stream().map(rule -> rule(rule, frame)).toList(),
            withoutRules(fund, terms).map(frame::say),
            said(terms, frame),
            terms.changes().stream().map(one -> change(one, terms, who, frame)).toList(),
            choices(frame, true),
            SurplusMove.list(pool, fund.id()).stream().map(one -> move(one, who, frame)).toList(),
            getters(fund, terms, frame),
            Funds.figures(pool, fund.id()).orElseThrow().available().toString(),
            fund.open(),
            form,
            flaws);
    frames.show(context, "console/terms", frame, page);
  }

  private TermsPage.Move move(SurplusMove one, Who who, Frame frame) {
    return new TermsPage.Move(
        one.id(),
        in(one.toName(), frame),
        one.amount().toString(),
        one.why(),
        name(one.proposedBy()),
        one.approvers().size(),
        one.needed(),
        one.movedAt(),
        one.movedAt().isEmpty()
            && one.proposedBy() != who.account()
            && !one.approvers().contains(who.account())
            && who.hasAny(FinanceRoutes.APPROVE));
  }

  /** Only the successor where one was named; else whatever is of the same kind. */
  private List<Choice> getters(Fund fund, Terms terms, Frame frame) {
    if (fund.open()) return List.of();
    return Funds.list(pool).stream()
        .filter(other -> !other.id().equals(fund.id()))
        .filter(other -> terms.surplusTo().map(other.id()::equals).orElse(true))
        .filter(other -> other.currency().equals(fund.currency()))
        .filter(
            other ->
                other.restriction() == fund.restriction()
                    || fund.restriction() == Restriction.UNRESTRICTED)
        .map(other -> new Choice("" + other.id().value(), in(other.name(), frame)))
        .toList();
  }

  private Next proposeSurplus(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var fund =
        Funds.find(tx, new FundId(form.id("fund"))).orElseThrow(() -> Problem.notFound().refused());
    var amount = Money.parse(written.of("amount"), fund.currency());
    if (amount.isEmpty()) return again(written, Word.FLAW_AMOUNT);
    var draft =
        new ProposeSurplus.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            fund.id(),
            new FundId(Places.whole(written.of("to")).orElse(0)),
            amount.get(),
            written.of("why"),
            form.who().account());
    return switch (ProposeSurplus.run(tx, draft, form.now())) {
      case ProposeSurplus.Outcome.Proposed proposed -> see(fund.id());
      case ProposeSurplus.Outcome.AlreadyProposed proposed -> see(fund.id());
      case ProposeSurplus.Outcome.DiffersFromFirst refusal -> again(written, refusal);
      case ProposeSurplus.Outcome.NoSuchFund refusal -> again(written, refusal);
      case ProposeSurplus.Outcome.NotRequester refusal -> again(written, refusal);
      case ProposeSurplus.Outcome.StillOpen refusal -> again(written, refusal);
      case ProposeSurplus.Outcome.NotAsSaid refusal -> again(written, refusal);
      case ProposeSurplus.Outcome.LeavesItsClass refusal -> again(written, refusal);
      case ProposeSurplus.Outcome.TooLittle refusal -> again(written, refusal);
      case ProposeSurplus.Outcome.Invalid refusal -> again(written, refusal);
    };
  }

  private Next approveSurplus(Forms.Form form, SqlConnection tx) {
    var fund = new FundId(form.id("fund"));
    var draft = new ApproveSurplus.Draft(form.id("move"), form.who().account());
    return switch (ApproveSurplus.run(tx, draft, form.now())) {
      case ApproveSurplus.Outcome.Approved approved -> see(fund);
      case ApproveSurplus.Outcome.Moved moved -> see(fund);
      case ApproveSurplus.Outcome.AlreadyApproved approved -> see(fund);
      case ApproveSurplus.Outcome.NoSuchMove refusal -> again(Form.EMPTY, refusal);
      case ApproveSurplus.Outcome.NotApprover refusal -> again(Form.EMPTY, refusal);
      case ApproveSurplus.Outcome.OwnProposal refusal -> again(Form.EMPTY, refusal);
      case ApproveSurplus.Outcome.AlreadyMoved refusal -> again(Form.EMPTY, refusal);
      case ApproveSurplus.Outcome.Frozen refusal -> again(Form.EMPTY, refusal);
      case ApproveSurplus.Outcome.TooLittle refusal -> again(Form.EMPTY, refusal);
    };
  }

  /** What it means that a fund has no rule in force. */
  private static Optional<Word> withoutRules(Fund fund, Terms terms) {
    if (!terms.inForce().isEmpty()) return Optional.empty();
    var free = fund.restriction() == Restriction.UNRESTRICTED;
    return Optional.of(free ? Word.ANY_LAWFUL_USE : Word.NO_USE_SAID);
  }

  private static TermsPage.Rule rule(Terms.Rule rule, Frame frame) {
    return new TermsPage.Rule(
        rule.id(),
        in(rule.use().words(), frame),
        in(rule.origin().words(), frame),
        rule.since(),
        rule.endedAt());
  }

  private List<RequestPage.Fact> said(Terms terms, Frame frame) {
    var said = new ArrayList<RequestPage.Fact>();
    terms
        .use()
        .ifPresent(
            days ->
                said.add(
                    new RequestPage.Fact(
                        frame.say(Word.USE),
                        frame.say(Word.USED_FROM_UNTIL, days.from(), days.until()))));
    said.add(
        new RequestPage.Fact(
            frame.say(Word.CLOSING_DAY),
            terms.closesOn().map(LocalDate::toString).orElse(frame.say(Word.NO_CLOSING_DAY))));
    if (terms.stopsAtTarget()) {
      said.add(new RequestPage.Fact(frame.say(Word.TARGET), frame.say(Word.STOPS_AT_TARGET)));
    }
    terms
        .reachedAt()
        .ifPresent(
            at -> said.add(new RequestPage.Fact(frame.say(Word.TARGET_REACHED), frame.date(at))));
    var surplus = terms.surplus().map(rule -> in(rule.words(), frame));
    var successor =
        terms.surplusTo().flatMap(to -> Funds.find(pool, to)).map(to -> in(to.name(), frame));
    said.add(
        new RequestPage.Fact(
            frame.say(Word.SURPLUS),
            surplus.orElse(frame.say(Word.SURPLUS_NOT_SAID))
                + successor.map(name -> ": " + name).orElse("")));
    return said;
  }

  private TermsPage.Change change(Terms.Change one, Terms terms, Who who, Frame frame) {
    var what =
        switch (one.what()) {
          case What.AddRule(var use) -> frame.say(Word.WOULD_ALLOW, in(use.words(), frame));
          case What.EndRule(var id) ->
              frame.say(
                  Word.WOULD_END,
                  terms.rules().stream()
                      .filter(rule -> rule.id() == id)
                      .map(rule -> in(rule.use().words(), frame))
                      .findFirst()
                      .orElse("#" + id));
          case What.ClosingDay(var day) -> frame.say(Word.WOULD_CLOSE, day);
        };
    return new TermsPage.Change(
        one.id(),
        what,
        one.why(),
        name(one.proposedBy()),
        one.proposedAt(),
        one.confirmedBy().map(this::name),
        one.confirmedBy().isEmpty()
            && one.proposedBy() != who.account()
            && who.hasAny(FinanceRoutes.ACT));
  }

  private String name(long account) {
    return Accounts.name(pool, account).orElse("#" + account);
  }

  /** A rule may allow any; a request names what it is for. */
  static TermsPage.UseChoices choices(Frame frame, boolean withAny) {
    return new TermsPage.UseChoices(
        Arrays.stream(Use.Category.values())
            .filter(one -> withAny || one != Use.Category.ANY)
            .map(one -> new Choice(one.tag(), in(one.words(), frame)))
            .toList(),
        Arrays.stream(Use.Region.values())
            .filter(one -> withAny || one != Use.Region.ANY)
            .map(one -> new Choice(one.tag(), in(one.words(), frame)))
            .toList(),
        Arrays.stream(Use.TargetGroup.values())
            .filter(one -> withAny || one != Use.TargetGroup.ANY)
            .map(one -> new Choice(one.tag(), in(one.words(), frame)))
            .toList());
  }

  /** As it was chosen; empty when a choice is missing. */
  static Optional<Use> use(Form written) {
    var category = Use.Category.find(written.of("category"));
    var region = Use.Region.find(written.of("region"));
    var group = Use.TargetGroup.find(written.of("target_group"));
    if (category.isEmpty() || region.isEmpty() || group.isEmpty()) return Optional.empty();
    return Optional.of(new Use(category.get(), region.get(), group.get()));
  }

  private Next propose(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    Optional<? extends What> what =
        switch (written.of("kind")) {
          case "rule" -> use(written).map(What.AddRule::new);
          case "end_rule" ->
              Places.whole(written.of("rule")).map(rule -> new What.EndRule(rule.longValue()));
          default -> day(written.of("closes_on")).map(What.ClosingDay::new);
        };
    if (what.isEmpty()) {
      var day = written.of("kind").equals("closing_day");
      return again(written, day ? Word.FLAW_DAY : Word.FLAW_USE);
    }
    var draft =
        new ProposeTerms.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            new FundId(form.id("fund")),
            what.get(),
            written.of("why"),
            form.who().account());
    return switch (ProposeTerms.run(tx, draft, form.now())) {
      case ProposeTerms.Outcome.Proposed proposed -> see(draft.fund());
      case ProposeTerms.Outcome.AlreadyProposed proposed -> see(draft.fund());
      case ProposeTerms.Outcome.DiffersFromFirst refusal -> again(written, refusal);
      case ProposeTerms.Outcome.NoSuchFund refusal -> throw Problem.notFound().refused();
      case ProposeTerms.Outcome.NotAllowed refusal -> again(written, refusal);
      case ProposeTerms.Outcome.FundClosed refusal -> again(written, refusal);
      case ProposeTerms.Outcome.Invalid refusal -> again(written, refusal);
    };
  }

  private static Optional<LocalDate> day(String written) {
    try {
      return Optional.of(LocalDate.parse(written));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private Next confirm(Forms.Form form, SqlConnection tx) {
    var fund = new FundId(form.id("fund"));
    var draft = new ConfirmTerms.Draft(fund, form.id("change"), form.who().account());
    return switch (ConfirmTerms.run(tx, draft, form.now())) {
      case ConfirmTerms.Outcome.Confirmed confirmed -> see(fund);
      case ConfirmTerms.Outcome.AlreadyConfirmed confirmed -> see(fund);
      case ConfirmTerms.Outcome.NoSuchChange refusal -> again(Form.EMPTY, refusal);
      case ConfirmTerms.Outcome.NotAllowed refusal -> again(Form.EMPTY, refusal);
      case ConfirmTerms.Outcome.OwnProposal refusal -> again(Form.EMPTY, refusal);
      case ConfirmTerms.Outcome.Overtaken refusal -> again(Form.EMPTY, refusal);
    };
  }

  private static Next see(FundId fund) {
    return new Next.See(
        "/finance/funds/" + fund.value() + "/terms",
        List.of(new Fact.DonationRecorded(fund.value())));
  }

  private Next again(Form written, Word why) {
    return new Next.Again(context -> show(context, written, List.of(frames.of(context).say(why))));
  }

  private Next again(Form written, Refusal refusal) {
    return new Next.Again(
        context -> show(context, written, FinanceRoutes.flaws(refusal, frames.of(context))));
  }

  private static String in(org.fazaa.fund.ledger.Words words, Frame frame) {
    return FinanceRoutes.in(words, frame);
  }
}
