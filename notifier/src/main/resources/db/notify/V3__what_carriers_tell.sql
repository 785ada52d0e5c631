-- What a carrier tells besides the answer to a POST: which phones no text reaches, which it blocks,
-- what it has that we do not know, and what a person must look at.

-- Nobody texts these until a person says that they work again.
CREATE TABLE notify.unreachable (
  phone text PRIMARY KEY,
  code text NOT NULL,
  since timestamptz NOT NULL
);

-- The carrier holds back what this sender writes to this phone, because it was told STOP. Only
-- START, sent to that sender, ends it. An empty sender: it did not say which.
CREATE TABLE notify.blocked (
  phone text NOT NULL,
  sender text NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (phone, sender)
);

-- Phones that began or ceased to be of use, until those who keep people have heard it.
CREATE TABLE notify.reach_change (
  phone text PRIMARY KEY,
  due_at timestamptz NOT NULL
);

-- What a person must look at: one open row for each matter, however often it happens.
CREATE TABLE notify.alarm (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  about text NOT NULL,
  detail text NOT NULL,
  times integer NOT NULL DEFAULT 1,
  raised_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  seen_at timestamptz,
  seen_by bigint,
  CHECK ((seen_at IS NULL) = (seen_by IS NULL))
);
CREATE UNIQUE INDEX alarm_open ON notify.alarm (kind, about) WHERE seen_at IS NULL;

-- How far what the carrier has was compared with what we have, and when it is due again.
CREATE TABLE notify.comparison (
  carrier text NOT NULL,
  what text NOT NULL CHECK (what IN ('replies', 'texts')),
  compared_until timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  PRIMARY KEY (carrier, what)
);

-- Texts that only one side knows: the carrier's, or ours.
CREATE TABLE notify.stray (
  carrier text NOT NULL,
  sid text NOT NULL,
  known_by text NOT NULL CHECK (known_by IN ('carrier', 'us')),
  text_id bigint,
  sent_at timestamptz NOT NULL,
  found_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (carrier, sid)
);

-- What did not reach a phone that was off is written once more, as a text of its own.
ALTER TABLE notify.text ADD COLUMN repeat_of bigint;
CREATE UNIQUE INDEX text_repeat ON notify.text (repeat_of) WHERE repeat_of IS NOT NULL;

-- A status that names a message which we do not know yet waits for it.
ALTER TABLE notify.status_seen
  ADD COLUMN state notify.text_state,
  ADD COLUMN times integer NOT NULL DEFAULT 1;
CREATE INDEX status_seen_waiting ON notify.status_seen (sid) WHERE text_id IS NULL;

GRANT SELECT, INSERT, DELETE ON notify.unreachable, notify.blocked TO ${app};
GRANT SELECT, INSERT, UPDATE, DELETE ON notify.reach_change TO ${app}; -- taken under row locks
GRANT SELECT, INSERT, UPDATE ON notify.alarm, notify.comparison, notify.stray TO ${app};
GRANT UPDATE (times, text_id) ON notify.status_seen TO ${app};

-- Who stopped before this table was there may never have been heard of.
INSERT INTO notify.reach_change (phone, due_at) SELECT phone, stopped_at FROM notify.stopped;
