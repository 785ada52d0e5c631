package org.fazaa.web;

import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.StartCallOut;
import org.fazaa.dispatcher.crisis.Area;
import org.fazaa.dispatcher.crisis.Crisis;
import org.fazaa.dispatcher.crisis.CrisisId;
import org.fazaa.dispatcher.crisis.CrisisKind;
import org.fazaa.dispatcher.crisis.Mode;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.OpenCrisis;
import org.fazaa.dispatcher.crisis.OpenNeed;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.crisis.Staff;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.Point;
import org.fazaa.dispatcher.people.Register;
import org.fazaa.dispatcher.people.Skill;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.dispatcher.roster.RosterFeed;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.Donor;
import org.fazaa.fund.giving.RecordDonation;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.OpenFund;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.ledger.Terms;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Use.Category;
import org.fazaa.fund.ledger.Use.Region;
import org.fazaa.fund.ledger.Use.TargetGroup;
import org.fazaa.fund.spending.AddPayee;
import org.fazaa.fund.spending.ConfirmAccreditation;
import org.fazaa.fund.spending.EnterAccreditation;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.RequestDisbursement;
import org.fazaa.fund.spending.VerifyPayee;
import org.fazaa.notifier.Language;
import org.fazaa.web.session.CreateAccount;
import org.fazaa.web.session.DemoLinks;
import org.fazaa.web.session.Role;

/**
 * Something to look at on a laptop: a flood in Jeddah with invented people, one call-out that runs,
 * and a fund with a few gifts. Nobody in it exists, and it is never made where anything is real.
 */
final class Example {

  /** A way in for one role. */
  record Link(String role, String path) {}

  private static final int VOLUNTEERS = 400;
  private static final long SEED = 1448;
  private static final int TEXTS = 40;
  private static final Currency SAR = Currency.getInstance("SAR");

  private final Database database;
  private final RosterFeed rosterFeed;
  private final StartCallOut startCallOut;
  private final DemoLinks demoLinks;
  private final RandomGenerator random;
  private final Bus bus;

  Example(
      Database database,
      RosterFeed rosterFeed,
      StartCallOut startCallOut,
      DemoLinks demoLinks,
      RandomGenerator random,
      Bus bus) {
    this.database = database;
    this.rosterFeed = rosterFeed;
    this.startCallOut = startCallOut;
    this.demoLinks = demoLinks;
    this.random = random;
    this.bus = bus;
  }

  private record Team(long coordinator, long finance, long approver, long second) {}

  /** Fresh links for the four who run the example, which is made when the database is new. */
  List<Link> show(Instant now) {
    var pool = database.people();
    var team = Database.inTransaction(pool, tx -> team(tx, now));
    if (Volunteers.count(pool) == 0 && Crisis.list(pool).isEmpty()) play(team, now);
    return Database.inTransaction(pool, tx -> links(tx, team, now));
  }

  private static Team team(SqlConnection tx, Instant now) {
    return new Team(
        member(tx, "huda", "هدى العتيبي", EnumSet.of(Role.COORDINATOR, Role.MANAGER), now),
        member(tx, "faisal", "فيصل الحربي", EnumSet.of(Role.FINANCE), now),
        member(tx, "maha", "مها الزهراني", EnumSet.of(Role.APPROVER), now),
        member(tx, "omar", "عمر باوزير", EnumSet.of(Role.APPROVER, Role.AUDITOR), now));
  }

  private static long member(
      SqlConnection tx, String login, String name, Set<Role> roles, Instant now) {
    var draft = new CreateAccount.Draft(login, name, "ar", roles, Optional.empty());
    return CreateAccount.ensure(tx, draft, now);
  }

  private List<Link> links(SqlConnection tx, Team team, Instant now) {
    return List.of(
        new Link("coordinator", demoLinks.make(tx, team.coordinator, now)),
        new Link("finance officer", demoLinks.make(tx, team.finance, now)),
        new Link("approver", demoLinks.make(tx, team.approver, now)),
        new Link("second approver", demoLinks.make(tx, team.second, now)));
  }

  private void play(Team team, Instant now) {
    var pool = database.people();
    Database.inTransaction(pool, tx -> volunteers(tx, now));
    while (rosterFeed.run(now)) continue; // until the call-out may ask them
    var crisis = Database.inTransaction(pool, tx -> crisis(tx, team.coordinator, now));
    var fund = Database.inTransaction(pool, tx -> fund(tx, team, now));
    bus.publish(new Fact.VolunteersChanged());
    bus.publish(new Fact.CrisisChanged(crisis.value()));
    bus.publish(new Fact.DonationRecorded(fund.value()));
  }

  private static int volunteers(SqlConnection tx, Instant now) {
    var dice = new SplittableRandom(SEED);
    for (var i = 1; i <= VOLUNTEERS; i++) {
      Register.run(tx, volunteer(i, dice), now);
    }
    return VOLUNTEERS;
  }

  private static Register.Draft volunteer(int number, SplittableRandom dice) {
    var first = FIRST_NAMES.get(dice.nextInt(FIRST_NAMES.size()));
    var last = LAST_NAMES.get(dice.nextInt(LAST_NAMES.size()));
    var skills = EnumSet.of(SKILLS.get(dice.nextInt(SKILLS.size())));
    skills.add(SKILLS.get(dice.nextInt(SKILLS.size())));
    return new Register.Draft(
        first + " " + last,
        "+96650000%04d".formatted(number),
        "SA",
        dice.nextInt(10) == 0 ? "en" : "ar",
        Skill.codes(skills),
        dice.nextInt(4) == 0 ? List.of("ar", "en") : List.of("ar"),
        39.16 + dice.nextDouble() * 0.12,
        21.42 + dice.nextDouble() * 0.30,
        null,
        null,
        null,
        null,
        true);
  }

  private CrisisId crisis(SqlConnection tx, long coordinator, Instant now) {
    var by = Staff.find(tx, coordinator).orElseThrow();
    var draft =
        new OpenCrisis.Draft(
            new Title("سيول شرق جدة", "Floods in eastern Jeddah"),
            CrisisKind.FLOOD,
            new Area.Circle(new Point(39.22, 21.56), 25_000),
            Mode.LIVE,
            "SA",
            Optional.empty());
    var opened = (OpenCrisis.Outcome.Opened) OpenCrisis.run(tx, by, draft, now);
    var evacuation = need(tx, by, opened.crisis(), evacuation(now), now);
    need(tx, by, opened.crisis(), firstAid(now), now);
    need(tx, by, opened.crisis(), baskets(now), now);
    var envelope =
        new StartCallOut.Request(
            Optional.empty(),
            Optional.of(TEXTS),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    startCallOut.run(tx, by, evacuation, envelope, now);
    return opened.crisis();
  }

  private static NeedId need(
      SqlConnection tx, Staff by, CrisisId crisis, OpenNeed.Draft draft, Instant now) {
    return ((OpenNeed.Outcome.Opened) OpenNeed.run(tx, by, crisis, draft, now)).need();
  }

  private static OpenNeed.Draft evacuation(Instant now) {
    return new OpenNeed.Draft(
        new Title("إخلاء أسر من حي السامر", "Bring families out of Al-Samer"),
        EnumSet.of(Skill.DRIVER_4X4),
        EnumSet.of(SpokenLanguage.AR),
        6,
        new Point(39.245, 21.595),
        now,
        now.plus(Duration.ofHours(6)),
        Priority.URGENT);
  }

  private static OpenNeed.Draft firstAid(Instant now) {
    return new OpenNeed.Draft(
        new Title("إسعافات أولية في مركز الإيواء", "First aid at the shelter"),
        EnumSet.of(Skill.FIRST_AID),
        EnumSet.noneOf(SpokenLanguage.class),
        4,
        new Point(39.205, 21.545),
        now.plus(Duration.ofHours(2)),
        now.plus(Duration.ofHours(10)),
        Priority.PLANNED);
  }

  private static OpenNeed.Draft baskets(Instant now) {
    return new OpenNeed.Draft(
        new Title("تجهيز 500 سلة غذائية", "Pack 500 food baskets"),
        EnumSet.of(Skill.LOGISTICS),
        EnumSet.noneOf(SpokenLanguage.class),
        12,
        new Point(39.19, 21.50),
        now.plus(Duration.ofHours(20)),
        now.plus(Duration.ofHours(26)),
        Priority.PLANNED);
  }

  private FundId fund(SqlConnection tx, Team team, Instant now) {
    var draft =
        new OpenFund.Draft(
            "example fund",
            words("صندوق سيول جدة", "Jeddah flood fund"),
            SAR,
            Restriction.PURPOSE,
            words(
                "إيواء الأسر المتضررة وسلال غذائية ومواد تنظيف",
                "Shelter, food baskets and cleaning for families in the flooded quarters"),
            Optional.of(50_000_000L),
            Optional.empty(),
            Optional.empty(),
            true,
            Terms.Opening.of(
                new Use(Category.RELIEF, Region.MAKKAH, TargetGroup.ANY), SHELTER, FOOD),
            team.finance);
    var fund = ((OpenFund.Outcome.Opened) OpenFund.run(tx, draft, now)).fund();
    var gifts = new RecordDonation(random);
    for (var i = 0; i < GIFTS.length; i++) gifts.run(tx, gift(fund, i), now);
    request(tx, fund, team, now);
    return fund;
  }

  private static RecordDonation.Draft gift(FundId fund, int number) {
    var name = number % 2 == 0 ? Optional.of(FIRST_NAMES.get(number)) : Optional.<String>empty();
    return new RecordDonation.Draft(
        "example gift " + number,
        fund,
        Channel.CARD,
        Optional.of(new Money(GIFTS[number], SAR)),
        Optional.empty(),
        new Donor(name, Optional.empty(), Language.AR, name.isEmpty()));
  }

  private static final Use SHELTER =
      new Use(Category.SHELTER, Region.MAKKAH, TargetGroup.DISPLACED);
  private static final Use FOOD = new Use(Category.FOOD, Region.MAKKAH, TargetGroup.DISPLACED);

  private static void request(SqlConnection tx, FundId fund, Team team, Instant now) {
    var payee = payee(tx, team, now);
    var request =
        new RequestDisbursement.Draft(
            "example request",
            fund,
            payee,
            new Money(900_000, SAR),
            "مئتا بطانية لمركز الإيواء",
            "عرض السعر رقم 17",
            SHELTER,
            team.finance);
    RequestDisbursement.run(tx, request, now);
  }

  private static PayeeId payee(SqlConnection tx, Team team, Instant now) {
    var draft =
        new AddPayee.Draft(
            words("جمعية المأوى الأهلية", "Al-Maawa Shelter Society"),
            "SA0380000000608010167519",
            Set.of(),
            team.finance);
    var payee = ((AddPayee.Outcome.Added) AddPayee.run(tx, draft, now)).payee();
    VerifyPayee.run(tx, new VerifyPayee.Draft(payee, 1, "خطاب البنك", team.approver), now);
    var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    var accredited =
        new EnterAccreditation.Draft(
            payee,
            "المركز الوطني لتنمية القطاع غير الربحي",
            "1042",
            today.minusMonths(1),
            today.plusYears(1),
            team.finance);
    EnterAccreditation.run(tx, accredited, now);
    ConfirmAccreditation.run(tx, new ConfirmAccreditation.Draft(payee, 1, team.approver), now);
    return payee;
  }

  private static org.fazaa.fund.ledger.Words words(String ar, String en) {
    return new org.fazaa.fund.ledger.Words(ar, en);
  }

  private static final long[] GIFTS = {15_000, 250_000, 50_000, 1_000_000, 30_000, 500_000, 10_000};

  private static final List<Skill> SKILLS =
      List.of(
          Skill.DRIVER_4X4,
          Skill.DRIVER_4X4,
          Skill.FIRST_AID,
          Skill.FIRST_AID,
          Skill.LOGISTICS,
          Skill.LOGISTICS,
          Skill.NURSE,
          Skill.WATER_RESCUE,
          Skill.BOAT,
          Skill.SHELTER,
          Skill.DISTRIBUTION,
          Skill.TRANSLATION);

  private static final List<String> FIRST_NAMES =
      List.of(
          "سارة", "أحمد", "نورة", "خالد", "ريم", "عبدالله", "لمى", "ياسر", "هند", "سلطان", "دانة",
          "ماجد", "أمل", "تركي", "غادة", "بندر", "جواهر", "راكان", "شهد", "نايف");

  private static final List<String> LAST_NAMES =
      List.of(
          "الغامدي",
          "القحطاني",
          "الحربي",
          "الزهراني",
          "العمري",
          "باحارث",
          "الشهري",
          "المالكي",
          "بن محفوظ",
          "السلمي",
          "الجهني",
          "خوجة");
}
