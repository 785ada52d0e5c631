-- The books at speed. Gifts come many at once and touch no row that others wait for: one entry for
-- what a batch brought to a fund, a row for each gift and each receipt, and nothing else. Balances
-- of the past are kept by the hour, on both axes of time, and are folded in behind the journal.

CREATE SCHEMA IF NOT EXISTS fund_gist;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA fund_gist;

DROP VIEW fund.figures;
DROP FUNCTION fund.confirm_transfer, fund.settle_gifts, fund.record_gifts, fund.post_arrivals,
  fund.issue_receipts;

-- Accounts: what providers and banks keep for themselves, what is kept to give back money that was
-- already spent, and what nobody can place yet.
ALTER TABLE fund.account DROP COLUMN strict;
ALTER TABLE fund.account DROP CONSTRAINT account_role_check;
ALTER TABLE fund.account ADD CONSTRAINT account_role_check CHECK (role IN
  ('clearing', 'bank', 'received', 'available', 'reserved', 'payable', 'fees', 'refund_reserve',
   'suspense'));
ALTER TABLE fund.account ADD COLUMN strict boolean GENERATED ALWAYS AS
  (role IN ('available', 'reserved', 'payable', 'refund_reserve')) STORED;
INSERT INTO fund.account (fund, currency, role)
SELECT f.id, f.currency, role
FROM fund.fund f CROSS JOIN unnest(ARRAY['fees', 'refund_reserve', 'suspense']) AS role
ORDER BY f.id;
INSERT INTO fund.balance (account)
SELECT a.id FROM fund.account a WHERE a.role = 'refund_reserve';

-- Whoever is referred to by every gift is locked by every gift, and two that lock one row together
-- leave a trail that grows faster than it is cleaned. Accounts and funds are never deleted or
-- edited, so it is enough to look that they are there, once for all rows of a statement.
ALTER TABLE fund.posting DROP CONSTRAINT posting_account_fund_currency_fkey,
  DROP CONSTRAINT posting_entry_fkey;

ALTER TABLE fund.entry DROP CONSTRAINT entry_kind_check;
ALTER TABLE fund.entry ADD CONSTRAINT entry_kind_check CHECK (kind IN
  ('gift', 'settlement', 'reservation', 'payment', 'confirmation', 'rejection', 'return',
   'refund', 'chargeback', 'fee', 'reserve_topup', 'banking', 'surplus', 'correction'));

-- A month that is closed takes no more entries. What became known later is booked into the month
-- in which it became known, keeps the day on which it happened, and is shown as of a prior period.
CREATE TABLE fund.period_closing (
  month date PRIMARY KEY CHECK (extract(DAY FROM month) = 1),
  closed_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'treasurer' CHECK (office = 'treasurer'),
  since timestamptz NOT NULL,
  closed_at timestamptz NOT NULL,
  FOREIGN KEY (closed_by, office, since) REFERENCES fund.officer,
  CONSTRAINT period_is_over
    CHECK (closed_at >= (month + interval '1 month') AT TIME ZONE 'Asia/Riyadh')
);

CREATE FUNCTION fund.month_of(p_at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT date_trunc('month', p_at AT TIME ZONE 'Asia/Riyadh')::date
$$;

ALTER TABLE fund.entry DISABLE TRIGGER append_only;
ALTER TABLE fund.entry ADD COLUMN booked date;
UPDATE fund.entry SET booked = fund.month_of(event_at);
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE fund.entry ALTER COLUMN booked SET NOT NULL;
ALTER TABLE fund.entry ENABLE TRIGGER append_only;
CREATE INDEX entry_event ON fund.entry (event_at);
CREATE INDEX entry_recorded ON fund.entry (recorded_at);
CREATE INDEX entry_xid8 ON fund.entry (xid8);

-- The month an entry is booked into. Whoever closes a month waits for entries on their way.
CREATE FUNCTION fund.book_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('fund.closing', 0));
  NEW.booked := fund.month_of(NEW.event_at);
  IF EXISTS (SELECT FROM fund.period_closing c WHERE c.month = NEW.booked) THEN
    NEW.booked := fund.month_of(NEW.recorded_at);
    IF EXISTS (SELECT FROM fund.period_closing c WHERE c.month = NEW.booked) THEN
      RAISE EXCEPTION 'entry refused: % is closed', NEW.booked
        USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_in_open_period';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER entry_booked BEFORE INSERT ON fund.entry
  FOR EACH ROW EXECUTE FUNCTION fund.book_entry();

-- Closes a month: closed, already, not_over, earlier_open or not_treasurer. Months are closed in
-- their order.
CREATE FUNCTION fund.close_period(p_month date, p_by bigint, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_office timestamptz := fund.office_since(p_by, 'treasurer', p_now);
BEGIN
  IF in_office IS NULL THEN
    RETURN 'not_treasurer';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.closing', 0));
  IF EXISTS (SELECT FROM fund.period_closing c WHERE c.month = p_month) THEN
    RETURN 'already';
  ELSIF fund.month_of(p_now) <= p_month THEN
    RETURN 'not_over';
  ELSIF EXISTS (SELECT FROM fund.entry e WHERE e.booked < p_month AND NOT EXISTS (
                  SELECT FROM fund.period_closing c WHERE c.month = e.booked)) THEN
    RETURN 'earlier_open';
  END IF;
  INSERT INTO fund.period_closing (month, closed_by, since, closed_at)
  VALUES (p_month, p_by, in_office, p_now);
  RETURN 'closed';
END $$;

CREATE INDEX entry_booked ON fund.entry (booked);

-- A fund whose books were found wrong is frozen: money still arrives, and none leaves, until an
-- auditor has looked and says so.
CREATE TABLE fund.frozen (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund bigint NOT NULL REFERENCES fund.fund,
  invariant text NOT NULL,
  details text NOT NULL,
  found_at timestamptz NOT NULL
);

CREATE TABLE fund.thaw (
  frozen bigint PRIMARY KEY REFERENCES fund.frozen,
  thawed_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'auditor' CHECK (office = 'auditor'),
  since timestamptz NOT NULL,
  thawed_at timestamptz NOT NULL,
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 1000),
  FOREIGN KEY (thawed_by, office, since) REFERENCES fund.officer
);

CREATE FUNCTION fund.is_frozen(p_fund bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT EXISTS (SELECT FROM fund.frozen z WHERE z.fund = p_fund
                 AND NOT EXISTS (SELECT FROM fund.thaw t WHERE t.frozen = z.id))
$$;

-- Freezes a fund for an invariant, once until it is thawed.
CREATE FUNCTION fund.freeze_fund(
  p_fund bigint, p_invariant text, p_details text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.frozen ' || p_fund, 0));
  INSERT INTO fund.frozen (fund, invariant, details, found_at)
  SELECT f.id, p_invariant, left(p_details, 2000), p_now FROM fund.fund f
  WHERE f.id = p_fund AND NOT EXISTS (
    SELECT FROM fund.frozen z WHERE z.fund = p_fund AND z.invariant = p_invariant
      AND NOT EXISTS (SELECT FROM fund.thaw t WHERE t.frozen = z.id));
  RETURN FOUND;
END $$;

-- Lets a fund's money go again after an auditor has looked: thawed, not_frozen or not_auditor.
CREATE FUNCTION fund.thaw_fund(p_fund bigint, p_by bigint, p_why text, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_office timestamptz := fund.office_since(p_by, 'auditor', p_now);
BEGIN
  IF in_office IS NULL THEN
    RETURN 'not_auditor';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.frozen ' || p_fund, 0));
  INSERT INTO fund.thaw (frozen, thawed_by, since, thawed_at, why)
  SELECT z.id, p_by, in_office, p_now, p_why FROM fund.frozen z
  WHERE z.fund = p_fund AND NOT EXISTS (SELECT FROM fund.thaw t WHERE t.frozen = z.id);
  RETURN CASE WHEN FOUND THEN 'thawed' ELSE 'not_frozen' END;
END $$;

-- As before, and besides: every posting is on an account that is there, in its fund and currency,
-- and nothing leaves a frozen fund. All is looked at by one statement, because a gift alone waits
-- for each; entries are looked up by their number, which a join would look for among all.
CREATE OR REPLACE FUNCTION fund.check_postings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  found_out record;
BEGIN
  SELECT min(w.entry) FILTER (WHERE w.over <> 0) AS unbalanced,
         min(w.entry) FILTER (WHERE NOT w.known) AS elsewhere,
         min(w.entry) FILTER (WHERE (w.n, w.first, w.last) IS DISTINCT FROM (
           (SELECT e.n_lines::bigint FROM fund.entry e WHERE e.id = w.entry), 1::smallint, w.n))
           AS torn,
         min(w.fund) FILTER (WHERE w.fund IN (
           SELECT z.fund FROM fund.frozen z
           WHERE NOT EXISTS (SELECT FROM fund.thaw t WHERE t.frozen = z.id))
           AND (SELECT e.kind IN ('reservation', 'payment', 'refund', 'surplus', 'reserve_topup')
                       AND e.reverses IS NULL
                FROM fund.entry e WHERE e.id = w.entry)) AS frozen,
         bool_or(w.keeps) AS keeps
  INTO found_out
  FROM (
    SELECT a.entry, a.fund, sum(a.amount) AS over, bool_and(c.id IS NOT NULL) AS known,
           bool_or(c.strict) AS keeps,
           sum(count(*)) OVER (PARTITION BY a.entry) AS n,
           min(min(a.line)) OVER (PARTITION BY a.entry) AS first,
           max(max(a.line)) OVER (PARTITION BY a.entry) AS last
    FROM added a
    LEFT JOIN fund.account c ON (c.id, c.fund, c.currency) = (a.account, a.fund, a.currency)
    GROUP BY a.entry, a.fund, a.currency
  ) w;
  IF found_out.unbalanced IS NOT NULL THEN
    RAISE EXCEPTION 'entry % does not balance in a fund and currency', found_out.unbalanced
      USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_balanced';
  ELSIF found_out.elsewhere IS NOT NULL THEN
    RAISE EXCEPTION 'entry % is on an account that its fund has not in this currency',
      found_out.elsewhere
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'posting_account_known';
  ELSIF found_out.torn IS NOT NULL THEN
    RAISE EXCEPTION 'entry % is not there, or not written whole', found_out.torn
      USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_whole';
  ELSIF found_out.frozen IS NOT NULL THEN
    RAISE EXCEPTION 'fund % is frozen: no money leaves it', found_out.frozen
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_not_frozen';
  END IF;
  IF found_out.keeps THEN
    PERFORM FROM fund.balance b
    WHERE b.account IN (SELECT a.account FROM added a) ORDER BY b.account FOR UPDATE;
    UPDATE fund.balance b SET held = b.held - moved.amount
    FROM (SELECT a.account, sum(a.amount) AS amount FROM added a GROUP BY a.account) moved
    WHERE b.account = moved.account;
  END IF;
  RETURN NULL;
END $$;

-- What was posted, by the day in which it happened and the day in which it became known, and the
-- same by the hour. Rows are added to behind the journal, so that no posting waits for them.
CREATE TABLE fund.balance_day (
  account bigint NOT NULL,
  kind text NOT NULL,
  happened timestamptz NOT NULL CHECK (happened = date_trunc('day', happened, 'UTC')),
  known timestamptz NOT NULL CHECK (known = date_trunc('day', known, 'UTC')),
  delta bigint NOT NULL,
  PRIMARY KEY (account, happened, known, kind) INCLUDE (delta)
);

CREATE TABLE fund.balance_hour (
  account bigint NOT NULL,
  kind text NOT NULL,
  happened timestamptz NOT NULL CHECK (happened = date_trunc('hour', happened, 'UTC')),
  known timestamptz NOT NULL CHECK (known = date_trunc('hour', known, 'UTC')),
  delta bigint NOT NULL,
  PRIMARY KEY (account, happened, known, kind)
);

CREATE INDEX balance_hour_known ON fund.balance_hour (account, known);

-- Entries of transactions before this one are in these two; those from it on are not.
CREATE TABLE fund.folded (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  before xid8 NOT NULL
) WITH (fillfactor = 50);

INSERT INTO fund.folded (before) VALUES ('0');

-- Takes in what was committed since the last time, and says whether there was any.
CREATE FUNCTION fund.fold() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  was xid8;
  reach xid8;
BEGIN
  SELECT f.before INTO was FROM fund.folded f FOR UPDATE;
  reach := pg_snapshot_xmin(pg_current_snapshot());
  IF reach <= was OR NOT EXISTS (
    SELECT FROM fund.entry e WHERE e.xid8 >= was AND e.xid8 < reach)
  THEN
    RETURN false;
  END IF;
  WITH hours AS (
    INSERT INTO fund.balance_hour AS h (account, kind, happened, known, delta)
    SELECT p.account, e.kind, date_trunc('hour', e.event_at, 'UTC'),
           date_trunc('hour', e.recorded_at, 'UTC'), sum(p.amount)
    FROM fund.entry e JOIN fund.posting p ON p.entry = e.id
    WHERE e.xid8 >= was AND e.xid8 < reach
    GROUP BY 1, 2, 3, 4
    ON CONFLICT (account, happened, known, kind) DO UPDATE SET delta = h.delta + excluded.delta
  )
  INSERT INTO fund.balance_day AS d (account, kind, happened, known, delta)
  SELECT p.account, e.kind, date_trunc('day', e.event_at, 'UTC'),
         date_trunc('day', e.recorded_at, 'UTC'), sum(p.amount)
  FROM fund.entry e JOIN fund.posting p ON p.entry = e.id
  WHERE e.xid8 >= was AND e.xid8 < reach
  GROUP BY 1, 2, 3, 4
  ON CONFLICT (account, happened, known, kind) DO UPDATE SET delta = d.delta + excluded.delta;
  UPDATE fund.folded SET before = reach;
  RETURN true;
END $$;

-- What each account of a fund came to by kind of entry: of all that happened before one moment, as
-- far as it was known before another. Null is no limit. Whole days come from balance_day, the hours
-- of the two days that the moments lie in from balance_hour, the rest of their hours and what is
-- not taken in yet from the journal. IS TRUE keeps the index on xid8 from being read whole.
CREATE FUNCTION fund.sums_as_of(
  p_fund bigint, p_happened timestamptz, p_known timestamptz)
RETURNS TABLE (role text, kind text, amount bigint)
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = fund, pg_temp
SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
  happens timestamptz := coalesce(p_happened, 'infinity');
  knows timestamptz := coalesce(p_known, 'infinity');
  happens_hour timestamptz := date_trunc('hour', happens, 'UTC');
  knows_hour timestamptz := date_trunc('hour', knows, 'UTC');
  happens_day timestamptz := date_trunc('day', happens, 'UTC');
  knows_day timestamptz := date_trunc('day', knows, 'UTC');
  mark xid8;
BEGIN
  SELECT f.before INTO mark FROM fund.folded f;
  RETURN QUERY
    SELECT a.role, s.kind, sum(s.delta)::bigint
    FROM (
      SELECT d.account, d.kind, d.delta
      FROM fund.account f JOIN fund.balance_day d ON d.account = f.id
      WHERE f.fund = p_fund AND d.happened < happens_day AND d.known < knows_day
      UNION ALL
      SELECT h.account, h.kind, h.delta
      FROM fund.account f JOIN fund.balance_hour h ON h.account = f.id
      WHERE f.fund = p_fund AND h.happened >= happens_day AND h.happened < happens_hour
        AND h.known < knows_hour
      UNION ALL
      SELECT h.account, h.kind, h.delta
      FROM fund.account f JOIN fund.balance_hour h ON h.account = f.id
      WHERE f.fund = p_fund AND h.known >= knows_day AND h.known < knows_hour
        AND h.happened < happens_day
      UNION ALL
      SELECT p.account, e.kind, p.amount
      FROM fund.entry e JOIN fund.posting p ON p.entry = e.id AND p.fund = p_fund
      WHERE e.event_at >= happens_hour AND e.event_at < happens AND e.recorded_at < knows
        AND (e.xid8 < mark) IS TRUE
      UNION ALL
      SELECT p.account, e.kind, p.amount
      FROM fund.entry e JOIN fund.posting p ON p.entry = e.id AND p.fund = p_fund
      WHERE e.recorded_at >= knows_hour AND e.recorded_at < knows AND e.event_at < happens_hour
        AND (e.xid8 < mark) IS TRUE
      UNION ALL
      SELECT p.account, e.kind, p.amount
      FROM fund.entry e JOIN fund.posting p ON p.entry = e.id AND p.fund = p_fund
      WHERE e.xid8 >= mark AND e.event_at < happens AND e.recorded_at < knows
    ) s
    JOIN fund.account a ON a.id = s.account
    GROUP BY a.role, s.kind;
END $$;

-- Gifts: what the donor said. The key and the content are kept as fingerprints.
ALTER TABLE fund.gift DISABLE TRIGGER append_only;
ALTER TABLE fund.gift ADD COLUMN idem uuid, ADD COLUMN content uuid;
UPDATE fund.gift SET
  idem = encode(substr(sha256(convert_to(idem_key, 'UTF8')), 1, 16), 'hex')::uuid,
  content = encode(substr(request_hash, 1, 16), 'hex')::uuid;
ALTER TABLE fund.gift ALTER COLUMN idem SET NOT NULL, ALTER COLUMN content SET NOT NULL,
  DROP COLUMN idem_key, DROP COLUMN request_hash;
ALTER TABLE fund.gift ADD CONSTRAINT gift_once UNIQUE (idem);
ALTER TABLE fund.gift DROP CONSTRAINT gift_fund_currency_fkey,
  DROP CONSTRAINT gift_fund_demonstration_fkey;
ALTER TABLE fund.gift DROP CONSTRAINT gift_transfer_reference_key;
CREATE UNIQUE INDEX gift_transfer_reference ON fund.gift (transfer_reference)
  WHERE transfer_reference IS NOT NULL;
ALTER TABLE fund.gift ENABLE TRIGGER append_only;

-- Every gift is to a fund that is there, in its currency, and pretended where the fund is.
CREATE FUNCTION fund.check_gifts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  bad record;
BEGIN
  SELECT g.id, g.fund INTO bad
  FROM added g
  LEFT JOIN fund.fund f
    ON (f.id, f.currency, f.demonstration) = (g.fund, g.currency, g.demonstration)
  WHERE f.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'gift %: there is no such fund % in its currency', bad.id, bad.fund
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'gift_fund_known';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER gift_checked AFTER INSERT ON fund.gift
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fund.check_gifts();

ALTER TABLE fund.donor DROP CONSTRAINT donor_gift_fkey;
ALTER TABLE fund.awaited DROP CONSTRAINT awaited_gift_fkey;

-- A transfer that a treasurer found on the bank's statement.
CREATE TABLE fund.transfer (
  gift bigint PRIMARY KEY REFERENCES fund.gift,
  minor bigint NOT NULL CHECK (minor > 0),
  bank_line text NOT NULL CONSTRAINT transfer_line_once UNIQUE
    CHECK (length(bank_line) BETWEEN 1 AND 100),
  confirmed_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'treasurer' CHECK (office = 'treasurer'),
  since timestamptz NOT NULL,
  confirmed_at timestamptz NOT NULL,
  FOREIGN KEY (confirmed_by, office, since) REFERENCES fund.officer
);

INSERT INTO fund.transfer (gift, minor, bank_line, confirmed_by, since, confirmed_at)
SELECT a.gift, a.minor, a.provider_id, a.confirmed_by, a.confirmed_since, a.arrived_at
FROM fund.arrival a WHERE a.provider = 'bank';

-- Receipts. The first receipt of a gift says that money or goods have come: only then is money
-- posted, and it is posted in the entry that the receipt cites. Numbers have no gaps: they are
-- taken in the transaction that writes the receipts. Funds and gifts are never edited, so what a
-- receipt says is what was true on its day.
ALTER TABLE fund.receipt RENAME TO former_receipt;
ALTER TABLE fund.former_receipt RENAME CONSTRAINT receipt_pkey TO former_receipt_pkey;

CREATE TABLE fund.receipt (
  gift bigint NOT NULL,
  number bigint NOT NULL CHECK (number > 0),
  issued_at timestamptz NOT NULL,
  minor bigint CHECK (minor > 0),
  entry bigint,
  year smallint NOT NULL,
  version smallint NOT NULL DEFAULT 1 CHECK (version > 0),
  series text NOT NULL CHECK (series IN ('M', 'K')),
  CONSTRAINT receipt_version_once PRIMARY KEY (gift, version),
  CONSTRAINT receipt_number_once UNIQUE (series, year, number),
  CONSTRAINT receipt_of_money_is_posted CHECK ((series = 'M') = (entry IS NOT NULL)),
  CHECK (series = 'K' OR minor IS NOT NULL)
);

INSERT INTO fund.receipt (gift, number, issued_at, minor, entry, year, version, series)
SELECT r.gift, r.number, r.issued_at, r.minor, a.entry, r.year, r.version, r.series
FROM fund.former_receipt r LEFT JOIN fund.arrival a ON a.gift = r.gift;

-- How long money must have come before it may be spent: a card's owner may still dispute it.
CREATE TABLE fund.settlement_policy (
  channel text PRIMARY KEY CHECK (channel IN ('card', 'bank_transfer')),
  wait interval NOT NULL CHECK (wait >= interval '0')
);

INSERT INTO fund.settlement_policy (channel, wait)
VALUES ('card', interval '0'), ('bank_transfer', interval '0');

-- Entries of gifts whose money is not yet free to spend. A work list, not a book.
ALTER TABLE fund.unsettled RENAME TO former_unsettled;
CREATE TABLE fund.unsettled (
  entry bigint PRIMARY KEY,
  fund bigint NOT NULL,
  minor bigint NOT NULL CHECK (minor > 0),
  due_at timestamptz NOT NULL
);
INSERT INTO fund.unsettled (entry, fund, minor, due_at)
SELECT a.entry, u.fund, u.minor, u.due_at
FROM fund.former_unsettled u JOIN fund.arrival a ON a.gift = u.gift;
DROP INDEX fund.unsettled_due, fund.unsettled_fund;
CREATE INDEX unsettled_due ON fund.unsettled (due_at, entry);
CREATE INDEX unsettled_fund ON fund.unsettled (fund) INCLUDE (minor);

-- The axis of a fund: every halala that became free to spend has its place on it, without gap, in
-- the order in which it did. Money that came back after it was paid takes a new place.
CREATE TABLE fund.span (
  fund bigint NOT NULL,
  lo bigint,
  hi bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('genesis', 'gift', 'returned')),
  source bigint,
  entry bigint REFERENCES fund.entry,
  CONSTRAINT span_ends_once UNIQUE (fund, hi),
  CONSTRAINT span_starts_once UNIQUE (fund, lo),
  CONSTRAINT span_source_once UNIQUE (source),
  CONSTRAINT span_follows FOREIGN KEY (fund, lo) REFERENCES fund.span (fund, hi),
  CONSTRAINT span_not_empty CHECK (hi > lo),
  CHECK ((kind = 'genesis') = (lo IS NULL)),
  CHECK (kind <> 'genesis' OR (hi = 0 AND source IS NULL AND entry IS NULL)),
  CHECK (kind = 'genesis' OR (source IS NOT NULL AND entry IS NOT NULL))
);

COMMENT ON COLUMN fund.span.source IS
  'the entry of the gifts, or of the payment, that this money came from';

-- What was spent of an axis. No halala is spent twice.
CREATE TABLE fund.money_use (
  fund bigint NOT NULL,
  place int8range NOT NULL CHECK (NOT isempty(place) AND lower_inc(place) AND NOT upper_inc(place)),
  kind text NOT NULL CHECK (kind IN ('payment', 'refund', 'chargeback', 'fee', 'surplus')),
  entry bigint NOT NULL REFERENCES fund.entry,
  CONSTRAINT money_used_once EXCLUDE USING gist (fund WITH =, place WITH &&)
);

CREATE INDEX money_use_entry ON fund.money_use (entry);

INSERT INTO fund.span (fund, lo, hi, kind) SELECT f.id, NULL, 0, 'genesis' FROM fund.fund f;

-- Lengthens a fund's axis. Whoever calls holds the fund's available balance.
CREATE FUNCTION fund.extend_axis(
  p_fund bigint, p_minor bigint, p_kind text, p_source bigint, p_entry bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
  INSERT INTO fund.span (fund, lo, hi, kind, source, entry)
  SELECT p_fund, max(s.hi), max(s.hi) + p_minor, p_kind, p_source, p_entry
  FROM fund.span s WHERE s.fund = p_fund
$$;

-- Spends the lowest places of a fund's axis that are free; one at a time for each fund.
CREATE FUNCTION fund.use_money(p_fund bigint, p_minor bigint, p_kind text, p_entry bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  reached bigint;
  wanted bigint := p_minor;
  next record;
  ends bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.axis ' || p_fund, 0));
  SELECT coalesce(max(upper(u.place)), 0) INTO reached
  FROM fund.money_use u WHERE u.fund = p_fund AND u.kind = 'payment';
  SELECT max(s.hi) INTO ends FROM fund.span s WHERE s.fund = p_fund;
  FOR next IN
    SELECT lower(u.place) AS lo, upper(u.place) AS hi FROM fund.money_use u
    WHERE u.fund = p_fund AND u.place && int8range(reached, NULL)
    UNION ALL SELECT ends, ends
    ORDER BY lo
  LOOP
    IF next.lo > reached AND wanted > 0 THEN
      INSERT INTO fund.money_use (fund, place, kind, entry)
      VALUES (p_fund, int8range(reached, least(next.lo, reached + wanted)), p_kind, p_entry);
      wanted := wanted - least(next.lo - reached, wanted);
    END IF;
    reached := greatest(reached, next.hi);
    EXIT WHEN wanted = 0;
  END LOOP;
  IF wanted > 0 THEN
    RAISE EXCEPTION 'fund % has % too little on its axis', p_fund, wanted
      USING ERRCODE = 'check_violation', CONSTRAINT = 'money_within_axis';
  END IF;
END $$;

-- Former settlements and payments take their places.
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT a.fund, a.entry AS source, s.entry, a.minor
             FROM fund.settlement s JOIN fund.arrival a ON a.gift = s.gift ORDER BY s.entry, s.gift
  LOOP
    PERFORM fund.extend_axis(one.fund, one.minor, 'gift', one.source, one.entry);
  END LOOP;
  FOR one IN SELECT p.fund, p.minor, p.entry FROM fund.payment p ORDER BY p.id
  LOOP
    PERFORM fund.use_money(one.fund, one.minor, 'payment', one.entry);
  END LOOP;
END $$;

-- A payment spends its places in the transaction that orders it.
CREATE FUNCTION fund.trace_payment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM fund.use_money(NEW.fund, NEW.minor, 'payment', NEW.entry);
  RETURN NULL;
END $$;

CREATE TRIGGER payment_traced AFTER INSERT ON fund.payment
  FOR EACH ROW EXECUTE FUNCTION fund.trace_payment();

DROP TABLE fund.settlement, fund.former_unsettled, fund.arrival, fund.former_receipt;
ALTER TABLE fund.gift DROP CONSTRAINT gift_id_fund_currency_channel_key;

-- The receipts of one statement are of gifts that are there, and come, for each entry, to exactly
-- what the entry says was received; an entry is cited by one statement only, in its transaction.
CREATE FUNCTION fund.check_receipts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  part record;
BEGIN
  FOR part IN
    SELECT r.entry, r.version, g.fund, g.currency, g.channel, sum(r.minor)::bigint AS minor,
           max(r.issued_at) AS issued_at, min(r.gift) AS first,
           bool_and((g.channel = 'in_kind') = (r.series = 'K')) AS as_given,
           (SELECT s.wait FROM fund.settlement_policy s WHERE s.channel = g.channel) AS wait,
           -(SELECT sum(p.amount) FROM fund.posting p
             WHERE p.entry = r.entry AND p.fund = g.fund AND p.currency = g.currency
               AND p.account = (SELECT a.id FROM fund.account a
                                WHERE (a.fund, a.currency, a.role)
                                      = (g.fund, g.currency, 'received'))) AS posted,
           (SELECT e.kind = 'gift' AND e.xid8 = pg_current_xact_id()
            FROM fund.entry e WHERE e.id = r.entry) AS of_now
    FROM added r
    LEFT JOIN LATERAL (SELECT f.fund, f.currency, f.channel FROM fund.gift f
                       WHERE f.id = r.gift OFFSET 0) g ON true
    GROUP BY r.entry, r.version, g.fund, g.currency, g.channel
  LOOP
    IF part.as_given IS NOT TRUE THEN
      RAISE EXCEPTION 'receipt of gift % refused: there is no such gift', part.first
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'receipt_gift_known';
    END IF;
    CONTINUE WHEN part.entry IS NULL OR part.version > 1;
    IF part.posted IS DISTINCT FROM part.minor OR part.of_now IS NOT TRUE THEN
      RAISE EXCEPTION 'receipts do not come to what entry % received', part.entry
        USING ERRCODE = 'check_violation', CONSTRAINT = 'receipts_are_posted';
    END IF;
    INSERT INTO fund.unsettled (entry, fund, minor, due_at)
    VALUES (part.entry, part.fund, part.minor, part.issued_at + part.wait);
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER receipt_checked AFTER INSERT ON fund.receipt
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fund.check_receipts();

-- What only the end of the transaction can tell of an entry: it has postings, a reversal is the
-- mirror of what it reverses, and money of gifts has its receipts.
CREATE OR REPLACE FUNCTION fund.check_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  written record;
BEGIN
  SELECT EXISTS (SELECT FROM fund.posting p WHERE p.entry = NEW.id) AS posted,
         NEW.kind <> 'gift' OR NEW.reverses IS NOT NULL
           OR EXISTS (SELECT FROM fund.unsettled u WHERE u.entry = NEW.id) AS receipted
  INTO written;
  IF NOT written.posted THEN
    RAISE EXCEPTION 'entry % has no postings', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_has_postings';
  ELSIF NOT written.receipted THEN
    RAISE EXCEPTION 'entry % has no receipts', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'gifts_are_receipted';
  END IF;
  IF NEW.reverses IS NULL THEN
    RETURN NULL;
  END IF;
  IF NEW.kind <> (SELECT e.kind FROM fund.entry e WHERE e.id = NEW.reverses)
    OR NEW.n_lines <> (SELECT e.n_lines FROM fund.entry e WHERE e.id = NEW.reverses)
    OR EXISTS (SELECT p.line, p.account, p.amount FROM fund.posting p WHERE p.entry = NEW.id
               EXCEPT
               SELECT p.line, p.account, -p.amount FROM fund.posting p
               WHERE p.entry = NEW.reverses)
  THEN
    RAISE EXCEPTION 'entry % is not the mirror of entry %', NEW.id, NEW.reverses
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_reverses';
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE
  book text;
BEGIN
  FOREACH book IN ARRAY ARRAY[
    'receipt', 'transfer', 'span', 'money_use', 'period_closing', 'frozen', 'thaw']
  LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.%I
         FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change()', book);
  END LOOP;
END $$;

-- Takes the next numbers of a series: one UPDATE whatever their number, last in its transaction,
-- because the next batch waits for the row. Answers with the last number that was taken before.
CREATE FUNCTION fund.take_numbers(p_series text, p_year smallint, p_count bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  before bigint;
BEGIN
  UPDATE fund.receipt_series s SET last = s.last + p_count
  WHERE (s.series, s.year) = (p_series, p_year) RETURNING s.last - p_count INTO before;
  IF before IS NULL THEN
    INSERT INTO fund.receipt_series AS s (series, year, last) VALUES (p_series, p_year, p_count)
    ON CONFLICT (series, year) DO UPDATE SET last = s.last + p_count
    RETURNING s.last - p_count INTO before;
  END IF;
  RETURN before;
END $$;

-- Money that has come for gifts, in the order of the gifts: an entry for each fund and way, and a
-- receipt for each gift. OFFSET 0 has each row looked up by its index: plans are made once, when
-- tables are as good as empty, and a join would be planned to read them whole ever after.
CREATE FUNCTION fund.receive(
  p_gifts bigint[], p_minors bigint[], p_actor text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_year smallint := extract(YEAR FROM p_now AT TIME ZONE 'Asia/Riyadh');
  part record;
  written bigint;
  before bigint;
BEGIN
  FOR part IN
    SELECT g.fund, g.channel, sum(c.minor)::bigint AS minor,
           array_agg(g.id ORDER BY c.n) AS gifts, array_agg(c.minor ORDER BY c.n) AS minors
    FROM unnest(p_gifts, p_minors) WITH ORDINALITY AS c (gift, minor, n)
    CROSS JOIN LATERAL (SELECT f.id, f.fund, f.channel FROM fund.gift f
                        WHERE f.id = c.gift OFFSET 0) g
    GROUP BY g.fund, g.channel ORDER BY g.fund, g.channel
  LOOP
    written := fund.move(
      'gift', part.fund, CASE part.channel WHEN 'card' THEN 'clearing' ELSE 'bank' END, 'received',
      part.minor, part.gifts[1]::text, p_actor, p_now, p_now);
    before := fund.take_numbers('M', in_year, cardinality(part.gifts));
    INSERT INTO fund.receipt (gift, number, issued_at, minor, entry, year, series)
    SELECT c.gift, before + c.n, p_now, c.minor, written, in_year, 'M'
    FROM unnest(part.gifts, part.minors) WITH ORDINALITY AS c (gift, minor, n);
  END LOOP;
END $$;

-- Records gifts, many at once, and answers for each: recorded, repeated, differs, no_fund, closed,
-- currency or no_card. A repeat, inside the batch or later, finds the row of the first. No item's
-- refusal disturbs another. What has come with the gift is posted and receipted at once.
CREATE FUNCTION fund.record_gifts(
  p_idems uuid[], p_contents uuid[], p_codes text[], p_funds bigint[], p_currencies text[],
  p_channels text[], p_minors bigint[], p_goods text[], p_references text[], p_anonymous boolean[],
  p_names text[], p_phones text[], p_languages text[], p_now timestamptz)
RETURNS TABLE (item bigint, outcome text, gift bigint, series text, year smallint, number bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  ids bigint[];
  in_year smallint := extract(YEAR FROM p_now AT TIME ZONE 'Asia/Riyadh');
  came bigint[];
  worth bigint[];
  goods bigint[];
  fresh bigint;
  before bigint;
BEGIN
  -- Waits for a closing under way, and holds off the next one; only then is the closure read. A
  -- gift is ours, and new, when it carries the code that came with it.
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('fund.closing', 0));

  -- Numbers are drawn first, so that all that follows finds its rows by them. Two batches with the
  -- same keys insert them in the same order, and do not wait for each other.
  ids := ARRAY(SELECT nextval('fund.gift_id_seq') FROM generate_series(1, cardinality(p_idems)));
  INSERT INTO fund.gift
    (id, code, fund, currency, demonstration, channel, minor, goods, transfer_reference, anonymous,
     given_at, idem, content)
  OVERRIDING SYSTEM VALUE
  SELECT ids[a.item], a.code, f.id, f.currency, f.demonstration, a.channel, a.minor, a.goods,
         a.reference, a.anonymous, p_now, a.idem, a.content
  FROM unnest(p_idems, p_contents, p_codes, p_funds, p_currencies, p_channels, p_minors, p_goods,
              p_references, p_anonymous) WITH ORDINALITY
    AS a (idem, content, code, fund, currency, channel, minor, goods, reference, anonymous, item)
  JOIN fund.fund f ON f.id = a.fund AND f.currency = coalesce(a.currency, f.currency)
    AND (a.channel <> 'card' OR f.demonstration)
  WHERE NOT EXISTS (SELECT FROM fund.closure c WHERE c.fund = a.fund)
  ORDER BY a.idem, a.item
  ON CONFLICT (idem) DO NOTHING;
  INSERT INTO fund.donor (gift, name, phone, language)
  SELECT g.id, a.name, a.phone, a.language
  FROM unnest(ids, p_names, p_phones, p_languages) AS a (id, name, phone, language)
  CROSS JOIN LATERAL (SELECT f.id FROM fund.gift f WHERE f.id = a.id OFFSET 0) g;
  SELECT array_agg(g.id ORDER BY a.item) FILTER (WHERE g.channel = 'card'),
         array_agg(g.minor ORDER BY a.item) FILTER (WHERE g.channel = 'card'),
         array_agg(g.id ORDER BY a.item) FILTER (WHERE g.channel = 'in_kind'),
         count(*)
  INTO came, worth, goods, fresh
  FROM unnest(ids) WITH ORDINALITY AS a (id, item)
  CROSS JOIN LATERAL (SELECT f.id, f.channel, f.minor FROM fund.gift f
                      WHERE f.id = a.id OFFSET 0) g;
  IF 'bank_transfer' = ANY (p_channels) THEN
    INSERT INTO fund.awaited (gift, fund, minor)
    SELECT g.id, g.fund, g.minor FROM unnest(ids) AS a (id) JOIN fund.gift g ON g.id = a.id
    WHERE g.channel = 'bank_transfer';
  END IF;
  IF goods IS NOT NULL THEN
    before := fund.take_numbers('K', in_year, cardinality(goods));
    INSERT INTO fund.receipt (gift, number, issued_at, minor, year, series)
    SELECT g.id, before + c.n, p_now, g.minor, in_year, 'K'
    FROM unnest(goods) WITH ORDINALITY AS c (gift, n) JOIN fund.gift g ON g.id = c.gift;
  END IF;
  IF came IS NOT NULL THEN
    PERFORM fund.receive(came, worth, 'donor', p_now);
  END IF;

  IF fresh = cardinality(ids) THEN -- as nearly always
    RETURN QUERY
      SELECT a.item, 'recorded', a.id, r.series, r.year, r.number
      FROM unnest(ids) WITH ORDINALITY AS a (id, item)
      LEFT JOIN LATERAL (SELECT k.series, k.year, k.number FROM fund.receipt k
                         WHERE k.gift = a.id AND k.version = 1 OFFSET 0) r ON true;
    RETURN;
  END IF;
  RETURN QUERY
    SELECT a.item,
           CASE WHEN first.code = a.code THEN 'recorded'
                WHEN first.content = a.content THEN 'repeated'
                WHEN first.id IS NOT NULL THEN 'differs'
                WHEN f.id IS NULL THEN 'no_fund'
                WHEN EXISTS (SELECT FROM fund.closure c WHERE c.fund = f.id) THEN 'closed'
                WHEN f.currency <> a.currency THEN 'currency'
                ELSE 'no_card' END,
           first.id, r.series, r.year, r.number
    FROM unnest(p_idems, p_contents, p_codes, p_funds, p_currencies) WITH ORDINALITY
      AS a (idem, content, code, fund, currency, item)
    LEFT JOIN LATERAL (SELECT g.id, g.code, g.content FROM fund.gift g
                       WHERE g.idem = a.idem OFFSET 0) first ON true
    LEFT JOIN LATERAL (SELECT k.series, k.year, k.number FROM fund.receipt k
                       WHERE k.gift = first.id AND k.version = 1 AND first.code = a.code
                       OFFSET 0) r ON true
    LEFT JOIN fund.fund f ON f.id = a.fund
    ORDER BY a.item;
END $$;

-- A treasurer saw a promised transfer on the bank's statement: confirmed, already, differs (it was
-- confirmed otherwise), line_used (that line of the statement paid for another gift) or
-- not_treasurer.
CREATE FUNCTION fund.confirm_transfer(
  p_gift bigint, p_minor bigint, p_bank_line text, p_by bigint, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_office timestamptz := fund.office_since(p_by, 'treasurer', p_now);
  first record;
BEGIN
  IF in_office IS NULL THEN
    RETURN 'not_treasurer';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.bank_line ' || p_bank_line, 0));
  PERFORM FROM fund.gift g WHERE g.id = p_gift FOR UPDATE;
  SELECT t.minor, t.bank_line INTO first FROM fund.transfer t WHERE t.gift = p_gift;
  IF FOUND THEN
    RETURN CASE WHEN (first.minor, first.bank_line) = (p_minor, p_bank_line)
                THEN 'already' ELSE 'differs' END;
  END IF;
  IF EXISTS (SELECT FROM fund.transfer t WHERE t.bank_line = p_bank_line) THEN
    RETURN 'line_used';
  END IF;
  INSERT INTO fund.transfer (gift, minor, bank_line, confirmed_by, since, confirmed_at)
  VALUES (p_gift, p_minor, p_bank_line, p_by, in_office, p_now);
  DELETE FROM fund.awaited w WHERE w.gift = p_gift;
  PERFORM fund.receive(ARRAY[p_gift], ARRAY[p_minor], 'account:' || p_by, p_now);
  RETURN 'confirmed';
END $$;

-- Moves what is due from received to available, one entry for each fund, gives it its place on
-- the axis, and names the funds.
CREATE FUNCTION fund.settle_gifts(p_limit int, p_now timestamptz)
RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  swept record;
  written bigint;
BEGIN
  FOR swept IN
    WITH due AS (
      DELETE FROM fund.unsettled u WHERE u.entry IN (
        SELECT d.entry FROM fund.unsettled d WHERE d.due_at <= p_now
        ORDER BY d.due_at, d.entry LIMIT p_limit FOR UPDATE SKIP LOCKED)
      RETURNING u.entry, u.fund, u.minor
    )
    SELECT d.fund, sum(d.minor)::bigint AS minor, min(d.entry) AS first,
           array_agg(d.entry ORDER BY d.entry) AS entries,
           array_agg(d.minor ORDER BY d.entry) AS minors
    FROM due d GROUP BY d.fund ORDER BY d.fund
  LOOP
    written := fund.move('settlement', swept.fund, 'received', 'available', swept.minor,
                         'entry:' || swept.first, 'loop:settle', p_now, p_now);
    INSERT INTO fund.span (fund, lo, hi, kind, source, entry)
    SELECT swept.fund, ends.hi + c.hi - c.minor, ends.hi + c.hi, 'gift', c.entry, written
    FROM (SELECT max(s.hi) AS hi FROM fund.span s WHERE s.fund = swept.fund) ends
    CROSS JOIN (
      SELECT u.entry, u.minor, sum(u.minor) OVER (ORDER BY u.entry)::bigint AS hi
      FROM unnest(swept.entries, swept.minors) AS u (entry, minor)) c
    ORDER BY c.entry;
    RETURN NEXT swept.fund;
  END LOOP;
END $$;

-- As before, with the accounts of today and the beginning of an axis.
CREATE OR REPLACE FUNCTION fund.open_fund(
  p_key text, p_hash bytea, p_name_ar text, p_name_en text, p_currency text, p_restriction text,
  p_purpose_ar text, p_purpose_en text, p_target bigint, p_licence text, p_campaign text,
  p_demonstration boolean, p_by bigint, p_now timestamptz)
RETURNS TABLE (id bigint, is_new boolean, same boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  opened bigint;
BEGIN
  INSERT INTO fund.fund
    (name_ar, name_en, currency, restriction, purpose_ar, purpose_en, target, licence, campaign,
     demonstration, opened_by, opened_at, idem_key, request_hash)
  VALUES (p_name_ar, p_name_en, p_currency, p_restriction, p_purpose_ar, p_purpose_en, p_target,
          p_licence, p_campaign, p_demonstration, p_by, p_now, p_key, p_hash)
  ON CONFLICT (idem_key) DO NOTHING RETURNING fund.id INTO opened;
  IF opened IS NULL THEN
    RETURN QUERY SELECT f.id, false, f.request_hash = p_hash FROM fund.fund f
                 WHERE f.idem_key = p_key;
    RETURN;
  END IF;
  INSERT INTO fund.account (fund, currency, role)
  SELECT opened, p_currency, role
  FROM unnest(ARRAY['clearing', 'bank', 'received', 'available', 'reserved', 'payable', 'fees',
                    'refund_reserve', 'suspense']) AS role;
  INSERT INTO fund.balance (account)
  SELECT a.id FROM fund.account a WHERE a.fund = opened AND a.strict;
  INSERT INTO fund.span (fund, hi, kind) VALUES (opened, 0, 'genesis');
  RETURN QUERY SELECT opened, true, true;
END $$;

-- Closes a fund to gifts: waits for every gift on its way in and holds off later ones.
CREATE OR REPLACE FUNCTION fund.close_fund(
  p_fund bigint, p_by bigint, p_why text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.closing', 0));
  INSERT INTO fund.closure (fund, closed_by, closed_at, why)
  VALUES (p_fund, p_by, p_now, p_why) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- The public figures of a fund, read from the journal each time. A reversal carries the kind of
-- what it reverses, so every sum is net. Promises are not money and stand apart.
CREATE VIEW fund.figures AS
SELECT f.id AS fund, f.currency, j.received, j.settling, j.banked, j.available, j.reserved, j.paid,
       j.confirmed,
       (SELECT coalesce(sum(d.minor), 0)::bigint FROM fund.delivery d WHERE d.fund = f.id)
         AS delivered,
       (SELECT coalesce(sum(w.minor), 0)::bigint FROM fund.awaited w WHERE w.fund = f.id)
         AS pledged
FROM fund.fund f
CROSS JOIN LATERAL (
  SELECT (coalesce(-sum(s.amount) FILTER (WHERE s.role = 'received' AND s.kind = 'gift'), 0)
           + coalesce(sum(s.amount) FILTER (WHERE s.role IN ('clearing', 'bank')
                                          AND s.kind IN ('refund', 'chargeback')), 0))::bigint
           AS received,
         coalesce(-sum(s.amount) FILTER (WHERE s.role = 'received'), 0)::bigint AS settling,
         coalesce(sum(s.amount) FILTER (WHERE s.role = 'bank' AND s.kind IN ('gift', 'banking')), 0)
           ::bigint AS banked,
         coalesce(-sum(s.amount) FILTER (WHERE s.role = 'available'), 0)::bigint AS available,
         coalesce(-sum(s.amount) FILTER (WHERE s.role = 'reserved'), 0)::bigint AS reserved,
         coalesce(-sum(s.amount) FILTER (
           WHERE s.role = 'payable' AND s.kind IN ('payment', 'rejection', 'return')), 0)::bigint
           AS paid,
         coalesce(sum(s.amount) FILTER (WHERE s.role = 'payable' AND s.kind = 'confirmation'), 0)
           ::bigint AS confirmed
  FROM fund.sums_as_of(f.id, NULL, NULL) s
) j;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA fund FROM PUBLIC;

GRANT SELECT ON fund.gift, fund.donor, fund.awaited, fund.unsettled, fund.receipt, fund.transfer,
  fund.settlement_policy, fund.span, fund.money_use, fund.period_closing, fund.frozen, fund.thaw,
  fund.balance_day, fund.balance_hour, fund.folded, fund.figures TO ${app};
GRANT EXECUTE ON FUNCTION fund.record_gifts, fund.confirm_transfer, fund.settle_gifts, fund.fold,
  fund.sums_as_of, fund.month_of, fund.close_period, fund.is_frozen, fund.freeze_fund,
  fund.thaw_fund TO ${app};
