-- Lists that routers ask, without their rows.
CREATE TABLE router_lists (
    workspace_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    keyed_by TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, slug)
);
-- Their rows, which are replaced together.
CREATE TABLE router_list_entries (
    workspace_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    entry_key TEXT NOT NULL,
    line BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (workspace_id, slug, entry_key)
);
CREATE INDEX router_list_entries_line ON router_list_entries (workspace_id, slug, line)
