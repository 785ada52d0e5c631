-- Texts are written in Urdu too.

ALTER TABLE notify.text
  DROP CONSTRAINT text_language_check,
  ADD CONSTRAINT text_language_check CHECK (language IN ('ar', 'en', 'ur'));
