GRANT USAGE ON SCHEMA dispatch TO ${app};

CREATE TABLE organisation (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code    text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
  name_ar text NOT NULL CHECK (length(name_ar) BETWEEN 1 AND 120),
  name_en text NOT NULL CHECK (length(name_en) BETWEEN 1 AND 120)
);

-- Skills and languages are codes of the vocabulary in the program; it has no more than 64 of each.
CREATE TABLE volunteer (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  phone         text NOT NULL UNIQUE CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  language      text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
  languages     text[] NOT NULL,
  skills        text[] NOT NULL,
  lon           double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
  lat           double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
  born          date,
  hours         text NOT NULL DEFAULT 'always',
  organisation  bigint REFERENCES organisation,
  active        boolean NOT NULL DEFAULT true,
  consented_at  timestamptz,
  stopped_at    timestamptz,
  paused_until  timestamptz,
  busy_from     timestamptz,
  busy_until    timestamptz,
  -- What contact there was. The figures below stood so at contact_at and fade from then on.
  last_asked_at timestamptz,
  contact_at    timestamptz NOT NULL,
  fatigue       double precision NOT NULL DEFAULT 0 CHECK (fatigue >= 0),
  yes_life      double precision NOT NULL DEFAULT 0 CHECK (yes_life >= 0),
  no_life       double precision NOT NULL DEFAULT 0 CHECK (no_life >= 0),
  yes_urgent    double precision NOT NULL DEFAULT 0 CHECK (yes_urgent >= 0),
  no_urgent     double precision NOT NULL DEFAULT 0 CHECK (no_urgent >= 0),
  yes_planned   double precision NOT NULL DEFAULT 0 CHECK (yes_planned >= 0),
  no_planned    double precision NOT NULL DEFAULT 0 CHECK (no_planned >= 0),
  registered_at timestamptz NOT NULL,
  CHECK ((busy_from IS NULL) = (busy_until IS NULL) AND busy_from <= busy_until)
) WITH (fillfactor = 80);

-- The console finds people by the beginning of any of their names, however the Arabic letters were
-- typed, and by the last digits of their phone.
CREATE FUNCTION name_letters(name text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN translate(lower(name), 'أإآٱىةؤئـ', 'اااايهوي');
CREATE FUNCTION name_words(name text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN to_tsvector('simple'::regconfig, dispatch.name_letters(name));
CREATE INDEX volunteer_name ON volunteer USING gin (name_words(name));
CREATE INDEX volunteer_phone_end ON volunteer (reverse(phone) text_pattern_ops);
CREATE INDEX volunteer_organisation ON volunteer (organisation) WHERE organisation IS NOT NULL;

-- Who has changed, one row for each statement that changed anybody, with the number of its
-- transaction: readers go by what can still commit, never by the order of the ids.
CREATE TABLE roster_change (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tx         bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
  volunteers bigint[] NOT NULL
);
CREATE INDEX roster_change_tx ON roster_change (tx, id);

-- Rows of transactions below this number may be gone: who has not read so far must read everybody.
CREATE TABLE roster_pruned (
  one   boolean PRIMARY KEY DEFAULT true CHECK (one),
  below bigint NOT NULL
);
INSERT INTO roster_pruned (below) VALUES (0);

CREATE FUNCTION tell_roster() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO dispatch.roster_change (volunteers)
  SELECT array_agg(id ORDER BY id) FROM changed HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE TRIGGER volunteer_inserted AFTER INSERT ON volunteer
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_roster();
CREATE TRIGGER volunteer_updated AFTER UPDATE ON volunteer
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_roster();
CREATE TRIGGER volunteer_deleted AFTER DELETE ON volunteer
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_roster();

GRANT SELECT, INSERT, UPDATE ON organisation, volunteer TO ${app};
GRANT SELECT, INSERT, DELETE ON roster_change TO ${app};
GRANT SELECT, UPDATE ON roster_pruned TO ${app};
