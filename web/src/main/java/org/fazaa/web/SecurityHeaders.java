package org.fazaa.web;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.util.Base64;

/** What every response says, whatever becomes of it. A page's own scripts carry its nonce. */
public final class SecurityHeaders implements Handler<RoutingContext> {

  private static final String NONCE = "nonce";
  private static final int NONCE_BYTES = 16;

  private final SecureRandom random = new SecureRandom();

  @Override
  public void handle(RoutingContext context) {
    var nonce = nonce();
    context.put(NONCE, nonce);
    write(context.response().headers(), nonce);
    context.next();
  }

  /** For the script elements of the page that answers this request. */
  public static String nonce(RoutingContext context) {
    return context.get(NONCE);
  }

  /** For an answer to what never became a request; it has no page and needs no nonce. */
  static void write(MultiMap headers) {
    write(headers, "none");
  }

  private static void write(MultiMap headers, String nonce) {
    headers
        .set("Content-Security-Policy", POLICY.formatted(nonce))
        .set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        .set("X-Content-Type-Options", "nosniff")
        // Not no-referrer: browsers then send "Origin: null" with our own forms.
        .set("Referrer-Policy", "same-origin")
        .set("Cross-Origin-Opener-Policy", "same-origin")
        .set("Cross-Origin-Resource-Policy", "same-origin")
        .set("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        .set("Cache-Control", "no-store");
  }

  private String nonce() {
    var bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static final String POLICY =
      "default-src 'none'; script-src 'self' 'nonce-%s'; style-src 'self'; img-src 'self' data:;"
          + " media-src 'self';"
          + " font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self';"
          + " base-uri 'none'; frame-ancestors 'none'";
}
