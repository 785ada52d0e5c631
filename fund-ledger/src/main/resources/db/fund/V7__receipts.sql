-- Receipts that were wrong. One officer asks that a receipt be void and says why, another confirms
-- it. Its number is never given to another: a receipt in its place takes the next number of the
-- series, and is written only where the one before it is void, so that a gift has one live receipt.

CREATE TABLE fund.voiding (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gift bigint NOT NULL,
  version smallint NOT NULL,
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 1000),
  reissue boolean NOT NULL,
  asked_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'treasurer' CHECK (office = 'treasurer'),
  since timestamptz NOT NULL,
  asked_at timestamptz NOT NULL,
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  UNIQUE (id, gift, version, asked_by),
  CONSTRAINT voiding_of_receipt FOREIGN KEY (gift, version) REFERENCES fund.receipt,
  FOREIGN KEY (asked_by, office, since) REFERENCES fund.officer
);

CREATE INDEX voiding_receipt ON fund.voiding (gift, version);

-- It was asked for by mistake, or somebody else looked and said no.
CREATE TABLE fund.voiding_withdrawal (
  voiding bigint PRIMARY KEY REFERENCES fund.voiding,
  withdrawn_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('treasurer', 'approver')),
  since timestamptz NOT NULL,
  withdrawn_at timestamptz NOT NULL,
  FOREIGN KEY (withdrawn_by, office, since) REFERENCES fund.officer
);

-- A receipt is void from here on.
CREATE TABLE fund.receipt_void (
  gift bigint NOT NULL,
  version smallint NOT NULL,
  voiding bigint NOT NULL UNIQUE,
  asked_by bigint NOT NULL,
  confirmed_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('treasurer', 'approver')),
  since timestamptz NOT NULL,
  confirmed_at timestamptz NOT NULL,
  CONSTRAINT receipt_void_once PRIMARY KEY (gift, version),
  CONSTRAINT void_was_asked_for FOREIGN KEY (voiding, gift, version, asked_by)
    REFERENCES fund.voiding (id, gift, version, asked_by),
  CONSTRAINT confirmer_is_not_asker CHECK (confirmed_by <> asked_by),
  FOREIGN KEY (confirmed_by, office, since) REFERENCES fund.officer
);

CREATE FUNCTION fund.lock_receipts(p_gift bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('fund.receipts ' || p_gift, 0))
$$;

-- Whoever confirms is in office on that day, and nobody has withdrawn what they confirm.
CREATE FUNCTION fund.check_void() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  why text;
BEGIN
  PERFORM fund.lock_receipts(NEW.gift);
  SELECT CASE
    WHEN fund.office_since(NEW.confirmed_by, NEW.office, NEW.confirmed_at)
         IS DISTINCT FROM NEW.since
      THEN 'void_by_officer'
    WHEN EXISTS (SELECT FROM fund.voiding_withdrawal w WHERE w.voiding = NEW.voiding)
      THEN 'void_of_open_request'
  END INTO why;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'voiding % refused: %', NEW.voiding, why
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER void_checked BEFORE INSERT ON fund.receipt_void
  FOR EACH ROW EXECUTE FUNCTION fund.check_void();

-- A later receipt of a gift is of the same money or goods as the first, and the one before it is
-- void. Two at once find the version taken. First receipts come many at once and pass by here.
CREATE FUNCTION fund.check_reissue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  why text;
BEGIN
  SELECT CASE
    WHEN NOT EXISTS (SELECT FROM fund.receipt_void v
                     WHERE (v.gift, v.version) = (NEW.gift, NEW.version - 1))
      THEN 'receipt_live_once'
    WHEN (SELECT (first.series, first.minor, first.entry) FROM fund.receipt first
          WHERE (first.gift, first.version) = (NEW.gift, 1))
         IS DISTINCT FROM (NEW.series, NEW.minor, NEW.entry)
      THEN 'receipt_says_the_same'
  END INTO why;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'receipt % of gift % refused: %', NEW.version, NEW.gift, why
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER reissue_checked AFTER INSERT ON fund.receipt
  FOR EACH ROW WHEN (NEW.version > 1) EXECUTE FUNCTION fund.check_reissue();

DO $$
DECLARE
  book text;
BEGIN
  FOREACH book IN ARRAY ARRAY['voiding', 'voiding_withdrawal', 'receipt_void'] LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.%I
         FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change()', book);
  END LOOP;
END $$;

-- A treasurer asks that a receipt be void: asked, repeated, differs, no_receipt, void (it is
-- already), pending (somebody asked before) or not_treasurer.
CREATE FUNCTION fund.ask_void(
  p_key text, p_hash bytea, p_series text, p_year smallint, p_number bigint, p_why text,
  p_reissue boolean, p_by bigint, p_now timestamptz)
RETURNS TABLE (outcome text, voiding bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_office timestamptz := fund.office_since(p_by, 'treasurer', p_now);
  wrong record;
  first record;
  open bigint;
BEGIN
  SELECT v.id, v.request_hash INTO first FROM fund.voiding v WHERE v.idem_key = p_key;
  IF FOUND THEN
    RETURN QUERY
      SELECT CASE WHEN first.request_hash = p_hash THEN 'repeated' ELSE 'differs' END, first.id;
    RETURN;
  END IF;
  IF in_office IS NULL THEN
    RETURN QUERY SELECT 'not_treasurer', NULL::bigint;
    RETURN;
  END IF;
  SELECT r.gift, r.version INTO wrong FROM fund.receipt r
  WHERE (r.series, r.year, r.number) = (p_series, p_year, p_number);
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'no_receipt', NULL::bigint;
    RETURN;
  END IF;
  PERFORM fund.lock_receipts(wrong.gift);
  IF EXISTS (SELECT FROM fund.receipt_void v
             WHERE (v.gift, v.version) = (wrong.gift, wrong.version)) THEN
    RETURN QUERY SELECT 'void', NULL::bigint;
    RETURN;
  END IF;
  SELECT v.id INTO open FROM fund.voiding v
  WHERE (v.gift, v.version) = (wrong.gift, wrong.version)
    AND NOT EXISTS (SELECT FROM fund.voiding_withdrawal w WHERE w.voiding = v.id);
  IF FOUND THEN
    RETURN QUERY SELECT 'pending', open;
    RETURN;
  END IF;
  RETURN QUERY
    INSERT INTO fund.voiding
      (gift, version, why, reissue, asked_by, since, asked_at, idem_key, request_hash)
    VALUES (wrong.gift, wrong.version, p_why, p_reissue, p_by, in_office, p_now, p_key, p_hash)
    RETURNING 'asked', id;
END $$;

-- Another officer looked and agrees: confirmed, already, withdrawn, own_request, no_request or
-- not_officer. Where it was asked for, the next receipt is written with the next number.
CREATE FUNCTION fund.confirm_void(p_voiding bigint, p_by bigint, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  treasurer timestamptz := fund.office_since(p_by, 'treasurer', p_now);
  approver timestamptz := fund.office_since(p_by, 'approver', p_now);
  in_year smallint := extract(YEAR FROM p_now AT TIME ZONE 'Asia/Riyadh');
  asked record;
BEGIN
  SELECT v.gift, v.version, v.reissue, v.asked_by, r.series, r.minor, r.entry INTO asked
  FROM fund.voiding v JOIN fund.receipt r USING (gift, version) WHERE v.id = p_voiding;
  IF NOT FOUND THEN
    RETURN 'no_request';
  ELSIF treasurer IS NULL AND approver IS NULL THEN
    RETURN 'not_officer';
  END IF;
  PERFORM fund.lock_receipts(asked.gift);
  IF EXISTS (SELECT FROM fund.receipt_void v WHERE v.voiding = p_voiding) THEN
    RETURN 'already';
  ELSIF EXISTS (SELECT FROM fund.voiding_withdrawal w WHERE w.voiding = p_voiding) THEN
    RETURN 'withdrawn';
  ELSIF asked.asked_by = p_by THEN
    RETURN 'own_request';
  END IF;
  INSERT INTO fund.receipt_void
    (gift, version, voiding, asked_by, confirmed_by, office, since, confirmed_at)
  VALUES (asked.gift, asked.version, p_voiding, asked.asked_by, p_by,
          CASE WHEN approver IS NOT NULL THEN 'approver' ELSE 'treasurer' END,
          coalesce(approver, treasurer), p_now);
  IF asked.reissue THEN
    INSERT INTO fund.receipt (gift, number, issued_at, minor, entry, year, version, series)
    SELECT asked.gift, taken.before + 1, p_now, asked.minor, asked.entry, in_year,
           asked.version + 1, asked.series
    FROM fund.take_numbers(asked.series, in_year, 1) AS taken (before);
  END IF;
  RETURN 'confirmed';
END $$;

-- Ends a request to void that shall not be confirmed: withdrawn, already, confirmed (too late),
-- no_request or not_officer.
CREATE FUNCTION fund.withdraw_void(p_voiding bigint, p_by bigint, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  treasurer timestamptz := fund.office_since(p_by, 'treasurer', p_now);
  approver timestamptz := fund.office_since(p_by, 'approver', p_now);
  asked record;
BEGIN
  SELECT v.gift INTO asked FROM fund.voiding v WHERE v.id = p_voiding;
  IF NOT FOUND THEN
    RETURN 'no_request';
  ELSIF treasurer IS NULL AND approver IS NULL THEN
    RETURN 'not_officer';
  END IF;
  PERFORM fund.lock_receipts(asked.gift);
  IF EXISTS (SELECT FROM fund.receipt_void v WHERE v.voiding = p_voiding) THEN
    RETURN 'confirmed';
  END IF;
  INSERT INTO fund.voiding_withdrawal (voiding, withdrawn_by, office, since, withdrawn_at)
  VALUES (p_voiding, p_by, CASE WHEN treasurer IS NOT NULL THEN 'treasurer' ELSE 'approver' END,
          coalesce(treasurer, approver), p_now)
  ON CONFLICT DO NOTHING;
  RETURN CASE WHEN FOUND THEN 'withdrawn' ELSE 'already' END;
END $$;

-- The gifts of one giver are found by their phone.
CREATE INDEX donor_phone ON fund.donor (phone, gift) WHERE phone IS NOT NULL;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA fund FROM PUBLIC;

GRANT SELECT ON fund.voiding, fund.voiding_withdrawal, fund.receipt_void TO ${app};
GRANT EXECUTE ON FUNCTION fund.ask_void, fund.confirm_void, fund.withdraw_void TO ${app};
