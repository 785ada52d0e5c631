-- Gifts. A gift is what a donor said; an arrival is the row that says that its money has come. Only
-- an arrival is posted, counted as received and receipted. Goods are receipted and never posted.

CREATE TABLE fund.gift (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Whoever knows the code may see the gift; it cannot be guessed.
  code text NOT NULL UNIQUE CHECK (length(code) >= 16),
  fund bigint NOT NULL,
  currency text NOT NULL,
  demonstration boolean NOT NULL,
  channel text NOT NULL CHECK (channel IN ('card', 'bank_transfer', 'in_kind')),
  minor bigint CHECK (minor > 0),
  goods text CHECK (length(goods) BETWEEN 1 AND 1000),
  transfer_reference text UNIQUE,
  anonymous boolean NOT NULL,
  given_at timestamptz NOT NULL,
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  UNIQUE (id, fund, currency, channel),
  FOREIGN KEY (fund, currency) REFERENCES fund.fund (id, currency),
  FOREIGN KEY (fund, demonstration) REFERENCES fund.fund (id, demonstration),
  -- The only card provider there is pretends; its payments may enter demonstration funds only.
  CONSTRAINT gift_card_is_demonstration CHECK (channel <> 'card' OR demonstration),
  CHECK ((channel = 'bank_transfer') = (transfer_reference IS NOT NULL)),
  CHECK (CASE channel WHEN 'in_kind' THEN minor IS NOT NULL OR goods IS NOT NULL
                      ELSE minor IS NOT NULL AND goods IS NULL END)
);

-- Who gave, kept apart from the books so that a person can be forgotten and the books stay whole.
CREATE TABLE fund.donor (
  gift bigint PRIMARY KEY REFERENCES fund.gift,
  name text CHECK (length(name) BETWEEN 1 AND 200),
  phone text CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  language text NOT NULL CHECK (language IN ('ar', 'en'))
);

CREATE TABLE fund.arrival (
  gift bigint PRIMARY KEY,
  fund bigint NOT NULL,
  currency text NOT NULL,
  channel text NOT NULL,
  minor bigint NOT NULL CHECK (minor > 0),
  entry bigint NOT NULL UNIQUE REFERENCES fund.entry,
  provider text NOT NULL CHECK ((channel, provider) IN
    (('card', 'demonstration'), ('bank_transfer', 'bank'))),
  provider_id text NOT NULL CHECK (length(provider_id) BETWEEN 1 AND 100),
  arrived_at timestamptz NOT NULL,
  confirmed_by bigint,
  confirmed_office text CHECK (confirmed_office = 'treasurer'),
  confirmed_since timestamptz,
  UNIQUE (provider, provider_id),
  FOREIGN KEY (gift, fund, currency, channel) REFERENCES fund.gift (id, fund, currency, channel),
  FOREIGN KEY (confirmed_by, confirmed_office, confirmed_since) REFERENCES fund.officer,
  CHECK ((provider = 'bank') = (confirmed_by IS NOT NULL)),
  CHECK (num_nulls(confirmed_by, confirmed_office, confirmed_since) IN (0, 3))
);

-- Transfers that were promised and have not come. A work list, not a book: its rows go when they
-- are done.
CREATE TABLE fund.awaited (
  gift bigint PRIMARY KEY REFERENCES fund.gift,
  fund bigint NOT NULL,
  minor bigint NOT NULL
);

CREATE INDEX awaited_fund ON fund.awaited (fund, gift) INCLUDE (minor);

-- Money received but not yet free to spend, until it is due. A work list as well.
CREATE TABLE fund.unsettled (
  gift bigint PRIMARY KEY REFERENCES fund.arrival,
  fund bigint NOT NULL,
  minor bigint NOT NULL,
  due_at timestamptz NOT NULL
);

CREATE INDEX unsettled_due ON fund.unsettled (due_at, gift);
CREATE INDEX unsettled_fund ON fund.unsettled (fund) INCLUDE (minor);

CREATE TABLE fund.settlement (
  gift bigint PRIMARY KEY REFERENCES fund.arrival,
  entry bigint NOT NULL REFERENCES fund.entry
);

CREATE INDEX settlement_entry ON fund.settlement (entry);

-- Receipt numbers have no gaps: the number is taken in the transaction that writes the receipt. A
-- receipt keeps what was true on its day, in both languages, and is never made again from other
-- rows.
CREATE TABLE fund.receipt_series (
  series text NOT NULL CHECK (series IN ('M', 'K')),
  year smallint NOT NULL,
  last bigint NOT NULL CHECK (last > 0),
  PRIMARY KEY (series, year)
) WITH (fillfactor = 50);

CREATE TABLE fund.receipt (
  series text NOT NULL,
  year smallint NOT NULL,
  number bigint NOT NULL CHECK (number > 0),
  gift bigint NOT NULL REFERENCES fund.gift,
  version smallint NOT NULL DEFAULT 1 CHECK (version > 0),
  issued_at timestamptz NOT NULL,
  fund_name_ar text NOT NULL,
  fund_name_en text NOT NULL,
  licence text,
  campaign text,
  channel text NOT NULL,
  demonstration boolean NOT NULL,
  minor bigint,
  currency text NOT NULL,
  goods text,
  given_at timestamptz NOT NULL,
  PRIMARY KEY (series, year, number),
  UNIQUE (gift, version),
  CHECK ((series = 'K') = (channel = 'in_kind'))
);

DO $$
DECLARE
  book text;
BEGIN
  FOREACH book IN ARRAY ARRAY[
    'gift', 'arrival', 'settlement', 'receipt']
  LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.%I
         FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change()', book);
  END LOOP;
END $$;

-- Issues receipts for gifts: one UPDATE for each series, whatever the number of gifts. It comes
-- last in its transaction, because the next batch waits for the row.
CREATE FUNCTION fund.issue_receipts(p_gifts bigint[], p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = fund, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  in_year smallint := extract(YEAR FROM p_now AT TIME ZONE 'Asia/Riyadh');
  taken record;
BEGIN
  FOR taken IN
    SELECT CASE g.channel WHEN 'in_kind' THEN 'K' ELSE 'M' END AS series,
           count(*) AS n, array_agg(g.id ORDER BY g.id) AS gifts
    FROM fund.gift g WHERE g.id = ANY (p_gifts) GROUP BY 1 ORDER BY 1
  LOOP
    WITH numbered AS (
      INSERT INTO fund.receipt_series AS s (series, year, last)
      VALUES (taken.series, in_year, taken.n)
      ON CONFLICT (series, year) DO UPDATE SET last = s.last + taken.n
      RETURNING s.last - taken.n AS before
    )
    INSERT INTO fund.receipt
      (series, year, number, gift, issued_at, fund_name_ar, fund_name_en, licence, campaign,
       channel, demonstration, minor, currency, goods, given_at)
    SELECT taken.series, in_year, numbered.before + one.n, g.id, p_now, f.name_ar, f.name_en,
           f.licence, f.campaign, g.channel, g.demonstration, coalesce(a.minor, g.minor),
           g.currency, g.goods, g.given_at
    FROM numbered
    CROSS JOIN unnest(taken.gifts) WITH ORDINALITY AS one (gift, n)
    JOIN fund.gift g ON g.id = one.gift
    JOIN fund.fund f ON f.id = g.fund
    LEFT JOIN fund.arrival a ON a.gift = g.id;
  END LOOP;
END $$;

-- Posts money that has come for gifts: an entry, an arrival and a place in the settlement list
-- each. Batches of very different length come here, so every plan is made for the one at hand.
CREATE FUNCTION fund.post_arrivals(
  p_gifts bigint[], p_minors bigint[], p_provider text, p_provider_ids text[], p_debit text,
  p_actor text, p_confirmed_by bigint, p_confirmed_since timestamptz, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = fund, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  INSERT INTO fund.entry
    (kind, event_at, recorded_at, idem_scope, idem_key, request_hash, actor, n_lines)
  SELECT 'gift', p_now, p_now, 'gift', c.gift::text,
         sha256(convert_to(concat_ws('|', 'gift', c.gift, p_debit, c.minor), 'UTF8')),
         p_actor, 2
  FROM unnest(p_gifts, p_minors) AS c (gift, minor) ORDER BY c.gift;

  INSERT INTO fund.posting (entry, line, account, fund, currency, amount)
  SELECT e.id, leg.line, a.id, a.fund, a.currency, leg.sign * c.minor
  FROM unnest(p_gifts, p_minors) AS c (gift, minor)
  JOIN fund.gift g ON g.id = c.gift
  JOIN fund.entry e ON e.idem_scope = 'gift' AND e.idem_key = c.gift::text
  CROSS JOIN (VALUES (1, p_debit, 1), (2, 'received', -1)) AS leg (line, role, sign)
  JOIN fund.account a ON a.fund = g.fund AND a.currency = g.currency AND a.role = leg.role;

  INSERT INTO fund.arrival
    (gift, fund, currency, channel, minor, entry, provider, provider_id, arrived_at,
     confirmed_by, confirmed_office, confirmed_since)
  SELECT g.id, g.fund, g.currency, g.channel, c.minor, e.id, p_provider, c.provider_id, p_now,
         p_confirmed_by, CASE WHEN p_confirmed_by IS NOT NULL THEN 'treasurer' END,
         p_confirmed_since
  FROM unnest(p_gifts, p_minors, p_provider_ids) AS c (gift, minor, provider_id)
  JOIN fund.gift g ON g.id = c.gift
  JOIN fund.entry e ON e.idem_scope = 'gift' AND e.idem_key = c.gift::text;

  DELETE FROM fund.awaited w WHERE w.gift = ANY (p_gifts);
  -- Both ways of paying settle at once: a transfer is in the bank when it is confirmed, and the
  -- demonstration provider keeps nobody waiting.
  INSERT INTO fund.unsettled (gift, fund, minor, due_at)
  SELECT g.id, g.fund, c.minor, p_now
  FROM unnest(p_gifts, p_minors) AS c (gift, minor) JOIN fund.gift g ON g.id = c.gift;
END $$;

-- Records gifts, many at once, and answers for each: recorded, repeated, differs, no_fund, closed,
-- currency or no_card. What was recorded carries the code that came with it; a repeat, inside the
-- batch or later, finds the row of the first. No item's refusal disturbs another.
CREATE FUNCTION fund.record_gifts(
  p_keys text[], p_hashes bytea[], p_codes text[], p_funds bigint[], p_currencies text[],
  p_channels text[], p_minors bigint[], p_goods text[], p_references text[], p_anonymous boolean[],
  p_names text[], p_phones text[], p_languages text[], p_now timestamptz)
RETURNS TABLE (item bigint, outcome text, gift bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = fund, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  receipted bigint[];
BEGIN
  -- Waits for a closing under way, and holds off the next one; only then is the closure read.
  PERFORM FROM fund.fund f WHERE f.id = ANY (p_funds) ORDER BY f.id FOR KEY SHARE;

  INSERT INTO fund.gift
    (code, fund, currency, demonstration, channel, minor, goods, transfer_reference, anonymous,
     given_at, idem_key, request_hash)
  SELECT DISTINCT ON (a.idem_key)
         a.code, f.id, f.currency, f.demonstration, a.channel, a.minor, a.goods, a.reference,
         a.anonymous, p_now, a.idem_key, a.hash
  FROM unnest(p_keys, p_hashes, p_codes, p_funds, p_currencies, p_channels, p_minors, p_goods,
              p_references, p_anonymous) WITH ORDINALITY
    AS a (idem_key, hash, code, fund, currency, channel, minor, goods, reference, anonymous, item)
  JOIN fund.fund f ON f.id = a.fund AND f.currency = coalesce(a.currency, f.currency)
    AND (a.channel <> 'card' OR f.demonstration)
  WHERE NOT EXISTS (SELECT FROM fund.closure c WHERE c.fund = a.fund)
  ORDER BY a.idem_key, a.item
  ON CONFLICT (idem_key) DO NOTHING;

  -- From here on a gift is ours, and new, when it carries the code that came with it.
  INSERT INTO fund.donor (gift, name, phone, language)
  SELECT g.id, a.name, a.phone, a.language
  FROM unnest(p_codes, p_names, p_phones, p_languages) AS a (code, name, phone, language)
  JOIN fund.gift g ON g.code = a.code;
  INSERT INTO fund.awaited (gift, fund, minor)
  SELECT g.id, g.fund, g.minor FROM fund.gift g
  WHERE g.code = ANY (p_codes) AND g.channel = 'bank_transfer';
  PERFORM fund.post_arrivals(
    array_agg(g.id), array_agg(g.minor), 'demonstration', array_agg('demonstration-' || g.id),
    'clearing', 'donor', NULL, NULL, p_now)
  FROM fund.gift g WHERE g.code = ANY (p_codes) AND g.channel = 'card';
  SELECT array_agg(g.id) INTO receipted
  FROM fund.gift g WHERE g.code = ANY (p_codes) AND g.channel <> 'bank_transfer';
  PERFORM fund.issue_receipts(receipted, p_now);

  RETURN QUERY
    SELECT a.item,
           CASE WHEN g.code = a.code THEN 'recorded'
                WHEN g.request_hash = a.hash THEN 'repeated'
                WHEN g.id IS NOT NULL THEN 'differs'
                WHEN f.id IS NULL THEN 'no_fund'
                WHEN EXISTS (SELECT FROM fund.closure c WHERE c.fund = f.id) THEN 'closed'
                WHEN f.currency <> a.currency THEN 'currency'
                ELSE 'no_card' END,
           g.id
    FROM unnest(p_keys, p_hashes, p_codes, p_funds, p_currencies) WITH ORDINALITY
      AS a (idem_key, hash, code, fund, currency, item)
    LEFT JOIN fund.gift g ON g.idem_key = a.idem_key
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
  since timestamptz := fund.office_since(p_by, 'treasurer', p_now);
  first record;
BEGIN
  IF since IS NULL THEN
    RETURN 'not_treasurer';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.bank_line ' || p_bank_line, 0));
  PERFORM FROM fund.gift g WHERE g.id = p_gift FOR UPDATE;
  SELECT a.minor, a.provider_id INTO first FROM fund.arrival a WHERE a.gift = p_gift;
  IF FOUND THEN
    RETURN CASE WHEN (first.minor, first.provider_id) = (p_minor, p_bank_line)
                THEN 'already' ELSE 'differs' END;
  END IF;
  IF EXISTS (SELECT FROM fund.arrival a
             WHERE a.provider = 'bank' AND a.provider_id = p_bank_line) THEN
    RETURN 'line_used';
  END IF;
  PERFORM fund.post_arrivals(
    ARRAY[p_gift], ARRAY[p_minor], 'bank', ARRAY[p_bank_line], 'bank', 'account:' || p_by, p_by,
    since, p_now);
  PERFORM fund.issue_receipts(ARRAY[p_gift], p_now);
  RETURN 'confirmed';
END $$;

-- Moves what is due from received to available, one entry for each fund, and names the funds.
CREATE FUNCTION fund.settle_gifts(p_limit int, p_now timestamptz)
RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  swept record;
  written bigint;
BEGIN
  FOR swept IN
    WITH due AS (
      DELETE FROM fund.unsettled u WHERE u.gift IN (
        SELECT d.gift FROM fund.unsettled d WHERE d.due_at <= p_now
        ORDER BY d.due_at, d.gift LIMIT p_limit FOR UPDATE SKIP LOCKED)
      RETURNING u.gift, u.fund, u.minor
    )
    SELECT d.fund, sum(d.minor)::bigint AS minor, min(d.gift) AS first, array_agg(d.gift) AS gifts
    FROM due d GROUP BY d.fund ORDER BY d.fund
  LOOP
    written := fund.move('settlement', swept.fund, 'received', 'available', swept.minor,
                         'gift:' || swept.first, 'loop:settle', p_now, p_now);
    INSERT INTO fund.settlement (gift, entry) SELECT unnest(swept.gifts), written;
    RETURN NEXT swept.fund;
  END LOOP;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA fund FROM PUBLIC;

GRANT SELECT ON fund.gift, fund.donor, fund.arrival, fund.awaited, fund.unsettled,
  fund.settlement, fund.receipt_series, fund.receipt TO ${app};
GRANT EXECUTE ON FUNCTION fund.record_gifts, fund.confirm_transfer, fund.settle_gifts TO ${app};
