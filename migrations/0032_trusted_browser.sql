-- Until when a browser is trusted: its owner asked that it need not show the second factor again.
ALTER TABLE known_browser ADD COLUMN trusted_until BIGINT NOT NULL DEFAULT 0;
