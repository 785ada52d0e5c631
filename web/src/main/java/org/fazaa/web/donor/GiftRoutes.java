package org.fazaa.web.donor;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.Donation;
import org.fazaa.fund.giving.Donations;
import org.fazaa.fund.giving.Donor;
import org.fazaa.fund.giving.GatherGifts;
import org.fazaa.fund.giving.Pledge;
import org.fazaa.fund.giving.Receipt;
import org.fazaa.fund.giving.RecordDonation;
import org.fazaa.fund.giving.RecordPledge;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Fund;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.web.Choice;
import org.fazaa.web.Form;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Problem;
import org.fazaa.web.Word;
import org.fazaa.web.session.Forms;
import org.fazaa.web.session.Forms.Next;

/** Giving, and the page of a gift: its receipt, and what the fund paid for since. */
public final class GiftRoutes {
  private static final List<String> AMOUNTS = List.of("50", "150", "500", "1000");
  private static final String REGION = "SA";
  private static final String ONCE = "once";

  private final Frames frames;
  private final Forms forms;
  private final Pool pool;
  private final URI publicUrl;
  private final GatherGifts gatherGifts;
  private final RecordPledge recordPledge;
  private final boolean cards;

  /**
   * {@code publicUrl} is where the code on a printed receipt leads; {@code cards} are taken for
   * real funds.
   */
  public GiftRoutes(
      Frames frames,
      Forms forms,
      Pool pool,
      URI publicUrl,
      GatherGifts gatherGifts,
      RandomGenerator random,
      boolean cards) {
    this.frames = frames;
    this.forms = forms;
    this.pool = pool;
    this.publicUrl = publicUrl;
    this.gatherGifts = gatherGifts;
    this.recordPledge = new RecordPledge(random);
    this.cards = cards;
  }

  public void mount(Router router) {
    router.get("/give/:fund").handler(this::blank);
    forms.hand(router, "/give/:fund", this::give);
    router.get("/receipts/:code").handler(this::gift);
    router.get("/receipts/:code/pdf").handler(this::pdf);
  }

  private void blank(RoutingContext context) {
    var fund = FundRoutes.find(pool, context.pathParam("fund"));
    var channel = channels(fund).getFirst().tag();
    show(context, fund, blankForm(channel), List.of());
  }

  private static Form blankForm(String channel) {
    return Form.with("amount", "150", "channel", channel, "often", ONCE);
  }

  private void show(RoutingContext context, Fund fund, Form form, List<String> flaws) {
    var frame = frames.of(context);
    var page =
        new GivePage(
            fund.id().value(),
            FundRoutes.in(fund.name(), frame),
            FundRoutes.in(fund.purpose(), frame),
            fund.currency().getCurrencyCode(),
            fund.demonstration(),
            AMOUNTS,
            channels(fund).stream()
                .map(one -> new Choice(one.tag(), FundRoutes.in(one.words(), frame)))
                .toList(),
            often(frame),
            form,
            flaws);
    frames.show(context, "donor/give", frame, page);
  }

  // Without a provider cards are pretended, and a real fund takes transfers.
  private List<Channel> channels(Fund fund) {
    return Stream.of(Channel.CARD, Channel.BANK_TRANSFER)
        .filter(one -> one != Channel.CARD || cards || fund.demonstration())
        .toList();
  }

  private Next give(Forms.Form form) {
    var fund = FundRoutes.find(pool, form.context().pathParam("fund"));
    var values = form.values();
    var written =
        new Form(
            values.names().stream()
                .distinct()
                .collect(java.util.stream.Collectors.toMap(name -> name, values::getAll)));
    var other = written.of("amount").equals("other") || written.of("amount").isEmpty();
    var amount = Money.parse(written.of(other ? "other_amount" : "amount"), fund.currency());
    var phone = Phone.parse(written.of("phone"), REGION);
    var channel = channels(fund).stream().filter(one -> written.chose("channel", one.tag()));
    var chosen = channel.findFirst();
    if (amount.isEmpty()) return again(fund, written, Word.FLAW_AMOUNT);
    var every = every(written);
    if (every.isPresent()) {
      return pledge(form, fund, written, amount.get(), phone, every.get());
    }
    if (chosen.isEmpty()) return again(fund, written, Word.FLAW_CHANNEL);
    if (phone.isEmpty() && !written.of("phone").isEmpty()) {
      return again(fund, written, Word.FLAW_PHONE);
    }
    var draft =
        new RecordDonation.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            fund.id(),
            chosen.get(),
            amount,
            Optional.empty(),
            donor(written, phone, frames.of(form.context())));
    return switch (gatherGifts.run(draft).await()) {
      case GatherGifts.Answer.Given(var outcome) -> given(fund, written, outcome);
      case GatherGifts.Answer.TooMany refusal -> refused(fund, written, refusal);
    };
  }

  private static List<Choice> often(Frame frame) {
    return Stream.concat(
            Stream.of(new Choice(ONCE, frame.say(Word.GIVE_ONCE))),
            Arrays.stream(Pledge.Every.values())
                .map(one -> new Choice(one.tag(), FundRoutes.in(one.words(), frame))))
        .toList();
  }

  private static Optional<Pledge.Every> every(Form written) {
    return Arrays.stream(Pledge.Every.values())
        .filter(one -> written.chose("often", one.tag()))
        .findFirst();
  }

  private Next pledge(
      Forms.Form form,
      Fund fund,
      Form written,
      Money amount,
      Optional<Phone> phone,
      Pledge.Every every) {
    if (phone.isEmpty()) return again(fund, written, Word.FLAW_PLEDGE_PHONE);
    var day = day(written.of("first_day"), form.now());
    if (day.isEmpty()) return again(fund, written, Word.FLAW_PLEDGE_DAY);
    var count = number(written.of("instalments"));
    if (count.isEmpty() && !written.of("instalments").isEmpty()) {
      return again(fund, written, Word.FLAW_PLEDGE_COUNT);
    }
    var donor = donor(written, phone, frames.of(form.context()));
    var draft =
        new RecordPledge.Draft(
            "page-" + form.text(Forms.ONCE_FIELD),
            fund.id(),
            amount,
            every,
            day.get(),
            count,
            donor.name(),
            phone.get(),
            donor.language(),
            donor.anonymous());
    return switch (Database.inTransaction(pool, tx -> recordPledge.run(tx, draft, form.now()))) {
      case RecordPledge.Outcome.Recorded(var pledge) -> see(pledge);
      case RecordPledge.Outcome.AlreadyRecorded(var pledge) -> see(pledge);
      case RecordPledge.Outcome.DiffersFromFirst refusal -> refused(fund, written, refusal);
      case RecordPledge.Outcome.NoSuchFund refusal -> refused(fund, written, refusal);
      case RecordPledge.Outcome.FundClosed refusal -> refused(fund, written, refusal);
      case RecordPledge.Outcome.TooManyPledges refusal -> refused(fund, written, refusal);
      case RecordPledge.Outcome.Invalid(var flaws) ->
          new Next.Again(context -> show(context, fund, written, flaws(flaws, frames.of(context))));
    };
  }

  private static Optional<LocalDate> day(String written, Instant now) {
    if (written.isEmpty()) return Optional.of(RecordPledge.today(now));
    try {
      return Optional.of(LocalDate.parse(written));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> number(String written) {
    var plain = new StringBuilder();
    written.codePoints().forEach(c -> plain.append(Character.digit(c, 10)));
    return plain.toString().matches("[0-9]{1,4}")
        ? Optional.of(Integer.valueOf(plain.toString()))
        : Optional.empty();
  }

  private static Next see(Pledge pledge) {
    return new Next.See(
        "/pledges/" + pledge.code(), List.of(new Fact.DonationRecorded(pledge.fund().value())));
  }

  private Next given(Fund fund, Form written, RecordDonation.Outcome given) {
    return switch (given) {
      case RecordDonation.Outcome.Recorded(var donation) -> see(donation);
      case RecordDonation.Outcome.AlreadyRecorded(var donation) -> see(donation);
      case RecordDonation.Outcome.DiffersFromFirst refusal -> refused(fund, written, refusal);
      case RecordDonation.Outcome.NoSuchFund refusal -> refused(fund, written, refusal);
      case RecordDonation.Outcome.FundClosed refusal -> refused(fund, written, refusal);
      case RecordDonation.Outcome.Invalid(var flaws) ->
          new Next.Again(context -> show(context, fund, written, flaws(flaws, frames.of(context))));
    };
  }

  private static Donor donor(Form written, Optional<Phone> phone, Frame frame) {
    var name = Optional.of(written.of("name")).filter(given -> !given.isEmpty());
    var language = frame.arabic() ? Language.AR : Language.EN;
    return new Donor(name, phone, language, written.chose("anonymous", "yes"));
  }

  private static Next see(Donation donation) {
    return new Next.See(
        "/receipts/" + donation.code(),
        List.of(new Fact.DonationRecorded(donation.fund().value())));
  }

  private Next again(Fund fund, Form written, Word why) {
    return new Next.Again(
        context -> show(context, fund, written, List.of(frames.of(context).say(why))));
  }

  private Next refused(Fund fund, Form written, Refusal refusal) {
    return new Next.Again(
        context -> {
          var why = FundRoutes.in(refusal.words(), frames.of(context));
          show(context, fund, written, List.of(why));
        });
  }

  private static List<String> flaws(List<Flaw> flaws, Frame frame) {
    return flaws.stream()
        .map(flaw -> flaw.field() + ": " + FundRoutes.in(flaw.words(), frame))
        .toList();
  }

  private void gift(RoutingContext context) {
    var code = context.pathParam("code");
    var donation = gatherGifts.find(code).orElseThrow(() -> Problem.notFound().refused());
    var receipt = Receipt.find(pool, code);
    var frame = frames.of(context);
    var page =
        new GiftPage(
            donation.fund().value(),
            donation.amount().map(Money::toString).or(donation::goods).orElse(""),
            FundRoutes.in(donation.channel().words(), frame),
            receipt.flatMap(Receipt::donorName).orElse(frame.say(Word.ANONYMOUS)),
            FundRoutes.in(donation.state().words(), frame),
            donation.givenAt(),
            donation.transferReference(),
            donation.payable() ? Optional.of("/pay/" + donation.code()) : Optional.empty(),
            receipt.map(one -> PrintedReceipt.of(one, publicUrl, frame)),
            "/receipts/" + code + "/pdf",
            uses(donation, frame),
            FundRoutes.in(Donations.PAID_FOR_MEANS, frame));
    frames.show(context, "donor/gift", frame, page);
  }

  private void pdf(RoutingContext context) {
    var frame = frames.of(context);
    var receipt =
        gatherGifts
            .find(context.pathParam("code"))
            .flatMap(gift -> Receipt.find(pool, gift.code()))
            .orElseThrow(() -> Problem.notFound().refused());
    var drawn = DrawReceipt.run(PrintedReceipt.of(receipt, publicUrl, frame), frame);
    send(context, receipt.number(), drawn);
  }

  static void send(RoutingContext context, String name, byte[] pdf) {
    context
        .response()
        .putHeader("Content-Type", "application/pdf")
        .putHeader("Content-Disposition", "inline; filename=\"" + name + ".pdf\"")
        .end(Buffer.buffer(pdf));
  }

  private List<GiftPage.Use> uses(Donation donation, Frame frame) {
    var uses = new ArrayList<GiftPage.Use>();
    for (var paid : Donations.paidFor(pool, donation)) {
      uses.add(
          new GiftPage.Use(
              paid.purpose(),
              FundRoutes.in(paid.payee(), frame),
              paid.amount().toString(),
              paid.paidAt()));
    }
    return uses;
  }
}
