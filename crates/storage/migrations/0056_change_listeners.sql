-- Who listens to a workspace's change events, one node at a time, and how that stands.
CREATE TABLE change_listeners (
    workspace_id TEXT PRIMARY KEY,
    claimed_by TEXT NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    position TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    retry_at BIGINT NOT NULL,
    heard_at BIGINT NOT NULL
);
