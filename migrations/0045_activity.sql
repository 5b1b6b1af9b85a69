-- What the trail does not keep of an event, for the page on which people see what happened to their account: in which
-- browser it was. It goes with the account; the event stays.
CREATE TABLE activity_detail (
  event_id BYTEA PRIMARY KEY,
  account_id BYTEA NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  at BIGINT NOT NULL,
  user_agent TEXT NOT NULL,
  is_unusual BIGINT NOT NULL
);

CREATE INDEX activity_detail_account ON activity_detail (account_id, event_id);

CREATE INDEX activity_detail_at ON activity_detail (at);
