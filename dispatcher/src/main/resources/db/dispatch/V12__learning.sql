-- How people answer: counts of yes beside the yes that were to be expected, for kinds of call,
-- distances, hours and recent texts; how late answers come by each way; who comes that promised to.
-- What simulated people taught is kept apart from real ones.
CREATE TABLE dispatch.learned (
  simulated boolean NOT NULL,
  about text NOT NULL,
  bin int NOT NULL CHECK (bin >= 0),
  yes double precision NOT NULL,
  trials double precision NOT NULL,
  squares double precision NOT NULL,
  -- The figures stood so at this time and count half after sixty days.
  at timestamptz NOT NULL,
  PRIMARY KEY (simulated, about, bin)
);
GRANT SELECT, INSERT, UPDATE ON dispatch.learned TO ${app};

-- Answers and delays that were learned before are not lost: they stand for those of texts.
INSERT INTO dispatch.learned (simulated, about, bin, yes, trials, squares, at)
SELECT simulated, 'kind', CASE priority WHEN 'life' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END,
  yes, trials, 0, clock_timestamp()
FROM dispatch.answer_rate
UNION ALL
SELECT simulated, 'delay', 0, sum(answers), sum(log_delays), sum(log_delays_squared),
  clock_timestamp()
FROM dispatch.answer_rate GROUP BY simulated;
DROP TABLE dispatch.answer_rate;

ALTER TABLE dispatch.offer
  -- How much distance, hour and recent texts left of the person's own rate.
  ADD COLUMN ease double precision NOT NULL DEFAULT 1 CHECK (ease > 0),
  -- How often they had been asked for anything, fading.
  ADD COLUMN asked_before double precision NOT NULL DEFAULT 0,
  ADD COLUMN way text NOT NULL DEFAULT 'sms';

-- Whether those with a place came was counted.
ALTER TABLE dispatch.need ADD COLUMN shows_counted boolean NOT NULL DEFAULT false;
CREATE INDEX need_shows ON dispatch.need (id) WHERE state = 'closed' AND NOT shows_counted;

-- A chance as it was calculated, before it was pulled to what came of earlier forecasts.
ALTER TABLE dispatch.forecast
  ADD COLUMN calculated double precision NOT NULL DEFAULT 0 CHECK (calculated BETWEEN 0 AND 1);
UPDATE dispatch.forecast SET calculated = chance;
