package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.ConfirmBudget;
import org.fazaa.fund.spending.Initiative;
import org.fazaa.fund.spending.Initiatives;
import org.fazaa.fund.spending.OpenInitiative;
import org.fazaa.fund.spending.ProposeBudget;
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

/** Initiatives and their budgets: one officer proposes, another confirms. */
public final class InitiativeRoutes {
  private static final String HERE = "/finance/initiatives";

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public InitiativeRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get(HERE).handler(context -> show(context, Form.EMPTY, List.of()));
    forms.post(router, HERE, FinanceRoutes.ACT, this::open);
    forms.post(router, HERE + "/:initiative/budget", FinanceRoutes.ACT, this::propose);
    forms.post(router, HERE + "/:initiative/budget/confirmation", FinanceRoutes.ACT, this::confirm);
  }

  private void show(RoutingContext context, Form form, List<String> flaws) {
    var who = Guard.require(context, FinanceRoutes.LOOK);
    var frame = frames.of(context);
    var rows = Initiatives.list(pool).stream().map(one -> row(one, who, frame)).toList();
    var funds =
        Funds.list(pool).stream()
            .filter(Fund::open)
            .map(one -> new Choice("" + one.id().value(), FinanceRoutes.in(one.name(), frame)))
            .toList();
    var page = new InitiativesPage(rows, funds, form, flaws);
    frames.show(context, "console/initiatives", frame, page);
  }

  private InitiativesPage.Row row(Initiative one, Who who, Frame frame) {
    var waiting =
        one.waiting()
            .map(
                budget ->
                    new InitiativesPage.Waiting(
                        budget.n(),
                        budget.amount().toString(),
                        budget.why(),
                        Accounts.name(pool, budget.proposedBy()).orElse("#" + budget.proposedBy()),
                        budget.proposedBy() != who.account() && who.hasAny(FinanceRoutes.ACT)));
    return new InitiativesPage.Row(
        one.id(),
        FinanceRoutes.in(one.name(), frame),
        FinanceRoutes.in(one.fundName(), frame),
        one.budget().toString(),
        one.used().toString(),
        waiting);
  }

  private Next open(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var fund =
        Funds.find(tx, new FundId(Places.whole(written.of("fund")).orElse(0)))
            .orElseThrow(() -> Problem.notFound().refused());
    var budget = Money.parse(written.of("budget"), fund.currency());
    if (budget.isEmpty()) return again(written, Word.FLAW_AMOUNT);
    var draft =
        new OpenInitiative.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            fund.id(),
            new Words(written.of("name_ar"), written.of("name_en")),
            budget.get(),
            written.of("why"),
            form.who().account());
    return switch (OpenInitiative.run(tx, draft, form.now())) {
      case OpenInitiative.Outcome.Opened opened -> new Next.See(HERE, List.of());
      case OpenInitiative.Outcome.AlreadyOpened opened -> new Next.See(HERE, List.of());
      case OpenInitiative.Outcome.DiffersFromFirst refusal -> again(written, refusal);
      case OpenInitiative.Outcome.NoSuchFund refusal -> again(written, refusal);
      case OpenInitiative.Outcome.NotAllowed refusal -> again(written, refusal);
      case OpenInitiative.Outcome.Invalid refusal -> again(written, refusal);
    };
  }

  private Next propose(Forms.Form form, SqlConnection tx) {
    var id = form.id("initiative");
    var found = Initiatives.find(tx, id).orElseThrow(() -> Problem.notFound().refused());
    var budget = Money.parse(form.text("budget"), found.budget().currency());
    if (budget.isEmpty()) return again(Form.EMPTY, Word.FLAW_AMOUNT);
    var draft = new ProposeBudget.Draft(id, budget.get(), form.text("why"), form.who().account());
    return switch (ProposeBudget.run(tx, draft, form.now())) {
      case ProposeBudget.Outcome.Proposed proposed -> new Next.See(HERE, List.of());
      case ProposeBudget.Outcome.AlreadyProposed proposed -> new Next.See(HERE, List.of());
      case ProposeBudget.Outcome.NoSuchInitiative refusal -> again(Form.EMPTY, refusal);
      case ProposeBudget.Outcome.NotAllowed refusal -> again(Form.EMPTY, refusal);
      case ProposeBudget.Outcome.Invalid refusal -> again(Form.EMPTY, refusal);
    };
  }

  private Next confirm(Forms.Form form, SqlConnection tx) {
    var n = Places.whole(form.text("n")).orElse(0);
    var draft = new ConfirmBudget.Draft(form.id("initiative"), n, form.who().account());
    return switch (ConfirmBudget.run(tx, draft, form.now())) {
      case ConfirmBudget.Outcome.Confirmed confirmed -> new Next.See(HERE, List.of());
      case ConfirmBudget.Outcome.AlreadyConfirmed confirmed -> new Next.See(HERE, List.of());
      case ConfirmBudget.Outcome.NoSuchInitiative refusal -> again(Form.EMPTY, refusal);
      case ConfirmBudget.Outcome.NotAllowed refusal -> again(Form.EMPTY, refusal);
      case ConfirmBudget.Outcome.OwnProposal refusal -> again(Form.EMPTY, refusal);
      case ConfirmBudget.Outcome.VersionMoved refusal -> again(Form.EMPTY, refusal);
      case ConfirmBudget.Outcome.BelowUsed refusal -> again(Form.EMPTY, refusal);
    };
  }

  private Next again(Form written, Word why) {
    return new Next.Again(context -> show(context, written, List.of(frames.of(context).say(why))));
  }

  private Next again(Form written, Refusal refusal) {
    return new Next.Again(
        context -> show(context, written, FinanceRoutes.flaws(refusal, frames.of(context))));
  }
}
