package org.fazaa.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.spending.DisbursementId;
import org.fazaa.fund.spending.EnrolPerson;
import org.fazaa.fund.spending.Entitlement;
import org.fazaa.fund.spending.Entitlements;
import org.fazaa.fund.spending.IdKind;
import org.fazaa.fund.spending.OpenProgramme;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.PersonTokens;
import org.fazaa.fund.spending.Programme;
import org.fazaa.fund.spending.VerifyPerson;
import org.fazaa.web.Problem;

/** What people are entitled to: enrolled by one, verified by another, paid by a third. */
public final class ProgrammeRoutes {
  private final Api api;
  private final Pool pool;
  private final EnrolPerson enrolPerson;

  public ProgrammeRoutes(Api api, Pool pool, PersonTokens tokens) {
    this.api = api;
    this.pool = pool;
    this.enrolPerson = new EnrolPerson(tokens);
  }

  public void mount(Router router) {
    api.writes(router, "openProgramme", ProgrammeRoutes::open);
    api.reads(router, "getProgramme", this::findProgramme);
    api.writes(router, "enrolPerson", this::enrol);
    api.reads(router, "getEntitlement", this::find);
    api.writes(router, "verifyPerson", ProgrammeRoutes::verify);
  }

  private static Answer open(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new OpenProgramme.Draft(
            call.key(),
            new FundId(call.id("fund")),
            Wire.number(body, "initiative"),
            Wire.fundWords(body.getJsonObject("name")),
            Wire.money(body.getJsonObject("benefit"), "/benefit"),
            Wire.day(body.getString("starts_on"), "/starts_on"),
            Programme.Every.of(body.getString("every")),
            body.getInteger("periods"),
            call.who().account());
    return switch (OpenProgramme.run(tx, draft, call.now())) {
      case OpenProgramme.Outcome.Opened(var id) -> opened(tx, id);
      case OpenProgramme.Outcome.AlreadyOpened(var id) -> opened(tx, id);
      case OpenProgramme.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case OpenProgramme.Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case OpenProgramme.Outcome.NoSuchInitiative refusal -> Refusals.missing(refusal);
      case OpenProgramme.Outcome.NotRequester refusal -> Refusals.forbidden(refusal);
      case OpenProgramme.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private Answer findProgramme(Call call) {
    return Entitlements.findProgramme(pool, call.id("programme"))
        .map(found -> Answer.ok(json(found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private Answer enrol(Call call, SqlConnection tx) {
    var body = call.body();
    var draft =
        new EnrolPerson.Draft(
            call.key(),
            call.id("programme"),
            body.getInteger("period"),
            IdKind.of(body.getString("id_kind")),
            body.getString("number"),
            new PayeeId(body.getLong("payee")),
            Wire.contact(body),
            call.who().account());
    return switch (enrolPerson.run(tx, draft, call.now())) {
      case EnrolPerson.Outcome.Enrolled(var id) -> created(tx, id);
      case EnrolPerson.Outcome.AlreadyEnrolled(var id) -> created(tx, id);
      case EnrolPerson.Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case EnrolPerson.Outcome.NoSuchProgramme refusal -> Refusals.missing(refusal);
      case EnrolPerson.Outcome.NoSuchPayee refusal -> Refusals.missing(refusal);
      case EnrolPerson.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case EnrolPerson.Outcome.EntitledAlready refusal -> Refusals.conflict(refusal);
      case EnrolPerson.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private Answer find(Call call) {
    return Entitlements.find(pool, call.id("entitlement"))
        .map(found -> Answer.ok(json(found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer verify(Call call, SqlConnection tx) {
    var id = call.id("entitlement");
    var draft =
        new VerifyPerson.Draft(
            id,
            VerifyPerson.Method.of(call.body().getString("method")),
            call.body().getString("evidence"),
            call.who().account());
    return switch (VerifyPerson.run(tx, draft, call.now())) {
      case VerifyPerson.Outcome.Verified verified -> created(tx, id);
      case VerifyPerson.Outcome.AlreadyVerified known -> created(tx, id);
      case VerifyPerson.Outcome.NoSuchEntitlement refusal -> Refusals.missing(refusal);
      case VerifyPerson.Outcome.NotAllowed refusal -> Refusals.forbidden(refusal);
      case VerifyPerson.Outcome.OwnEnrolment refusal -> Refusals.forbidden(refusal);
      case VerifyPerson.Outcome.BelongsToPayee refusal -> Refusals.forbidden(refusal);
      case VerifyPerson.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static Answer opened(SqlConnection tx, long id) {
    return Answer.created(
        "/api/programmes/" + id, json(Entitlements.findProgramme(tx, id).orElseThrow()));
  }

  private static Answer created(SqlConnection tx, long id) {
    return Answer.created("/api/entitlements/" + id, json(Entitlements.find(tx, id).orElseThrow()));
  }

  private static JsonObject json(Programme found) {
    return new JsonObject()
        .put("id", found.id())
        .put("fund", found.fund().value())
        .put("initiative", found.initiative().orElse(null))
        .put("name", Wire.words(found.name()))
        .put("benefit", Wire.money(found.benefit()))
        .put("starts_on", found.startsOn().toString())
        .put("every", found.every().tag())
        .put("periods", found.periods());
  }

  private static JsonObject json(Entitlement found) {
    return new JsonObject()
        .put("id", found.id())
        .put("programme", found.programme())
        .put("period", found.period())
        .put("payee", found.payee().value())
        .put("mark", found.mark())
        .put("amount", Wire.money(found.amount()))
        .put("enrolled_by", found.enrolledBy())
        .put("enrolled_at", Wire.time(found.enrolledAt()))
        .put("verified_by", found.verifiedBy().orElse(null))
        .put("disbursement", found.request().map(DisbursementId::value).orElse(null))
        .put("state", found.state().tag());
  }
}
