-- The inbox: what an answer is worth now, who is at it, what came with a reply besides words, and
-- what the decisions of people could teach the rules.

-- Checked from now on: what is there already fits, and a long table is not read through.
ALTER TABLE notify.reply
  ADD COLUMN worth integer NOT NULL DEFAULT 0,
  ADD COLUMN opened_by bigint,
  ADD COLUMN opened_until timestamptz,
  ADD COLUMN hour time,
  ADD COLUMN answer_id bigint,
  ADD CONSTRAINT opened_for_a_while
    CHECK ((opened_by IS NULL) = (opened_until IS NULL)) NOT VALID,
  DROP CONSTRAINT IF EXISTS reply_meaning_check,
  ADD CONSTRAINT reply_meaning_check CHECK (meaning IN (
    'yes', 'no', 'later', 'last_resort', 'on_my_way', 'here', 'done', 'drop', 'stop', 'start',
    'help', 'danger', 'wrong_number', 'who', 'where', 'group', 'person')) NOT VALID;

DROP INDEX notify.reply_person;
CREATE INDEX reply_person ON notify.reply (worth DESC, id) WHERE state = 'person';
CREATE INDEX reply_decided ON notify.reply (decided_by, decided_at) WHERE decided_by IS NOT NULL;

-- A pin is there at once; a file is fetched, once, from where the carrier keeps it.
CREATE TABLE notify.attachment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reply_id bigint NOT NULL,
  place smallint NOT NULL,
  state text NOT NULL CHECK (state IN ('pin', 'awaited', 'kept', 'missing')),
  media_type text NOT NULL DEFAULT '',
  url text,
  lon double precision CHECK (lon BETWEEN -180 AND 180),
  lat double precision CHECK (lat BETWEEN -90 AND 90),
  label text NOT NULL DEFAULT '',
  tries smallint NOT NULL DEFAULT 0,
  try_at timestamptz NOT NULL,
  problem text, -- why it is missing, or was not there at the last try
  bytes bytea,
  UNIQUE (reply_id, place),
  CHECK ((state = 'pin') = (lon IS NOT NULL AND lat IS NOT NULL)),
  CHECK ((state = 'kept') = (bytes IS NOT NULL)),
  CHECK (state <> 'awaited' OR url IS NOT NULL)
);
ALTER TABLE notify.attachment ALTER COLUMN bytes SET STORAGE EXTERNAL; -- compressed as it comes
CREATE INDEX attachment_awaited ON notify.attachment (try_at) WHERE state = 'awaited';

-- What people understood where no rule did, without who wrote it.
CREATE TABLE notify.suggestion (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  folded text NOT NULL,
  stage text NOT NULL CHECK (stage IN ('offered', 'accepted', 'on_site')),
  meaning text NOT NULL,
  times integer NOT NULL DEFAULT 1,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  dismissed_at timestamptz,
  dismissed_by bigint,
  UNIQUE (folded, stage, meaning),
  CHECK ((dismissed_at IS NULL) = (dismissed_by IS NULL))
);

GRANT SELECT, INSERT, UPDATE ON notify.attachment, notify.suggestion TO ${app};
