-- Somebody asked for a code to a phone. The request is known by the SHA-256 of a cookie's secret,
-- the code by that of the two together; a phone that nobody has gets no code, ever.
CREATE TABLE web.phone_code (
  request    bytea PRIMARY KEY CHECK (length(request) = 32),
  phone      text NOT NULL,
  volunteer  bigint,                     -- who wants this phone for theirs; NULL: to come in
  code       bytea CHECK (length(code) = 32),
  tries      int NOT NULL DEFAULT 0,
  asked_at   timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  handled_at timestamptz,                -- the text with the code is written, or none is due
  used_at    timestamptz
);
CREATE INDEX phone_code_waiting ON web.phone_code (asked_at) WHERE handled_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON web.phone_code TO ${app};

-- When codes were asked for lately: of a number, from an address, for numbers that begin alike.
CREATE TABLE web.code_asked (
  subject text PRIMARY KEY,
  times   timestamptz[] NOT NULL,
  last_at timestamptz NOT NULL
);
CREATE INDEX code_asked_age ON web.code_asked (last_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON web.code_asked TO ${app};

-- The doors of volunteers, to their own page only.
CREATE TABLE web.volunteer_session (
  hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
  volunteer  bigint NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL
);
CREATE INDEX volunteer_session_volunteer ON web.volunteer_session (volunteer);
GRANT SELECT, INSERT, UPDATE, DELETE ON web.volunteer_session TO ${app};
