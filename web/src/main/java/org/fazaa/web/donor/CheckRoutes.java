package org.fazaa.web.donor;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.util.Optional;
import org.fazaa.fund.giving.Receipt;
import org.fazaa.fund.giving.ReceiptNumber;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Word;

/**
 * Whoever was shown a receipt checks it, by the code printed on it or by typing its number and
 * check code. Numbers follow one another, so a number alone tells nothing.
 */
public final class CheckRoutes {
  static final String HERE = "/check";
  private static final int NOT_FOUND = 404;

  private final Frames frames;
  private final Pool pool;

  public CheckRoutes(Frames frames, Pool pool) {
    this.frames = frames;
    this.pool = pool;
  }

  public void mount(Router router) {
    router.get(HERE).handler(this::typed);
    router.get(HERE + "/:number/:code").handler(this::scanned);
  }

  /** Where a receipt is checked. */
  static String path(String number, String code) {
    return HERE + "/" + number + "/" + code;
  }

  private void typed(RoutingContext context) {
    var number = Optional.ofNullable(context.queryParams().get("number")).orElse("");
    var code = Optional.ofNullable(context.queryParams().get("code")).orElse("");
    show(context, number, code);
  }

  private void scanned(RoutingContext context) {
    show(context, context.pathParam("number"), context.pathParam("code"));
  }

  private void show(RoutingContext context, String number, String code) {
    var frame = frames.of(context);
    var asked = !number.isBlank() || !code.isBlank();
    var found = ReceiptNumber.parse(number).flatMap(one -> Receipt.check(pool, one, code));
    var nothing = asked && found.isEmpty();
    if (nothing) context.response().setStatusCode(NOT_FOUND);
    var page =
        new CheckPage(
            number,
            code,
            nothing ? Optional.of(frame.say(Word.CHECK_UNKNOWN)) : Optional.empty(),
            found.map(one -> found(one, frame)));
    frames.show(context, "donor/check", frame, page);
  }

  private static CheckPage.Found found(Receipt receipt, Frame frame) {
    return new CheckPage.Found(
        receipt.number(),
        receipt.standing().tag(),
        FundRoutes.in(receipt.standing().words(), frame),
        FundRoutes.in(receipt.fundName(), frame),
        receipt.ofGoods()
            ? receipt.goods().orElse(FundRoutes.in(receipt.channel().words(), frame))
            : PrintedReceipt.written(receipt.amount().orElseThrow(), frame),
        receipt.ofGoods(),
        receipt.demonstration(),
        receipt.givenAt(),
        receipt.issuedAt(),
        receipt.voidedAt(),
        receipt.reissuedAs());
  }
}
