package org.fazaa.fund.ledger;

import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fazaa.config.Database;

/** Opens a fund with its accounts. A repeated command answers with the first fund. */
public final class OpenFund {
  private static final int NAME_MAX = 200;
  private static final int PURPOSE_MAX = 2_000;
  private static final int PERMIT_MAX = 100;
  private static final int USES_MAX = 50;

  /**
   * @param key made by the caller before the first attempt, unique among callers
   * @param licence number of the permission to collect, where the law asks for one
   * @param campaign number of the approved campaign
   * @param demonstration true where money is only pretended
   * @param terms what it says of its money
   * @param by the account that opens it
   */
  public record Draft(
      String key,
      Words name,
      Currency currency,
      Restriction restriction,
      Words purpose,
      Optional<Long> targetMinor,
      Optional<String> licence,
      Optional<String> campaign,
      boolean demonstration,
      Terms.Opening terms,
      long by) {

    /** For any use in the Kingdom, without a closing day. */
    public Draft(
        String key,
        Words name,
        Currency currency,
        Restriction restriction,
        Words purpose,
        Optional<Long> targetMinor,
        Optional<String> licence,
        Optional<String> campaign,
        boolean demonstration,
        long by) {
      this(
          key,
          name,
          currency,
          restriction,
          purpose,
          targetMinor,
          licence,
          campaign,
          demonstration,
          Terms.Opening.of(Use.ANY),
          by);
    }
  }

  public sealed interface Outcome {
    record Opened(FundId fund) implements Outcome {}

    record AlreadyOpened(FundId fund) implements Outcome {}

    record DiffersFromFirst() implements Outcome, Refusal {
      @Override
      public Words words() {
        return new Words(
            "استُعمل مفتاح التكرار هذا لفتح صندوق آخر: استعمل مفتاحًا جديدًا",
            "This idempotency key opened a different fund: use a new key");
      }
    }

    record Invalid(List<Flaw> flaws) implements Outcome, Refusal.Invalid {}
  }

  private OpenFund() {}

  public static Outcome run(SqlConnection tx, Draft draft, Instant now) {
    var successor = draft.terms().surplusTo().flatMap(fund -> Funds.find(tx, fund));
    var flaws = flaws(draft, keeps(tx, draft.currency()), successor, now);
    return flaws.isEmpty() ? open(tx, draft, now) : new Outcome.Invalid(flaws);
  }

  static List<Flaw> flaws(
      Draft draft, boolean currencyKept, Optional<Fund> successor, Instant now) {
    var flaws =
        new Flaws()
            .key(draft.key())
            .words("name", draft.name(), NAME_MAX)
            .words("purpose", draft.purpose(), PURPOSE_MAX)
            .text("licence", draft.licence(), PERMIT_MAX)
            .text("campaign", draft.campaign(), PERMIT_MAX)
            .unless(
                currencyKept,
                "currency",
                "لا نمسك حسابات بهذه العملة: اختر عملة أخرى مثل SAR",
                "We keep no books in this currency: choose another, such as SAR");
    draft.targetMinor().ifPresent(t -> flaws.money("target", new Money(t, draft.currency())));
    terms(flaws, draft, LocalDate.ofInstant(now, Terms.ZONE));
    surplus(flaws, draft, successor);
    return flaws.found();
  }

  private static void terms(Flaws flaws, Draft draft, LocalDate today) {
    var terms = draft.terms();
    flaws.unless(
        terms.uses().size() <= USES_MAX,
        "uses",
        "لا يزيد عدد الضوابط عند الافتتاح على " + USES_MAX,
        "A fund is opened with at most " + USES_MAX + " rules of its use");
    terms.uses().forEach(use -> use(flaws, "uses", use, draft.restriction()));
    flaws
        .unless(
            terms.use().isPresent() == (draft.restriction() == Restriction.TIME),
            "use_from",
            "للصندوق المقيد بزمن يوم بداية ويوم نهاية، وليس لغيره",
            "A fund for a period has its first and last day of use, and no other fund has")
        .unless(
            terms.use().filter(days -> days.until().isBefore(days.from())).isEmpty(),
            "use_until",
            "آخر يوم قبل أول يوم: راجع التاريخين",
            "The last day is before the first: check both dates")
        .unless(
            terms.closesOn().filter(day -> day.isBefore(today)).isEmpty(),
            "closes_on",
            "هذا اليوم مضى: اختر اليوم أو يومًا بعده",
            "This day is over: choose today or a later day")
        .unless(
            !terms.stopsAtTarget() || draft.targetMinor().isPresent(),
            "target",
            "لا يقف صندوق عند هدفه بلا هدف: اكتب الهدف",
            "A fund cannot stop at its target without one: give the target");
  }

  static void use(Flaws flaws, String field, Use use, Restriction restriction) {
    var words = Terms.ZAKAT_TO_ITS_CLASSES;
    boolean fine = restriction != Restriction.ZAKAT || use.targetGroup().zakat();
    flaws.unless(fine, field, words.ar(), words.en());
  }

  private static void surplus(Flaws flaws, Draft draft, Optional<Fund> successor) {
    var named = draft.terms().surplus() == Terms.Surplus.SUCCESSOR;
    flaws.unless(
        named == draft.terms().surplusTo().isPresent(),
        "surplus_to",
        "اذكر الصندوق الذي ينتقل إليه الفائض إن كان ينتقل إلى صندوق مسمى، ولا تذكره لغير ذلك",
        "Name the fund that gets the surplus where it goes to a named fund, and nowhere else");
    flaws.unless(
        draft.terms().surplusTo().isEmpty()
            || successor.filter(fund -> succeeds(draft, fund)).isPresent(),
        "surplus_to",
        "لا صندوق بهذا الرقم بعملة الصندوق وقيده: اختر غيره",
        "There is no such fund in this currency and of this restriction: choose another");
  }

  /** What is restricted stays in its class, and nothing else enters zakat or waqf. */
  private static boolean succeeds(Draft draft, Fund successor) {
    boolean open = draft.restriction() == Restriction.UNRESTRICTED;
    boolean closed =
        successor.restriction() == Restriction.ZAKAT || successor.restriction() == Restriction.WAQF;
    return successor.currency().equals(draft.currency())
        && successor.demonstration() == draft.demonstration()
        && (successor.restriction() == draft.restriction() || open && !closed);
  }

  private static boolean keeps(SqlConnection tx, Currency currency) {
    var exponent = currency.getDefaultFractionDigits();
    var kept = Tuple.of(currency.getCurrencyCode(), exponent);
    return tx.preparedQuery(FIND_CURRENCY).execute(kept).await().size() == 1;
  }

  private static Outcome open(SqlConnection tx, Draft draft, Instant now) {
    var hash =
        Content.hash(
            draft.name(),
            draft.currency(),
            draft.restriction(),
            draft.purpose(),
            draft.targetMinor(),
            draft.licence(),
            draft.campaign(),
            draft.demonstration(),
            draft.terms());
    var fields =
        Tuple.tuple()
            .addString(draft.key())
            .addBuffer(hash)
            .addString(draft.name().ar())
            .addString(draft.name().en())
            .addString(draft.currency().getCurrencyCode())
            .addString(draft.restriction().tag())
            .addString(draft.purpose().ar())
            .addString(draft.purpose().en())
            .addLong(draft.targetMinor().orElse(null))
            .addString(draft.licence().orElse(null))
            .addString(draft.campaign().orElse(null))
            .addBoolean(draft.demonstration())
            .addLong(draft.by())
            .addOffsetDateTime(Database.utc(now));
    var row = tx.preparedQuery(OPEN_FUND).execute(fields).await().iterator().next();
    if (!row.getBoolean("same")) {
      return new Outcome.DiffersFromFirst();
    }
    var fund = new FundId(row.getLong("id"));
    if (!row.getBoolean("is_new")) {
      return new Outcome.AlreadyOpened(fund);
    }
    say(tx, fund, draft.terms());
    return new Outcome.Opened(fund);
  }

  private static void say(SqlConnection tx, FundId fund, Terms.Opening terms) {
    var uses = terms.uses();
    var fields =
        Tuple.tuple()
            .addLong(fund.value())
            .addLocalDate(terms.use().map(Terms.Days::from).orElse(null))
            .addLocalDate(terms.use().map(Terms.Days::until).orElse(null))
            .addLocalDate(terms.closesOn().orElse(null))
            .addBoolean(terms.stopsAtTarget())
            .addString(terms.surplus().tag())
            .addLong(terms.surplusTo().map(FundId::value).orElse(null))
            .addArrayOfString(column(uses, use -> use.category().tag()))
            .addArrayOfString(column(uses, use -> use.region().tag()))
            .addArrayOfString(column(uses, use -> use.targetGroup().tag()));
    tx.preparedQuery(SET_TERMS).execute(fields).await();
  }

  private static String[] column(List<Use> uses, Function<Use, String> part) {
    return uses.stream().map(part).toArray(String[]::new);
  }

  private static final String FIND_CURRENCY =
      "SELECT FROM fund.currency WHERE code = $1 AND exponent = $2";

  private static final String OPEN_FUND =
      """
      SELECT id, is_new, same
      FROM fund.open_fund($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)\
      """;

  private static final String SET_TERMS =
      "SELECT fund.set_terms($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
}
