-- A giver waits for nothing but the gift itself. What a gift says is on the disk when it is
-- answered; its entry and its receipt are written behind it, for all that came in the meantime.

-- A gift's code begins with its number, by which it is found: no index on what nobody may guess.
-- Codes of before keep theirs.
ALTER TABLE fund.gift DROP CONSTRAINT gift_code_key;
ALTER TABLE fund.gift ADD CONSTRAINT gift_code_has_number
  CHECK (strpos(code, '-') = 0 OR split_part(code, '-', 1) = id::text);
CREATE UNIQUE INDEX gift_former_code ON fund.gift (code) WHERE strpos(code, '-') = 0;

-- A giver's phone is only ever asked for whole.
DROP INDEX fund.donor_phone;
CREATE INDEX donor_phone ON fund.donor USING hash (phone) WHERE phone IS NOT NULL;

-- The gift with this code.
CREATE FUNCTION fund.gift_of(p_code text) RETURNS bigint
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT g.id FROM fund.gift g
  WHERE g.id = CASE WHEN p_code ~ '^[0-9]{1,18}-' THEN split_part(p_code, '-', 1)::bigint END
    AND g.code = p_code
  UNION ALL
  SELECT g.id FROM fund.gift g WHERE strpos(g.code, '-') = 0 AND g.code = p_code
$$;

-- How far gifts are posted. All up to the first are; those up to the second are known once every
-- transaction before the third is over, which began when they were drawn: whoever draws a gift's
-- number has begun to write before.
CREATE TABLE fund.posted (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  all_to bigint NOT NULL,
  drawn_to bigint NOT NULL,
  drawn_by xid8 NOT NULL
) WITH (fillfactor = 50);

INSERT INTO fund.posted (all_to, drawn_to, drawn_by)
SELECT coalesce(max(g.id), 0), coalesce(max(g.id), 0), pg_current_xact_id() FROM fund.gift g;

DROP FUNCTION fund.record_gifts;

-- Records gifts, many at once, and answers with the number of each, or null where it was not
-- recorded: fund.unrecorded says why. No item's refusal disturbs another. Two batches with the same
-- keys insert them in the same order, and do not wait for each other. A gift alone waits for every
-- statement here: what can be told without looking is, and plans are not made anew for the length
-- of an array.
CREATE FUNCTION fund.record_gifts(
  p_idems uuid[], p_contents uuid[], p_codes text[], p_funds bigint[], p_currencies text[],
  p_channels text[], p_minors bigint[], p_goods text[], p_references text[], p_anonymous boolean[],
  p_names text[], p_phones text[], p_languages text[], p_now timestamptz)
RETURNS bigint[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  -- A closing under way is waited for, and the next one held off; only then is the closure read.
  held text := pg_advisory_xact_lock_shared(hashtextextended('fund.closing', 0))::text;
  begun xid8 := pg_current_xact_id(); -- before any number is drawn: see fund.posted
  many bigint := cardinality(p_idems);
  ids bigint[];
  fresh bigint;
BEGIN
  IF many = 1 THEN
    ids := ARRAY[nextval('fund.gift_id_seq')];
  ELSE
    ids := ARRAY(SELECT nextval('fund.gift_id_seq') FROM generate_series(1, many));
  END IF;
  INSERT INTO fund.gift
    (id, code, fund, currency, demonstration, channel, minor, goods, transfer_reference, anonymous,
     given_at, idem, content)
  OVERRIDING SYSTEM VALUE
  SELECT a.id, a.id || '-' || a.code, a.fund, f.currency, f.demonstration, a.channel, a.minor,
         a.goods, a.reference, a.anonymous, p_now, a.idem, a.content
  FROM unnest(ids, p_idems, p_contents, p_codes, p_funds, p_currencies, p_channels, p_minors,
              p_goods, p_references, p_anonymous)
    AS a (id, idem, content, code, fund, currency, channel, minor, goods, reference, anonymous)
  CROSS JOIN LATERAL (
    SELECT o.currency, o.demonstration FROM fund.fund o
    WHERE o.id = a.fund AND NOT EXISTS (SELECT FROM fund.closure c WHERE c.fund = o.id)
    OFFSET 0) f
  WHERE f.currency = coalesce(a.currency, f.currency) AND (a.channel <> 'card' OR f.demonstration)
  ORDER BY a.idem, a.id
  ON CONFLICT (idem) DO NOTHING;
  GET DIAGNOSTICS fresh = ROW_COUNT;
  IF fresh < many THEN
    ids := ARRAY(SELECT (SELECT g.id FROM fund.gift g WHERE g.id = a.id)
                 FROM unnest(ids) WITH ORDINALITY AS a (id, item) ORDER BY a.item);
  END IF;
  INSERT INTO fund.donor (gift, name, phone, language)
  SELECT a.id, a.name, a.phone, a.language
  FROM unnest(ids, p_names, p_phones, p_languages) AS a (id, name, phone, language)
  WHERE a.id IS NOT NULL;
  IF 'bank_transfer' = ANY (p_channels) THEN
    INSERT INTO fund.awaited (gift, fund, minor)
    SELECT a.id, a.fund, a.minor
    FROM unnest(ids, p_channels, p_funds, p_minors) AS a (id, channel, fund, minor)
    WHERE a.id IS NOT NULL AND a.channel = 'bank_transfer';
  END IF;
  RETURN ids;
END $$;

-- Why gifts were not recorded: repeated, with the gift that was the first with its key; differs,
-- no_fund, closed, currency or no_card.
CREATE FUNCTION fund.unrecorded(
  p_idems uuid[], p_contents uuid[], p_funds bigint[], p_currencies text[])
RETURNS TABLE (outcome text, gift bigint)
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT CASE WHEN first.content = a.content THEN 'repeated'
              WHEN first.id IS NOT NULL THEN 'differs'
              WHEN f.id IS NULL THEN 'no_fund'
              WHEN EXISTS (SELECT FROM fund.closure c WHERE c.fund = f.id) THEN 'closed'
              WHEN f.currency <> a.currency THEN 'currency'
              ELSE 'no_card' END,
         first.id
  FROM unnest(p_idems, p_contents, p_funds, p_currencies) WITH ORDINALITY
    AS a (idem, content, fund, currency, item)
  LEFT JOIN LATERAL (SELECT g.id, g.content FROM fund.gift g
                     WHERE g.idem = a.idem OFFSET 0) first ON true
  LEFT JOIN LATERAL (SELECT o.id, o.currency FROM fund.fund o
                     WHERE o.id = a.fund OFFSET 0) f ON true
  ORDER BY a.item
$$;

-- As before, with a code that begins with its number. Records one gift that is to be paid by card:
-- asked, repeated, differs, no_fund, closed, currency or demonstration.
CREATE OR REPLACE FUNCTION fund.ask_card(
  p_idem uuid, p_content uuid, p_code text, p_fund bigint, p_currency text, p_minor bigint,
  p_anonymous boolean, p_name text, p_phone text, p_language text, p_provider text,
  p_lapses_at timestamptz, p_now timestamptz)
RETURNS TABLE (outcome text, gift bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  into_fund record;
  asked bigint;
  first record;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('fund.closing', 0));
  SELECT f.currency, f.demonstration,
         EXISTS (SELECT FROM fund.closure c WHERE c.fund = f.id) AS closed INTO into_fund
  FROM fund.fund f WHERE f.id = p_fund;
  IF into_fund IS NULL THEN
    RETURN QUERY SELECT 'no_fund', NULL::bigint;
    RETURN;
  END IF;
  IF NOT into_fund.closed AND NOT into_fund.demonstration AND into_fund.currency = p_currency THEN
    asked := nextval('fund.gift_id_seq');
    INSERT INTO fund.gift (id, code, fund, currency, demonstration, channel, minor, anonymous,
                           given_at, idem, content)
    OVERRIDING SYSTEM VALUE
    VALUES (asked, asked || '-' || p_code, p_fund, p_currency, false, 'card', p_minor, p_anonymous,
            p_now, p_idem, p_content)
    ON CONFLICT (idem) DO NOTHING RETURNING id INTO asked;
  END IF;
  IF asked IS NULL THEN
    SELECT g.id, g.content INTO first FROM fund.gift g WHERE g.idem = p_idem;
    RETURN QUERY SELECT CASE WHEN first.content = p_content THEN 'repeated'
                             WHEN first.id IS NOT NULL THEN 'differs'
                             WHEN into_fund.closed THEN 'closed'
                             WHEN into_fund.demonstration THEN 'demonstration'
                             ELSE 'currency' END, first.id;
    RETURN;
  END IF;
  INSERT INTO fund.donor (gift, name, phone, language)
  VALUES (asked, p_name, p_phone, p_language);
  INSERT INTO fund.card_intent (gift, fund, currency, minor, provider, asked_at)
  VALUES (asked, p_fund, p_currency, p_minor, p_provider, p_now);
  INSERT INTO fund.card_awaited (gift, fund, minor, lapses_at)
  VALUES (asked, p_fund, p_minor, p_lapses_at);
  RETURN QUERY SELECT 'asked', asked;
END $$;

-- Posts gifts that came with their money, and receipts these and goods; says how many there were.
-- One does it at a time, whoever else asks waits, so that whoever asked finds all receipts written
-- of gifts that were recorded before.
CREATE FUNCTION fund.post_gifts(p_limit int, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  mark fund.posted;
  fresh boolean := pg_current_xact_id_if_assigned() IS NULL; -- begins after what is drawn
  drawn bigint;
  in_year smallint := extract(YEAR FROM p_now AT TIME ZONE 'Asia/Riyadh');
  due record;
  over boolean;
  before bigint;
BEGIN
  SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END INTO drawn FROM fund.gift_id_seq s;
  IF EXISTS (SELECT FROM fund.posted p WHERE p.all_to = drawn) THEN
    RETURN 0;
  END IF;
  SELECT * INTO mark FROM fund.posted FOR UPDATE;
  over := pg_snapshot_xmin(pg_current_snapshot()) >= mark.drawn_by;
  SELECT array_agg(g.id) FILTER (WHERE g.channel = 'card') AS came,
         array_agg(g.minor) FILTER (WHERE g.channel = 'card') AS worth,
         array_agg(g.id) FILTER (WHERE g.channel = 'in_kind') AS goods,
         count(*) AS many, max(g.id) AS last
  INTO due
  FROM (SELECT g.id, g.channel, g.minor FROM fund.gift g
        WHERE g.id > mark.all_to
          AND (g.channel = 'in_kind' OR (g.channel = 'card' AND g.demonstration))
          AND NOT EXISTS (SELECT FROM fund.receipt r WHERE r.gift = g.id AND r.version = 1)
        ORDER BY g.id LIMIT p_limit) g;
  IF due.goods IS NOT NULL THEN
    before := fund.take_numbers('K', in_year, cardinality(due.goods));
    INSERT INTO fund.receipt (gift, number, issued_at, minor, year, series)
    SELECT g.id, before + c.n, p_now, g.minor, in_year, 'K'
    FROM unnest(due.goods) WITH ORDINALITY AS c (gift, n)
    CROSS JOIN LATERAL (SELECT f.id, f.minor FROM fund.gift f WHERE f.id = c.gift OFFSET 0) g;
  END IF;
  IF due.came IS NOT NULL THEN
    PERFORM fund.receive(due.came, due.worth, 'donor', p_now);
  END IF;
  IF over AND fresh AND due.many = p_limit AND due.last < mark.drawn_to THEN
    UPDATE fund.posted SET all_to = due.last;
  ELSIF over AND fresh THEN
    UPDATE fund.posted SET all_to = mark.drawn_to, drawn_to = greatest(drawn, mark.drawn_to),
      drawn_by = greatest(pg_current_xact_id(), mark.drawn_by);
  END IF;
  RETURN due.many;
END $$;

-- What was posted, by the month in which it happened and the month in which it became known.
CREATE TABLE fund.balance_month (
  account bigint NOT NULL,
  kind text NOT NULL,
  happened timestamptz NOT NULL CHECK (happened = date_trunc('month', happened, 'UTC')),
  known timestamptz NOT NULL CHECK (known = date_trunc('month', known, 'UTC')),
  delta bigint NOT NULL,
  PRIMARY KEY (account, happened, known, kind) INCLUDE (delta)
);

CREATE INDEX balance_day_known ON fund.balance_day (account, known);

INSERT INTO fund.balance_month (account, kind, happened, known, delta)
SELECT d.account, d.kind, date_trunc('month', d.happened, 'UTC'),
       date_trunc('month', d.known, 'UTC'), sum(d.delta)
FROM fund.balance_day d GROUP BY 1, 2, 3, 4;

-- As before, with the months. Takes in what was committed since the last time, and says whether
-- there was any.
CREATE OR REPLACE FUNCTION fund.fold() RETURNS boolean
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
  ), months AS (
    INSERT INTO fund.balance_month AS m (account, kind, happened, known, delta)
    SELECT p.account, e.kind, date_trunc('month', e.event_at, 'UTC'),
           date_trunc('month', e.recorded_at, 'UTC'), sum(p.amount)
    FROM fund.entry e JOIN fund.posting p ON p.entry = e.id
    WHERE e.xid8 >= was AND e.xid8 < reach
    GROUP BY 1, 2, 3, 4
    ON CONFLICT (account, happened, known, kind) DO UPDATE SET delta = m.delta + excluded.delta
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

-- As before, whole months from balance_month, in plans that are made once and look every entry and
-- posting up by its index: a plan from the days when the journal was short would read all of it.
CREATE OR REPLACE FUNCTION fund.sums_as_of(
  p_fund bigint, p_happened timestamptz, p_known timestamptz)
RETURNS TABLE (role text, kind text, amount bigint)
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = fund, pg_temp
SET max_parallel_workers_per_gather = 0 SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off AS $$
DECLARE
  happens timestamptz := coalesce(p_happened, 'infinity');
  knows timestamptz := coalesce(p_known, 'infinity');
  happens_hour timestamptz := date_trunc('hour', happens, 'UTC');
  knows_hour timestamptz := date_trunc('hour', knows, 'UTC');
  happens_day timestamptz := date_trunc('day', happens, 'UTC');
  knows_day timestamptz := date_trunc('day', knows, 'UTC');
  happens_month timestamptz := date_trunc('month', happens, 'UTC');
  knows_month timestamptz := date_trunc('month', knows, 'UTC');
  mark xid8;
BEGIN
  SELECT f.before INTO mark FROM fund.folded f;
  RETURN QUERY
    WITH loose AS ( -- entries that no balance of a day or an hour tells of
      SELECT e.id, e.kind
      FROM (SELECT h.id, h.kind, h.recorded_at, h.xid8 FROM fund.entry h
            WHERE h.event_at >= happens_hour AND h.event_at < happens OFFSET 0) e
      WHERE e.recorded_at < knows AND e.xid8 < mark
      UNION ALL
      SELECT e.id, e.kind
      FROM (SELECT k.id, k.kind, k.event_at, k.xid8 FROM fund.entry k
            WHERE k.recorded_at >= knows_hour AND k.recorded_at < knows OFFSET 0) e
      WHERE e.event_at < happens_hour AND e.xid8 < mark
      UNION ALL
      SELECT e.id, e.kind
      FROM (SELECT n.id, n.kind, n.event_at, n.recorded_at FROM fund.entry n
            WHERE n.xid8 >= mark OFFSET 0) e
      WHERE e.event_at < happens AND e.recorded_at < knows
    )
    SELECT a.role, s.kind, sum(s.delta)::bigint
    FROM (
      SELECT m.account, m.kind, m.delta
      FROM fund.account f JOIN fund.balance_month m ON m.account = f.id
      WHERE f.fund = p_fund AND m.happened < happens_month AND m.known < knows_month
      UNION ALL
      SELECT d.account, d.kind, d.delta
      FROM fund.account f JOIN fund.balance_day d ON d.account = f.id
      WHERE f.fund = p_fund AND d.happened >= happens_month AND d.happened < happens_day
        AND d.known < knows_day
      UNION ALL
      SELECT d.account, d.kind, d.delta
      FROM fund.account f JOIN fund.balance_day d ON d.account = f.id
      WHERE f.fund = p_fund AND d.known >= knows_month AND d.known < knows_day
        AND d.happened < happens_month
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
      SELECT p.account, l.kind, p.amount
      FROM loose l CROSS JOIN LATERAL (
        SELECT q.account, q.amount FROM fund.posting q
        WHERE q.entry = l.id AND q.fund = p_fund OFFSET 0) p
    ) s
    JOIN fund.account a ON a.id = s.account
    GROUP BY a.role, s.kind;
END $$;

REVOKE EXECUTE ON FUNCTION fund.gift_of, fund.record_gifts, fund.unrecorded, fund.post_gifts
  FROM PUBLIC;
GRANT SELECT ON fund.posted, fund.balance_month TO ${app};
GRANT EXECUTE ON FUNCTION fund.gift_of, fund.record_gifts, fund.unrecorded, fund.post_gifts
  TO ${app};
