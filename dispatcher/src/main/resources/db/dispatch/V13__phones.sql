-- Replies are looked up by their phones, whoever's they are: an index of some of the people cannot
-- serve that, and without one of all each reply would look at everybody.
DROP INDEX dispatch.volunteer_wrong_number;
CREATE INDEX volunteer_phone ON dispatch.volunteer (phone);
