-- Spending by rules that two people made: partners accredited on the day, budgets of initiatives, a
-- policy of approvals, payment orders that can come back, and what people are entitled to. Whoever
-- writes a row meets the walls here; names of constraints are what the program and its tests cite.

-- Whoever loses an office and whoever acts in it wait for each other, so that nothing is done in an
-- office that had ended before.
CREATE FUNCTION fund.hold_office(p_account bigint) RETURNS void
LANGUAGE sql SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT pg_advisory_xact_lock_shared(hashtextextended('fund.officer ' || p_account, 0))
$$;

CREATE FUNCTION fund.end_office() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.officer ' || NEW.account, 0));
  RETURN NEW;
END $$;

CREATE TRIGGER office_ends BEFORE INSERT ON fund.dismissal
  FOR EACH ROW EXECUTE FUNCTION fund.end_office();

-- The account in the column of the first argument holds the office that its row names, at the time
-- in the column of the second; the third is the name of the rule.
CREATE FUNCTION fund.check_in_office() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  written jsonb := to_jsonb(NEW);
  account bigint := (written ->> TG_ARGV[0])::bigint;
BEGIN
  PERFORM fund.hold_office(account);
  IF fund.office_since(account, written ->> 'office', (written ->> TG_ARGV[1])::timestamptz)
     IS DISTINCT FROM (written ->> 'since')::timestamptz
  THEN
    RAISE EXCEPTION '% refused: account % is not in office', TG_TABLE_NAME, account
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[2];
  END IF;
  RETURN NEW;
END $$;

-- Partners: accredited by an authority for so long. One officer enters it, another confirms it, and
-- the latest that was confirmed is the one that counts.
CREATE TABLE fund.accreditation (
  payee bigint NOT NULL REFERENCES fund.payee,
  n smallint NOT NULL CHECK (n > 0),
  authority text NOT NULL CHECK (length(authority) BETWEEN 1 AND 200),
  licence text NOT NULL CHECK (length(licence) BETWEEN 1 AND 100),
  valid_from date NOT NULL,
  valid_until date NOT NULL,
  entered_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('requester', 'approver', 'treasurer')),
  since timestamptz NOT NULL,
  entered_at timestamptz NOT NULL,
  PRIMARY KEY (payee, n),
  UNIQUE (payee, n, entered_by),
  FOREIGN KEY (entered_by, office, since) REFERENCES fund.officer,
  CONSTRAINT accreditation_not_empty CHECK (valid_until >= valid_from)
);

CREATE TABLE fund.accreditation_confirmation (
  payee bigint NOT NULL,
  n smallint NOT NULL,
  entered_by bigint NOT NULL,
  confirmed_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('approver', 'treasurer')),
  since timestamptz NOT NULL,
  confirmed_at timestamptz NOT NULL,
  PRIMARY KEY (payee, n),
  FOREIGN KEY (payee, n, entered_by) REFERENCES fund.accreditation (payee, n, entered_by),
  FOREIGN KEY (confirmed_by, office, since) REFERENCES fund.officer,
  CONSTRAINT accreditation_by_two CHECK (confirmed_by <> entered_by)
);

CREATE TRIGGER in_office BEFORE INSERT ON fund.accreditation FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('entered_by', 'entered_at', 'accreditation_by_officer');
CREATE TRIGGER in_office BEFORE INSERT ON fund.accreditation_confirmation FOR EACH ROW
  EXECUTE FUNCTION
    fund.check_in_office('confirmed_by', 'confirmed_at', 'accreditation_by_officer');

CREATE FUNCTION fund.is_accredited(p_payee bigint, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT coalesce((
    SELECT (p_at AT TIME ZONE 'Asia/Riyadh')::date BETWEEN a.valid_from AND a.valid_until
    FROM fund.accreditation a
    JOIN fund.accreditation_confirmation c USING (payee, n)
    WHERE a.payee = p_payee AND c.confirmed_at <= p_at ORDER BY a.n DESC LIMIT 1), false)
$$;

-- Who is told at a partner when its IBAN changes: never the one who came with the change.
CREATE TABLE fund.payee_contact (
  payee bigint NOT NULL REFERENCES fund.payee,
  n smallint NOT NULL CHECK (n > 0),
  phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  language text NOT NULL CHECK (language IN ('ar', 'en', 'ur')),
  written_by bigint NOT NULL,
  written_at timestamptz NOT NULL,
  PRIMARY KEY (payee, n)
);

-- How many approvals an amount needs, in versions. Version 0 came with the program; every later one
-- was proposed by one officer and is in force once another has confirmed it.
CREATE TABLE fund.policy_version (
  version int PRIMARY KEY CHECK (version >= 0),
  currency text REFERENCES fund.currency,
  proposed_by bigint,
  office text CHECK (office IN ('requester', 'approver', 'treasurer')),
  since timestamptz,
  proposed_at timestamptz,
  why text CHECK (length(why) BETWEEN 1 AND 1000),
  idem_key text UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea CHECK (length(request_hash) = 32),
  xid8 xid8 NOT NULL DEFAULT pg_current_xact_id(),
  UNIQUE (version, proposed_by),
  FOREIGN KEY (proposed_by, office, since) REFERENCES fund.officer,
  CONSTRAINT policy_has_author CHECK (
    (version = 0) = (num_nonnulls(currency, proposed_by, office, since, proposed_at, why, idem_key,
                                  request_hash) = 0)
    AND (version = 0 OR num_nulls(currency, proposed_by, office, since, proposed_at, why, idem_key,
                                  request_hash) = 0))
);

INSERT INTO fund.policy_version (version) VALUES (0);

ALTER TABLE fund.approval_policy
  ADD COLUMN version int NOT NULL DEFAULT 0 REFERENCES fund.policy_version,
  DROP CONSTRAINT approval_policy_pkey,
  DROP CONSTRAINT approval_policy_needed_check,
  ADD PRIMARY KEY (version, currency, from_minor),
  ADD CONSTRAINT policy_never_below_two CHECK (needed >= 2),
  ADD CONSTRAINT policy_can_be_met CHECK (needed <= 9);
ALTER TABLE fund.approval_policy ALTER COLUMN version DROP DEFAULT;

CREATE TABLE fund.policy_confirmation (
  version int PRIMARY KEY,
  proposed_by bigint NOT NULL,
  confirmed_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('approver', 'treasurer')),
  since timestamptz NOT NULL,
  confirmed_at timestamptz NOT NULL,
  FOREIGN KEY (version, proposed_by) REFERENCES fund.policy_version (version, proposed_by),
  FOREIGN KEY (confirmed_by, office, since) REFERENCES fund.officer,
  CONSTRAINT policy_by_two CHECK (confirmed_by <> proposed_by)
);

CREATE TRIGGER in_office BEFORE INSERT ON fund.policy_version
  FOR EACH ROW WHEN (NEW.version > 0)
  EXECUTE FUNCTION fund.check_in_office('proposed_by', 'proposed_at', 'policy_by_officer');
CREATE TRIGGER in_office BEFORE INSERT ON fund.policy_confirmation FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('confirmed_by', 'confirmed_at', 'policy_by_officer');

-- What is confirmed is what was proposed: steps are written with their version, of its currency.
CREATE FUNCTION fund.check_policy_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM fund.policy_version v
                 WHERE v.version = NEW.version AND v.currency = NEW.currency
                   AND v.xid8 = pg_current_xact_id())
  THEN
    RAISE EXCEPTION 'step of policy % refused: it is not written with it', NEW.version
      USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_written_whole';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER step_checked BEFORE INSERT ON fund.approval_policy
  FOR EACH ROW EXECUTE FUNCTION fund.check_policy_step();

-- A version that a later one of its currency has overtaken is not confirmed any more.
CREATE FUNCTION fund.check_policy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.policy', 0));
  IF NOT EXISTS (SELECT FROM fund.approval_policy s
                 WHERE s.version = NEW.version AND s.from_minor = 0)
  THEN
    RAISE EXCEPTION 'policy % says nothing of small amounts', NEW.version
      USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_written_whole';
  END IF;
  IF EXISTS (SELECT FROM fund.policy_version v JOIN fund.policy_version later
               ON later.currency = v.currency AND later.version > v.version
             WHERE v.version = NEW.version)
  THEN
    RAISE EXCEPTION 'policy % was overtaken', NEW.version
      USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_is_latest';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER policy_checked BEFORE INSERT ON fund.policy_confirmation
  FOR EACH ROW EXECUTE FUNCTION fund.check_policy();

-- The version in force for a currency at a time.
CREATE FUNCTION fund.policy_in_force(p_currency text, p_at timestamptz)
RETURNS int LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT coalesce(max(c.version), 0)
  FROM fund.policy_confirmation c JOIN fund.policy_version v USING (version)
  WHERE v.currency = p_currency AND c.confirmed_at <= p_at
$$;

DROP FUNCTION fund.approvals_needed(text, bigint);

CREATE FUNCTION fund.approvals_needed(p_currency text, p_minor bigint, p_at timestamptz)
RETURNS smallint LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT greatest(2, max(p.needed))::smallint FROM fund.approval_policy p
  WHERE p.version = fund.policy_in_force(p_currency, p_at)
    AND p.currency = p_currency AND p.from_minor <= p_minor
$$;

-- Initiatives: what a fund wants done, each with a budget that one officer proposes and another
-- confirms. What is reserved and paid of an initiative never exceeds the budget in force.
CREATE TABLE fund.initiative (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund bigint NOT NULL REFERENCES fund.fund,
  name_ar text NOT NULL CHECK (length(name_ar) BETWEEN 1 AND 200),
  name_en text NOT NULL CHECK (length(name_en) BETWEEN 1 AND 200),
  opened_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('requester', 'approver', 'treasurer')),
  since timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  UNIQUE (id, fund),
  FOREIGN KEY (opened_by, office, since) REFERENCES fund.officer
);

CREATE INDEX initiative_fund ON fund.initiative (fund);

CREATE TABLE fund.initiative_budget (
  initiative bigint NOT NULL REFERENCES fund.initiative,
  n smallint NOT NULL CHECK (n > 0),
  minor bigint NOT NULL CHECK (minor >= 0),
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 1000),
  proposed_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('requester', 'approver', 'treasurer')),
  since timestamptz NOT NULL,
  proposed_at timestamptz NOT NULL,
  PRIMARY KEY (initiative, n),
  UNIQUE (initiative, n, proposed_by),
  FOREIGN KEY (proposed_by, office, since) REFERENCES fund.officer
);

CREATE TABLE fund.budget_confirmation (
  initiative bigint NOT NULL,
  n smallint NOT NULL,
  proposed_by bigint NOT NULL,
  confirmed_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('approver', 'treasurer')),
  since timestamptz NOT NULL,
  confirmed_at timestamptz NOT NULL,
  PRIMARY KEY (initiative, n),
  FOREIGN KEY (initiative, n, proposed_by)
    REFERENCES fund.initiative_budget (initiative, n, proposed_by),
  FOREIGN KEY (confirmed_by, office, since) REFERENCES fund.officer,
  CONSTRAINT budget_by_two CHECK (confirmed_by <> proposed_by)
);

CREATE TRIGGER in_office BEFORE INSERT ON fund.initiative FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('opened_by', 'opened_at', 'initiative_by_officer');
CREATE TRIGGER in_office BEFORE INSERT ON fund.initiative_budget FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('proposed_by', 'proposed_at', 'budget_by_officer');
CREATE TRIGGER in_office BEFORE INSERT ON fund.budget_confirmation FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('confirmed_by', 'confirmed_at', 'budget_by_officer');

ALTER TABLE fund.disbursement_version ADD COLUMN initiative bigint REFERENCES fund.initiative;
CREATE INDEX version_initiative ON fund.disbursement_version (initiative)
  WHERE initiative IS NOT NULL;

-- Payments that came back: the bank refused the order, or returned money that had left. The steps
-- of a payment tell; after either the money is available again, and the request may be paid anew by
-- a later version only, with approvals of its own.
DO $$
DECLARE
  rule record;
BEGIN
  FOR rule IN SELECT conname FROM pg_constraint
              WHERE conrelid = 'fund.payment_step'::regclass AND contype = 'c'
                AND pg_get_constraintdef(oid) LIKE '%state%'
  LOOP
    EXECUTE format('ALTER TABLE fund.payment_step DROP CONSTRAINT %I', rule.conname);
  END LOOP;
END $$;

ALTER TABLE fund.payment_step
  ADD COLUMN why text CHECK (length(why) BETWEEN 1 AND 1000),
  ADD CONSTRAINT payment_step_state CHECK (state IN
    ('prepared', 'sent', 'unknown', 'confirmed', 'rejected', 'returned')),
  ADD CONSTRAINT payment_step_begins CHECK ((state = 'prepared') = (n = 1)),
  ADD CONSTRAINT payment_step_on_statement
    CHECK ((state IN ('confirmed', 'returned')) = (bank_line IS NOT NULL)),
  ADD CONSTRAINT payment_step_posted
    CHECK ((state IN ('confirmed', 'rejected', 'returned')) = (entry IS NOT NULL)),
  -- Nobody guesses that an order was refused: the bank's words are written down.
  ADD CONSTRAINT payment_step_bank_said
    CHECK ((state IN ('rejected', 'returned')) = (why IS NOT NULL));

CREATE FUNCTION fund.payment_state(p_payment bigint) RETURNS text
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT s.state FROM fund.payment_step s WHERE s.payment = p_payment ORDER BY s.n DESC LIMIT 1
$$;

-- Whether an order may still take money, or has: everything but what came back.
CREATE FUNCTION fund.payment_stands(p_payment bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT coalesce(fund.payment_state(p_payment), 'prepared') NOT IN ('rejected', 'returned')
$$;

CREATE FUNCTION fund.check_payment_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  was text := fund.payment_state(NEW.payment);
BEGIN
  IF (was, NEW.state) NOT IN (
       ('prepared', 'sent'), ('prepared', 'unknown'), ('prepared', 'confirmed'),
       ('prepared', 'rejected'), ('sent', 'unknown'), ('sent', 'confirmed'), ('sent', 'rejected'),
       ('unknown', 'sent'), ('unknown', 'confirmed'), ('unknown', 'rejected'),
       ('confirmed', 'returned'))
  THEN
    RAISE EXCEPTION 'payment % cannot go from % to %', NEW.payment, was, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_step_order';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER step_checked BEFORE INSERT ON fund.payment_step
  FOR EACH ROW WHEN (NEW.n > 1) EXECUTE FUNCTION fund.check_payment_step();

ALTER TABLE fund.payment DROP CONSTRAINT payment_once;
ALTER TABLE fund.payment ADD CONSTRAINT payment_version_once UNIQUE (disbursement, version);
ALTER TABLE fund.payment ADD CONSTRAINT payment_payer UNIQUE (id, payer);

-- The order of a disbursement that stands, or null.
CREATE FUNCTION fund.standing_payment(p_disbursement bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT p.id FROM fund.payment p
  WHERE p.disbursement = p_disbursement AND fund.payment_stands(p.id)
$$;

-- The bank account that a fund pays from; the latest is the one.
CREATE TABLE fund.paying_account (
  fund bigint NOT NULL REFERENCES fund.fund,
  n smallint NOT NULL CHECK (n > 0),
  holder text NOT NULL CHECK (length(holder) BETWEEN 1 AND 140),
  iban text NOT NULL CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  bic text CHECK (bic ~ '^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$'),
  written_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'treasurer' CHECK (office = 'treasurer'),
  since timestamptz NOT NULL,
  written_at timestamptz NOT NULL,
  PRIMARY KEY (fund, n),
  FOREIGN KEY (written_by, office, since) REFERENCES fund.officer
);

CREATE TRIGGER in_office BEFORE INSERT ON fund.paying_account FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('written_by', 'written_at', 'account_by_treasurer');

-- A file of orders for the bank. It is kept as it was made, and an order stands in one file only:
-- whoever needs it again gets the same bytes, which the bank knows by their message id.
CREATE TABLE fund.payment_file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund bigint NOT NULL,
  message text NOT NULL UNIQUE CHECK (message ~ '^[A-Z0-9-]{8,35}$'),
  payments int NOT NULL CHECK (payments > 0),
  minor bigint NOT NULL CHECK (minor > 0),
  content text NOT NULL,
  made_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'treasurer' CHECK (office = 'treasurer'),
  since timestamptz NOT NULL,
  made_at timestamptz NOT NULL,
  FOREIGN KEY (fund) REFERENCES fund.fund,
  FOREIGN KEY (made_by, office, since) REFERENCES fund.officer
);

CREATE TRIGGER in_office BEFORE INSERT ON fund.payment_file FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('made_by', 'made_at', 'file_by_treasurer');

CREATE TABLE fund.payment_in_file (
  payment bigint NOT NULL REFERENCES fund.payment,
  file bigint NOT NULL REFERENCES fund.payment_file,
  CONSTRAINT payment_in_one_file PRIMARY KEY (payment)
);

CREATE INDEX payment_in_file_file ON fund.payment_in_file (file);

CREATE FUNCTION fund.check_payment_in_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM FROM fund.payment p WHERE p.id = NEW.payment FOR UPDATE;
  IF fund.payment_state(NEW.payment) <> 'prepared'
    OR (SELECT p.fund FROM fund.payment p WHERE p.id = NEW.payment)
       <> (SELECT f.fund FROM fund.payment_file f WHERE f.id = NEW.file)
  THEN
    RAISE EXCEPTION 'payment % is not prepared, or of another fund', NEW.payment
      USING ERRCODE = 'check_violation', CONSTRAINT = 'file_of_prepared_payments';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER in_file_checked BEFORE INSERT ON fund.payment_in_file
  FOR EACH ROW EXECUTE FUNCTION fund.check_payment_in_file();

CREATE FUNCTION fund.check_payment_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF (NEW.payments, NEW.minor) <> (
    SELECT count(*)::int, coalesce(sum(p.minor), 0)::bigint
    FROM fund.payment_in_file i JOIN fund.payment p ON p.id = i.payment WHERE i.file = NEW.id)
  THEN
    RAISE EXCEPTION 'file % is not what its payments come to', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'file_is_its_payments';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER file_checked AFTER INSERT ON fund.payment_file
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund.check_payment_file();

-- Programmes: a benefit for people, so much in each period. Nobody's id is kept: a person is a
-- token, made with a key that only the program holds, and the same for every partner.
CREATE TABLE fund.programme (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund bigint NOT NULL REFERENCES fund.fund,
  initiative bigint,
  name_ar text NOT NULL CHECK (length(name_ar) BETWEEN 1 AND 200),
  name_en text NOT NULL CHECK (length(name_en) BETWEEN 1 AND 200),
  minor bigint NOT NULL CHECK (minor > 0),
  starts_on date NOT NULL,
  every text NOT NULL CHECK (every IN ('once', 'week', 'month')),
  periods smallint NOT NULL CHECK (periods BETWEEN 1 AND 120),
  opened_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'requester' CHECK (office = 'requester'),
  since timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  CHECK (every <> 'once' OR periods = 1),
  FOREIGN KEY (initiative, fund) REFERENCES fund.initiative (id, fund),
  FOREIGN KEY (opened_by, office, since) REFERENCES fund.officer
);

CREATE TRIGGER in_office BEFORE INSERT ON fund.programme FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('opened_by', 'opened_at', 'programme_by_requester');

CREATE TABLE fund.entitlement (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  programme bigint NOT NULL REFERENCES fund.programme,
  token bytea NOT NULL CHECK (length(token) = 32),
  period smallint NOT NULL CHECK (period > 0),
  payee bigint NOT NULL REFERENCES fund.payee,
  minor bigint NOT NULL CHECK (minor > 0),
  enrolled_by bigint NOT NULL,
  enrolled_at timestamptz NOT NULL,
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  UNIQUE (id, enrolled_by),
  -- Whichever partner a person comes to: once for each period.
  CONSTRAINT entitlement_once UNIQUE (programme, token, period)
);

CREATE INDEX entitlement_payee ON fund.entitlement (payee, programme);

-- How to reach whom an entitlement is for. Not a book: it may be erased.
CREATE TABLE fund.entitled_contact (
  entitlement bigint PRIMARY KEY REFERENCES fund.entitlement,
  phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  language text NOT NULL CHECK (language IN ('ar', 'en', 'ur'))
);

CREATE FUNCTION fund.check_entitlement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM fund.programme g
                 WHERE g.id = NEW.programme AND g.minor = NEW.minor AND NEW.period <= g.periods)
  THEN
    RAISE EXCEPTION 'programme % has no such benefit or period', NEW.programme
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_of_programme';
  END IF;
  PERFORM fund.hold_office(NEW.enrolled_by);
  IF fund.office_since(NEW.enrolled_by, 'requester', NEW.enrolled_at) IS NULL
    AND NOT EXISTS (SELECT FROM fund.payee_member m
                    WHERE (m.payee, m.account) = (NEW.payee, NEW.enrolled_by))
  THEN
    RAISE EXCEPTION 'account % does not enrol people for payee %', NEW.enrolled_by, NEW.payee
      USING ERRCODE = 'check_violation', CONSTRAINT = 'enrolled_by_partner_or_requester';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER entitlement_checked BEFORE INSERT ON fund.entitlement
  FOR EACH ROW EXECUTE FUNCTION fund.check_entitlement();

-- Somebody other than the enroller, and not of the partner, saw that the person is real and in
-- need.
CREATE TABLE fund.verification (
  entitlement bigint PRIMARY KEY,
  enrolled_by bigint NOT NULL,
  verified_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('requester', 'approver')),
  since timestamptz NOT NULL,
  verified_at timestamptz NOT NULL,
  method text NOT NULL CHECK (method IN ('visit', 'call', 'document', 'registry')),
  evidence text NOT NULL CHECK (length(evidence) BETWEEN 1 AND 1000),
  UNIQUE (entitlement, enrolled_by, verified_by),
  FOREIGN KEY (entitlement, enrolled_by) REFERENCES fund.entitlement (id, enrolled_by),
  FOREIGN KEY (verified_by, office, since) REFERENCES fund.officer,
  CONSTRAINT verifier_is_not_enroller CHECK (verified_by <> enrolled_by)
);

CREATE TRIGGER in_office BEFORE INSERT ON fund.verification FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('verified_by', 'verified_at', 'verified_by_officer');

CREATE FUNCTION fund.check_verification() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM fund.entitlement t JOIN fund.payee_member m ON m.payee = t.payee
             WHERE t.id = NEW.entitlement AND m.account = NEW.verified_by)
  THEN
    RAISE EXCEPTION 'entitlement % is not verified by its own partner', NEW.entitlement
      USING ERRCODE = 'check_violation', CONSTRAINT = 'verifier_is_not_payee';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER verification_checked BEFORE INSERT ON fund.verification
  FOR EACH ROW EXECUTE FUNCTION fund.check_verification();

-- What a version of a request would pay. All of it, and nothing else.
CREATE TABLE fund.disbursement_entitlement (
  disbursement bigint NOT NULL,
  version smallint NOT NULL,
  entitlement bigint NOT NULL REFERENCES fund.entitlement,
  PRIMARY KEY (disbursement, version, entitlement),
  FOREIGN KEY (disbursement, version) REFERENCES fund.disbursement_version
);

CREATE INDEX disbursement_entitlement_of ON fund.disbursement_entitlement (entitlement);

CREATE FUNCTION fund.check_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_fund bigint;
BEGIN
  SELECT d.fund INTO in_fund FROM fund.disbursement d WHERE d.id = NEW.disbursement;
  IF NEW.initiative IS NOT NULL AND NOT EXISTS (
    SELECT FROM fund.initiative i WHERE i.id = NEW.initiative AND i.fund = in_fund)
  THEN
    RAISE EXCEPTION 'initiative % is of another fund', NEW.initiative
      USING ERRCODE = 'check_violation', CONSTRAINT = 'initiative_of_same_fund';
  END IF;
  IF EXISTS (
    SELECT FROM fund.disbursement_entitlement l
    JOIN fund.entitlement t ON t.id = l.entitlement
    JOIN fund.programme g ON g.id = t.programme
    WHERE (l.disbursement, l.version) = (NEW.disbursement, NEW.version)
    HAVING count(*) > 0
       AND (sum(t.minor) <> NEW.minor OR bool_or(t.payee <> NEW.payee)
            OR bool_or(g.fund <> in_fund)
            OR bool_or(g.initiative IS NOT NULL AND g.initiative IS DISTINCT FROM NEW.initiative)))
  THEN
    RAISE EXCEPTION 'request % is not what its entitlements come to', NEW.disbursement
      USING ERRCODE = 'check_violation', CONSTRAINT = 'version_is_its_entitlements';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER version_checked AFTER INSERT ON fund.disbursement_version
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund.check_version();

-- An entitlement is paid once: by one order that stands, of a payer who neither enrolled nor
-- verified its person.
CREATE TABLE fund.entitlement_payment (
  entitlement bigint NOT NULL,
  payment bigint NOT NULL,
  enrolled_by bigint NOT NULL,
  verified_by bigint NOT NULL,
  payer bigint NOT NULL,
  PRIMARY KEY (entitlement, payment),
  FOREIGN KEY (entitlement, enrolled_by, verified_by)
    REFERENCES fund.verification (entitlement, enrolled_by, verified_by),
  FOREIGN KEY (payment, payer) REFERENCES fund.payment (id, payer),
  CONSTRAINT payer_is_not_enroller CHECK (payer <> enrolled_by),
  CONSTRAINT payer_is_not_verifier CHECK (payer <> verified_by)
);

CREATE INDEX entitlement_payment_of ON fund.entitlement_payment (payment);

CREATE FUNCTION fund.check_entitlement_payment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM FROM fund.entitlement t WHERE t.id = NEW.entitlement FOR UPDATE;
  IF EXISTS (SELECT FROM fund.entitlement_payment e
             WHERE e.entitlement = NEW.entitlement AND e.payment <> NEW.payment
               AND fund.payment_stands(e.payment))
  THEN
    RAISE EXCEPTION 'entitlement % is paid already', NEW.entitlement
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_paid_once';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER paid_once BEFORE INSERT ON fund.entitlement_payment
  FOR EACH ROW EXECUTE FUNCTION fund.check_entitlement_payment();

CREATE FUNCTION fund.pay_entitlements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  unverified bigint;
BEGIN
  SELECT l.entitlement INTO unverified FROM fund.disbursement_entitlement l
  WHERE (l.disbursement, l.version) = (NEW.disbursement, NEW.version)
    AND NOT EXISTS (SELECT FROM fund.verification k WHERE k.entitlement = l.entitlement) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entitlement % is not verified', unverified
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entitlement_verified';
  END IF;
  INSERT INTO fund.entitlement_payment (entitlement, payment, enrolled_by, verified_by, payer)
  SELECT k.entitlement, NEW.id, k.enrolled_by, k.verified_by, NEW.payer
  FROM fund.disbursement_entitlement l JOIN fund.verification k ON k.entitlement = l.entitlement
  WHERE (l.disbursement, l.version) = (NEW.disbursement, NEW.version)
  ORDER BY k.entitlement;
  RETURN NULL;
END $$;

CREATE TRIGGER payment_entitlements AFTER INSERT ON fund.payment
  FOR EACH ROW EXECUTE FUNCTION fund.pay_entitlements();

-- Once the bank has confirmed, the person is asked, on their own phone: did it reach you? They may
-- answer again; the last answer counts.
CREATE TABLE fund.delivery_question (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entitlement bigint NOT NULL,
  payment bigint NOT NULL,
  asked_at timestamptz NOT NULL,
  CONSTRAINT delivery_asked_once UNIQUE (entitlement, payment),
  FOREIGN KEY (entitlement, payment) REFERENCES fund.entitlement_payment
);

CREATE FUNCTION fund.check_delivery_question() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF fund.payment_state(NEW.payment) <> 'confirmed' THEN
    RAISE EXCEPTION 'payment % is not confirmed by the bank', NEW.payment
      USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_after_confirmation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER question_checked BEFORE INSERT ON fund.delivery_question
  FOR EACH ROW EXECUTE FUNCTION fund.check_delivery_question();

CREATE TABLE fund.delivery_answer (
  question bigint NOT NULL REFERENCES fund.delivery_question,
  n smallint NOT NULL CHECK (n > 0),
  received boolean NOT NULL,
  reply bigint,
  answered_at timestamptz NOT NULL,
  PRIMARY KEY (question, n)
);

COMMENT ON COLUMN fund.delivery_answer.reply IS
  'the text that said so; null when the person pressed a button behind their signed link';

CREATE FUNCTION fund.has_reached(p_entitlement bigint, p_payment bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT coalesce((SELECT a.received FROM fund.delivery_question q
                   JOIN fund.delivery_answer a ON a.question = q.id
                   WHERE (q.entitlement, q.payment) = (p_entitlement, p_payment)
                   ORDER BY a.n DESC LIMIT 1), false)
$$;

-- Which version of a request an officer has looked at.
CREATE TABLE fund.request_seen (
  disbursement bigint NOT NULL,
  account bigint NOT NULL,
  version smallint NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (disbursement, account, version),
  FOREIGN KEY (disbursement, version) REFERENCES fund.disbursement_version
);

-- The key that makes tokens of people, where no other is set.
CREATE TABLE fund.secret (
  name text PRIMARY KEY,
  value bytea NOT NULL
);

DO $$
DECLARE
  book text;
BEGIN
  FOREACH book IN ARRAY ARRAY[
    'accreditation', 'accreditation_confirmation', 'payee_contact', 'policy_version',
    'approval_policy', 'policy_confirmation', 'initiative', 'initiative_budget',
    'budget_confirmation', 'paying_account', 'payment_file', 'payment_in_file', 'programme',
    'entitlement', 'verification', 'disbursement_entitlement', 'entitlement_payment',
    'delivery_question', 'delivery_answer', 'request_seen', 'secret']
  LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.%I
         FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change()', book);
  END LOOP;
END $$;

-- What an initiative has promised and paid: reservations that stand, and those that became orders
-- that stand.
CREATE FUNCTION fund.budget_used(p_initiative bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT coalesce(sum(r.minor), 0)::bigint
  FROM fund.disbursement_version v
  JOIN fund.reservation r USING (disbursement, version)
  LEFT JOIN fund.payment p USING (disbursement, version)
  WHERE v.initiative = p_initiative
    AND NOT EXISTS (SELECT FROM fund.entry e WHERE e.reverses = r.entry)
    AND (p.id IS NULL OR fund.payment_stands(p.id))
$$;

CREATE FUNCTION fund.budget_in_force(p_initiative bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT coalesce((SELECT b.minor FROM fund.initiative_budget b
                   JOIN fund.budget_confirmation c USING (initiative, n)
                   WHERE b.initiative = p_initiative ORDER BY b.n DESC LIMIT 1), 0)
$$;

CREATE FUNCTION fund.check_reservation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  cited bigint;
BEGIN
  SELECT v.initiative INTO cited FROM fund.disbursement_version v
  WHERE (v.disbursement, v.version) = (NEW.disbursement, NEW.version);
  PERFORM FROM fund.initiative i WHERE i.id = cited FOR UPDATE;
  IF fund.budget_used(cited) + NEW.minor > fund.budget_in_force(cited) AND cited IS NOT NULL THEN
    RAISE EXCEPTION 'request % would exceed the budget of initiative %', NEW.disbursement, cited
      USING ERRCODE = 'check_violation', CONSTRAINT = 'initiative_within_budget';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER reservation_checked BEFORE INSERT ON fund.reservation
  FOR EACH ROW EXECUTE FUNCTION fund.check_reservation();

CREATE FUNCTION fund.check_budget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  why text;
BEGIN
  PERFORM FROM fund.initiative i WHERE i.id = NEW.initiative FOR UPDATE;
  SELECT CASE
    WHEN NEW.n <> (SELECT max(b.n) FROM fund.initiative_budget b
                   WHERE b.initiative = NEW.initiative)
      THEN 'budget_is_latest'
    WHEN (SELECT b.minor FROM fund.initiative_budget b
          WHERE (b.initiative, b.n) = (NEW.initiative, NEW.n)) < fund.budget_used(NEW.initiative)
      THEN 'budget_covers_what_is_promised'
  END INTO why;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'budget % of initiative % refused: %', NEW.n, NEW.initiative, why
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER budget_checked BEFORE INSERT ON fund.budget_confirmation
  FOR EACH ROW EXECUTE FUNCTION fund.check_budget();

-- Whoever enrolled or verified people whom a version would pay.
CREATE FUNCTION fund.people_hands(p_disbursement bigint, p_version smallint)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT t.enrolled_by FROM fund.disbursement_entitlement l
  JOIN fund.entitlement t ON t.id = l.entitlement
  WHERE (l.disbursement, l.version) = (p_disbursement, p_version)
  UNION
  SELECT k.verified_by FROM fund.disbursement_entitlement l
  JOIN fund.verification k ON k.entitlement = l.entitlement
  WHERE (l.disbursement, l.version) = (p_disbursement, p_version)
$$;

-- Approvals of one version that count. As before, and not by whoever enrolled or verified the
-- people whom it would pay. Whether a version is the latest is for those to see who pay it.
CREATE OR REPLACE FUNCTION fund.approvals_valid(p_disbursement bigint, p_version smallint)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT a.approver
  FROM fund.approval a
  JOIN fund.disbursement d ON d.id = a.disbursement
  JOIN fund.disbursement_version v USING (disbursement, version)
  WHERE a.disbursement = p_disbursement AND a.version = p_version
    AND a.approver <> d.creator
    AND fund.office_since(a.approver, 'approver', a.approved_at) = a.since
    AND NOT EXISTS (SELECT FROM fund.payee_member m
                    WHERE m.payee = v.payee AND m.account = a.approver)
    AND NOT EXISTS (SELECT FROM fund.people_hands(a.disbursement, a.version) AS h (account)
                    WHERE h.account = a.approver)
$$;

-- An approval is for the latest version of a request that still stands, by an approver in office
-- who neither belongs to the payee nor enrolled or verified the people it is for.
CREATE OR REPLACE FUNCTION fund.check_approval() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  why text;
BEGIN
  PERFORM fund.lock_disbursement(NEW.disbursement);
  PERFORM fund.hold_office(NEW.approver);
  SELECT CASE
    WHEN NEW.version <> (SELECT max(v.version) FROM fund.disbursement_version v
                         WHERE v.disbursement = NEW.disbursement)
      THEN 'approval_of_latest_version'
    WHEN fund.office_since(NEW.approver, 'approver', NEW.approved_at)
         IS DISTINCT FROM NEW.since
      THEN 'approval_by_approver'
    WHEN EXISTS (SELECT FROM fund.disbursement_version v
                 JOIN fund.payee_member m ON m.payee = v.payee AND m.account = NEW.approver
                 WHERE v.disbursement = NEW.disbursement AND v.version = NEW.version)
      THEN 'approver_is_not_payee'
    WHEN EXISTS (SELECT FROM fund.people_hands(NEW.disbursement, NEW.version) AS h (account)
                 WHERE h.account = NEW.approver)
      THEN 'approver_is_not_verifier'
    WHEN EXISTS (SELECT FROM fund.withdrawal w WHERE w.disbursement = NEW.disbursement)
      OR EXISTS (SELECT FROM fund.payment p
                 WHERE p.disbursement = NEW.disbursement
                   AND (p.version = NEW.version OR fund.payment_stands(p.id)))
      THEN 'approval_of_open_request'
  END INTO why;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'approval of request % refused: %', NEW.disbursement, why
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NEW;
END $$;

-- The wall before money. As before, and besides: no other order of the request stands, the policy
-- in force is met, and the payee is accredited on the day.
CREATE OR REPLACE FUNCTION fund.check_payment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  asked record;
  why text;
BEGIN
  PERFORM fund.lock_disbursement(NEW.disbursement);
  PERFORM fund.hold_office(NEW.payer);
  SELECT d.currency, d.fund, v.minor, v.payee, v.iban_n INTO asked
  FROM fund.disbursement d
  JOIN fund.disbursement_version v ON v.disbursement = d.id AND v.version = NEW.version
  WHERE d.id = NEW.disbursement;
  SELECT CASE
    WHEN fund.standing_payment(NEW.disbursement) IS NOT NULL
      THEN 'payment_once'
    WHEN (SELECT count(*) FROM fund.approvals_valid(NEW.disbursement, NEW.version))
         < fund.approvals_needed(asked.currency, asked.minor, NEW.paid_at)
      OR EXISTS (SELECT FROM fund.disbursement_version later
                 WHERE later.disbursement = NEW.disbursement AND later.version > NEW.version)
      THEN 'payment_needs_approvals'
    WHEN (NEW.fund, NEW.minor) IS DISTINCT FROM (asked.fund, asked.minor)
      THEN 'payment_is_what_was_approved'
    WHEN NEW.payer IN (SELECT a.approver FROM fund.approval a
                       WHERE a.disbursement = NEW.disbursement AND a.version = NEW.version)
      OR EXISTS (SELECT FROM fund.payee_member m
                 WHERE m.payee = asked.payee AND m.account = NEW.payer)
      THEN 'payer_is_not_approver'
    WHEN fund.office_since(NEW.payer, 'treasurer', NEW.paid_at) IS DISTINCT FROM NEW.since
      THEN 'payment_by_treasurer'
    WHEN EXISTS (SELECT FROM fund.withdrawal w WHERE w.disbursement = NEW.disbursement)
      THEN 'payment_of_open_request'
    WHEN NOT EXISTS (SELECT FROM fund.payee_verification k
                     WHERE k.payee = asked.payee AND k.n = asked.iban_n
                       AND k.usable_from <= NEW.paid_at)
      OR EXISTS (SELECT FROM fund.payee_iban i
                 WHERE i.payee = asked.payee AND i.n > asked.iban_n)
      THEN 'payee_verified'
    WHEN NOT fund.is_accredited(asked.payee, NEW.paid_at)
      THEN 'payee_accredited'
    WHEN NOT EXISTS (SELECT FROM fund.reservation r
                     WHERE r.disbursement = NEW.disbursement AND r.version = NEW.version
                       AND r.minor = NEW.minor
                       AND NOT EXISTS (SELECT FROM fund.entry e WHERE e.reverses = r.entry))
      THEN 'payment_reserved'
  END INTO why;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'payment of request % refused: %', NEW.disbursement, why
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NEW;
END $$;

DROP FUNCTION fund.reserve, fund.release, fund.request_disbursement, fund.edit_disbursement,
  fund.pay, fund.step_payment;

-- Sets money aside for the latest version, once it is approved: reserved, not_enough (the fund has
-- not that much available) or over_budget.
CREATE FUNCTION fund.reserve(
  p_disbursement bigint, p_version smallint, p_actor text, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  asked record;
  held bigint;
BEGIN
  PERFORM fund.lock_disbursement(p_disbursement);
  SELECT d.fund, d.currency, v.minor, v.initiative INTO STRICT asked
  FROM fund.disbursement d
  JOIN fund.disbursement_version v ON v.disbursement = d.id AND v.version = p_version
  WHERE d.id = p_disbursement;
  IF (SELECT count(*) FROM fund.approvals_valid(p_disbursement, p_version))
     < fund.approvals_needed(asked.currency, asked.minor, p_now)
    OR EXISTS (SELECT FROM fund.disbursement_version later
               WHERE later.disbursement = p_disbursement AND later.version > p_version)
  THEN
    RAISE EXCEPTION 'reservation for request % refused: not approved', p_disbursement
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_needs_approvals';
  END IF;
  PERFORM FROM fund.initiative i WHERE i.id = asked.initiative FOR UPDATE;
  IF asked.initiative IS NOT NULL
    AND fund.budget_used(asked.initiative) + asked.minor > fund.budget_in_force(asked.initiative)
  THEN
    RETURN 'over_budget';
  END IF;
  SELECT b.held INTO STRICT held
  FROM fund.balance b JOIN fund.account a ON a.id = b.account
  WHERE a.fund = asked.fund AND a.role = 'available' FOR UPDATE OF b;
  IF held < asked.minor THEN
    RETURN 'not_enough';
  END IF;
  INSERT INTO fund.reservation (disbursement, version, minor, entry)
  VALUES (p_disbursement, p_version, asked.minor,
          fund.move('reservation', asked.fund, 'available', 'reserved', asked.minor,
                    p_disbursement || '/' || p_version, p_actor, p_now, p_now));
  RETURN 'reserved';
END $$;

-- Gives a reservation back. Refused while an order that was paid from it stands.
CREATE FUNCTION fund.release(p_disbursement bigint, p_actor text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM fund.lock_disbursement(p_disbursement);
  IF fund.standing_payment(p_disbursement) IS NOT NULL THEN
    RAISE EXCEPTION 'reservation of request % is paid', p_disbursement
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_paid';
  END IF;
  PERFORM fund.reverse(r.entry, p_actor, p_now)
  FROM fund.reservation r
  WHERE r.disbursement = p_disbursement
    AND NOT EXISTS (SELECT FROM fund.entry e WHERE e.reverses = r.entry)
    AND NOT EXISTS (SELECT FROM fund.payment p
                    WHERE (p.disbursement, p.version) = (r.disbursement, r.version));
END $$;

-- Opens a request with its first version. A repeated key answers with the first one.
CREATE FUNCTION fund.request_disbursement(
  p_key text, p_hash bytea, p_fund bigint, p_payee bigint, p_iban_n smallint, p_minor bigint,
  p_purpose text, p_evidence text, p_initiative bigint, p_entitlements bigint[], p_creator bigint,
  p_now timestamptz)
RETURNS TABLE (id bigint, is_new boolean, same boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  opened bigint;
BEGIN
  INSERT INTO fund.disbursement
    (fund, currency, creator, since, requested_at, idem_key, request_hash)
  SELECT f.id, f.currency, p_creator, fund.office_since(p_creator, 'requester', p_now), p_now,
         p_key, p_hash
  FROM fund.fund f WHERE f.id = p_fund
  ON CONFLICT (idem_key) DO NOTHING RETURNING disbursement.id INTO opened;
  IF opened IS NULL THEN
    RETURN QUERY SELECT d.id, false, d.request_hash = p_hash FROM fund.disbursement d
                 WHERE d.idem_key = p_key;
    RETURN;
  END IF;
  PERFORM fund.write_version(opened, 1::smallint, p_payee, p_iban_n, p_minor, p_purpose,
                             p_evidence, p_initiative, p_entitlements, p_now);
  RETURN QUERY SELECT opened, true, true;
END $$;

CREATE FUNCTION fund.write_version(
  p_disbursement bigint, p_version smallint, p_payee bigint, p_iban_n smallint, p_minor bigint,
  p_purpose text, p_evidence text, p_initiative bigint, p_entitlements bigint[],
  p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  INSERT INTO fund.disbursement_version
    (disbursement, version, payee, iban_n, minor, purpose, evidence, initiative, written_at)
  VALUES (p_disbursement, p_version, p_payee, p_iban_n, p_minor, p_purpose, p_evidence,
          p_initiative, p_now);
  INSERT INTO fund.disbursement_entitlement (disbursement, version, entitlement)
  SELECT p_disbursement, p_version, t.id FROM unnest(p_entitlements) AS t (id);
END $$;

-- Writes the next version; approvals stay with the old one and its reservation is given back.
CREATE FUNCTION fund.edit_disbursement(
  p_disbursement bigint, p_version smallint, p_payee bigint, p_iban_n smallint, p_minor bigint,
  p_purpose text, p_evidence text, p_initiative bigint, p_entitlements bigint[], p_by bigint,
  p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM fund.release(p_disbursement, 'account:' || p_by, p_now);
  PERFORM fund.write_version(p_disbursement, p_version, p_payee, p_iban_n, p_minor, p_purpose,
                             p_evidence, p_initiative, p_entitlements, p_now);
END $$;

-- Orders a payment out of its reservation.
CREATE FUNCTION fund.pay(
  p_disbursement bigint, p_version smallint, p_payer bigint, p_end_to_end text,
  p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  paid bigint;
BEGIN
  PERFORM fund.lock_disbursement(p_disbursement);
  INSERT INTO fund.payment
    (disbursement, version, fund, minor, payer, since, end_to_end, entry, paid_at)
  SELECT d.id, r.version, d.fund, r.minor, p_payer,
         fund.office_since(p_payer, 'treasurer', p_now), p_end_to_end,
         fund.move('payment', d.fund, 'reserved', 'payable', r.minor,
                   d.id || '/' || r.version, 'account:' || p_payer, p_now, p_now),
         p_now
  FROM fund.disbursement d JOIN fund.reservation r ON r.disbursement = d.id
  WHERE d.id = p_disbursement AND r.version = p_version
  RETURNING payment.id INTO STRICT paid;
  INSERT INTO fund.payment_step (payment, n, state, told_by, told_at)
  VALUES (paid, 1, 'prepared', p_payer, p_now);
  RETURN paid;
END $$;

-- The next step of a payment. Only a line of the bank's statement confirms it, or shows that money
-- came back. What came back is available again, at new places on the fund's axis.
CREATE FUNCTION fund.step_payment(
  p_payment bigint, p_state text, p_bank_line text, p_why text, p_by bigint, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  paid record;
  written bigint;
  actor text := 'account:' || p_by;
BEGIN
  SELECT p.id, p.fund, p.minor, p.entry INTO STRICT paid
  FROM fund.payment p WHERE p.id = p_payment FOR UPDATE;
  PERFORM fund.hold_office(p_by);
  IF fund.office_since(p_by, 'treasurer', p_now) IS NULL THEN
    RAISE EXCEPTION 'step of payment % refused', p_payment
      USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_step_by_treasurer';
  END IF;
  IF p_state = 'confirmed' THEN
    written := fund.move('confirmation', paid.fund, 'payable', 'bank', paid.minor, paid.id::text,
                         actor, p_now, p_now);
  ELSIF p_state = 'rejected' THEN
    written := fund.give_back(paid.fund, 'rejection', paid.id, paid.minor, paid.entry, actor,
                              p_now);
  ELSIF p_state = 'returned' THEN
    PERFORM fund.reverse(s.entry, actor, p_now) FROM fund.payment_step s
    WHERE s.payment = p_payment AND s.state = 'confirmed';
    written := fund.give_back(paid.fund, 'return', paid.id, paid.minor, paid.entry, actor, p_now);
  END IF;
  INSERT INTO fund.payment_step (payment, n, state, bank_line, why, entry, told_by, told_at)
  SELECT p_payment, max(s.n) + 1, p_state, p_bank_line, p_why, written, p_by, p_now
  FROM fund.payment_step s WHERE s.payment = p_payment;
END $$;

CREATE FUNCTION fund.give_back(
  p_fund bigint, p_kind text, p_payment bigint, p_minor bigint, p_source bigint, p_actor text,
  p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  written bigint;
BEGIN
  written := fund.move(p_kind, p_fund, 'payable', 'available', p_minor, p_payment::text, p_actor,
                       p_now, p_now);
  PERFORM fund.extend_axis(p_fund, p_minor, 'returned', p_source, written);
  RETURN written;
END $$;

-- The public figures, as before but for what was delivered: of payments to entitled people only
-- what the people themselves confirmed counts, of others what the partner claims; and nothing of an
-- order that came back.
CREATE OR REPLACE VIEW fund.figures AS
SELECT f.id AS fund, f.currency, j.received, j.settling, j.banked, j.available, j.reserved, j.paid,
       j.confirmed,
       (SELECT coalesce(sum(x.minor), 0)::bigint FROM (
          SELECT d.minor FROM fund.delivery d
          WHERE d.fund = f.id AND fund.payment_stands(d.payment)
            AND NOT EXISTS (SELECT FROM fund.entitlement_payment e WHERE e.payment = d.payment)
          UNION ALL
          SELECT t.minor FROM fund.payment p
          JOIN fund.entitlement_payment e ON e.payment = p.id
          JOIN fund.entitlement t ON t.id = e.entitlement
          WHERE p.fund = f.id AND fund.payment_stands(p.id)
            AND fund.has_reached(e.entitlement, e.payment)) x)
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

GRANT SELECT ON fund.accreditation, fund.accreditation_confirmation, fund.payee_contact,
  fund.policy_version, fund.policy_confirmation, fund.initiative, fund.initiative_budget,
  fund.budget_confirmation, fund.paying_account, fund.payment_file, fund.payment_in_file,
  fund.programme, fund.entitlement, fund.entitled_contact, fund.verification,
  fund.disbursement_entitlement, fund.entitlement_payment, fund.delivery_question,
  fund.delivery_answer, fund.request_seen, fund.secret TO ${app};
GRANT INSERT ON fund.accreditation, fund.accreditation_confirmation, fund.payee_contact,
  fund.policy_version, fund.approval_policy, fund.policy_confirmation, fund.initiative,
  fund.initiative_budget, fund.budget_confirmation, fund.paying_account, fund.payment_file,
  fund.payment_in_file, fund.programme, fund.entitlement, fund.entitled_contact,
  fund.verification, fund.delivery_question, fund.delivery_answer, fund.request_seen,
  fund.secret TO ${app};
GRANT EXECUTE ON FUNCTION fund.hold_office, fund.is_accredited, fund.policy_in_force,
  fund.approvals_needed, fund.payment_state, fund.payment_stands, fund.standing_payment,
  fund.budget_used, fund.budget_in_force, fund.people_hands, fund.has_reached, fund.reserve,
  fund.request_disbursement, fund.edit_disbursement, fund.pay, fund.step_payment TO ${app};
