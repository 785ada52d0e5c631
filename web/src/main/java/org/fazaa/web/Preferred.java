package org.fazaa.web;

import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/** The language to speak to this visitor: chosen by hand, else what the browser asks for. */
public final class Preferred {

  public static final String COOKIE = "language";

  private Preferred() {}

  public static String language(RoutingContext context) {
    var chosen = context.request().getCookie(COOKIE);
    if (chosen != null && known(chosen.getValue())) return chosen.getValue();
    for (var accepted : context.acceptableLanguages()) {
      var tag = accepted.tag() == null ? "" : accepted.tag().toLowerCase(Locale.ROOT);
      if (known(tag)) return tag;
    }
    return "en";
  }

  private static boolean known(String language) {
    return language.equals("ar") || language.equals("en");
  }
}
