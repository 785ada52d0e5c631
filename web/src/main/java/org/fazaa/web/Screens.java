package org.fazaa.web;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Node;
import org.fazaa.dispatcher.callout.AskPerson;
import org.fazaa.dispatcher.callout.AskRing;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.ConfirmRing;
import org.fazaa.dispatcher.callout.EnterByHand;
import org.fazaa.dispatcher.callout.MakeOffers;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.callout.ProposeHelp;
import org.fazaa.dispatcher.callout.StartCallOut;
import org.fazaa.dispatcher.reach.StartReachTest;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.fund.giving.GatherGifts;
import org.fazaa.fund.giving.PayInstalment;
import org.fazaa.fund.spending.PersonTokens;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.web.api.Contract;
import org.fazaa.web.console.CalibrationRoutes;
import org.fazaa.web.console.CallOutRoutes;
import org.fazaa.web.console.ContractPage;
import org.fazaa.web.console.CrisisRoutes;
import org.fazaa.web.console.DecisionRoutes;
import org.fazaa.web.console.Door;
import org.fazaa.web.console.FeePolicyRoutes;
import org.fazaa.web.console.FinanceRoutes;
import org.fazaa.web.console.Forecasts;
import org.fazaa.web.console.InboxRoutes;
import org.fazaa.web.console.InitiativeRoutes;
import org.fazaa.web.console.JournalRoutes;
import org.fazaa.web.console.NeedRoutes;
import org.fazaa.web.console.OrganisationRoutes;
import org.fazaa.web.console.OverrideRoutes;
import org.fazaa.web.console.PayeeRoutes;
import org.fazaa.web.console.PaymentRoutes;
import org.fazaa.web.console.PersonRoutes;
import org.fazaa.web.console.PhoneRoutes;
import org.fazaa.web.console.PolicyRoutes;
import org.fazaa.web.console.ProgrammeRoutes;
import org.fazaa.web.console.ReachTestRoutes;
import org.fazaa.web.console.ReceiptRoutes;
import org.fazaa.web.console.RefundRoutes;
import org.fazaa.web.console.SuggestionRoutes;
import org.fazaa.web.console.TermsRoutes;
import org.fazaa.web.console.TextRoutes;
import org.fazaa.web.console.TransferRoutes;
import org.fazaa.web.console.VolunteerRoutes;
import org.fazaa.web.console.WatchRoutes;
import org.fazaa.web.donor.CheckRoutes;
import org.fazaa.web.donor.FundRoutes;
import org.fazaa.web.donor.GiftRoutes;
import org.fazaa.web.donor.PledgeRoutes;
import org.fazaa.web.session.Forms;
import org.fazaa.web.volunteer.AnswerRoutes;
import org.fazaa.web.volunteer.DrawAnswer;

/** All that people look at: wired once, mounted on every server of this node. */
final class Screens {
  private static final ZoneId HOME = ZoneId.of("Asia/Riyadh");

  private final Frames frames;
  private final Door door;
  private final DrawAnswer drawAnswer;
  private final List<Consumer<Router>> routes;
  private final List<Consumer<Router>> desk;

  Screens(
      Node node,
      Database database,
      Bus bus,
      InstantSource clock,
      RandomGenerator random,
      GatherGifts gatherGifts,
      Roster roster,
      Channel channel,
      MakeOffers makeOffers,
      ProposeEnvelope propose,
      PersonTokens tokens,
      Watch watch,
      boolean cards,
      PayInstalment pay,
      AnswerLink links,
      URI address,
      String country,
      boolean demo) {
    var people = database.people();
    var assets = new Assets();
    var forms = new Forms(people, bus, clock, random);
    var forecasts = new Forecasts(propose);
    var callOut = new StartCallOut(propose, channel, Fazaa.POLICY);
    var byHand = new EnterByHand(makeOffers);
    var help = new ProposeHelp(roster, makeOffers);
    var askRing = new AskRing(roster, makeOffers);
    var confirmRing = new ConfirmRing(askRing, makeOffers);
    var askPerson = new AskPerson(roster, makeOffers);
    frames = new Frames(assets, forms::once, people, clock, HOME, channel.simulated());
    door = new Door(frames, demo);
    drawAnswer = new DrawAnswer(frames);
    routes =
        List.of(
            new AssetRoutes(assets)::mount,
            new LanguageRoutes()::mount,
            new CrisisRoutes(frames, forms, people, roster, forecasts, channel.currency())::mount,
            new NeedRoutes(frames, forms, people)::mount,
            new DecisionRoutes(frames, people)::mount,
            new CallOutRoutes(frames, forms, people, propose, callOut, byHand, forecasts, help)
                ::mount,
            new OverrideRoutes(frames, forms, people, askRing, confirmRing, askPerson, propose)
                ::mount,
            new InboxRoutes(frames, forms, people)::mount,
            new SuggestionRoutes(frames, forms, people)::mount,
            new PhoneRoutes(frames, forms, people, channel.simulated())::mount,
            new TextRoutes(frames, propose)::mount,
            new VolunteerRoutes(frames, forms, node.vertx(), people, database.bulk(), bus, country)
                ::mount,
            new PersonRoutes(frames, people, propose)::mount,
            new OrganisationRoutes(frames, forms, people)::mount,
            new ReachTestRoutes(frames, forms, people, new StartReachTest(channel, random))::mount,
            new CalibrationRoutes(frames, people, channel.simulated())::mount,
            new WatchRoutes(frames, forms, people, watch, node)::mount,
            new FundRoutes(frames, people)::mount,
            new GiftRoutes(frames, forms, people, address, gatherGifts, random, cards)::mount,
            new PledgeRoutes(frames, forms, people, clock, links, pay, cards)::mount,
            new CheckRoutes(frames, people)::mount);
    desk = desk(forms, people, random, tokens, country);
  }

  private List<Consumer<Router>> desk(
      Forms forms, Pool people, RandomGenerator random, PersonTokens tokens, String country) {
    return List.of(
        new FinanceRoutes(frames, forms, people, random)::mount,
        new PayeeRoutes(frames, forms, people, country)::mount,
        new PaymentRoutes(frames, forms, people, random)::mount,
        new PolicyRoutes(frames, forms, people)::mount,
        new FeePolicyRoutes(frames, forms, people)::mount,
        new InitiativeRoutes(frames, forms, people)::mount,
        new TermsRoutes(frames, forms, people)::mount,
        new ProgrammeRoutes(frames, forms, people, tokens, country)::mount,
        new TransferRoutes(frames, forms, people)::mount,
        new ReceiptRoutes(frames, forms, people)::mount,
        new RefundRoutes(frames, forms, people)::mount,
        new JournalRoutes(frames, forms, people, HOME)::mount);
  }

  void mount(Router router) {
    routes.forEach(route -> route.accept(router));
    desk.forEach(route -> route.accept(router));
  }

  Door door() {
    return door;
  }

  Frames frames() {
    return frames;
  }

  AnswerRoutes.Drawing answer() {
    return drawAnswer;
  }

  void contract(RoutingContext context, Contract contract) {
    frames.show(context, "console/contract", frames.of(context), ContractPage.of(contract));
  }
}
