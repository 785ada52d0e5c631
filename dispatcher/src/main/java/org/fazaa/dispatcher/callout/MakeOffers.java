package org.fazaa.dispatcher.callout;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.fazaa.config.Database;
import org.fazaa.dispatcher.crisis.Need;
import org.fazaa.dispatcher.crisis.NeedId;
import org.fazaa.dispatcher.crisis.Priority;
import org.fazaa.dispatcher.people.Contacts;
import org.fazaa.dispatcher.people.Volunteer;
import org.fazaa.dispatcher.people.VolunteerId;
import org.fazaa.notifier.CountryRules;
import org.fazaa.notifier.Draft;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Occasion;
import org.fazaa.notifier.Outbox;
import org.fazaa.notifier.Phone;
import org.fazaa.notifier.ShortCode;
import org.fazaa.notifier.Way;
import org.fazaa.notifier.Ways;
import org.fazaa.notifier.Wording;

/** Writes offers and their texts, so that either both exist or neither. */
public final class MakeOffers {
  private static final Function<VolunteerId, Set<String>> NONE_YET = any -> new HashSet<>();

  private final Channel channel;
  private final RandomGenerator random;

  public MakeOffers(Channel channel, RandomGenerator random) {
    this.channel = channel;
    this.random = random;
  }

  Channel channel() {
    return channel;
  }

  /**
   * Somebody to be asked.
   *
   * @param decision the stored decision that chose them; empty for the next need after a full one
   * @param insteadOf the full need that they said yes to, if that is why they are asked
   */
  record Choice(
      Need need,
      Volunteer volunteer,
      Line.Option option,
      Policy.Factors factors,
      Optional<Long> decision,
      Optional<Need> insteadOf) {}

  /**
   * Who is being asked something else just now is left out; the answer holds those who were asked.
   */
  List<Offer> run(SqlConnection tx, List<Choice> choices, Instant now) {
    if (choices.isEmpty()) return List.of();
    var inOrder = choices.stream().sorted(Comparator.comparing(c -> c.volunteer.id())).toList();
    var made = insert(tx, inOrder, now);
    var drafts = new ArrayList<Draft>();
    var contacts = new ArrayList<Contacts.Contact>();
    for (var choice : choices) {
      var offer = made.get(new Key(choice));
      if (offer == null) continue;
      var way = step(choice.need, choice.volunteer).way();
      drafts.add(draft(offer, choice.need, choice.insteadOf, way, now));
      var kind = choice.need.priority().kind();
      contacts.add(new Contacts.Contact(offer.volunteer(), kind, Contacts.Event.ASKED));
    }
    Outbox.put(tx, drafts, now);
    Contacts.record(tx, contacts, now);
    return List.copyOf(made.values());
  }

  /** By which way somebody is asked for this need first, and how they can answer. */
  Ways.Step step(Need need, Volunteer volunteer) {
    return channel.ways().first(volunteer.reached(), need.messageClass());
  }

  /** What one offer of this need costs this person's country and way, before it has a number. */
  int cost(Need need, Volunteer volunteer, Instant now) {
    var way = step(need, volunteer).way();
    return channel.cost(way, text(need, volunteer.language(), rules(volunteer.phone()), now));
  }

  /** An offer of this need as an SMS to a country says it, with an example's code and link. */
  String text(Need need, Language language, CountryRules rules, Instant now) {
    var link = channel.link(new OfferId(1_000_000), need.endsAt());
    var values = values(need, language, "F7K2", link, Optional.empty(), now);
    return channel.bySms(template(need, Optional.empty()), language, values, rules);
  }

  private static CountryRules rules(Phone phone) {
    return CountryRules.of(phone.country());
  }

  /** How long an offer stands: until the need ends, and not longer than an answer is worth. */
  public static Instant validUntil(Need need, Instant now) {
    var stands =
        switch (need.priority()) {
          case LIFE -> Duration.ofMinutes(30);
          case URGENT -> Duration.ofHours(1);
          case PLANNED -> Duration.ofHours(6);
        };
    var until = now.plus(stands);
    return until.isBefore(need.endsAt()) ? until : need.endsAt();
  }

  /** A code that this person has on no other live offer. */
  String code(Set<String> taken) {
    var code = ShortCode.next(random);
    while (!taken.add(code)) code = ShortCode.next(random);
    return code;
  }

  private record Key(long need, long volunteer) {
    Key(Choice choice) {
      this(choice.need.id().value(), choice.volunteer.id().value());
    }
  }

  private Map<Key, Offer> insert(SqlConnection tx, List<Choice> choices, Instant now) {
    var people = new HashMap<Long, Volunteer>();
    choices.forEach(choice -> people.put(choice.volunteer.id().value(), choice.volunteer));
    var made = new HashMap<Key, Offer>();
    for (var row : tx.preparedQuery(INSERT).execute(columns(tx, choices, now)).await()) {
      var volunteer = people.get(row.getLong("volunteer"));
      var offer =
          new Offer(
              new OfferId(row.getLong("id")),
              new NeedId(row.getLong("need")),
              volunteer.id(),
              volunteer.name(),
              volunteer.phone(),
              volunteer.language(),
              Optional.of(row.getLong("envelope")),
              row.getString("code"),
              row.getBoolean("life"),
              Offer.State.OPEN,
              now,
              row.getOffsetDateTime("valid_until").toInstant(),
              Optional.empty(),
              row.getDouble("rate"),
              Journey.NONE);
      made.put(new Key(offer.need().value(), offer.volunteer().value()), offer);
    }
    return made;
  }

  private Tuple columns(SqlConnection tx, List<Choice> choices, Instant now) {
    var used = codesInUse(tx, choices);
    return Tuple.tuple()
        .addArrayOfLong(longs(choices, choice -> choice.need.id().value()))
        .addArrayOfLong(longs(choices, choice -> choice.volunteer.id().value()))
        .addArrayOfLong(longs(choices, choice -> choice.need.envelope().orElseThrow()))
        .addArrayOfLong(longs(choices, choice -> choice.decision.orElse(null)))
        .addArrayOfString(
            choices.stream()
                .map(choice -> code(used.computeIfAbsent(choice.volunteer.id(), NONE_YET)))
                .toArray(String[]::new))
        .addArrayOfBoolean(
            choices.stream()
                .map(choice -> choice.need.priority() == Priority.LIFE)
                .toArray(Boolean[]::new))
        .addArrayOfOffsetDateTime(
            choices.stream()
                .map(choice -> Database.utc(validUntil(choice.need, now)))
                .toArray(OffsetDateTime[]::new))
        .addArrayOfDouble(doubles(choices, choice -> choice.option.km()))
        .addArrayOfDouble(doubles(choices, choice -> choice.factors.rate()))
        .addArrayOfDouble(doubles(choices, choice -> choice.factors.useful()))
        .addArrayOfDouble(doubles(choices, choice -> choice.factors.gain()))
        .addArrayOfDouble(doubles(choices, choice -> choice.factors.price()))
        .addArrayOfDouble(doubles(choices, choice -> choice.option.rarer()))
        .addArrayOfDouble(doubles(choices, choice -> choice.option.recent()))
        .addArrayOfDouble(doubles(choices, choice -> choice.option.yes()))
        .addArrayOfDouble(doubles(choices, choice -> choice.option.no()))
        .addBoolean(channel.simulated())
        .addOffsetDateTime(Database.utc(now))
        .addArrayOfDouble(doubles(choices, choice -> choice.option.ease()))
        .addArrayOfDouble(doubles(choices, choice -> choice.option.asked()))
        .addArrayOfString(
            choices.stream()
                .map(choice -> step(choice.need, choice.volunteer).way().tag())
                .toArray(String[]::new));
  }

  private static Long[] longs(List<Choice> choices, Function<Choice, Long> column) {
    return choices.stream().map(column).toArray(Long[]::new);
  }

  private static Double[] doubles(List<Choice> choices, ToDoubleFunction<Choice> column) {
    return choices.stream().mapToDouble(column).boxed().toArray(Double[]::new);
  }

  private static Map<VolunteerId, Set<String>> codesInUse(SqlConnection tx, List<Choice> choices) {
    var ids = longs(choices, choice -> choice.volunteer.id().value());
    var codes = new HashMap<VolunteerId, Set<String>>();
    for (var row : tx.preparedQuery(CODES).execute(Tuple.of(ids)).await()) {
      var volunteer = new VolunteerId(row.getLong("volunteer"));
      codes.computeIfAbsent(volunteer, NONE_YET).add(row.getString("code"));
    }
    return codes;
  }

  /** The text that asks somebody, by this way. */
  Draft draft(Offer offer, Need need, Optional<Need> insteadOf, Way way, Instant now) {
    var link = channel.link(offer.id(), offer.validUntil().plus(Duration.ofDays(1)));
    var language = offer.language();
    var text = template(need, insteadOf);
    var values = values(need, language, offer.code(), link, insteadOf, now);
    return new Draft(
            offer.phone(),
            offer.language(),
            need.messageClass(),
            Channel.PURPOSE,
            offer.id().about(),
            offer.code(),
            channel.bySms(text, language, values, rules(offer.phone())),
            true,
            insteadOf.isPresent() ? Occasion.ANSWER : occasion(need.priority()),
            Channel.budget(need.crisis()),
            Notice.priority(need.priority()),
            offer.validUntil())
        .by(way, new Wording(text, values));
  }

  private static Occasion occasion(Priority priority) {
    return switch (priority) {
      case LIFE, URGENT -> Occasion.ALARM;
      case PLANNED -> Occasion.ASK;
    };
  }

  private static Map<String, String> values(
      Need need,
      Language language,
      String code,
      String link,
      Optional<Need> insteadOf,
      Instant now) {
    var values = new HashMap<String, String>();
    values.put("title", need.title().in(language));
    values.put("when", Notice.when(need, language, now));
    values.put("code", code);
    values.put("link", link);
    if (insteadOf.isPresent()) {
      values.put("filled", insteadOf.get().title().in(language));
    } else {
      values.put("people", String.valueOf(need.people()));
    }
    return values;
  }

  private static String template(Need need, Optional<Need> insteadOf) {
    if (insteadOf.isPresent()) return "offer-next";
    return switch (need.mode()) {
      case DRILL -> "offer-drill";
      case LIVE -> need.priority() == Priority.LIFE ? "offer-life" : "offer";
    };
  }

  private static final String CODES =
      """
      SELECT volunteer, code FROM dispatch.offer
      WHERE volunteer = ANY ($1::bigint[]) AND state IN ('open', 'assigned', 'standby')
      """;

  private static final String INSERT =
      """
      INSERT INTO dispatch.offer
        (need, volunteer, envelope, decision, code, life, state, simulated, asked_at, changed_at,
         valid_until, km, rate, useful, gain, price, rarer, recent, said_yes, said_no, ease,
         asked_before, way)
      SELECT need, volunteer, envelope, decision, code, life, 'open', $17, $18, $18,
        valid_until, km, rate, useful, gain, price, rarer, recent, said_yes, said_no, ease,
        asked_before, way
      FROM UNNEST($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[],
          $6::boolean[], $7::timestamptz[], $8::float8[], $9::float8[], $10::float8[],
          $11::float8[], $12::float8[], $13::float8[], $14::float8[], $15::float8[],
          $16::float8[], $19::float8[], $20::float8[], $21::text[]) WITH ORDINALITY
        AS o (need, volunteer, envelope, decision, code, life, valid_until, km, rate, useful, gain,
          price, rarer, recent, said_yes, said_no, ease, asked_before, way, place)
      ORDER BY place
      ON CONFLICT DO NOTHING
      RETURNING id, need, volunteer, envelope, code, life, valid_until, rate
      """;
}
