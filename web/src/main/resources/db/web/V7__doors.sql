-- A code opens one door: a volunteer's own page, or the statement of what a phone has given. The
-- giver has no account, so the proof itself is the key, for as long as it is good after its use.
ALTER TABLE web.phone_code ADD COLUMN door text NOT NULL DEFAULT 'volunteer'
  CONSTRAINT phone_code_door CHECK (door IN ('volunteer', 'giver'));
