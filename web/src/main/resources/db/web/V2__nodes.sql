-- The nodes that run on this database, as they say themselves each second; a sign of life is no
-- domain time, so it is the database's own clock.
CREATE TABLE web.node (
  name     text PRIMARY KEY,             -- new at each start
  host     text NOT NULL,
  port     int NOT NULL,
  version  text NOT NULL,
  since    timestamptz NOT NULL,
  seen_at  timestamptz NOT NULL,
  left_at  timestamptz                   -- it went in peace
);
CREATE INDEX node_seen ON web.node (seen_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON web.node TO ${app};
