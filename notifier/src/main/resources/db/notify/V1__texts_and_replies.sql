-- Texts out, answers in. Domain times are arguments; clock_timestamp() is for leases only.

-- The order is the rule: a status may only move a text forward in this list.
CREATE TYPE notify.text_state AS ENUM (
  'queued', 'submitting', 'unknown', 'refused', 'withdrawn',
  'accepted', 'sent', 'expired', 'failed', 'delivered');

CREATE SEQUENCE notify.fence;

CREATE TABLE notify.text (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  to_phone text NOT NULL CHECK (to_phone ~ '^\+[1-9][0-9]{6,14}$'),
  language text NOT NULL CHECK (language IN ('ar', 'en')),
  message_class text NOT NULL 
    CHECK (message_class IN ('life-safety', 'service', 'fund', 'drill')),
  purpose text NOT NULL,
  about text NOT NULL,
  code text,
  body text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 1600),
  segments smallint NOT NULL CHECK (segments > 0),
  answerable boolean NOT NULL,
  despite_stop boolean NOT NULL DEFAULT false,
  priority integer NOT NULL,
  valid_until timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  state notify.text_state NOT NULL DEFAULT 'queued',
  state_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  fence bigint,
  lease_until timestamptz,
  posts smallint NOT NULL DEFAULT 0,
  refusals smallint NOT NULL DEFAULT 0,
  unknowns smallint NOT NULL DEFAULT 0,
  carrier text,
  sid text,
  problem text,
  -- Whoever may have the text already gets it at most once more, and only if it may save a life.
  CONSTRAINT repeated_only_for_life CHECK (
    unknowns <= 1 OR (unknowns = 2 AND message_class = 'life-safety' AND answerable)),
  CONSTRAINT no_drill_on_real_phones CHECK (
    message_class <> 'drill' OR carrier IS NULL OR carrier = 'simulated'),
  CONSTRAINT never_posted_twice_for_nothing CHECK (posts <= 1 + refusals + unknowns)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX text_queued ON notify.text (priority DESC, id) WHERE state = 'queued';
CREATE INDEX text_expiring ON notify.text (valid_until) WHERE state = 'queued';
-- By id alone: a lease or a due time that moves shall touch no index.
CREATE INDEX text_submitting ON notify.text (id) WHERE state = 'submitting';
CREATE INDEX text_unknown ON notify.text (id) WHERE state = 'unknown';
CREATE INDEX text_about ON notify.text (purpose, about, id);
CREATE INDEX text_phone ON notify.text (to_phone, id);

-- One row per POST. What a worker learned after it lost its lease stays here as evidence.
CREATE TABLE notify.attempt (
  fence bigint PRIMARY KEY,
  text_id bigint NOT NULL REFERENCES notify.text (id),
  carrier text NOT NULL,
  posted_at timestamptz NOT NULL,
  outcome text CHECK (outcome IN ('accepted', 'refused', 'opted-out', 'unknown')),
  sid text,
  problem text,
  answered_at timestamptz
);
CREATE INDEX attempt_text ON notify.attempt (text_id);
CREATE INDEX attempt_sid ON notify.attempt (sid) WHERE sid IS NOT NULL;

-- Every status exactly as it came, once.
CREATE TABLE notify.status_seen (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  provider text NOT NULL,
  sid text NOT NULL,
  word text NOT NULL,
  text_id bigint,
  code text,
  raw jsonb NOT NULL,
  arrived_at timestamptz NOT NULL,
  UNIQUE (provider, sid, word)
);
CREATE INDEX status_seen_text ON notify.status_seen (text_id);

-- One lane per carrier: when it may take the next text, and why it is held up.
CREATE TABLE notify.lane (
  carrier text PRIMARY KEY,
  free_at timestamptz NOT NULL,
  trouble text,
  trouble_at timestamptz
);

-- The red button: while a row has no resumption, no text leaves.
CREATE TABLE notify.halt (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  halted_at timestamptz NOT NULL,
  halted_by bigint NOT NULL,
  why text NOT NULL,
  resumed_at timestamptz,
  resumed_by bigint,
  resumed_why text,
  CHECK ((resumed_at IS NULL) = (resumed_by IS NULL))
);
CREATE UNIQUE INDEX halt_open ON notify.halt ((true)) WHERE resumed_at IS NULL;

-- Who wants no texts now, and how they said so.
CREATE TABLE notify.stopped (
  phone text PRIMARY KEY,
  stopped_at timestamptz NOT NULL
);
CREATE TABLE notify.consent_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  phone text NOT NULL,
  stopped boolean NOT NULL,
  how text NOT NULL,
  reply_id bigint,
  changed_at timestamptz NOT NULL
);
CREATE INDEX consent_change_reply ON notify.consent_change (reply_id);
CREATE INDEX consent_change_phone ON notify.consent_change (phone);

-- kept -> read (its owner may claim it) | person (waits in the inbox) | muted (a flood) -> done
CREATE TABLE notify.reply (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  provider text NOT NULL,
  provider_id text NOT NULL,
  from_phone text NOT NULL,
  to_address text NOT NULL,
  body text NOT NULL,
  way text NOT NULL,
  raw jsonb NOT NULL,
  arrived_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'kept' CHECK (state IN ('kept', 'read', 'person', 'muted', 'done')),
  meaning text CHECK (meaning IN ('yes', 'no', 'drop', 'stop', 'start', 'person')),
  code text,
  why text,
  text_id bigint,
  purpose text,
  about text,
  decided_by bigint,
  decided_at timestamptz,
  outcome text,
  done_at timestamptz,
  UNIQUE (provider, provider_id)
);
CREATE INDEX reply_kept ON notify.reply (id) WHERE state = 'kept';
CREATE INDEX reply_read ON notify.reply (purpose, id) WHERE state = 'read';
CREATE INDEX reply_person ON notify.reply (id) WHERE state = 'person';
CREATE INDEX reply_from ON notify.reply (from_phone, arrived_at);

-- What simulated phones will do, and when.
CREATE TABLE notify.simulated_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  due_at timestamptz NOT NULL,
  text_id bigint NOT NULL,
  phone text NOT NULL,
  status text,
  code text,
  says text,
  CHECK ((status IS NULL) <> (says IS NULL))
);
CREATE INDEX simulated_event_due ON notify.simulated_event (due_at, id);
CREATE INDEX simulated_event_text ON notify.simulated_event (text_id);

CREATE TABLE notify.secret (
  name text PRIMARY KEY,
  value bytea NOT NULL
);

GRANT USAGE ON SCHEMA notify TO ${app};
GRANT USAGE ON SEQUENCE notify.fence TO ${app};
GRANT SELECT, INSERT, UPDATE ON notify.text, notify.attempt, notify.lane, notify.halt, notify.reply
  TO ${app};
GRANT SELECT, INSERT ON notify.status_seen, notify.consent_change, notify.secret TO ${app};
GRANT SELECT, INSERT, DELETE ON notify.stopped TO ${app};
GRANT SELECT, INSERT, UPDATE, DELETE ON notify.simulated_event TO ${app}; -- taken under row locks
