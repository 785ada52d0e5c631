package org.fazaa.fund.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fazaa.fund.Books.sar;

import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.fazaa.config.Database;
import org.fazaa.config.TestDatabase;
import org.fazaa.fund.Books;
import org.fazaa.fund.giving.Channel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database refuses, whoever asks. */
class WallsTest {
  @RegisterExtension static final TestDatabase db = TestDatabase.of("fund");

  private static final String NOT_PERMITTED = "42501";
  private static final String APPEND_ONLY = "23001";
  private static final String CHECK = "23514";
  private static final String UNIQUE = "23505";
  private static final String FOREIGN_KEY = "23503";
  private static final String EXCLUSION = "23P01";

  private static Pool owner;
  private static FundId fund;
  private static FundId otherFund;

  @BeforeAll
  static void aFundWithMoney() {
    owner =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(2))
            .connectingTo(TestDatabase.connect(db.ownerUrl()))
            .using(db.vertx())
            .build();
    var books = new Books(db);
    books.appointOfficers();
    fund = books.fundWith(sar(100));
    otherFund = books.openFund();
    books.give(fund, Channel.BANK_TRANSFER, sar(10));
  }

  @AfterAll
  static void close() {
    owner.close().await();
  }

  @Test
  void theApplicationWritesOnlyWhatStandsBeforeTheJournal() {
    var writable = new ArrayList<String>();
    var rows = db.pool().preparedQuery(LIST_PRIVILEGES).execute().await();
    rows.forEach(row -> writable.add(row.getString("privilege") + " " + row.getString("name")));

    assertThat(writable)
        .containsExactly(
            "INSERT accreditation",
            "INSERT accreditation_confirmation",
            "INSERT approval",
            "INSERT approval_policy",
            "INSERT budget_confirmation",
            "INSERT delivery",
            "INSERT delivery_answer",
            "INSERT delivery_question",
            "INSERT dismissal",
            "INSERT entitled_contact",
            "INSERT entitlement",
            "INSERT fee_confirmation",
            "INSERT fee_proposal",
            "INSERT initiative",
            "INSERT initiative_budget",
            "INSERT officer",
            "INSERT payee",
            "INSERT payee_contact",
            "INSERT payee_iban",
            "INSERT payee_member",
            "INSERT payee_verification",
            "INSERT paying_account",
            "INSERT payment_file",
            "INSERT payment_in_file",
            "INSERT policy_confirmation",
            "INSERT policy_version",
            "INSERT programme",
            "INSERT request_seen",
            "INSERT secret",
            "INSERT terms_change",
            "INSERT terms_confirmation",
            "INSERT verification");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fund",
        "closure",
        "account",
        "balance",
        "entry",
        "posting",
        "gift",
        "donor",
        "transfer",
        "awaited",
        "unsettled",
        "span",
        "money_use",
        "period_closing",
        "frozen",
        "thaw",
        "balance_day",
        "balance_month",
        "balance_hour",
        "folded",
        "settlement_policy",
        "receipt_series",
        "receipt",
        "card_intent",
        "card_payment",
        "card_paid",
        "card_lapse",
        "card_doubt",
        "card_awaited",
        "card_due",
        "psp_event",
        "given_back",
        "refund",
        "refund_confirmation",
        "refund_sent",
        "refund_unsent",
        "chargeback",
        "reserve_topup",
        "payout",
        "fee_policy",
        "disbursement",
        "disbursement_version",
        "withdrawal",
        "reservation",
        "payment",
        "payment_step",
        "disbursement_entitlement",
        "entitlement_payment",
        "currency"
      })
  void theApplicationCannotWriteTheBooksDirectly(String table) {
    for (var statement :
        List.of(
            "INSERT INTO fund.%s DEFAULT VALUES",
            "DELETE FROM fund.%s", "TRUNCATE fund.%s CASCADE")) {
      assertRefused(db.pool(), statement.formatted(table), NOT_PERMITTED);
    }
    var column =
        db.pool().preparedQuery(FIND_COLUMN).execute(Tuple.of(table)).await().iterator().next();
    assertRefused(
        db.pool(),
        "UPDATE fund.%s SET %2$s = %2$s".formatted(table, column.getString(0)),
        NOT_PERMITTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fund",
        "closure",
        "account",
        "entry",
        "posting",
        "gift",
        "transfer",
        "span",
        "money_use",
        "period_closing",
        "frozen",
        "thaw",
        "receipt",
        "officer",
        "dismissal",
        "payee",
        "payee_member",
        "payee_iban",
        "payee_verification",
        "disbursement",
        "disbursement_version",
        "withdrawal",
        "approval",
        "reservation",
        "payment",
        "payment_step",
        "delivery",
        "accreditation",
        "accreditation_confirmation",
        "payee_contact",
        "policy_version",
        "approval_policy",
        "policy_confirmation",
        "initiative",
        "initiative_budget",
        "budget_confirmation",
        "paying_account",
        "payment_file",
        "payment_in_file",
        "programme",
        "entitlement",
        "verification",
        "disbursement_entitlement",
        "entitlement_payment",
        "delivery_question",
        "delivery_answer",
        "request_seen",
        "secret",
        "use_category",
        "use_region",
        "use_group",
        "terms",
        "use_rule",
        "use_rule_end",
        "terms_change",
        "terms_confirmation",
        "target_reached",
        "surplus_move",
        "surplus_approval",
        "surplus_transfer",
        "fee_proposal",
        "fee_confirmation",
        "pledge",
        "pledge_end",
        "instalment",
        "instalment_question",
        "instalment_gift"
      })
  void notEvenTheirOwnerEditsTheBooks(String table) {
    var column =
        owner.preparedQuery(FIND_COLUMN).execute(Tuple.of(table)).await().iterator().next();
    assertRefused(
        owner,
        "UPDATE fund.%s SET %2$s = DEFAULT".formatted(table, column.getString(0)),
        APPEND_ONLY);
    assertRefused(owner, "DELETE FROM fund." + table, APPEND_ONLY);
    assertRefused(owner, "TRUNCATE fund." + table + " CASCADE", APPEND_ONLY);
  }

  @Test
  void onlyWorkListsCountersAndSettingsAreNotAppendOnly() {
    var open = new ArrayList<String>();
    db.pool().query(LIST_OPEN).execute().await().forEach(row -> open.add(row.getString(0)));

    assertThat(open)
        .containsExactly(
            "awaited",
            "balance",
            "balance_day",
            "balance_hour",
            "balance_month",
            "card_awaited",
            "card_due",
            "closing_due",
            "currency",
            "donor",
            "entitled_contact",
            "flyway_schema_history",
            "folded",
            "instalment_due",
            "pledge_due",
            "pledge_untold",
            "pledger",
            "posted",
            "receipt_series",
            "refund_unsent",
            "settlement_policy",
            "unsettled");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fund.move('gift', 1, 'bank', 'received', 100, 'x', 'x', %1$s, %1$s)",
        "fund.reverse(1, 'x', %1$s)",
        "fund.receive('{1}', '{1}', 'x', %1$s)",
        "fund.take_numbers('M', 2026::smallint, 1)",
        "fund.extend_axis(1, 1, 'gift', 1, 1)",
        "fund.use_money(1, 1, 'payment', 1)",
        "fund.release(1, 'x', %1$s)",
        "fund.put_closing_due(1)"
      })
  void theApplicationCannotPostWhateverItLikes(String call) {
    assertRefused(
        db.pool(), "SELECT " + call.formatted("TIMESTAMPTZ '2026-03-01Z'"), NOT_PERMITTED);
  }

  @Test
  void everyFunctionThatActsAsItsOwnerPinsItsSearchPath() {
    assertThat(db.pool().query(LIST_UNPINNED).execute().await()).isEmpty();
  }

  @Test
  void nobodyElseMayCallTheFunctions() {
    assertThat(db.pool().query(LIST_PUBLIC).execute().await()).isEmpty();
  }

  @Test
  void anEntryThatDoesNotBalanceIsRefused() {
    assertRefused(
        tx -> post(tx, 2, leg(1, fund, "bank", 100), leg(2, fund, "received", -99)),
        CHECK,
        "posting_balanced");
  }

  @Test
  void moneyCannotLeakFromOneFundToAnother() {
    assertRefused(
        tx -> post(tx, 2, leg(1, otherFund, "bank", 100), leg(2, fund, "received", -100)),
        CHECK,
        "posting_balanced");
  }

  @Test
  void aPostingCannotNameAnotherFundThanItsAccount() {
    var account = account(fund, "bank");
    assertRefused(
        tx ->
            tx.preparedQuery(POST)
                .execute(Tuple.of(entry(tx, 2), account, otherFund.value()))
                .await(),
        FOREIGN_KEY,
        "posting_account_known");
  }

  @Test
  void anEntryWithoutPostingsIsRefused() {
    assertRefused(tx -> entry(tx, 2), CHECK, "entry_has_postings");
  }

  @Test
  void moneyOfGiftsIsPostedOnlyWithReceiptsThatComeToIt() {
    var gift = "SELECT min(id) FROM fund.gift WHERE channel = 'bank_transfer'";
    assertRefused(tx -> move(tx, "gift", "bank", "received", "wall"), CHECK, "gifts_are_receipted");
    assertRefused(
        tx -> {
          var entry = move(tx, "gift", "bank", "received", "wall");
          tx.query(RECEIPT.formatted("(" + gift + ")", 99, entry)).execute().await();
        },
        CHECK,
        "receipts_are_posted");
    assertRefused(
        tx -> tx.query(RECEIPT.formatted("-1", 100, 1)).execute().await(),
        FOREIGN_KEY,
        "receipt_gift_known");
  }

  @Test
  void noPlaceOfAnAxisIsSpentTwiceAndNoneThatIsNotThere() {
    var use = "SELECT fund.use_money(%d, 100, 'fee', 1)".formatted(otherFund.value());
    assertRefused(tx -> tx.query(use).execute().await(), CHECK, "money_within_axis");
    assertRefused(
        tx -> {
          for (int i = 0; i < 2; i++) {
            tx.query(USE.formatted(fund.value())).execute().await();
          }
        },
        EXCLUSION,
        "money_used_once");
  }

  @Test
  void nothingIsBookedIntoAMonthThatIsClosed() {
    assertRefused(
        tx -> {
          tx.query(CLOSE_MARCH).execute().await();
          move(tx, "correction", "bank", "received", "wall");
        },
        CHECK,
        "entry_in_open_period");
  }

  private static long move(SqlConnection tx, String kind, String debit, String credit, String key) {
    var fields = Tuple.of(kind, fund.value(), debit, credit, key);
    return tx.preparedQuery(MOVE).execute(fields).await().iterator().next().getLong(0);
  }

  @Test
  void anEntryMustBeWrittenWhole() {
    assertRefused(
        tx -> post(tx, 3, leg(1, fund, "bank", 100), leg(2, fund, "received", -100)),
        CHECK,
        "posting_whole");
  }

  @Test
  void nothingIsAddedToAnEntryLater() {
    assertRefused(
        tx -> {
          var entry = entry(tx, 2);
          postTo(tx, entry, leg(1, fund, "bank", 100), leg(2, fund, "received", -100));
          postTo(tx, entry, leg(3, fund, "bank", 100), leg(4, fund, "received", -100));
        },
        CHECK,
        "posting_whole");
  }

  @Test
  void aReversalMustBeTheMirrorOfWhatItReverses() {
    assertRefused(
        tx -> {
          var first = post(tx, 2, leg(1, fund, "bank", 100), leg(2, fund, "received", -100));
          var second =
              tx.preparedQuery(REVERSING_ENTRY).execute(Tuple.of(first)).await().iterator().next();
          postTo(tx, second.getLong(0), leg(1, fund, "bank", -90), leg(2, fund, "received", 90));
        },
        CHECK,
        "entry_reverses");
  }

  @Test
  void anEntryIsReversedOnlyOnce() {
    assertRefused(
        tx -> {
          var first = post(tx, 2, leg(1, fund, "bank", 100), leg(2, fund, "received", -100));
          var reverse = "SELECT fund.reverse($1, 'owner', '2026-03-01T09:00:00Z')";
          tx.preparedQuery(reverse).execute(Tuple.of(first)).await();
          tx.preparedQuery(reverse).execute(Tuple.of(first)).await();
        },
        UNIQUE,
        "entry_reverses_key");
  }

  @Test
  void aStrictAccountCannotBeOverdrawn() {
    assertRefused(
        tx -> post(tx, 2, leg(1, fund, "available", 10_001), leg(2, fund, "reserved", -10_001)),
        CHECK,
        "balance_not_overdrawn");
  }

  @Test
  void aPretendedCardPaymentCannotEnterARealFund() {
    var real = new Books(db).openFund(false);
    assertRefused(
        tx -> {
          var gift = tx.preparedQuery(CARD_GIFT).execute(Tuple.of(real.value(), false)).await();
          var id = gift.iterator().next().getLong(0);
          var receive =
              "SELECT fund.receive(ARRAY[$1::bigint], ARRAY[100::bigint], 'owner', '2026-03-01Z')";
          tx.preparedQuery(receive).execute(Tuple.of(id)).await();
        },
        CHECK,
        "card_money_is_paid");
    assertThatThrownBy(
            () -> owner.preparedQuery(CARD_GIFT).execute(Tuple.of(real.value(), true)).await())
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getSqlState()).isEqualTo(FOREIGN_KEY));
  }

  @Test
  void currenciesHaveTheExponentsThatJavaKnows() {
    var rows = db.pool().query("SELECT code, exponent FROM fund.currency").execute().await();

    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(Money.of(1, row.getString("code")).currency())
                    .extracting(c -> c.getDefaultFractionDigits())
                    .isEqualTo(row.getInteger("exponent")));
  }

  private record Leg(int line, FundId fund, String role, long amount) {}

  private static Leg leg(int line, FundId fund, String role, long amount) {
    return new Leg(line, fund, role, amount);
  }

  private static long post(SqlConnection tx, int lines, Leg... legs) {
    long entry = entry(tx, lines);
    postTo(tx, entry, legs);
    return entry;
  }

  private static long entry(SqlConnection tx, int lines) {
    return tx.preparedQuery(ENTRY).execute(Tuple.of(lines)).await().iterator().next().getLong(0);
  }

  private static void postTo(SqlConnection tx, long entry, Leg... legs) {
    var values = new ArrayList<String>();
    for (var leg : legs) {
      values.add(
          "(%d, %d, %d, %d, 'SAR', %d)"
              .formatted(
                  entry,
                  leg.line(),
                  account(leg.fund(), leg.role()),
                  leg.fund().value(),
                  leg.amount()));
    }
    tx.query(
            "INSERT INTO fund.posting (entry, line, account, fund, currency, amount) VALUES "
                + String.join(", ", values))
        .execute()
        .await();
  }

  private static long account(FundId fund, String role) {
    return db.pool()
        .preparedQuery("SELECT id FROM fund.account WHERE fund = $1 AND role = $2")
        .execute(Tuple.of(fund.value(), role))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }

  private static void assertRefused(SqlClient as, String statement, String state) {
    assertThatThrownBy(() -> as.query(statement).execute().await())
        .as(statement)
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getSqlState()).isEqualTo(state));
  }

  /** As the owner, who may write but not break the rules. */
  private static void assertRefused(Consumer<SqlConnection> work, String state, String constraint) {
    assertThatThrownBy(
            () ->
                Database.inTransaction(
                    owner,
                    tx -> {
                      work.accept(tx);
                      return true;
                    }))
        .isInstanceOfSatisfying(
            PgException.class,
            e -> {
              assertThat(e.getSqlState()).isEqualTo(state);
              assertThat(e.getConstraint()).isEqualTo(constraint);
            });
  }

  private static final String LIST_PRIVILEGES =
      """
      SELECT c.relname AS name, privilege
      FROM pg_class c
      CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
      WHERE c.relnamespace = 'fund'::regnamespace AND c.relkind IN ('r', 'v')
        AND has_table_privilege(c.oid, privilege)
      ORDER BY privilege, name\
      """;

  private static final String FIND_COLUMN =
      """
      SELECT attname FROM pg_attribute
      WHERE attrelid = ('fund.' || $1)::regclass AND attnum > 0 AND attidentity = ''
      ORDER BY attnum LIMIT 1\
      """;

  private static final String LIST_OPEN =
      """
      SELECT c.relname FROM pg_class c
      WHERE c.relnamespace = 'fund'::regnamespace AND c.relkind = 'r'
        AND NOT EXISTS (SELECT FROM pg_trigger t
                        WHERE t.tgrelid = c.oid AND t.tgname = 'append_only')
      ORDER BY c.relname\
      """;

  private static final String LIST_UNPINNED =
      """
      SELECT proname FROM pg_proc
      WHERE pronamespace = 'fund'::regnamespace AND prosecdef
        AND NOT coalesce(proconfig, '{}') @> '{"search_path=fund, pg_temp"}'\
      """;

  private static final String LIST_PUBLIC =
      """
      SELECT p.proname FROM pg_proc p
      CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      WHERE p.pronamespace = 'fund'::regnamespace AND a.grantee = 0\
      """;

  private static final String ENTRY =
      """
      INSERT INTO fund.entry
        (kind, event_at, recorded_at, idem_scope, idem_key, request_hash, actor, n_lines)
      VALUES ('correction', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z', 'wall',
              gen_random_uuid()::text, sha256('wall'), 'owner', $1)
      RETURNING id\
      """;

  private static final String REVERSING_ENTRY =
      """
      INSERT INTO fund.entry (kind, event_at, recorded_at, idem_scope, idem_key, request_hash,
                              actor, n_lines, reverses)
      VALUES ('correction', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z', 'wall',
              gen_random_uuid()::text, sha256('wall'), 'owner', 2, $1)
      RETURNING id\
      """;

  private static final String MOVE =
      """
      SELECT fund.move($1, $2, $3, $4, 100, $5, 'owner', '2026-03-01T09:00:00Z',
                       '2026-03-01T09:00:00Z')\
      """;

  private static final String RECEIPT =
      """
      INSERT INTO fund.receipt (gift, number, issued_at, minor, entry, year, series)
      VALUES (%s, 1000, '2026-03-01T09:00:00Z', %d, %d, 2026, 'M')\
      """;

  private static final String USE =
      """
      INSERT INTO fund.money_use (fund, place, kind, entry)
      SELECT %d, int8range(0, 10), 'fee', min(id) FROM fund.entry\
      """;

  private static final String CLOSE_MARCH =
      """
      INSERT INTO fund.period_closing (month, closed_by, since, closed_at)
      SELECT '2026-03-01', account, since, '2026-04-02T09:00:00Z' FROM fund.officer
      WHERE office = 'treasurer' LIMIT 1\
      """;

  private static final String POST =
      """
      INSERT INTO fund.posting (entry, line, account, fund, currency, amount)
      VALUES ($1, 1, $2, $3, 'SAR', 100), ($1, 2, $2, $3, 'SAR', -100)\
      """;

  private static final String CARD_GIFT =
      """
      INSERT INTO fund.gift (code, fund, currency, demonstration, channel, minor, anonymous,
                             given_at, idem, content)
      VALUES (translate(gen_random_uuid()::text, '-', ''), $1, 'SAR', $2, 'card', 100, true,
              '2026-03-01T09:00:00Z',
              gen_random_uuid(), gen_random_uuid()) RETURNING id\
      """;
}
