//! Which keys stored secrets need, and storing them with the first one (C7).

use crate::database::pool::Database;
use crate::database::statements::{all, execute, text};
use crate::error::StorageError;
use crate::secret::vault::{KeyState, Vault};
use secrecy::ExposeSecret as _;
use serde_json::Value as Json;

/// A column that holds secrets; a test compares the list with the code that seals.
struct Place {
    table: &'static str,
    column: &'static str,
    /// What, besides the workspace, names a row.
    key: &'static str,
    /// The only key whose row holds secrets, if not all do.
    only: Option<&'static str>,
    shape: Shape,
    /// The place that a secret is sealed for: `{workspace}` and `{name}` stand for what they say.
    sealed_for: &'static str,
    /// Others expire within the hour and need no keeping.
    lasts: bool,
}

/// How secrets stand in a column.
#[derive(Clone, Copy)]
enum Shape {
    /// One.
    Plain,
    /// One as a JSON text, or null.
    JsonText,
    /// Several by name, as a JSON object.
    JsonObject,
}

const PLACES: [Place; 4] = [
    Place {
        table: "form_drafts",
        column: "secrets",
        key: "form_draft_id",
        only: None,
        shape: Shape::Plain,
        sealed_for: "form_drafts/{workspace}/draft",
        lasts: false,
    },
    Place {
        table: "connections",
        column: "secrets",
        key: "workspace_id",
        only: None,
        shape: Shape::JsonObject,
        sealed_for: "connections/{workspace}/{name}",
        lasts: true,
    },
    Place {
        table: "connection_attempts",
        column: "secrets",
        key: "state_hash",
        only: None,
        shape: Shape::Plain,
        sealed_for: "connections/{workspace}/attempt",
        lasts: false,
    },
    Place {
        table: "settings",
        column: "body",
        key: "name",
        only: Some("slack_webhook"),
        shape: Shape::JsonText,
        sealed_for: "settings/{workspace}/slack_webhook",
        lasts: true,
    },
];

/// Secrets that need a key which isn't configured.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingKey {
    /// The workspace's name on the command line.
    pub workspace: String,
    /// Where they are.
    pub table: &'static str,
    /// The key's name, or what stands in its place.
    pub key: String,
}

/// What was done to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Which.
    pub table: &'static str,
    /// Rows that are stored with the first key now.
    pub rotated: u64,
    /// Rows that were before.
    pub current: u64,
    /// Rows that need a key which isn't configured; they stay as they are.
    pub unreadable: u64,
}

struct Stored {
    workspace: String,
    slug: String,
    key: String,
    sealed: String,
}

/// The secrets that can't be read with the configured keys, of those that last.
pub async fn missing_keys(database: &Database) -> Result<Vec<MissingKey>, StorageError> {
    let mut missing = Vec::new();
    for place in PLACES.iter().filter(|place| place.lasts) {
        for row in stored(database, place).await? {
            for (_, sealed) in secrets(place.shape, &row.sealed) {
                if let KeyState::Unknown(key) = database.vault().key_of(&sealed) {
                    missing.push(MissingKey { workspace: row.slug.clone(), table: place.table, key });
                }
            }
        }
    }
    missing.sort();
    missing.dedup();
    Ok(missing)
}

/// How many rows are stored with a configured key that isn't the first.
pub async fn with_older_keys(database: &Database) -> Result<u64, StorageError> {
    let mut count = 0;
    for place in PLACES.iter().filter(|place| place.lasts) {
        for row in stored(database, place).await? {
            let older = |(_, sealed): &(String, String)| database.vault().key_of(sealed) == KeyState::Older;
            count += u64::from(secrets(place.shape, &row.sealed).iter().any(older));
        }
    }
    Ok(count)
}

/// Stores everything with the first key, row by row: broken off, it goes on where it was.
pub async fn rotate(database: &Database) -> Result<Vec<Rotated>, StorageError> {
    let mut done = Vec::new();
    for place in &PLACES {
        done.push(rotate_place(database, place).await?);
    }
    Ok(done)
}

async fn rotate_place(database: &Database, place: &Place) -> Result<Rotated, StorageError> {
    /// Secrets that a server renews at the same moment are looked at once more, a few times.
    const MAX_PASSES: u32 = 5;
    let mut result = Rotated { table: place.table, rotated: 0, current: 0, unreadable: 0 };
    for pass in 0..MAX_PASSES {
        result.unreadable = 0;
        let mut changed_meanwhile = false;
        for row in stored(database, place).await? {
            let states: Vec<KeyState> = secrets(place.shape, &row.sealed)
                .iter()
                .map(|(_, sealed)| database.vault().key_of(sealed))
                .collect();
            if states.iter().any(|state| matches!(state, KeyState::Unknown(_))) {
                result.unreadable += 1;
            } else if states.contains(&KeyState::Older) {
                let saved = save(database, place, &row).await?;
                result.rotated += u64::from(saved);
                changed_meanwhile |= !saved;
            } else if pass == 0 {
                result.current += 1;
            }
        }
        if !changed_meanwhile {
            break;
        }
    }
    Ok(result)
}

/// Seals a row's secrets again; `false` when somebody has changed it since it was read.
async fn save(database: &Database, place: &Place, row: &Stored) -> Result<bool, StorageError> {
    let sealed = sealed_again(database.vault(), place, row)?;
    let Place { table, column, key, .. } = place;
    let sql =
        format!("UPDATE {table} SET {column} = $4 WHERE workspace_id = $1 AND {key} = $2 AND {column} = $3");
    let write = database.write().await?;
    let values = vec![text(&row.workspace), text(&row.key), text(&row.sealed), text(&sealed)];
    let saved = execute(&write, &sql, values).await? == 1;
    write.commit().await?;
    Ok(saved)
}

fn sealed_again(vault: &Vault, place: &Place, row: &Stored) -> Result<String, StorageError> {
    let mut again = serde_json::Map::new();
    for (name, sealed) in secrets(place.shape, &row.sealed) {
        let sealed_for = place.sealed_for.replace("{workspace}", &row.workspace).replace("{name}", &name);
        let secret = vault.open(&sealed_for, &sealed)?;
        again.insert(name, Json::String(vault.seal(&sealed_for, secret.expose_secret())?));
    }
    let only = |again: &serde_json::Map<String, Json>| again.get("").cloned().unwrap_or_default();
    Ok(match place.shape {
        Shape::Plain => only(&again).as_str().unwrap_or_default().to_owned(),
        Shape::JsonText => only(&again).to_string(),
        Shape::JsonObject => Json::Object(again).to_string(),
    })
}

/// What a column holds, by name; the name of a single one is empty.
fn secrets(shape: Shape, stored: &str) -> Vec<(String, String)> {
    let json = || serde_json::from_str::<Json>(stored).unwrap_or_else(|_| Json::String(stored.to_owned()));
    match shape {
        Shape::Plain => vec![(String::new(), stored.to_owned())],
        Shape::JsonText => match json() {
            Json::String(sealed) => vec![(String::new(), sealed)],
            _ => Vec::new(),
        },
        Shape::JsonObject => match json() {
            Json::Object(fields) => {
                let text = |value: Json| value.as_str().unwrap_or_default().to_owned();
                fields.into_iter().map(|(name, value)| (name, text(value))).collect()
            }
            other => vec![(String::new(), other.to_string())],
        },
    }
}

async fn stored(database: &Database, place: &Place) -> Result<Vec<Stored>, StorageError> {
    let Place { table, column, key, only, .. } = place;
    let sql = format!(
        "SELECT {table}.workspace_id AS workspace, workspaces.slug AS slug, {table}.{key} AS row_key,
            {table}.{column} AS sealed
        FROM {table} JOIN workspaces ON workspaces.workspace_id = {table}.workspace_id
        ORDER BY {table}.workspace_id, {table}.{key}",
    );
    let rows = all(&database.read(), &sql, Vec::new()).await?;
    let stored: Vec<Stored> = rows
        .iter()
        .map(|row| {
            Ok(Stored {
                workspace: row.get("workspace")?,
                slug: row.get("slug")?,
                key: row.get("row_key")?,
                sealed: row.get("sealed")?,
            })
        })
        .collect::<Result<_, StorageError>>()?;
    Ok(stored.into_iter().filter(|row| only.is_none_or(|only| row.key == only)).collect())
}
