-- Spending. A request is written in versions; an approval is bound to the version that its
-- approver saw, so an edit voids every approval by itself. A payment stands on approvals by
-- different people, and this file refuses it otherwise, whoever writes the row.

CREATE TABLE fund.payee (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name_ar text NOT NULL CHECK (length(name_ar) BETWEEN 1 AND 200),
  name_en text NOT NULL CHECK (length(name_en) BETWEEN 1 AND 200),
  added_by bigint NOT NULL,
  added_at timestamptz NOT NULL
);

-- People of the partner organisation: they may not approve what it is paid.
CREATE TABLE fund.payee_member (
  payee bigint NOT NULL REFERENCES fund.payee,
  account bigint NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (payee, account)
);

CREATE TABLE fund.payee_iban (
  payee bigint NOT NULL REFERENCES fund.payee,
  n smallint NOT NULL CHECK (n > 0),
  iban text NOT NULL CHECK (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  written_by bigint NOT NULL,
  written_at timestamptz NOT NULL,
  PRIMARY KEY (payee, n),
  UNIQUE (payee, n, written_by),
  -- One bank account belongs to one payee, and is written once.
  UNIQUE (iban)
);

-- Somebody other than its writer compared an IBAN with the bank's letter. A changed IBAN waits
-- before money may go to it, so that the old contact can protest.
CREATE TABLE fund.payee_verification (
  payee bigint NOT NULL,
  n smallint NOT NULL,
  written_by bigint NOT NULL,
  verified_by bigint NOT NULL,
  verified_at timestamptz NOT NULL,
  usable_from timestamptz NOT NULL,
  evidence text NOT NULL CHECK (length(evidence) BETWEEN 1 AND 1000),
  PRIMARY KEY (payee, n),
  FOREIGN KEY (payee, n, written_by) REFERENCES fund.payee_iban (payee, n, written_by),
  CONSTRAINT verifier_is_not_writer CHECK (verified_by <> written_by),
  CONSTRAINT changed_iban_waits
    CHECK (usable_from >= verified_at + CASE n WHEN 1 THEN interval '0' ELSE interval '24 h' END)
);

-- How many approvals an amount needs. Never fewer than two.
CREATE TABLE fund.approval_policy (
  currency text NOT NULL REFERENCES fund.currency,
  from_minor bigint NOT NULL CHECK (from_minor >= 0),
  needed smallint NOT NULL CHECK (needed >= 2),
  PRIMARY KEY (currency, from_minor)
);

INSERT INTO fund.approval_policy (currency, from_minor, needed)
SELECT code, 0, 2 FROM fund.currency;

CREATE TABLE fund.disbursement (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund bigint NOT NULL,
  currency text NOT NULL,
  creator bigint NOT NULL,
  office text NOT NULL DEFAULT 'requester' CHECK (office = 'requester'),
  since timestamptz NOT NULL,
  requested_at timestamptz NOT NULL,
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  UNIQUE (id, creator),
  UNIQUE (id, fund),
  FOREIGN KEY (fund, currency) REFERENCES fund.fund (id, currency),
  FOREIGN KEY (creator, office, since) REFERENCES fund.officer
);

CREATE INDEX disbursement_fund ON fund.disbursement (fund, id);

CREATE TABLE fund.disbursement_version (
  disbursement bigint NOT NULL REFERENCES fund.disbursement,
  version smallint NOT NULL CHECK (version > 0),
  payee bigint NOT NULL,
  iban_n smallint NOT NULL,
  minor bigint NOT NULL CHECK (minor > 0),
  purpose text NOT NULL CHECK (length(purpose) BETWEEN 1 AND 2000),
  evidence text NOT NULL CHECK (length(evidence) BETWEEN 1 AND 2000),
  written_at timestamptz NOT NULL,
  PRIMARY KEY (disbursement, version),
  FOREIGN KEY (payee, iban_n) REFERENCES fund.payee_iban
);

CREATE TABLE fund.withdrawal (
  disbursement bigint PRIMARY KEY REFERENCES fund.disbursement,
  withdrawn_by bigint NOT NULL,
  withdrawn_at timestamptz NOT NULL,
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 1000)
);

CREATE TABLE fund.approval (
  disbursement bigint NOT NULL,
  version smallint NOT NULL,
  creator bigint NOT NULL,
  approver bigint NOT NULL,
  office text NOT NULL DEFAULT 'approver' CHECK (office = 'approver'),
  since timestamptz NOT NULL,
  approved_at timestamptz NOT NULL,
  PRIMARY KEY (disbursement, version, approver),
  FOREIGN KEY (disbursement, version) REFERENCES fund.disbursement_version,
  FOREIGN KEY (disbursement, creator) REFERENCES fund.disbursement (id, creator),
  FOREIGN KEY (approver, office, since) REFERENCES fund.officer,
  CONSTRAINT approver_is_not_creator CHECK (approver <> creator)
);

-- Money set aside for a version. Given back by the entry that reverses it.
CREATE TABLE fund.reservation (
  disbursement bigint NOT NULL,
  version smallint NOT NULL,
  minor bigint NOT NULL CHECK (minor > 0),
  entry bigint NOT NULL UNIQUE REFERENCES fund.entry,
  PRIMARY KEY (disbursement, version),
  FOREIGN KEY (disbursement, version) REFERENCES fund.disbursement_version
);

CREATE TABLE fund.payment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  disbursement bigint NOT NULL,
  version smallint NOT NULL,
  fund bigint NOT NULL,
  minor bigint NOT NULL CHECK (minor > 0),
  payer bigint NOT NULL,
  office text NOT NULL DEFAULT 'treasurer' CHECK (office = 'treasurer'),
  since timestamptz NOT NULL,
  -- ISO 20022 EndToEndId: what the bank's statement will carry.
  end_to_end text NOT NULL UNIQUE CHECK (end_to_end ~ '^[A-Z0-9-]{8,35}$'),
  entry bigint NOT NULL UNIQUE REFERENCES fund.entry,
  paid_at timestamptz NOT NULL,
  UNIQUE (id, fund),
  CONSTRAINT payment_once UNIQUE (disbursement),
  FOREIGN KEY (disbursement, version) REFERENCES fund.reservation,
  FOREIGN KEY (disbursement, fund) REFERENCES fund.disbursement (id, fund),
  FOREIGN KEY (payer, office, since) REFERENCES fund.officer
);

CREATE INDEX payment_fund ON fund.payment (fund, id);

-- What became of a payment order. Unknown is a state of its own: it is settled by looking at the
-- bank, never by paying again.
CREATE TABLE fund.payment_step (
  payment bigint NOT NULL REFERENCES fund.payment,
  n smallint NOT NULL CHECK (n > 0),
  state text NOT NULL CHECK (state IN ('prepared', 'sent', 'unknown', 'confirmed')),
  bank_line text CHECK (length(bank_line) BETWEEN 1 AND 100),
  entry bigint UNIQUE REFERENCES fund.entry,
  told_by bigint NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (payment, n),
  CHECK ((state = 'confirmed') = (bank_line IS NOT NULL)),
  CHECK ((state = 'confirmed') = (entry IS NOT NULL)),
  CHECK ((state = 'prepared') = (n = 1))
);

CREATE UNIQUE INDEX payment_confirmed_once ON fund.payment_step (payment)
  WHERE state = 'confirmed';
CREATE UNIQUE INDEX payment_bank_line ON fund.payment_step (bank_line);

-- What the partner says has reached people. A claim with evidence, not a movement of money.
CREATE TABLE fund.delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  payment bigint NOT NULL,
  fund bigint NOT NULL,
  minor bigint NOT NULL CHECK (minor > 0),
  people int NOT NULL CHECK (people > 0),
  evidence text NOT NULL CHECK (length(evidence) BETWEEN 1 AND 2000),
  told_by bigint NOT NULL,
  told_at timestamptz NOT NULL,
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  FOREIGN KEY (payment, fund) REFERENCES fund.payment (id, fund)
);

CREATE INDEX delivery_payment ON fund.delivery (payment);

CREATE FUNCTION fund.approvals_needed(p_currency text, p_minor bigint)
RETURNS smallint LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT greatest(2, max(p.needed))::smallint FROM fund.approval_policy p
  WHERE p.currency = p_currency AND p.from_minor <= p_minor
$$;

-- Approvals of one version that count: given by approvers in office on the day, of the latest
-- version, by nobody who wrote the request or belongs to the payee.
CREATE FUNCTION fund.approvals_valid(p_disbursement bigint, p_version smallint)
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
    AND NOT EXISTS (SELECT FROM fund.disbursement_version later
                    WHERE later.disbursement = a.disbursement AND later.version > a.version)
$$;

CREATE FUNCTION fund.lock_disbursement(p_disbursement bigint)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM FROM fund.disbursement d WHERE d.id = p_disbursement FOR UPDATE;
  RETURN FOUND;
END $$;

-- An approval is for the latest version of a request that still stands, by an approver in office
-- who does not belong to the payee.
CREATE FUNCTION fund.check_approval() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  why text;
BEGIN
  PERFORM fund.lock_disbursement(NEW.disbursement);
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
    WHEN EXISTS (SELECT FROM fund.withdrawal w WHERE w.disbursement = NEW.disbursement)
      OR EXISTS (SELECT FROM fund.payment p WHERE p.disbursement = NEW.disbursement)
      THEN 'approval_of_open_request'
  END INTO why;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'approval of request % refused: %', NEW.disbursement, why
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER approval_checked BEFORE INSERT ON fund.approval
  FOR EACH ROW EXECUTE FUNCTION fund.check_approval();

-- The wall before money: enough different approvals of exactly this version, a payee whose IBAN was
-- verified and is still its latest, a payer in office who approved nothing here, and a reservation
-- of the same amount that still stands.
CREATE FUNCTION fund.check_payment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  asked record;
  why text;
BEGIN
  PERFORM fund.lock_disbursement(NEW.disbursement);
  SELECT d.currency, d.fund, v.minor, v.payee, v.iban_n INTO asked
  FROM fund.disbursement d
  JOIN fund.disbursement_version v ON v.disbursement = d.id AND v.version = NEW.version
  WHERE d.id = NEW.disbursement;
  SELECT CASE
    WHEN (SELECT count(*) FROM fund.approvals_valid(NEW.disbursement, NEW.version))
         < fund.approvals_needed(asked.currency, asked.minor)
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

CREATE TRIGGER payment_checked BEFORE INSERT ON fund.payment
  FOR EACH ROW EXECUTE FUNCTION fund.check_payment();

-- More cannot be delivered than was paid.
CREATE FUNCTION fund.check_delivery() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  paid bigint;
BEGIN
  SELECT p.minor INTO paid FROM fund.payment p WHERE p.id = NEW.payment FOR UPDATE;
  IF NEW.minor + (SELECT coalesce(sum(d.minor), 0) FROM fund.delivery d
                  WHERE d.payment = NEW.payment) > paid
  THEN
    RAISE EXCEPTION 'delivery of payment % refused: more than was paid', NEW.payment
      USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_within_payment';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER delivery_checked BEFORE INSERT ON fund.delivery
  FOR EACH ROW EXECUTE FUNCTION fund.check_delivery();

DO $$
DECLARE
  book text;
BEGIN
  FOREACH book IN ARRAY ARRAY[
    'payee', 'payee_member', 'payee_iban', 'payee_verification', 'disbursement',
    'disbursement_version', 'withdrawal', 'approval', 'reservation', 'payment',
    'payment_step', 'delivery']
  LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.%I
         FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change()', book);
  END LOOP;
END $$;

-- Sets money aside for an approved version; false when the fund has not that much available.
CREATE FUNCTION fund.reserve(
  p_disbursement bigint, p_version smallint, p_actor text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  asked record;
  held bigint;
BEGIN
  PERFORM fund.lock_disbursement(p_disbursement);
  SELECT d.fund, d.currency, v.minor INTO STRICT asked
  FROM fund.disbursement d
  JOIN fund.disbursement_version v ON v.disbursement = d.id AND v.version = p_version
  WHERE d.id = p_disbursement;
  IF (SELECT count(*) FROM fund.approvals_valid(p_disbursement, p_version))
     < fund.approvals_needed(asked.currency, asked.minor)
  THEN
    RAISE EXCEPTION 'reservation for request % refused: not approved', p_disbursement
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_needs_approvals';
  END IF;
  SELECT b.held INTO STRICT held
  FROM fund.balance b JOIN fund.account a ON a.id = b.account
  WHERE a.fund = asked.fund AND a.role = 'available' FOR UPDATE OF b;
  IF held < asked.minor THEN
    RETURN false;
  END IF;
  INSERT INTO fund.reservation (disbursement, version, minor, entry)
  VALUES (p_disbursement, p_version, asked.minor,
          fund.move('reservation', asked.fund, 'available', 'reserved', asked.minor,
                    p_disbursement || '/' || p_version, p_actor, p_now, p_now));
  RETURN true;
END $$;

-- Gives a reservation back. Refused once it has been paid.
CREATE FUNCTION fund.release(p_disbursement bigint, p_actor text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM fund.lock_disbursement(p_disbursement);
  IF EXISTS (SELECT FROM fund.payment p WHERE p.disbursement = p_disbursement) THEN
    RAISE EXCEPTION 'reservation of request % is paid', p_disbursement
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reservation_paid';
  END IF;
  PERFORM fund.reverse(r.entry, p_actor, p_now)
  FROM fund.reservation r
  WHERE r.disbursement = p_disbursement
    AND NOT EXISTS (SELECT FROM fund.entry e WHERE e.reverses = r.entry);
END $$;

-- Opens a request with its first version. A repeated key answers with the first one.
CREATE FUNCTION fund.request_disbursement(
  p_key text, p_hash bytea, p_fund bigint, p_payee bigint, p_iban_n smallint, p_minor bigint,
  p_purpose text, p_evidence text, p_creator bigint, p_now timestamptz)
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
  INSERT INTO fund.disbursement_version
    (disbursement, version, payee, iban_n, minor, purpose, evidence, written_at)
  VALUES (opened, 1, p_payee, p_iban_n, p_minor, p_purpose, p_evidence, p_now);
  RETURN QUERY SELECT opened, true, true;
END $$;

-- Writes the next version; approvals stay with the old one and its reservation is given back.
CREATE FUNCTION fund.edit_disbursement(
  p_disbursement bigint, p_version smallint, p_payee bigint, p_iban_n smallint, p_minor bigint,
  p_purpose text, p_evidence text, p_by bigint, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM fund.release(p_disbursement, 'account:' || p_by, p_now);
  INSERT INTO fund.disbursement_version
    (disbursement, version, payee, iban_n, minor, purpose, evidence, written_at)
  VALUES (p_disbursement, p_version, p_payee, p_iban_n, p_minor, p_purpose, p_evidence, p_now);
END $$;

CREATE FUNCTION fund.withdraw_disbursement(
  p_disbursement bigint, p_by bigint, p_why text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM fund.release(p_disbursement, 'account:' || p_by, p_now);
  INSERT INTO fund.withdrawal (disbursement, withdrawn_by, withdrawn_at, why)
  VALUES (p_disbursement, p_by, p_now, p_why);
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
                   d.id::text, 'account:' || p_payer, p_now, p_now),
         p_now
  FROM fund.disbursement d JOIN fund.reservation r ON r.disbursement = d.id
  WHERE d.id = p_disbursement AND r.version = p_version
  RETURNING payment.id INTO STRICT paid;
  INSERT INTO fund.payment_step (payment, n, state, told_by, told_at)
  VALUES (paid, 1, 'prepared', p_payer, p_now);
  RETURN paid;
END $$;

-- The next step of a payment. Only a line of the bank's statement confirms it.
CREATE FUNCTION fund.step_payment(
  p_payment bigint, p_state text, p_bank_line text, p_by bigint, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  written bigint;
BEGIN
  PERFORM FROM fund.payment p WHERE p.id = p_payment FOR UPDATE;
  IF EXISTS (SELECT FROM fund.payment_step s
             WHERE s.payment = p_payment AND s.state = 'confirmed')
    OR fund.office_since(p_by, 'treasurer', p_now) IS NULL
  THEN
    RAISE EXCEPTION 'step of payment % refused', p_payment
      USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_step_order';
  END IF;
  IF p_state = 'confirmed' THEN
    SELECT fund.move('confirmation', p.fund, 'payable', 'bank', p.minor, p.id::text,
                     'account:' || p_by, p_now, p_now) INTO written
    FROM fund.payment p WHERE p.id = p_payment;
  END IF;
  INSERT INTO fund.payment_step (payment, n, state, bank_line, entry, told_by, told_at)
  SELECT p_payment, max(s.n) + 1, p_state, p_bank_line, written, p_by, p_now
  FROM fund.payment_step s WHERE s.payment = p_payment;
END $$;

-- The public figures of a fund, read from the journal each time. Gifts are many, so what has come
-- is read where it was settled, many gifts in one entry, and from the list of what is still to
-- settle; an invariant holds that against the sum of all gifts. A reversal carries the kind of
-- what it reverses, so every sum is net. Promises are not money and stand apart.
CREATE VIEW fund.figures AS
SELECT f.id AS fund, f.currency,
       j.settled + s.settling AS received,
       s.settling,
       j.available,
       j.reserved,
       j.paid,
       j.confirmed,
       (SELECT coalesce(sum(d.minor), 0)::bigint FROM fund.delivery d WHERE d.fund = f.id)
         AS delivered,
       (SELECT coalesce(sum(w.minor), 0)::bigint FROM fund.awaited w WHERE w.fund = f.id)
         AS pledged
FROM fund.fund f
CROSS JOIN LATERAL (
  SELECT coalesce(sum(u.minor), 0)::bigint AS settling
  FROM fund.unsettled u WHERE u.fund = f.id
) s
CROSS JOIN LATERAL (
  SELECT coalesce(-sum(p.amount) FILTER (WHERE a.role = 'available' AND e.kind = 'settlement'), 0)
           ::bigint AS settled,
         coalesce(-sum(p.amount) FILTER (WHERE a.role = 'available'), 0)::bigint AS available,
         coalesce(-sum(p.amount) FILTER (WHERE a.role = 'reserved'), 0)::bigint AS reserved,
         coalesce(-sum(p.amount) FILTER (WHERE a.role = 'payable' AND e.kind = 'payment'), 0)
           ::bigint AS paid,
         coalesce(sum(p.amount) FILTER (WHERE a.role = 'payable' AND e.kind = 'confirmation'), 0)
           ::bigint AS confirmed
  FROM fund.account a
  JOIN fund.posting p ON p.account = a.id
  JOIN fund.entry e ON e.id = p.entry
  WHERE a.fund = f.id AND a.strict
) j;

CREATE INDEX delivery_fund ON fund.delivery (fund) INCLUDE (minor);

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA fund FROM PUBLIC;

GRANT SELECT ON fund.payee, fund.payee_member, fund.payee_iban, fund.payee_verification,
  fund.approval_policy, fund.disbursement, fund.disbursement_version, fund.withdrawal,
  fund.approval, fund.reservation, fund.payment, fund.payment_step, fund.delivery,
  fund.figures TO ${app};
GRANT INSERT ON fund.payee, fund.payee_member, fund.payee_iban, fund.payee_verification,
  fund.approval, fund.delivery TO ${app};
GRANT EXECUTE ON FUNCTION fund.approvals_needed, fund.approvals_valid, fund.lock_disbursement,
  fund.reserve, fund.request_disbursement, fund.edit_disbursement, fund.withdraw_disbursement,
  fund.pay, fund.step_payment TO ${app};
