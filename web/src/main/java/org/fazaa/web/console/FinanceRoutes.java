package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.ApproveDisbursement;
import org.fazaa.fund.spending.Disbursement;
import org.fazaa.fund.spending.DisbursementId;
import org.fazaa.fund.spending.Disbursements;
import org.fazaa.fund.spending.EditDisbursement;
import org.fazaa.fund.spending.Initiatives;
import org.fazaa.fund.spending.PayDisbursement;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.Payees;
import org.fazaa.fund.spending.ReadRequest;
import org.fazaa.fund.spending.RequestDisbursement;
import org.fazaa.fund.spending.WithdrawDisbursement;
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
import org.fazaa.web.session.Role;
import org.fazaa.web.session.Who;

/** The finance desk: requests for money, their two approvals, and payment. */
public final class FinanceRoutes {
  static final Set<Role> LOOK = EnumSet.of(Role.FINANCE, Role.APPROVER, Role.AUDITOR);
  static final Set<Role> ACT = EnumSet.of(Role.FINANCE, Role.APPROVER);
  // A token carries one role of its account: each deed asks for the role that the contract names.
  static final Set<Role> ASK = EnumSet.of(Role.FINANCE);
  static final Set<Role> APPROVE = EnumSet.of(Role.APPROVER);

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final PayDisbursement payDisbursement;

  public FinanceRoutes(Frames frames, Forms forms, Pool pool, RandomGenerator random) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.payDisbursement = new PayDisbursement(random);
  }

  public void mount(Router router) {
    router.get("/finance").handler(this::desk);
    router.get("/finance/requests/new").handler(this::blank);
    forms.post(router, "/finance/requests", ASK, this::request);
    router.get("/finance/requests/:request").handler(context -> show(context, List.of()));
    router.get("/finance/requests/:request/edit").handler(this::filledIn);
    forms.post(router, "/finance/requests/:request", ASK, this::edit);
    forms.post(router, "/finance/requests/:request/approvals", APPROVE, this::approve);
    forms.post(router, "/finance/requests/:request/withdrawal", ACT, this::withdraw);
    forms.post(router, "/finance/requests/:request/payment", ASK, this::pay);
  }

  private void desk(RoutingContext context) {
    var who = Guard.require(context, LOOK);
    var frame = frames.of(context);
    var funds = Funds.list(pool).stream().map(fund -> desk(fund, frame)).toList();
    frames.show(context, "console/finance", frame, new FinancePage(funds, who.hasAny(ACT)));
  }

  private FinancePage.Fund desk(Fund fund, Frame frame) {
    var figures = Funds.figures(pool, fund.id()).orElseThrow();
    var requests =
        Disbursements.list(pool, fund.id()).stream()
            .map(
                one ->
                    new FinancePage.Request(
                        one.id().value(),
                        one.version().purpose(),
                        in(one.version().payeeName(), frame),
                        one.state().tag(),
                        one.approvals().size(),
                        one.needed(),
                        one.version().amount().toString(),
                        one.requestedAt()))
            .toList();
    return new FinancePage.Fund(
        fund.id().value(),
        in(fund.name(), frame),
        figures.available().toString(),
        figures.reserved().toString(),
        requests);
  }

  private void blank(RoutingContext context) {
    Guard.require(context, ACT);
    form(context, Optional.empty(), Form.EMPTY, List.of());
  }

  private void filledIn(RoutingContext context) {
    Guard.require(context, ACT);
    var found = find(context);
    var version = found.version();
    var form =
        Form.with(
            "fund", String.valueOf(found.fund().value()),
            "payee", String.valueOf(version.payee().value()),
            "amount", version.amount().amount(),
            "purpose", version.purpose(),
            "evidence", version.evidence(),
            "category", version.use().category().tag(),
            "region", version.use().region().tag(),
            "target_group", version.use().targetGroup().tag(),
            "initiative", version.initiative().map(one -> "" + one.initiative()).orElse(""),
            "entitlements", listed(version),
            "version", String.valueOf(version.number()));
    form(context, Optional.of(found.id().value()), form, List.of());
  }

  private void form(RoutingContext context, Optional<Long> request, Form form, List<String> flaws) {
    var frame = frames.of(context);
    var funds =
        Funds.list(pool).stream() // a closed one takes no gifts, and is spent
            .map(fund -> new Choice(String.valueOf(fund.id().value()), in(fund.name(), frame)))
            .toList();
    var payees =
        Payees.list(pool).stream()
            .map(
                payee ->
                    new Choice(
                        String.valueOf(payee.id().value()),
                        in(payee.name(), frame) + " · " + payee.ibanMasked()))
            .toList();
    var initiatives =
        Initiatives.list(pool).stream()
            .map(one -> new Choice("" + one.id(), in(one.name(), frame) + " · " + one.budget()))
            .toList();
    var uses = TermsRoutes.choices(frame, false);
    var page = new RequestFormPage(request, funds, payees, initiatives, uses, form, flaws);
    frames.show(context, "console/requestForm", frame, page);
  }

  private static String listed(Disbursement.Version version) {
    return version.entitlements().stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static Optional<Long> initiative(Form written) {
    return Places.whole(written.of("initiative")).map(Integer::longValue);
  }

  /** Numbers as people list them; what is no number names no entitlement. */
  private static List<Long> entitlements(Form written) {
    return Arrays.stream(written.of("entitlements").split("[\\s,،;]+"))
        .filter(one -> !one.isEmpty())
        .map(one -> Places.whole(one).orElse(0).longValue())
        .toList();
  }

  private Next request(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var fund =
        Funds.find(tx, new FundId(Places.whole(written.of("fund")).orElse(0)))
            .orElseThrow(() -> Problem.notFound().refused());
    var amount = Money.parse(written.of("amount"), fund.currency());
    if (amount.isEmpty()) return again(Optional.empty(), written, Word.FLAW_AMOUNT);
    var use = TermsRoutes.use(written);
    if (use.isEmpty()) return again(Optional.empty(), written, Word.FLAW_USE);
    var draft =
        new RequestDisbursement.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            fund.id(),
            new PayeeId(Places.whole(written.of("payee")).orElse(0)),
            amount.get(),
            written.of("purpose"),
            written.of("evidence"),
            initiative(written),
            entitlements(written),
            use.get(),
            form.who().account());
    return switch (RequestDisbursement.run(tx, draft, form.now())) {
      case RequestDisbursement.Outcome.Requested(var id, var version) -> see(id, fund.id());
      case RequestDisbursement.Outcome.AlreadyRequested(var id, var version) -> see(id, fund.id());
      case RequestDisbursement.Outcome.DiffersFromFirst refusal ->
          again(Optional.empty(), written, refusal);
      case RequestDisbursement.Outcome.NotRequester refusal ->
          again(Optional.empty(), written, refusal);
      case RequestDisbursement.Outcome.NoSuchFund refusal ->
          again(Optional.empty(), written, refusal);
      case RequestDisbursement.Outcome.NoSuchPayee refusal ->
          again(Optional.empty(), written, refusal);
      case RequestDisbursement.Outcome.NoSuchInitiative refusal ->
          again(Optional.empty(), written, refusal);
      case RequestDisbursement.Outcome.UseNotAllowed refusal ->
          again(Optional.empty(), written, refusal);
      case RequestDisbursement.Outcome.NotPayable refusal ->
          again(Optional.empty(), written, refusal);
      case RequestDisbursement.Outcome.Invalid refusal -> again(Optional.empty(), written, refusal);
    };
  }

  private Next edit(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var found = find(form.context());
    var id = Optional.of(found.id().value());
    var amount = Money.parse(written.of("amount"), found.version().amount().currency());
    if (amount.isEmpty()) return again(id, written, Word.FLAW_AMOUNT);
    var use = TermsRoutes.use(written);
    if (use.isEmpty()) return again(id, written, Word.FLAW_USE);
    var draft =
        new EditDisbursement.Draft(
            found.id(),
            Places.whole(written.of("version")).orElse(found.version().number()),
            new PayeeId(Places.whole(written.of("payee")).orElse(0)),
            amount.get(),
            written.of("purpose"),
            written.of("evidence"),
            initiative(written),
            entitlements(written),
            use.get(),
            form.who().account());
    return switch (EditDisbursement.run(tx, draft, form.now())) {
      case EditDisbursement.Outcome.Edited edited -> see(found.id(), found.fund());
      case EditDisbursement.Outcome.NoSuchRequest refusal -> again(id, written, refusal);
      case EditDisbursement.Outcome.NotYours refusal -> again(id, written, refusal);
      case EditDisbursement.Outcome.Withdrawn refusal -> again(id, written, refusal);
      case EditDisbursement.Outcome.AlreadyPaid refusal -> again(id, written, refusal);
      case EditDisbursement.Outcome.VersionMoved refusal -> again(id, written, refusal);
      case EditDisbursement.Outcome.NoSuchPayee refusal -> again(id, written, refusal);
      case EditDisbursement.Outcome.NoSuchInitiative refusal -> again(id, written, refusal);
      case EditDisbursement.Outcome.UseNotAllowed refusal -> again(id, written, refusal);
      case EditDisbursement.Outcome.NotPayable refusal -> again(id, written, refusal);
      case EditDisbursement.Outcome.Invalid refusal -> again(id, written, refusal);
    };
  }

  private Next approve(Forms.Form form, SqlConnection tx) {
    var found = find(form.context());
    var version = Places.whole(form.text("version")).orElse(0);
    var draft = new ApproveDisbursement.Draft(found.id(), version, form.who().account());
    return switch (ApproveDisbursement.run(tx, draft, form.now())) {
      case ApproveDisbursement.Outcome.Approved approved -> see(found.id(), found.fund());
      case ApproveDisbursement.Outcome.AlreadyApproved approved -> see(found.id(), found.fund());
      case ApproveDisbursement.Outcome.NoSuchRequest refusal -> refused(refusal);
      case ApproveDisbursement.Outcome.NotApprover refusal -> refused(refusal);
      case ApproveDisbursement.Outcome.OwnRequest refusal -> refused(refusal);
      case ApproveDisbursement.Outcome.BelongsToPayee refusal -> refused(refusal);
      case ApproveDisbursement.Outcome.HandlesItsPeople refusal -> refused(refusal);
      case ApproveDisbursement.Outcome.Withdrawn refusal -> refused(refusal);
      case ApproveDisbursement.Outcome.AlreadyPaid refusal -> refused(refusal);
      case ApproveDisbursement.Outcome.VersionMoved refusal -> refused(refusal);
    };
  }

  private Next withdraw(Forms.Form form, SqlConnection tx) {
    var found = find(form.context());
    var draft = new WithdrawDisbursement.Draft(found.id(), form.text("why"), form.who().account());
    return switch (WithdrawDisbursement.run(tx, draft, form.now())) {
      case WithdrawDisbursement.Outcome.Withdrawn withdrawn -> see(found.id(), found.fund());
      case WithdrawDisbursement.Outcome.AlreadyWithdrawn known -> see(found.id(), found.fund());
      case WithdrawDisbursement.Outcome.NoSuchRequest refusal -> refused(refusal);
      case WithdrawDisbursement.Outcome.NotAllowed refusal -> refused(refusal);
      case WithdrawDisbursement.Outcome.AlreadyPaid refusal -> refused(refusal);
      case WithdrawDisbursement.Outcome.Invalid refusal -> refused(refusal);
    };
  }

  private Next pay(Forms.Form form, SqlConnection tx) {
    var found = find(form.context());
    var draft = new PayDisbursement.Draft(found.id(), form.who().account());
    return switch (payDisbursement.run(tx, draft, form.now())) {
      case PayDisbursement.Outcome.Paid paid -> see(found.id(), found.fund());
      case PayDisbursement.Outcome.AlreadyPaid paid -> see(found.id(), found.fund());
      case PayDisbursement.Outcome.CameBack refusal -> refused(refusal);
      case PayDisbursement.Outcome.HandlesItsPeople refusal -> refused(refusal);
      case PayDisbursement.Outcome.NotAccredited refusal -> refused(refusal);
      case PayDisbursement.Outcome.UseNotAllowed refusal -> refused(refusal);
      case PayDisbursement.Outcome.Unverified refusal -> refused(refusal);
      case PayDisbursement.Outcome.PaidElsewhere refusal -> refused(refusal);
      case PayDisbursement.Outcome.OverBudget refusal -> refused(refusal);
      case PayDisbursement.Outcome.NoSuchRequest refusal -> refused(refusal);
      case PayDisbursement.Outcome.NotTreasurer refusal -> refused(refusal);
      case PayDisbursement.Outcome.Withdrawn refusal -> refused(refusal);
      case PayDisbursement.Outcome.PayerApproved refusal -> refused(refusal);
      case PayDisbursement.Outcome.NotApproved refusal -> refused(refusal);
      case PayDisbursement.Outcome.PayeeNotReady refusal -> refused(refusal);
      case PayDisbursement.Outcome.NotEnough refusal -> refused(refusal);
    };
  }

  private void show(RoutingContext context, List<String> flaws) {
    var who = Guard.require(context, LOOK);
    var frame = frames.of(context);
    var found = find(context);
    var now = frame.now();
    var seen =
        Database.inTransaction(
            pool,
            tx -> ReadRequest.run(tx, found.id(), found.version().number(), who.account(), now));
    var page = page(found, seen.before(), who, frame, flaws);
    frames.show(context, "console/request", frame, page);
  }

  private RequestPage page(Disbursement one, int seen, Who who, Frame frame, List<String> flaws) {
    var version = one.version();
    var open = one.withdrawal().isEmpty() && one.payment().isEmpty();
    var back = one.payment().filter(payment -> payment.state().cameBack()).isPresent();
    var approved = one.approvals().stream().anyMatch(by -> by.approver() == who.account());
    var mine = one.creator() == who.account();
    var enough = one.approvals().size() >= one.needed();
    return new RequestPage(
        one.id().value(),
        in(one.fundName(), frame),
        version.purpose(),
        version.amount().toString(),
        one.state().tag(),
        in(one.state().words(), frame),
        version.number(),
        facts(one, frame),
        seen,
        changes(one, seen, frame),
        steps(one, frame),
        open && !mine && !approved && !enough && who.has(Role.APPROVER),
        open && enough && !approved && who.has(Role.FINANCE),
        (open || back) && mine && one.withdrawal().isEmpty(),
        (open || back) && (mine || who.has(Role.APPROVER)) && one.withdrawal().isEmpty(),
        who.has(Role.FINANCE) ? next(one, frame) : List.of(),
        open && !enough
            ? Optional.of(
                frame.count(Word.N_APPROVALS_MISSING, one.needed() - one.approvals().size()))
            : Optional.empty(),
        flaws);
  }

  private static List<RequestPage.Fact> facts(Disbursement one, Frame frame) {
    var version = one.version();
    var facts = new ArrayList<RequestPage.Fact>();
    facts.add(new RequestPage.Fact(frame.say(Word.PAYEE), in(version.payeeName(), frame)));
    facts.add(new RequestPage.Fact(frame.say(Word.IBAN), version.iban()));
    facts.add(new RequestPage.Fact(frame.say(Word.USE), in(version.use().words(), frame)));
    facts.add(new RequestPage.Fact(frame.say(Word.EVIDENCE), version.evidence()));
    version
        .initiative()
        .map(cited -> new RequestPage.Fact(frame.say(Word.INITIATIVE), in(cited.name(), frame)))
        .ifPresent(facts::add);
    if (!version.entitlements().isEmpty()) {
      facts.add(new RequestPage.Fact(frame.say(Word.ENTITLEMENTS), listed(version)));
    }
    facts.add(new RequestPage.Fact(frame.say(Word.DELIVERED), one.delivered().toString()));
    return facts;
  }

  private static List<Choice> next(Disbursement one, Frame frame) {
    return one.payment()
        .map(
            payment ->
                payment.state().next().stream()
                    .map(state -> new Choice(state.tag(), in(state.words(), frame)))
                    .toList())
        .orElse(List.of());
  }

  // What is new against the version that this reader saw last, field by field.
  private List<RequestPage.Change> changes(Disbursement one, int seen, Frame frame) {
    return Disbursements.changesSince(pool, one.id(), seen).stream()
        .map(
            change ->
                new RequestPage.Change(
                    field(change.field(), frame), change.before(), change.after()))
        .toList();
  }

  private static String field(String field, Frame frame) {
    return switch (field) {
      case "amount" -> frame.say(Word.AMOUNT);
      case "payee.ar", "payee.en" -> frame.say(Word.PAYEE);
      case "iban" -> frame.say(Word.IBAN);
      case "purpose" -> frame.say(Word.PURPOSE);
      case "evidence" -> frame.say(Word.EVIDENCE);
      case "initiative" -> frame.say(Word.INITIATIVE);
      case "entitlements" -> frame.say(Word.ENTITLEMENTS);
      case "use", "use.ar", "use.en" -> frame.say(Word.USE);
      case "rule" -> frame.say(Word.END_RULE);
      case "closes_on" -> frame.say(Word.CLOSING_DAY);
      case "why" -> frame.say(Word.WHY);
      case "bank_line" -> frame.say(Word.BANK_LINE);
      case "budget", "budget.currency" -> frame.say(Word.BUDGET);
      case "benefit", "benefit.currency" -> frame.say(Word.BENEFIT);
      case "periods" -> frame.say(Word.PERIODS);
      case "period" -> frame.say(Word.PERIOD);
      case "number" -> frame.say(Word.ID_NUMBER);
      case "holder" -> frame.say(Word.HOLDER);
      case "bic" -> frame.say(Word.BIC);
      case "authority" -> frame.say(Word.AUTHORITY);
      case "licence" -> frame.say(Word.LICENCE_NUMBER);
      case "until" -> frame.say(Word.VALID_UNTIL);
      case "steps" -> frame.say(Word.POLICY);
      case "name.ar" -> frame.say(Word.NAME_AR);
      case "name.en" -> frame.say(Word.NAME_EN);
      default -> field;
    };
  }

  private List<RequestPage.Step> steps(Disbursement one, Frame frame) {
    var steps = new ArrayList<RequestPage.Step>();
    for (var version : Disbursements.versions(pool, one.id())) {
      steps.add(
          new RequestPage.Step(
              version.writtenAt(),
              name(one.creator()),
              frame.say(Word.WROTE_VERSION, version.number())));
    }
    for (var approval : one.approvals()) {
      steps.add(
          new RequestPage.Step(
              approval.at(),
              name(approval.approver()),
              frame.say(Word.APPROVED_VERSION, one.version().number())));
    }
    one.payment()
        .ifPresent(
            payment ->
                steps.add(
                    new RequestPage.Step(
                        payment.paidAt(), payment.endToEnd(), in(payment.state().words(), frame))));
    one.withdrawal()
        .ifPresent(gone -> steps.add(new RequestPage.Step(gone.at(), name(gone.by()), gone.why())));
    steps.sort(Comparator.comparing(RequestPage.Step::at));
    return steps;
  }

  private String name(long account) {
    return Accounts.name(pool, account).orElse("#" + account);
  }

  private Disbursement find(RoutingContext context) {
    return Disbursements.find(pool, new DisbursementId(Places.id(context, "request")))
        .orElseThrow(() -> Problem.notFound().refused());
  }

  private static Next see(DisbursementId id, FundId fund) {
    return new Next.See(
        "/finance/requests/" + id.value(),
        List.of(new Fact.DisbursementChanged(fund.value(), id.value())));
  }

  private Next refused(Refusal refusal) {
    return new Next.Again(
        context -> show(context, List.of(in(refusal.words(), frames.of(context)))));
  }

  private Next again(Optional<Long> id, Form written, Word why) {
    return new Next.Again(
        context -> form(context, id, written, List.of(frames.of(context).say(why))));
  }

  private Next again(Optional<Long> id, Form written, Refusal refusal) {
    return new Next.Again(
        context -> form(context, id, written, flaws(refusal, frames.of(context))));
  }

  static List<String> flaws(Refusal refusal, Frame frame) {
    if (!(refusal instanceof Refusal.Invalid invalid)) {
      return List.of(in(refusal.words(), frame));
    }
    return invalid.flaws().stream().map(flaw -> flaw(flaw, frame)).toList();
  }

  private static String flaw(Flaw flaw, Frame frame) {
    return field(flaw.field(), frame) + ": " + in(flaw.words(), frame);
  }

  static String in(Words words, Frame frame) {
    return frame.pick(words.ar(), words.en());
  }
}
