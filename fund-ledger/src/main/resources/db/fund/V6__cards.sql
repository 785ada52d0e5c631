-- Cards. What a donor asked to pay by card is an intent; the provider's payment is a row of its
-- own; and money enters a real fund by card only beside the row that says that the provider, asked
-- again, has it. Who gave may be given back, once, up to what came, and never out of what others
-- gave for a purpose.

ALTER TABLE fund.gift DROP CONSTRAINT gift_card_is_demonstration;

-- A card gift to a real fund, as it was asked for.
CREATE TABLE fund.card_intent (
  gift bigint PRIMARY KEY REFERENCES fund.gift,
  fund bigint NOT NULL,
  currency text NOT NULL,
  minor bigint NOT NULL CHECK (minor > 0),
  provider text NOT NULL CHECK (provider ~ '^[a-z]{1,20}$'),
  -- Told to the provider with every request, so that a repeated one makes no second payment.
  reference uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  asked_at timestamptz NOT NULL,
  UNIQUE (gift, provider)
);

-- What the provider calls the payment, and where the donor pays.
CREATE TABLE fund.card_payment (
  gift bigint PRIMARY KEY,
  provider text NOT NULL,
  provider_id text NOT NULL CHECK (length(provider_id) BETWEEN 1 AND 200),
  pay_url text NOT NULL CHECK (length(pay_url) BETWEEN 1 AND 2000),
  made_at timestamptz NOT NULL,
  CONSTRAINT card_payment_once UNIQUE (provider, provider_id),
  FOREIGN KEY (gift, provider) REFERENCES fund.card_intent (gift, provider)
);

-- The provider has the money, of the amount and currency that were asked for.
CREATE TABLE fund.card_paid (
  gift bigint PRIMARY KEY REFERENCES fund.card_payment,
  minor bigint NOT NULL CHECK (minor > 0),
  entry bigint NOT NULL CONSTRAINT card_paid_entry_once UNIQUE REFERENCES fund.entry,
  paid_at timestamptz NOT NULL
);

CREATE TABLE fund.card_lapse (
  gift bigint PRIMARY KEY REFERENCES fund.card_intent,
  lapsed_at timestamptz NOT NULL
);

-- What a provider says and the books cannot follow; a person looks.
CREATE TABLE fund.card_doubt (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gift bigint NOT NULL REFERENCES fund.card_intent,
  why text NOT NULL CHECK (why IN ('amount', 'refund_refused', 'chargeback_beyond_gift')),
  details text NOT NULL CHECK (length(details) <= 500),
  found_at timestamptz NOT NULL,
  CONSTRAINT card_doubt_once UNIQUE (gift, why, details)
);

-- Every event of a provider, raw and under the provider's own id, before it is understood.
CREATE TABLE fund.psp_event (
  provider text NOT NULL,
  event text NOT NULL CHECK (length(event) BETWEEN 1 AND 200),
  subject text CHECK (length(subject) BETWEEN 1 AND 200),
  body text NOT NULL,
  came_at timestamptz NOT NULL,
  CONSTRAINT psp_event_once PRIMARY KEY (provider, event)
);

-- Work lists, not books. Intents that are neither paid nor lapsed; payments that the provider is to
-- be asked about; refunds that the provider has not taken yet.
CREATE TABLE fund.card_awaited (
  gift bigint PRIMARY KEY,
  fund bigint NOT NULL,
  minor bigint NOT NULL,
  lapses_at timestamptz NOT NULL
);
CREATE INDEX card_awaited_lapses ON fund.card_awaited (lapses_at);

CREATE TABLE fund.card_due (
  provider text NOT NULL,
  subject text NOT NULL,
  ask_at timestamptz NOT NULL,
  tries int NOT NULL DEFAULT 0,
  PRIMARY KEY (provider, subject)
);
CREATE INDEX card_due_ask ON fund.card_due (ask_at);

-- Money that went back, by whatever way: from what had not been swept yet, from the gift's own
-- places, from what is kept for this, or, where a bank took it and nothing was kept, still owed.
CREATE TABLE fund.given_back (
  entry bigint PRIMARY KEY REFERENCES fund.entry,
  gift bigint NOT NULL REFERENCES fund.card_paid,
  kind text NOT NULL CHECK (kind IN ('refund', 'chargeback')),
  minor bigint NOT NULL CHECK (minor > 0),
  source text NOT NULL CHECK (source IN ('received', 'available', 'refund_reserve', 'suspense')),
  given_at timestamptz NOT NULL,
  CHECK (kind = 'chargeback' OR source <> 'suspense')
);
CREATE INDEX given_back_gift ON fund.given_back (gift) INCLUDE (minor);

-- One officer asks, another confirms.
CREATE TABLE fund.refund (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gift bigint NOT NULL REFERENCES fund.card_paid,
  minor bigint NOT NULL CHECK (minor > 0),
  why text NOT NULL CHECK (length(why) BETWEEN 1 AND 1000),
  asked_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'treasurer' CHECK (office = 'treasurer'),
  since timestamptz NOT NULL,
  asked_at timestamptz NOT NULL,
  idem uuid NOT NULL CONSTRAINT refund_once UNIQUE,
  content uuid NOT NULL,
  reference uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  UNIQUE (id, asked_by),
  FOREIGN KEY (asked_by, office, since) REFERENCES fund.officer
);

CREATE TABLE fund.refund_confirmation (
  refund bigint PRIMARY KEY,
  asked_by bigint NOT NULL,
  confirmed_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'approver' CHECK (office = 'approver'),
  since timestamptz NOT NULL,
  confirmed_at timestamptz NOT NULL,
  entry bigint NOT NULL UNIQUE REFERENCES fund.given_back,
  CONSTRAINT refund_by_two_people CHECK (confirmed_by <> asked_by),
  FOREIGN KEY (refund, asked_by) REFERENCES fund.refund (id, asked_by),
  FOREIGN KEY (confirmed_by, office, since) REFERENCES fund.officer
);

CREATE TABLE fund.refund_sent (
  refund bigint PRIMARY KEY REFERENCES fund.refund_confirmation,
  provider_id text NOT NULL CONSTRAINT refund_sent_once UNIQUE,
  sent_at timestamptz NOT NULL
);

CREATE TABLE fund.refund_unsent (
  refund bigint PRIMARY KEY,
  ask_at timestamptz NOT NULL,
  tries int NOT NULL DEFAULT 0
);

CREATE TABLE fund.chargeback (
  provider text NOT NULL,
  dispute text NOT NULL CHECK (length(dispute) BETWEEN 1 AND 200),
  entry bigint NOT NULL UNIQUE REFERENCES fund.given_back,
  CONSTRAINT chargeback_once PRIMARY KEY (provider, dispute)
);

-- Money of an unrestricted fund that is kept to give back what another fund has already spent.
CREATE TABLE fund.reserve_topup (
  entry bigint PRIMARY KEY REFERENCES fund.entry,
  giver bigint NOT NULL REFERENCES fund.fund,
  fund bigint NOT NULL REFERENCES fund.fund,
  minor bigint NOT NULL CHECK (minor > 0),
  ordered_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'treasurer' CHECK (office = 'treasurer'),
  since timestamptz NOT NULL,
  ordered_at timestamptz NOT NULL,
  FOREIGN KEY (ordered_by, office, since) REFERENCES fund.officer
);

-- What the provider paid into the bank, as a treasurer found it on the statement.
CREATE TABLE fund.payout (
  entry bigint PRIMARY KEY REFERENCES fund.entry,
  fund bigint NOT NULL REFERENCES fund.fund,
  minor bigint NOT NULL CHECK (minor > 0),
  bank_line text NOT NULL CONSTRAINT payout_line_once UNIQUE
    CHECK (length(bank_line) BETWEEN 1 AND 100),
  recorded_by bigint NOT NULL,
  office text NOT NULL DEFAULT 'treasurer' CHECK (office = 'treasurer'),
  since timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  FOREIGN KEY (recorded_by, office, since) REFERENCES fund.officer
);

-- Who bears what providers keep, also when the gift itself goes back: the fund, or the operator out
-- of an unrestricted fund. The latest row holds.
CREATE TABLE fund.fee_policy (
  since timestamptz PRIMARY KEY,
  bearer text NOT NULL CHECK (bearer IN ('fund', 'operator')),
  operator_fund bigint REFERENCES fund.fund,
  CHECK ((bearer = 'operator') = (operator_fund IS NOT NULL))
);
INSERT INTO fund.fee_policy (since, bearer) VALUES ('2020-01-01T00:00:00Z', 'fund');

ALTER TABLE fund.money_use DROP CONSTRAINT money_use_kind_check;
ALTER TABLE fund.money_use ADD CONSTRAINT money_use_kind_check CHECK (kind IN
  ('payment', 'refund', 'chargeback', 'fee', 'surplus', 'reserve_topup'));

DO $$
DECLARE
  book text;
BEGIN
  FOREACH book IN ARRAY ARRAY[
    'card_intent', 'card_payment', 'card_paid', 'card_lapse', 'card_doubt', 'psp_event',
    'given_back', 'refund', 'refund_confirmation', 'refund_sent', 'chargeback', 'reserve_topup',
    'payout', 'fee_policy']
  LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund.%I
         FOR EACH STATEMENT EXECUTE FUNCTION fund.refuse_change()', book);
  END LOOP;
END $$;

-- Card money is in a real fund only for a payment that the provider has, in its full amount. Looked
-- at once for each entry, at the end of the transaction; gifts themselves are not looked at.
CREATE FUNCTION fund.check_card_money() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM fund.posting p
    JOIN fund.account a ON a.id = p.account AND a.role = 'clearing'
    JOIN fund.fund f ON f.id = p.fund AND NOT f.demonstration
    WHERE p.entry = NEW.id AND NOT EXISTS (
      SELECT FROM fund.card_paid k
      JOIN fund.card_intent i ON i.gift = k.gift AND i.fund = p.fund AND i.minor = k.minor
      JOIN fund.receipt r ON r.gift = k.gift AND r.version = 1 AND r.entry = NEW.id
      WHERE k.entry = NEW.id AND k.minor = p.amount))
  THEN
    RAISE EXCEPTION 'entry % takes card money that no provider has', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'card_money_is_paid';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER entry_card_money AFTER INSERT ON fund.entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.kind = 'gift' AND NEW.reverses IS NULL) EXECUTE FUNCTION fund.check_card_money();

-- What went back of a gift is never more than what came. Whoever adds holds the payment's row.
CREATE FUNCTION fund.check_given_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  came bigint;
BEGIN
  SELECT k.minor INTO came FROM fund.card_paid k WHERE k.gift = NEW.gift FOR UPDATE;
  IF came < (SELECT sum(b.minor) FROM fund.given_back b WHERE b.gift = NEW.gift) THEN
    RAISE EXCEPTION 'more goes back of gift % than came', NEW.gift
      USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_gift';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER given_back_checked AFTER INSERT ON fund.given_back
  FOR EACH ROW EXECUTE FUNCTION fund.check_given_back();

-- Records one gift that is to be paid by card: asked, repeated, differs, no_fund, closed, currency
-- or demonstration.
CREATE FUNCTION fund.ask_card(
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
    INSERT INTO fund.gift (code, fund, currency, demonstration, channel, minor, anonymous, given_at,
                           idem, content)
    VALUES (p_code, p_fund, p_currency, false, 'card', p_minor, p_anonymous, p_now, p_idem,
            p_content)
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

-- Keeps what the provider calls a payment, once, and has it asked about from then on.
CREATE FUNCTION fund.keep_card_payment(
  p_gift bigint, p_provider_id text, p_pay_url text, p_ask_at timestamptz, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  INSERT INTO fund.card_payment (gift, provider, provider_id, pay_url, made_at)
  SELECT i.gift, i.provider, p_provider_id, p_pay_url, p_now
  FROM fund.card_intent i WHERE i.gift = p_gift
  ON CONFLICT (gift) DO NOTHING;
  INSERT INTO fund.card_due (provider, subject, ask_at)
  SELECT p.provider, p.provider_id, p_ask_at FROM fund.card_payment p WHERE p.gift = p_gift
  ON CONFLICT DO NOTHING;
END $$;

-- Keeps an event of a provider, raw; false when it was there. Whatever it is about is asked again.
CREATE FUNCTION fund.keep_psp_event(
  p_provider text, p_event text, p_subject text, p_body text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  INSERT INTO fund.psp_event (provider, event, subject, body, came_at)
  VALUES (p_provider, p_event, p_subject, p_body, p_now) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO fund.card_due AS d (provider, subject, ask_at)
  SELECT p_provider, p_subject, p_now WHERE p_subject IS NOT NULL
  ON CONFLICT (provider, subject) DO UPDATE SET ask_at = excluded.ask_at, tries = 0;
  RETURN true;
END $$;

-- Takes what is due to be asked, and lets nobody else ask for it until p_again.
CREATE FUNCTION fund.lease_card_due(
  p_provider text, p_limit int, p_again timestamptz, p_now timestamptz)
RETURNS TABLE (subject text, tries int)
LANGUAGE sql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
  UPDATE fund.card_due d SET ask_at = p_again, tries = d.tries + 1
  WHERE (d.provider, d.subject) IN (
    SELECT w.provider, w.subject FROM fund.card_due w
    WHERE w.provider = p_provider AND w.ask_at <= p_now
    ORDER BY w.ask_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  RETURNING d.subject, d.tries
$$;

-- After an answer: asked again at p_next, or never when that is null. An event that came since the
-- lease was taken has set another time, which stays.
CREATE FUNCTION fund.put_card_due(
  p_provider text, p_subject text, p_leased timestamptz, p_next timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  IF p_next IS NULL THEN
    DELETE FROM fund.card_due d
    WHERE (d.provider, d.subject, d.ask_at) = (p_provider, p_subject, p_leased);
  ELSE
    UPDATE fund.card_due d SET ask_at = p_next
    WHERE (d.provider, d.subject, d.ask_at) = (p_provider, p_subject, p_leased);
  END IF;
END $$;

-- The provider, asked, has the money: received, already, doubt (it is not what was asked for) or
-- unknown (no payment of ours). What it kept for itself is posted beside, once it says how much.
CREATE FUNCTION fund.take_card_payment(
  p_provider text, p_provider_id text, p_currency text, p_minor bigint, p_fee bigint,
  p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  asked record;
  written bigint;
  said text := 'already';
BEGIN
  SELECT i.gift, i.fund, i.currency, i.minor INTO asked
  FROM fund.card_payment p JOIN fund.card_intent i ON i.gift = p.gift
  WHERE (p.provider, p.provider_id) = (p_provider, p_provider_id) FOR UPDATE OF p;
  IF NOT FOUND THEN
    RETURN 'unknown';
  END IF;
  IF NOT EXISTS (SELECT FROM fund.card_paid k WHERE k.gift = asked.gift) THEN
    IF (asked.currency, asked.minor) IS DISTINCT FROM (p_currency, p_minor) THEN
      INSERT INTO fund.card_doubt (gift, why, details, found_at)
      VALUES (asked.gift, 'amount', concat_ws(' ', p_provider_id, p_minor, p_currency), p_now)
      ON CONFLICT DO NOTHING;
      RETURN 'doubt';
    END IF;
    DELETE FROM fund.card_awaited w WHERE w.gift = asked.gift;
    PERFORM fund.receive(ARRAY[asked.gift], ARRAY[asked.minor], 'provider:' || p_provider, p_now);
    SELECT r.entry INTO written FROM fund.receipt r WHERE r.gift = asked.gift AND r.version = 1;
    INSERT INTO fund.card_paid (gift, minor, entry, paid_at)
    VALUES (asked.gift, asked.minor, written, p_now);
    said := 'received';
  END IF;
  IF p_fee > 0 AND NOT EXISTS (
    SELECT FROM fund.entry e WHERE e.idem_scope = 'fee' AND e.idem_key = 'gift:' || asked.gift)
  THEN
    PERFORM fund.move('fee', asked.fund, 'fees', 'clearing', p_fee, 'gift:' || asked.gift,
                      'provider:' || p_provider, p_now, p_now);
  END IF;
  RETURN said;
END $$;

-- Gives up intents that nobody paid: those that never became a payment once they are due, and one
-- payment of which the provider says that it can no longer be paid.
CREATE FUNCTION fund.lapse_cards(p_limit int, p_now timestamptz)
RETURNS SETOF bigint LANGUAGE sql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
  WITH gone AS (
    DELETE FROM fund.card_awaited w WHERE w.gift IN (
      SELECT d.gift FROM fund.card_awaited d WHERE d.lapses_at <= p_now
        AND NOT EXISTS (SELECT FROM fund.card_payment p WHERE p.gift = d.gift)
      ORDER BY d.lapses_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
    RETURNING w.gift, w.fund
  ), said AS (
    INSERT INTO fund.card_lapse (gift, lapsed_at) SELECT g.gift, p_now FROM gone g
  )
  SELECT DISTINCT g.fund FROM gone g
$$;

CREATE FUNCTION fund.lapse_card_payment(
  p_provider text, p_provider_id text, p_now timestamptz)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
  WITH gone AS (
    DELETE FROM fund.card_awaited w USING fund.card_payment p
    WHERE p.gift = w.gift AND (p.provider, p.provider_id) = (p_provider, p_provider_id)
    RETURNING w.gift
  ), said AS (
    INSERT INTO fund.card_lapse (gift, lapsed_at) SELECT g.gift, p_now FROM gone g RETURNING gift
  )
  SELECT count(*) > 0 FROM said
$$;

-- Posts money that goes back, and says by which entry; null when it may not be taken from anywhere:
-- first from what waits to be swept, then from the gift's own places while they are free and not
-- promised, then from what is kept for this. What a bank has taken without asking is owed.
CREATE FUNCTION fund.give_back(
  p_gift bigint, p_minor bigint, p_kind text, p_key text, p_actor text, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  paid record;
  waiting bigint;
  own int8range;
  free int8multirange;
  gap int8range;
  room bigint := 0;
  available bigint;
  kept bigint;
  taken_from text;
  written bigint;
  wanted bigint := p_minor;
BEGIN
  SELECT k.entry, i.fund INTO paid FROM fund.card_paid k JOIN fund.card_intent i ON i.gift = k.gift
  WHERE k.gift = p_gift FOR UPDATE OF k;
  SELECT u.minor INTO waiting FROM fund.unsettled u WHERE u.entry = paid.entry FOR UPDATE;
  IF waiting >= p_minor THEN
    taken_from := 'received';
    DELETE FROM fund.unsettled u WHERE u.entry = paid.entry AND u.minor = p_minor;
    UPDATE fund.unsettled u SET minor = u.minor - p_minor WHERE u.entry = paid.entry;
  ELSE
    PERFORM FROM fund.balance b JOIN fund.account a ON a.id = b.account
    WHERE a.fund = paid.fund AND a.role IN ('available', 'refund_reserve')
    ORDER BY b.account FOR UPDATE OF b;
    PERFORM pg_advisory_xact_lock(hashtextextended('fund.axis ' || paid.fund, 0));
    SELECT max(b.held) FILTER (WHERE a.role = 'available'),
           max(b.held) FILTER (WHERE a.role = 'refund_reserve')
    INTO available, kept
    FROM fund.balance b JOIN fund.account a ON a.id = b.account
    WHERE a.fund = paid.fund AND a.role IN ('available', 'refund_reserve');
    SELECT int8range(s.lo, s.hi) INTO own FROM fund.span s
    WHERE s.source = paid.entry AND s.fund = paid.fund;
    IF own IS NOT NULL THEN
      free := int8multirange(own) - coalesce(
        (SELECT range_agg(u.place) FROM fund.money_use u
         WHERE u.fund = paid.fund AND u.place && own), '{}');
      SELECT coalesce(sum(upper(g) - lower(g)), 0) INTO room FROM unnest(free) AS g;
    END IF;
    taken_from := CASE WHEN room >= p_minor AND available >= p_minor THEN 'available'
                       WHEN kept >= p_minor THEN 'refund_reserve'
                       WHEN p_kind = 'chargeback' THEN 'suspense' END;
  END IF;
  IF taken_from IS NULL THEN
    RETURN NULL;
  END IF;
  written := fund.move(p_kind, paid.fund, taken_from, 'clearing', p_minor, p_key, p_actor, p_now,
                       p_now);
  IF taken_from = 'available' THEN
    FOR gap IN SELECT g FROM unnest(free) AS g ORDER BY g DESC LOOP
      EXIT WHEN wanted = 0;
      INSERT INTO fund.money_use (fund, place, kind, entry)
      VALUES (paid.fund, int8range(greatest(lower(gap), upper(gap) - wanted), upper(gap)), p_kind,
              written);
      wanted := wanted - least(upper(gap) - lower(gap), wanted);
    END LOOP;
  END IF;
  INSERT INTO fund.given_back (entry, gift, kind, minor, source, given_at)
  VALUES (written, p_gift, p_kind, p_minor, taken_from, p_now);
  RETURN written;
END $$;

-- What could still go back of a gift; null when it was not paid by card.
CREATE FUNCTION fund.still_returnable(p_gift bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = fund, pg_temp AS $$
  SELECT k.minor - coalesce((SELECT sum(b.minor) FROM fund.given_back b WHERE b.gift = k.gift), 0)
           ::bigint
  FROM fund.card_paid k WHERE k.gift = p_gift
$$;

-- A treasurer asks for a refund: asked, repeated, differs, not_paid, too_much or not_treasurer.
CREATE FUNCTION fund.ask_refund(
  p_idem uuid, p_content uuid, p_gift bigint, p_minor bigint, p_why text, p_by bigint,
  p_now timestamptz)
RETURNS TABLE (outcome text, refund bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_office timestamptz := fund.office_since(p_by, 'treasurer', p_now);
  rest bigint := fund.still_returnable(p_gift);
  first record;
  asked bigint;
BEGIN
  SELECT r.id, r.content INTO first FROM fund.refund r WHERE r.idem = p_idem;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN first.content = p_content THEN 'repeated' ELSE 'differs' END,
                        first.id;
  ELSIF in_office IS NULL THEN
    RETURN QUERY SELECT 'not_treasurer', NULL::bigint;
  ELSIF rest IS NULL THEN
    RETURN QUERY SELECT 'not_paid', NULL::bigint;
  ELSIF p_minor > rest THEN
    RETURN QUERY SELECT 'too_much', NULL::bigint;
  ELSE
    INSERT INTO fund.refund (gift, minor, why, asked_by, since, asked_at, idem, content)
    VALUES (p_gift, p_minor, p_why, p_by, in_office, p_now, p_idem, p_content)
    RETURNING id INTO asked;
    RETURN QUERY SELECT 'asked', asked;
  END IF;
END $$;

-- An approver who did not ask for it confirms a refund, and its money is posted: confirmed,
-- already, no_such, same_person, not_approver, frozen, too_much or reserve_short.
CREATE FUNCTION fund.confirm_refund(p_refund bigint, p_by bigint, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_office timestamptz := fund.office_since(p_by, 'approver', p_now);
  asked record;
  written bigint;
BEGIN
  SELECT r.gift, r.minor, r.asked_by, i.fund INTO asked
  FROM fund.refund r JOIN fund.card_intent i ON i.gift = r.gift
  WHERE r.id = p_refund FOR UPDATE OF r;
  IF NOT FOUND THEN
    RETURN 'no_such';
  ELSIF EXISTS (SELECT FROM fund.refund_confirmation c WHERE c.refund = p_refund) THEN
    RETURN 'already';
  ELSIF asked.asked_by = p_by THEN
    RETURN 'same_person';
  ELSIF in_office IS NULL THEN
    RETURN 'not_approver';
  ELSIF fund.is_frozen(asked.fund) THEN
    RETURN 'frozen';
  END IF;
  PERFORM FROM fund.card_paid k WHERE k.gift = asked.gift FOR UPDATE;
  IF asked.minor > fund.still_returnable(asked.gift) THEN
    RETURN 'too_much';
  END IF;
  written := fund.give_back(asked.gift, asked.minor, 'refund', 'refund:' || p_refund,
                            'account:' || p_by, p_now);
  IF written IS NULL THEN
    RETURN 'reserve_short';
  END IF;
  INSERT INTO fund.refund_confirmation
    (refund, asked_by, confirmed_by, since, confirmed_at, entry)
  VALUES (p_refund, asked.asked_by, p_by, in_office, p_now, written);
  INSERT INTO fund.refund_unsent (refund, ask_at) VALUES (p_refund, p_now);
  RETURN 'confirmed';
END $$;

-- Takes refunds to be sent, of a gift one after the other, so that what the provider says has gone
-- back can be compared.
CREATE FUNCTION fund.lease_refunds(p_limit int, p_again timestamptz, p_now timestamptz)
RETURNS SETOF bigint LANGUAGE sql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
  UPDATE fund.refund_unsent u SET ask_at = p_again, tries = u.tries + 1
  WHERE u.refund IN (
    SELECT w.refund FROM fund.refund_unsent w JOIN fund.refund r ON r.id = w.refund
    WHERE w.ask_at <= p_now AND NOT EXISTS (
      SELECT FROM fund.refund_unsent e JOIN fund.refund f ON f.id = e.refund
      WHERE f.gift = r.gift AND f.id < r.id)
    ORDER BY w.ask_at LIMIT p_limit FOR UPDATE OF w SKIP LOCKED)
  RETURNING u.refund
$$;

-- The provider has taken a refund, or refused it and a person must look.
CREATE FUNCTION fund.end_refund(
  p_refund bigint, p_provider_id text, p_refused text, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
BEGIN
  DELETE FROM fund.refund_unsent u WHERE u.refund = p_refund;
  IF p_refused IS NULL THEN
    INSERT INTO fund.refund_sent (refund, provider_id, sent_at)
    VALUES (p_refund, p_provider_id, p_now) ON CONFLICT (refund) DO NOTHING;
  ELSE
    INSERT INTO fund.card_doubt (gift, why, details, found_at)
    SELECT r.gift, 'refund_refused', left('refund ' || r.id || ': ' || p_refused, 500), p_now
    FROM fund.refund r WHERE r.id = p_refund ON CONFLICT DO NOTHING;
  END IF;
END $$;

-- A bank took a payment back; nobody is asked. charged, already, doubt or unknown. What the
-- provider keeps for it is a fee of its own.
CREATE FUNCTION fund.take_chargeback(
  p_provider text, p_provider_id text, p_dispute text, p_minor bigint, p_fee bigint,
  p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  paid record;
  written bigint;
BEGIN
  SELECT k.gift, i.fund INTO paid
  FROM fund.card_payment p JOIN fund.card_paid k ON k.gift = p.gift
  JOIN fund.card_intent i ON i.gift = p.gift
  WHERE (p.provider, p.provider_id) = (p_provider, p_provider_id) FOR UPDATE OF k;
  IF NOT FOUND THEN
    RETURN 'unknown';
  ELSIF EXISTS (SELECT FROM fund.chargeback c
                WHERE (c.provider, c.dispute) = (p_provider, p_dispute)) THEN
    RETURN 'already';
  ELSIF p_minor > fund.still_returnable(paid.gift) THEN
    INSERT INTO fund.card_doubt (gift, why, details, found_at)
    VALUES (paid.gift, 'chargeback_beyond_gift', concat_ws(' ', p_dispute, p_minor), p_now)
    ON CONFLICT DO NOTHING;
    RETURN 'doubt';
  END IF;
  written := fund.give_back(paid.gift, p_minor, 'chargeback', p_provider || ':' || p_dispute,
                            'provider:' || p_provider, p_now);
  INSERT INTO fund.chargeback (provider, dispute, entry) VALUES (p_provider, p_dispute, written);
  IF p_fee > 0 THEN
    PERFORM fund.move('fee', paid.fund, 'fees', 'clearing', p_fee, 'dispute:' || p_dispute,
                      'provider:' || p_provider, p_now, p_now);
  END IF;
  RETURN 'charged';
END $$;

-- Moves money of one fund to an account of another through both banks: each half balances in its
-- own fund. Whoever calls has taken the giver's places.
CREATE FUNCTION fund.move_between(
  p_kind text, p_giver bigint, p_fund bigint, p_credit text, p_minor bigint, p_key text,
  p_actor text, p_now timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  written bigint;
BEGIN
  IF (SELECT f.demonstration FROM fund.fund f WHERE f.id = p_giver)
     IS DISTINCT FROM (SELECT f.demonstration FROM fund.fund f WHERE f.id = p_fund) THEN
    RAISE EXCEPTION 'pretended money is kept apart: funds % and %', p_giver, p_fund
      USING ERRCODE = 'check_violation', CONSTRAINT = 'pretence_stays_apart';
  END IF;
  INSERT INTO fund.entry
    (kind, event_at, recorded_at, idem_scope, idem_key, request_hash, actor, n_lines)
  VALUES (p_kind, p_now, p_now, p_kind, p_key,
          sha256(convert_to(concat_ws('|', p_kind, p_giver, p_fund, p_credit, p_minor), 'UTF8')),
          p_actor, 4)
  RETURNING id INTO written;
  INSERT INTO fund.posting (entry, line, account, fund, currency, amount)
  SELECT written, leg.line, a.id, a.fund, a.currency, leg.amount
  FROM (VALUES (1, p_giver, 'available', p_minor), (2, p_giver, 'bank', -p_minor),
               (3, p_fund, 'bank', p_minor), (4, p_fund, p_credit, -p_minor))
    AS leg (line, fund, role, amount)
  JOIN fund.account a ON a.fund = leg.fund AND a.role = leg.role;
  RETURN written;
END $$;

-- A treasurer keeps money of an unrestricted fund for what may have to go back of another: topped,
-- repeated, not_treasurer, no_fund, restricted, currency, pretence, frozen or too_little. What is
-- owed for chargebacks is settled from it at once.
CREATE FUNCTION fund.top_up_reserve(
  p_giver bigint, p_fund bigint, p_minor bigint, p_key text, p_by bigint, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_office timestamptz := fund.office_since(p_by, 'treasurer', p_now);
  giver record;
  getter record;
  held bigint;
  owed bigint;
  written bigint;
BEGIN
  SELECT f.restriction, f.currency, f.demonstration INTO giver
  FROM fund.fund f WHERE f.id = p_giver;
  SELECT f.currency, f.demonstration INTO getter FROM fund.fund f WHERE f.id = p_fund;
  IF in_office IS NULL THEN
    RETURN 'not_treasurer';
  ELSIF giver IS NULL OR getter IS NULL THEN
    RETURN 'no_fund';
  ELSIF giver.restriction <> 'unrestricted' THEN
    RETURN 'restricted';
  ELSIF giver.currency <> getter.currency THEN
    RETURN 'currency';
  ELSIF giver.demonstration <> getter.demonstration THEN
    RETURN 'pretence';
  ELSIF fund.is_frozen(p_giver) OR fund.is_frozen(p_fund) THEN
    RETURN 'frozen';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.topup ' || p_key, 0));
  IF EXISTS (SELECT FROM fund.entry e
             WHERE (e.idem_scope, e.idem_key) = ('reserve_topup', p_key)) THEN
    RETURN 'repeated';
  END IF;
  PERFORM FROM fund.balance b JOIN fund.account a ON a.id = b.account
  WHERE (a.fund = p_giver AND a.role = 'available')
     OR (a.fund = p_fund AND a.role = 'refund_reserve')
  ORDER BY b.account FOR UPDATE OF b;
  SELECT b.held INTO held FROM fund.balance b JOIN fund.account a ON a.id = b.account
  WHERE a.fund = p_giver AND a.role = 'available';
  IF held < p_minor THEN
    RETURN 'too_little';
  END IF;
  IF p_giver = p_fund THEN
    written := fund.move('reserve_topup', p_fund, 'available', 'refund_reserve', p_minor, p_key,
                         'account:' || p_by, p_now, p_now);
  ELSE
    written := fund.move_between('reserve_topup', p_giver, p_fund, 'refund_reserve', p_minor, p_key,
                                 'account:' || p_by, p_now);
  END IF;
  PERFORM fund.use_money(p_giver, p_minor, 'reserve_topup', written);
  INSERT INTO fund.reserve_topup (entry, giver, fund, minor, ordered_by, since, ordered_at)
  VALUES (written, p_giver, p_fund, p_minor, p_by, in_office, p_now);
  SELECT least(coalesce(sum(p.amount), 0), p_minor)::bigint INTO owed
  FROM fund.posting p JOIN fund.account a ON a.id = p.account
  WHERE a.fund = p_fund AND a.role = 'suspense';
  IF owed > 0 THEN
    PERFORM fund.move('correction', p_fund, 'refund_reserve', 'suspense', owed,
                      'topup:' || written, 'account:' || p_by, p_now, p_now);
  END IF;
  RETURN 'topped';
END $$;

-- A treasurer found a payout of the provider on the bank's statement: recorded, repeated, differs,
-- not_treasurer, no_fund or too_much (the provider never had so much of this fund).
CREATE FUNCTION fund.record_payout(
  p_fund bigint, p_minor bigint, p_bank_line text, p_by bigint, p_now timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = fund, pg_temp AS $$
DECLARE
  in_office timestamptz := fund.office_since(p_by, 'treasurer', p_now);
  first record;
  written bigint;
BEGIN
  IF in_office IS NULL THEN
    RETURN 'not_treasurer';
  ELSIF NOT EXISTS (SELECT FROM fund.fund f WHERE f.id = p_fund) THEN
    RETURN 'no_fund';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.bank_line ' || p_bank_line, 0));
  SELECT o.fund, o.minor INTO first FROM fund.payout o WHERE o.bank_line = p_bank_line;
  IF FOUND THEN
    RETURN CASE WHEN (first.fund, first.minor) = (p_fund, p_minor)
                THEN 'repeated' ELSE 'differs' END;
  ELSIF EXISTS (SELECT FROM fund.transfer t WHERE t.bank_line = p_bank_line) THEN
    RETURN 'differs';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('fund.clearing ' || p_fund, 0));
  IF p_minor > (SELECT coalesce(sum(s.amount), 0) FROM fund.sums_as_of(p_fund, NULL, NULL) s
                WHERE s.role = 'clearing') THEN
    RETURN 'too_much';
  END IF;
  written := fund.move('banking', p_fund, 'bank', 'clearing', p_minor, 'line:' || p_bank_line,
                       'account:' || p_by, p_now, p_now);
  INSERT INTO fund.payout (entry, fund, minor, bank_line, recorded_by, since, recorded_at)
  VALUES (written, p_fund, p_minor, p_bank_line, p_by, in_office, p_now);
  RETURN 'recorded';
END $$;

-- What a fund's providers have kept and nobody has borne yet, borne as the policy says: covered,
-- nothing, not_treasurer, frozen or too_little.
CREATE FUNCTION fund.cover_fees(p_fund bigint, p_by bigint, p_now timestamptz)
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
  SELECT coalesce(y.operator_fund, p_fund) INTO bearer
  FROM fund.fee_policy y WHERE y.since <= p_now ORDER BY y.since DESC LIMIT 1;
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

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA fund FROM PUBLIC;

GRANT SELECT ON fund.card_intent, fund.card_payment, fund.card_paid, fund.card_lapse,
  fund.card_doubt, fund.psp_event, fund.card_awaited, fund.card_due, fund.given_back, fund.refund,
  fund.refund_confirmation, fund.refund_sent, fund.refund_unsent, fund.chargeback,
  fund.reserve_topup, fund.payout, fund.fee_policy TO ${app};
GRANT EXECUTE ON FUNCTION fund.ask_card, fund.keep_card_payment, fund.keep_psp_event,
  fund.lease_card_due, fund.put_card_due, fund.take_card_payment, fund.lapse_cards,
  fund.lapse_card_payment, fund.still_returnable, fund.ask_refund, fund.confirm_refund,
  fund.lease_refunds, fund.end_refund, fund.take_chargeback, fund.top_up_reserve,
  fund.record_payout, fund.cover_fees TO ${app};
