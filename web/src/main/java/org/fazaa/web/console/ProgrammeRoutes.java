package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.DisbursementId;
import org.fazaa.fund.spending.EnrolPerson;
import org.fazaa.fund.spending.Entitlement;
import org.fazaa.fund.spending.Entitlements;
import org.fazaa.fund.spending.IdKind;
import org.fazaa.fund.spending.Initiatives;
import org.fazaa.fund.spending.OpenProgramme;
import org.fazaa.fund.spending.Payee;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.Payees;
import org.fazaa.fund.spending.PersonTokens;
import org.fazaa.fund.spending.Programme;
import org.fazaa.fund.spending.VerifyPerson;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Role;
import org.fazaa.web.session.Who;

/** Programmes, and the people who are entitled: enrolled by one, verified by another. */
public final class ProgrammeRoutes {
  private static final String HERE = "/finance/programmes";
  private static final Set<Role> LOOK =
      EnumSet.of(Role.FINANCE, Role.APPROVER, Role.AUDITOR, Role.MANAGER);
  // A partner's own people enrol; whose they are, the fund knows.
  private static final Set<Role> ENROL = EnumSet.of(Role.FINANCE, Role.MANAGER);

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final EnrolPerson enrolPerson;
  private final String country;

  public ProgrammeRoutes(
      Frames frames, Forms forms, Pool pool, PersonTokens tokens, String country) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.enrolPerson = new EnrolPerson(tokens);
    this.country = country;
  }

  public void mount(Router router) {
    router.get(HERE).handler(context -> list(context, Form.EMPTY, List.of()));
    forms.post(router, HERE, FinanceRoutes.ASK, this::open);
    router
        .get(HERE + "/:programme")
        .handler(context -> show(context, find(context), Form.EMPTY, List.of()));
    forms.post(router, HERE + "/:programme/entitlements", ENROL, this::enrol);
    forms.post(
        router,
        HERE + "/:programme/entitlements/:entitlement/verification",
        FinanceRoutes.ACT,
        this::verify);
  }

  private void list(RoutingContext context, Form form, List<String> flaws) {
    Guard.require(context, LOOK);
    var frame = frames.of(context);
    var rows = Entitlements.programmes(pool).stream().map(one -> row(one, frame)).toList();
    var funds =
        Funds.list(pool).stream()
            .filter(Fund::open)
            .map(one -> new Choice("" + one.id().value(), FinanceRoutes.in(one.name(), frame)))
            .toList();
    var initiatives =
        Initiatives.list(pool).stream()
            .map(one -> new Choice("" + one.id(), FinanceRoutes.in(one.name(), frame)))
            .toList();
    var every =
        Arrays.stream(Programme.Every.values())
            .map(one -> new Choice(one.tag(), FinanceRoutes.in(one.words(), frame)))
            .toList();
    var page = new ProgrammesPage(rows, funds, initiatives, every, form, flaws);
    frames.show(context, "console/programmes", frame, page);
  }

  private static ProgrammesPage.Row row(Programme one, Frame frame) {
    return new ProgrammesPage.Row(
        one.id(),
        FinanceRoutes.in(one.name(), frame),
        FinanceRoutes.in(one.fundName(), frame),
        one.benefit().toString(),
        FinanceRoutes.in(one.every().words(), frame),
        one.periods(),
        one.startsOn().toString());
  }

  private void show(RoutingContext context, Programme one, Form form, List<String> flaws) {
    var who = Guard.require(context, LOOK);
    var frame = frames.of(context);
    var rows =
        Entitlements.list(pool, one.id()).stream().map(found -> row(found, who, frame)).toList();
    var periods =
        IntStream.rangeClosed(1, one.periods())
            .mapToObj(n -> new Choice("" + n, n + " · " + one.startOf(n)))
            .toList();
    var kinds =
        Arrays.stream(IdKind.values())
            .map(kind -> new Choice(kind.tag(), FinanceRoutes.in(kind.words(), frame)))
            .toList();
    var payees =
        Payees.list(pool).stream()
            .map(
                payee -> new Choice("" + payee.id().value(), FinanceRoutes.in(payee.name(), frame)))
            .toList();
    var methods =
        Arrays.stream(VerifyPerson.Method.values())
            .map(method -> new Choice(method.tag(), FinanceRoutes.in(method.words(), frame)))
            .toList();
    var page =
        new ProgrammePage(
            one.id(),
            FinanceRoutes.in(one.name(), frame),
            FinanceRoutes.in(one.fundName(), frame),
            one.benefit().toString(),
            rows,
            periods,
            kinds,
            payees,
            methods,
            form,
            flaws);
    frames.show(context, "console/programme", frame, page);
  }

  private static ProgrammePage.Row row(Entitlement one, Who who, Frame frame) {
    return new ProgrammePage.Row(
        one.id(),
        one.period(),
        one.mark(),
        FinanceRoutes.in(one.payeeName(), frame),
        one.state().tag(),
        FinanceRoutes.in(one.state().words(), frame),
        one.request().map(DisbursementId::value),
        one.verifiedBy().isEmpty()
            && one.enrolledBy() != who.account()
            && who.hasAny(FinanceRoutes.ACT));
  }

  private Programme find(RoutingContext context) {
    return Entitlements.findProgramme(pool, Places.id(context, "programme"))
        .orElseThrow(() -> Problem.notFound().refused());
  }

  private Next open(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var fund =
        Funds.find(tx, new FundId(Places.whole(written.of("fund")).orElse(0)))
            .orElseThrow(() -> Problem.notFound().refused());
    var benefit = Money.parse(written.of("benefit"), fund.currency());
    var starts = day(written.of("starts_on"));
    if (benefit.isEmpty()) return openAgain(written, Word.FLAW_AMOUNT);
    if (starts.isEmpty()) return openAgain(written, Word.FLAW_DAY);
    var draft =
        new OpenProgramme.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            fund.id(),
            Places.whole(written.of("initiative")).map(Integer::longValue),
            new Words(written.of("name_ar"), written.of("name_en")),
            benefit.get(),
            starts.get(),
            chosen(Programme.Every.values(), written.of("every")),
            Places.whole(written.of("periods")).orElse(0),
            form.who().account());
    return switch (OpenProgramme.run(tx, draft, form.now())) {
      case OpenProgramme.Outcome.Opened(var id) -> new Next.See(HERE + "/" + id, List.of());
      case OpenProgramme.Outcome.AlreadyOpened(var id) -> new Next.See(HERE + "/" + id, List.of());
      case OpenProgramme.Outcome.DiffersFromFirst refusal -> openAgain(written, refusal);
      case OpenProgramme.Outcome.NoSuchFund refusal -> openAgain(written, refusal);
      case OpenProgramme.Outcome.NoSuchInitiative refusal -> openAgain(written, refusal);
      case OpenProgramme.Outcome.NotRequester refusal -> openAgain(written, refusal);
      case OpenProgramme.Outcome.Invalid refusal -> openAgain(written, refusal);
    };
  }

  private static Optional<LocalDate> day(String written) {
    try {
      return Optional.of(LocalDate.parse(written));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static <E extends Enum<E>> E chosen(E[] values, String tag) {
    return Arrays.stream(values)
        .filter(one -> one.name().equalsIgnoreCase(tag))
        .findFirst()
        .orElseThrow(() -> Problem.notFound().refused());
  }

  private Next enrol(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var programme = find(form.context());
    var phone = Phone.parse(written.of("phone"), country);
    if (phone.isEmpty() && !written.of("phone").isEmpty()) {
      return showAgain(programme, written, Word.FLAW_PHONE);
    }
    var language = Language.of(written.of("language"));
    var draft =
        new EnrolPerson.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            programme.id(),
            Places.whole(written.of("period")).orElse(0),
            chosen(IdKind.values(), written.of("id_kind")),
            written.of("number"),
            new PayeeId(Places.whole(written.of("payee")).orElse(0)),
            phone.map(to -> new Payee.Contact(to, language)),
            form.who().account());
    return switch (enrolPerson.run(tx, draft, form.now())) {
      case EnrolPerson.Outcome.Enrolled enrolled -> see(programme);
      case EnrolPerson.Outcome.AlreadyEnrolled enrolled -> see(programme);
      case EnrolPerson.Outcome.DiffersFromFirst refusal -> showAgain(programme, written, refusal);
      case EnrolPerson.Outcome.NoSuchProgramme refusal -> showAgain(programme, written, refusal);
      case EnrolPerson.Outcome.NoSuchPayee refusal -> showAgain(programme, written, refusal);
      case EnrolPerson.Outcome.NotAllowed refusal -> showAgain(programme, written, refusal);
      case EnrolPerson.Outcome.EntitledAlready refusal -> showAgain(programme, written, refusal);
      case EnrolPerson.Outcome.Invalid refusal -> showAgain(programme, written, refusal);
    };
  }

  private Next verify(Forms.Form form, SqlConnection tx) {
    var programme = find(form.context());
    var draft =
        new VerifyPerson.Draft(
            form.id("entitlement"),
            chosen(VerifyPerson.Method.values(), form.text("method")),
            form.text("evidence"),
            form.who().account());
    return switch (VerifyPerson.run(tx, draft, form.now())) {
      case VerifyPerson.Outcome.Verified verified -> see(programme);
      case VerifyPerson.Outcome.AlreadyVerified verified -> see(programme);
      case VerifyPerson.Outcome.NoSuchEntitlement refusal -> showAgain(programme, refusal);
      case VerifyPerson.Outcome.NotAllowed refusal -> showAgain(programme, refusal);
      case VerifyPerson.Outcome.OwnEnrolment refusal -> showAgain(programme, refusal);
      case VerifyPerson.Outcome.BelongsToPayee refusal -> showAgain(programme, refusal);
      case VerifyPerson.Outcome.Invalid refusal -> showAgain(programme, refusal);
    };
  }

  private static Next see(Programme programme) {
    return new Next.See(HERE + "/" + programme.id(), List.of());
  }

  private Next openAgain(Form written, Word why) {
    return new Next.Again(context -> list(context, written, List.of(frames.of(context).say(why))));
  }

  private Next openAgain(Form written, Refusal refusal) {
    return new Next.Again(
        context -> list(context, written, FinanceRoutes.flaws(refusal, frames.of(context))));
  }

  private Next showAgain(Programme programme, Form written, Word why) {
    return new Next.Again(
        context -> show(context, programme, written, List.of(frames.of(context).say(why))));
  }

  private Next showAgain(Programme programme, Refusal refusal) {
    return showAgain(programme, Form.EMPTY, refusal);
  }

  private Next showAgain(Programme programme, Form written, Refusal refusal) {
    return new Next.Again(
        context ->
            show(context, programme, written, FinanceRoutes.flaws(refusal, frames.of(context))));
  }
}
