-- By which ways somebody wants to be reached, best first; empty where they have not said. And those
-- that have failed, which come last until they work again.
ALTER TABLE volunteer
  ADD COLUMN ways text[] NOT NULL DEFAULT '{}'
    CHECK (ways <@ ARRAY['sms', 'whatsapp', 'voice'] AND cardinality(ways) <= 3),
  ADD COLUMN failing_ways text[] NOT NULL DEFAULT '{}'
    CHECK (failing_ways <@ ARRAY['sms', 'whatsapp', 'voice']);
