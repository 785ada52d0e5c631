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
import org.fazaa.dispatcher.people.Point;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.reply.Arrived;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Meaning;
import org.fazaa.notifier.reply.Reading;
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

    /** Whether a person reads it, whatever else came of it. */
    default boolean forPerson() {
      return false;
    }

    /** It had its effect, and a person reads it as well. */
    record AlsoForPerson(Answered done) implements Answered {
      @Override
      public String word() {
        return done.word() + ", and for a person";
      }

      @Override
      public boolean forPerson() {
        return true;
      }

      @Override
      public List<Fact> facts() {
        var facts = new ArrayList<Fact>(done.facts());
        facts.add(new Fact.InboxChanged());
        return facts;
      }
    }

    /** Something was noted or told, and no place has changed hands. */
    record Noted(String word, List<Fact> facts) implements Answered {}

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
          case TakeOffer.Outcome.Lacking lacking -> "for a person";
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
      public boolean forPerson() {
        return true;
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
  private final TakeEffect effect;

  /** The name of the town or district that a place is in. */
  public interface Areas {
    String name(Point place, Language language);
  }

  public AnswerReplies(Pool pool, Bus bus, TakeOffer take, Areas areas) {
    this.pool = pool;
    this.bus = bus;
    this.effect = new TakeEffect(take, areas);
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
      if (!one.forPerson()) done.put(reply.id(), one.word());
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
                          true,
                          true);
                  yield run(tx, List.of(reply), now).getFirst();
                }
              };
            });
  }

  private Answered answer(Held held, Reply claimed) {
    var reading = ReadAgain.of(held, claimed);
    var reply = claimed.as(reading.meaning());
    return switch (Meant.of(reply, held.offers(reply.from()))) {
      case Meant.One(var offer) -> effect.run(held, reply, reading, Optional.of(offer.id()));
      case Meant.OneOf(var several) -> askWhich(held, several);
      case Meant.AfterNo(var offer) -> askAfterNo(held, reply, reading, offer.id());
      case Meant.None none -> effect.run(held, reply, reading, Optional.empty());
    };
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

  private Answered askAfterNo(Held held, Reply reply, Reading reading, OfferId id) {
    var asked = held.asked(id).orElseThrow();
    if (asked.stopped()) return TakeEffect.toPerson(held, reply, Optional.of(Why.STOPPED));
    if (TakeOffer.isOver(asked.need(), held.now())) {
      return effect.run(held, reply, reading, Optional.of(id));
    }
    held.tellAgain(Notice.AFTER_NO.to(asked.offer(), asked.need(), held.now()));
    return new Answered.AskedAfterNo(asked.offer());
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
