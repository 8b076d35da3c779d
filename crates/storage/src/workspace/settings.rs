//! Workspace-wide settings, one JSON body a name.

use crate::database::statements::{Session, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::company::{CompanyImport, CompanyOptions};
use domain::delivery::SalesforceSettings;
use domain::engagement::{EngagementList, EngagementLists};
use domain::synced_fields::SyncedFields;
use domain::value::{Timestamp, WorkspaceId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const SALESFORCE: &str = "salesforce";
const SYNCED_FIELDS: &str = "synced_fields";
const COMPANY_IMPORT: &str = "company_import";
const COMPANY_OPTIONS: &str = "company_options";
const COMPANY_IMPORT_DRAFT: &str = "company_import_draft";
const ENGAGEMENT_LISTS: &str = "engagement_lists";
const KNOWN_LISTS: &str = "engagement_known_lists";

/// The lists that a business unit had when it was last asked, to suggest their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownLists {
    /// The business unit.
    pub business_unit_id: String,
    /// Its lists.
    pub lists: Vec<EngagementList>,
}

/// The settings of what bookings do in Salesforce; the defaults when nothing was saved.
pub async fn salesforce(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<SalesforceSettings, StorageError> {
    find(on, workspace, SALESFORCE).await
}

/// Saves them.
pub async fn save_salesforce(
    on: &impl Session,
    workspace: WorkspaceId,
    settings: &SalesforceSettings,
    now: Timestamp,
) -> Result<(), StorageError> {
    save(on, workspace, SALESFORCE, settings, now).await
}

/// Which fields are kept for the router; none when nothing was saved.
pub async fn synced_fields(on: &impl Session, workspace: WorkspaceId) -> Result<SyncedFields, StorageError> {
    find(on, workspace, SYNCED_FIELDS).await
}

/// Saves them.
pub async fn save_synced_fields(
    on: &impl Session,
    workspace: WorkspaceId,
    fields: &SyncedFields,
    now: Timestamp,
) -> Result<(), StorageError> {
    save(on, workspace, SYNCED_FIELDS, fields, now).await
}

/// How companies are imported; switched off when nothing was saved.
pub async fn company_import(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<CompanyImport, StorageError> {
    find(on, workspace, COMPANY_IMPORT).await
}

/// Saves it; what was being prepared is done with.
pub async fn save_company_import(
    on: &impl Session,
    workspace: WorkspaceId,
    import: &CompanyImport,
    now: Timestamp,
) -> Result<(), StorageError> {
    forget_company_import_draft(on, workspace).await?;
    save(on, workspace, COMPANY_IMPORT, import, now).await
}

/// The options of company fields as the last import has found them (Y6).
pub async fn company_options(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<CompanyOptions, StorageError> {
    find(on, workspace, COMPANY_OPTIONS).await
}

/// Keeps the options of company fields.
pub async fn save_company_options(
    on: &impl Session,
    workspace: WorkspaceId,
    options: &CompanyOptions,
    now: Timestamp,
) -> Result<(), StorageError> {
    save(on, workspace, COMPANY_OPTIONS, options, now).await
}

/// The company import that is being prepared, if one is; nothing of it is in use.
pub async fn company_import_draft(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Option<CompanyImport>, StorageError> {
    find(on, workspace, COMPANY_IMPORT_DRAFT).await
}

/// Keeps what is being prepared.
pub async fn save_company_import_draft(
    on: &impl Session,
    workspace: WorkspaceId,
    draft: &CompanyImport,
    now: Timestamp,
) -> Result<(), StorageError> {
    save(on, workspace, COMPANY_IMPORT_DRAFT, draft, now).await
}

/// Forgets what was being prepared.
pub async fn forget_company_import_draft(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<(), StorageError> {
    forget(on, workspace, COMPANY_IMPORT_DRAFT).await
}

/// For whom of Account Engagement's lists the dialog opens; nobody when nothing was saved.
pub async fn engagement_lists(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<EngagementLists, StorageError> {
    find(on, workspace, ENGAGEMENT_LISTS).await
}

/// Saves that.
pub async fn save_engagement_lists(
    on: &impl Session,
    workspace: WorkspaceId,
    lists: &EngagementLists,
    now: Timestamp,
) -> Result<(), StorageError> {
    save(on, workspace, ENGAGEMENT_LISTS, lists, now).await
}

/// The lists that there were when Account Engagement was last asked.
pub async fn known_lists(on: &impl Session, workspace: WorkspaceId) -> Result<KnownLists, StorageError> {
    find(on, workspace, KNOWN_LISTS).await
}

/// Notes them.
pub async fn save_known_lists(
    on: &impl Session,
    workspace: WorkspaceId,
    lists: &KnownLists,
    now: Timestamp,
) -> Result<(), StorageError> {
    save(on, workspace, KNOWN_LISTS, lists, now).await
}

pub(crate) async fn find<T: DeserializeOwned + Default>(
    on: &impl Session,
    workspace: WorkspaceId,
    name: &str,
) -> Result<T, StorageError> {
    let sql = "SELECT body FROM settings WHERE workspace_id = $1 AND name = $2";
    let row = one(on, sql, vec![text(workspace), text(name)]).await?;
    Ok(row.map(|row| row.json("settings", "body")).transpose()?.unwrap_or_default())
}

pub(crate) async fn save(
    on: &impl Session,
    workspace: WorkspaceId,
    name: &str,
    body: &impl Serialize,
    now: Timestamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO settings (workspace_id, name, body, updated_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, name) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at";
    execute(on, sql, vec![text(workspace), text(name), to_json(body)?, time(now)]).await.map(drop)
}

/// Forgets the ToDo and campaign settings, as disconnecting does (C5); search order and rescue go with them.
pub async fn forget_salesforce(on: &impl Session, workspace: WorkspaceId) -> Result<(), StorageError> {
    forget(on, workspace, SALESFORCE).await
}

pub(crate) async fn forget(
    on: &impl Session,
    workspace: WorkspaceId,
    name: &str,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM settings WHERE workspace_id = $1 AND name = $2";
    execute(on, sql, vec![text(workspace), text(name)]).await.map(drop)
}
