-- How far whoever has a place has come, and what else they said when they answered.
ALTER TABLE dispatch.offer
  ADD COLUMN eta_at timestamptz,     -- when they say that they will be there
  ADD COLUMN on_way_at timestamptz,
  ADD COLUMN arrived_at timestamptz,
  ADD COLUMN left_at timestamptz,
  ADD COLUMN party int CHECK (party BETWEEN 2 AND 500), -- how many come, they among them
  ADD COLUMN leaning boolean NOT NULL DEFAULT false,    -- a soft yes: they were asked for a time
  ADD COLUMN last_resort boolean NOT NULL DEFAULT false, -- come only if nobody else is left
  -- Checked from now on: a long table is not read through.
  ADD CONSTRAINT offer_there_has_a_place
    CHECK (coalesce(on_way_at, arrived_at, left_at) IS NULL
           OR state IN ('assigned', 'withdrawn', 'released')) NOT VALID;

-- Whoever waits to be the last may be asked for something else meanwhile.
DROP INDEX dispatch.offer_one_open;
DROP INDEX dispatch.offer_one_open_life;
CREATE UNIQUE INDEX offer_one_open ON dispatch.offer (volunteer)
  WHERE state = 'open' AND NOT life AND NOT last_resort;
CREATE UNIQUE INDEX offer_one_open_life ON dispatch.offer (volunteer)
  WHERE state = 'open' AND life AND NOT last_resort;
CREATE INDEX offer_last_resort ON dispatch.offer (need) WHERE state = 'open' AND last_resort;

-- The phone is somebody else's: it is free for its owner, and no text goes there for this person.
ALTER TABLE dispatch.volunteer
  ADD COLUMN wrong_number_at timestamptz,
  DROP CONSTRAINT volunteer_phone_key;
CREATE UNIQUE INDEX volunteer_phone_key ON dispatch.volunteer (phone)
  WHERE wrong_number_at IS NULL;
CREATE INDEX volunteer_wrong_number ON dispatch.volunteer (phone)
  WHERE wrong_number_at IS NOT NULL;
