ALTER TABLE bookings ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
CREATE INDEX bookings_created ON bookings (workspace_id, created_at, booking_id);
CREATE INDEX bookings_start ON bookings (workspace_id, start_at, booking_id);
ALTER TABLE audit_log ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_log_at ON audit_log (workspace_id, at, entry_id);
CREATE INDEX inbox_messages_unread ON inbox_messages (workspace_id, inbox_message_id) WHERE NOT is_read;
CREATE INDEX deliveries_updated ON deliveries (workspace_id, state, updated_at, delivery_id);
CREATE TABLE saved_views (
    workspace_id TEXT NOT NULL,
    saved_view_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    is_shared BOOLEAN NOT NULL,
    removed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, saved_view_id)
);
CREATE INDEX saved_views_list ON saved_views (workspace_id, list);
CREATE TABLE ignored_deliveries (
    workspace_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    ignored_by TEXT NOT NULL,
    ignored_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, delivery_id)
);
