-- Replies of one phone take effect in the order in which they came, whatever node reads them; and
-- one that cannot be handled is tried a few times, later each time, and then left to a person.

ALTER TABLE notify.reply
  ADD COLUMN tries smallint NOT NULL DEFAULT 0,
  ADD COLUMN try_at timestamptz;

CREATE INDEX reply_unfinished ON notify.reply (from_phone, id) WHERE state IN ('kept', 'read');

GRANT USAGE ON SEQUENCE notify.reply_id_seq TO ${app};
