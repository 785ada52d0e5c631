package org.fazaa.fund.giving;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.fazaa.config.Database;
import org.fazaa.fund.ledger.Codes;
import org.fazaa.fund.ledger.Content;
import org.fazaa.fund.ledger.Flaw;
import org.fazaa.fund.ledger.Flaws;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Refusal;
import org.fazaa.fund.ledger.Words;

/**
 * Records gifts: what the donor said. Gifts come many at once; one alone is a batch of one. The
 * entry and the receipt of what has come are written by {@link PostGifts}.
 */
public final class RecordDonation {
  public static final int BATCH_MAX = 1_000;

  private static final int CODE_LENGTH = 16;
  private static final int REFERENCE_LENGTH = 10;
  private static final int GOODS_MAX = 1_000;
  private static final int NAME_MAX = 200;

  /**
   * @param key made by the donor's side before the first attempt, unique among callers
   * @param amount of money; for goods the donor's own estimate, if any
   * @param goods what is given in kind
   */
  public record Draft(
      String key,
      FundId fund,
      Channel channel,
      Optional<Money> amount,
      Optional<String> goods,
      Donor donor) {}

  public sealed interface Outcome {
    record Recorded(Donation donation) implements Outcome {}

    record AlreadyRecorded(Donation donation) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "استُعمل مفتاح التكرار هذا لتبرع آخر: استعمل مفتاحًا جديدًا لكل تبرع",
            "This idempotency key recorded a different gift: use a new key for each gift");
      }
    }

    record NoSuchFund(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "لا صندوق برقم " + fund.value() + ": راجع الرابط",
            "There is no fund " + fund.value() + ": check the link");
      }
    }

    record FundClosed(FundId fund) implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "أُغلق هذا الصندوق ولا يقبل التبرعات: اختر صندوقًا مفتوحًا",
            "This fund is closed and takes no more gifts: choose one that is open");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  /** How long a donor may take to pay by card. */
  static final Duration CARD_WAIT = Duration.ofHours(23);

  private final RandomGenerator random;
  private final Optional<String> provider;

  /** With the source of codes that nobody may guess; real cards are not taken. */
  public RecordDonation(RandomGenerator random) {
    this(random, Optional.empty());
  }

  /**
   * @param provider who takes cards for real funds
   */
  public RecordDonation(RandomGenerator random, Optional<String> provider) {
    this.random = random;
    this.provider = provider;
  }

  /** As one of {@link #runAll}, and posts what has come: for whoever has a transaction. */
  public Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var outcome = runAll(tx, List.of(draft), now).getFirst();
    if (!(outcome instanceof Outcome.Recorded(var gift))) return outcome;
    while (PostGifts.post(tx, now)) {}
    return new Outcome.Recorded(Donations.list(tx, List.of(gift.gift())).get(gift.gift()));
  }

  /**
   * One outcome for each draft, in order. The refusal of one disturbs no other. All are written by
   * one statement, which is a transaction of its own where none is under way.
   */
  public List<Outcome> runAll(SqlClient conn, List<Draft> drafts, Instant now) {
    return outcomes(conn, send(conn, drafts, now).await());
  }

  /** The one statement, whose answer nobody needs to stand and wait for. */
  Future<Sent> send(SqlClient conn, List<Draft> drafts, Instant now) {
    if (drafts.size() > BATCH_MAX) {
      throw new IllegalArgumentException("a batch holds at most " + BATCH_MAX + " gifts");
    }
    var flaws = new ArrayList<List<Flaw>>(drafts.size());
    var sound = new ArrayList<Draft>(drafts.size());
    for (var draft : drafts) {
      var found = flaws(draft);
      flaws.add(found);
      if (found.isEmpty()) sound.add(draft);
    }
    var codes = column(sound, d -> code(CODE_LENGTH));
    var references = column(sound, this::reference);
    if (sound.isEmpty()) {
      return Future.succeededFuture(new Sent(flaws, sound, codes, references, new Long[0], now));
    }
    return conn.preparedQuery(RECORD_GIFTS)
        .execute(columns(sound, codes, references, now))
        .map(rows -> rows.iterator().next().getArrayOfLongs(0))
        .map(gifts -> new Sent(flaws, sound, codes, references, gifts, now));
  }

  /** Asks only about those that were not recorded; so nothing when all were. */
  List<Outcome> outcomes(SqlClient conn, Sent sent) {
    var others = whyNot(conn, sent).iterator();
    var kept = new ArrayList<Outcome>(sent.sound.size());
    for (int i = 0; i < sent.sound.size(); i++) {
      kept.add(sent.gifts[i] == null ? others.next() : new Outcome.Recorded(recorded(sent, i)));
    }
    var next = kept.iterator();
    return sent.flaws.stream()
        .map(found -> found.isEmpty() ? next.next() : new Outcome.Invalid(found))
        .toList();
  }

  /**
   * What was sent, and the numbers of those that were recorded.
   *
   * @param gifts one for each sound draft, null for those that were not recorded
   */
  record Sent(
      List<List<Flaw>> flaws,
      List<Draft> sound,
      List<String> codes,
      List<String> references,
      Long[] gifts,
      Instant now) {

    boolean allRecorded() {
      return !Arrays.asList(gifts).contains(null);
    }
  }

  static List<Flaw> flaws(Draft draft) {
    var flaws =
        new Flaws()
            .key(draft.key())
            .text("donor.name", draft.donor().name(), NAME_MAX)
            .text("goods", draft.goods(), GOODS_MAX);
    draft.amount().ifPresent(amount -> flaws.money("amount", amount));
    if (draft.channel() == Channel.IN_KIND) {
      flaws.unless(
          draft.amount().isPresent() || draft.goods().isPresent(),
          "goods",
          "صف ما تتبرع به، أو قدّر قيمته",
          "Describe the goods, or estimate what they are worth");
    } else {
      flaws
          .unless(draft.amount().isPresent(), "amount", "اكتب المبلغ", "Say how much")
          .unless(
              draft.goods().isEmpty(),
              "goods",
              "الوصف للتبرع العيني وحده: احذفه أو اختر التبرع العيني",
              "Goods belong to a gift in kind: leave this out or choose in kind");
    }
    return flaws.found();
  }

  private static Donation recorded(Sent sent, int i) {
    var draft = sent.sound.get(i);
    return new Donation(
        sent.gifts[i],
        sent.gifts[i] + "-" + sent.codes.get(i),
        draft.fund(),
        draft.channel(),
        GiftState.of(draft.channel(), false),
        draft.amount(),
        draft.goods(),
        Optional.ofNullable(sent.references.get(i)),
        draft.donor().anonymous(),
        sent.now,
        Optional.empty(),
        Optional.empty());
  }

  private List<Outcome> whyNot(SqlClient conn, Sent sent) {
    var left = new ArrayList<Integer>();
    for (int i = 0; i < sent.gifts.length; i++) if (sent.gifts[i] == null) left.add(i);
    if (left.isEmpty()) return List.of();
    var drafts = left.stream().map(sent.sound::get).toList();
    var fields =
        Tuple.of(
            column(drafts, d -> Content.fingerprintOfKey(d.key())).toArray(UUID[]::new),
            column(drafts, RecordDonation::content).toArray(UUID[]::new),
            column(drafts, d -> d.fund().value()).toArray(Long[]::new),
            column(drafts, RecordDonation::currency).toArray(String[]::new));
    var rows = new ArrayList<Row>();
    conn.preparedQuery(WHY_NOT).execute(fields).await().forEach(rows::add);
    var repeated =
        rows.stream()
            .filter(row -> row.getString("outcome").equals("repeated"))
            .map(row -> row.getLong("gift"))
            .toList();
    var first = repeated.isEmpty() ? Map.<Long, Donation>of() : Donations.list(conn, repeated);
    var outcomes = new ArrayList<Outcome>();
    for (int i = 0; i < rows.size(); i++) {
      var code = sent.codes.get(left.get(i));
      outcomes.add(notRecorded(conn, drafts.get(i), code, rows.get(i), first, sent.now));
    }
    return outcomes;
  }

  private Outcome notRecorded(
      SqlClient conn, Draft draft, String code, Row row, Map<Long, Donation> first, Instant now) {
    return switch (row.getString("outcome")) {
      case "repeated" -> new Outcome.AlreadyRecorded(first.get(row.getLong("gift")));
      case "differs" -> new Outcome.DiffersFromFirst();
      case "no_fund" -> new Outcome.NoSuchFund(draft.fund());
      case "closed" -> new Outcome.FundClosed(draft.fund());
      case "currency" -> new Outcome.Invalid(List.of(OTHER_CURRENCY));
      case "no_card" -> askCard(conn, draft, code, now);
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  /**
   * Keeps what is to be paid on the provider's page; it counts for nothing until it is. One by one:
   * each is a person on the way to a page, and not one of a rush.
   */
  private Outcome askCard(SqlClient conn, Draft draft, String code, Instant now) {
    if (provider.isEmpty()) {
      return new Outcome.Invalid(List.of(NO_CARD));
    }
    var fields =
        Tuple.tuple()
            .addUUID(Content.fingerprintOfKey(draft.key()))
            .addUUID(content(draft))
            .addString(code)
            .addLong(draft.fund().value())
            .addString(currency(draft))
            .addLong(draft.amount().orElseThrow().minor())
            .addBoolean(draft.donor().anonymous())
            .addString(draft.donor().name().orElse(null))
            .addString(draft.donor().phone().map(p -> p.e164()).orElse(null))
            .addString(draft.donor().language().tag())
            .addString(provider.get())
            .addOffsetDateTime(Database.utc(now.plus(CARD_WAIT)))
            .addOffsetDateTime(Database.utc(now));
    var row = conn.preparedQuery(ASK_CARD).execute(fields).await().iterator().next();
    return switch (row.getString("outcome")) {
      case "asked" -> new Outcome.Recorded(found(conn, row));
      case "repeated" -> new Outcome.AlreadyRecorded(found(conn, row));
      case "differs" -> new Outcome.DiffersFromFirst();
      case "no_fund" -> new Outcome.NoSuchFund(draft.fund());
      case "closed" -> new Outcome.FundClosed(draft.fund());
      case "currency" -> new Outcome.Invalid(List.of(OTHER_CURRENCY));
      case String other -> throw new IllegalStateException("unknown outcome " + other);
    };
  }

  private static Donation found(SqlClient conn, Row row) {
    var gift = row.getLong("gift");
    return Donations.list(conn, List.of(gift)).get(gift);
  }

  private static Tuple columns(
      List<Draft> drafts, List<String> codes, List<String> references, Instant now) {
    return Tuple.tuple()
        .addArrayOfUUID(column(drafts, d -> Content.fingerprintOfKey(d.key())).toArray(UUID[]::new))
        .addArrayOfUUID(column(drafts, RecordDonation::content).toArray(UUID[]::new))
        .addArrayOfString(codes.toArray(String[]::new))
        .addArrayOfLong(column(drafts, d -> d.fund().value()).toArray(Long[]::new))
        .addArrayOfString(column(drafts, RecordDonation::currency).toArray(String[]::new))
        .addArrayOfString(column(drafts, d -> d.channel().tag()).toArray(String[]::new))
        .addArrayOfLong(
            column(drafts, d -> d.amount().map(Money::minor).orElse(null)).toArray(Long[]::new))
        .addArrayOfString(column(drafts, d -> d.goods().orElse(null)).toArray(String[]::new))
        .addArrayOfString(references.toArray(String[]::new))
        .addArrayOfBoolean(column(drafts, d -> d.donor().anonymous()).toArray(Boolean[]::new))
        .addArrayOfString(column(drafts, d -> d.donor().name().orElse(null)).toArray(String[]::new))
        .addArrayOfString(
            column(drafts, d -> d.donor().phone().map(p -> p.e164()).orElse(null))
                .toArray(String[]::new))
        .addArrayOfString(column(drafts, d -> d.donor().language().tag()).toArray(String[]::new))
        .addOffsetDateTime(Database.utc(now));
  }

  private static <T> List<T> column(List<Draft> drafts, Function<Draft, T> field) {
    var values = new ArrayList<T>(drafts.size());
    drafts.forEach(draft -> values.add(field.apply(draft)));
    return values;
  }

  private static UUID content(Draft draft) {
    return Content.fingerprint(
        draft.fund().value(),
        draft.channel(),
        draft.amount(),
        draft.goods(),
        draft.donor().name(),
        draft.donor().phone().map(phone -> phone.e164()),
        draft.donor().language(),
        draft.donor().anonymous());
  }

  /** Goods without an estimate have no currency of their own: they take their fund's. */
  private static String currency(Draft draft) {
    return draft.amount().map(amount -> amount.currency().getCurrencyCode()).orElse(null);
  }

  private String reference(Draft draft) {
    return draft.channel() == Channel.BANK_TRANSFER ? code(REFERENCE_LENGTH) : null;
  }

  private String code(int length) {
    return Codes.draw(random, length);
  }

  static final Flaw OTHER_CURRENCY =
      new Flaw(
          "amount.currency",
          new Words(
              "هذا الصندوق بعملة أخرى: أعط المبلغ بعملة الصندوق",
              "This fund is kept in another currency: give the amount in the fund's currency"));

  private static final Flaw NO_CARD =
      new Flaw(
          "channel",
          new Words(
              "الدفع بالبطاقة غير متاح لهذا الصندوق بعد: اختر الحوالة البنكية",
              "Cards cannot be taken for this fund yet: choose a bank transfer"));

  private static final String ASK_CARD =
      "SELECT outcome, gift FROM fund.ask_card($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
          + " $13)";

  private static final String RECORD_GIFTS =
      "SELECT fund.record_gifts($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

  private static final String WHY_NOT = "SELECT outcome, gift FROM fund.unrecorded($1, $2, $3, $4)";
}
