package org.fazaa.web.bench;

import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.fazaa.config.Database;
import org.fazaa.fund.giving.Channel;
import org.fazaa.fund.giving.Donor;
import org.fazaa.fund.giving.GatherGifts;
import org.fazaa.fund.giving.RecordDonation;
import org.fazaa.fund.giving.SettleGifts;
import org.fazaa.fund.ledger.FoldBooks;
import org.fazaa.fund.ledger.FundId;
import org.fazaa.fund.ledger.Invariants;
import org.fazaa.fund.ledger.Journal;
import org.fazaa.fund.ledger.Money;
import org.fazaa.fund.ledger.Officer;
import org.fazaa.fund.ledger.OpenFund;
import org.fazaa.fund.ledger.Restriction;
import org.fazaa.fund.ledger.Use;
import org.fazaa.fund.ledger.Words;
import org.fazaa.fund.spending.AddPayee;
import org.fazaa.fund.spending.ApproveDisbursement;
import org.fazaa.fund.spending.ConfirmAccreditation;
import org.fazaa.fund.spending.DisbursementId;
import org.fazaa.fund.spending.EnterAccreditation;
import org.fazaa.fund.spending.PayDisbursement;
import org.fazaa.fund.spending.PayeeId;
import org.fazaa.fund.spending.RequestDisbursement;
import org.fazaa.fund.spending.VerifyPayee;
import org.fazaa.notifier.Language;
import org.fazaa.notifier.Phone;

/** The parts of {@link FundBench}, all on one database, with every constraint and trigger on. */
final class FundTrial {
  static final int CLIENTS = 32;

  private static final int NAIVE_CLIENTS = 16;
  private static final int IN_FLIGHT = 4_000;
  private static final int PAYOUTS = 1_000;
  private static final int PAYERS = 8;
  private static final long REQUESTER = 1;
  private static final long APPROVER = 2;
  private static final long SECOND_APPROVER = 3;
  private static final long TREASURER = 4;

  private final BareBed bed;
  private final Duration time;
  private final int rounds;
  private final int rate;
  private final Random random = new Random(7);
  private final RecordDonation recordDonation = new RecordDonation(random);
  private final GatherGifts gatherGifts;
  private final FundId fund;

  FundTrial(BareBed bed, Duration time, int rounds, int rate) {
    this.bed = bed;
    this.time = time;
    this.rounds = rounds;
    this.rate = rate;
    var clock = bed.database().clock();
    gatherGifts = new GatherGifts(bed.pool(), bed.bus(), clock, recordDonation);
    fund = openFund();
    bed.run(gatherGifts);
    bed.run(new SettleGifts(bed.pool(), bed.bus()));
    bed.run(new FoldBooks(bed.pool()));
  }

  FundFigures run(int entries, Duration sustained) throws SQLException {
    var plain = new ArrayList<Pace>();
    var plainAlone = new ArrayList<Pace>();
    var naive = new ArrayList<Pace>();
    var oneByOne = new ArrayList<Pace>();
    var alone = new ArrayList<Pace>();
    var together = new ArrayList<Pace>();
    try (var owner = bed.owner()) {
      owner.createStatement().execute(PLAIN_AND_NAIVE);
      together(Duration.ofSeconds(2)); // plans and compiled code, for whoever comes first
      for (var round = 0; round < rounds; round++) {
        plain.add(inSql(CLIENTS, "INSERT INTO bench.plain (key, minor, at) VALUES (?, 100, ?)"));
        plainAlone.add(inSql(1, "INSERT INTO bench.plain (key, minor, at) VALUES (?, 100, ?)"));
        naive.add(inSql(NAIVE_CLIENTS, "SELECT bench.give(?, 100, ?)"));
        oneByOne.add(Pace.of(CLIENTS, time, client -> number -> alone()));
        alone.add(Pace.of(1, time, client -> number -> gatherGifts.run(draft()).await()));
        together.add(together(time));
      }
    }
    Latencies atRate;
    double bytes;
    try (var owner = bed.owner()) {
      var before = size(owner);
      var given = gifts(owner);
      atRate = atRate();
      bytes = (size(owner) - before) / (double) (gifts(owner) - given);
    }
    var payouts = payouts();
    var decay = sustained.isZero() ? Optional.<Double>empty() : Optional.of(decay(sustained));
    var asOf = asOf(entries);
    soundBooks();
    return new FundFigures(
        plain,
        plainAlone,
        naive,
        oneByOne,
        alone,
        together,
        rate,
        atRate,
        payouts,
        bytes,
        entries,
        asOf,
        decay);
  }

  private FundId openFund() {
    var now = bed.database().clock().instant();
    var draft =
        new OpenFund.Draft(
            "bench",
            new Words("صندوق السيول", "Flood fund"),
            Currency.getInstance("SAR"),
            Restriction.PURPOSE,
            new Words("إيواء", "Shelter"),
            Optional.empty(),
            Optional.of("L-77"),
            Optional.empty(),
            true,
            REQUESTER);
    return Database.inTransaction(
        bed.pool(),
        tx -> {
          Officer.appoint(tx, REQUESTER, Officer.Office.REQUESTER, 0, now);
          Officer.appoint(tx, APPROVER, Officer.Office.APPROVER, 0, now);
          Officer.appoint(tx, SECOND_APPROVER, Officer.Office.APPROVER, 0, now);
          Officer.appoint(tx, TREASURER, Officer.Office.TREASURER, 0, now);
          return ((OpenFund.Outcome.Opened) OpenFund.run(tx, draft, now)).fund();
        });
  }

  /** A giver with a name and a phone, as a careful one leaves them. */
  private RecordDonation.Draft draft() {
    var phone = new Phone("+9665%08d".formatted(random.nextInt(100_000_000)));
    var donor = new Donor(Optional.of("سارة العتيبي"), Optional.of(phone), Language.AR, false);
    var amount = new Money(100 * (1 + random.nextInt(500)), Currency.getInstance("SAR"));
    return new RecordDonation.Draft(
        UUID.randomUUID().toString(),
        fund,
        Channel.CARD,
        Optional.of(amount),
        Optional.empty(),
        donor);
  }

  private void alone() {
    var draft = draft();
    var now = bed.database().clock().instant();
    Database.inTransaction(bed.pool(), tx -> recordDonation.run(tx, draft, now));
  }

  /** So many givers wait at any time that the queue is never empty. */
  private Pace together(Duration time) {
    var free = new Semaphore(IN_FLIGHT);
    var done = new AtomicInteger();
    var nanos = new AtomicLongArray(1 << 22);
    var cpu = Cpu.own();
    var start = System.nanoTime();
    while (System.nanoTime() - start < time.toNanos()) {
      free.acquireUninterruptibly();
      give(System.nanoTime(), nanos, done).onComplete(end -> free.release());
    }
    free.acquireUninterruptibly(IN_FLIGHT);
    gatherGifts.wind(bed.database().clock().instant()); // entries and receipts are part of the work
    return pace(nanos, done.get(), System.nanoTime() - start, Cpu.own().minus(cpu));
  }

  private Future<GatherGifts.Answer> give(long from, AtomicLongArray nanos, AtomicInteger done) {
    return gatherGifts
        .run(draft())
        .onSuccess(
            answer -> {
              if (!(answer
                  instanceof GatherGifts.Answer.Given(RecordDonation.Outcome.Recorded r))) {
                throw new IllegalStateException("not recorded: " + answer);
              }
              nanos.set(done.getAndIncrement() % nanos.length(), System.nanoTime() - from);
            });
  }

  private static Pace pace(AtomicLongArray nanos, int done, long took, Duration cpu) {
    var kept = new long[Math.min(done, nanos.length())];
    for (var i = 0; i < kept.length; i++) kept[i] = nanos.get(i);
    return new Pace(done / (took / 1e9), kept, cpu);
  }

  /** Gifts come by the clock, however long those before them take; a gift's time counts from it. */
  private Latencies atRate() {
    var total = (int) (rate * time.toSeconds() * rounds);
    var nanos = new AtomicLongArray(total);
    var done = new AtomicInteger();
    var start = System.nanoTime();
    for (var i = 0; i < total; i++) {
      var due = start + i * 1_000_000_000L / rate;
      var early = due - System.nanoTime();
      if (early > 0) LockSupport.parkNanos(early);
      give(due, nanos, done);
    }
    while (done.get() < total) LockSupport.parkNanos(1_000_000);
    var micros = new ArrayList<Long>(total);
    for (var i = 0; i < total; i++) micros.add(nanos.get(i) / 1_000);
    return Latencies.of(micros);
  }

  private double decay(Duration sustained) {
    var minutes = new ArrayList<Double>();
    for (var minute = 0; minute < sustained.toMinutes(); minute++) {
      minutes.add(together(Duration.ofMinutes(1)).perSecond());
    }
    return minutes.getLast() / minutes.getFirst();
  }

  private Pace payouts() {
    var requests = new ArrayList<DisbursementId>();
    for (var i = 0; i < PAYOUTS; i++) requests.add(approved());
    var next = new AtomicInteger();
    var start = System.nanoTime();
    var pay = new PayDisbursement(random);
    var times = new AtomicLongArray(PAYOUTS);
    try (var threads = Executors.newFixedThreadPool(PAYERS)) {
      for (var payer = 0; payer < PAYERS; payer++) {
        threads.submit(
            () -> {
              for (int i = next.getAndIncrement(); i < PAYOUTS; i = next.getAndIncrement()) {
                var draft = new PayDisbursement.Draft(requests.get(i), TREASURER);
                var from = System.nanoTime();
                var now = bed.database().clock().instant();
                Database.inTransaction(bed.pool(), tx -> pay.run(tx, draft, now));
                times.set(i, System.nanoTime() - from);
              }
            });
      }
    }
    return pace(times, PAYOUTS, System.nanoTime() - start, Duration.ZERO);
  }

  private Optional<PayeeId> payee = Optional.empty();

  private DisbursementId approved() {
    var now = bed.database().clock().instant();
    return Database.inTransaction(
        bed.pool(),
        tx -> {
          if (payee.isEmpty()) {
            var name = new Words("جمعية البر", "Al-Birr Society");
            var added =
                new AddPayee.Draft(name, "SA0380000000608010167519", Set.of(99L), REQUESTER);
            payee = Optional.of(((AddPayee.Outcome.Added) AddPayee.run(tx, added, now)).payee());
            VerifyPayee.run(
                tx, new VerifyPayee.Draft(payee.get(), 1, "Letter of the bank", APPROVER), now);
            var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
            EnterAccreditation.run(
                tx,
                new EnterAccreditation.Draft(
                    payee.get(), "Centre", "118", today, today.plusYears(9), REQUESTER),
                now);
            ConfirmAccreditation.run(
                tx, new ConfirmAccreditation.Draft(payee.get(), 1, APPROVER), now);
          }
          var draft =
              new RequestDisbursement.Draft(
                  UUID.randomUUID().toString(),
                  fund,
                  payee.get(),
                  new Money(100, Currency.getInstance("SAR")),
                  "Tents",
                  "Offer 118",
                  Use.ANY,
                  REQUESTER);
          var id =
              ((RequestDisbursement.Outcome.Requested) RequestDisbursement.run(tx, draft, now))
                  .id();
          ApproveDisbursement.run(tx, new ApproveDisbursement.Draft(id, 1, APPROVER), now);
          ApproveDisbursement.run(tx, new ApproveDisbursement.Draft(id, 1, SECOND_APPROVER), now);
          return id;
        });
  }

  /** A journal of a year, one entry in twenty known up to three days late. */
  private Pace asOf(int entries) throws SQLException {
    try (var owner = bed.owner()) {
      for (var from = 0; from < entries; from += CHUNK) {
        try (var statement = owner.prepareStatement(FILL_JOURNAL)) {
          statement.setObject(1, Database.utc(bed.database().clock().instant()));
          statement.setInt(2, Math.min(CHUNK, entries - from));
          statement.setLong(3, fund.value());
          statement.execute();
        }
      }
      owner.createStatement().execute("ANALYZE");
    }
    while (Database.inTransaction(bed.database().bulk(), FoldBooks::fold)) Thread.yield();
    var now = bed.database().clock().instant();
    var moments = new Random(11);
    return Pace.of(
        1,
        time,
        client ->
            number -> {
              var happened = now.minusSeconds(moments.nextInt(360 * 86_400));
              var known = happened.plusSeconds(moments.nextInt(5 * 86_400));
              Journal.asOf(bed.pool(), fund, Optional.of(happened), Optional.of(known));
            });
  }

  private void soundBooks() {
    var found = Database.inTransaction(bed.database().bulk(), Invariants::checkAll);
    if (!found.isEmpty()) throw new IllegalStateException("the books are not sound: " + found);
  }

  private Pace inSql(int clients, String sql) throws SQLException {
    var connections = new ArrayList<Connection>();
    var clock = bed.database().clock();
    try {
      for (var i = 0; i < clients; i++) connections.add(bed.owner());
      return Pace.of(clients, time, client -> inSql(connections.get(client), sql, clock));
    } finally {
      for (var connection : connections) connection.close();
    }
  }

  private static IntConsumer inSql(Connection connection, String sql, InstantSource clock) {
    try {
      var statement = connection.prepareStatement(sql);
      return number -> {
        try {
          statement.setObject(1, UUID.randomUUID());
          statement.setTimestamp(2, Timestamp.from(clock.instant()));
          statement.execute();
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      };
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long size(Connection owner) throws SQLException {
    return number(owner, SIZE);
  }

  private static long gifts(Connection owner) throws SQLException {
    return number(owner, "SELECT count(*) FROM fund.gift");
  }

  private static long number(Connection owner, String sql) throws SQLException {
    try (var rows = owner.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static final int CHUNK = 20_000;

  private static final String PLAIN_AND_NAIVE =
      """
      CREATE SCHEMA bench;
      CREATE TABLE bench.plain (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key uuid, minor bigint, at timestamptz);
      CREATE TABLE bench.entry (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key uuid UNIQUE, at timestamptz);
      CREATE TABLE bench.posting (
        entry bigint REFERENCES bench.entry, line int, account int, minor bigint,
        PRIMARY KEY (entry, line));
      CREATE TABLE bench.balance (account int PRIMARY KEY, minor bigint) WITH (fillfactor = 50);
      INSERT INTO bench.balance VALUES (1, 0), (2, 0);
      CREATE FUNCTION bench.give(p_key uuid, p_minor bigint, p_at timestamptz) RETURNS void
      LANGUAGE plpgsql AS $$
      DECLARE written bigint;
      BEGIN
        INSERT INTO bench.entry (key, at) VALUES (p_key, p_at) RETURNING id INTO written;
        INSERT INTO bench.posting VALUES (written, 1, 1, p_minor), (written, 2, 2, -p_minor);
        UPDATE bench.balance SET minor = minor + p_minor WHERE account = 1;
        UPDATE bench.balance SET minor = minor - p_minor WHERE account = 2;
      END $$\
      """;

  private static final String SIZE =
      """
      SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
      WHERE c.relnamespace = 'fund'::regnamespace AND c.relkind = 'r'\
      """;

  private static final String FILL_JOURNAL =
      """
      WITH made AS (
        INSERT INTO fund.entry (kind, event_at, recorded_at, idem_scope, idem_key, request_hash,
                                actor, n_lines, booked)
        SELECT 'banking', at, at + CASE WHEN random() < 0.05 THEN random() * interval '3 days'
                                        ELSE interval '0' END,
               'bench', gen_random_uuid()::text, sha256('bench'), 'bench', 2, '2000-01-01'
        FROM (SELECT ?::timestamptz - interval '3 days' - random() * interval '362 days' AS at
              FROM generate_series(1, ?)) one
        RETURNING id
      )
      INSERT INTO fund.posting (entry, line, account, fund, currency, amount)
      SELECT m.id, leg.line, a.id, a.fund, a.currency, leg.sign * 100
      FROM made m CROSS JOIN (VALUES (1, 'bank', 1), (2, 'clearing', -1)) AS leg (line, role, sign)
      JOIN fund.account a ON a.fund = ? AND a.role = leg.role\
      """;
}
