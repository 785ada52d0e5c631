package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import org.fazaa.config.Fact;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.ConfirmTransfer;
import org.fazaa.fund.giving.Donation;
import org.fazaa.fund.giving.Donations;
import org.fazaa.fund.giving.Donor;
import org.fazaa.fund.giving.GatherGifts;
import org.fazaa.fund.giving.RecordDonation;
import org.fazaa.fund.giving.RecordDonation.Outcome;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.web.Problem;

/** Gifts, and what became of them. */
public final class DonationRoutes {

  private final Api api;
  private final Pool pool;
  private final GatherGifts gatherGifts;

  public DonationRoutes(Api api, Pool pool, GatherGifts gatherGifts) {
    this.api = api;
    this.pool = pool;
    this.gatherGifts = gatherGifts;
  }

  public void mount(Router router) {
    api.hands(router, "recordDonation", this::give);
    api.reads(router, "getDonation", this::find);
    api.writes(router, "confirmTransfer", DonationRoutes::confirm);
  }

  private Answer give(Call call) {
    return switch (gatherGifts.run(draft(call)).await()) {
      case GatherGifts.Answer.Given(var outcome) -> given(outcome);
      case GatherGifts.Answer.TooMany refusal -> Refusals.tooMany(refusal);
    };
  }

  private Answer given(Outcome given) {
    return switch (given) {
      case Outcome.Recorded(var donation) -> created(gatherGifts.receipted(donation));
      case Outcome.AlreadyRecorded(var donation) -> created(gatherGifts.receipted(donation));
      case Outcome.DiffersFromFirst refusal -> Refusals.differs(refusal);
      case Outcome.NoSuchFund refusal -> Refusals.missing(refusal);
      case Outcome.FundClosed refusal -> Refusals.conflict(refusal);
      case Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static RecordDonation.Draft draft(Call call) {
    var body = call.body();
    var amount = Optional.ofNullable(body.getJsonObject("amount"));
    return new RecordDonation.Draft(
        call.key(),
        new FundId(call.id("fund")),
        Channel.of(body.getString("channel")),
        amount.map(money -> Wire.money(money, "/amount")),
        Optional.ofNullable(body.getString("goods")),
        donor(body.getJsonObject("donor", new JsonObject())));
  }

  private static Donor donor(JsonObject donor) {
    return new Donor(
        Optional.ofNullable(donor.getString("name")),
        Optional.ofNullable(donor.getString("phone")).map(Phone::new),
        Language.of(donor.getString("language", "ar")),
        donor.getBoolean("anonymous", false));
  }

  private static Answer created(Donation donation) {
    return Answer.created(
        "/api/donations/" + donation.code(),
        json(donation),
        new Fact.DonationRecorded(donation.fund().value()));
  }

  private Answer find(Call call) {
    return gatherGifts
        .find(call.text("code"))
        .map(found -> Answer.ok(json(found).put("paid_for", paidFor(found))))
        .orElse(Answer.refused(Problem.notFound()));
  }

  private static Answer confirm(Call call, SqlConnection tx) {
    var draft =
        new ConfirmTransfer.Draft(
            call.text("reference"),
            Wire.money(call.body().getJsonObject("arrived"), "/arrived"),
            call.body().getString("bank_line"),
            call.who().account());
    return switch (ConfirmTransfer.run(tx, draft, call.now())) {
      case ConfirmTransfer.Outcome.Confirmed(var donation) -> created(donation);
      case ConfirmTransfer.Outcome.AlreadyConfirmed(var donation) -> created(donation);
      case ConfirmTransfer.Outcome.DiffersFromFirst refusal -> Refusals.conflict(refusal);
      case ConfirmTransfer.Outcome.NoSuchTransfer refusal -> Refusals.missing(refusal);
      case ConfirmTransfer.Outcome.LineUsed refusal -> Refusals.conflict(refusal);
      case ConfirmTransfer.Outcome.NotTreasurer refusal -> Refusals.forbidden(refusal);
      case ConfirmTransfer.Outcome.Invalid refusal -> Refusals.invalid(refusal);
    };
  }

  private static JsonObject json(Donation donation) {
    return new JsonObject()
        .put("code", donation.code())
        .put("state", donation.state().tag())
        .put("fund", donation.fund().value())
        .put("channel", donation.channel().tag())
        .put("amount", Wire.money(donation.amount()))
        .put("goods", donation.goods().orElse(null))
        .put("transfer_reference", donation.transferReference().orElse(null))
        .put("pay_url", donation.payable() ? "/pay/" + donation.code() : null)
        .put("given_at", Wire.time(donation.givenAt()))
        .put("receipt", donation.receiptNumber().map(n -> receipt(n, donation)).orElse(null));
  }

  private static JsonObject receipt(String number, Donation donation) {
    return new JsonObject().put("number", number).put("url", "/receipts/" + donation.code());
  }

  private JsonObject paidFor(Donation donation) {
    var payments = new JsonArray();
    for (var paid : Donations.paidFor(pool, donation)) {
      payments.add(
          new JsonObject()
              .put("payee", Wire.words(paid.payee()))
              .put("purpose", paid.purpose())
              .put("amount", Wire.money(paid.amount()))
              .put("paid_at", Wire.time(paid.paidAt()))
              .put("state", paid.state()));
    }
    return new JsonObject()
        .put("means", Wire.words(Donations.PAID_FOR_MEANS))
        .put("payments", payments);
  }
}
