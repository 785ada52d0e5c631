package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.spending.ConfirmFees;
import org.fazaa.fund.spending.FeePolicy;
import org.fazaa.fund.spending.ProposeFees;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Word;
import org.fazaa.web.session.Accounts;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Who;

/** Who bears what card providers keep: one officer proposes, another puts it in force. */
public final class FeePolicyRoutes {
  private static final String HERE = "/finance/fee-policy";

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;

  public FeePolicyRoutes(Frames frames, Forms forms, Pool pool) {
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
    var proposals = FeePolicy.list(pool).stream().map(one -> proposal(one, who, frame)).toList();
    var inForce = bearer(FeePolicy.inForce(pool, frame.now()), frame);
    var page = new FeePolicyPage(inForce, proposals, bearers(frame), form, flaws);
    frames.show(context, "console/feePolicy", frame, page);
  }

  private List<Choice> bearers(Frame frame) {
    var choices = new ArrayList<Choice>();
    choices.add(new Choice("", frame.say(Word.EACH_FUND_ITSELF)));
    for (var fund : Funds.list(pool)) {
      if (fund.restriction() != Restriction.UNRESTRICTED) continue;
      choices.add(new Choice("" + fund.id().value(), FinanceRoutes.in(fund.name(), frame)));
    }
    return choices;
  }

  private FeePolicyPage.Proposal proposal(FeePolicy policy, Who who, Frame frame) {
    var proposal = policy.proposal().orElseThrow();
    return new FeePolicyPage.Proposal(
        policy.id(),
        bearer(policy, frame),
        proposal.why(),
        name(proposal.by()),
        proposal.at(),
        policy.confirmation().map(one -> name(one.by())),
        policy.waits() && proposal.by() != who.account() && who.hasAny(FinanceRoutes.ACT));
  }

  private String bearer(FeePolicy policy, Frame frame) {
    return policy
        .operatorFund()
        .flatMap(id -> Funds.find(pool, id))
        .map(fund -> FinanceRoutes.in(fund.name(), frame))
        .orElseGet(() -> frame.say(Word.EACH_FUND_ITSELF));
  }

  private String name(long account) {
    return Accounts.name(pool, account).orElse("#" + account);
  }

  private Next propose(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var draft =
        new ProposeFees.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            Optional.of(written.of("operator_fund"))
                .flatMap(Places::whole)
                .map(id -> new FundId(id)),
            written.of("why"),
            form.who().account());
    return switch (ProposeFees.run(tx, draft, form.now())) {
      case ProposeFees.Outcome.Proposed proposed -> new Next.See(HERE, List.of());
      case ProposeFees.Outcome.AlreadyProposed proposed -> new Next.See(HERE, List.of());
      case ProposeFees.Outcome.DiffersFromFirst refusal -> again(written, refusal);
      case ProposeFees.Outcome.NotAllowed refusal -> again(written, refusal);
      case ProposeFees.Outcome.NoSuchFund refusal -> again(written, refusal);
      case ProposeFees.Outcome.Restricted refusal -> again(written, refusal);
      case ProposeFees.Outcome.Invalid refusal -> again(written, refusal);
    };
  }

  private Next confirm(Forms.Form form, SqlConnection tx) {
    var draft = new ConfirmFees.Draft(form.id("policy"), form.who().account());
    return switch (ConfirmFees.run(tx, draft, form.now())) {
      case ConfirmFees.Outcome.Confirmed confirmed -> new Next.See(HERE, List.of());
      case ConfirmFees.Outcome.AlreadyConfirmed confirmed -> new Next.See(HERE, List.of());
      case ConfirmFees.Outcome.NoSuchPolicy refusal -> again(Form.EMPTY, refusal);
      case ConfirmFees.Outcome.NotAllowed refusal -> again(Form.EMPTY, refusal);
      case ConfirmFees.Outcome.OwnProposal refusal -> again(Form.EMPTY, refusal);
      case ConfirmFees.Outcome.Overtaken refusal -> again(Form.EMPTY, refusal);
    };
  }

  private Next again(Form written, Refusal refusal) {
    return new Next.Again(
        context -> show(context, written, FinanceRoutes.flaws(refusal, frames.of(context))));
  }
}
