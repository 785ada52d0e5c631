package org.fazaa.web;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.fazaa.web.session.Guard;

/** The HTTP server and its limits. Everything that reaches a route has passed here first. */
public final class WebServer extends VerticleBase {

  public static final int BODY_MAX = 64 * 1024;
  public static final int WEBHOOK_MAX = 16 * 1024;
  public static final long IMPORT_MAX = 200L * 1024 * 1024;

  /** Where a large file streams in; its route reads the body itself, up to {@link #IMPORT_MAX}. */
  public static final Set<String> UPLOADS = Set.of("/api/volunteers/import");

  /** Where a person sends the same file by a form. */
  private static final String FORM_UPLOAD = "/volunteers/import";

  private static final int HEADERS_MAX = 8 * 1024;
  private static final int FORM_FIELDS_MAX = 100;

  // Longer than the heartbeat of a live stream, which would otherwise be cut as idle.
  private static final int IDLE_S = 20;

  private static final List<HttpMethod> KNOWN =
      List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.OPTIONS);

  private final String host;
  private final int port;
  private final Consumer<Router> routes;
  private final Failures failures;
  private HttpServer server;

  /** {@code routes} mounts everything that this server answers. */
  WebServer(String host, int port, Consumer<Router> routes, Failures failures) {
    this.host = host;
    this.port = port;
    this.routes = routes;
    this.failures = failures;
  }

  @Override
  public Future<?> start() {
    var patience = new Patience(vertx);
    server =
        vertx
            .createHttpServer(options())
            .connectionHandler(patience::connected)
            .invalidRequestHandler(WebServer::refuseUnreadable)
            .requestHandler(router(patience));
    return server.listen();
  }

  @Override
  public Future<?> stop() {
    return server.close();
  }

  int actualPort() {
    return server.actualPort();
  }

  private Router router(Patience patience) {
    var router = Router.router(vertx);
    failures.mount(router);
    router.route().handler(new SecurityHeaders());
    router.route().handler(WebServer::refuseUnknownMethod);
    router.route().handler(context -> readBody(context, patience));
    routes.accept(router);
    return router;
  }

  private static final BodyHandler BODY = BodyHandler.create(false).setBodyLimit(BODY_MAX);

  /** A file that a person sends with a form; kept on disk until it is read. */
  private static final BodyHandler FILE =
      BodyHandler.create(System.getProperty("java.io.tmpdir") + "/fazaa-uploads")
          .setBodyLimit(IMPORT_MAX)
          .setDeleteUploadedFilesOnEnd(true);

  private static void readBody(RoutingContext context, Patience patience) {
    if (context.normalizedPath().equals(FORM_UPLOAD)) {
      if (context.request().getCookie(Guard.COOKIE) == null) throw Problem.signInFirst().refused();
      patience.requested(context, Patience.WHOLE_UPLOAD_MS);
      FILE.handle(context);
    } else if (UPLOADS.contains(context.normalizedPath())) {
      context.request().pause(); // until its route, which may first ask the database who comes
      patience.requested(context, Patience.WHOLE_UPLOAD_MS);
      context.next();
    } else {
      patience.requested(context, Patience.WHOLE_REQUEST_MS);
      BODY.handle(context);
    }
  }

  private static void refuseUnknownMethod(RoutingContext context) {
    if (KNOWN.contains(context.request().method())) {
      context.next();
    } else {
      context.response().putHeader("Allow", "GET, POST");
      throw Problem.unknownMethod().refused();
    }
  }

  /** What Netty could not read never reaches a route, but gets the same words and headers. */
  private static void refuseUnreadable(HttpServerRequest request) {
    var cause = String.valueOf(request.decoderResult().cause());
    var problem =
        cause.contains("TooLongHttpHeader") || cause.contains("TooLongHttpLine")
            ? Problem.headersTooLarge()
            : Problem.malformed(
                new Words("هذا ليس طلب HTTP سليمًا.", "This is not a sound HTTP request."));
    var response = request.response();
    SecurityHeaders.write(response.headers());
    response
        .setStatusCode(problem.status())
        .putHeader("Connection", "close")
        .putHeader("Content-Type", Problem.MEDIA_TYPE)
        .end(problem.json("en").toBuffer())
        .onComplete(sent -> request.connection().close());
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setHost(host)
        .setPort(port)
        .setIdleTimeout(IDLE_S)
        .setMaxHeaderSize(HEADERS_MAX)
        .setMaxInitialLineLength(HEADERS_MAX)
        .setMaxFormAttributeSize(BODY_MAX)
        .setMaxFormBufferedBytes(BODY_MAX)
        .setMaxFormFields(FORM_FIELDS_MAX)
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(true);
  }
}
