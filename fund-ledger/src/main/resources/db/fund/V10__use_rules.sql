-- What the money of a fund may be used for, until when it takes gifts, and what becomes of what is
-- left. A fund says so when it is opened; afterwards one officer proposes a change and another
-- confirms it. Nothing said is edited: a rule may be ended, and another closing day may be set.

-- The words of a use. 'any' in a rule allows each of them; in a request it says that none is named,
-- which only such a rule allows. A place abroad is allowed by a rule that names it, and no other.
CREATE TABLE fund.use_category (
  code text PRIMARY KEY
);

CREATE TABLE fund.use_region (
  code text PRIMARY KEY
);

CREATE TABLE fund.use_group (
  code text PRIMARY KEY,
  zakat boolean NOT NULL
);

INSERT INTO fund.use_category (code)
VALUES ('any'), ('relief'), ('rescue'), ('shelter'), ('food'), ('water'), ('clothing'), ('health'),
       ('education'), ('livelihood'), ('debts');

-- ISO 3166-2:SA, which has no 13.
INSERT INTO fund.use_region (code)
VALUES ('any'), ('SA-01'), ('SA-02'), ('SA-03'), ('SA-04'), ('SA-05'), ('SA-06'), ('SA-07'),
       ('SA-08'), ('SA-09'), ('SA-10'), ('SA-11'), ('SA-12'), ('SA-14'), ('abroad');

INSERT INTO fund.use_group (code, zakat)
VALUES ('any', false), ('poor', false), ('disabled', false), ('widows', false), ('orphans', false),
       ('elderly', false), ('prisoners_families', false), ('small_trades', false),
       ('stranded_pilgrims', false), ('displaced', false),
       ('zakat_poor', true), ('zakat_needy', true), ('zakat_collectors', true),
       ('zakat_hearts', true), ('zakat_captives', true), ('zakat_debtors', true),
       ('zakat_cause', true), ('zakat_wayfarers', true);

-- What a fund says when it is opened, besides its uses. What funds said before this table is
-- unknown, and stays so.
CREATE TABLE fund.terms (
  fund bigint PRIMARY KEY REFERENCES fund.fund,
  use_from date,
  use_until date,
  closes_on date,
  stops_at_target boolean NOT NULL,
  surplus text CHECK (surplus IN ('successor', 'same_purpose', 'authority')),
  surplus_to bigint REFERENCES fund.fund,
  CHECK ((use_from IS NULL) = (use_until IS NULL)),
  CONSTRAINT use_dates_not_empty CHECK (use_until >= use_from),
  CONSTRAINT surplus_names_its_fund
    CHECK ((surplus IS NOT DISTINCT FROM 'successor') = (surplus_to IS NOT NULL)),
  CONSTRAINT surplus_goes_elsewhere CHECK (surplus_to <> fund)
);

INSERT INTO fund.terms (fund, stops_at_target) SELECT f.id, false FROM fund.fund f;

CREATE TABLE fund.use_rule (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund bigint NOT NULL REFERENCES fund.fund,
  category text NOT NULL REFERENCES fund.use_category,
  region text NOT NULL REFERENCES fund.use_region,
  target_group text NOT NULL REFERENCES fund.use_group,
  origin text NOT NULL CHECK (origin IN ('opening', 'change', 'migration')),
  change bigint UNIQUE,
  since timestamptz NOT NULL,
  UNIQUE (id, fund),
  CHECK ((origin = 'change') = (change IS NOT NULL))
);

CREATE INDEX use_rule_fund ON fund.use_rule (fund);

-- A change of what a fund said, proposed by one officer and in force once another confirmed it.
CREATE TABLE fund.terms_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund bigint NOT NULL REFERENCES fund.fund,
  kind text NOT NULL CHECK (kind IN ('rule', 'end_rule', 'closing_day')),
  category text REFERENCES fund.use_category,
  region text REFERENCES fund.use_region,
  target_group text REFERENCES fund.use_group,
  rule bigint,
  closes_on date,
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 1000),
  proposed_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('requester', 'approver', 'treasurer')),
  since timestamptz NOT NULL,
  proposed_at timestamptz NOT NULL,
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  UNIQUE (id, proposed_by),
  FOREIGN KEY (rule, fund) REFERENCES fund.use_rule (id, fund),
  FOREIGN KEY (proposed_by, office, since) REFERENCES fund.officer,
  CONSTRAINT change_is_of_one_kind CHECK (
    num_nonnulls(category, region, target_group) = CASE kind WHEN 'rule' THEN 3 ELSE 0 END
    AND (rule IS NOT NULL) = (kind = 'end_rule')
    AND (closes_on IS NOT NULL) = (kind = 'closing_day'))
);

CREATE INDEX terms_change_fund ON fund.terms_change (fund);

ALTER TABLE fund.use_rule ADD FOREIGN KEY (change) REFERENCES fund.terms_change;

CREATE TABLE fund.terms_confirmation (
  change bigint PRIMARY KEY,
  proposed_by bigint NOT NULL,
  confirmed_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('approver', 'treasurer')),
  since timestamptz NOT NULL,
  confirmed_at timestamptz NOT NULL,
  FOREIGN KEY (change, proposed_by) REFERENCES fund.terms_change (id, proposed_by),
  FOREIGN KEY (confirmed_by, office, since) REFERENCES fund.officer,
  CONSTRAINT terms_by_two CHECK (confirmed_by <> proposed_by)
);

CREATE TRIGGER in_office BEFORE INSERT ON fund.terms_change FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('proposed_by', 'proposed_at', 'terms_by_officer');
CREATE TRIGGER in_office BEFORE INSERT ON fund.terms_confirmation FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('confirmed_by', 'confirmed_at', 'terms_by_officer');

-- A rule allows no more uses from here on. The clock of whoever ended it may differ from that of
-- whoever paid, so the last payment by it is written down as well.
CREATE TABLE fund.use_rule_end (
  rule bigint PRIMARY KEY REFERENCES fund.use_rule,
  change bigint NOT NULL UNIQUE REFERENCES fund.terms_change,
  last_payment bigint NOT NULL,
  ended_at timestamptz NOT NULL
);

-- Zakat goes to its eight classes. Only what funds were given by this file is as wide as before.
CREATE FUNCTION fund.check_use_rule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF NEW.origin <> 'migration'
    AND (SELECT f.restriction FROM fund.fund f WHERE f.id = NEW.fund) = 'zakat'
    AND NOT (SELECT g.zakat FROM fund.use_group g WHERE g.code = NEW.target_group)
  THEN
    RAISE EXCEPTION 'zakat of fund % is for its eight classes, not for %',
      NEW.fund, NEW.target_group
      USING ERRCODE = 'check_violation', CONSTRAINT = 'zakat_to_its_classes';
  END IF;
  RETURN NEW;
END $$;

INSERT INTO fund.use_rule (fund, category, region, target_group, origin, since)
SELECT f.id, 'any', 'any', 'any', 'migration', f.opened_at FROM fund.fund f ORDER BY f.id;

CREATE TRIGGER rule_checked BEFORE INSERT ON fund.use_rule
  FOR EACH ROW EXECUTE FUNCTION fund.check_use_rule();

-- Whoever uses the terms of a fund and whoever changes them wait for each other.
CREATE FUNCTION fund.hold_terms(p_fund bigint) RETURNS void
LANGUAGE sql SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT pg_advisory_xact_lock_shared(hashtextextended('fund.terms ' || p_fund, 0))
$$;

CREATE FUNCTION fund.lock_terms(p_by bigint, p_fund bigint) RETURNS void
LANGUAGE plpgsql SECURITY INVOKER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM fund.hold_office(p_by);
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.terms ' || p_fund, 0));
END $$;

-- Whether a rule of a fund, as it is written, covers a use.
CREATE FUNCTION fund.rule_covers(
  p_rule fund.use_rule, p_category text, p_region text, p_group text)
RETURNS boolean LANGUAGE sql IMMUTABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT p_rule.category IN ('any', p_category)
     AND (p_rule.region = p_region OR p_rule.region = 'any' AND p_region <> 'abroad')
     AND p_rule.target_group IN ('any', p_group)
$$;

-- The first rule of a fund in force that covers a use, or null.
CREATE FUNCTION fund.rule_for(p_fund bigint, p_category text, p_region text, p_group text)
RETURNS bigint LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT min(r.id) FROM fund.use_rule r
  WHERE r.fund = p_fund AND fund.rule_covers(r, p_category, p_region, p_group)
    AND NOT EXISTS (SELECT FROM fund.use_rule_end e WHERE e.rule = r.id)
$$;

-- Why a use by a rule, or by none, is not allowed: the name of what refuses it, or null. A fund
-- that is not restricted and has no rule in force allows any lawful use at home.
CREATE FUNCTION fund.use_refused(
  p_fund bigint, p_rule bigint, p_category text, p_region text, p_group text, p_at timestamptz)
RETURNS text LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT CASE
    WHEN f.restriction = 'zakat'
      AND NOT (SELECT g.zakat FROM fund.use_group g WHERE g.code = p_group)
      THEN 'zakat_to_its_classes'
    WHEN (p_at AT TIME ZONE 'Asia/Riyadh')::date NOT BETWEEN t.use_from AND t.use_until
      THEN 'used_within_its_time'
    WHEN p_rule IS NULL AND (
           f.restriction <> 'unrestricted' OR p_region = 'abroad'
           OR EXISTS (SELECT FROM fund.use_rule r WHERE r.fund = f.id AND NOT EXISTS (
                        SELECT FROM fund.use_rule_end e WHERE e.rule = r.id)))
      OR p_rule IS NOT NULL AND NOT EXISTS (
           SELECT FROM fund.use_rule r
           WHERE (r.id, r.fund) = (p_rule, f.id)
             AND fund.rule_covers(r, p_category, p_region, p_group)
             AND NOT EXISTS (SELECT FROM fund.use_rule_end e WHERE e.rule = r.id))
      THEN 'use_allowed_by_fund'
  END
  FROM fund.fund f JOIN fund.terms t ON t.fund = f.id WHERE f.id = p_fund
$$;

-- What each version of a request would use money for, and the rule that allows it. Requests from
-- before named none, under the rule that their funds were given here.
ALTER TABLE fund.disbursement_version DISABLE TRIGGER append_only;
ALTER TABLE fund.disbursement_version
  ADD COLUMN category text NOT NULL DEFAULT 'any' REFERENCES fund.use_category,
  ADD COLUMN region text NOT NULL DEFAULT 'any' REFERENCES fund.use_region,
  ADD COLUMN target_group text NOT NULL DEFAULT 'any' REFERENCES fund.use_group,
  ADD COLUMN use_rule bigint REFERENCES fund.use_rule;
UPDATE fund.disbursement_version v SET use_rule = r.id
FROM fund.disbursement d JOIN fund.use_rule r ON r.fund = d.fund WHERE d.id = v.disbursement;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE fund.disbursement_version
  ALTER COLUMN category DROP DEFAULT,
  ALTER COLUMN region DROP DEFAULT,
  ALTER COLUMN target_group DROP DEFAULT;
ALTER TABLE fund.disbursement_version ENABLE TRIGGER append_only;

CREATE FUNCTION fund.check_use() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  of_fund bigint;
  why text;
BEGIN
  SELECT d.fund INTO of_fund FROM fund.disbursement d WHERE d.id = NEW.disbursement;
  PERFORM fund.hold_terms(of_fund);
  why := fund.use_refused(of_fund, NEW.use_rule, NEW.category, NEW.region, NEW.target_group,
                          NEW.written_at);
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'fund % does not allow the use %/%/%',
      of_fund, NEW.category, NEW.region, NEW.target_group
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER use_checked BEFORE INSERT ON fund.disbursement_version
  FOR EACH ROW EXECUTE FUNCTION fund.check_use();

-- A payment is for a use that its fund still allows on that day.
CREATE FUNCTION fund.check_payment_use() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  why text;
BEGIN
  PERFORM fund.hold_terms(NEW.fund);
  SELECT fund.use_refused(NEW.fund, v.use_rule, v.category, v.region, v.target_group, NEW.paid_at)
  INTO why FROM fund.disbursement_version v
  WHERE (v.disbursement, v.version) = (NEW.disbursement, NEW.version);
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'payment of request % refused: %', NEW.disbursement, why
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER payment_use_checked BEFORE INSERT ON fund.payment
  FOR EACH ROW EXECUTE FUNCTION fund.check_payment_use();

-- The day after which a fund takes no more gifts, or null: the latest that two people set, else
-- what the fund said when it was opened.
CREATE FUNCTION fund.closes_on(p_fund bigint) RETURNS date
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT coalesce(
    (SELECT c.closes_on FROM fund.terms_change c JOIN fund.terms_confirmation k ON k.change = c.id
     WHERE c.fund = p_fund AND c.kind = 'closing_day' ORDER BY c.id DESC LIMIT 1),
    (SELECT t.closes_on FROM fund.terms t WHERE t.fund = p_fund))
$$;

-- When open funds are to close. A work list, not a book.
CREATE TABLE fund.closing_due (
  fund bigint PRIMARY KEY,
  at timestamptz NOT NULL
);

CREATE INDEX closing_due_at ON fund.closing_due (at);

CREATE FUNCTION fund.put_closing_due(p_fund bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
  INSERT INTO fund.closing_due AS d (fund, at)
  SELECT p_fund, (fund.closes_on(p_fund) + 1)::timestamp AT TIME ZONE 'Asia/Riyadh'
  WHERE fund.closes_on(p_fund) IS NOT NULL
    AND NOT EXISTS (SELECT FROM fund.closure c WHERE c.fund = p_fund)
  ON CONFLICT (fund) DO UPDATE SET at = excluded.at
$$;

-- As before, and besides: a gift that is given after the last day of its fund is refused, also
-- before anybody has closed it: whoever meets this closes what is due, and tries again.
CREATE OR REPLACE FUNCTION fund.check_gifts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  bad record;
BEGIN
  SELECT g.id, g.fund, f.id IS NOT NULL AS known INTO bad
  FROM added g
  LEFT JOIN fund.fund f
    ON (f.id, f.currency, f.demonstration) = (g.fund, g.currency, g.demonstration)
  LEFT JOIN fund.closing_due c ON c.fund = g.fund AND c.at <= g.given_at
  WHERE f.id IS NULL OR c.fund IS NOT NULL LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF bad.known THEN
    RAISE EXCEPTION 'gift % refused: the last day of fund % is over', bad.id, bad.fund
      USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_before_closing';
  END IF;
  RAISE EXCEPTION 'gift %: there is no such fund % in its currency', bad.id, bad.fund
    USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'gift_fund_known';
END $$;

-- Closes the funds whose last day is over, as of the end of that day, and names them. Waits for
-- gifts on their way only when there is anything to close.
CREATE FUNCTION fund.close_due(p_now timestamptz)
RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM fund.closing_due c WHERE c.at <= p_now) THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.closing', 0));
  RETURN QUERY
    WITH due AS (
      DELETE FROM fund.closing_due c WHERE c.at <= p_now RETURNING c.fund, c.at
    )
    INSERT INTO fund.closure AS k (fund, closed_by, closed_at, why)
    SELECT d.fund, 0, d.at, 'Its last day is over' FROM due d ORDER BY d.fund
    ON CONFLICT DO NOTHING RETURNING k.fund;
END $$;

-- A fund has received what it wanted. It takes further gifts unless it said otherwise.
CREATE TABLE fund.target_reached (
  fund bigint PRIMARY KEY REFERENCES fund.fund,
  reached_at timestamptz NOT NULL
);

-- Notes which open funds have reached their targets, closes those that said so, and names them.
CREATE FUNCTION fund.note_targets(p_now timestamptz)
RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  reached bigint;
BEGIN
  FOR reached IN
    SELECT f.id FROM fund.fund f
    WHERE f.target IS NOT NULL
      AND NOT EXISTS (SELECT FROM fund.target_reached r WHERE r.fund = f.id)
      AND NOT EXISTS (SELECT FROM fund.closure c WHERE c.fund = f.id)
      AND (SELECT g.received FROM fund.figures g WHERE g.fund = f.id) >= f.target
    ORDER BY f.id
  LOOP
    INSERT INTO fund.target_reached (fund, reached_at) VALUES (reached, p_now)
    ON CONFLICT DO NOTHING;
    CONTINUE WHEN NOT FOUND;
    IF (SELECT t.stops_at_target FROM fund.terms t WHERE t.fund = reached) THEN
      PERFORM fund.close_fund(reached, 0, 'It has reached its target', p_now);
    END IF;
    RETURN NEXT reached;
  END LOOP;
END $$;

-- A confirmed change takes effect in the transaction that confirms it: never one that a later one
-- of its kind has overtaken, never a rule that is ended already or a day that is not to come.
CREATE FUNCTION fund.check_terms_confirmation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  change record;
  why text;
BEGIN
  SELECT c.* INTO STRICT change FROM fund.terms_change c WHERE c.id = NEW.change;
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.terms ' || change.fund, 0));
  SELECT CASE
    WHEN change.kind = 'end_rule'
      AND EXISTS (SELECT FROM fund.use_rule_end e WHERE e.rule = change.rule)
      THEN 'use_rule_end_pkey'
    WHEN change.kind = 'closing_day' AND EXISTS (
           SELECT FROM fund.terms_change later
           JOIN fund.terms_confirmation k ON k.change = later.id
           WHERE later.fund = change.fund AND later.kind = 'closing_day' AND later.id > change.id)
      THEN 'terms_are_latest'
    WHEN change.kind = 'closing_day'
      AND EXISTS (SELECT FROM fund.closure c WHERE c.fund = change.fund)
      THEN 'closing_day_of_open_fund'
    WHEN change.kind = 'closing_day'
      AND change.closes_on < (NEW.confirmed_at AT TIME ZONE 'Asia/Riyadh')::date
      THEN 'closing_day_to_come'
  END INTO why;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'change % of fund % refused: %', NEW.change, change.fund, why
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER terms_checked BEFORE INSERT ON fund.terms_confirmation
  FOR EACH ROW EXECUTE FUNCTION fund.check_terms_confirmation();

CREATE FUNCTION fund.change_terms() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  change record;
BEGIN
  SELECT c.* INTO STRICT change FROM fund.terms_change c WHERE c.id = NEW.change;
  IF change.kind = 'rule' THEN
    INSERT INTO fund.use_rule (fund, category, region, target_group, origin, change, since)
    VALUES (change.fund, change.category, change.region, change.target_group, 'change', change.id,
            NEW.confirmed_at);
  ELSIF change.kind = 'end_rule' THEN
    INSERT INTO fund.use_rule_end (rule, change, last_payment, ended_at)
    SELECT change.rule, change.id, coalesce(max(p.id), 0), NEW.confirmed_at
    FROM fund.payment p WHERE p.fund = change.fund;
  ELSE
    PERFORM fund.put_closing_due(change.fund);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER terms_changed AFTER INSERT ON fund.terms_confirmation
  FOR EACH ROW EXECUTE FUNCTION fund.change_terms();

-- Why money of one fund may not become another's: the name of what refuses it, or null. Whatever is
-- restricted stays in its class, and nothing else enters zakat or waqf.
CREATE FUNCTION fund.surplus_refused(p_fund bigint, p_to bigint)
RETURNS text LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT CASE
    WHEN g.id IS NULL THEN 'surplus_fund_known'
    WHEN g.id = f.id THEN 'surplus_goes_elsewhere'
    WHEN g.currency <> f.currency THEN 'surplus_keeps_its_currency'
    WHEN g.demonstration <> f.demonstration THEN 'pretence_stays_apart'
    WHEN g.restriction <> f.restriction
      AND (f.restriction <> 'unrestricted' OR g.restriction IN ('zakat', 'waqf'))
      THEN 'surplus_keeps_its_class'
  END
  FROM fund.fund f LEFT JOIN fund.fund g ON g.id = p_to WHERE f.id = p_fund
$$;

CREATE FUNCTION fund.check_terms() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  why text;
BEGIN
  SELECT CASE
    -- Terms are said in the transaction that opens the fund.
    WHEN f.xmin <> pg_current_xact_id()::xid THEN 'terms_said_at_opening'
    WHEN (f.restriction = 'time') <> (NEW.use_from IS NOT NULL) THEN 'use_dates_of_time_funds'
    WHEN NEW.closes_on < (f.opened_at AT TIME ZONE 'Asia/Riyadh')::date THEN 'closing_day_to_come'
    WHEN NEW.stops_at_target AND f.target IS NULL THEN 'stops_at_its_target'
    WHEN NEW.surplus IS NULL THEN 'surplus_is_said'
    WHEN NEW.surplus_to IS NOT NULL THEN fund.surplus_refused(f.id, NEW.surplus_to)
  END INTO why
  FROM fund.fund f WHERE f.id = NEW.fund;
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'terms of fund % refused: %', NEW.fund, why
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER terms_checked BEFORE INSERT ON fund.terms
  FOR EACH ROW EXECUTE FUNCTION fund.check_terms();

CREATE FUNCTION fund.check_fund_terms() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM fund.terms t WHERE t.fund = NEW.id) THEN
    RAISE EXCEPTION 'fund % says nothing of its terms', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_has_terms';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER terms_said AFTER INSERT ON fund.fund
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund.check_fund_terms();

-- What is left of a closed fund goes where the fund said: a requester proposes how much, to which
-- fund and why, and as many approvers approve as an amount needs that leaves. The last of them
-- moves it, from places on one axis to a span on the other, through both banks in one entry that
-- balances in each fund.
ALTER TABLE fund.span DROP CONSTRAINT span_kind_check;
ALTER TABLE fund.span ADD CONSTRAINT span_kind_check
  CHECK (kind IN ('genesis', 'gift', 'returned', 'surplus'));

CREATE TABLE fund.surplus_move (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fund bigint NOT NULL REFERENCES fund.fund,
  to_fund bigint NOT NULL REFERENCES fund.fund,
  minor bigint NOT NULL CHECK (minor > 0),
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 1000),
  proposed_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'requester' CHECK (office = 'requester'),
  since timestamptz NOT NULL,
  proposed_at timestamptz NOT NULL,
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  UNIQUE (id, proposed_by),
  FOREIGN KEY (proposed_by, office, since) REFERENCES fund.officer
);

CREATE INDEX surplus_move_fund ON fund.surplus_move (fund);

CREATE TABLE fund.surplus_approval (
  move bigint NOT NULL,
  proposed_by bigint NOT NULL,
  approver bigint NOT NULL,
  office text NOT NULL DEFAULT 'approver' CHECK (office = 'approver'),
  since timestamptz NOT NULL,
  approved_at timestamptz NOT NULL,
  PRIMARY KEY (move, approver),
  FOREIGN KEY (move, proposed_by) REFERENCES fund.surplus_move (id, proposed_by),
  FOREIGN KEY (approver, office, since) REFERENCES fund.officer,
  CONSTRAINT surplus_approver_is_not_proposer CHECK (approver <> proposed_by)
);

CREATE TABLE fund.surplus_transfer (
  move bigint CONSTRAINT surplus_moved_once PRIMARY KEY REFERENCES fund.surplus_move,
  entry bigint NOT NULL UNIQUE REFERENCES fund.entry,
  moved_at timestamptz NOT NULL
);

CREATE TRIGGER in_office BEFORE INSERT ON fund.surplus_move FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('proposed_by', 'proposed_at', 'surplus_by_requester');
CREATE TRIGGER in_office BEFORE INSERT ON fund.surplus_approval FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('approver', 'approved_at', 'surplus_by_approver');

-- Why a surplus may not go from one fund to another: the name of what refuses it, or null. A fund
-- that said nothing, because nobody asked, leaves it to the authority.
CREATE FUNCTION fund.surplus_move_refused(p_fund bigint, p_to bigint)
RETURNS text LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT CASE
    WHEN NOT EXISTS (SELECT FROM fund.closure c WHERE c.fund = p_fund)
      THEN 'surplus_of_closed_fund'
    WHEN t.surplus = 'successor' AND t.surplus_to <> p_to THEN 'surplus_goes_as_said'
    WHEN t.surplus = 'same_purpose'
      AND (SELECT g.opened_at FROM fund.fund g WHERE g.id = p_to)
          <= (SELECT f.opened_at FROM fund.fund f WHERE f.id = p_fund)
      THEN 'surplus_goes_as_said'
    ELSE fund.surplus_refused(p_fund, p_to)
  END
  FROM fund.terms t WHERE t.fund = p_fund
$$;

CREATE FUNCTION fund.check_surplus_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  why text := fund.surplus_move_refused(NEW.fund, NEW.to_fund);
BEGIN
  IF why IS NOT NULL THEN
    RAISE EXCEPTION 'surplus of fund % may not go to fund %: %', NEW.fund, NEW.to_fund, why
      USING ERRCODE = 'check_violation', CONSTRAINT = why;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER surplus_checked BEFORE INSERT ON fund.surplus_move
  FOR EACH ROW EXECUTE FUNCTION fund.check_surplus_move();

-- Nothing moves with fewer approvals than its amount needs, nor another amount.
CREATE FUNCTION fund.check_surplus_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  asked record;
BEGIN
  SELECT m.minor, f.currency INTO STRICT asked
  FROM fund.surplus_move m JOIN fund.fund f ON f.id = m.fund WHERE m.id = NEW.move;
  IF (SELECT count(*) FROM fund.surplus_approval a WHERE a.move = NEW.move)
     < fund.approvals_needed(asked.currency, asked.minor, NEW.moved_at)
  THEN
    RAISE EXCEPTION 'surplus move % is not approved', NEW.move
      USING ERRCODE = 'check_violation', CONSTRAINT = 'surplus_needs_approvals';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER transfer_checked BEFORE INSERT ON fund.surplus_transfer
  FOR EACH ROW EXECUTE FUNCTION fund.check_surplus_transfer();

-- Asks for a surplus to be moved; a repeated key answers with the first.
CREATE FUNCTION fund.propose_surplus(
  p_key text, p_hash bytea, p_fund bigint, p_to bigint, p_minor bigint, p_why text, p_by bigint,
  p_now timestamptz)
RETURNS TABLE (id bigint, is_new boolean, same boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  opened bigint;
BEGIN
  INSERT INTO fund.surplus_move
    (fund, to_fund, minor, why, proposed_by, since, proposed_at, idem_key, request_hash)
  VALUES (p_fund, p_to, p_minor, p_why, p_by, fund.office_since(p_by, 'requester', p_now), p_now,
          p_key, p_hash)
  ON CONFLICT (idem_key) DO NOTHING RETURNING surplus_move.id INTO opened;
  RETURN QUERY SELECT m.id, opened IS NOT NULL, m.request_hash = p_hash FROM fund.surplus_move m
               WHERE m.idem_key = p_key;
END $$;

-- An approver who did not propose it approves; the last approval it takes moves the money:
-- approved, moved, already, no_such, not_approver, same_person, over (it is moved), frozen or
-- too_little (of what is free and not reserved). What is refused leaves no approval.
CREATE FUNCTION fund.approve_surplus(p_move bigint, p_by bigint, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_office timestamptz;
  asked record;
  written bigint;
BEGIN
  PERFORM fund.hold_office(p_by);
  in_office := fund.office_since(p_by, 'approver', p_now);
  SELECT m.fund, m.to_fund, m.minor, m.proposed_by, f.currency INTO asked
  FROM fund.surplus_move m JOIN fund.fund f ON f.id = m.fund
  WHERE m.id = p_move FOR UPDATE OF m;
  IF NOT FOUND THEN
    RETURN 'no_such';
  ELSIF EXISTS (SELECT FROM fund.surplus_approval a
                WHERE (a.move, a.approver) = (p_move, p_by)) THEN
    RETURN 'already';
  ELSIF EXISTS (SELECT FROM fund.surplus_transfer t WHERE t.move = p_move) THEN
    RETURN 'over';
  ELSIF in_office IS NULL THEN
    RETURN 'not_approver';
  ELSIF asked.proposed_by = p_by THEN
    RETURN 'same_person';
  ELSIF fund.is_frozen(asked.fund) OR fund.is_frozen(asked.to_fund) THEN
    RETURN 'frozen';
  END IF;
  PERFORM FROM fund.balance b JOIN fund.account a ON a.id = b.account
  WHERE a.fund IN (asked.fund, asked.to_fund) AND a.role = 'available'
  ORDER BY b.account FOR UPDATE OF b;
  IF asked.minor > (SELECT b.held FROM fund.balance b JOIN fund.account a ON a.id = b.account
                    WHERE a.fund = asked.fund AND a.role = 'available') THEN
    RETURN 'too_little';
  END IF;
  INSERT INTO fund.surplus_approval (move, proposed_by, approver, since, approved_at)
  VALUES (p_move, asked.proposed_by, p_by, in_office, p_now);
  IF (SELECT count(*) FROM fund.surplus_approval a WHERE a.move = p_move)
     < fund.approvals_needed(asked.currency, asked.minor, p_now) THEN
    RETURN 'approved';
  END IF;
  written := fund.move_between('surplus', asked.fund, asked.to_fund, 'available', asked.minor,
                               p_move::text, 'account:' || p_by, p_now);
  PERFORM fund.use_money(asked.fund, asked.minor, 'surplus', written);
  PERFORM fund.extend_axis(asked.to_fund, asked.minor, 'surplus', written, written);
  INSERT INTO fund.surplus_transfer (move, entry, moved_at) VALUES (p_move, written, p_now);
  RETURN 'moved';
END $$;

-- What came from other funds and went to them; never received again.
CREATE VIEW fund.moved AS
SELECT f.id AS fund, f.currency,
       (SELECT coalesce(sum(m.minor), 0)::bigint
        FROM fund.surplus_transfer t JOIN fund.surplus_move m ON m.id = t.move
        WHERE m.to_fund = f.id) AS moved_in,
       (SELECT coalesce(sum(m.minor), 0)::bigint
        FROM fund.surplus_transfer t JOIN fund.surplus_move m ON m.id = t.move
        WHERE m.fund = f.id) AS moved_out
FROM fund.fund f;

DO $$
DECLARE
  book text;
BEGIN
  FOREACH book IN ARRAY ARRAY[
    'use_category', 'use_region', 'use_group', 'terms', 'use_rule', 'use_rule_end', 'terms_change',
    'terms_confirmation', 'target_reached', 'surplus_move', 'surplus_approval',
    'surplus_transfer']
  LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.%I
         FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change()', book);
  END LOOP;
END $$;

-- Says the terms of a fund that the same transaction opens, with the first rules of its use.
CREATE FUNCTION fund.set_terms(
  p_fund bigint, p_use_from date, p_use_until date, p_closes_on date, p_stops_at_target boolean,
  p_surplus text, p_surplus_to bigint, p_categories text[], p_regions text[], p_groups text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  INSERT INTO fund.terms
    (fund, use_from, use_until, closes_on, stops_at_target, surplus, surplus_to)
  VALUES (p_fund, p_use_from, p_use_until, p_closes_on, p_stops_at_target, p_surplus,
          p_surplus_to);
  INSERT INTO fund.use_rule (fund, category, region, target_group, origin, since)
  SELECT f.id, u.category, u.region, u.target_group, 'opening', f.opened_at
  FROM unnest(p_categories, p_regions, p_groups) WITH ORDINALITY
    AS u (category, region, target_group, n)
  JOIN fund.fund f ON f.id = p_fund ORDER BY u.n;
  PERFORM fund.put_closing_due(p_fund);
END $$;

DROP FUNCTION fund.request_disbursement, fund.edit_disbursement, fund.write_version;

-- As before, and for a named use, by the first rule that allows it.
CREATE FUNCTION fund.write_version(
  p_disbursement bigint, p_version smallint, p_payee bigint, p_iban_n smallint, p_minor bigint,
  p_purpose text, p_evidence text, p_initiative bigint, p_entitlements bigint[], p_category text,
  p_region text, p_group text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  of_fund bigint;
BEGIN
  SELECT d.fund INTO of_fund FROM fund.disbursement d WHERE d.id = p_disbursement;
  PERFORM fund.hold_terms(of_fund);
  INSERT INTO fund.disbursement_version
    (disbursement, version, payee, iban_n, minor, purpose, evidence, initiative, category, region,
     target_group, use_rule, written_at)
  VALUES (p_disbursement, p_version, p_payee, p_iban_n, p_minor, p_purpose, p_evidence,
          p_initiative, p_category, p_region, p_group,
          fund.rule_for(of_fund, p_category, p_region, p_group), p_now);
  INSERT INTO fund.disbursement_entitlement (disbursement, version, entitlement)
  SELECT p_disbursement, p_version, t.id FROM unnest(p_entitlements) AS t (id);
END $$;

-- Opens a request with its first version. A repeated key answers with the first one.
CREATE FUNCTION fund.request_disbursement(
  p_key text, p_hash bytea, p_fund bigint, p_payee bigint, p_iban_n smallint, p_minor bigint,
  p_purpose text, p_evidence text, p_initiative bigint, p_entitlements bigint[], p_category text,
  p_region text, p_group text, p_creator bigint, p_now timestamptz)
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
                             p_evidence, p_initiative, p_entitlements, p_category, p_region,
                             p_group, p_now);
  RETURN QUERY SELECT opened, true, true;
END $$;

-- Writes the next version; approvals stay with the old one and its reservation is given back.
CREATE FUNCTION fund.edit_disbursement(
  p_disbursement bigint, p_version smallint, p_payee bigint, p_iban_n smallint, p_minor bigint,
  p_purpose text, p_evidence text, p_initiative bigint, p_entitlements bigint[], p_category text,
  p_region text, p_group text, p_by bigint, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM fund.release(p_disbursement, 'account:' || p_by, p_now);
  PERFORM fund.write_version(p_disbursement, p_version, p_payee, p_iban_n, p_minor, p_purpose,
                             p_evidence, p_initiative, p_entitlements, p_category, p_region,
                             p_group, p_now);
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA fund FROM PUBLIC;

GRANT SELECT ON fund.use_category, fund.use_region, fund.use_group, fund.terms, fund.use_rule,
  fund.use_rule_end, fund.terms_change, fund.terms_confirmation, fund.closing_due,
  fund.target_reached, fund.surplus_move, fund.surplus_approval, fund.surplus_transfer,
  fund.moved TO ${app};
GRANT INSERT ON fund.terms_change, fund.terms_confirmation TO ${app};
GRANT EXECUTE ON FUNCTION fund.set_terms, fund.hold_terms, fund.lock_terms, fund.rule_covers,
  fund.rule_for, fund.use_refused, fund.closes_on, fund.surplus_refused,
  fund.surplus_move_refused, fund.propose_surplus, fund.approve_surplus, fund.close_due,
  fund.note_targets, fund.request_disbursement, fund.edit_disbursement TO ${app};
