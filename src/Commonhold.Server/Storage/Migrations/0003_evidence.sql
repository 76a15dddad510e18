-- What a member signed over the evidence that travels beside the ticket; the evidence itself is in storage until the verdict.
ALTER TABLE contributions ADD COLUMN evidence_digest TEXT NOT NULL DEFAULT '0x0000000000000000000000000000000000000000000000000000000000000000';
