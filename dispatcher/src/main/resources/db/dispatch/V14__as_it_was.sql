-- A second person confirms a need as it was when they were asked to. What a program of an older
-- version still asks beside this one says 0, which no need is: it is asked anew.
ALTER TABLE dispatch.envelope ADD COLUMN need_version int NOT NULL DEFAULT 0;
UPDATE dispatch.envelope e SET need_version = n.version FROM dispatch.need n WHERE n.id = e.need;

ALTER TABLE dispatch.ring ADD COLUMN need_version int NOT NULL DEFAULT 0;
UPDATE dispatch.ring r SET need_version = n.version FROM dispatch.need n WHERE n.id = r.need;
