package org.fazaa.dispatcher.callout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fazaa.config.Fact;
import org.fazaa.dispatcher.callout.AnswerReplies.Answered;
import org.fazaa.dispatcher.callout.AnswerReplies.Areas;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Alarm;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.reply.Attachments;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Reading;
import org.fazaa.notifier.reply.Reading.Why;
import org.fazaa.notifier.reply.Reply;

/** One reply has its {@link Effect} on what is held. */
final class TakeEffect {
  /** A link to a map, or coordinates. */
  private static final Pattern PLACE =
      Pattern.compile("https?://\\S*map|geo:|\\d{1,2}\\.\\d{3,}\\s*[,،]\\s*-?\\d{1,3}\\.\\d{3,}");

  private final TakeOffer take;
  private final Areas areas;

  TakeEffect(TakeOffer take, Areas areas) {
    this.take = take;
    this.areas = areas;
  }

  /** What a reply is about: it, how it was read, and the offer with its need. */
  private record Said(Held held, Reply reply, Reading reading, Asked asked) {
    OfferId id() {
      return asked.offer().id();
    }

    Cause cause() {
      return Cause.reply(reply.id());
    }

    /** As it stands by now. */
    Offer offer() {
      return held.asked(id()).orElseThrow().offer();
    }

    Optional<Instant> at() {
      return Arrival.at(reading, asked.need(), held.now());
    }

    void tell(Notice notice) {
      held.tell(notice.to(offer(), asked.need(), held.now()));
    }

    void tellAgain(Notice notice) {
      held.tellAgain(notice.to(offer(), asked.need(), held.now()));
    }

    Answered done(String word) {
      return new Answered.Noted(word, TakeOffer.changed(asked));
    }
  }

  /**
   * @param reply with the meaning of its reading
   */
  Answered run(Held held, Reply reply, Reading reading, Optional<OfferId> meant) {
    var asked = meant.flatMap(held::asked);
    var standing =
        asked.map(one -> Standing.of(one.offer(), one.need(), held.now())).orElse(Standing.NONE);
    var effect = Effect.of(meaning(reading, asked), reading.isSure(), standing);
    return asked
        .map(one -> act(effect, new Said(held, reply, reading, one)))
        .orElseGet(() -> actOnNothing(effect, held, reply));
  }

  // Whoever was asked for a time may answer with nothing else.
  private static Meaning meaning(Reading reading, Optional<Asked> asked) {
    var named = reading.at() != null || reading.etaMinutes() != null;
    var leaning = asked.filter(one -> one.offer().journey().leaning()).isPresent();
    return reading.meaning() == Meaning.PERSON && named && leaning
        ? Meaning.LATER
        : reading.meaning();
  }

  private Answered act(Effect effect, Said said) {
    return switch (effect) {
      case TAKE, TAKE_AGAIN, SAY_OVER -> take(said);
      case ASK_TIME -> askTime(said);
      case WEIGH -> weigh(said);
      case EXPECT -> expect(said);
      case KEEP_LAST -> keepLast(said);
      case SET_OUT -> setOut(said);
      case ARRIVE -> arrive(said);
      case DEPART -> depart(said);
      case LEAVE -> leave(said);
      case SAY_HELP -> say(said, Notice.HELP, "told how to answer");
      case SAY_WHO -> say(said, Notice.WHO, "told who writes");
      case SAY_PLACE -> say(said, Notice.WHERE, "told the place");
      case SAY_AREA -> sayArea(said);
      case BRING -> bring(said);
      case NOTHING -> new Answered.Noted("known", List.of());
      case PERSON -> person(said);
      case DANGER -> danger(said);
      case STOP, START, FREE_PHONE -> actOnNothing(effect, said.held, said.reply);
    };
  }

  /** What needs no offer. */
  private Answered actOnNothing(Effect effect, Held held, Reply reply) {
    return switch (effect) {
      case STOP ->
          new Answered.Stopped(StopAsking.run(held, reply.from(), Cause.reply(reply.id())).facts());
      case START -> {
        Volunteers.start(held.tx(), reply.from(), held.now());
        yield new Answered.Started();
      }
      case FREE_PHONE -> freePhone(held, reply);
      case DANGER -> {
        ring(held, reply);
        if (reply.decided()) yield new Answered.Noted("danger", List.of());
        yield toPerson(held, reply, Optional.of(Why.DANGER));
      }
      case TAKE,
          TAKE_AGAIN,
          ASK_TIME,
          WEIGH,
          EXPECT,
          KEEP_LAST,
          SET_OUT,
          ARRIVE,
          DEPART,
          LEAVE,
          SAY_HELP,
          SAY_WHO,
          SAY_AREA,
          SAY_PLACE,
          BRING,
          SAY_OVER,
          NOTHING,
          PERSON ->
          toPerson(held, reply, Optional.of(Why.NOT_ASKED));
    };
  }

  // --- places

  private Answered take(Said said) {
    var outcome = take.run(said.held, said.id(), said.cause());
    if (outcome instanceof TakeOffer.Outcome.Stopped) {
      return toPerson(said.held, said.reply, Optional.of(Why.STOPPED));
    }
    if (outcome instanceof TakeOffer.Outcome.Lacking) {
      return toPerson(said.held, said.reply, Optional.of(Why.LACKS_SKILL));
    }
    if (said.offer().state() == State.ASSIGNED) expectAt(said);
    return new Answered.Took(outcome);
  }

  private static void expectAt(Said said) {
    var at = said.at().filter(then -> then.isBefore(said.asked.need().endsAt()));
    at.ifPresent(then -> said.held.mark(said.id(), j -> j.expected(then), "eta", said.cause()));
  }

  private static Answered leave(Said said) {
    return new Answered.Left(DeclineOffer.run(said.held, said.id(), said.cause()));
  }

  private static Answered askTime(Said said) {
    if (said.asked.stopped()) return toPerson(said.held, said.reply, Optional.of(Why.STOPPED));
    if (said.offer().state() == State.OPEN && !said.offer().journey().leaning()) {
      said.held.mark(said.id(), Journey::lean, "leaning", said.cause());
      said.tell(Notice.ASK_TIME);
    } else {
      said.tellAgain(Notice.ASK_TIME);
    }
    return said.done("asked for a time");
  }

  private Answered weigh(Said said) {
    return switch (Arrival.of(said.at(), said.asked.need(), said.held.now())) {
      case UNKNOWN -> askTime(said);
      case IN_TIME -> take(said);
      case LATE -> noteTime(said);
      case TOO_LATE -> leave(said);
    };
  }

  // Whether to take somebody who comes in the middle is the coordinator's to say.
  private static Answered noteTime(Said said) {
    if (said.asked.stopped()) return toPerson(said.held, said.reply, Optional.of(Why.STOPPED));
    var at = said.at().orElseThrow();
    said.held.mark(said.id(), journey -> journey.expected(at), "eta", said.cause());
    said.tell(Notice.NOTED_TIME);
    return alsoForPerson(said, said.done("noted the time"));
  }

  private static Answered expect(Said said) {
    var when = Arrival.of(said.at(), said.asked.need(), said.held.now());
    return switch (when) {
      case UNKNOWN -> {
        said.tellAgain(Notice.ASK_TIME);
        yield said.done("asked for a time");
      }
      case IN_TIME, LATE -> {
        expectAt(said);
        said.tell(said.offer().state() == State.ASSIGNED ? Notice.ON_MY_WAY_AT : Notice.STANDBY);
        yield said.done("expected then");
      }
      case TOO_LATE -> person(said);
    };
  }

  private static Answered keepLast(Said said) {
    if (said.asked.stopped()) return toPerson(said.held, said.reply, Optional.of(Why.STOPPED));
    if (said.offer().journey().lastResort()) {
      said.tellAgain(Notice.LAST_RESORT);
      return said.done("kept as the last");
    }
    if (said.offer().state() != State.OPEN) {
      said.held.change(said.offer(), State.OPEN, said.cause());
    }
    said.held.mark(said.id(), Journey::asLast, "last resort", said.cause());
    said.held.askAgain(said.asked.need().id());
    said.tell(Notice.LAST_RESORT);
    return said.done("kept as the last");
  }

  // --- on the way, there and gone

  private Answered setOut(Said said) {
    var had = said.offer().state() == State.ASSIGNED;
    if (!had || isOver(said)) {
      var took = take(said);
      if (said.offer().state() != State.ASSIGNED || isOver(said)) return noPlace(said, took);
    }
    var before = said.offer().journey();
    var now = said.held.now();
    var at = said.at().filter(then -> then.isBefore(said.asked.need().endsAt()));
    if (before.onWay().isEmpty()) {
      said.held.mark(said.id(), journey -> journey.setOut(now), "on the way", said.cause());
    }
    if (had) expectAt(said);
    var notice = at.isPresent() ? Notice.ON_MY_WAY_AT : Notice.ON_MY_WAY;
    if (before.onWay().isEmpty() || at.isPresent()) {
      said.tell(notice);
    } else {
      said.tellAgain(notice);
    }
    return said.done("on the way");
  }

  private Answered arrive(Said said) {
    if (said.offer().state() != State.ASSIGNED || isOver(said)) {
      var took = take(said);
      if (said.offer().state() != State.ASSIGNED || isOver(said)) return noPlace(said, took);
    }
    if (said.offer().journey().arrived().isPresent()) {
      said.tellAgain(Notice.ARRIVED);
      return said.done("there");
    }
    var now = said.held.now();
    said.held.mark(said.id(), journey -> journey.arrive(now), "arrived", said.cause());
    said.tell(Notice.ARRIVED);
    return said.done("there");
  }

  private static boolean isOver(Said said) {
    return TakeOffer.isOver(said.asked.need(), said.held.now());
  }

  // They have set out for nothing unless somebody tells them more than our text does.
  private static Answered noPlace(Said said, Answered told) {
    return told.forPerson() ? told : alsoForPerson(said, told);
  }

  private static Answered depart(Said said) {
    var journey = said.offer().journey();
    if (said.offer().state() != State.ASSIGNED || journey.left().isPresent()) {
      return new Answered.Noted("known", List.of());
    }
    var now = said.held.now();
    said.held.mark(said.id(), one -> one.leave(now), "left", said.cause());
    said.tell(Notice.LEFT);
    var left = said.done("left");
    return journey.arrived().isPresent() ? left : alsoForPerson(said, left);
  }

  // --- words

  private static Answered say(Said said, Notice notice, String word) {
    said.tellAgain(notice);
    return new Answered.Noted(word, List.of(new Fact.OutboxFilled()));
  }

  private Answered sayArea(Said said) {
    var need = said.asked.need();
    var area = areas.name(need.place(), said.offer().language());
    var more = Map.of("area", area);
    said.held.tellAgain(Notice.WHERE_AREA.to(said.offer(), need, more, said.held.now()));
    return new Answered.Noted("told the area", List.of(new Fact.OutboxFilled()));
  }

  // The writer's own yes counts; the others are people whom nobody knows yet.
  private Answered bring(Said said) {
    var known = said.offer().journey().party().isPresent();
    if (said.offer().state() != State.ASSIGNED) {
      var took = take(said);
      if (took.forPerson()) return took;
    }
    var party = said.reading.party();
    if (party != null && party > 1) {
      var many = Math.min(party, PARTY_MAX);
      said.held.mark(said.id(), journey -> journey.with(many), "group", said.cause());
    }
    var notice = known ? Notice.GROUP_NOTED : Notice.GROUP;
    if (known) said.tellAgain(notice);
    else said.tell(notice);
    return alsoForPerson(said, said.done("a group"));
  }

  // --- danger, strangers and people

  private static Answered danger(Said said) {
    ring(said.held, said.reply);
    var where = hasPlace(said.held, said.reply) ? Notice.DANGER : Notice.DANGER_WHERE;
    said.held.tellDespiteRepeats(where.to(said.offer(), said.asked.need(), said.held.now()));
    if (said.reply.decided()) return said.done("danger");
    return toPerson(said.held, said.reply, Optional.of(Why.DANGER));
  }

  private static boolean hasPlace(Held held, Reply reply) {
    return PLACE.matcher(reply.body()).find() || Attachments.hasPin(held.tx(), reply.id());
  }

  private static void ring(Held held, Reply reply) {
    var about = reply.about() == null ? "reply " + reply.id() : "offer " + reply.about();
    Alarm.raise(held.tx(), Alarm.Kind.DANGER, about, "reply " + reply.id(), held.now());
  }

  // Nobody who reads this text gave us that number, so it says nothing of what it was about.
  private static Answered freePhone(Held held, Reply reply) {
    var last = held.offers(reply.from()).stream().findFirst();
    var left = StopAsking.leave(held, reply.from(), Cause.reply(reply.id()));
    var abouts = left.left().stream().map(asked -> asked.offer().id().about()).toList();
    Outbox.withdraw(held.tx(), Channel.PURPOSE, abouts, held.now());
    var facts = new ArrayList<Fact>(left.facts());
    var freed = Volunteers.freePhone(held.tx(), reply.from(), held.now());
    if (freed.isEmpty()) return new Answered.Noted("known", List.of());
    last.ifPresent(
        offer -> held.tell(Notice.WRONG_NUMBER.to(offer, held.need(offer.need()), held.now())));
    facts.add(new Fact.VolunteersChanged());
    facts.add(new Fact.OutboxFilled());
    return new Answered.Noted("phone freed", List.copyOf(facts));
  }

  // Whoever has spoken of danger is asked where they are until a person has read it.
  private static Answered person(Said said) {
    return !said.reply.decided() && Inbox.isInDanger(said.held.tx(), said.reply.from())
        ? danger(said)
        : toPerson(said.held, said.reply, Optional.empty());
  }

  // A person who has read it needs not read it again.
  private static Answered alsoForPerson(Said said, Answered done) {
    if (said.reply.decided()) return done;
    toPerson(said.held, said.reply, Optional.empty());
    return new Answered.AlsoForPerson(done);
  }

  /**
   * @param why another reason than the one by which it was read
   */
  static Answered toPerson(Held held, Reply reply, Optional<Why> why) {
    var worth =
        why.filter(Why.DANGER::equals).isPresent() ? Inbox.WORTH_DANGER : Worth.of(held, reply);
    Inbox.toPerson(held.tx(), reply, why.map(Why::tag).orElse(null), worth, held.now());
    return new Answered.ForPerson();
  }

  private static final int PARTY_MAX = 500;
}
