-- Who bears what card providers keep is proposed by one officer and in force once another confirmed
-- it. What is in force is never edited.
CREATE TABLE fund.fee_proposal (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bearer text NOT NULL CHECK (bearer IN ('fund', 'operator')),
  operator_fund bigint REFERENCES fund.fund,
  proposed_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('requester', 'approver', 'treasurer')),
  since timestamptz NOT NULL,
  proposed_at timestamptz NOT NULL,
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 1000),
  idem_key text NOT NULL UNIQUE CHECK (length(idem_key) BETWEEN 1 AND 200),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  UNIQUE (id, proposed_by),
  FOREIGN KEY (proposed_by, office, since) REFERENCES fund.officer,
  CHECK ((bearer = 'operator') = (operator_fund IS NOT NULL))
);

CREATE TABLE fund.fee_confirmation (
  proposal bigint PRIMARY KEY,
  proposed_by bigint NOT NULL,
  confirmed_by bigint NOT NULL,
  office text NOT NULL CHECK (office IN ('approver', 'treasurer')),
  since timestamptz NOT NULL,
  confirmed_at timestamptz NOT NULL,
  FOREIGN KEY (proposal, proposed_by) REFERENCES fund.fee_proposal (id, proposed_by),
  FOREIGN KEY (confirmed_by, office, since) REFERENCES fund.officer,
  CONSTRAINT fee_policy_by_two CHECK (confirmed_by <> proposed_by)
);

-- What came with the program was confirmed by nobody.
ALTER TABLE fund.fee_policy
  ADD COLUMN proposal bigint UNIQUE REFERENCES fund.fee_confirmation,
  ADD CONSTRAINT fee_policy_is_confirmed
    CHECK (proposal IS NOT NULL OR since = '2020-01-01T00:00:00Z');

CREATE TRIGGER in_office BEFORE INSERT ON fund.fee_proposal FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('proposed_by', 'proposed_at', 'fee_policy_by_officer');
CREATE TRIGGER in_office BEFORE INSERT ON fund.fee_confirmation FOR EACH ROW
  EXECUTE FUNCTION fund.check_in_office('confirmed_by', 'confirmed_at', 'fee_policy_by_officer');

-- Money that was given for a purpose is no operator's money.
CREATE FUNCTION fund.check_fee_proposal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF NEW.operator_fund IS NOT NULL AND NOT EXISTS (
    SELECT FROM fund.fund f WHERE f.id = NEW.operator_fund AND f.restriction = 'unrestricted')
  THEN
    RAISE EXCEPTION 'fund % is restricted and bears no fees of others', NEW.operator_fund
      USING ERRCODE = 'check_violation', CONSTRAINT = 'operator_fund_is_unrestricted';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER proposal_checked BEFORE INSERT ON fund.fee_proposal
  FOR EACH ROW EXECUTE FUNCTION fund.check_fee_proposal();

-- Nobody confirms what was overtaken; what is confirmed is in force from then on.
CREATE FUNCTION fund.put_fee_policy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.fee_policy', 0));
  IF EXISTS (SELECT FROM fund.fee_proposal p WHERE p.id > NEW.proposal) THEN
    RAISE EXCEPTION 'proposal % was overtaken', NEW.proposal
      USING ERRCODE = 'check_violation', CONSTRAINT = 'fee_policy_is_latest';
  END IF;
  INSERT INTO fund.fee_policy (since, bearer, operator_fund, proposal)
  SELECT NEW.confirmed_at, p.bearer, p.operator_fund, p.id
  FROM fund.fee_proposal p WHERE p.id = NEW.proposal;
  RETURN NULL;
END $$;

CREATE TRIGGER policy_put AFTER INSERT ON fund.fee_confirmation
  FOR EACH ROW EXECUTE FUNCTION fund.put_fee_policy();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.fee_proposal
  FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.fee_confirmation
  FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change();

-- As before; the operator's fund bears what is of its own currency, and no pretence bears what is
-- real. What a fund's providers have kept and nobody has borne yet, borne as the policy says:
-- covered, nothing, not_treasurer, frozen or too_little.
CREATE OR REPLACE FUNCTION fund.cover_fees(p_fund bigint, p_by bigint, p_now timestamptz)
RETURNS TABLE (outcome text, minor bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  bearer bigint;
  owed bigint;
  held bigint;
  upto bigint;
  written bigint;
BEGIN
  IF fund.office_since(p_by, 'treasurer', p_now) IS NULL THEN
    RETURN QUERY SELECT 'not_treasurer', 0::bigint;
    RETURN;
  END IF;
  SELECT coalesce(o.id, p_fund) INTO bearer
  FROM (SELECT y.operator_fund FROM fund.fee_policy y
        WHERE y.since <= p_now ORDER BY y.since DESC LIMIT 1) y
  LEFT JOIN fund.fund o ON o.id = y.operator_fund
    AND (o.currency, o.demonstration) = (SELECT f.currency, f.demonstration FROM fund.fund f
                                         WHERE f.id = p_fund);
  IF fund.is_frozen(bearer) OR fund.is_frozen(p_fund) THEN
    RETURN QUERY SELECT 'frozen', 0::bigint;
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.fees ' || p_fund, 0));
  SELECT coalesce(sum(p.amount), 0), max(p.entry) INTO owed, upto
  FROM fund.posting p JOIN fund.account a ON a.id = p.account
  WHERE a.fund = p_fund AND a.role = 'fees';
  IF owed <= 0 THEN
    RETURN QUERY SELECT 'nothing', 0::bigint;
    RETURN;
  END IF;
  SELECT b.held INTO held FROM fund.balance b JOIN fund.account a ON a.id = b.account
  WHERE a.fund = bearer AND a.role = 'available' FOR UPDATE OF b;
  IF held < owed THEN
    RETURN QUERY SELECT 'too_little', owed;
    RETURN;
  END IF;
  IF bearer = p_fund THEN
    written := fund.move('fee', p_fund, 'available', 'fees', owed,
                         'cover:' || p_fund || ':' || upto, 'account:' || p_by, p_now, p_now);
  ELSE
    written := fund.move_between('fee', bearer, p_fund, 'fees', owed,
                                 'cover:' || p_fund || ':' || upto, 'account:' || p_by, p_now);
  END IF;
  PERFORM fund.use_money(bearer, owed, 'fee', written);
  RETURN QUERY SELECT 'covered', owed;
END $$;

REVOKE EXECUTE ON FUNCTION fund.check_fee_proposal, fund.put_fee_policy FROM PUBLIC;
GRANT SELECT, INSERT ON fund.fee_proposal, fund.fee_confirmation TO ${app};
