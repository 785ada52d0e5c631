package org.fazaa.web.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Fact;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.Accreditation;
import org.fazaa.fund.spending.AddPayee;
import org.fazaa.fund.spending.ConfirmAccreditation;
import org.fazaa.fund.spending.EnterAccreditation;
import org.fazaa.fund.spending.Payee;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.Payees;
import org.fazaa.fund.spending.VerifyPayee;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.Who;

/**
 * Partner organisations: added by one person, their IBAN compared with the bank's letter by
 * another; their accreditation entered by one and confirmed by another.
 */
public final class PayeeRoutes {
  private static final String HERE = "/finance/payees";
  private static final ZoneId RIYADH = ZoneId.of("Asia/Riyadh");

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final String country;

  public PayeeRoutes(Frames frames, Forms forms, Pool pool, String country) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.country = country;
  }

  public void mount(Router router) {
    router.get(HERE).handler(context -> show(context, Form.EMPTY, List.of()));
    forms.post(router, HERE, FinanceRoutes.ASK, this::add);
    forms.post(router, HERE + "/:payee/verification", FinanceRoutes.ACT, this::verify);
    forms.post(router, HERE + "/:payee/iban", FinanceRoutes.ASK, this::changeIban);
    forms.post(router, HERE + "/:payee/accreditation", FinanceRoutes.ACT, this::accredit);
    forms.post(
        router, HERE + "/:payee/accreditation/confirmation", FinanceRoutes.ACT, this::confirm);
  }

  private void show(RoutingContext context, Form form, List<String> flaws) {
    var who = Guard.require(context, FinanceRoutes.LOOK);
    var frame = frames.of(context);
    var rows = Payees.list(pool).stream().map(payee -> row(payee, who, frame)).toList();
    frames.show(context, "console/payees", frame, new PayeesPage(rows, form, flaws));
  }

  private static PayeesPage.Row row(Payee payee, Who who, Frame frame) {
    var mayVerify =
        payee.verifiedAt().isEmpty()
            && payee.ibanWrittenBy() != who.account()
            && who.hasAny(FinanceRoutes.ACT);
    var today = LocalDate.ofInstant(frame.now(), RIYADH);
    return new PayeesPage.Row(
        payee.id().value(),
        FinanceRoutes.in(payee.name(), frame),
        who.hasAny(FinanceRoutes.ACT) ? payee.iban() : payee.ibanMasked(),
        payee.ibanVersion(),
        payee.usableFrom(),
        mayVerify,
        payee.accreditation().map(PayeeRoutes::accredited),
        payee.inForce().filter(one -> one.covers(today)).isPresent(),
        payee
            .accreditation()
            .filter(one -> !one.confirmed() && one.enteredBy() != who.account())
            .filter(one -> who.hasAny(FinanceRoutes.ACT))
            .isPresent());
  }

  private static PayeesPage.Accredited accredited(Accreditation one) {
    var says =
        "%s · %s · %s – %s".formatted(one.authority(), one.licence(), one.from(), one.until());
    return new PayeesPage.Accredited(one.n(), says, one.confirmed());
  }

  private Next add(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var name = new Words(written.of("name_ar"), written.of("name_en"));
    var phone = Phone.parse(written.of("phone"), country);
    if (phone.isEmpty() && !written.of("phone").isEmpty()) return again(written, Word.FLAW_PHONE);
    var contact = phone.map(to -> new Payee.Contact(to, Language.AR));
    var draft =
        new AddPayee.Draft(name, written.of("iban"), Set.of(), contact, form.who().account());
    return added(AddPayee.run(tx, draft, form.now()), written);
  }

  private Next changeIban(Forms.Form form, SqlConnection tx) {
    var payee = new PayeeId(form.id("payee"));
    var by = form.who().account();
    return added(AddPayee.changeIban(tx, payee, form.text("iban"), by, form.now()), Form.EMPTY);
  }

  private Next added(AddPayee.Outcome outcome, Form written) {
    return switch (outcome) {
      case AddPayee.Outcome.Added added -> new Next.See(HERE, List.of(new Fact.OutboxFilled()));
      case AddPayee.Outcome.IbanTaken refusal -> again(written, refusal);
      case AddPayee.Outcome.NotAllowed refusal -> again(written, refusal);
      case AddPayee.Outcome.NoSuchPayee refusal -> again(written, refusal);
      case AddPayee.Outcome.Invalid refusal -> again(written, refusal);
    };
  }

  private Next verify(Forms.Form form, SqlConnection tx) {
    var draft =
        new VerifyPayee.Draft(
            new PayeeId(form.id("payee")),
            Places.whole(form.text("iban_version")).orElse(0),
            form.text("evidence"),
            form.who().account());
    return switch (VerifyPayee.run(tx, draft, form.now())) {
      case VerifyPayee.Outcome.Verified verified -> new Next.See(HERE, List.of());
      case VerifyPayee.Outcome.AlreadyVerified known -> new Next.See(HERE, List.of());
      case VerifyPayee.Outcome.NoSuchPayee refusal -> again(Form.EMPTY, refusal);
      case VerifyPayee.Outcome.IbanChanged refusal -> again(Form.EMPTY, refusal);
      case VerifyPayee.Outcome.OwnIban refusal -> again(Form.EMPTY, refusal);
      case VerifyPayee.Outcome.NotAllowed refusal -> again(Form.EMPTY, refusal);
      case VerifyPayee.Outcome.Invalid refusal -> again(Form.EMPTY, refusal);
    };
  }

  private Next accredit(Forms.Form form, SqlConnection tx) {
    var written = Shown.form(form);
    var from = day(written.of("from"));
    var until = day(written.of("until"));
    if (from.isEmpty() || until.isEmpty()) return again(Form.EMPTY, Word.FLAW_DAY);
    var draft =
        new EnterAccreditation.Draft(
            new PayeeId(form.id("payee")),
            written.of("authority"),
            written.of("licence"),
            from.get(),
            until.get(),
            form.who().account());
    return switch (EnterAccreditation.run(tx, draft, form.now())) {
      case EnterAccreditation.Outcome.Entered entered -> new Next.See(HERE, List.of());
      case EnterAccreditation.Outcome.AlreadyEntered known -> new Next.See(HERE, List.of());
      case EnterAccreditation.Outcome.NoSuchPayee refusal -> again(Form.EMPTY, refusal);
      case EnterAccreditation.Outcome.NotAllowed refusal -> again(Form.EMPTY, refusal);
      case EnterAccreditation.Outcome.Invalid refusal -> again(Form.EMPTY, refusal);
    };
  }

  private static Optional<LocalDate> day(String written) {
    try {
      return Optional.of(LocalDate.parse(written));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private Next confirm(Forms.Form form, SqlConnection tx) {
    var n = Places.whole(form.text("n")).orElse(0);
    var payee = new PayeeId(form.id("payee"));
    var draft = new ConfirmAccreditation.Draft(payee, n, form.who().account());
    return switch (ConfirmAccreditation.run(tx, draft, form.now())) {
      case ConfirmAccreditation.Outcome.Confirmed confirmed -> new Next.See(HERE, List.of());
      case ConfirmAccreditation.Outcome.AlreadyConfirmed known -> new Next.See(HERE, List.of());
      case ConfirmAccreditation.Outcome.NoSuchPayee refusal -> again(Form.EMPTY, refusal);
      case ConfirmAccreditation.Outcome.NotAllowed refusal -> again(Form.EMPTY, refusal);
      case ConfirmAccreditation.Outcome.OwnEntry refusal -> again(Form.EMPTY, refusal);
      case ConfirmAccreditation.Outcome.VersionMoved refusal -> again(Form.EMPTY, refusal);
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
