-- A delivery may be saved in spite of a duplicate rule that only alerts.
ALTER TABLE deliveries ADD COLUMN allow_duplicates BOOLEAN NOT NULL DEFAULT FALSE;

-- Describes tell of external ID fields from now on: every object is described again before it is relied on.
UPDATE object_descriptions SET last_modified = ''
