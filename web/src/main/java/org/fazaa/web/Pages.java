package org.fazaa.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/** Draws pages: a page is a function of the frame and of one record. */
public final class Pages {

  private static final TemplateEngine ENGINE =
      TemplateEngine.createPrecompiled(null, ContentType.Html, null, "org.fazaa.web");

  private Pages() {}

  /** {@code name} is the template's path below resources/pages, without its ending. */
  public static String draw(String name, Frame frame, Object page) {
    var html = new StringOutput(16_384);
    ENGINE.render(name + ".jte", Map.of("f", frame, "page", page), html);
    return html.toString();
  }
}
