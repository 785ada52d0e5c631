package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.spending.ConfirmPolicy;
import org.fazaa.fund.spending.Policies;
import org.fazaa.fund.spending.Policy;
import org.fazaa.fund.spending.ProposePolicy;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Accounts;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Who;

/** How many approvals amounts need: one officer proposes, another puts it in force. */
public final class PolicyRoutes {
  private static final String HERE = "/finance/policy";
  private static final int STEPS = 3;

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public PolicyRoutes(Frames frames, Forms forms, Pool pool) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get(HERE).handler(context -> show(context, Form.EMPTY, List.of()));
    forms.post(router, HERE, FinanceRoutes.ACT, this::propose);
    forms.post(router, HERE + "/:policy/confirmation", FinanceRoutes.ACT, this::confirm);
  }

  private void show(RoutingContext context, Form form, List<String> flaws) {
    var who = Guard.require(context, FinanceRoutes.LOOK);
    var frame = frames.of(context);
    var currencies = Funds.list(pool).stream().map(Fund::currency).distinct().toList();
    var inForce =
        currencies.stream()
            .map(one -> Policies.inForce(pool, one, frame.now()))
            .map(one -> new PolicyPage.InForce(one.currency().getCurrencyCode(), steps(one)))
            .toList();
    var proposals = Policies.list(pool).stream().map(one -> proposal(one, who)).toList();
    var choices =
        currencies.stream()
            .map(one -> new Choice(one.getCurrencyCode(), one.getCurrencyCode()))
            .toList();
    var page = new PolicyPage(inForce, proposals, choices, form, flaws);
    frames.show(context, "console/policy", frame, page);
  }

  private static List<PolicyPage.Step> steps(Policy policy) {
    return policy.steps().stream()
        .map(
            step ->
                new PolicyPage.Step(
                    new Money(step.fromMinor(), policy.currency()).toString(), step.needed()))
        .toList();
  }

  private PolicyPage.Proposal proposal(Policy policy, Who who) {
    var proposal = policy.proposal().orElseThrow();
    return new PolicyPage.Proposal(
        policy.version(),
        policy.currency().getCurrencyCode(),
        steps(policy),
        proposal.why(),
        name(proposal.by()),
        proposal.at(),
        policy.confirmation().map(one -> name(one.by())),
        policy.waits() && proposal.by() != who.account() && who.hasAny(FinanceRoutes.ACT));
  }

  private String name(long account) {
    return Accounts.name(pool, account).orElse("#" + account);
  }

  private Next propose(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var currency =
        Funds.list(tx).stream()
            .map(Fund::currency)
            .filter(one -> one.getCurrencyCode().equals(written.of("currency")))
            .findFirst()
            .orElseThrow(() -> Problem.notFound().refused());
    var steps = steps(written, currency);
    if (steps.isEmpty()) {
      return new Next.Again(
          context -> show(context, written, List.of(frames.of(context).say(Word.FLAW_AMOUNT))));
    }
    var draft =
        new ProposePolicy.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            currency,
            steps.get(),
            written.of("why"),
            form.who().account());
    return switch (ProposePolicy.run(tx, draft, form.now())) {
      case ProposePolicy.Outcome.Proposed proposed -> new Next.See(HERE, List.of());
      case ProposePolicy.Outcome.AlreadyProposed proposed -> new Next.See(HERE, List.of());
      case ProposePolicy.Outcome.DiffersFromFirst refusal -> again(written, refusal);
      case ProposePolicy.Outcome.NotAllowed refusal -> again(written, refusal);
      case ProposePolicy.Outcome.Invalid refusal -> again(written, refusal);
    };
  }

  /** The first step is from nothing on; the others only where an amount is written. */
  private static Optional<List<Policy.Step>> steps(Form written, Currency currency) {
    var steps = new ArrayList<Policy.Step>();
    steps.add(new Policy.Step(0, Places.whole(written.of("needed_0")).orElse(0)));
    for (var i = 1; i < STEPS; i++) {
      if (written.of("from_" + i).isEmpty()) continue;
      var from = Money.parse(written.of("from_" + i), currency);
      if (from.isEmpty()) return Optional.empty();
      var needed = Places.whole(written.of("needed_" + i)).orElse(0);
      steps.add(new Policy.Step(from.get().minor(), needed));
    }
    return Optional.of(steps);
  }

  private Next confirm(Forms.Form form, SqlConnection tx) {
    var draft = new ConfirmPolicy.Draft((int) form.id("policy"), form.who().account());
    return switch (ConfirmPolicy.run(tx, draft, form.now())) {
      case ConfirmPolicy.Outcome.Confirmed confirmed -> new Next.See(HERE, List.of());
      case ConfirmPolicy.Outcome.AlreadyConfirmed confirmed -> new Next.See(HERE, List.of());
      case ConfirmPolicy.Outcome.NoSuchPolicy refusal -> again(Form.EMPTY, refusal);
      case ConfirmPolicy.Outcome.NotAllowed refusal -> again(Form.EMPTY, refusal);
      case ConfirmPolicy.Outcome.OwnProposal refusal -> again(Form.EMPTY, refusal);
      case ConfirmPolicy.Outcome.Overtaken refusal -> again(Form.EMPTY, refusal);
    };
  }

  private Next again(Form written, Refusal refusal) {
    return new Next.Again(
        context -> show(context, written, FinanceRoutes.flaws(refusal, frames.of(context))));
  }
}
