package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.callout.Offer.State;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Title;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.reply.Reply;

/**
 * Needs, people and what they were asked, held until the transaction ends: needs first and then
 * people, each in the order of their numbers, so that whoever answers many together waits for
 * nobody who waits for them. What is decided shows here at once, and in the tables after {@link
 * #write}: many answers are a few statements.
 */
final class Held {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Set<State> LIVE = EnumSet.of(State.OPEN, State.ASSIGNED, State.STANDBY);

  private final SqlConnection tx;
  private final Instant now;
  private final List<OfferId> meant;
  private final List<Phone> phones;
  private final Map<NeedId, Need> needs = new HashMap<>();
  private final Map<OfferId, Own> offers = new LinkedHashMap<>();

  private final Map<OfferId, Change> changes = new LinkedHashMap<>();
  private final Map<OfferId, Mark> marks = new LinkedHashMap<>();
  private final Map<NeedId, Count> counts = new LinkedHashMap<>();
  private final Set<VolunteerId> busy = new LinkedHashSet<>();
  private final List<Draft> texts = new ArrayList<>();

  /** An offer of somebody who is held, with the time that it is for. */
  private record Own(
      Offer offer,
      boolean stopped,
      boolean lacking,
      Title title,
      Instant from,
      Instant until,
      boolean closed) {
    Own as(Offer offer) {
      return new Own(offer, stopped, lacking, title, from, until, closed);
    }

    boolean takesThatTimeOf(Need need) {
      return offer.state() == State.ASSIGNED
          && !closed
          && !offer.need().equals(need.id())
          && need.overlaps(from, until);
    }
  }

  private record Change(State state, Cause cause) {}

  /** What somebody said beside their answer, or how far they have come. */
  private record Mark(Journey journey, String what, Cause cause) {}

  /**
   * @param again whether somebody else may have to be asked
   */
  private record Count(int filled, int yes, int standby, boolean again) {
    Count plus(Count more) {
      return new Count(
          filled + more.filled, yes + more.yes, standby + more.standby, again || more.again);
    }
  }

  private Held(SqlConnection tx, List<OfferId> meant, List<Phone> phones, Instant now) {
    this.tx = tx;
    this.meant = meant;
    this.phones = phones;
    this.now = now;
  }

  /** All that these replies may be about. */
  static Held meantBy(SqlConnection tx, List<Reply> replies, Instant now) {
    var meant =
        replies.stream().map(Reply::about).filter(Objects::nonNull).map(OfferId::of).toList();
    return of(tx, meant, replies.stream().map(Reply::from).toList(), now);
  }

  /** All that these people were asked for and have not left. */
  static Held of(SqlConnection tx, List<Phone> phones, Instant now) {
    return of(tx, List.of(), phones, now);
  }

  private static Held of(SqlConnection tx, List<OfferId> meant, List<Phone> phones, Instant now) {
    var held = new Held(tx, meant, phones, now);
    var needs = new ArrayList<NeedId>();
    for (var row : tx.preparedQuery(FIND_NEEDS).execute(held.whose()).await()) {
      needs.add(new NeedId(row.getLong("need")));
    }
    held.read(needs);
    return held;
  }

  /** This offer alone, with its need and its person. */
  static Held of(SqlConnection tx, OfferId id, Instant now) {
    for (var row : tx.preparedQuery(FIND_OFFER).execute(Tuple.of(id.value())).await()) {
      var held = new Held(tx, List.of(id), List.of(new Phone(row.getString("phone"))), now);
      held.read(List.of(new NeedId(row.getLong("need"))));
      return held;
    }
    return new Held(tx, List.of(), List.of(), now);
  }

  SqlConnection tx() {
    return tx;
  }

  Instant now() {
    return now;
  }

  Need need(NeedId id) {
    return Objects.requireNonNull(needs.get(id), id::toString);
  }

  Optional<Asked> asked(OfferId id) {
    return Optional.ofNullable(offers.get(id)).filter(this::isHeld).map(this::asked);
  }

  /** What this phone was asked for and has not left, and what its reply was matched with. */
  List<Offer> offers(Phone phone) {
    return of(phone)
        .filter(own -> isLive(own) || meant.contains(own.offer.id()))
        .map(Own::offer)
        .toList();
  }

  /** As {@link #offers}, without what a reply was matched with. */
  List<Asked> live(Phone phone) {
    return of(phone).filter(Held::isLive).map(this::asked).toList();
  }

  private Stream<Own> of(Phone phone) {
    return offers.values().stream()
        .filter(this::isHeld)
        .filter(own -> own.offer.phone().equals(phone));
  }

  // --- what becomes of them

  /** A place is theirs. There must be one. */
  void give(Asked asked, Cause cause) {
    var offer = asked.offer();
    if (need(offer.need()).isFull()) {
      throw new IllegalStateException(offer.need() + " is full");
    }
    var fromStandby = offer.state() == State.STANDBY ? 1 : 0;
    change(offer, State.ASSIGNED, cause);
    count(offer.need(), new Count(1, 1, -fromStandby, false));
    busy.add(offer.volunteer());
    var need = need(offer.need());
    if (need.isFull()) {
      onTables(
          () -> {
            Places.standDownSilent(tx, need, false, now);
            return List.of();
          });
    }
  }

  void keepOnStandby(Offer offer, Cause cause) {
    change(offer, State.STANDBY, cause);
    count(offer.need(), new Count(0, 0, 1, false));
  }

  /** The need's next round looks at it soon. */
  void askAgain(NeedId need) {
    count(need, new Count(0, 0, 0, true));
  }

  /** They do not come, and never said that they would. */
  void leave(Offer offer, Cause cause) {
    change(offer, State.DECLINED, cause);
    count(offer.need(), new Count(0, 0, 0, true));
  }

  /**
   * Somebody with a place or on standby does not come. Standby moves up first; what is still open
   * then is asked for again at once.
   *
   * @return who moved up
   */
  List<Offer> free(Offer offer, State state, Cause cause) {
    change(offer, state, cause);
    if (offer.state() == State.STANDBY) {
      count(offer.need(), new Count(0, 0, -1, false));
      return List.of();
    }
    count(offer.need(), new Count(-1, 0, 0, true));
    busy.add(offer.volunteer());
    var need = need(offer.need());
    return need.standby() == 0 ? List.of() : onTables(() -> Places.promote(tx, need, now));
  }

  /** Their state, and nothing else. */
  void change(Offer offer, State state, Cause cause) {
    if (changes.putIfAbsent(offer.id(), new Change(state, cause)) != null) {
      throw new IllegalStateException(offer.id() + " changes twice");
    }
    offers.computeIfPresent(offer.id(), (id, own) -> own.as(own.offer.in(state)));
  }

  /**
   * How far they have come, and nothing else.
   *
   * @param what it is called in the need's history
   */
  void mark(OfferId id, UnaryOperator<Journey> step, String what, Cause cause) {
    if (marks.containsKey(id)) write();
    var own = offers.get(id);
    var next = own.offer.with(step.apply(own.offer.journey()));
    offers.put(id, own.as(next));
    marks.put(id, new Mark(next.journey(), what, cause));
  }

  void tell(Draft draft) {
    texts.add(draft);
  }

  /** As often as anything is answered: who may be in danger is asked again. */
  void tellDespiteRepeats(Draft draft) {
    write();
    if (Outbox.mayAnswer(tx, draft.to(), now)) tell(draft);
  }

  /** What changes nothing is not told for ever: whoever answers it may be a machine. */
  void tellAgain(Draft draft) {
    write();
    if (Outbox.mayRepeat(tx, draft.to(), draft.about(), now)) tell(draft);
  }

  /**
   * Work on the tables themselves: it finds all that was decided, and what it does is seen here.
   */
  <T> T onTables(Supplier<T> work) {
    write();
    var done = work.get();
    read(List.copyOf(needs.keySet()));
    return done;
  }

  /** What was decided is in the tables. Nothing is kept back; more may follow. */
  void write() {
    if (!changes.isEmpty()) Database.later(tx.preparedQuery(CHANGE).execute(changed()));
    var life = changes.keySet().stream().filter(id -> offers.get(id).offer.life()).toList();
    if (!life.isEmpty()) {
      Outbox.withdrawCalls(tx, Channel.PURPOSE, life.stream().map(OfferId::about).toList(), now);
    }
    if (!marks.isEmpty()) Database.later(tx.preparedQuery(MARK).execute(marked()));
    if (!counts.isEmpty()) {
      var wanted = counts.size();
      Database.later(
          tx.preparedQuery(COUNT).execute(counted()).map(rows -> whole(rows.rowCount(), wanted)));
    }
    if (!busy.isEmpty()) Places.refreshBusy(tx, busy, now);
    Outbox.put(tx, texts, now);
    changes.clear();
    marks.clear();
    counts.clear();
    busy.clear();
    texts.clear();
  }

  private static int whole(int written, int wanted) {
    if (written != wanted) throw new IllegalStateException("a need filled while it was held");
    return written;
  }

  private void count(NeedId id, Count more) {
    counts.merge(id, more, Count::plus);
    needs.computeIfPresent(id, (same, need) -> need.with(more.filled, more.standby, more.yes));
  }

  private boolean isHeld(Own own) {
    return needs.containsKey(own.offer.need());
  }

  private static boolean isLive(Own own) {
    return LIVE.contains(own.offer.state()) && !own.closed;
  }

  private Asked asked(Own own) {
    var need = need(own.offer.need());
    var elsewhere =
        offers.values().stream()
            .filter(other -> other.offer.volunteer().equals(own.offer.volunteer()))
            .filter(other -> other.takesThatTimeOf(need))
            .findFirst()
            .map(other -> new Asked.Elsewhere(other.title, other.offer.code()));
    return new Asked(need, own.offer, own.stopped, own.lacking, elsewhere);
  }

  // --- the tables

  // Each statement sees what was committed before its turn came.
  private void read(Collection<NeedId> ids) {
    var held = Need.lockAll(tx, ids);
    Database.later(tx.preparedQuery(LOCK_PEOPLE).execute(Tuple.of((Object) numbers())));
    var found = tx.preparedQuery(FIND_OFFERS).execute(whose()).await();
    needs.clear();
    offers.clear();
    held.forEach(need -> needs.put(need.id(), need));
    keep(found);
  }

  private void keep(RowSet<Row> found) {
    for (var row : found) {
      var offer = Offer.of(row);
      var own =
          new Own(
              offer,
              row.getBoolean("stopped"),
              row.getBoolean("lacking"),
              new Title(row.getString("title_ar"), row.getString("title_en")),
              row.getOffsetDateTime("starts_at").toInstant(),
              row.getOffsetDateTime("ends_at").toInstant(),
              row.getBoolean("closed"));
      offers.put(offer.id(), own);
    }
  }

  private String[] numbers() {
    return phones.stream().map(Phone::e164).toArray(String[]::new);
  }

  private Tuple whose() {
    return Tuple.tuple()
        .addArrayOfString(numbers())
        .addArrayOfLong(meant.stream().map(OfferId::value).toArray(Long[]::new));
  }

  private Tuple changed() {
    return Tuple.tuple()
        .addArrayOfLong(changes.keySet().stream().map(OfferId::value).toArray(Long[]::new))
        .addArrayOfString(
            changes.values().stream().map(one -> one.state.word()).toArray(String[]::new))
        .addArrayOfLong(
            changes.values().stream().map(one -> one.cause.reply()).toArray(Long[]::new))
        .addArrayOfLong(
            changes.values().stream().map(one -> one.cause.staff()).toArray(Long[]::new))
        .addOffsetDateTime(Database.utc(now));
  }

  private Tuple marked() {
    var journeys = marks.values().stream().map(Mark::journey).toList();
    return Tuple.tuple()
        .addArrayOfLong(marks.keySet().stream().map(OfferId::value).toArray(Long[]::new))
        .addArrayOfString(marks.values().stream().map(Mark::what).toArray(String[]::new))
        .addArrayOfLong(marks.values().stream().map(one -> one.cause.reply()).toArray(Long[]::new))
        .addArrayOfLong(marks.values().stream().map(one -> one.cause.staff()).toArray(Long[]::new))
        .addArrayOfOffsetDateTime(times(journeys, Journey::eta))
        .addArrayOfOffsetDateTime(times(journeys, Journey::onWay))
        .addArrayOfOffsetDateTime(times(journeys, Journey::arrived))
        .addArrayOfOffsetDateTime(times(journeys, Journey::left))
        .addArrayOfInteger(
            journeys.stream().map(one -> one.party().orElse(null)).toArray(Integer[]::new))
        .addArrayOfBoolean(journeys.stream().map(Journey::leaning).toArray(Boolean[]::new))
        .addArrayOfBoolean(journeys.stream().map(Journey::lastResort).toArray(Boolean[]::new))
        .addOffsetDateTime(Database.utc(now));
  }

  private static OffsetDateTime[] times(
      List<Journey> journeys, Function<Journey, Optional<Instant>> of) {
    return journeys.stream()
        .map(one -> of.apply(one).map(at -> Database.utc(at)).orElse(null))
        .toArray(OffsetDateTime[]::new);
  }

  private Tuple counted() {
    return Tuple.tuple()
        .addArrayOfLong(counts.keySet().stream().map(NeedId::value).toArray(Long[]::new))
        .addArrayOfInteger(counts.values().stream().map(Count::filled).toArray(Integer[]::new))
        .addArrayOfInteger(counts.values().stream().map(Count::yes).toArray(Integer[]::new))
        .addArrayOfInteger(counts.values().stream().map(Count::standby).toArray(Integer[]::new))
        .addArrayOfBoolean(counts.values().stream().map(Count::again).toArray(Boolean[]::new))
        .addOffsetDateTime(Database.utc(now))
        .addOffsetDateTime(Database.utc(now.plus(SOON)));
  }

  // Of each person, never all that is live: so written, no index of that fits. (The tables of a
  // crisis grow from nothing in seconds, so the planner does not know yet how much that is.)
  private static final String FIND_NEEDS =
      """
      SELECT DISTINCT o.need
      FROM dispatch.volunteer v
      JOIN dispatch.offer o ON o.volunteer = v.id
      JOIN dispatch.need n ON n.id = o.need
      WHERE v.phone = ANY ($1::text[]) AND (o.id = ANY ($2::bigint[])
        OR (o.state || '' IN ('open', 'assigned', 'standby') AND n.state <> 'closed'))
      """;

  private static final String FIND_OFFER =
      """
      SELECT o.need, v.phone
      FROM dispatch.offer o JOIN dispatch.volunteer v ON v.id = o.volunteer
      WHERE o.id = $1
      """;

  // So that two needs do not take the same person at the same time.
  private static final String LOCK_PEOPLE =
      """
      SELECT id FROM dispatch.volunteer WHERE phone = ANY ($1::text[])
      ORDER BY id
      FOR NO KEY UPDATE
      """;

  // Only with its need or its person in hand does anybody change one, but when it expires: and
  // whoever answers late is answered the same.
  private static final String FIND_OFFERS =
      """
      SELECT\s
      """
          + Offer.COLUMNS
          + """
          , coalesce(v.stopped_at, v.unreachable_at, v.wrong_number_at) IS NOT NULL AS stopped,
            NOT v.skills @> n.skills AS lacking, n.title_ar, n.title_en, n.starts_at, n.ends_at,
            n.state = 'closed' AS closed
          FROM dispatch.volunteer v
          JOIN dispatch.offer o ON o.volunteer = v.id
          JOIN dispatch.need n ON n.id = o.need
          WHERE v.phone = ANY ($1::text[]) AND (o.id = ANY ($2::bigint[])
            OR (o.state || '' IN ('open', 'assigned', 'standby') AND n.state <> 'closed'))
          ORDER BY o.id
          """;

  // Counted once as silence, once more when they do answer.
  private static final String CHANGE =
      """
      WITH changed AS (
        UPDATE dispatch.offer o
        SET state = c.state, changed_at = $5,
            answered_at = CASE WHEN c.state IN ('declined', 'assigned', 'standby', 'too_late')
                               THEN coalesce(answered_at, $5) ELSE answered_at END,
            eta_at = CASE WHEN k.journey THEN eta_at END,
            on_way_at = CASE WHEN k.journey THEN on_way_at END,
            arrived_at = CASE WHEN k.journey THEN arrived_at END,
            left_at = CASE WHEN k.journey THEN left_at END,
            party = CASE WHEN k.journey THEN party END,
            leaning = k.journey AND leaning,
            last_resort = c.state = 'open' OR (k.journey AND last_resort),
            counted = counted AND o.state NOT IN ('expired', 'stood_down', 'declined')
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY
          AS c (id, state, reply, staff, place)
        CROSS JOIN LATERAL (SELECT c.state IN ('withdrawn', 'released') AS journey) k
        WHERE o.id = c.id
        RETURNING o.id, o.need, c.state, c.reply, c.staff, c.place
      )
      INSERT INTO dispatch.offer_event (offer, need, at, what, reply, by_staff)
      SELECT id, need, $5, state, reply, staff FROM changed ORDER BY place
      """;

  // Whoever is to be the last is asked for as long as the need lasts.
  private static final String MARK =
      """
      WITH marked AS (
        UPDATE dispatch.offer o
        SET eta_at = m.eta, on_way_at = m.on_way, arrived_at = m.arrived, left_at = m.gone,
            party = m.party, leaning = m.leaning, last_resort = m.last,
            valid_until = CASE WHEN m.last THEN n.ends_at ELSE valid_until END,
            answered_at = CASE WHEN m.last THEN coalesce(answered_at, $12) ELSE answered_at END
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[],
            $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::int[], $10::boolean[],
            $11::boolean[]) WITH ORDINALITY
          AS m (id, what, reply, staff, eta, on_way, arrived, gone, party, leaning, last, place),
          dispatch.need n
        WHERE o.id = m.id AND n.id = o.need
        RETURNING o.id, o.need, m.what, m.reply, m.staff, m.place
      )
      INSERT INTO dispatch.offer_event (offer, need, at, what, reply, by_staff)
      SELECT id, need, $12, what, reply, staff FROM marked ORDER BY place
      """;

  // Never more than are wanted. A full need has nothing to decide until somebody gives a place
  // back; where a person is to decide, answers may soon have made that needless.
  private static final String COUNT =
      """
      UPDATE dispatch.need n
      SET filled = n.filled + c.filled, yes = n.yes + c.yes, standby = n.standby + c.standby,
          surplus = GREATEST(0, n.filled + c.filled - people),
          needs_human_at = CASE WHEN n.filled + c.filled < people THEN needs_human_at END,
          next_round_at = CASE
            WHEN state <> 'calling' THEN next_round_at
            WHEN n.filled + c.filled >= people THEN ends_at
            WHEN c.again THEN $6
            WHEN needs_human_at IS NOT NULL THEN LEAST(next_round_at, $7)
            ELSE next_round_at END
      FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $5::boolean[])
        AS c (id, filled, yes, standby, again)
      WHERE n.id = c.id AND (c.filled <= 0 OR n.filled + c.filled <= people)
      """;
}
