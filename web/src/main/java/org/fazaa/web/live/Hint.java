package org.fazaa.web.live;

import io.vertx.core.json.JsonObject;
import org.fazaa.config.Fact;

/** A fact as an open page is told it: what changed, by its ids. */
final class Hint {

  static final JsonObject EVERYTHING = new JsonObject().put("what", "everything");

  private Hint() {}

  static JsonObject of(Fact fact) {
    var json = new JsonObject();
    return switch (fact) {
      case Fact.CrisisChanged(var crisis) -> json.put("what", "crisis").put("crisis", crisis);
      case Fact.NeedChanged(var crisis, var need) ->
          json.put("what", "need").put("crisis", crisis).put("need", need);
      case Fact.OfferChanged(var crisis, var need, var offer) ->
          json.put("what", "offer").put("crisis", crisis).put("need", need).put("offer", offer);
      case Fact.VolunteersChanged() -> json.put("what", "volunteers");
      case Fact.OutboxFilled() -> json.put("what", "texts");
      case Fact.TextChanged(var text) -> json.put("what", "text").put("text", text);
      case Fact.ReplyKept(var reply) -> json.put("what", "reply").put("reply", reply);
      case Fact.InboxChanged() -> json.put("what", "inbox");
      case Fact.WatchChanged() -> json.put("what", "watch");
      case Fact.DonationRecorded(var fund) -> json.put("what", "gift").put("fund", fund);
      case Fact.CardHeard() -> json.put("what", "card");
      case Fact.RefundConfirmed(var refund) -> json.put("what", "refund").put("refund", refund);
      case Fact.DisbursementChanged(var fund, var disbursement) ->
          json.put("what", "disbursement").put("fund", fund).put("disbursement", disbursement);
    };
  }
}
