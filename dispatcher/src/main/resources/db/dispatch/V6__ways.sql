-- By which ways somebody wants to be reached, best first; empty where they have not said. And those
-- that have failed, which come last until they work again.
ALTER TABLE volunteer
  ADD COLUMN ways text[] NOT NULL DEFAULT '{}'
    CHECK (ways <@ ARRAY['sms', 'whatsapp', 'voice'] AND cardinality(ways) <= 3),
  ADD COLUMN failing_ways text[] NOT NULL DEFAULT '{}'
    CHECK (failing_ways <@ ARRAY['sms', 'whatsapp', 'voice']);

-- Whoever is silent while lives are at risk is looked at once more: since when, and whether they
-- were called then, which counts as one more text of the envelope.
ALTER TABLE offer
  ADD COLUMN looked_at timestamptz,
  ADD COLUMN called boolean NOT NULL DEFAULT false CHECK (NOT called OR looked_at IS NOT NULL);
CREATE INDEX offer_silent ON offer (asked_at)
  WHERE life AND state = 'open' AND looked_at IS NULL;
