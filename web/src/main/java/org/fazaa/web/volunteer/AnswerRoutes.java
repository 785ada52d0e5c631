package org.fazaa.web.volunteer;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.callout.AnswerReplies;
import org.fazaa.dispatcher.callout.AnswerReplies.Answered;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.Offer;
import org.fazaa.dispatcher.callout.OfferId;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.web.Problem;
import org.fazaa.web.Words;
import org.fazaa.web.session.Forms;

/**
 * The page behind the link in an offer: looking answers nothing, a press answers at once. Whoever
 * holds the link may answer; it shows no more than the text that brought it.
 */
public final class AnswerRoutes {

  /**
   * An offer as it stands, and what the press that has just come led to.
   *
   * @param blockedSender whose texts to them their operator holds back; an empty one is not known
   */
  public record Shown(
      Offer offer, Need need, Optional<Answered> answered, Optional<String> blockedSender) {}

  /** Draws the page; small, and without a script. */
  public interface Drawing {
    void draw(RoutingContext context, Shown shown);
  }

  private static final Set<Meaning> BUTTONS = Set.of(Meaning.YES, Meaning.NO, Meaning.DROP);

  private final Pool pool;
  private final Bus bus;
  private final InstantSource clock;
  private final AnswerLink links;
  private final AnswerReplies answerReplies;
  private final Drawing drawing;

  public AnswerRoutes(
      Pool pool,
      Bus bus,
      InstantSource clock,
      AnswerLink links,
      AnswerReplies answerReplies,
      Drawing drawing) {
    this.pool = pool;
    this.bus = bus;
    this.clock = clock;
    this.links = links;
    this.answerReplies = answerReplies;
    this.drawing = drawing;
  }

  public void mount(Router router) {
    router.get("/a/:token").handler(context -> show(context, offer(context), Optional.empty()));
    router.post("/a/:token").handler(this::answer);
  }

  private void answer(RoutingContext context) {
    var offer = offer(context);
    var meaning = meaning(context.request().getFormAttribute("answer"));
    var key = key(context, offer, meaning);
    var answered =
        Database.inTransaction(
                pool, tx -> answerReplies.press(tx, offer, meaning, key, clock.instant()))
            .orElseThrow(() -> DEAD_LINK.refused());
    answered.tell(bus);
    show(context, offer, Optional.of(answered));
  }

  private void show(RoutingContext context, OfferId id, Optional<Answered> answered) {
    var offer = Needs.offer(pool, id).orElseThrow(() -> DEAD_LINK.refused());
    var need = Need.find(pool, offer.need()).orElseThrow();
    var blockedSender = Consent.blockedSender(pool, offer.phone());
    drawing.draw(context, new Shown(offer, need, answered, blockedSender));
  }

  private OfferId offer(RoutingContext context) {
    return links
        .read(context.pathParam("token"), clock.instant())
        .filter(target -> target.purpose().equals(Channel.PURPOSE))
        .map(target -> OfferId.of(target.about()))
        .orElseThrow(() -> DEAD_LINK.refused());
  }

  private static Meaning meaning(String button) {
    for (var meaning : BUTTONS) {
      if (meaning.tag().equals(button)) return meaning;
    }
    throw Problem.invalid("answer", WHICH_ANSWER).refused();
  }

  /** The press of a button that was drawn once; without its token, one press of each button. */
  private static String key(RoutingContext context, OfferId offer, Meaning meaning) {
    var once = context.request().getFormAttribute(Forms.ONCE_FIELD);
    var press = once == null || once.isBlank() || once.length() > 128 ? meaning.tag() : once;
    return offer.about() + " " + press;
  }

  private static final Words WHICH_ANSWER =
      new Words("اختر أحد الأزرار.", "Press one of the buttons.");

  private static final Problem DEAD_LINK =
      Problem.of(
          404,
          "dead-link",
          new Words("هذا الرابط لم يعد يعمل", "This link no longer works"),
          new Words(
              "انتهت مهلته أو نُسخ ناقصًا. أجب عن الرسالة برمزها، أو انتظر رسالة جديدة.",
              "Its time is over or it was copied in part. Answer the text by its code, or wait for"
                  + " a new one."));
}
