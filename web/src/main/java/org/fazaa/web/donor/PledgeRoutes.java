package org.fazaa.web.donor;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.fund.giving.AskInstalments;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.Donation;
import org.fazaa.fund.giving.PayInstalment;
import org.fazaa.fund.giving.Pledge;
import org.fazaa.fund.giving.Pledges;
import org.fazaa.fund.giving.WithdrawPledge;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Preferred;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.Wording;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;

/**
 * The page of a pledge, by its code or behind the link of a text: looking at it does nothing, one
 * press pays what is due, one ends it.
 */
public final class PledgeRoutes {
  private static final ZoneId HOME = ZoneId.of("Asia/Riyadh");
  private static final String HERE = "/pledges/";
  private static final int SEE_OTHER = 303;
  private static final int CONFLICT = 409;

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final InstantSource clock;
  private final AnswerLink links;
  private final PayInstalment payInstalment;
  private final boolean cards;

  /** {@code cards} are taken for real funds. */
  public PledgeRoutes(
      Frames frames,
      Forms forms,
      Pool pool,
      InstantSource clock,
      AnswerLink links,
      PayInstalment payInstalment,
      boolean cards) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.clock = clock;
    this.links = links;
    this.payInstalment = payInstalment;
    this.cards = cards;
  }

  public void mount(Router router) {
    router.get("/a/:token").handler(this::behindLink);
    router.get(HERE + ":code").handler(context -> show(context, find(context), List.of()));
    router.get(HERE + ":code/card").handler(this::card);
    forms.post(router, HERE + ":code/pay", this::pay);
    forms.post(router, HERE + ":code/stop", this::stop);
  }

  private void behindLink(RoutingContext context) {
    links
        .read(context.pathParam("token"), clock.instant())
        .filter(target -> target.purpose().equals(AskInstalments.PURPOSE))
        .flatMap(target -> Pledges.ofInstalment(pool, Long.parseLong(target.about())))
        .ifPresentOrElse(found -> show(context, found, List.of()), context::next);
  }

  private Pledge find(RoutingContext context) {
    return Pledges.find(pool, context.pathParam("code"))
        .orElseThrow(() -> Problem.notFound().refused());
  }

  // A link and not a form, as that of a gift: it leads on to the provider, where the card is asked
  // for. However often it is followed there is one gift, and nothing is paid here.
  private void card(RoutingContext context) {
    var pledge = find(context);
    if (pledge.demonstration()) throw Problem.notFound().refused();
    var to =
        pledge
            .unpaid()
            .map(
                due ->
                    Database.inTransaction(
                        pool,
                        tx -> payInstalment.run(tx, due.id(), Channel.CARD, clock.instant())));
    switch (to.orElse(null)) {
      case PayInstalment.Outcome.Paying(var gift) -> see(context, "/pay/" + gift.code());
      case PayInstalment.Outcome.AlreadyPaying(var gift) -> see(context, payPage(gift));
      case PayInstalment.Outcome.PledgeEnded ended -> see(context, HERE + pledge.code());
      case PayInstalment.Outcome.Refused(var words) ->
          refuse(context, pledge, FundRoutes.in(words, frames.of(context)));
      case PayInstalment.Outcome.NoSuchInstalment() -> throw Problem.notFound().refused();
      case null -> see(context, latest(pledge));
    }
  }

  private static String latest(Pledge pledge) {
    return pledge.opened().stream()
        .limit(1)
        .flatMap(one -> one.gift().stream())
        .map(PledgeRoutes::payPage)
        .findFirst()
        .orElse(HERE + pledge.code());
  }

  private static String payPage(Donation gift) {
    return (gift.payable() ? "/pay/" : "/receipts/") + gift.code();
  }

  private Next pay(Forms.Form form, SqlConnection tx) {
    var pledge = find(form.context());
    var channel =
        List.of(Channel.CARD, Channel.BANK_TRANSFER).stream()
            .filter(one -> one.tag().equals(form.text("channel")))
            .findFirst();
    var due = pledge.opened().stream().limit(1).findFirst();
    if (channel.isEmpty()) return again(pledge, Word.FLAW_CHANNEL);
    if (due.isEmpty()) return again(pledge, Word.PLEDGE_NOTHING_DUE);
    return switch (payInstalment.run(tx, due.get().id(), channel.get(), form.now())) {
      case PayInstalment.Outcome.Paying(var gift) -> gift(gift);
      case PayInstalment.Outcome.AlreadyPaying(var gift) -> gift(gift);
      case PayInstalment.Outcome.NoSuchInstalment() -> again(pledge, Word.PLEDGE_NOTHING_DUE);
      case PayInstalment.Outcome.PledgeEnded ended ->
          new Next.Again(
              context -> refuse(context, pledge, FundRoutes.in(ended.words(), frame(context))));
      case PayInstalment.Outcome.Refused(var words) ->
          new Next.Again(context -> refuse(context, pledge, FundRoutes.in(words, frame(context))));
    };
  }

  private static Next gift(Donation gift) {
    return new Next.See(
        "/receipts/" + gift.code(), List.of(new Fact.DonationRecorded(gift.fund().value())));
  }

  private Next stop(Forms.Form form, SqlConnection tx) {
    var pledge = find(form.context());
    WithdrawPledge.run(tx, pledge, form.now());
    return new Next.See(
        HERE + pledge.code(), List.of(new Fact.DonationRecorded(pledge.fund().value())));
  }

  private Next again(Pledge pledge, Word why) {
    return new Next.Again(context -> refuse(context, pledge, frame(context).say(why)));
  }

  private void refuse(RoutingContext context, Pledge pledge, String why) {
    context.response().setStatusCode(CONFLICT);
    show(context, pledge, List.of(why));
  }

  private Frame frame(RoutingContext context) {
    return frames.of(context);
  }

  private static void see(RoutingContext context, String to) {
    context.response().setStatusCode(SEE_OTHER).putHeader("Location", to).end();
  }

  private void show(RoutingContext context, Pledge pledge, List<String> flaws) {
    var frame = inTheirs(context, pledge);
    var real = cards && !pledge.demonstration();
    var page =
        new PledgePage(
            pledge.fund().value(),
            pledge.code(),
            FundRoutes.in(pledge.fundName(), frame),
            pledge.demonstration(),
            pledge.amount().toString(),
            FundRoutes.in(pledge.every().words(), frame),
            pledge.instalments().map(count -> frame.count(Word.N_INSTALMENTS, count)),
            pledge.end().map(end -> FundRoutes.in(end.words(), frame)),
            pledge.next().map(PledgeRoutes::at),
            pledge.unpaid().map(due -> new PledgePage.Due(at(due.due()))),
            real ? Optional.of(HERE + pledge.code() + "/card") : Optional.empty(),
            pledge.demonstration(),
            pledge.opened().stream().map(one -> row(one, frame)).toList(),
            flaws);
    frames.show(context, "donor/pledge", frame, page);
  }

  private static PledgePage.Row row(Pledge.Instalment one, Frame frame) {
    return new PledgePage.Row(
        one.n(),
        at(one.due()),
        one.gift()
            .map(gift -> FundRoutes.in(gift.state().words(), frame))
            .orElse(frame.say(Word.PLEDGE_UNPAID)),
        one.gift().map(gift -> "/receipts/" + gift.code()));
  }

  static Instant at(LocalDate day) {
    return day.atTime(12, 0).atZone(HOME).toInstant();
  }

  private Frame inTheirs(RoutingContext context, Pledge pledge) {
    var frame = frames.of(context);
    if (context.request().getCookie(Preferred.COOKIE) != null) return frame;
    return Pledges.language(pool, pledge.id())
        .map(language -> frame.in(language == Language.AR ? Wording.AR : Wording.EN))
        .orElse(frame);
  }
}
