-- Pledges. A giver promises an amount to a fund each week or each month. A pledge is a promise and
-- never money: what is counted as received is the gift that pays an instalment, as any other gift.

CREATE TABLE fund.pledge (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Whoever knows the code may see the pledge and stop it; it cannot be guessed.
  code text NOT NULL,
  fund bigint NOT NULL,
  currency text NOT NULL,
  minor bigint NOT NULL CHECK (minor > 0),
  every text NOT NULL CHECK (every IN ('week', 'month')),
  first_day date NOT NULL,
  instalments smallint CONSTRAINT pledge_has_instalments CHECK (instalments BETWEEN 1 AND 1200),
  -- One without an end is a promise of a hundred years of months.
  most smallint NOT NULL GENERATED ALWAYS AS (coalesce(instalments, 1200::smallint)) STORED,
  anonymous boolean NOT NULL,
  pledged_at timestamptz NOT NULL,
  idem uuid NOT NULL CONSTRAINT pledge_once UNIQUE,
  content uuid NOT NULL,
  UNIQUE (id, fund, currency, minor, most),
  FOREIGN KEY (fund, currency) REFERENCES fund.fund (id, currency),
  CONSTRAINT pledge_code_has_number CHECK (split_part(code, '-', 1) = id::text
                                           AND length(code) >= 16)
);
CREATE INDEX pledge_fund ON fund.pledge (fund);

-- Who promised, kept apart as donors are. The phone is needed: it is asked for each instalment, of
-- an anonymous giver too, whose gifts keep none.
CREATE TABLE fund.pledger (
  pledge bigint PRIMARY KEY REFERENCES fund.pledge,
  name text CHECK (length(name) BETWEEN 1 AND 200),
  phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  language text NOT NULL CHECK (language IN ('ar', 'en'))
);
CREATE INDEX pledger_phone ON fund.pledger USING hash (phone);

CREATE TABLE fund.pledge_end (
  pledge bigint CONSTRAINT pledge_ends_once PRIMARY KEY REFERENCES fund.pledge,
  why text NOT NULL CHECK (why IN ('stopped', 'complete', 'missed', 'fund_closed')),
  ended_at timestamptz NOT NULL
);

CREATE TABLE fund.instalment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  pledge bigint NOT NULL,
  fund bigint NOT NULL,
  currency text NOT NULL,
  minor bigint NOT NULL,
  most smallint NOT NULL,
  n smallint NOT NULL,
  due date NOT NULL,
  opened_at timestamptz NOT NULL,
  CONSTRAINT instalment_once UNIQUE (pledge, due),
  UNIQUE (pledge, n),
  CONSTRAINT instalments_within_pledge CHECK (n BETWEEN 1 AND most),
  FOREIGN KEY (pledge, fund, currency, minor, most)
    REFERENCES fund.pledge (id, fund, currency, minor, most)
);

-- An instalment is asked for when it is due, and once more.
CREATE TABLE fund.instalment_question (
  instalment bigint NOT NULL REFERENCES fund.instalment,
  n smallint NOT NULL CONSTRAINT instalment_asked_twice_at_most CHECK (n IN (1, 2)),
  asked_at timestamptz NOT NULL,
  PRIMARY KEY (instalment, n)
);

-- The gift that pays an instalment. Another try may follow only one whose card payment lapsed.
CREATE TABLE fund.instalment_gift (
  instalment bigint NOT NULL REFERENCES fund.instalment,
  try smallint NOT NULL CHECK (try > 0),
  gift bigint NOT NULL CONSTRAINT gift_pays_one_instalment UNIQUE REFERENCES fund.gift,
  PRIMARY KEY (instalment, try)
);

-- The try that stands: not a card payment that lapsed.
CREATE FUNCTION fund.instalment_gift_of(p_instalment bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT t.gift FROM fund.instalment_gift t
  WHERE t.instalment = p_instalment
    AND NOT EXISTS (SELECT FROM fund.card_lapse x WHERE x.gift = t.gift)
  ORDER BY t.try DESC LIMIT 1
$$;

CREATE FUNCTION fund.check_instalment_gift() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM FROM fund.instalment i WHERE i.id = NEW.instalment FOR UPDATE;
  IF fund.instalment_gift_of(NEW.instalment) IS NOT NULL THEN
    RAISE EXCEPTION 'instalment % is paid already', NEW.instalment
      USING ERRCODE = 'check_violation', CONSTRAINT = 'instalment_paid_once';
  END IF;
  IF NOT EXISTS (
      SELECT FROM fund.instalment i JOIN fund.gift g ON g.id = NEW.gift
      WHERE i.id = NEW.instalment AND (g.fund, g.currency, g.minor) = (i.fund, i.currency, i.minor)
        AND g.channel <> 'in_kind') THEN
    RAISE EXCEPTION 'gift % is not what instalment % promises', NEW.gift, NEW.instalment
      USING ERRCODE = 'check_violation', CONSTRAINT = 'collected_within_pledged';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER instalment_gift_checked BEFORE INSERT ON fund.instalment_gift
  FOR EACH ROW EXECUTE FUNCTION fund.check_instalment_gift();

CREATE FUNCTION fund.check_instalment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM fund.pledge_end e WHERE e.pledge = NEW.pledge) THEN
    RAISE EXCEPTION 'pledge % has ended', NEW.pledge
      USING ERRCODE = 'check_violation', CONSTRAINT = 'instalment_of_standing_pledge';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER instalment_checked BEFORE INSERT ON fund.instalment
  FOR EACH ROW EXECUTE FUNCTION fund.check_instalment();

-- When the next instalment of a pledge that stands is due, which instalments are asked for once
-- more, and which givers have to be told of an end. Work lists, no books.
CREATE TABLE fund.pledge_due (
  pledge bigint PRIMARY KEY REFERENCES fund.pledge,
  due_at timestamptz NOT NULL
);
CREATE INDEX pledge_due_at ON fund.pledge_due (due_at);

CREATE TABLE fund.instalment_due (
  instalment bigint PRIMARY KEY REFERENCES fund.instalment,
  pledge bigint NOT NULL,
  ask_at timestamptz NOT NULL
);
CREATE INDEX instalment_due_at ON fund.instalment_due (ask_at);
CREATE INDEX instalment_due_pledge ON fund.instalment_due (pledge);

CREATE TABLE fund.pledge_untold (
  pledge bigint PRIMARY KEY REFERENCES fund.pledge_end
);

DO $$
DECLARE
  book text;
BEGIN
  FOREACH book IN ARRAY ARRAY['pledge', 'pledge_end', 'instalment', 'instalment_question',
                              'instalment_gift']
  LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.%I
         FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change()', book);
  END LOOP;
END $$;

-- The day of an instalment: counted from the first, so that the 31st is back after a short month.
CREATE FUNCTION fund.instalment_day(p_first date, p_every text, p_n int) RETURNS date
LANGUAGE sql IMMUTABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT (p_first + CASE p_every WHEN 'week' THEN make_interval(weeks => p_n - 1)
                                 ELSE make_interval(months => p_n - 1) END)::date
$$;

-- People are asked at ten in the morning.
CREATE FUNCTION fund.asking_time(p_day date) RETURNS timestamptz
LANGUAGE sql IMMUTABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT (p_day + time '10:00') AT TIME ZONE 'Asia/Riyadh'
$$;

-- Ends a pledge that stands; false when it had ended before.
CREATE FUNCTION fund.end_pledge(p_pledge bigint, p_why text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  DELETE FROM fund.pledge_due d WHERE d.pledge = p_pledge;
  DELETE FROM fund.instalment_due d WHERE d.pledge = p_pledge;
  INSERT INTO fund.pledge_end (pledge, why, ended_at) VALUES (p_pledge, p_why, p_now)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF p_why IN ('missed', 'fund_closed') THEN
    INSERT INTO fund.pledge_untold (pledge) VALUES (p_pledge);
  END IF;
  RETURN true;
END $$;

-- As before; the pledges to the fund end with it.
CREATE OR REPLACE FUNCTION fund.close_fund(
  p_fund bigint, p_by bigint, p_why text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.closing', 0));
  INSERT INTO fund.closure (fund, closed_by, closed_at, why)
  VALUES (p_fund, p_by, p_now, p_why) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM fund.end_pledge(p.id, 'fund_closed', p_now)
  FROM fund.pledge p
  WHERE p.fund = p_fund AND NOT EXISTS (SELECT FROM fund.pledge_end e WHERE e.pledge = p.id)
  ORDER BY p.id;
  RETURN true;
END $$;

-- Opens the instalment of a pledge with this number, and puts the next one on the list.
CREATE FUNCTION fund.open_instalment(p_pledge bigint, p_n int, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  opened bigint;
BEGIN
  INSERT INTO fund.instalment (pledge, fund, currency, minor, most, n, due, opened_at)
  SELECT p.id, p.fund, p.currency, p.minor, p.most, p_n,
         fund.instalment_day(p.first_day, p.every, p_n), p_now
  FROM fund.pledge p WHERE p.id = p_pledge
  RETURNING id INTO opened;
  INSERT INTO fund.pledge_due (pledge, due_at)
  SELECT p.id, fund.asking_time(fund.instalment_day(p.first_day, p.every, p_n + 1))
  FROM fund.pledge p WHERE p.id = p_pledge
  ON CONFLICT (pledge) DO UPDATE SET due_at = excluded.due_at;
  INSERT INTO fund.instalment_question (instalment, n, asked_at) VALUES (opened, 1, p_now);
  INSERT INTO fund.instalment_due (instalment, pledge, ask_at)
  VALUES (opened, p_pledge, p_now + interval '3 days');
  RETURN opened;
END $$;

-- Records a pledge: recorded, repeated, differs, no_fund, closed, currency or many (the phone has
-- as many that stand as it may). One that begins today is asked for at once, on the page.
CREATE FUNCTION fund.record_pledge(
  p_idem uuid, p_content uuid, p_code text, p_fund bigint, p_currency text, p_minor bigint,
  p_every text, p_first_day date, p_instalments smallint, p_anonymous boolean, p_name text,
  p_phone text, p_language text, p_most int, p_now timestamptz)
RETURNS TABLE (outcome text, pledge bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  into_fund record;
  first record;
  made bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('fund.closing', 0));
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.pledger ' || p_phone, 0));
  SELECT p.id, p.content INTO first FROM fund.pledge p WHERE p.idem = p_idem;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN first.content = p_content THEN 'repeated' ELSE 'differs' END,
                        first.id;
    RETURN;
  END IF;
  SELECT f.currency, EXISTS (SELECT FROM fund.closure c WHERE c.fund = f.id) AS closed
  INTO into_fund FROM fund.fund f WHERE f.id = p_fund;
  outcome := CASE
    WHEN into_fund IS NULL THEN 'no_fund'
    WHEN into_fund.closed THEN 'closed'
    WHEN into_fund.currency <> p_currency THEN 'currency'
    WHEN p_most <= (SELECT count(*) FROM fund.pledger g
                    WHERE g.phone = p_phone AND NOT EXISTS (
                      SELECT FROM fund.pledge_end e WHERE e.pledge = g.pledge)) THEN 'many'
    END;
  IF outcome IS NOT NULL THEN
    RETURN NEXT;
    RETURN;
  END IF;
  made := nextval('fund.pledge_id_seq');
  INSERT INTO fund.pledge (id, code, fund, currency, minor, every, first_day, instalments,
                           anonymous, pledged_at, idem, content)
  OVERRIDING SYSTEM VALUE
  VALUES (made, made || '-' || p_code, p_fund, p_currency, p_minor, p_every, p_first_day,
          p_instalments, p_anonymous, p_now, p_idem, p_content)
  ON CONFLICT (idem) DO NOTHING;
  IF NOT FOUND THEN -- the same key with another phone, at the same time
    RETURN QUERY SELECT 'differs', NULL::bigint;
    RETURN;
  END IF;
  INSERT INTO fund.pledger (pledge, name, phone, language)
  VALUES (made, p_name, p_phone, p_language);
  IF p_first_day <= (p_now AT TIME ZONE 'Asia/Riyadh')::date THEN
    PERFORM fund.open_instalment(made, 1, p_now);
  ELSE
    INSERT INTO fund.pledge_due (pledge, due_at) VALUES (made, fund.asking_time(p_first_day));
  END IF;
  RETURN QUERY SELECT 'recorded', made;
END $$;

-- Opens what is due and names it; one pledge at a time, whoever else asks skips it. Instalments
-- that nobody was asked for, because the program stood still, are passed over. A pledge ends behind
-- its last instalment, and when so many in a row were left unpaid.
CREATE FUNCTION fund.open_instalments(p_limit int, p_missed_most int, p_now timestamptz)
RETURNS TABLE (instalment bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = fund, pg_temp AS $$
DECLARE
  due record;
  next_n int;
  missed bigint;
BEGIN
  FOR due IN
    SELECT p.id, p.every, p.first_day, p.most
    FROM fund.pledge_due d JOIN fund.pledge p ON p.id = d.pledge
    WHERE d.due_at <= p_now ORDER BY d.due_at, d.pledge LIMIT p_limit FOR UPDATE OF d SKIP LOCKED
  LOOP
    SELECT coalesce(max(i.n), 0) + 1 INTO next_n FROM fund.instalment i WHERE i.pledge = due.id;
    WHILE fund.asking_time(fund.instalment_day(due.first_day, due.every, next_n + 1)) <= p_now LOOP
      next_n := next_n + 1;
    END LOOP;
    SELECT count(*) INTO missed
    FROM (SELECT i.id FROM fund.instalment i WHERE i.pledge = due.id
          ORDER BY i.n DESC LIMIT p_missed_most) l
    WHERE fund.instalment_gift_of(l.id) IS NULL;
    IF next_n > due.most THEN
      PERFORM fund.end_pledge(due.id, 'complete', p_now);
    ELSIF missed = p_missed_most THEN
      PERFORM fund.end_pledge(due.id, 'missed', p_now);
    ELSE
      instalment := fund.open_instalment(due.id, next_n, p_now);
      RETURN NEXT;
    END IF;
  END LOOP;
END $$;

-- Instalments to be asked for once more: unpaid, and the latest of their pledge.
CREATE FUNCTION fund.ask_instalments_again(p_limit int, p_now timestamptz)
RETURNS TABLE (instalment bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = fund, pg_temp AS $$
BEGIN
  RETURN QUERY
    WITH due AS (
      DELETE FROM fund.instalment_due d WHERE d.instalment IN (
        SELECT o.instalment FROM fund.instalment_due o WHERE o.ask_at <= p_now
        ORDER BY o.ask_at, o.instalment LIMIT p_limit FOR UPDATE SKIP LOCKED)
      RETURNING d.instalment, d.pledge
    )
    INSERT INTO fund.instalment_question (instalment, n, asked_at)
    SELECT d.instalment, 2, p_now FROM due d JOIN fund.instalment i ON i.id = d.instalment
    WHERE fund.instalment_gift_of(d.instalment) IS NULL
      AND NOT EXISTS (SELECT FROM fund.instalment j WHERE j.pledge = i.pledge AND j.n > i.n)
    RETURNING instalment_question.instalment;
END $$;

-- Pledges whose givers are told now that they ended.
CREATE FUNCTION fund.tell_pledge_ends(p_limit int)
RETURNS TABLE (pledge bigint) LANGUAGE sql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
  DELETE FROM fund.pledge_untold u WHERE u.pledge IN (
    SELECT o.pledge FROM fund.pledge_untold o ORDER BY o.pledge LIMIT p_limit
    FOR UPDATE SKIP LOCKED)
  RETURNING u.pledge
$$;

-- Holds an instalment while its gift is recorded: which try that would be, the gift that stands
-- already, and whether the pledge does.
CREATE FUNCTION fund.hold_instalment(p_instalment bigint)
RETURNS TABLE (try int, gift bigint, ended boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  held record;
BEGIN
  SELECT i.pledge INTO held FROM fund.instalment i WHERE i.id = p_instalment FOR UPDATE;
  IF FOUND THEN
    RETURN QUERY
      SELECT (SELECT coalesce(max(t.try), 0) + 1 FROM fund.instalment_gift t
              WHERE t.instalment = p_instalment)::int,
             fund.instalment_gift_of(p_instalment),
             EXISTS (SELECT FROM fund.pledge_end e WHERE e.pledge = held.pledge);
  END IF;
END $$;

CREATE FUNCTION fund.pay_instalment(p_instalment bigint, p_try int, p_gift bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
  INSERT INTO fund.instalment_gift (instalment, try, gift) VALUES (p_instalment, p_try, p_gift)
$$;

-- What standing pledges promise a fund in each week or month: a promise, no figure of the journal.
CREATE VIEW fund.pledged_regularly AS
SELECT p.fund, p.currency, p.every, count(*) AS pledges, sum(p.minor)::bigint AS minor
FROM fund.pledge p
WHERE NOT EXISTS (SELECT FROM fund.pledge_end e WHERE e.pledge = p.id)
GROUP BY p.fund, p.currency, p.every;

REVOKE EXECUTE ON FUNCTION fund.instalment_gift_of, fund.check_instalment_gift,
  fund.check_instalment, fund.instalment_day, fund.asking_time, fund.end_pledge,
  fund.open_instalment, fund.record_pledge, fund.open_instalments, fund.ask_instalments_again,
  fund.tell_pledge_ends, fund.hold_instalment, fund.pay_instalment FROM PUBLIC;
GRANT SELECT ON fund.pledge, fund.pledger, fund.pledge_end, fund.instalment,
  fund.instalment_question, fund.instalment_gift, fund.pledge_due, fund.instalment_due,
  fund.pledge_untold, fund.pledged_regularly TO ${app};
GRANT EXECUTE ON FUNCTION fund.instalment_gift_of, fund.instalment_day, fund.end_pledge,
  fund.open_instalment, fund.record_pledge, fund.open_instalments, fund.ask_instalments_again,
  fund.tell_pledge_ends, fund.hold_instalment, fund.pay_instalment TO ${app};
