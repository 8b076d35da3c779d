//! Forms of the website as the tag saw them, by page, name and fields.

use crate::database::statements::{Row, Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use crate::secret::token_hash;
use domain::tag::{ReportedField, ReportedForm};
use domain::value::{Timestamp, WorkspaceId};

const TABLE: &str = "tag_forms_seen";
/// Forms that are remembered.
const MAX_FORMS: i64 = 1_000;

/// A form of the website.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormSeen {
    /// The key under which it is kept.
    pub key: String,
    /// Its site.
    pub origin: String,
    /// The path of its page.
    pub path: String,
    /// Its name or ID in the page.
    pub name: String,
    /// The mapped form that it was taken for; empty if for none.
    pub form_id: String,
    /// Its fields, without what was typed.
    pub fields: Vec<ReportedField>,
    /// When it was first sent.
    pub first_seen_at: Timestamp,
    /// When it was last sent.
    pub last_seen_at: Timestamp,
    /// Attempts and conversions.
    pub submissions: i64,
    /// Conversions among them.
    pub successes: i64,
    /// People were told that it fell silent.
    pub is_told_silent: bool,
}

/// The key of a form: another one if its page, its name or the names of its fields are others.
pub fn key(origin: &str, form: &ReportedForm) -> String {
    let mut names: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let all = serde_json::json!([origin, form.path, form.name, names]).to_string();
    token_hash::of_token(&all).chars().take(22).collect()
}

/// Takes note that a form was sent; `is_new` tells the first report of an attempt, `succeeds` the one that makes it a
/// conversion.
pub async fn note(
    on: &crate::Write,
    workspace: WorkspaceId,
    seen: &FormSeen,
    (is_new, succeeds): (bool, bool),
) -> Result<(), StorageError> {
    let sql = "UPDATE tag_forms_seen SET last_seen_at = $3, submissions = submissions + $4, form_id = $5,
            successes = successes + $6
        WHERE workspace_id = $1 AND form_key = $2";
    let (count, successes) = (i64::from(is_new), i64::from(succeeds));
    let values = vec![
        text(workspace),
        text(&seen.key),
        time(seen.last_seen_at),
        count.into(),
        text(&seen.form_id),
        successes.into(),
    ];
    if execute(on, sql, values).await? > 0 {
        return Ok(());
    }
    let sql = "SELECT form_key FROM tag_forms_seen WHERE workspace_id = $1 LIMIT 1 OFFSET $2";
    if one(on, sql, vec![text(workspace), (MAX_FORMS - 1).into()]).await?.is_some() {
        // What nobody mapped and never succeeded makes room first: anybody can name forms.
        let sql = "DELETE FROM tag_forms_seen WHERE workspace_id = $1 AND form_key IN (SELECT form_key
            FROM tag_forms_seen WHERE workspace_id = $1
            ORDER BY CASE WHEN form_id <> '' THEN 2 WHEN successes > 0 THEN 1 ELSE 0 END, last_seen_at, form_key LIMIT 1)";
        execute(on, sql, vec![text(workspace)]).await?;
    }
    let sql = "INSERT INTO tag_forms_seen (workspace_id, form_key, origin, path, name, form_id, fields, first_seen_at,
            last_seen_at, submissions, silent_told_at, successes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, 0, $10)
        ON CONFLICT (workspace_id, form_key) DO UPDATE
        SET last_seen_at = excluded.last_seen_at, submissions = tag_forms_seen.submissions + excluded.submissions";
    let values = vec![
        text(workspace),
        text(&seen.key),
        text(&seen.origin),
        text(&seen.path),
        text(&seen.name),
        text(&seen.form_id),
        to_json(&seen.fields)?,
        time(seen.last_seen_at),
        count.into(),
        successes.into(),
    ];
    execute(on, sql, values).await.map(drop)
}

/// Whether a form of a page was ever seen to succeed.
pub async fn has_success(
    on: &impl Session,
    workspace: WorkspaceId,
    origin: &str,
    path: &str,
) -> Result<bool, StorageError> {
    let sql = "SELECT form_key FROM tag_forms_seen
        WHERE workspace_id = $1 AND origin = $2 AND path = $3 AND successes > 0 LIMIT 1";
    Ok(one(on, sql, vec![text(workspace), text(origin), text(path)]).await?.is_some())
}

/// The forms, the latest sent first.
pub async fn list(on: &impl Session, workspace: WorkspaceId) -> Result<Vec<FormSeen>, StorageError> {
    let sql = "SELECT * FROM tag_forms_seen WHERE workspace_id = $1 ORDER BY last_seen_at DESC, form_key";
    all(on, sql, vec![text(workspace)]).await?.iter().map(read).collect()
}

/// A form by its key.
pub async fn find(
    on: &impl Session,
    workspace: WorkspaceId,
    key: &str,
) -> Result<Option<FormSeen>, StorageError> {
    let sql = "SELECT * FROM tag_forms_seen WHERE workspace_id = $1 AND form_key = $2";
    one(on, sql, vec![text(workspace), text(key)]).await?.as_ref().map(read).transpose()
}

/// Says whether people were told that a form fell silent.
pub async fn set_silent(
    on: &crate::Write,
    workspace: WorkspaceId,
    key: &str,
    told_at: Option<Timestamp>,
) -> Result<(), StorageError> {
    let sql = "UPDATE tag_forms_seen SET silent_told_at = $3 WHERE workspace_id = $1 AND form_key = $2";
    let told = told_at.map_or(0, Timestamp::microseconds);
    execute(on, sql, vec![text(workspace), text(key), told.into()]).await.map(drop)
}

fn read(row: &Row) -> Result<FormSeen, StorageError> {
    Ok(FormSeen {
        key: row.get("form_key")?,
        origin: row.get("origin")?,
        path: row.get("path")?,
        name: row.get("name")?,
        form_id: row.get("form_id")?,
        fields: row.json(TABLE, "fields")?,
        first_seen_at: row.time("first_seen_at")?,
        last_seen_at: row.time("last_seen_at")?,
        submissions: row.get("submissions")?,
        successes: row.get("successes")?,
        is_told_silent: row.get::<i64>("silent_told_at")? > 0,
    })
}
