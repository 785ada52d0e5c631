-- A need whose figures or offers are not as they must be is paused, by nobody, until a person has
-- looked and lets it go on.
ALTER TABLE dispatch.need
  DROP CONSTRAINT need_paused_why_check,
  ADD CONSTRAINT need_paused_why_check
    CHECK (paused_why IN ('person', 'texts', 'cost', 'expired', 'watch'));
ALTER TABLE dispatch.need_edit ALTER COLUMN edited_by DROP NOT NULL; -- null: the watch
