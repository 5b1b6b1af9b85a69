-- The last two countries that a browser was in, as its last two networks; NULL: not known.
ALTER TABLE known_browser ADD COLUMN country TEXT;
ALTER TABLE known_browser ADD COLUMN country_before TEXT;
