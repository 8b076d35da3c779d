CREATE TABLE schema_migrations (
    version BIGINT NOT NULL PRIMARY KEY,
    checksum TEXT NOT NULL
);
CREATE TABLE workspaces (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE accounts (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id),
    account_id TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, account_id)
);
CREATE TABLE sessions (
    workspace_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    token_hash TEXT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE TABLE sign_in_tries (
    name_hash TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL,
    tries BIGINT NOT NULL
);
CREATE TABLE api_keys (
    workspace_id TEXT NOT NULL,
    api_key_id TEXT NOT NULL,
    name TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, api_key_id)
);
CREATE TABLE audit_log (
    workspace_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (workspace_id, entry_id)
);
CREATE TABLE inbox_messages (
    workspace_id TEXT NOT NULL,
    inbox_message_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    notice TEXT NOT NULL,
    at BIGINT NOT NULL,
    is_read BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, inbox_message_id)
);
CREATE TABLE settings (
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, name)
);
CREATE TABLE teams (
    workspace_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    PRIMARY KEY (workspace_id, team_id)
);
CREATE TABLE members (
    workspace_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);
CREATE TABLE team_members (
    workspace_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, team_id, member_id)
);
CREATE TABLE booking_pages (
    workspace_id TEXT NOT NULL,
    page_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, page_id)
);
CREATE TABLE bookings (
    workspace_id TEXT NOT NULL,
    booking_id TEXT NOT NULL,
    page_id TEXT NOT NULL,
    state TEXT NOT NULL,
    start_at BIGINT NOT NULL,
    email_key TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, booking_id)
);
CREATE TABLE booked_cells (
    workspace_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    cell BIGINT NOT NULL,
    booking_id TEXT NOT NULL,
    PRIMARY KEY (workspace_id, member_id, cell)
);
CREATE TABLE idempotency_keys (
    workspace_id TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    booking_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, idempotency_key)
);
CREATE TABLE deliveries (
    workspace_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    exclusive_key TEXT,
    after_delivery TEXT,
    state TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    open_attempt TEXT,
    records TEXT NOT NULL,
    dropped_fields TEXT NOT NULL,
    search_until BIGINT,
    explanation TEXT NOT NULL,
    error_code TEXT,
    retry_singly BOOLEAN NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, delivery_id)
);
CREATE TABLE timeline (
    workspace_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    delivery_id TEXT,
    at BIGINT NOT NULL,
    step TEXT NOT NULL,
    PRIMARY KEY (workspace_id, entry_id)
);
CREATE TABLE connections (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    consumer_key TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    secrets TEXT NOT NULL,
    token_version BIGINT NOT NULL,
    refresh_lease_until BIGINT NOT NULL,
    connected_at BIGINT NOT NULL
);
CREATE TABLE connection_attempts (
    workspace_id TEXT NOT NULL,
    state_hash TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    secrets TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE org_leases (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    claimed_by TEXT NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    paused_until BIGINT NOT NULL
);
CREATE TABLE api_usage (
    workspace_id TEXT NOT NULL,
    day TEXT NOT NULL,
    feature TEXT NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, day, feature)
);
CREATE TABLE object_descriptions (
    workspace_id TEXT NOT NULL,
    object TEXT NOT NULL,
    body TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    fetched_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, object)
);
CREATE TABLE org_requests (
    workspace_id TEXT NOT NULL,
    org_request_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    question TEXT NOT NULL,
    state TEXT NOT NULL,
    answer TEXT,
    created_at BIGINT NOT NULL,
    claimed_by TEXT NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, org_request_id)
);
CREATE TABLE runs (
    workspace_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    receipt TEXT NOT NULL,
    reason TEXT,
    claimed_by TEXT NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, run_id)
);
CREATE TABLE schedules (
    workspace_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, kind)
);
CREATE TABLE mirrors (
    workspace_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    generation BIGINT NOT NULL,
    body TEXT NOT NULL,
    refreshed_at BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, stream)
);
CREATE TABLE mirror_partitions (
    workspace_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    generation BIGINT NOT NULL,
    number BIGINT NOT NULL UNIQUE,
    PRIMARY KEY (workspace_id, stream, generation)
);
CREATE TABLE mirror_layouts (
    workspace_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    names TEXT NOT NULL,
    PRIMARY KEY (workspace_id, number),
    UNIQUE (workspace_id, names)
);
CREATE TABLE mirror_rows (
    partition_id BIGINT NOT NULL,
    system_modstamp BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    record_id TEXT NOT NULL,
    match_key TEXT,
    state TEXT NOT NULL,
    successor_id TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (partition_id, record_id)
);
CREATE TABLE mirror_keys (
    partition_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    part TEXT NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (partition_id, bucket, part)
);
CREATE TABLE mirror_changes (
    workspace_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    record_id TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (workspace_id, stream, record_id, changed_at)
);
CREATE TABLE run_checkpoints (
    workspace_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (workspace_id, run_id, stream)
);
CREATE TABLE mirror_seen (
    workspace_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    record_id TEXT NOT NULL,
    PRIMARY KEY (workspace_id, stream, record_id)
);
CREATE TABLE outgoing_messages (
    workspace_id TEXT NOT NULL,
    outgoing_message_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    language TEXT NOT NULL,
    group_key TEXT NOT NULL,
    notice TEXT NOT NULL,
    repeats BIGINT NOT NULL,
    happened_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    answer TEXT,
    claimed_by TEXT NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, outgoing_message_id)
);
CREATE TABLE inbox_days (
    workspace_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (workspace_id, kind)
);
CREATE TABLE tags (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    tag_key TEXT NOT NULL UNIQUE,
    active TEXT NOT NULL
);
CREATE TABLE engagement_snapshots (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    body TEXT NOT NULL,
    refreshed_at BIGINT NOT NULL
);
CREATE TABLE engagement_members (
    workspace_id TEXT NOT NULL,
    generation BIGINT NOT NULL,
    email_key TEXT NOT NULL,
    list_id BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, generation, email_key, list_id)
);
CREATE INDEX sign_in_tries_since ON sign_in_tries (since);
CREATE UNIQUE INDEX booking_pages_slug ON booking_pages (workspace_id, team_id, slug);
CREATE INDEX booked_cells_booking ON booked_cells (workspace_id, booking_id);
CREATE INDEX deliveries_due ON deliveries (workspace_id, state, due_at);
CREATE INDEX deliveries_subject ON deliveries (workspace_id, subject_kind, subject_id);
CREATE INDEX deliveries_unresolved ON deliveries (workspace_id, exclusive_key)
    WHERE exclusive_key IS NOT NULL AND open_attempt IS NOT NULL;
CREATE INDEX timeline_subject ON timeline (workspace_id, subject_kind, subject_id, entry_id);
CREATE INDEX org_requests_state ON org_requests (state, created_at);
CREATE UNIQUE INDEX runs_one_at_a_time ON runs (workspace_id, kind) WHERE state IN ('waiting', 'running');
CREATE INDEX runs_to_do ON runs (state, lease_until);
CREATE INDEX schedules_next ON schedules (next_at);
CREATE UNIQUE INDEX outgoing_messages_waiting ON outgoing_messages (workspace_id, channel, recipient, group_key) WHERE state = 'waiting';
CREATE INDEX outgoing_messages_due ON outgoing_messages (state, due_at);
CREATE INDEX outgoing_messages_group ON outgoing_messages (workspace_id, channel, recipient, group_key, happened_at);
INSERT INTO schema_migrations VALUES (1, 'FHrgTSBU6caD2j0KSYsz9dFbGcbB4Q8gyhdnK5nwpjI');
INSERT INTO workspaces VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', 'kept', '継手デモ株式会社', 'Asia/Tokyo', 'ja', 1779440400000000);
INSERT INTO accounts VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-7a46-84c1-26e523d3177b', 'owner@example.co.jp', 'owner@example.co.jp', '持主', '-', 'owner', 'ja', 1779440400000000);
INSERT INTO audit_log VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-765c-a584-76d85ed619b6', 1779440400000000, 'owner@example.co.jp', 'booking-made', '{"page":"営業/デモ"}');
INSERT INTO inbox_messages VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-7452-8c23-fad8728a71b5', 'api-limit-near', '{"kind":"api_limit_near","subject":null,"cause":null,"message":{"code":"api-limit-near"}}', 1779440400000000, FALSE);
INSERT INTO settings VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', 'salesforce', '{"todo":{"enabled":true,"lag_minutes":7,"subject":"【面談予約】{{company}} {{name}} 様","comment":"日時: {{start}} 〜 {{end}}\n会社名: {{company}}\n氏名: {{name}}\nメール: {{email}}\n担当: {{hosts}}\n\n{{answers}}"},"campaign":{"enabled":false,"campaign_id":""},"search_order":"lead_first","rescue":{"enabled":false,"every_minutes":10,"for_hours":24}}', 1779440400000000);
INSERT INTO bookings VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-70a0-87f7-444e883213a4', '019e4ee9-b680-7462-93da-783ba8d763dd', 'confirmed', 1779444000000000, 'taro@example.co.jp', '{"id":"019e4ee9-b680-70a0-87f7-444e883213a4","page":"019e4ee9-b680-7462-93da-783ba8d763dd","page_path":"sales/demo","title":"製品デモ","start":"2026-05-22T10:00:00Z","end":"2026-05-22T10:30:00Z","time_zone":"Asia/Tokyo","attendee":{"email":"taro@example.co.jp","name":"山田 太郎","company":"山田商事"},"guests":[],"hosts":[{"member":"019e4ee9-b680-74c9-acf9-d75f03b49b89","name":"佐藤 遥","email":"haruka.sato@tsugite.example"}],"answers":{},"language":"ja","state":"confirmed","external_id":null,"created_at":"2026-05-22T09:00:00Z"}', 1779440400000000);
INSERT INTO booked_cells VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-74c9-acf9-d75f03b49b89', 5931480, '019e4ee9-b680-70a0-87f7-444e883213a4');
INSERT INTO booked_cells VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-74c9-acf9-d75f03b49b89', 5931481, '019e4ee9-b680-70a0-87f7-444e883213a4');
INSERT INTO booked_cells VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-74c9-acf9-d75f03b49b89', 5931482, '019e4ee9-b680-70a0-87f7-444e883213a4');
INSERT INTO booked_cells VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-74c9-acf9-d75f03b49b89', 5931483, '019e4ee9-b680-70a0-87f7-444e883213a4');
INSERT INTO booked_cells VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-74c9-acf9-d75f03b49b89', 5931484, '019e4ee9-b680-70a0-87f7-444e883213a4');
INSERT INTO booked_cells VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-74c9-acf9-d75f03b49b89', 5931485, '019e4ee9-b680-70a0-87f7-444e883213a4');
INSERT INTO deliveries VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-72e2-afb1-a1455e94badb', 'booking', '019e4ee9-b680-70a0-87f7-444e883213a4', 'todo', NULL, NULL, 'due', 1779440400000000, 0, '{"org_time":"2026-05-22T09:00:00Z","sent_at":"2026-05-22T09:00:00Z","writes":[{"write":"create","object":"Task","fields":{"Description":"製品デモ\n\n[tsugite:019e4ee9-b680-72e2-afb1-a1455e94badb]"},"required":["Description"],"recovery":{"marker":{"field":"Description"}},"on_duplicate":"fail","assignment":"as_written"}]}', '[]', '[]', NULL, '[]', NULL, FALSE, 1779440400000000);
INSERT INTO timeline VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-7839-902f-944822a520a6', 'booking', '019e4ee9-b680-70a0-87f7-444e883213a4', NULL, 1779440400000000, '{"code":"booking-made","data":{"page":"営業/デモ"}}');
INSERT INTO runs VALUES ('019e4ee9-b680-7d1a-bac7-1396dbfb303f', '019e4ee9-b680-75e8-a934-778003c5a986', 'synced_fields', 'manual', 'waiting', 1779440400000000, NULL, NULL, '{"calls":0,"bytes":0,"everything":[],"expected":{},"received":{},"changed":0,"unchanged":0,"failed":0,"gone":{},"covered_until":null,"left_out":[]}', NULL, '', 0, 0);
