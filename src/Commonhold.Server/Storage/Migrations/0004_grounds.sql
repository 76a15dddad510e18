-- What a verdict's report says of the account, beside the report itself: how well it is proved (0 wallet … 6 openid), and what it was paid before.
ALTER TABLE verdicts ADD COLUMN level BIGINT NOT NULL DEFAULT 0;
ALTER TABLE verdicts ADD COLUMN paid_before TEXT NOT NULL DEFAULT '0';
