package org.fazaa.web.volunteer;

import static org.fazaa.config.Database.utc;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.fazaa.config.Bus;
import org.fazaa.config.Database;
import org.fazaa.config.Fact;
import org.fazaa.config.Loop;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.dispatcher.people.Volunteers;
import org.fazaa.fund.giving.Statement;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.MessageClass;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.Texts;
import org.fazaa.web.session.AskCode;
import org.fazaa.web.session.AskCode.Door;
import org.fazaa.web.session.ProvePhone;

/**
 * Texts the codes that were asked for. Only here is it looked up whether anybody has the phone,
 * when whoever asked has long had an answer that says nothing of it.
 */
public final class SendCodes implements Loop.Work {

  /** The owner of texts about a volunteer's own page. */
  static final String PURPOSE = "own page";

  private static final String PHONE_CODE = "phone-code";
  private static final int PER_TURN = 50;
  private static final int CODES = 1_000_000;

  private final Pool pool;
  private final Bus bus;
  private final RandomGenerator random;

  /** {@code random} must be one that nobody can foretell. */
  public SendCodes(Pool pool, Bus bus, RandomGenerator random) {
    this.pool = pool;
    this.bus = bus;
    this.random = random;
  }

  @Override
  public String name() {
    return "send codes";
  }

  @Override
  public boolean run(Instant now) {
    int taken = Database.inTransaction(pool, tx -> take(tx, now));
    if (taken > 0) bus.publish(new Fact.OutboxFilled());
    return taken == PER_TURN;
  }

  private int take(SqlConnection tx, Instant now) {
    var waiting = tx.preparedQuery(TAKE).execute(Tuple.of(utc(now), PER_TURN)).await();
    for (var row : waiting) {
      var hash = reader(tx, row).map(reader -> send(tx, row, reader, now)).orElse(null);
      tx.preparedQuery(HANDLED)
          .execute(Tuple.of(row.getBuffer("request").getBytes(), hash, utc(now)))
          .await();
    }
    return waiting.size();
  }

  /** In which language its owner reads; empty when nobody has this phone. */
  private static Optional<Language> reader(SqlConnection tx, Row row) {
    var phone = new Phone(row.getString("phone"));
    var mover = row.getLong("volunteer");
    return switch (Door.valueOf(row.getString("door").toUpperCase(Locale.ROOT))) {
      case GIVER -> Statement.findLanguage(tx, phone);
      case VOLUNTEER ->
          (mover == null ? Volunteers.find(tx, phone) : Volunteers.find(tx, new VolunteerId(mover)))
              .map(Volunteer::language);
    };
  }

  // Somebody has just asked for it and waits: it is an answer at any hour, and the way back for
  // whoever said stop.
  private byte[] send(SqlConnection tx, Row row, Language reader, Instant now) {
    var code = String.format(Locale.ROOT, "%06d", random.nextInt(CODES));
    var asked = row.getOffsetDateTime("asked_at").toInstant();
    var draft =
        new Draft(
            new Phone(row.getString("phone")),
            reader,
            MessageClass.SERVICE,
            PURPOSE,
            PHONE_CODE,
            null,
            Texts.render(PHONE_CODE, reader, Map.of("code6", code)),
            false,
            Occasion.ANSWER,
            AskCode.budget(asked),
            Outbox.ANSWERS_FIRST,
            row.getOffsetDateTime("expires_at").toInstant());
    Outbox.addDespiteStop(tx, draft, now);
    return ProvePhone.hash(row.getBuffer("request").getBytes(), code);
  }

  private static final String TAKE =
      """
      SELECT request, phone, volunteer, door, asked_at, expires_at FROM web.phone_code
      WHERE handled_at IS NULL AND expires_at > $1
      ORDER BY asked_at
      LIMIT $2
      FOR UPDATE SKIP LOCKED\
      """;

  private static final String HANDLED =
      "UPDATE web.phone_code SET code = $2, handled_at = $3 WHERE request = $1";
}
