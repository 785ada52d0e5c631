package org.fazaa.fund.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Currency;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "150 | SAR | 15000 | 150.00 SAR",
        "1,250.50 | SAR | 125050 | 1250.50 SAR",
        "١٬٢٥٠٫٥٠ | SAR | 125050 | 1250.50 SAR",
        "1.5 | KWD | 1500 | 1.500 KWD",
        "0.001 | BHD | 1 | 0.001 BHD",
        "2.125 | OMR | 2125 | 2.125 OMR",
        "900 | JPY | 900 | 900 JPY",
        "7.00 | JPY | 7 | 7 JPY",
        "0.10 | SAR | 10 | 0.10 SAR",
      })
  void anAmountIsReadInTheDigitsOfItsCurrency(
      String written, String currency, long minor, String shown) {
    var money = Money.parse(written, Currency.getInstance(currency));

    assertThat(money).contains(Money.of(minor, currency));
    assertThat(money.orElseThrow()).hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.005 | SAR",
        "0.5 | JPY",
        "1.0001 | KWD",
        "-5 | SAR",
        "5e3 | SAR",
        "five | SAR",
        "1.2.3 | SAR",
        "'' | SAR",
        ". | SAR",
        "9999999999999999 | SAR",
      })
  void whatIsNoAmountIsRefusedAndNeverRounded(String written, String currency) {
    assertThat(Money.parse(written, Currency.getInstance(currency))).isEmpty();
  }
}
