package org.fazaa.web.console;

import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.fund.ledger.Money;
import org.fazaa.web.Frame;

/** What texts cost, with the name of the currency. */
final class Amounts {
  private Amounts() {}

  static String cost(List<Needs.View> views, Frame frame) {
    var currency = views.stream().flatMap(view -> view.currency().stream()).findFirst();
    var minor = views.stream().mapToLong(Needs.View::cost).sum();
    return currency.map(code -> of(minor, code)).orElse("—");
  }

  static String of(long minor, String currency) {
    return Money.of(minor, currency).toString();
  }

  /** Without the currency's name, for a field. */
  static String plain(long minor, String currency) {
    return Money.of(minor, currency).amount();
  }

  static Optional<Integer> minor(String written, String currency) {
    return Money.parse(written, Currency.getInstance(currency))
        .map(Money::minor)
        .filter(minor -> minor <= Integer.MAX_VALUE)
        .map(Long::intValue);
  }
}
