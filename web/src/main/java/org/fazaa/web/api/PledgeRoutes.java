package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.LocalDate;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.fazaa.config.Fact;
import org.fazaa.fund.giving.Pledge;
import org.fazaa.fund.giving.Pledges;
import org.fazaa.fund.giving.RecordPledge;
import org.fazaa.fund.giving.RecordPledge.Outcome;
import org.fazaa.fund.giving.WithdrawPledge;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.web.Problem;

/** What givers promise for each week or month. */
public final class PledgeRoutes {
  private final Api api;
  private final Pool pool;
  private final RecordPledge recordPledge;

  public PledgeRoutes(Api api, Pool pool, RandomGenerator random) {
    this.api = api;
    this.pool = pool;
    this.recordPledge = new RecordPledge(random);
  }

  public void mount(Router router) {
    api.writes(router, "recordPledge", this::pledge);
    api.reads(router, "getPledge", this::find);
    api.writes(router, "stopPledge", PledgeRoutes::stop);
  }

  private Answer pledge(Call call, SqlConnection tx) {
    return switch (recordPledge.run(tx, draft(call), call.now())) {
      case Outcome.Recorded(var pledge) -> created(pledge);
      case Outcome.AlreadyRecorded(var pledge) -> created(pledge);
      case Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case Outcome.FundClosed refusal -> Refusals.conflict(refusal);
      case Outcome.TooManyPledges refusal -> Refusals.conflict(refusal);
      case Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static RecordPledge.Draft draft(Call call) {
    var body = call.body();
    var donor = body.getJsonObject("donor");
    var first = Optional.ofNullable(body.getString("first_day"));
    return new RecordPledge.Draft(
        call.key(),
        new FundId(call.id("fund")),
        Wire.money(body.getJsonObject("amount"), "/amount"),
        Pledge.Every.of(body.getString("every")),
        first.map(day -> Wire.day(day, "/first_day")).orElse(RecordPledge.today(call.now())),
        Optional.ofNullable(body.getInteger("instalments")),
        Optional.ofNullable(donor.getString("name")),
        new Phone(donor.getString("phone")),
        Language.of(donor.getString("language", "ar")),
        donor.getBoolean("anonymous", false));
  }

  private Answer find(Call call) {
    return Pledges.find(pool, call.text("code"))
        .map(found -> Answer.ok(json(found)))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer stop(Call call, SqlConnection tx) {
    return Pledges.find(tx, call.text("code"))
        .map(found -> created(WithdrawPledge.run(tx, found, call.now())))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer created(Pledge pledge) {
    return Answer.created(
        "/api/pledges/" + pledge.code(),
        json(pledge),
        new Fact.DonationRecorded(pledge.fund().value()));
  }

  private static JsonObject json(Pledge pledge) {
    var opened = new JsonArray();
    pledge.opened().forEach(one -> opened.add(json(one)));
    return new JsonObject()
        .put("code", pledge.code())
        .put("fund", pledge.fund().value())
        .put("amount", Wire.money(pledge.amount()))
        .put("every", pledge.every().tag())
        .put("first_day", pledge.firstDay().toString())
        .put("instalments", pledge.instalments().orElse(null))
        .put("anonymous", pledge.anonymous())
        .put("pledged_at", Wire.time(pledge.pledgedAt()))
        .put("ended", pledge.end().map(Pledge.End::tag).orElse(null))
        .put("next_day", pledge.next().map(LocalDate::toString).orElse(null))
        .put("pay_url", pledge.unpaid().map(one -> "/pledges/" + pledge.code()).orElse(null))
        .put("opened", opened);
  }

  private static JsonObject json(Pledge.Instalment one) {
    return new JsonObject()
        .put("number", one.n())
        .put("due", one.due().toString())
        .put("donation", one.gift().map(gift -> gift.code()).orElse(null))
        .put("state", one.gift().map(gift -> gift.state().tag()).orElse("unpaid"));
  }
}
