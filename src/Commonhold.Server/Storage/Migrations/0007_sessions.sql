-- Who is signed in. The cookie's token is not here, only its SHA-256; the nonce is the sign-in message's and opens one session only,
-- so a row stays until it expires, also after the person signed out.
CREATE TABLE sessions (
    nonce TEXT PRIMARY KEY,
    token_digest TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
