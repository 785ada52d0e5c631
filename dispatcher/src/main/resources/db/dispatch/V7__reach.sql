-- Whether people can be reached: a drill message by each of their ways, and what came of it.
CREATE TABLE dispatch.reach_test (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  started_at timestamptz NOT NULL,
  until      timestamptz NOT NULL CHECK (until > started_at), -- who has not answered then is silent
  started_by bigint NOT NULL,
  people     int NOT NULL CHECK (people > 0),
  left_out   int NOT NULL CHECK (left_out >= 0) -- of those chosen, who may not be texted now
);

CREATE TABLE dispatch.reach_check (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  test         bigint NOT NULL REFERENCES dispatch.reach_test,
  volunteer    bigint NOT NULL REFERENCES dispatch.volunteer,
  place        smallint NOT NULL, -- in the order of this person's ways, from 0
  way          text NOT NULL CHECK (way IN ('sms', 'whatsapp', 'voice')),
  until        timestamptz NOT NULL,
  sent_at      timestamptz,
  delivered_at timestamptz,
  answered_at  timestamptz,
  failed_at    timestamptz,
  problem      text,
  CHECK (failed_at IS NULL OR (delivered_at IS NULL AND answered_at IS NULL)),
  CHECK ((failed_at IS NULL) = (problem IS NULL)),
  UNIQUE (test, volunteer, way)
);
CREATE INDEX reach_check_volunteer ON dispatch.reach_check (volunteer, until);
CREATE INDEX reach_check_under_way ON dispatch.reach_check (id)
  WHERE delivered_at IS NULL AND answered_at IS NULL AND failed_at IS NULL;

-- Since when a way fails, so that what arrives by it later is known to be later.
ALTER TABLE dispatch.volunteer ADD COLUMN failing_since timestamptz;
CREATE INDEX volunteer_failing ON dispatch.volunteer (id) WHERE failing_ways <> '{}';

GRANT SELECT, INSERT ON dispatch.reach_test TO ${app};
GRANT SELECT, INSERT, UPDATE ON dispatch.reach_check TO ${app};
