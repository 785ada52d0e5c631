-- What was said about a call-out before it ended, kept to be held against what happened.
CREATE TABLE dispatch.forecast (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  need bigint NOT NULL REFERENCES dispatch.need,
  envelope bigint NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('press', 'live')),
  -- How many tenths of the time from the call-out to the deadline had gone by.
  tenth int NOT NULL CHECK (tenth BETWEEN 0 AND 9),
  priority text NOT NULL CHECK (priority IN ('life', 'urgent', 'planned')),
  simulated boolean NOT NULL,
  policy text NOT NULL,
  fill_by timestamptz NOT NULL,
  slack double precision NOT NULL CHECK (slack BETWEEN 0 AND 1),
  people int NOT NULL CHECK (people > 0),
  open int NOT NULL CHECK (open >= 0),
  texts int NOT NULL CHECK (texts >= 0), -- that the envelope had left
  chance double precision NOT NULL CHECK (chance BETWEEN 0 AND 1),
  expected double precision NOT NULL CHECK (expected >= 0),
  -- What happened; void is what was not put to the test.
  scored_at timestamptz,
  void_why text CHECK (void_why IN ('unconfirmed', 'edited', 'paused', 'closed')),
  came_true boolean,
  held int,
  filled_at timestamptz,
  FOREIGN KEY (need, envelope) REFERENCES dispatch.envelope (need, id),
  CHECK ((scored_at IS NULL) = (void_why IS NULL AND came_true IS NULL)),
  CHECK (void_why IS NULL OR came_true IS NULL),
  CHECK ((came_true IS NULL) = (held IS NULL)),
  CHECK (came_true IS NULL OR came_true = (held >= people)),
  CHECK ((filled_at IS NOT NULL) = coalesce(came_true, false)),
  CHECK (filled_at <= fill_by),
  CHECK (kind <> 'press' OR tenth = 0)
);
CREATE UNIQUE INDEX forecast_at_press ON dispatch.forecast (envelope) WHERE kind = 'press';
CREATE UNIQUE INDEX forecast_live ON dispatch.forecast (need, fill_by, tenth) WHERE kind = 'live';
CREATE INDEX forecast_by_need ON dispatch.forecast (need, id);
CREATE INDEX forecast_unscored ON dispatch.forecast (fill_by) WHERE scored_at IS NULL;
CREATE INDEX forecast_scored ON dispatch.forecast (fill_by) WHERE scored_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON dispatch.forecast TO ${app};
