-- What an operator did, for everybody to read.
CREATE TABLE operations (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    account TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL
);

-- What an operator has switched; no row is the default.
CREATE TABLE switches (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- The relayer's balance from time to time: what it spends, and so how long it lasts.
CREATE TABLE relayer_balances (
    at BIGINT PRIMARY KEY,
    balance TEXT NOT NULL
);

-- Drafts of DAOs that somebody sets up on the page; found by the digest of a cookie.
CREATE TABLE dao_drafts (
    token_digest TEXT PRIMARY KEY,
    draft TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX dao_drafts_by_time ON dao_drafts (updated_at);
