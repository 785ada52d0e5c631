package org.fazaa.fund.giving;

import java.util.Locale;
import org.fazaa.fund.ledger.Words;

/** How far a gift has come. Money that has not come is never called received. */
public enum GiftState {
  AWAITING_TRANSFER(
      "بانتظار وصول الحوالة: لم يصل المبلغ بعد",
      "Awaiting the transfer: the money has not come yet"),
  RECEIVED("وصل المبلغ إلى حساب الصندوق", "Received in the fund's account"),
  PAID_SIMULATED("دفع تجريبي: لم يُدفع مال حقيقي", "Paid (simulated): no real money was taken"),
  GOODS_DECLARED("تبرع عيني كما وصفه المتبرع", "Goods, as the donor described them");

  private final Words words;

  GiftState(String ar, String en) {
    words = new Words(ar, en);
  }

  public Words words() {
    return words;
  }

  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  static GiftState of(Channel channel, boolean arrived) {
    return switch (channel) {
      case CARD -> PAID_SIMULATED;
      case BANK_TRANSFER -> arrived ? RECEIVED : AWAITING_TRANSFER;
      case IN_KIND -> GOODS_DECLARED;
    };
  }
}
