package org.fazaa.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Files of pages. Their addresses change with their content, so browsers keep them for ever. */
public final class AssetRoutes {
  private final Assets assets;

  public AssetRoutes(Assets assets) {
    this.assets = assets;
  }

  public void mount(Router router) {
    router.get("/assets/:name").handler(this::send);
  }

  private void send(RoutingContext context) {
    var asset =
        assets.find(context.pathParam("name")).orElseThrow(() -> Problem.notFound().refused());
    context
        .response()
        .putHeader("Content-Type", asset.type())
        .putHeader("Cache-Control", "public, max-age=31536000, immutable")
        .end(Buffer.buffer(asset.bytes()));
  }
}
