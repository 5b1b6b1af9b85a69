-- What events say of somebody is sealed with a key that goes with the account, so that nobody can read it afterwards;
-- the chain is over what is stored and needs no key. The pseudonym is random: it leads to an account through this row.
CREATE TABLE audit_key (
  account_id BYTEA PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  pseudonym BYTEA NOT NULL UNIQUE,
  key_sealed BYTEA NOT NULL
);

-- The same for events about nobody who has an account, by the month in which they happened.
CREATE TABLE audit_month_key (
  month BIGINT PRIMARY KEY,
  key_sealed BYTEA NOT NULL
);

ALTER TABLE audit_event ADD COLUMN account_pseudonym BYTEA;

ALTER TABLE audit_event ADD COLUMN actor_pseudonym BYTEA;

-- NULL: an older event, which has all it says in the columns of migration 0010. Later ones leave account_id, actor_id
-- and session_id empty.
ALTER TABLE audit_event ADD COLUMN account_sealed BYTEA;

ALTER TABLE audit_event ADD COLUMN actor_sealed BYTEA;

CREATE INDEX audit_event_account_pseudonym ON audit_event (account_pseudonym, id) WHERE account_pseudonym IS NOT NULL;

DROP INDEX audit_event_account;

CREATE INDEX audit_event_account ON audit_event (account_id, id) WHERE account_id IS NOT NULL;
