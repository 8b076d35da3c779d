-- The part of a team's meetings that is meant for a member.
ALTER TABLE team_members ADD COLUMN weight BIGINT NOT NULL DEFAULT 1;
-- How often a team has chosen a host. Its row is held while one is chosen.
CREATE TABLE team_turns (
    workspace_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    turns BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, team_id)
);
-- What is due to a host: the sum of the ledger's entries.
CREATE TABLE host_balances (
    workspace_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    amount BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, team_id, member_id)
);
-- Every change of what is due to a host, with its reason.
CREATE TABLE ledger_entries (
    workspace_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    booking_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (workspace_id, entry_id)
);
CREATE INDEX ledger_entries_team ON ledger_entries (workspace_id, team_id, at, entry_id);
CREATE INDEX ledger_entries_booking ON ledger_entries (workspace_id, booking_id);
