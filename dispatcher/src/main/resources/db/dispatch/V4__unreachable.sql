-- Whoever said stop leaves what they promised; whom no text reaches may well be on their way.
ALTER TABLE dispatch.volunteer ADD COLUMN unreachable_at timestamptz;
