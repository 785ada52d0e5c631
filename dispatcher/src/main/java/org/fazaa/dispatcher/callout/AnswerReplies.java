package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.FailPoint;
import org.fazaa.config.Loop;
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

  /** In a rush those of a moment share a commit. */
  @Override
  public double share() {
    return 0.5;
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
    claimed.addAll(Inbox.claim(tx, Channel.PURPOSE, TOGETHER_MAX, now));
    if (claimed.isEmpty()) return List.of();
    var answered = run(tx, claimed, now);
    FailPoint.BEFORE_ANSWER_COMMIT.reach();
    return answered;
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
    return Inbox.claimOne(tx, Channel.PURPOSE, id, now)
        .map(reply -> run(tx, List.of(reply), now))
        .orElseGet(List::of);
  }

  private void tell(List<Answered> answered) {
    if (answered.isEmpty()) return;
    FailPoint.AFTER_ANSWER_COMMIT.reach();
    answered.stream().flatMap(one -> one.facts().stream()).distinct().forEach(bus::publish);
  }

  /** The effects of claimed replies, one of each phone, in the transaction that claimed them. */
  List<Answered> run(SqlConnection tx, List<Reply> replies, Instant now) {
    var held = Held.meantBy(tx, replies, now);
    var answered = new ArrayList<Answered>();
    var done = new LinkedHashMap<Long, String>();
    for (var reply : replies) {
      var one = answer(held, reply);
      answered.add(one);
      if (!(one instanceof Answered.ForPerson)) done.put(reply.id(), one.word());
    }
    held.write();
    Inbox.done(tx, done, now);
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
                  yield run(tx, List.of(reply), now).getFirst();
                }
              };
            });
  }

  private Answered answer(Held held, Reply reply) {
    var cause = Cause.reply(reply.id());
    return switch (reply.meaning()) {
      case STOP -> new Answered.Stopped(StopAsking.run(held, reply.from(), cause).facts());
      case START -> {
        Volunteers.start(held.tx(), reply.from(), held.now());
        yield new Answered.Started();
      }
      case LATER,
          LAST_RESORT,
          ON_MY_WAY,
          HERE,
          DONE,
          HELP,
          DANGER,
          WRONG_NUMBER,
          WHO,
          WHERE,
          GROUP ->
          toPerson(held, reply, Why.UNSURE);
      case PERSON -> {
        Inbox.toPerson(held.tx(), reply.id(), Worth.of(held, reply), held.now());
        yield new Answered.ForPerson();
      }
      case YES, NO, DROP ->
          switch (Meant.of(reply, held.offers(reply.from()))) {
            case Meant.One(var offer) when reply.meaning() == Meaning.YES ->
                took(held, reply, take.run(held, offer.id(), cause));
            case Meant.One(var offer) ->
                new Answered.Left(DeclineOffer.run(held, offer.id(), cause));
            case Meant.OneOf(var several) -> askWhich(held, several);
            case Meant.AfterNo(var offer) -> askAfterNo(held, reply, offer.id());
            case Meant.None none -> toPerson(held, reply, Why.NOT_ASKED);
          };
    };
  }

  private static Answered took(Held held, Reply reply, TakeOffer.Outcome outcome) {
    return outcome instanceof TakeOffer.Outcome.Stopped
        ? toPerson(held, reply, Why.STOPPED)
        : new Answered.Took(outcome);
  }

  private static Answered askWhich(Held held, List<Offer> several) {
    var last = several.getLast();
    var choices =
        several.stream()
            .map(offer -> offer.code() + " " + title(held, offer))
            .collect(Collectors.joining("; "));
    var more = Map.of("choices", choices);
    held.tellAgain(Notice.WHICH.to(last, held.need(last.need()), more, held.now()));
    return new Answered.AskedWhich(several);
  }

  private static String title(Held held, Offer offer) {
    return held.need(offer.need()).title().in(offer.language());
  }

  private Answered askAfterNo(Held held, Reply reply, OfferId id) {
    var asked = held.asked(id).orElseThrow();
    if (asked.stopped()) return toPerson(held, reply, Why.STOPPED);
    if (TakeOffer.isOver(asked.need(), held.now())) {
      return new Answered.Took(take.run(held, id, Cause.reply(reply.id())));
    }
    held.tellAgain(Notice.AFTER_NO.to(asked.offer(), asked.need(), held.now()));
    return new Answered.AskedAfterNo(asked.offer());
  }

  private static Answered toPerson(Held held, Reply reply, Why why) {
    Inbox.toPerson(held.tx(), reply.id(), why.tag(), Worth.of(held, reply), held.now());
    return new Answered.ForPerson();
  }

  private static Optional<Offer> find(SqlConnection tx, OfferId id) {
    for (var row : tx.preparedQuery(FIND).execute(Tuple.of(id.value())).await()) {
      return Optional.of(Offer.of(row));
    }
    return Optional.empty();
  }

  private static String word(Meaning meaning, Offer offer) {
    return switch (meaning) {
      case YES -> "1 " + offer.code();
      case NO -> "2 " + offer.code();
      case DROP -> "X " + offer.code();
      default -> throw new IllegalArgumentException("no such button: " + meaning);
    };
  }

  private static final String FIND = Offer.SELECT + "WHERE o.id = $1";
}
