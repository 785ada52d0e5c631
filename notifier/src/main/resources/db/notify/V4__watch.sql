-- What the watch has looked at, and what it found.

-- Whoever finds the turn over takes the next one.
CREATE TABLE notify.watch_turn (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  node text NOT NULL,
  until timestamptz NOT NULL
);

-- When each invariant was last looked at, and when last to the end.
CREATE TABLE notify.checked (
  invariant text PRIMARY KEY,
  tried_at timestamptz NOT NULL,
  checked_at timestamptz,
  problem text -- why the last look did not come to an end
);

-- One row from when something is found to be wrong until it is right again. What it stopped stays
-- stopped until a person releases it, and is not stopped again while the same finding lasts.
CREATE TABLE notify.finding (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  invariant text NOT NULL,
  subject text NOT NULL, -- empty: these rows name nothing that could be stopped
  pauses text NOT NULL CHECK (pauses IN ('nothing', 'need', 'about', 'purpose')),
  many int NOT NULL CHECK (many > 0),
  details text[] NOT NULL,
  found_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  cleared_at timestamptz,
  released_at timestamptz,
  released_by bigint,
  released_why text,
  CHECK ((released_at IS NULL) = (released_by IS NULL)),
  CHECK ((released_at IS NULL) = (released_why IS NULL))
);
CREATE UNIQUE INDEX finding_open ON notify.finding (invariant, subject) WHERE cleared_at IS NULL;
CREATE INDEX finding_unreleased ON notify.finding (id) WHERE released_at IS NULL;

-- How far the numbers have run is for the program to see.
GRANT SELECT ON ALL SEQUENCES IN SCHEMA notify TO ${app};
GRANT SELECT, INSERT, UPDATE ON notify.watch_turn, notify.checked, notify.finding TO ${app};
