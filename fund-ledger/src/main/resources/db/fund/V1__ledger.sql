-- The journal. An entry moves money between accounts of a fund; nothing in it is ever edited, and a
-- mistake is corrected by the entry that reverses it.
--
-- A posting above zero says where the money is (clearing: with the card provider; bank). A posting
-- below zero says what it is for (received, available, reserved, payable). The two sides of an
-- entry cancel out in every fund and currency, so one fund's money cannot become another's.
--
-- The application role reads, and calls the functions that it is granted; it has no INSERT, UPDATE,
-- DELETE or TRUNCATE on any table of the journal.

CREATE TABLE fund.currency (
  code text PRIMARY KEY CHECK (code ~ '^[A-Z]{3}$'),
  exponent smallint NOT NULL CHECK (exponent BETWEEN 0 AND 3)
);

INSERT INTO fund.currency (code, exponent)
VALUES ('SAR', 2), ('AED', 2), ('QAR', 2), ('KWD', 3), ('BHD', 3), ('OMR', 3), ('JOD', 3),
       ('EGP', 2), ('USD', 2), ('EUR', 2), ('GBP', 2), ('JPY', 0);

-- Officers: who may do what with money, keyed by account id. Rows, never deleted: an approval stays
-- bound to the office that its approver held on the day.
CREATE TABLE fund.officer (
  account bigint NOT NULL CHECK (account > 0),
  office text NOT NULL CHECK (office IN ('requester', 'approver', 'treasurer', 'auditor')),
  since timestamptz NOT NULL,
  appointed_by bigint NOT NULL,
  PRIMARY KEY (account, office, since),
  CONSTRAINT nobody_appoints_themselves CHECK (appointed_by <> account)
);

CREATE TABLE fund.dismissal (
  account bigint NOT NULL,
  office text NOT NULL,
  since timestamptz NOT NULL,
  dismissed_at timestamptz NOT NULL,
  dismissed_by bigint NOT NULL,
  PRIMARY KEY (account, office, since),
  FOREIGN KEY (account, office, since) REFERENCES fund.officer,
  CHECK (dismissed_at >= since)
);

-- The appointment under which an account held an office at a moment, or null.
CREATE FUNCTION fund.office_since(p_account bigint, p_office text, p_at timestamptz)
RETURNS timestamptz LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT max(o.since) FROM fund.officer o
  WHERE o.account = p_account AND o.office = p_office AND o.since <= p_at
    AND NOT EXISTS (SELECT FROM fund.dismissal d
                    WHERE (d.account, d.office, d.since) = (o.account, o.office, o.since)
                      AND d.dismissed_at <= p_at)
$$;

CREATE TABLE fund.fund (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name_ar text NOT NULL CHECK (length(name_ar) BETWEEN 1 AND 200),
  name_en text NOT NULL CHECK (length(name_en) BETWEEN 1 AND 200),
  currency text NOT NULL REFERENCES fund.currency,
  restriction text NOT NULL CHECK (restriction IN
    ('unrestricted', 'purpose', 'time', 'zakat', 'waqf', 'foreign_approved')),
  purpose_ar text NOT NULL CHECK (length(purpose_ar) BETWEEN 1 AND 2000),
  purpose_en text NOT NULL CHECK (length(purpose_en) BETWEEN 1 AND 2000),
  target bigint CHECK (target > 0),
  licence text CHECK (length(licence) BETWEEN 1 AND 100),
  campaign text CHECK (length(campaign) BETWEEN 1 AND 100),
  -- Pretended money may enter a demonstration fund only, and real money never does.
  demonstration boolean NOT NULL,
  opened_by bigint NOT NULL,
  opened_at timestamptz NOT NULL,
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL,
  UNIQUE (id, currency),
  UNIQUE (id, demonstration)
);

-- A fund is open as long as it has no closure.
CREATE TABLE fund.closure (
  fund bigint PRIMARY KEY REFERENCES fund.fund,
  closed_by bigint NOT NULL,
  closed_at timestamptz NOT NULL,
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 1000)
);

CREATE TABLE fund.account (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund bigint NOT NULL,
  currency text NOT NULL,
  role text NOT NULL CHECK (role IN
    ('clearing', 'bank', 'received', 'available', 'reserved', 'payable')),
  -- What may be promised only once keeps a balance that cannot go below zero. Money coming in keeps
  -- none, so that gifts never wait for one another.
  strict boolean GENERATED ALWAYS AS (role IN ('available', 'reserved', 'payable')) STORED,
  UNIQUE (fund, currency, role),
  UNIQUE (id, fund, currency),
  FOREIGN KEY (fund, currency) REFERENCES fund.fund (id, currency)
);

-- What a strict account holds for its purpose: the negative of the sum of its postings.
CREATE TABLE fund.balance (
  account bigint PRIMARY KEY REFERENCES fund.account,
  held bigint NOT NULL DEFAULT 0 CONSTRAINT balance_not_overdrawn CHECK (held >= 0)
) WITH (fillfactor = 50);

CREATE TABLE fund.entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN
    ('gift', 'settlement', 'reservation', 'payment', 'confirmation')),
  event_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  idem_scope text NOT NULL,
  idem_key text NOT NULL,
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  actor text NOT NULL,
  reverses bigint UNIQUE REFERENCES fund.entry CHECK (reverses < id),
  n_lines smallint NOT NULL CHECK (n_lines >= 2),
  -- Readers follow the journal by snapshot, never by id: a late commit may carry a lower id.
  xid8 xid8 NOT NULL DEFAULT pg_current_xact_id(),
  UNIQUE (idem_scope, idem_key),
  CHECK (event_at <= recorded_at)
);

CREATE TABLE fund.posting (
  entry bigint NOT NULL REFERENCES fund.entry,
  line smallint NOT NULL CHECK (line >= 1),
  account bigint NOT NULL,
  fund bigint NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0),
  PRIMARY KEY (entry, line),
  FOREIGN KEY (account, fund, currency) REFERENCES fund.account (id, fund, currency)
);

CREATE INDEX posting_account ON fund.posting (account, entry) INCLUDE (amount);

-- An entry is written whole, in one statement, and balances in every fund and currency. The strict
-- balances follow in the same statement, always locked in the order of account ids.
CREATE FUNCTION fund.check_postings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  bad record;
BEGIN
  SELECT a.entry, a.fund, a.currency, sum(a.amount) AS over INTO bad
  FROM added a GROUP BY a.entry, a.fund, a.currency HAVING sum(a.amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % does not balance: fund % is % % over',
      bad.entry, bad.fund, bad.over, bad.currency
      USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_balanced';
  END IF;

  SELECT e.id, e.n_lines INTO bad
  FROM (SELECT a.entry, count(*) AS n, min(a.line) AS first, max(a.line) AS last
        FROM added a GROUP BY a.entry) w
  JOIN fund.entry e ON e.id = w.entry
  WHERE (w.n, w.first, w.last) <> (e.n_lines, 1, e.n_lines) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % is not written whole: it says % lines', bad.id, bad.n_lines
      USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_whole';
  END IF;

  PERFORM FROM fund.balance b
  WHERE b.account IN (SELECT a.account FROM added a) ORDER BY b.account FOR UPDATE;
  UPDATE fund.balance b SET held = b.held - moved.amount
  FROM (SELECT a.account, sum(a.amount) AS amount FROM added a GROUP BY a.account) moved
  WHERE b.account = moved.account;
  RETURN NULL;
END $$;

CREATE TRIGGER posting_checked AFTER INSERT ON fund.posting
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fund.check_postings();

-- The two things that only the end of the transaction can tell: an entry has postings, and a
-- reversal is the mirror of what it reverses.
CREATE FUNCTION fund.check_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM fund.posting p WHERE p.entry = NEW.id) THEN
    RAISE EXCEPTION 'entry % has no postings', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_has_postings';
  END IF;
  IF NEW.reverses IS NOT NULL AND (
    NEW.kind <> (SELECT e.kind FROM fund.entry e WHERE e.id = NEW.reverses)
    OR NEW.n_lines <> (SELECT e.n_lines FROM fund.entry e WHERE e.id = NEW.reverses)
    OR EXISTS (SELECT p.line, p.account, p.amount FROM fund.posting p WHERE p.entry = NEW.id
               EXCEPT
               SELECT p.line, p.account, -p.amount FROM fund.posting p
               WHERE p.entry = NEW.reverses))
  THEN
    RAISE EXCEPTION 'entry % is not the mirror of entry %', NEW.id, NEW.reverses
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_reverses';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER entry_checked AFTER INSERT ON fund.entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund.check_entry();

-- Rows of the books are written once. Not even their owner edits them.
CREATE FUNCTION fund.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%.% is append-only: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'A mistake is corrected by a later row.';
END $$;

DO $$
DECLARE
  book text;
BEGIN
  FOREACH book IN ARRAY ARRAY[
    'officer', 'dismissal', 'fund', 'closure', 'account', 'entry', 'posting']
  LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.%I
         FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change()', book);
  END LOOP;
END $$;

-- Moves money from one account of a fund to another; the only way a single entry is written.
-- The first account is debited: it gains money, or loses a purpose.
CREATE FUNCTION fund.move(
  p_kind text, p_fund bigint, p_debit text, p_credit text, p_minor bigint,
  p_key text, p_actor text, p_event_at timestamptz, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  written bigint;
BEGIN
  INSERT INTO fund.entry
    (kind, event_at, recorded_at, idem_scope, idem_key, request_hash, actor, n_lines)
  VALUES (p_kind, p_event_at, p_now, p_kind, p_key,
          sha256(convert_to(concat_ws('|', p_kind, p_fund, p_debit, p_credit, p_minor), 'UTF8')),
          p_actor, 2)
  RETURNING id INTO written;
  INSERT INTO fund.posting (entry, line, account, fund, currency, amount)
  SELECT written, leg.line, a.id, a.fund, a.currency, leg.amount
  FROM (VALUES (1, p_debit, p_minor), (2, p_credit, -p_minor)) AS leg (line, role, amount)
  JOIN fund.account a ON a.fund = p_fund AND a.role = leg.role;
  RETURN written;
END $$;

-- Takes an entry back by its mirror. An entry is reversed at most once.
CREATE FUNCTION fund.reverse(p_entry bigint, p_actor text, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  written bigint;
BEGIN
  INSERT INTO fund.entry (kind, event_at, recorded_at, idem_scope, idem_key, request_hash, actor,
                          reverses, n_lines)
  SELECT e.kind, p_now, p_now, 'reversal', e.id::text,
         sha256(convert_to('reversal|' || e.id, 'UTF8')), p_actor, e.id, e.n_lines
  FROM fund.entry e WHERE e.id = p_entry
  RETURNING id INTO written;
  INSERT INTO fund.posting (entry, line, account, fund, currency, amount)
  SELECT written, p.line, p.account, p.fund, p.currency, -p.amount
  FROM fund.posting p WHERE p.entry = p_entry;
  RETURN written;
END $$;

-- Opens a fund with its accounts. A repeated key returns the first fund; whether it asked for the
-- same is for the caller to see from the stored hash.
CREATE FUNCTION fund.open_fund(
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
  FROM unnest(ARRAY['clearing', 'bank', 'received', 'available', 'reserved', 'payable']) AS role;
  INSERT INTO fund.balance (account)
  SELECT a.id FROM fund.account a WHERE a.fund = opened AND a.strict;
  RETURN QUERY SELECT opened, true, true;
END $$;

-- Closes a fund to gifts. The row lock waits for every gift on its way in and holds off later ones.
CREATE FUNCTION fund.close_fund(p_fund bigint, p_by bigint, p_why text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM FROM fund.fund f WHERE f.id = p_fund FOR UPDATE;
  INSERT INTO fund.closure (fund, closed_by, closed_at, why)
  VALUES (p_fund, p_by, p_now, p_why) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA fund FROM PUBLIC;

GRANT USAGE ON SCHEMA fund TO ${app};
GRANT SELECT ON fund.currency, fund.officer, fund.dismissal, fund.fund, fund.closure, fund.account,
  fund.balance, fund.entry, fund.posting TO ${app};
GRANT INSERT ON fund.officer, fund.dismissal TO ${app};
GRANT EXECUTE ON FUNCTION fund.office_since, fund.open_fund, fund.close_fund TO ${app};
