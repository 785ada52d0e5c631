-- What a policy saw when it decided, whole enough to decide once more and come to the same.
CREATE TABLE round (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  policy text NOT NULL,
  -- The program's own code for it: another code may decide otherwise.
  rules text NOT NULL,
  seed bigint NOT NULL,
  budget int NOT NULL,
  -- Needs on the board that was seen, of which those that mattered are kept.
  needs int NOT NULL,
  -- Whom it chose and for what, in its own order, whatever became of that.
  asked_for bigint[] NOT NULL,
  asked bigint[] NOT NULL,
  -- Needs that somebody changed while it was being thought: nothing was done about them.
  overtaken bigint[] NOT NULL,
  bytes int NOT NULL,
  board bytea, -- null: too old to be kept
  CHECK (cardinality(asked_for) = cardinality(asked))
);
-- The board comes packed.
ALTER TABLE round ALTER COLUMN board SET STORAGE EXTERNAL;
CREATE INDEX round_kept ON round (id) WHERE board IS NOT NULL;

-- Those who were chosen and not asked after all.
CREATE TABLE not_asked (
  round bigint NOT NULL REFERENCES round,
  need bigint NOT NULL REFERENCES need,
  volunteer bigint NOT NULL,
  why text NOT NULL CHECK (why IN
    ('stopped', 'unreachable', 'inactive', 'busy', 'texts', 'cost', 'expired')),
  PRIMARY KEY (round, need, volunteer)
);

ALTER TABLE decision
  -- Null: not a round's, but a person's or made for somebody who had just said yes elsewhere.
  ADD COLUMN round bigint REFERENCES round,
  -- Which wave of the call-out this was, how many places it was about, since when it ran.
  ADD COLUMN wave int,
  ADD COLUMN people int,
  ADD COLUMN since timestamptz,
  -- The full need that they had said yes to.
  ADD COLUMN instead_of bigint REFERENCES need;
CREATE INDEX decision_by_round ON decision (round) WHERE round IS NOT NULL;
CREATE INDEX offer_by_decision ON offer (decision) WHERE decision IS NOT NULL;

-- Why nobody more was asked, as last told: it is told again when it changes.
ALTER TABLE need ADD COLUMN told_why text;

GRANT SELECT, INSERT, UPDATE (board) ON round TO ${app};
GRANT SELECT, INSERT ON not_asked TO ${app};
