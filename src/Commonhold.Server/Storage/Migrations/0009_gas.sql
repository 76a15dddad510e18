-- The most gas that the relayer spends on an operation; operations of before get what the dearest kind may take.
ALTER TABLE relay_operations ADD COLUMN most_gas BIGINT NOT NULL DEFAULT 3000000;
