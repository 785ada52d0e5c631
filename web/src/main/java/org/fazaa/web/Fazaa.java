package org.fazaa.web;

import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.EmbeddedServer;
import org.fazaa.config.FailPoint;
import org.fazaa.config.Loop;
import org.fazaa.config.Node;
import org.fazaa.config.Settings;
import org.fazaa.dispatcher.callout.AnswerReplies;
import org.fazaa.dispatcher.callout.AskNext;
import org.fazaa.dispatcher.callout.AskPerson;
import org.fazaa.dispatcher.callout.AskRing;
import org.fazaa.dispatcher.callout.CallSilent;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.ConfirmRing;
import org.fazaa.dispatcher.callout.EnterByHand;
import org.fazaa.dispatcher.callout.ExpireOffers;
import org.fazaa.dispatcher.callout.ExpireRounds;
import org.fazaa.dispatcher.callout.FollowConsent;
import org.fazaa.dispatcher.callout.LearnAnswers;
import org.fazaa.dispatcher.callout.MakeOffers;
import org.fazaa.dispatcher.callout.Policy;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.callout.ProposeHelp;
import org.fazaa.dispatcher.callout.RecordForecasts;
import org.fazaa.dispatcher.callout.RecordHelp;
import org.fazaa.dispatcher.callout.ScoreForecasts;
import org.fazaa.dispatcher.callout.SendRound;
import org.fazaa.dispatcher.callout.StartCallOut;
import org.fazaa.dispatcher.callout.TakeOffer;
import org.fazaa.dispatcher.people.EditVolunteers;
import org.fazaa.dispatcher.reach.CollectReach;
import org.fazaa.dispatcher.reach.StartReachTest;
import org.fazaa.dispatcher.roster.Roster;
import org.fazaa.dispatcher.roster.RosterFeed;
import org.fazaa.fund.giving.AskInstalments;
import org.fazaa.fund.giving.FollowCards;
import org.fazaa.fund.giving.GatherGifts;
import org.fazaa.fund.giving.PayInstalment;
import org.fazaa.fund.giving.RecordDonation;
import org.fazaa.fund.giving.SendRefunds;
import org.fazaa.fund.giving.SettleGifts;
import org.fazaa.fund.giving.provider.CardProvider;
import org.fazaa.fund.giving.provider.MoyasarProvider;
import org.fazaa.fund.giving.provider.StripeProvider;
import org.fazaa.fund.ledger.CloseFunds;
import org.fazaa.fund.ledger.FoldBooks;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.Funds;
import org.fazaa.fund.spending.AskDelivery;
import org.fazaa.fund.spending.PersonTokens;
import org.fazaa.fund.spending.TakeDeliveryAnswers;
import org.fazaa.notifier.ReconcileTexts;
import org.fazaa.notifier.SendDue;
import org.fazaa.notifier.SettleUnknown;
import org.fazaa.notifier.TakeAttachments;
import org.fazaa.notifier.Texts;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.carrier.Carrier;
import org.fazaa.notifier.carrier.simulated.DemoCrowd;
import org.fazaa.notifier.carrier.simulated.SimulatedCarrier;
import org.fazaa.notifier.carrier.simulated.SimulatedPeople;
import org.fazaa.notifier.carrier.twilio.TwilioCarrier;
import org.fazaa.notifier.carrier.twilio.TwilioSignature;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.notifier.reply.ReadReplies;
import org.fazaa.notifier.reply.TakePress;
import org.fazaa.web.api.AccountRoutes;
import org.fazaa.web.api.Api;
import org.fazaa.web.api.BookRoutes;
import org.fazaa.web.api.BudgetRoutes;
import org.fazaa.web.api.CalibrationRoutes;
import org.fazaa.web.api.CallOutRoutes;
import org.fazaa.web.api.CandidateRoutes;
import org.fazaa.web.api.CardEventRoutes;
import org.fazaa.web.api.Contract;
import org.fazaa.web.api.ContractRoutes;
import org.fazaa.web.api.CrisisRoutes;
import org.fazaa.web.api.DisbursementRoutes;
import org.fazaa.web.api.DonationRoutes;
import org.fazaa.web.api.FeePolicyRoutes;
import org.fazaa.web.api.FundRoutes;
import org.fazaa.web.api.HealthRoutes;
import org.fazaa.web.api.HookSpool;
import org.fazaa.web.api.ImportRoutes;
import org.fazaa.web.api.InboxRoutes;
import org.fazaa.web.api.InitiativeRoutes;
import org.fazaa.web.api.NeedRoutes;
import org.fazaa.web.api.OfferRoutes;
import org.fazaa.web.api.OrganisationRoutes;
import org.fazaa.web.api.OverrideRoutes;
import org.fazaa.web.api.PayeeRoutes;
import org.fazaa.web.api.PaymentRoutes;
import org.fazaa.web.api.PledgeRoutes;
import org.fazaa.web.api.PolicyRoutes;
import org.fazaa.web.api.ProgrammeRoutes;
import org.fazaa.web.api.ReachTestRoutes;
import org.fazaa.web.api.ReceiptRoutes;
import org.fazaa.web.api.RefundRoutes;
import org.fazaa.web.api.ReplayHooks;
import org.fazaa.web.api.RosterAnswers;
import org.fazaa.web.api.SilenceRoutes;
import org.fazaa.web.api.SkillRoutes;
import org.fazaa.web.api.SurplusRoutes;
import org.fazaa.web.api.TermsRoutes;
import org.fazaa.web.api.TokenRoutes;
import org.fazaa.web.api.TwilioRoutes;
import org.fazaa.web.api.VolunteerRoutes;
import org.fazaa.web.api.WatchRoutes;
import org.fazaa.web.bench.BenchCommand;
import org.fazaa.web.donor.DeliveryRoutes;
import org.fazaa.web.donor.PayRoutes;
import org.fazaa.web.donor.StatementRoutes;
import org.fazaa.web.live.LiveRoutes;
import org.fazaa.web.session.AskCode;
import org.fazaa.web.session.CreateAccount;
import org.fazaa.web.session.DemoLinks;
import org.fazaa.web.session.Forget;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.IssueToken;
import org.fazaa.web.session.Passwords;
import org.fazaa.web.session.PhoneProof;
import org.fazaa.web.session.Role;
import org.fazaa.web.session.SessionRoutes;
import org.fazaa.web.session.Sessions;
import org.fazaa.web.session.SignIn;
import org.fazaa.web.session.VolunteerSessions;
import org.fazaa.web.volunteer.AnswerRoutes;
import org.fazaa.web.volunteer.MeRoutes;
import org.fazaa.web.volunteer.ReachAnswerRoutes;
import org.fazaa.web.volunteer.SendCodes;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: built from its parts with {@code new}, started in order, stopped in reverse. */
public final class Fazaa implements AutoCloseable {

  static final List<String> SCHEMAS = List.of("notify", "dispatch", "fund", "web");

  private static final String CURRENCY = "SAR";
  private static final String VERSION = "0.1.0";

  /** What may be asked of a node that cannot reach the database; webhooks care for themselves. */
  private static final List<String> WITHOUT_DATABASE =
      List.of("/health/", "/metrics", "/twilio/", "/assets/");

  static final Policy POLICY = Policy.named("priced").orElseThrow();

  private static final DeploymentOptions SERVERS =
      new DeploymentOptions()
          .setThreadingModel(ThreadingModel.VIRTUAL_THREAD)
          .setInstances(Math.min(4, Runtime.getRuntime().availableProcessors()));

  private final Settings settings;
  private final Node node;
  private final Bus bus;
  private final Database database;
  private final InstantSource clock;
  private final int port;
  private final URI address;
  private final SecureRandom random = new SecureRandom();
  private final Passwords passwords = new Passwords();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Sessions sessions = new Sessions(random);
  private final DemoLinks demoLinks;
  private final AnswerLink links;
  private final PersonTokens tokens;
  private final HookSpool spool;
  private final Channel channel;
  private final MakeOffers makeOffers;
  private final Roster roster = new Roster();
  private final RosterFeed rosterFeed;
  private final EditVolunteers editVolunteers;
  private final RecordDonation recordDonation;
  private final GatherGifts gatherGifts;
  private final ProposeEnvelope proposeEnvelope;
  private final AnswerReplies answerReplies;
  private final Optional<CardProvider> cards;
  private final Watch watch;
  private final Screens screens;
  private final Pulse pulse;
  private final AtomicBoolean closed = new AtomicBoolean();
  private Optional<String> server = Optional.empty();

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Serve())
        .addSubcommand(new RehearseCommand())
        .addSubcommand(new MeaningCommand())
        .addSubcommand(new ReplayCommand())
        .addSubcommand(new TwilioStandInCommand())
        .addSubcommand(new PaymentsStandInCommand())
        .addSubcommand(new BenchCommand())
        .setParameterExceptionHandler(
            (wrong, arguments) -> {
              var command = wrong.getCommandLine();
              command.getErr().print(wrong.getMessage());
              command.getErr().println("; see --help · خيار لا يُقبل، انظر ‎--help");
              return command.getCommandSpec().exitCodeOnInvalidInput();
            });
  }

  /** Starts everything that this node plays a part in; returns when it can be used. */
  public static Fazaa start(Settings settings) {
    Texts.readAll();
    var node = Node.start(settings.node());
    var fazaa = new Fazaa(settings, node, open(node, settings));
    try {
      fazaa.refusePretence();
      fazaa.admitOperator();
      fazaa.startLoops();
      if (node.plays(Node.Role.WEB)) fazaa.server = Optional.of(fazaa.serve());
      return fazaa;
    } catch (Exception e) { // await() throws checked ones as well, undeclared
      fazaa.close();
      throw e;
    }
  }

  // The example's people have numbers that somebody real may have.
  private void refusePretence() {
    var pretended = Funds.list(database.people()).stream().anyMatch(Fund::demonstration);
    if (settings.twilio().on() && pretended) {
      throw new Database.Refused(
          "this database holds a demonstration with invented people, who must not be texted for"
              + " real: set FAZAA_DATA or DATABASE_URL to a new place"
              + " · في قاعدة البيانات هذه عرض بأشخاص مخترعين لا يجوز أن تصلهم رسائل حقيقية:"
              + " اضبط FAZAA_DATA أو DATABASE_URL على مكان جديد");
    }
  }

  private static Database open(Node node, Settings settings) {
    try {
      return Database.open(node.vertx(), settings.data(), SCHEMAS);
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  private Fazaa(Settings settings, Node node, Database database) {
    this.settings = settings;
    this.node = node;
    this.bus = node.bus();
    this.database = database;
    this.clock = database.clock();
    this.port = settings.http().port() == 0 ? freePort() : settings.http().port();
    this.address = settings.http().publicUrl().orElse(URI.create("http://localhost:" + port));
    this.demoLinks = new DemoLinks(random, sessions, settings.demo());
    this.links = links();
    this.tokens = tokens();
    this.spool = new HookSpool(settings.data().folder());
    this.channel =
        new Channel(
            !settings.twilio().on(),
            Optional.of(address.toString().replaceAll("/+$", "")),
            links,
            settings.cost().segment(),
            CURRENCY,
            settings.cost().crisisCap(),
            ways());
    this.makeOffers = new MakeOffers(channel, random);
    this.rosterFeed = new RosterFeed(roster, database);
    this.editVolunteers = new EditVolunteers(database.dispatch(), bus, rosterFeed);
    this.cards = cards();
    this.recordDonation = new RecordDonation(random, cards.map(CardProvider::name));
    this.gatherGifts = new GatherGifts(database.dispatch(), bus, database.clock(), recordDonation);
    this.proposeEnvelope = new ProposeEnvelope(roster, makeOffers);
    this.answerReplies =
        new AnswerReplies(
            database.dispatch(), bus, new TakeOffer(new AskNext(makeOffers)), Towns::nearest);
    this.watch = watch();
    this.screens = screens();
    this.pulse = new Pulse(database.beat(), node, VERSION);
  }

  public URI address() {
    return address;
  }

  Watch watched() {
    return watch;
  }

  public Node node() {
    return node;
  }

  /** Where this node itself listens, whatever stands before it. */
  public URI localAddress() {
    return URI.create("http://localhost:" + port);
  }

  /** Sign-in links for looking at the program; none as soon as anything real is connected. */
  public List<Example.Link> demoLinks() {
    if (!settings.demo()) return List.of();
    var callOut = new StartCallOut(proposeEnvelope, channel, POLICY);
    return new Example(database, rosterFeed, callOut, demoLinks, random, bus).show(clock.instant());
  }

  /** Lets what runs finish, last started first; once is enough. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) return;
    server.ifPresent(deployed -> node.vertx().undeploy(deployed).await());
    node.stopLoops();
    pulse.leave();
    database.close();
    node.close();
    passwords.close();
  }

  /**
   * The first way in on a machine that nobody has an account on: a token that its operator chose.
   */
  private void admitOperator() {
    var token = settings.access().adminToken().value();
    if (token.isEmpty()) return;
    Database.inTransaction(
        database.people(),
        tx -> {
          var account = CreateAccount.ensure(tx, OPERATOR, clock.instant());
          IssueToken.adopt(tx, account, Role.ADMIN, token, clock.instant());
          return account;
        });
  }

  private void startLoops() {
    run(database.keepTime());
    startPulse();
    if (node.plays(Node.Role.SEND)) startTexts();
    if (node.plays(Node.Role.DISPATCH) || node.plays(Node.Role.WEB)) startRoster();
    if (node.plays(Node.Role.DISPATCH)) startDispatch();
    if (node.plays(Node.Role.FUND)) startFund();
    if (node.plays(Node.Role.WEB)) {
      run(editVolunteers);
      run(gatherGifts);
      run(new Forget(database.people()));
      run(new ReplayHooks(node.vertx(), database.webhooks(), bus, spool, new TakePress(links)));
      run(new SendCodes(database.dispatch(), bus, random));
    }
    run(watch);
    watch.measure(meters);
    var forecasts = new MeasureForecasts(database.dispatch(), channel.simulated());
    run(forecasts);
    forecasts.measure(meters);
  }

  // The first beat before anything else: whoever asks shall find a node that is alive.
  private void startPulse() {
    pulse.begin();
    run(pulse);
    meters.gauge("fazaa.cluster.members", node, Node::members);
  }

  private void startTexts() {
    var pool = database.dispatch();
    var carrier = carrier();
    run(new SendDue(pool, bus, carrier));
    run(new SettleUnknown(pool, bus, carrier));
    run(new ReconcileTexts(pool, bus, carrier));
    run(new ReadReplies(pool, bus));
    run(new TakeAttachments(pool, bus, carrier, settings.media().maxBytes()));
    if (!settings.twilio().on()) run(new SimulatedPeople(pool, bus));
  }

  private void startFund() {
    var pool = database.dispatch();
    run(new SettleGifts(pool, bus));
    run(new CloseFunds(pool, bus));
    run(new FoldBooks(pool));
    run(new AskDelivery(pool, bus, links, channel.publicUrl(), channel.ways()));
    run(new TakeDeliveryAnswers(pool, bus));
    run(new AskInstalments(pool, bus, links, channel.publicUrl(), channel.ways()));
    if (cards.isPresent()) {
      run(new FollowCards(pool, bus, cards.get()));
      run(new SendRefunds(pool, bus, cards.get()));
    }
  }

  private Optional<CardProvider> cards() {
    var payments = settings.payments();
    return payments
        .url()
        .map(
            url ->
                switch (payments.manner()) {
                  case STRIPE ->
                      new StripeProvider(
                          node.vertx(), url, payments.key(), payments.webhookSecret());
                  case MOYASAR ->
                      new MoyasarProvider(
                          node.vertx(),
                          url,
                          payments.key(),
                          payments.webhookSecret(),
                          address.resolve("/payments/events"));
                });
  }

  private Ways ways() {
    var twilio = settings.twilio();
    if (!twilio.on()) return Ways.simulated();
    var costs = new EnumMap<Way, Integer>(Way.class);
    twilio.whatsapp().ifPresent(line -> costs.put(Way.WHATSAPP, line.cost()));
    twilio.voice().ifPresent(line -> costs.put(Way.VOICE, line.cost()));
    var own = new HashMap<String, Boolean>();
    for (var sender : twilio.senders()) own.put(sender.country(), Ways.isNumber(sender.name()));
    var name = !twilio.from().isEmpty() && !Ways.isNumber(twilio.from());
    return new Ways(costs, own, name, false);
  }

  private Carrier carrier() {
    if (settings.twilio().on())
      return new TwilioCarrier(node.vertx(), settings.twilio(), settings.cost(), address, links);
    var crowd = new DemoCrowd(random.nextLong(), settings.simulated().speed());
    return new SimulatedCarrier(database.dispatch(), crowd, settings.cost().segment());
  }

  // Read once before anything asks it; the loop then keeps it true.
  private void startRoster() {
    rosterFeed.run(clock.instant());
    run(rosterFeed);
    new RosterAnswers(database.people(), proposeEnvelope, clock).answerOn(bus);
  }

  private void startDispatch() {
    var pool = database.dispatch();
    var name = UUID.randomUUID().toString();
    run(new SendRound(pool, bus, roster, POLICY, makeOffers, random, name));
    run(answerReplies);
    run(new ExpireOffers(pool, bus));
    run(new CallSilent(pool, bus, makeOffers));
    run(new LearnAnswers(pool, bus));
    run(new RecordForecasts(pool, roster, POLICY, channel.simulated()));
    run(new ScoreForecasts(pool));
    run(new ExpireRounds(pool));
    run(new FollowConsent(pool, bus));
    run(new CollectReach(pool, bus));
    run(new RecordHelp(pool, bus, roster, new ProposeHelp(roster, makeOffers)));
  }

  private void run(Loop.Work work) {
    var loop = node.deploy(Loop.of(work, clock));
    meters.gauge("fazaa.loop.turns", List.of(Tag.of("loop", work.name())), loop, Loop::turns);
    meters.gauge("fazaa.loop.repaired", List.of(Tag.of("loop", work.name())), loop, Loop::repaired);
    meters.gauge("fazaa.loop.faults", List.of(Tag.of("loop", work.name())), loop, Loop::faults);
  }

  private String serve() {
    var guard = new Guard(database.people(), sessions, clock, origins());
    var routes = routes();
    var failures = new Failures(screens.door()::problem);
    return node.vertx()
        .deployVerticle(
            () ->
                new WebServer(
                    settings.http().host(),
                    port,
                    router -> {
                      router.route().handler(new RequestTimes(meters, router));
                      router.route().handler(this::refuseApart);
                      router.route().handler(guard);
                      routes.forEach(route -> route.accept(router));
                    },
                    failures),
            SERVERS)
        .await();
  }

  // Whoever waits for a database that is out of reach would only wait.
  private void refuseApart(RoutingContext context) {
    var path = context.normalizedPath();
    if (node.apart() && WITHOUT_DATABASE.stream().noneMatch(path::startsWith)) {
      throw Problem.away().refused();
    }
    context.next();
  }

  List<Consumer<Router>> routes() {
    var people = database.people();
    var contract = Contract.read();
    var api = new Api(contract, people, bus, clock);
    var live = new LiveRoutes(node.vertx(), bus);
    meters.gauge("fazaa.live.viewers", live, LiveRoutes::viewers);
    return List.of(
        screens::mount,
        new HealthRoutes(database.webhooks(), node, pulse::ready, meters)::mount,
        new ContractRoutes(contract, screens::contract)::mount,
        live::mount,
        signIn()::mount,
        new AccountRoutes(api, passwords)::mount,
        new TokenRoutes(api, random)::mount,
        new SkillRoutes(api)::mount,
        new CrisisRoutes(api, people)::mount,
        new BudgetRoutes(api, people, channel)::mount,
        new NeedRoutes(api, people)::mount,
        new CandidateRoutes(api, bus)::mount,
        new CallOutRoutes(api, new StartCallOut(proposeEnvelope, channel, POLICY), CURRENCY)::mount,
        overrides(api)::mount,
        new OfferRoutes(api, people, new EnterByHand(makeOffers))::mount,
        new SilenceRoutes(api, people)::mount,
        new InboxRoutes(api, people)::mount,
        new VolunteerRoutes(api, people, editVolunteers, settings.access().country())::mount,
        new OrganisationRoutes(api, people)::mount,
        new ReachTestRoutes(api, people, new StartReachTest(channel, random))::mount,
        imports(contract)::mount,
        twilio()::mount,
        new ReachAnswerRoutes(screens.frames(), database.webhooks(), bus, clock, links)::mount,
        new DeliveryRoutes(screens.frames(), database.webhooks(), bus, clock, links)::mount,
        answers()::mount, // of offers, and of links that are nobody's: after the others
        me()::mount,
        new StatementRoutes(screens.frames(), people, clock, proof(AskCode.Door.GIVER))::mount,
        new FundRoutes(api, people, settings.demo())::mount,
        new DonationRoutes(api, people, gatherGifts)::mount,
        new PledgeRoutes(api, people, random)::mount,
        new ReceiptRoutes(api, people)::mount,
        new RefundRoutes(api, people)::mount,
        new CardEventRoutes(database.webhooks(), bus, clock, cards, meters)::mount,
        new PayRoutes(people, cards, address, clock)::mount,
        new BookRoutes(api, people)::mount,
        new PayeeRoutes(api, people)::mount,
        new DisbursementRoutes(api, people, random)::mount,
        new PaymentRoutes(api, people, random)::mount,
        new PolicyRoutes(api, people)::mount,
        new FeePolicyRoutes(api, people)::mount,
        new InitiativeRoutes(api, people)::mount,
        new TermsRoutes(api, people)::mount,
        new SurplusRoutes(api, people)::mount,
        new ProgrammeRoutes(api, people, tokens)::mount,
        new CalibrationRoutes(api, people, channel.simulated())::mount,
        new WatchRoutes(api, people, watch, node)::mount);
  }

  private OverrideRoutes overrides(Api api) {
    var askRing = new AskRing(roster, makeOffers);
    return new OverrideRoutes(
        api,
        database.people(),
        askRing,
        new ConfirmRing(askRing, makeOffers),
        new AskPerson(roster, makeOffers),
        proposeEnvelope,
        new ProposeHelp(roster, makeOffers));
  }

  private SessionRoutes signIn() {
    return new SessionRoutes(
        database.people(),
        new SignIn(sessions, passwords),
        demoLinks,
        clock,
        screens.door()::signIn,
        screens.door()::demo);
  }

  private ImportRoutes imports(Contract contract) {
    var country = settings.access().country();
    return new ImportRoutes(contract, node.vertx(), database.bulk(), bus, clock, country);
  }

  private TwilioRoutes twilio() {
    var signature =
        settings.twilio().on()
            ? Optional.of(new TwilioSignature(address, settings.twilio().authTokens()))
            : Optional.<TwilioSignature>empty();
    return new TwilioRoutes(
        database.webhooks(), bus, clock, signature, new TakePress(links), spool, meters);
  }

  private Watch watch() {
    var platform = PlatformInvariants.of(sight());
    return new Watch(database.dispatch(), database.bulk(), bus, clock, node.name(), platform);
  }

  private PlatformInvariants.Sight sight() {
    return new PlatformInvariants.Sight() {
      @Override
      public Duration clockOffset() {
        return database.clockOffset();
      }

      @Override
      public Set<String> members() {
        return node.memberNames();
      }

      @Override
      public Set<String> unheard() {
        return pulse.unheard();
      }
    };
  }

  private Screens screens() {
    return new Screens(
        node,
        database,
        bus,
        clock,
        random,
        gatherGifts,
        roster,
        channel,
        makeOffers,
        proposeEnvelope,
        tokens,
        watch,
        cards.isPresent(),
        new PayInstalment(recordDonation),
        links,
        address,
        settings.access().country(),
        settings.demo());
  }

  private AnswerRoutes answers() {
    return new AnswerRoutes(
        database.webhooks(), bus, clock, links, answerReplies, screens.answer());
  }

  private PhoneProof proof(AskCode.Door door) {
    return new PhoneProof(
        database.people(),
        clock,
        new AskCode(random, settings.codes().dayCap(), settings.cost().segment()),
        new ClientAddress(settings.http().proxies()),
        settings.access().country(),
        door);
  }

  private MeRoutes me() {
    return new MeRoutes(
        screens.frames(),
        database.people(),
        bus,
        clock,
        links,
        proof(AskCode.Door.VOLUNTEER),
        new VolunteerSessions(random),
        editVolunteers,
        proposeEnvelope);
  }

  private AnswerLink links() {
    var secret = settings.access().linkSecret().value();
    if (!secret.isEmpty()) return new AnswerLink(secret.getBytes(StandardCharsets.UTF_8));
    return Database.inTransaction(database.people(), tx -> AnswerLink.open(tx, random));
  }

  private PersonTokens tokens() {
    var key = settings.access().personKey().value();
    if (!key.isEmpty()) return new PersonTokens(key.getBytes(StandardCharsets.UTF_8));
    return Database.inTransaction(database.people(), tx -> PersonTokens.open(tx, random));
  }

  /** Our own pages may be opened under these; a form from anywhere else is refused. */
  private List<URI> origins() {
    var own = List.of("http://localhost:" + port, "http://127.0.0.1:" + port);
    var origins = new ArrayList<>(own.stream().map(URI::create).toList());
    if (settings.http().publicUrl().isPresent()) origins.clear();
    origins.add(address);
    return origins;
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final CreateAccount.Draft OPERATOR =
      new CreateAccount.Draft("admin", "admin", "en", EnumSet.of(Role.ADMIN), Optional.empty());

  /** The command line; without a subcommand it serves. */
  @Command(
      name = "fazaa",
      mixinStandardHelpOptions = true,
      version = "Fazaa " + VERSION,
      description =
          "Crisis-response volunteer dispatch and a community fund. Serves until stopped.")
  static final class Serve implements Callable<Integer> {

    private static final int CANNOT_START = 2;

    // What an operator can mend is said in one line; anything else is a bug and shows itself whole.
    @Override
    public Integer call() throws Exception {
      try {
        var settings = Settings.load();
        settings.warnings().forEach(System.err::println);
        FailPoint.warning(settings).ifPresent(System.err::println);
        return serve(settings);
      } catch (Settings.Invalid | EmbeddedServer.Unusable | Database.Refused e) {
        System.err.println(e.getMessage());
      } catch (BindException e) {
        System.err.println(
            e.getMessage()
                + ": the port is taken; set FAZAA_HTTP_PORT to another"
                + " · المنفذ مشغول: اضبط FAZAA_HTTP_PORT على منفذ آخر");
      }
      return CANNOT_START;
    }

    private static int serve(Settings settings) throws Exception {
      var fazaa = Fazaa.start(settings);
      var stopped = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    fazaa.close();
                    stopped.countDown();
                  }));
      System.out.println("Fazaa is ready: " + fazaa.address());
      for (var link : fazaa.demoLinks()) {
        System.out.printf("  %-28s %s%s%n", link.role(), fazaa.address(), link.path());
      }
      stopped.await();
      return 0;
    }
  }
}
