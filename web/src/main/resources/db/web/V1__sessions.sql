-- Who may come in, by which door, and what they have already asked for.
GRANT USAGE ON SCHEMA web TO ${app};

CREATE TABLE web.account (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  login      text NOT NULL UNIQUE CHECK (login = lower(login) AND length(login) BETWEEN 3 AND 80),
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  language   text NOT NULL CHECK (language IN ('ar', 'en')),
  roles      text[] NOT NULL CHECK (cardinality(roles) > 0 AND roles <@ ARRAY[
               'coordinator', 'finance', 'approver', 'auditor', 'manager', 'admin']),
  password   text,                       -- Argon2id, PHC form; NULL: cannot sign in by password
  created_at timestamptz NOT NULL,
  closed_at  timestamptz
);
GRANT SELECT, INSERT, UPDATE ON web.account TO ${app};

-- A session, a machine token and a demo link are each known by the SHA-256 of a secret only.
CREATE TABLE web.session (
  hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
  account    bigint NOT NULL REFERENCES web.account,
  created_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL
);
CREATE INDEX session_account ON web.session (account);
GRANT SELECT, INSERT, UPDATE, DELETE ON web.session TO ${app};

CREATE TABLE web.token (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash       bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  account    bigint NOT NULL REFERENCES web.account,
  role       text NOT NULL,
  label      text NOT NULL CHECK (length(label) BETWEEN 1 AND 120),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CHECK (expires_at > created_at)
);
GRANT SELECT, INSERT, UPDATE ON web.token TO ${app};

CREATE TABLE web.demo_link (
  hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
  account    bigint NOT NULL REFERENCES web.account,
  expires_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, DELETE ON web.demo_link TO ${app};

-- Tries to sign in that have not succeeded, counted before the password is looked at.
CREATE TABLE web.sign_in_try (
  subject  text PRIMARY KEY,             -- login and address together
  tries    int NOT NULL,
  since    timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON web.sign_in_try TO ${app};

-- The first answer to a request, kept under the key that its caller made.
CREATE TABLE web.request_key (
  scope      text NOT NULL,              -- whose key: 'account:7', or 'public'
  key        text NOT NULL CHECK (length(key) BETWEEN 8 AND 128),
  digest     bytea NOT NULL CHECK (length(digest) = 32),
  status     smallint,
  location   text,
  body       text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX request_key_age ON web.request_key (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON web.request_key TO ${app};
