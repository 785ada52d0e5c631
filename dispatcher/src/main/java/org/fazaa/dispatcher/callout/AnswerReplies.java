package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.FailPoint;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.News;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Reading.Why;
import org.fazaa.notifier.reply.Reply;
import org.fazaa.notifier.reply.TakeReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What volunteers answer takes effect: the claim, the effect and the text back commit together.
 * Those that wait share a commit, one of each phone, in the order in which they came.
 */
public final class AnswerReplies implements Loop.Work {
  private static final int TOGETHER_MAX = 50;
  private static final int COMMITS_PER_TURN = 20;
  private static final Logger LOG = LoggerFactory.getLogger(AnswerReplies.class);

  /** What came of a reply. */
  public sealed interface Answered extends News {
    /** A word for those who look at the reply later. */
    String word();

    record Took(TakeOffer.Outcome outcome) implements Answered {
      @Override
      public String word() {
        return switch (outcome) {
          case TakeOffer.Outcome.Assigned yes -> "assigned";
          case TakeOffer.Outcome.AlreadyYours yours -> "already theirs";
          case TakeOffer.Outcome.OnStandby extra -> "standby";
          case TakeOffer.Outcome.Full full -> "full";
          case TakeOffer.Outcome.Closed closed -> "closed";
          case TakeOffer.Outcome.Overlaps overlaps -> "busy then";
          case TakeOffer.Outcome.Stopped stopped -> "for a person";
          case TakeOffer.Outcome.NoSuchOffer none -> "no such offer";
        };
      }

      @Override
      public List<Fact> facts() {
        return outcome.facts();
      }
    }

    record Left(DeclineOffer.Outcome outcome) implements Answered {
      @Override
      public String word() {
        return switch (outcome) {
          case DeclineOffer.Outcome.Declined no -> "declined";
          case DeclineOffer.Outcome.GaveBack back -> "gave back";
          case DeclineOffer.Outcome.NothingToDo known -> "known";
          case DeclineOffer.Outcome.NoSuchOffer none -> "no such offer";
        };
      }

      @Override
      public List<Fact> facts() {
        return outcome.facts();
      }
    }

    /** Several offers could be meant: they were asked which. */
    record AskedWhich(List<Offer> offers) implements Answered {
      @Override
      public String word() {
        return "asked which";
      }

      @Override
      public List<Fact> facts() {
        return List.of(new Fact.OutboxFilled());
      }
    }

    /** They had said no, and now a word that may be a yes or thanks: they were asked. */
    record AskedAfterNo(Offer offer) implements Answered {
      @Override
      public String word() {
        return "asked after no";
      }

      @Override
      public List<Fact> facts() {
        return List.of(new Fact.OutboxFilled());
      }
    }

    record Stopped(List<Fact> facts) implements Answered {
      @Override
      public String word() {
        return "stopped";
      }
    }

    record Started() implements Answered {
      @Override
      public String word() {
        return "started";
      }

      @Override
      public List<Fact> facts() {
        return List.of(new Fact.VolunteersChanged());
      }
    }

    record ForPerson() implements Answered {
      @Override
      public String word() {
        return "for a person";
      }

      @Override
      public List<Fact> facts() {
        return List.of(new Fact.InboxChanged());
      }
    }

    /** The same press of the same button, again: nothing happens twice. */
    record Repeated(Offer offer) implements Answered {
      @Override
      public String word() {
        return "repeated";
      }
    }
  }

  private final Pool pool;
  private final Bus bus;
  private final TakeOffer take;

  public AnswerReplies(Pool pool, Bus bus, TakeOffer take) {
    this.pool = pool;
    this.bus = bus;
    this.take = take;
  }

  @Override
  public String name() {
    return "answer replies";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.InboxChanged.class); // said when a reply has been read
  }

  @Override
  public boolean run(Instant now) {
    for (var i = 0; i < COMMITS_PER_TURN; i++) {
      if (!answerTogether(now)) return i > 0;
    }
    return true;
  }

  private boolean answerTogether(Instant now) {
    var claimed = new ArrayList<Reply>();
    try {
      tell(Database.inTransaction(pool, tx -> answerTogether(tx, claimed, now)));
    } catch (Database.Away e) {
      throw e;
    } catch (RuntimeException e) {
      if (claimed.isEmpty()) throw e;
      LOG.warn("{} replies could not be handled together, now each alone", claimed.size(), e);
      claimed.forEach(reply -> answerAlone(reply.id(), now));
    }
    return !claimed.isEmpty();
  }

  // Claimed again from the start whenever the database wants the transaction repeated.
  private List<Answered> answerTogether(SqlConnection tx, List<Reply> claimed, Instant now) {
    claimed.clear();
    Database.later(tx.query(PLAN_ONCE).execute());
    claimed.addAll(Inbox.claim(tx, Channel.PURPOSE, TOGETHER_MAX, now));
    if (claimed.size() > 1) hold(tx, claimed);
    var answered = claimed.stream().map(reply -> run(tx, reply, now)).toList();
    if (!answered.isEmpty()) FailPoint.BEFORE_ANSWER_COMMIT.reach();
    return answered;
  }

  private static void hold(SqlConnection tx, List<Reply> replies) {
    var offers = replies.stream().map(Reply::about).filter(Objects::nonNull).map(OfferId::of);
    Asked.holdAll(tx, replies.stream().map(Reply::from).toList(), offers.toList());
  }

  // A reply that we cannot handle must not hold up the others: in the end a person reads it.
  private void answerAlone(long id, Instant now) {
    try {
      tell(Database.inTransaction(pool, tx -> answerAlone(tx, id, now)));
    } catch (Database.Away e) {
      throw e;
    } catch (RuntimeException e) {
      var givenUp = Database.inTransaction(pool, tx -> Inbox.failed(tx, id, now));
      LOG.error("reply {} could not be handled, {}", id, givenUp ? "a person must" : "yet", e);
      if (givenUp) bus.publish(new Fact.InboxChanged());
    }
  }

  private List<Answered> answerAlone(SqlConnection tx, long id, Instant now) {
    return Inbox.claimOne(tx, Channel.PURPOSE, id, now).stream()
        .map(reply -> run(tx, reply, now))
        .toList();
  }

  private void tell(List<Answered> answered) {
    if (answered.isEmpty()) return;
    FailPoint.AFTER_ANSWER_COMMIT.reach();
    answered.stream().flatMap(one -> one.facts().stream()).distinct().forEach(bus::publish);
  }

  /** The effect of one claimed reply, in the transaction that claimed it. */
  public Answered run(SqlConnection tx, Reply reply, Instant now) {
    var answered = answer(tx, reply, now);
    if (!(answered instanceof Answered.ForPerson)) {
      Inbox.done(tx, reply.id(), answered.word(), now);
    }
    return answered;
  }

  /**
   * A button of the answer page was pressed: kept as a reply like any other, and effective at once,
   * so that the person knows at once.
   *
   * @param key made when the page was drawn; a second press with it changes nothing
   */
  public Optional<Answered> press(
      SqlConnection tx, OfferId id, Meaning meaning, String key, Instant now) {
    return find(tx, id)
        .map(
            offer -> {
              var arrived =
                  new Arrived("link", key, offer.phone(), "", word(meaning, offer), Map.of());
              return switch (TakeReply.run(tx, arrived, now)) {
                case TakeReply.Outcome.Repeated again -> new Answered.Repeated(offer);
                case TakeReply.Outcome.Kept(var kept) -> {
                  var reply =
                      new Reply(
                          kept,
                          offer.phone(),
                          arrived.body(),
                          meaning,
                          offer.code(),
                          id.about(),
                          now,
                          "link",
                          true);
                  yield run(tx, reply, now);
                }
              };
            });
  }

  private Answered answer(SqlConnection tx, Reply reply, Instant now) {
    var cause = Cause.reply(reply.id());
    return switch (reply.meaning()) {
      case STOP -> new Answered.Stopped(StopAsking.run(tx, reply.from(), cause, now).facts());
      case START -> {
        Volunteers.start(tx, reply.from(), now);
        yield new Answered.Started();
      }
      case PERSON -> toPerson(tx, reply, Why.UNSURE, now);
      case YES, NO, DROP ->
          switch (Meant.of(reply, offers(tx, reply))) {
            case Meant.One(var offer) when reply.meaning() == Meaning.YES ->
                took(tx, reply, take.run(tx, offer.id(), cause, now), now);
            case Meant.One(var offer) ->
                new Answered.Left(DeclineOffer.run(tx, offer.id(), cause, now));
            case Meant.OneOf(var several) -> askWhich(tx, several, now);
            case Meant.AfterNo(var offer) -> askAfterNo(tx, reply, offer.id(), now);
            case Meant.None none -> toPerson(tx, reply, Why.NOT_ASKED, now);
          };
    };
  }

  private static Answered took(
      SqlConnection tx, Reply reply, TakeOffer.Outcome outcome, Instant now) {
    return outcome instanceof TakeOffer.Outcome.Stopped
        ? toPerson(tx, reply, Why.STOPPED, now)
        : new Answered.Took(outcome);
  }

  private static Answered askWhich(SqlConnection tx, List<Offer> several, Instant now) {
    var needs =
        several.stream()
            .map(offer -> Need.find(tx, offer.need()).orElseThrow())
            .collect(Collectors.toMap(Need::id, need -> need));
    var last = several.getLast();
    var choices =
        several.stream()
            .map(offer -> offer.code() + " " + needs.get(offer.need()).title().in(offer.language()))
            .collect(Collectors.joining("; "));
    var text = Notice.WHICH.to(last, needs.get(last.need()), Map.of("choices", choices), now);
    Places.tellAgain(tx, text, now);
    return new Answered.AskedWhich(several);
  }

  private Answered askAfterNo(SqlConnection tx, Reply reply, OfferId id, Instant now) {
    var asked = Asked.lock(tx, id).orElseThrow();
    if (asked.stopped()) return toPerson(tx, reply, Why.STOPPED, now);
    if (TakeOffer.isOver(asked.need(), now)) {
      return new Answered.Took(take.run(tx, id, Cause.reply(reply.id()), now));
    }
    Places.tellAgain(tx, Notice.AFTER_NO.to(asked.offer(), asked.need(), now), now);
    return new Answered.AskedAfterNo(asked.offer());
  }

  private static Answered toPerson(SqlConnection tx, Reply reply, Why why, Instant now) {
    Inbox.toPerson(tx, reply.id(), why.tag(), now);
    return new Answered.ForPerson();
  }

  private static Optional<Offer> find(SqlConnection tx, OfferId id) {
    for (var row : tx.preparedQuery(FIND).execute(Tuple.of(id.value())).await()) {
      return Optional.of(Offer.of(row));
    }
    return Optional.empty();
  }

  private static List<Offer> offers(SqlConnection tx, Reply reply) {
    var about = reply.about() == null ? null : OfferId.of(reply.about()).value();
    var offers = new ArrayList<Offer>();
    var rows = tx.preparedQuery(FIND_MEANT).execute(Tuple.of(reply.from().e164(), about)).await();
    for (var row : rows) offers.add(Offer.of(row));
    return offers;
  }

  private static String word(Meaning meaning, Offer offer) {
    return switch (meaning) {
      case YES -> "1 " + offer.code();
      case NO -> "2 " + offer.code();
      case DROP -> "X " + offer.code();
      case STOP, START, PERSON -> throw new IllegalArgumentException("no such button: " + meaning);
    };
  }

  // To a plan made for one call its arrays look shorter, so it seems cheaper and is made anew each
  // time; here everything is found by number, whatever the numbers are.
  private static final String PLAN_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan";

  private static final String FIND = Offer.SELECT + "WHERE o.id = $1";

  private static final String FIND_MEANT =
      Offer.SELECT
          + """
          JOIN dispatch.need n ON n.id = o.need
          WHERE v.phone = $1 AND (o.id = $2
            OR (o.state IN ('open', 'assigned', 'standby') AND n.state <> 'closed'))
          ORDER BY o.id
          """;
}
