package org.fazaa.fund.spending;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.notifier.Alarm;
import org.fazaa.notifier.reply.Inbox;
import org.fazaa.notifier.reply.Reading.Why;
import org.fazaa.notifier.reply.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fund claims the replies to its own texts: what people say of what reached them takes effect
 * in the transaction that claims it.
 */
public final class TakeDeliveryAnswers implements Loop.Work {
  private static final int REPLIES_AT_ONCE = 50;
  private static final Logger LOG = LoggerFactory.getLogger(TakeDeliveryAnswers.class);

  private final Pool pool;
  private final Bus bus;

  public TakeDeliveryAnswers(Pool pool, Bus bus) {
    this.pool = pool;
    this.bus = bus;
  }

  @Override
  public String name() {
    return "take delivery answers";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.InboxChanged.class);
  }

  @Override
  public boolean run(Instant now) {
    var claimed = new ArrayList<Reply>();
    try {
      Database.inTransaction(pool, tx -> takeAll(tx, claimed, now)).forEach(bus::publish);
    } catch (Database.Away e) {
      throw e;
    } catch (RuntimeException e) {
      if (claimed.isEmpty()) throw e;
      LOG.warn("{} answers about deliveries could not be taken together", claimed.size(), e);
      claimed.forEach(reply -> takeAlone(reply.id(), now));
    }
    return !claimed.isEmpty();
  }

  private static List<Fact> takeAll(SqlConnection tx, List<Reply> claimed, Instant now) {
    claimed.clear();
    claimed.addAll(Inbox.claim(tx, AskDelivery.PURPOSE, REPLIES_AT_ONCE, now));
    var facts = new ArrayList<Fact>();
    for (var reply : claimed) facts.addAll(take(tx, reply, now));
    return facts.stream().distinct().toList();
  }

  // One that cannot be handled must not hold up the others: in the end a person reads it.
  private void takeAlone(long id, Instant now) {
    try {
      Database.inTransaction(
              pool,
              tx ->
                  Inbox.claimOne(tx, AskDelivery.PURPOSE, id, now)
                      .map(reply -> take(tx, reply, now))
                      .orElse(List.of()))
          .forEach(bus::publish);
    } catch (Database.Away e) {
      throw e;
    } catch (RuntimeException e) {
      var givenUp = Database.inTransaction(pool, tx -> Inbox.failed(tx, id, now));
      LOG.error("reply {} could not be handled, {}", id, givenUp ? "a person must" : "yet", e);
      if (givenUp) bus.publish(new Fact.InboxChanged());
    }
  }

  private static List<Fact> take(SqlConnection tx, Reply reply, Instant now) {
    return switch (reply.meaning()) {
      case YES, HERE, DONE -> answered(tx, reply, true, now);
      case NO -> answered(tx, reply, false, now);
      // Those of consent have had their effect.
      case STOP, START -> done(tx, reply, "noted", now);
      case DANGER -> {
        if (!reply.decided()) {
          var about = "delivery " + reply.about();
          Alarm.raise(tx, Alarm.Kind.DANGER, about, "reply " + reply.id(), now);
        }
        yield toPerson(tx, reply, Why.DANGER.tag(), Inbox.WORTH_DANGER, now);
      }
      case LATER, LAST_RESORT, ON_MY_WAY, DROP, HELP, WRONG_NUMBER, WHO, WHERE, GROUP, PERSON ->
          toPerson(tx, reply, null, Inbox.WORTH_LEAST, now);
    };
  }

  private static List<Fact> answered(SqlConnection tx, Reply reply, boolean received, Instant now) {
    var question = question(reply.about());
    if (question.isEmpty()) {
      return toPerson(tx, reply, null, Inbox.WORTH_LEAST, now);
    }
    var facts =
        DeliveryAnswers.take(
            tx, question.get(), received, Optional.of(reply.id()), Optional.of(reply.from()), now);
    Inbox.done(tx, Map.of(reply.id(), received ? "received" : "not received"), now);
    return facts;
  }

  // Texts to partners are marked by words; they ask for no answer.
  private static Optional<Long> question(String about) {
    return about != null && about.chars().allMatch(Character::isDigit)
        ? Optional.of(Long.valueOf(about))
        : Optional.empty();
  }

  private static List<Fact> done(SqlConnection tx, Reply reply, String word, Instant now) {
    Inbox.done(tx, Map.of(reply.id(), word), now);
    return List.of();
  }

  private static List<Fact> toPerson(
      SqlConnection tx, Reply reply, String why, int worth, Instant now) {
    if (reply.decided()) return done(tx, reply, "seen", now);
    Inbox.toPerson(tx, reply, why, worth, now);
    return List.of(new Fact.InboxChanged());
  }
}
