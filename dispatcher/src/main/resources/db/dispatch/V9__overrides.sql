-- What a coordinator asks beside the rounds, and what would help a need that they cannot fill.
ALTER TABLE dispatch.decision ADD COLUMN by_staff bigint REFERENCES dispatch.staff; -- null: policy

-- Everybody within so many kilometres of a need, asked at once by a coordinator.
CREATE TABLE dispatch.ring (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  need        bigint NOT NULL REFERENCES dispatch.need,
  envelope    bigint NOT NULL,
  km          double precision NOT NULL CHECK (km > 0),
  people      int NOT NULL CHECK (people BETWEEN 1 AND 20000), -- at most so many, nearest first
  typed_count int,
  asked_by    bigint NOT NULL REFERENCES dispatch.staff,
  asked_at    timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL, -- until then a second person may confirm it
  second_by   bigint REFERENCES dispatch.staff,
  second_at   timestamptz,
  decision    bigint REFERENCES dispatch.decision,
  FOREIGN KEY (need, envelope) REFERENCES dispatch.envelope (need, id),
  CHECK (second_by <> asked_by),
  CHECK ((second_by IS NULL) = (second_at IS NULL)),
  CHECK (people <= 50 OR typed_count = people),
  CHECK (decision IS NULL OR people <= 500 OR second_by IS NOT NULL)
);
CREATE INDEX ring_waiting ON dispatch.ring (need) WHERE decision IS NULL;

-- What would have helped when a need was first seen to want a human: kept, to be judged by later.
CREATE TABLE dispatch.help (
  need      bigint NOT NULL REFERENCES dispatch.need,
  raised_at timestamptz NOT NULL, -- as the need's needs_human_at
  said_at   timestamptz NOT NULL,
  chance    double precision NOT NULL,
  ways      jsonb NOT NULL,
  says_ar   text NOT NULL,
  says_en   text NOT NULL,
  PRIMARY KEY (need, raised_at)
);

-- Those who may still want it are few among the needs of years.
CREATE INDEX need_wants_human ON dispatch.need (id)
  WHERE needs_human_at IS NOT NULL AND state <> 'closed';

GRANT SELECT, INSERT, UPDATE ON dispatch.ring TO ${app};
GRANT SELECT, INSERT ON dispatch.help TO ${app};

-- Other skills or languages than were approved pause a call-out until it is approved anew.
ALTER TABLE dispatch.need
  DROP CONSTRAINT need_paused_why_check,
  ADD CONSTRAINT need_paused_why_check
    CHECK (paused_why IN ('person', 'texts', 'cost', 'expired', 'watch', 'rules'));
