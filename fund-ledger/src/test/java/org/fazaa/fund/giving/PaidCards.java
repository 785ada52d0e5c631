package org.fazaa.fund.giving;

import static org.fazaa.fund.Books.NOURA_TREASURER;
import static org.fazaa.fund.Books.NOW;
import static org.fazaa.fund.Books.SAAD_APPROVER;
import static org.fazaa.fund.Books.key;
import static org.fazaa.fund.Books.sar;

import io.vertx.core.json.JsonObject;
import org.fazaa.config.TestDatabase;

/** Card gifts in every state, for books that are looked at whole. */
public final class PaidCards {
  private PaidCards() {}

  /** One awaits payment, one was refunded before it was swept and one after, one charged back. */
  public static void someOfEverything(TestDatabase db) {
    try (var cards = new Cards(db, "stripe")) {
      var fund = cards.books.openFund(false);
      cards.ask(fund, sar(5));
      refund(cards, cards.paid(fund, sar(10)));
      var swept = cards.paid(fund, sar(20));
      var disputed = cards.ask(fund, sar(40));
      var number = cards.payment(disputed);
      cards.pay(disputed);
      cards.look(NOW.plusSeconds(60));
      cards.books.inTransaction(tx -> SettleGifts.settle(tx, NOW.plusSeconds(120)));
      refund(cards, swept);
      cards.happens("disputes", new JsonObject().put("payment", number));
      cards.tell(key(), disputed, NOW.plusSeconds(130));
      cards.look(NOW.plusSeconds(130));
    }
  }

  private static void refund(Cards cards, Donation gift) {
    var draft = new AskRefund.Draft(key(), gift.code(), sar(10), "Asked for", NOURA_TREASURER);
    var asked = cards.books.inTransaction(tx -> AskRefund.run(tx, draft, NOW));
    var id = ((AskRefund.Outcome.Asked) asked).refund().id();
    cards.books.inTransaction(
        tx -> ConfirmRefund.run(tx, new ConfirmRefund.Draft(id, SAAD_APPROVER), NOW));
  }
}
