-- Addresses that a mail server has refused for good, until it takes mail for them again.
CREATE TABLE mail_bounce (
  address_key TEXT PRIMARY KEY,
  reply BIGINT NOT NULL,
  bounced_at BIGINT NOT NULL
);
