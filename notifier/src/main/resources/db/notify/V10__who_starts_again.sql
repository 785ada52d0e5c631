-- Whoever said stop gets texts again by their own word, in a reply or on their own page, or because
-- a member of staff says so and why.
ALTER TABLE notify.consent_change
  ADD COLUMN account bigint,
  ADD COLUMN why text;
ALTER TABLE notify.consent_change
  ADD CONSTRAINT started_for_a_reason CHECK (
    stopped OR how <> 'person' OR reply_id IS NOT NULL
    OR (account IS NOT NULL AND coalesce(why, '') ~ '\S'));
