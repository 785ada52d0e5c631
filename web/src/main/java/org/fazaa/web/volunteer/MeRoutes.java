package org.fazaa.web.volunteer;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.Channel;
import org.fazaa.dispatcher.callout.Needs;
import org.fazaa.dispatcher.callout.Offer;
import org.fazaa.dispatcher.callout.ProposeEnvelope;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.people.EditVolunteers;
import org.fazaa.dispatcher.people.EditVolunteers.Edit;
import org.fazaa.dispatcher.people.SpokenLanguage;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.AnswerLink;
import org.fazaa.web.Choice;
import org.fazaa.web.Frame;
import org.fazaa.web.Frames;
import org.fazaa.web.Preferred;
import org.fazaa.web.Problem;
import org.fazaa.web.Towns;
import org.fazaa.web.Word;
import org.fazaa.web.Wording;
import org.fazaa.web.Words;
import org.fazaa.web.session.Guard;
import org.fazaa.web.session.PhoneProof;
import org.fazaa.web.session.VolunteerSessions;

/**
 * A volunteer's own page. Whoever proves the phone, by a code that is texted to it, sees what we
 * know of its owner and changes what is theirs to change; an SMS proves nothing of the kind.
 */
public final class MeRoutes {
  private static final String COOKIE = "__Host-fazaa-me";
  private static final String TOKEN_FIELD = "own";
  private static final int SEE_OTHER = 303;

  private final Frames frames;
  private final Pool pool;
  private final Bus bus;
  private final InstantSource clock;
  private final AnswerLink links;
  private final PhoneProof proof;
  private final VolunteerSessions sessions;
  private final EditVolunteers edits;
  private final NotAsked notAsked;

  public MeRoutes(
      Frames frames,
      Pool pool,
      Bus bus,
      InstantSource clock,
      AnswerLink links,
      PhoneProof proof,
      VolunteerSessions sessions,
      EditVolunteers edits,
      ProposeEnvelope propose) {
    this.frames = frames;
    this.pool = pool;
    this.bus = bus;
    this.clock = clock;
    this.links = links;
    this.proof = proof;
    this.sessions = sessions;
    this.edits = edits;
    this.notAsked = new NotAsked(pool, propose);
  }

  public void mount(Router router) {
    router.get("/me").handler(this::show);
    router.get("/me/code").handler(context -> showProof(context, true, Optional.empty()));
    router.post("/me/code").handler(context -> ask(context, Optional.empty()));
    router.post("/me/proof").handler(this::prove);
    router.post("/me/phone").handler(this::askForNewPhone);
    router.post("/me/texts").handler(this::setTexts);
    router.post("/me/language").handler(this::setLanguage);
    router.post("/me/hours").handler(this::setHours);
    router.post("/me/pause").handler(this::pause);
    router.post("/me/leave").handler(this::leave);
  }

  // --- the phone is proven

  private void askForNewPhone(RoutingContext context) {
    ask(context, Optional.of(owner(context).id().value()));
  }

  private void ask(RoutingContext context, Optional<Long> volunteer) {
    proof
        .ask(context, field(context, "phone"), volunteer)
        .ifPresentOrElse(
            why -> refuse(context, volunteer, why), () -> see(context.response(), "/me/code"));
  }

  private void prove(RoutingContext context) {
    switch (proof.prove(context, field(context, "code"))) {
      case PhoneProof.Outcome.Proven(var phone, var volunteer) ->
          come(context, phone, volunteer.map(VolunteerId::new));
      case PhoneProof.Outcome.Refused(var why) -> refuse(context, why);
    }
  }

  private void come(RoutingContext context, Phone phone, Optional<VolunteerId> mover) {
    var opened = Database.inTransaction(pool, tx -> come(tx, phone, mover));
    if (opened.isEmpty()) {
      refuse(
          context,
          mover.map(VolunteerId::value),
          mover.isPresent() ? PHONE_TAKEN : PhoneProof.OVER);
      return;
    }
    if (mover.isPresent()) bus.publish(new Fact.VolunteersChanged());
    secret(context, COOKIE).ifPresent(old -> VolunteerSessions.end(pool, old));
    context.response().addCookie(Guard.cookie(COOKIE, opened.get())).addCookie(proof.ended());
    see(context.response(), mover.isPresent() ? "/me?said=phone_changed" : "/me");
  }

  /** Empty when the phone cannot be theirs. With another phone every older door is shut. */
  private Optional<String> come(SqlConnection tx, Phone phone, Optional<VolunteerId> mover) {
    var now = clock.instant();
    if (mover.isEmpty()) {
      return Volunteers.find(tx, phone).map(found -> sessions.open(tx, found.id().value(), now));
    }
    var volunteer = Volunteers.find(tx, mover.get()).orElseThrow();
    return switch (ChangePhone.run(tx, volunteer, phone, now)) {
      case ChangePhone.Outcome.Taken() -> Optional.empty();
      case ChangePhone.Outcome.Changed() -> {
        VolunteerSessions.endAll(tx, mover.get().value());
        yield Optional.of(sessions.open(tx, mover.get().value(), now));
      }
    };
  }

  // --- what is theirs to change

  private void setTexts(RoutingContext context) {
    var owner = owner(context);
    var wanted = field(context, "texts");
    switch (wanted) {
      case "start" -> change(tx -> start(tx, owner));
      case "stop" -> change(tx -> stop(tx, owner));
      default -> throw Problem.invalid("texts", WHICH_TEXTS).refused();
    }
    see(context.response(), "/me?said=texts_" + wanted);
  }

  private boolean start(SqlConnection tx, Volunteer owner) {
    Consent.start(tx, owner.phone(), Consent.How.OWN_PAGE, clock.instant());
    return true;
  }

  private boolean stop(SqlConnection tx, Volunteer owner) {
    Consent.stop(tx, owner.phone(), Consent.How.OWN_PAGE, clock.instant());
    return true;
  }

  private void setLanguage(RoutingContext context) {
    var owner = owner(context);
    var wanted = field(context, "language");
    var language =
        Stream.of(Language.values())
            .filter(one -> one.tag().equals(wanted))
            .findFirst()
            .orElseThrow(() -> Problem.invalid("language", WHICH_LANGUAGE).refused());
    change(tx -> Volunteers.setLanguage(tx, owner.id(), language));
    see(context.response(), "/me?said=language_set");
  }

  private void setHours(RoutingContext context) {
    var owner = owner(context);
    switch (HoursForm.read(name -> field(context, name))) {
      case HoursForm.Reading.Sound(var hours) ->
          edit(context, owner, new Edit.Hours(owner.id(), hours), "hours_set");
      case HoursForm.Reading.Flawed(var why) ->
          refuse(context, Optional.of(owner.id().value()), why);
    }
  }

  private void pause(RoutingContext context) {
    var owner = owner(context);
    var days = PauseChoice.read(field(context, "days"));
    if (days.isEmpty()) throw Problem.invalid("days", PauseChoice.WHICH).refused();
    var until = days.get().until(clock.instant());
    var said = until.isPresent() ? "pause_set" : "pause_over";
    edit(context, owner, new Edit.Pause(owner.id(), until), said);
  }

  private void edit(RoutingContext context, Volunteer owner, Edit edit, String said) {
    switch (edits.run(edit).await()) {
      case EditVolunteers.Outcome.Edited() -> see(context.response(), "/me?said=" + said);
      case EditVolunteers.Outcome.NoSuchVolunteer() -> throw PhoneProof.OVER.refused();
      case EditVolunteers.Outcome.TooMany() ->
          refuse(context, Optional.of(owner.id().value()), Problem.tooManyAtOnce());
    }
  }

  private void change(Function<SqlConnection, Boolean> effect) {
    Database.inTransaction(pool, effect);
    bus.publish(new Fact.VolunteersChanged());
  }

  private void leave(RoutingContext context) {
    secret(context, COOKIE).ifPresent(secret -> VolunteerSessions.end(pool, secret));
    context
        .response()
        .addCookie(Guard.cookie(COOKIE, "").setMaxAge(0))
        .putHeader("Clear-Site-Data", "\"cache\", \"storage\"");
    see(context.response(), "/me");
  }

  /** Whose page this is, when the form was sent from it. */
  private Volunteer owner(RoutingContext context) {
    var secret = secret(context, COOKIE).orElse("");
    if (!VolunteerSessions.matches(field(context, TOKEN_FIELD), secret))
      throw PhoneProof.OVER.refused();
    return owner(secret).orElseThrow(() -> PhoneProof.OVER.refused());
  }

  private Optional<Volunteer> owner(String secret) {
    return sessions
        .find(pool, secret, clock.instant())
        .flatMap(id -> Volunteers.find(pool, new VolunteerId(id)));
  }

  // --- what is shown

  private void show(RoutingContext context) {
    var secret = secret(context, COOKIE);
    var owner = secret.flatMap(this::owner);
    if (owner.isEmpty()) {
      showProof(context, false, Optional.empty());
    } else {
      show(context, owner.get(), secret.get(), Optional.empty());
    }
  }

  private void show(
      RoutingContext context, Volunteer owner, String secret, Optional<Problem> flaw) {
    var frame = inTheirLanguage(context, owner);
    var blocked = Consent.blockedSender(pool, owner.phone());
    var stopped = stopped(owner.phone());
    var page =
        new MePage(
            VolunteerSessions.token(secret),
            owner.name(),
            owner.phone().e164(),
            owner.skills().stream().sorted().map(one -> frame.pick(one.ar(), one.en())).toList(),
            owner.languages().stream().sorted().map(one -> frame.pick(one.ar(), one.en())).toList(),
            Towns.name(owner.place(), frame),
            HoursForm.free(owner.hours(), frame),
            HoursForm.rows(owner.hours(), context.request()::getFormAttribute, frame),
            PauseChoice.shown(owner.pausedUntil(), frame),
            owner.registeredAt(),
            promises(owner, frame),
            notAsked.of(owner, frame),
            !stopped,
            blocked.map(sender -> blocked(sender, frame)),
            owner.language().tag(),
            languages(frame),
            flaw.map(why -> why.detail().in(frame.words().tag())));
    frames.show(context, "volunteer/me", frame, page);
  }

  private boolean stopped(Phone phone) {
    return Database.inTransaction(pool, tx -> !Consent.stopped(tx, Set.of(phone)).isEmpty());
  }

  // No button of ours ends it: only this one word, sent to that number.
  private static String blocked(String sender, Frame frame) {
    return sender.isBlank()
        ? frame.say(Word.ANSWER_BLOCKED_SAYS)
        : frame.say(Word.ANSWER_BLOCKED_BY_SAYS, sender);
  }

  private List<MePage.Promise> promises(Volunteer owner, Frame frame) {
    return Needs.promised(pool, owner.id(), frame.now()).stream()
        .map(offer -> promise(offer, Need.find(pool, offer.need()).orElseThrow(), frame))
        .toList();
  }

  private MePage.Promise promise(Offer offer, Need need, Frame frame) {
    return new MePage.Promise(
        frame.pick(need.title().ar(), need.title().en()),
        Towns.name(need.place(), frame),
        need.startsAt(),
        need.endsAt(),
        offer.state() == Offer.State.STANDBY,
        "/a/" + links.token(Channel.PURPOSE, offer.id().about(), need.endsAt()));
  }

  private static List<Choice> languages(Frame frame) {
    return Stream.of(Language.values())
        .flatMap(language -> SpokenLanguage.of(language.tag()).stream())
        .map(one -> new Choice(one.code(), frame.pick(one.ar(), one.en())))
        .toList();
  }

  /** Until they choose another, the page speaks the language that their texts are in. */
  private Frame inTheirLanguage(RoutingContext context, Volunteer owner) {
    var frame = frames.of(context);
    if (context.request().getCookie(Preferred.COOKIE) != null) return frame;
    return frame.in(owner.language() == Language.EN ? Wording.EN : Wording.AR);
  }

  private void showProof(RoutingContext context, boolean asksForCode, Optional<Problem> why) {
    var frame = frames.of(context);
    var language = frame.words().tag();
    var flaw =
        why.map(one -> new ProofPage.Flaw(one.title().in(language), one.detail().in(language)));
    frames.show(context, "volunteer/proof", frame, new ProofPage(asksForCode, flaw));
  }

  /** The code did not do: it may be written again while it is good, else another is asked for. */
  private void refuse(RoutingContext context, Problem why) {
    context.response().setStatusCode(why.status());
    showProof(context, why == PhoneProof.WRONG_CODE, Optional.of(why));
  }

  private void refuse(RoutingContext context, Optional<Long> volunteer, Problem why) {
    context.response().setStatusCode(why.status());
    var secret = secret(context, COOKIE);
    var owner = volunteer.isPresent() ? secret.flatMap(this::owner) : Optional.<Volunteer>empty();
    if (owner.isEmpty()) {
      showProof(context, false, Optional.of(why));
    } else {
      show(context, owner.get(), secret.get(), Optional.of(why));
    }
  }

  private static void see(HttpServerResponse response, String location) {
    response.setStatusCode(SEE_OTHER).putHeader("Location", location).end();
  }

  private static Optional<String> secret(RoutingContext context, String name) {
    return Optional.ofNullable(context.request().getCookie(name)).map(Cookie::getValue);
  }

  private static String field(RoutingContext context, String name) {
    var value = context.request().getFormAttribute(name);
    return value == null ? "" : value.strip();
  }

  private static final Words WHICH_TEXTS =
      new Words("اختر أحد الزرين: start أو stop.", "Press one of the two buttons: start or stop.");

  private static final Words WHICH_LANGUAGE =
      new Words("اختر لغة من القائمة.", "Choose a language of the list.");

  private static final Problem PHONE_TAKEN =
      Problem.of(
          409,
          "phone-taken",
          new Words("الرقم مسجل لشخص آخر", "This phone is registered for somebody else"),
          new Words(
              "لم يتغير شيء. اتصل بمنسقك ليصحح السجل.",
              "Nothing was changed. Call your coordinator to put the record right."));
}
