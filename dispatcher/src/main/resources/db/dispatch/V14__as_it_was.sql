-- A second person confirms a need as it was asked about: what has changed since wants a new question.
ALTER TABLE dispatch.envelope ADD COLUMN need_version int;
UPDATE dispatch.envelope e SET need_version = n.version FROM dispatch.need n WHERE n.id = e.need;
ALTER TABLE dispatch.envelope ALTER COLUMN need_version SET NOT NULL;

ALTER TABLE dispatch.ring ADD COLUMN need_version int;
UPDATE dispatch.ring r SET need_version = n.version FROM dispatch.need n WHERE n.id = r.need;
ALTER TABLE dispatch.ring ALTER COLUMN need_version SET NOT NULL;
