package org.fazaa.fund.giving;

import java.util.Locale;
import org.fazaa.fund.ledger.Words;

/** How far a gift has come. Money that has not come is never called received. */
public enum GiftState {
  AWAITING_TRANSFER(
      "بانتظار وصول الحوالة: لم يصل المبلغ بعد",
      "Awaiting the transfer: the money has not come yet"),
  RECEIVED("وصل المبلغ إلى حساب الصندوق", "Received in the fund's account"),
  AWAITING_PAYMENT(
      "بانتظار الدفع بالبطاقة: لم يُدفع المبلغ بعد",
      "Awaiting the card payment: nothing has been paid yet"),
  LAPSED("انتهت مهلة الدفع ولم يُدفع شيء", "The time to pay has passed; nothing was paid"),
  PAID("دُفع بالبطاقة والمبلغ لدى مزود الدفع", "Paid by card; the provider has the money"),
  PARTLY_REFUNDED("أُعيد جزء من المبلغ", "A part has been given back"),
  REFUNDED("أُعيد المبلغ كله", "All of it has been given back"),
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

  /** Of a gift that is paid by card and no pretence. */
  static GiftState ofCard(boolean arrived, boolean lapsed, long came, long back) {
    if (!arrived) return lapsed ? LAPSED : AWAITING_PAYMENT;
    if (back == 0) return PAID;
    return back < came ? PARTLY_REFUNDED : REFUNDED;
  }

  /** A card is pretended here: see {@link #ofCard}. */
  static GiftState of(Channel channel, boolean arrived) {
    return switch (channel) {
      case CARD -> PAID_SIMULATED;
      case BANK_TRANSFER -> arrived ? RECEIVED : AWAITING_TRANSFER;
      case IN_KIND -> GOODS_DECLARED;
    };
  }
}
