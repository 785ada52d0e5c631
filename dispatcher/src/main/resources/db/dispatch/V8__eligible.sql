-- Proof that somebody has a skill, and how long it lasts; one of each skill, the latest word.
CREATE TABLE dispatch.qualification (
  volunteer   bigint NOT NULL REFERENCES dispatch.volunteer,
  skill       text NOT NULL,
  valid_until date, -- that day included; null: without end
  proof       text NOT NULL CHECK (length(proof) BETWEEN 1 AND 300),
  verified_by bigint NOT NULL,
  verified_at timestamptz NOT NULL,
  PRIMARY KEY (volunteer, skill)
);

-- What changes of a qualification changes its volunteer for the roster.
CREATE FUNCTION dispatch.tell_roster_of_qualification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO dispatch.roster_change (volunteers)
  SELECT array_agg(DISTINCT volunteer ORDER BY volunteer) FROM changed HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER qualification_inserted AFTER INSERT ON dispatch.qualification
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION dispatch.tell_roster_of_qualification();
CREATE TRIGGER qualification_updated AFTER UPDATE ON dispatch.qualification
  REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION dispatch.tell_roster_of_qualification();
CREATE TRIGGER qualification_deleted AFTER DELETE ON dispatch.qualification
  REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION dispatch.tell_roster_of_qualification();

-- A partner keeps its own volunteers from being asked for these kinds of call for a while.
CREATE TABLE dispatch.organisation_rule (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation bigint NOT NULL REFERENCES dispatch.organisation,
  kinds        text[] NOT NULL
    CHECK (kinds <@ ARRAY['life', 'urgent', 'planned'] AND cardinality(kinds) > 0),
  from_at      timestamptz NOT NULL,
  until        timestamptz CHECK (until > from_at), -- null: until somebody closes it
  why_ar       text NOT NULL CHECK (length(why_ar) BETWEEN 1 AND 200),
  why_en       text NOT NULL CHECK (length(why_en) BETWEEN 1 AND 200),
  added_by     bigint NOT NULL,
  added_at     timestamptz NOT NULL,
  closed_by    bigint,
  closed_at    timestamptz,
  CHECK ((closed_by IS NULL) = (closed_at IS NULL))
);
CREATE INDEX organisation_rule_open ON dispatch.organisation_rule (organisation)
  WHERE closed_at IS NULL;

-- Whether only those may come whose skills are proven, and from which age on.
ALTER TABLE dispatch.need
  ADD COLUMN proof boolean NOT NULL DEFAULT false,
  ADD COLUMN age_least int NOT NULL DEFAULT 18 CHECK (age_least BETWEEN 16 AND 70);

GRANT SELECT, INSERT, UPDATE ON dispatch.qualification, dispatch.organisation_rule TO ${app};
