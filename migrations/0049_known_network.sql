-- Where a browser was when it was last seen, and before that: "203.0.113.0/24". NULL: not known, as of all those that
-- are older than this column.
ALTER TABLE known_browser ADD COLUMN network TEXT;
ALTER TABLE known_browser ADD COLUMN network_before TEXT;
