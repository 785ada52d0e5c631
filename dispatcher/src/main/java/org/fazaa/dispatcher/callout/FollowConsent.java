package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.notifier.Consent;
import org.fazaa.notifier.Unreachable;

/**
 * Whoever may not or cannot be texted any more is not asked any more, by whatever way that became
 * known: their carrier blocks us, their number is gone, a person said so. Those who come back are
 * asked again.
 */
public final class FollowConsent implements Loop.Work {
  private static final int PER_TURN = 200;

  private final Pool pool;
  private final Bus bus;

  public FollowConsent(Pool pool, Bus bus) {
    this.pool = pool;
    this.bus = bus;
  }

  @Override
  public String name() {
    return "follow consent";
  }

  @Override
  public List<Class<? extends Fact>> wokenBy() {
    return List.of(Fact.TextChanged.class);
  }

  @Override
  public boolean run(Instant now) {
    var facts = Database.inTransaction(pool, tx -> follow(tx, now));
    facts.forEach(bus::publish);
    return !facts.isEmpty();
  }

  private static List<Fact> follow(SqlConnection tx, Instant now) {
    var phones = Consent.takeChanged(tx, PER_TURN, now);
    var facts = new ArrayList<Fact>();
    if (phones.isEmpty()) return facts;
    var stopped = Consent.stopped(tx, phones);
    var unreachable = Unreachable.among(tx, phones);
    var held = Held.of(tx, List.copyOf(stopped), now);
    for (var phone : phones) {
      var volunteer = Volunteers.find(tx, phone);
      if (volunteer.isEmpty()) continue;
      follow(tx, volunteer.get(), unreachable.contains(phone), now);
      if (stopped.contains(phone)) {
        facts.addAll(StopAsking.run(held, phone, Cause.SYSTEM).facts());
      } else if (volunteer.get().stoppedAt().isPresent()) {
        Volunteers.start(tx, phone, now);
      }
    }
    held.write();
    // Told even of nobody we know: there may be more of them behind.
    facts.add(new Fact.VolunteersChanged());
    return facts;
  }

  // Whom no text reaches keeps what they have promised: they may well be on their way.
  private static void follow(
      SqlConnection tx, Volunteer volunteer, boolean unreachable, Instant now) {
    if (unreachable) {
      Volunteers.lose(tx, volunteer.phone(), now);
    } else if (volunteer.unreachableAt().isPresent()) {
      Volunteers.reach(tx, volunteer.phone());
    }
  }
}
