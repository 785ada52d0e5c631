package org.fazaa.web;

import io.vertx.core.eventbus.DeliveryOptions;
import java.util.Random;

/** What can happen to the news of a program on its bus; questions pass. */
final class News {
  private static final String AGAIN = "again";
  private static final int DELAY_MAX_MS = 300;

  private News() {}

  /** None arrives. */
  static void drop(Program program) {
    bus(program)
        .addOutboundInterceptor(
            message -> {
              if (message.send()) message.next();
            });
  }

  /** Each arrives twice, late, and after what was said later. */
  static void doubleAndReorder(Program program, long seed) {
    var random = new Random(seed);
    var vertx = program.fazaa().node().vertx();
    bus(program)
        .addOutboundInterceptor(
            message -> {
              if (message.send() || message.message().headers().contains(AGAIN)) {
                message.next();
                return;
              }
              var address = message.message().address();
              var news = message.body();
              for (int copy = 0; copy < 2; copy++) {
                vertx.setTimer(
                    1 + random.nextInt(DELAY_MAX_MS),
                    later ->
                        bus(program)
                            .publish(address, news, new DeliveryOptions().addHeader(AGAIN, "")));
              }
            });
  }

  private static io.vertx.core.eventbus.EventBus bus(Program program) {
    return program.fazaa().node().vertx().eventBus();
  }
}
