-- What the watch finds wrong in a fund's books stops that fund.
ALTER TABLE notify.finding DROP CONSTRAINT finding_pauses_check;
ALTER TABLE notify.finding ADD CONSTRAINT finding_pauses_check
  CHECK (pauses IN ('nothing', 'need', 'about', 'purpose', 'fund'));
