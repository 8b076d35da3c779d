//! What belongs to the org as a whole: who it is, its limits and its connected app.

use std::collections::{HashMap, HashSet};

use crate::org::ids::RecordId;
use crate::org::schema::Access;

/// The connected app that clients sign in with.
#[derive(Clone, Debug)]
pub(crate) struct ConnectedApp {
    /// The consumer key.
    pub(crate) key: String,
    /// The consumer secret.
    pub(crate) secret: String,
    /// Registered callback addresses; none means any on this machine.
    pub(crate) callbacks: Vec<String>,
    /// The public key that JWT assertions must be signed with, as DER.
    pub(crate) public_key: Option<Vec<u8>>,
    /// Whether the web-server flow must bring a code challenge.
    pub(crate) require_pkce: bool,
    /// Whether the token endpoint must be given the secret.
    pub(crate) require_secret: bool,
    /// Whether each refresh brings a new refresh token and kills the old one.
    pub(crate) rotate_refresh_tokens: bool,
    /// Whether the app exists at all.
    pub(crate) active: bool,
    /// Whether users have been let in by an administrator.
    pub(crate) admin_approved: bool,
    /// Whether the caller's address is outside the allowed ranges.
    pub(crate) ip_restricted: bool,
    /// Whether the client-credentials flow has a user to run as.
    pub(crate) client_credentials_user: bool,
}

/// Daily limits and how long a session lives.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Calls a day.
    pub(crate) daily_api_requests: u64,
    /// Batches of 10,000 rows that jobs may load a day.
    pub(crate) daily_bulk_batches: u64,
    /// Query jobs a day.
    pub(crate) daily_bulk_query_jobs: u64,
    /// Rows on one page of a query job's result, unless fewer are requested.
    pub(crate) bulk_page_rows: usize,
    /// Minutes without a call after which a session ends.
    pub(crate) session_minutes: u64,
    /// Requests that may take long at once; what the edition allows when nothing is said.
    pub(crate) concurrent_long_requests: Option<usize>,
    /// Seconds by which the search index lags behind.
    pub(crate) search_lag_seconds: i64,
    /// Megabytes of records; no limit is enforced when nothing is said.
    pub(crate) data_storage_mb: Option<u64>,
}

/// Fields that a profile may not see or not write, by object and name.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldRights {
    /// Fields that do not exist for its users.
    pub(crate) hidden: HashSet<(String, String)>,
    /// Fields that its users can only read.
    pub(crate) read_only: HashSet<(String, String)>,
}

/// Everything that holds for the whole org.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The Organization record.
    pub(crate) organization: RecordId,
    /// The user that administers the org.
    pub(crate) admin: RecordId,
    /// Every user's password.
    pub(crate) password: String,
    /// The connected app.
    pub(crate) app: ConnectedApp,
    /// Limits.
    pub(crate) limits: Limits,
    /// Fields that single profiles may not see or not write.
    pub(crate) profile_fields: HashMap<RecordId, FieldRights>,
    /// Rights that single profiles lack, by object.
    pub(crate) profile_rights: HashMap<RecordId, HashMap<String, Access>>,
    /// The picklist values that record types offer, by field; all of the field's where nothing is said.
    pub(crate) record_type_values: HashMap<RecordId, HashMap<String, Vec<String>>>,
    /// Whether a create may bring its own audit fields.
    pub(crate) set_audit_fields: bool,
    /// Whether nothing can be written just now.
    pub(crate) maintenance: bool,
    /// Records locked by a pending approval.
    pub(crate) locked_records: HashSet<RecordId>,
    /// Users who must choose a new password first.
    pub(crate) expired_passwords: HashSet<RecordId>,
    /// Whether states and countries are chosen from picklists.
    pub(crate) place_picklists: bool,
    /// Whether the edition has the API.
    pub(crate) api_enabled: bool,
    /// Users whose profile lacks the permission to use the API.
    pub(crate) users_without_api: Vec<RecordId>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            organization: RecordId::numbered("00D", 1),
            admin: RecordId::numbered("005", 1),
            password: "emulator".to_owned(),
            app: ConnectedApp {
                key: "tsugite-emulator-key".to_owned(),
                secret: "tsugite-emulator-secret".to_owned(),
                callbacks: Vec::new(),
                public_key: None,
                require_pkce: false,
                require_secret: true,
                rotate_refresh_tokens: false,
                active: true,
                admin_approved: true,
                ip_restricted: false,
                client_credentials_user: true,
            },
            limits: Limits {
                daily_api_requests: 15_000,
                daily_bulk_batches: 15_000,
                daily_bulk_query_jobs: 10_000,
                bulk_page_rows: 100_000,
                session_minutes: 120,
                concurrent_long_requests: None,
                data_storage_mb: None,
                search_lag_seconds: 0,
            },
            profile_fields: HashMap::new(),
            profile_rights: HashMap::new(),
            record_type_values: HashMap::new(),
            set_audit_fields: false,
            maintenance: false,
            locked_records: HashSet::new(),
            expired_passwords: HashSet::new(),
            place_picklists: false,
            api_enabled: true,
            users_without_api: Vec::new(),
        }
    }
}
