package org.fazaa.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.spending.Payee;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.web.Problem;
import org.fazaa.web.Problem.Flaw;
import org.fazaa.web.Words;

/** The small things as every call writes and reads them. */
final class Wire {

  private Wire() {}

  static JsonObject words(String ar, String en) {
    return new JsonObject().put("ar", ar).put("en", en);
  }

  static JsonObject words(org.fazaa.fund.ledger.Words words) {
    return words(words.ar(), words.en());
  }

  static org.fazaa.fund.ledger.Words fundWords(JsonObject written) {
    return new org.fazaa.fund.ledger.Words(written.getString("ar"), written.getString("en"));
  }

  static JsonObject words(Title title) {
    return words(title.ar(), title.en());
  }

  static Title title(JsonObject written) {
    return new Title(written.getString("ar"), written.getString("en"));
  }

  static Point point(JsonArray written, String field) {
    var lon = written.getDouble(0);
    var lat = written.getDouble(1);
    if (!Point.isOnEarth(lon, lat)) throw Problem.invalid(field, NOT_ON_EARTH).refused();
    return new Point(lon, lat);
  }

  static JsonArray point(Point point) {
    return new JsonArray().add(point.lon()).add(point.lat());
  }

  static String time(Instant instant) {
    return instant.toString();
  }

  static String time(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }

  static Instant time(String written, String field) {
    try {
      return OffsetDateTime.parse(written).toInstant();
    } catch (DateTimeParseException e) {
      throw Problem.invalid(field, NO_SUCH_TIME).refused();
    }
  }

  static LocalDate day(String written, String field) {
    try {
      return LocalDate.parse(written);
    } catch (DateTimeParseException e) {
      throw Problem.invalid(field, NO_SUCH_DAY).refused();
    }
  }

  /** A number that may be left out. */
  static Optional<Long> number(JsonObject written, String field) {
    return Optional.ofNullable(written.getLong(field));
  }

  static List<Long> numbers(JsonArray written) {
    return written.stream().map(one -> ((Number) one).longValue()).toList();
  }

  /** Whom to text, where a phone is given; in Arabic unless another language is. */
  static Optional<Payee.Contact> contact(JsonObject written) {
    return Optional.ofNullable(written.getString("phone"))
        .map(
            phone ->
                new Payee.Contact(
                    new Phone(phone), Language.of(written.getString("language", "ar"))));
  }

  static JsonObject money(Money money) {
    return new JsonObject()
        .put("minor", money.minor())
        .put("currency", money.currency().getCurrencyCode());
  }

  static JsonObject money(Optional<Money> money) {
    return money.map(Wire::money).orElse(null);
  }

  static Money money(JsonObject written, String field) {
    var currency = currency(written.getString("currency"), field + "/currency");
    return new Money(written.getLong("minor"), currency);
  }

  static Currency currency(String code, String field) {
    try {
      return Currency.getInstance(code);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(
              field,
              new Words(
                  "لا عملة بالرمز %s: اكتب رمزًا مثل SAR.".formatted(code),
                  "There is no currency %s: write a code such as SAR.".formatted(code)))
          .refused();
    }
  }

  static List<String> texts(JsonArray written) {
    var texts = new ArrayList<String>();
    if (written != null) written.forEach(text -> texts.add((String) text));
    return texts;
  }

  static Problem invalid(List<org.fazaa.dispatcher.people.Flaw> flaws) {
    return Problem.invalid(
        flaws.stream()
            .map(flaw -> new Flaw("/" + flaw.field(), new Words(flaw.ar(), flaw.en())))
            .toList());
  }

  private static final Words NO_SUCH_DAY =
      new Words("اكتب التاريخ مثل 2026-11-30.", "Write the day as 2026-11-30.");

  private static final Words NO_SUCH_TIME =
      new Words("لا يوجد هذا الوقت: راجع التاريخ.", "There is no such time: check the date.");
  private static final Words NOT_ON_EARTH =
      new Words(
          "اكتب [خط الطول، خط العرض]: من -180 إلى 180 ومن -90 إلى 90.",
          "Write [lon, lat]: -180 to 180 and -90 to 90.");
}
