package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.Meaning.Stage;

/**
 * One volunteer was asked for one need, and what became of it.
 *
 * @param rate how likely a yes was when they were asked
 */
public record Offer(
    OfferId id,
    NeedId need,
    VolunteerId volunteer,
    String name,
    Phone phone,
    Language language,
    Optional<Long> envelope,
    String code,
    boolean life,
    State state,
    Instant askedAt,
    Instant validUntil,
    Optional<Instant> answeredAt,
    double rate,
    Journey journey) {

  public enum State {
    OPEN,
    DECLINED,
    ASSIGNED,
    /** Extra: comes if somebody else cannot. */
    STANDBY,
    /** Had a place or was on standby, and cannot come. */
    WITHDRAWN,
    /** Staff took the place back. */
    RELEASED,
    /** Said yes when the need was full and had enough on standby. */
    TOO_LATE,
    /** Silent when the need filled or closed. */
    STOOD_DOWN,
    /** Silent for too long. */
    EXPIRED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /** Where this person stood with the need, for the meaning of their words. */
  public Stage stage() {
    return switch (state) {
      case ASSIGNED -> journey.arrived().isPresent() ? Stage.ON_SITE : Stage.ACCEPTED;
      case STANDBY -> Stage.ACCEPTED;
      case OPEN, DECLINED, WITHDRAWN, RELEASED, TOO_LATE, STOOD_DOWN, EXPIRED -> Stage.OFFERED;
    };
  }

  /**
   * The same in another state: only who gives a place back keeps how far they had come, and only
   * who is kept as the last is asked once more.
   */
  Offer in(State next) {
    return switch (next) {
      case WITHDRAWN, RELEASED -> with(next, journey);
      case OPEN -> with(next, Journey.NONE.asLast());
      case DECLINED, ASSIGNED, STANDBY, TOO_LATE, STOOD_DOWN, EXPIRED -> with(next, Journey.NONE);
    };
  }

  /** The same, who has come so far. */
  Offer with(Journey next) {
    return with(state, next);
  }

  private Offer with(State state, Journey journey) {
    return new Offer(
        id,
        need,
        volunteer,
        name,
        phone,
        language,
        envelope,
        code,
        life,
        state,
        askedAt,
        validUntil,
        answeredAt,
        rate,
        journey);
  }

  /** The columns that {@link #of} reads, from offer {@code o} and its volunteer {@code v}. */
  static final String COLUMNS =
      "o.id, o.need, o.volunteer, v.name, v.phone, v.language, o.envelope, o.code, o.life,"
          + " o.state, o.asked_at, o.valid_until, o.answered_at, o.rate, "
          + Journey.COLUMNS
          + "\n";

  static final String SELECT =
      "SELECT "
          + COLUMNS
          + "FROM dispatch.offer o JOIN dispatch.volunteer v ON v.id = o.volunteer\n";

  static Offer of(Row row) {
    return new Offer(
        new OfferId(row.getLong("id")),
        new NeedId(row.getLong("need")),
        new VolunteerId(row.getLong("volunteer")),
        row.getString("name"),
        new Phone(row.getString("phone")),
        Language.of(row.getString("language")),
        Optional.ofNullable(row.getLong("envelope")),
        row.getString("code"),
        row.getBoolean("life"),
        State.of(row.getString("state")),
        row.getOffsetDateTime("asked_at").toInstant(),
        row.getOffsetDateTime("valid_until").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("answered_at")).map(at -> at.toInstant()),
        row.getDouble("rate"),
        Journey.of(row));
  }
}
