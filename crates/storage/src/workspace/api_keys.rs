//! Keys for the REST API; only their hashes are kept (B6).

use crate::database::statements::{Row, Session, Value, all, execute, one, text, time};
use crate::error::StorageError;
use domain::value::{AccountId, ApiKeyId, Timestamp, WorkspaceId};
use domain::workspace::{ApiScope, Role};

const TABLE: &str = "api_keys";

/// A key, without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it may be used for.
    pub scopes: Vec<ApiScope>,
    /// When it stops working; never when there is none.
    pub expires_at: Option<Timestamp>,
    /// Who made it in the console; `None` for whoever runs the server.
    pub made_by: Option<AccountId>,
}

impl ApiKey {
    /// A key that may do everything and doesn't end, as whoever runs the server makes them.
    pub fn unlimited(name: &str, now: Timestamp) -> Self {
        Self {
            id: crate::ids::new(now),
            name: name.to_owned(),
            created_at: now,
            scopes: ApiScope::ALL.to_vec(),
            expires_at: None,
            made_by: None,
        }
    }
}

/// Whether a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// It does.
    Works,
    /// Its time is over.
    Expired,
    /// Whoever made it is gone.
    MakerGone,
    /// Whoever made it may no longer do what it is for.
    MakerDemoted,
}

/// A key with who made it and whether it works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// The workspace to which it gives access.
    pub workspace: WorkspaceId,
    /// The key.
    pub key: ApiKey,
    /// The address of whoever made it, while they have an account.
    pub maker: Option<String>,
    /// Whether it works.
    pub status: KeyStatus,
}

/// Keeps a new key.
pub async fn create(
    on: &impl Session,
    workspace: WorkspaceId,
    key: &ApiKey,
    key_hash: &str,
) -> Result<(), StorageError> {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.name()).collect();
    let values = vec![
        text(workspace),
        text(key.id),
        text(&key.name),
        text(key_hash),
        time(key.created_at),
        text(scopes.join(",")),
        key.expires_at.map(Timestamp::microseconds).into(),
        key.made_by.map(|maker| maker.to_string()).into(),
    ];
    let sql = "INSERT INTO api_keys
            (workspace_id, api_key_id, name, key_hash, created_at, scopes, expires_at, account_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    execute(on, sql, values).await.map(drop)
}

/// Keys with the present role of whoever made them.
const SELECT: &str = "SELECT api_keys.*, accounts.email AS maker, accounts.role AS maker_role
    FROM api_keys LEFT JOIN accounts
    ON accounts.workspace_id = api_keys.workspace_id AND accounts.account_id = api_keys.account_id";

/// The key with a hash, whether it works or not.
pub async fn find(
    on: &impl Session,
    key_hash: &str,
    now: Timestamp,
) -> Result<Option<KnownKey>, StorageError> {
    let sql = format!("{SELECT} WHERE api_keys.key_hash = $1");
    one(on, &sql, vec![text(key_hash)]).await?.map(|row| read(&row, now)).transpose()
}

/// A workspace's keys, the newest first.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<Vec<KnownKey>, StorageError> {
    let sql = format!(
        "{SELECT} WHERE api_keys.workspace_id = $1 ORDER BY api_keys.created_at DESC, api_keys.api_key_id"
    );
    let values: Vec<Value> = vec![text(workspace)];
    all(on, &sql, values).await?.iter().map(|row| read(row, now)).collect()
}

fn read(row: &Row, now: Timestamp) -> Result<KnownKey, StorageError> {
    let scopes: String = row.get("scopes")?;
    let made_by: Option<String> = row.get("account_id")?;
    let made_by = made_by.map(|id| id.parse()).transpose();
    let key = ApiKey {
        id: row.parse(TABLE, "api_key_id")?,
        name: row.get("name")?,
        created_at: row.time("created_at")?,
        // A word of a later release gives nothing here.
        scopes: scopes.split(',').filter_map(ApiScope::from_name).collect(),
        expires_at: row.optional_time("expires_at")?,
        made_by: made_by.map_err(|error: <AccountId as std::str::FromStr>::Err| {
            StorageError::Inconsistent { table: TABLE, column: "account_id", reason: error.to_string() }
        })?,
    };
    let role: Option<String> = row.get("maker_role")?;
    let status = status(&key, role.as_deref().and_then(Role::from_name), now);
    Ok(KnownKey { workspace: row.parse(TABLE, "workspace_id")?, maker: row.get("maker")?, status, key })
}

fn status(key: &ApiKey, maker: Option<Role>, now: Timestamp) -> KeyStatus {
    if key.expires_at.is_some_and(|end| end <= now) {
        return KeyStatus::Expired;
    }
    match (key.made_by, maker) {
        (None, _) => KeyStatus::Works,
        (Some(_), None) => KeyStatus::MakerGone,
        (Some(_), Some(role)) if key.scopes.iter().any(|scope| role < scope.needs()) => {
            KeyStatus::MakerDemoted
        }
        (Some(_), Some(_)) => KeyStatus::Works,
    }
}

/// Takes a key out of use, and gives its name; `None` when there is no such key.
pub async fn remove(
    on: &impl Session,
    workspace: WorkspaceId,
    key: ApiKeyId,
) -> Result<Option<String>, StorageError> {
    let sql = "DELETE FROM api_keys WHERE workspace_id = $1 AND api_key_id = $2 RETURNING name";
    one(on, sql, vec![text(workspace), text(key)]).await?.map(|row| row.get("name")).transpose()
}
