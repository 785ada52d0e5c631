package org.fazaa.web.api;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;

/** The contract itself: as a file for programs, as a page for people. */
public final class ContractRoutes {

  private final Contract contract;
  private final BiConsumer<RoutingContext, Contract> page;

  /** {@code page} draws the contract for a person. */
  public ContractRoutes(Contract contract, BiConsumer<RoutingContext, Contract> page) {
    this.contract = contract;
    this.page = page;
  }

  public void mount(Router router) {
    router.get("/api").handler(context -> page.accept(context, contract));
    router.get("/api/openapi.yaml").handler(this::file);
  }

  private void file(RoutingContext context) {
    context.response().putHeader("Content-Type", "application/yaml").end(contract.text());
  }
}
