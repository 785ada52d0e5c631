package org.fazaa.web.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;

/**
 * One of the three screens that launch a crisis. What was written on the others travels along in
 * the address.
 */
record LaunchPage(
    int step,
    Draft form,
    List<Choice> kinds,
    List<Choice> countries,
    List<Town> towns,
    List<String> flaws,
    String areaName,
    long volunteersInside,
    Optional<AreaMap> map) {

  /** As typed, so that a mistake comes back as it was written. */
  record Draft(
      String kind,
      String nameAr,
      String nameEn,
      String mode,
      String country,
      String town,
      String lat,
      String lon,
      String radiusKm) {

    static Draft of(Form form) {
      return new Draft(
          form.of("kind"),
          form.of("name_ar"),
          form.of("name_en"),
          form.of("mode").isEmpty() ? "live" : form.of("mode"),
          form.of("country").isEmpty() ? "SA" : form.of("country"),
          form.of("town"),
          form.of("lat"),
          form.of("lon"),
          form.of("radius_km").isEmpty() ? "15" : form.of("radius_km"));
    }

    String query() {
      return Stream.of(
              pair("kind", kind),
              pair("name_ar", nameAr),
              pair("name_en", nameEn),
              pair("mode", mode),
              pair("country", country),
              pair("town", town),
              pair("lat", lat),
              pair("lon", lon),
              pair("radius_km", radiusKm))
          .collect(Collectors.joining("&"));
    }

    private static String pair(String name, String value) {
      return name + "=" + URLEncoder.encode(value, UTF_8);
    }
  }

  String kindName() {
    return kinds.stream()
        .filter(kind -> kind.code().equals(form.kind))
        .map(Choice::name)
        .findFirst()
        .orElse("");
  }
}
