-- Crises, needs, and the call-outs that fill them.

-- Who may dispatch. Name and credentials of the account belong to the web's sessions.
CREATE TABLE dispatch.staff (
  account bigint PRIMARY KEY,
  name text NOT NULL CHECK (name <> ''),
  appointed_at timestamptz NOT NULL,
  dismissed_at timestamptz
);

CREATE TABLE dispatch.crisis (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name_ar text NOT NULL CHECK (name_ar <> ''),
  name_en text NOT NULL CHECK (name_en <> ''),
  kind text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('live', 'drill')),
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  zone text NOT NULL,
  area jsonb NOT NULL CHECK (area <> '{}'),
  opened_by bigint NOT NULL REFERENCES dispatch.staff,
  opened_at timestamptz NOT NULL
);

CREATE TABLE dispatch.crisis_closure (
  crisis bigint PRIMARY KEY REFERENCES dispatch.crisis,
  closed_by bigint NOT NULL REFERENCES dispatch.staff,
  closed_at timestamptz NOT NULL,
  why text NOT NULL
);

CREATE TABLE dispatch.need (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  crisis bigint NOT NULL REFERENCES dispatch.crisis,
  title_ar text NOT NULL CHECK (title_ar <> ''),
  title_en text NOT NULL CHECK (title_en <> ''),
  skills text[] NOT NULL,
  languages text[] NOT NULL,
  people int NOT NULL CHECK (people BETWEEN 1 AND 500),
  filled int NOT NULL DEFAULT 0 CHECK (filled >= 0),
  -- Promised before the need shrank; a place is only ever given below `people`.
  surplus int NOT NULL DEFAULT 0 CHECK (surplus >= 0),
  standby int NOT NULL DEFAULT 0 CHECK (standby >= 0),
  lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
  lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  fill_by timestamptz NOT NULL,
  priority text NOT NULL CHECK (priority IN ('life', 'urgent', 'planned')),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'calling', 'paused', 'closed')),
  opened_by bigint NOT NULL REFERENCES dispatch.staff,
  opened_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  -- The call-out that runs, what it has used, and when it is looked at next.
  envelope bigint,
  called_at timestamptz,
  yes int NOT NULL DEFAULT 0,
  last_wave_at timestamptz,
  next_round_at timestamptz,
  paused_why text CHECK (paused_why IN ('person', 'texts', 'cost', 'expired')),
  needs_human_at timestamptz,
  CHECK (ends_at > starts_at),
  CHECK (filled <= people + surplus),
  CHECK ((state = 'paused') = (paused_why IS NOT NULL)),
  CHECK (state <> 'calling' OR (envelope IS NOT NULL AND next_round_at IS NOT NULL))
);
CREATE INDEX need_by_crisis ON dispatch.need (crisis);
CREATE INDEX need_due ON dispatch.need (next_round_at) WHERE state = 'calling';
CREATE INDEX need_ending ON dispatch.need (ends_at) WHERE state <> 'closed';

CREATE TABLE dispatch.need_closure (
  need bigint PRIMARY KEY REFERENCES dispatch.need,
  closed_by bigint REFERENCES dispatch.staff, -- null: its time was over
  closed_at timestamptz NOT NULL,
  why text NOT NULL
);

CREATE TABLE dispatch.need_edit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  need bigint NOT NULL REFERENCES dispatch.need,
  edited_by bigint NOT NULL REFERENCES dispatch.staff,
  edited_at timestamptz NOT NULL,
  people_before int NOT NULL,
  people_after int NOT NULL,
  surplus_after int NOT NULL,
  what text NOT NULL
);
CREATE INDEX need_edit_by_need ON dispatch.need_edit (need);

-- What a coordinator approved before anybody was texted. Every offer that is sent cites one.
CREATE TABLE dispatch.envelope (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  need bigint NOT NULL REFERENCES dispatch.need,
  area jsonb NOT NULL CHECK (area <> '{}'),
  rules text NOT NULL,
  candidates int NOT NULL,
  max_texts int NOT NULL CHECK (max_texts BETWEEN 1 AND 20000),
  cost_cap int NOT NULL CHECK (cost_cap >= 0),
  currency text NOT NULL,
  expires_at timestamptz NOT NULL,
  typed_count int,
  approved_by bigint NOT NULL REFERENCES dispatch.staff,
  approved_at timestamptz NOT NULL,
  second_by bigint REFERENCES dispatch.staff,
  second_at timestamptz,
  in_force boolean NOT NULL,
  texts int NOT NULL DEFAULT 0,
  cost int NOT NULL DEFAULT 0,
  UNIQUE (need, id),
  CHECK (second_by <> approved_by),
  CHECK (max_texts <= 50 OR typed_count = max_texts),
  CHECK (NOT in_force OR max_texts <= 500 OR second_by IS NOT NULL),
  CHECK (texts <= max_texts),
  CHECK (cost <= cost_cap),
  CHECK (in_force OR texts = 0)
);
ALTER TABLE dispatch.need
  ADD FOREIGN KEY (id, envelope) REFERENCES dispatch.envelope (need, id);

CREATE TABLE dispatch.decision (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  need bigint NOT NULL REFERENCES dispatch.need,
  at timestamptz NOT NULL,
  policy text NOT NULL,
  seed bigint NOT NULL,
  why text NOT NULL,
  asked int NOT NULL,
  open int NOT NULL,
  expected double precision NOT NULL,
  reach int NOT NULL,
  human boolean NOT NULL,
  says_ar text NOT NULL,
  says_en text NOT NULL
);
CREATE INDEX decision_by_need ON dispatch.decision (need, id);

CREATE TABLE dispatch.offer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  need bigint NOT NULL REFERENCES dispatch.need,
  volunteer bigint NOT NULL REFERENCES dispatch.volunteer,
  envelope bigint,
  entered_by bigint REFERENCES dispatch.staff, -- a person phoned instead of the system texting
  decision bigint REFERENCES dispatch.decision,
  code text NOT NULL,
  life boolean NOT NULL,
  simulated boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'declined', 'assigned', 'standby', 'withdrawn',
    'released', 'too_late', 'stood_down', 'expired')),
  asked_at timestamptz NOT NULL,
  valid_until timestamptz NOT NULL,
  answered_at timestamptz,
  changed_at timestamptz NOT NULL,
  -- Why this person: the figures of the decision, each of which can be shown.
  km double precision NOT NULL,
  rate double precision NOT NULL,
  useful double precision NOT NULL,
  gain double precision NOT NULL,
  price double precision NOT NULL,
  rarer int NOT NULL,
  recent double precision NOT NULL,
  said_yes double precision NOT NULL,
  said_no double precision NOT NULL,
  counted boolean NOT NULL DEFAULT false,
  UNIQUE (need, volunteer),
  FOREIGN KEY (need, envelope) REFERENCES dispatch.envelope (need, id),
  CHECK (envelope IS NOT NULL OR entered_by IS NOT NULL)
);
-- One open question per person at a time; a matter of life may come on top of an ordinary one.
CREATE UNIQUE INDEX offer_one_open ON dispatch.offer (volunteer) WHERE state = 'open' AND NOT life;
CREATE UNIQUE INDEX offer_one_open_life ON dispatch.offer (volunteer) WHERE state = 'open' AND life;
CREATE INDEX offer_by_volunteer ON dispatch.offer (volunteer, id);
CREATE INDEX offer_live ON dispatch.offer (need) WHERE state IN ('open', 'assigned', 'standby');
CREATE INDEX offer_ending ON dispatch.offer (valid_until) WHERE state = 'open';
CREATE INDEX offer_uncounted ON dispatch.offer (id) WHERE NOT counted AND state <> 'open';

-- What was said and done about an offer, in order.
CREATE TABLE dispatch.offer_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  offer bigint NOT NULL REFERENCES dispatch.offer,
  need bigint NOT NULL REFERENCES dispatch.need,
  at timestamptz NOT NULL,
  what text NOT NULL,
  reply bigint,
  by_staff bigint REFERENCES dispatch.staff
);
CREATE INDEX offer_event_by_need ON dispatch.offer_event (need, id);

-- How each kind of call is answered; what simulated people taught is kept apart from real ones.
CREATE TABLE dispatch.answer_rate (
  priority text NOT NULL,
  simulated boolean NOT NULL,
  yes double precision NOT NULL,
  -- Offers, each counted by how near and how awake the person was.
  trials double precision NOT NULL,
  -- How late they answer: the logarithms of the seconds.
  answers double precision NOT NULL,
  log_delays double precision NOT NULL,
  log_delays_squared double precision NOT NULL,
  PRIMARY KEY (priority, simulated)
);

-- One decider at a time. A decider whose fence is not the current one may write nothing.
CREATE TABLE dispatch.lease (
  name text PRIMARY KEY,
  holder text NOT NULL,
  fence bigint NOT NULL,
  until timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON
  dispatch.staff, dispatch.crisis, dispatch.need, dispatch.envelope, dispatch.offer,
  dispatch.answer_rate, dispatch.lease
  TO ${app};
GRANT SELECT, INSERT ON
  dispatch.crisis_closure, dispatch.need_closure, dispatch.need_edit, dispatch.decision,
  dispatch.offer_event
  TO ${app};
