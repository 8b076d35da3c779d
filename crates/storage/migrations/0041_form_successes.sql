-- Whether a form of the website was ever seen to succeed: where not, its thank-you page may lack the tag.
ALTER TABLE tag_forms_seen ADD COLUMN successes BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tag_forms_seen_page ON tag_forms_seen (workspace_id, origin, path)
