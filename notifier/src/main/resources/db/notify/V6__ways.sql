-- Ways besides SMS: WhatsApp and voice calls.

ALTER TABLE notify.text
  ADD COLUMN way text NOT NULL DEFAULT 'sms' CHECK (way IN ('sms', 'whatsapp', 'voice')),
  -- Which of our texts the body is and what fills it, for ways that need other words.
  ADD COLUMN wording jsonb;

-- The sender of each way besides SMS, and what one message costs by it, in the smallest unit of the
-- money that budgets are kept in. A way without a row is not open. The settings are written here.
CREATE TABLE notify.way_out (
  way text PRIMARY KEY CHECK (way IN ('whatsapp', 'voice')),
  lane text NOT NULL,
  cost integer NOT NULL CHECK (cost >= 0)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON notify.way_out TO ${app}; -- settings, as notify.route
