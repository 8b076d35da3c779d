-- Addresses that get no mailing, by their hash: this outlives the person.
CREATE TABLE suppressions (
    workspace_id TEXT NOT NULL,
    email_hash TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, email_hash, reason)
);
-- Mails that came back, and complaints: once for each recipient and kind.
CREATE TABLE mail_bounces (
    workspace_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    email_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, recipient_id, kind)
);
CREATE INDEX mail_bounces_email ON mail_bounces (workspace_id, email_hash, at);
