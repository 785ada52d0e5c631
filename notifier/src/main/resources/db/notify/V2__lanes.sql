-- Lanes: by which sender a text leaves, how fast, at what cost, and what may keep it waiting.

ALTER TABLE notify.text
  -- Until the sender has given it one, a text waits in the lane without a name.
  ADD COLUMN lane text NOT NULL DEFAULT '',
  ADD COLUMN country text NOT NULL DEFAULT '',
  ADD COLUMN occasion text NOT NULL DEFAULT 'alarm'
    CHECK (occasion IN ('alarm', 'answer', 'news', 'ask', 'thanks')),
  ADD COLUMN budget text,
  ADD COLUMN cost integer NOT NULL DEFAULT 0 CHECK (cost >= 0),
  -- When it last became submitting: what a person got lately is counted by this.
  ADD COLUMN begun_at timestamptz;

-- By due time within a priority: what waits for morning stands behind what may leave.
DROP INDEX notify.text_queued;
CREATE INDEX text_queued ON notify.text (lane, priority DESC, due_at, id) WHERE state = 'queued';

-- A row for each POST is written once, when its outcome is known. Texts are never deleted, and a
-- foreign key would lock the text's row for each.
ALTER TABLE notify.attempt DROP CONSTRAINT attempt_text_id_fkey;

-- Which sender serves a country and what one segment costs there, in the smallest unit of the
-- money that budgets are kept in; '*' serves the others. The sender writes its settings here.
CREATE TABLE notify.route (
  country text PRIMARY KEY,
  lane text NOT NULL,
  segment_cost integer NOT NULL CHECK (segment_cost >= 0)
);

-- One row per lane, and whoever sends through it holds its lock while it chooses: carrier is the
-- lane's name, free_at the end of a rest, tokens the segments that may leave at once.
ALTER TABLE notify.lane
  ADD COLUMN tokens double precision NOT NULL DEFAULT 0,
  ADD COLUMN filled_at timestamptz NOT NULL DEFAULT '-infinity',
  ADD COLUMN silences integer NOT NULL DEFAULT 0,
  ADD COLUMN rests integer NOT NULL DEFAULT 0;

-- What may be spent on texts, for example in one crisis.
CREATE TABLE notify.budget (
  name text PRIMARY KEY,
  cap bigint NOT NULL CHECK (cap >= 0),
  spent bigint NOT NULL DEFAULT 0 CHECK (spent >= 0),
  opened_at timestamptz NOT NULL,
  CHECK (spent <= cap)
);
CREATE TABLE notify.budget_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL REFERENCES notify.budget (name),
  cap bigint NOT NULL,
  changed_by bigint NOT NULL,
  why text NOT NULL,
  changed_at timestamptz NOT NULL
);

-- Texts of one purpose wait while a row of it has no release.
CREATE TABLE notify.hold (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  purpose text NOT NULL,
  why text NOT NULL,
  held_at timestamptz NOT NULL,
  released_at timestamptz,
  released_by bigint,
  released_why text,
  CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE UNIQUE INDEX hold_open ON notify.hold (purpose) WHERE released_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON notify.route TO ${app}; -- settings, written at each start
GRANT SELECT, INSERT, UPDATE ON notify.budget, notify.hold TO ${app};
GRANT SELECT, INSERT ON notify.budget_change TO ${app};
