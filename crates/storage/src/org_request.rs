//! Questions that the web puts to the engine, because only the engine talks to Salesforce.

use crate::database::statements::{Session, all, execute, one, text, time, to_json};
use crate::error::StorageError;
use domain::company::{CompanyImport, CompanyPreview};
use domain::delivery::Check;
use domain::engagement::BusinessUnitCheck;
use domain::form::Answers;
use domain::notification::{Channel, TestResult};
use domain::synced_fields::{FieldCheck, SyncedFields};
use domain::value::{FieldProblem, OrgRequestId, PageId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "question", rename_all = "snake_case")]
pub enum OrgRequest {
    /// Run the preflight (C8).
    Preflight,
    /// Show what a booking would do (K20).
    DryRun {
        /// On which page.
        page: PageId,
        /// With which address.
        email: String,
        /// With which answers.
        answers: Answers,
        /// With which member as host; the page's first when `None`.
        host: Option<String>,
    },
    /// Judge the fields that are to be synced (D2).
    SyncedFields {
        /// Which.
        fields: SyncedFields,
    },
    /// Look which lists a business unit has (E1).
    EngagementLists {
        /// Its id.
        business_unit_id: String,
    },
    /// Send a test message by a channel (N1).
    TestNotification {
        /// By which channel.
        channel: Channel,
    },
    /// Judge the settings of the company import, and show what they would bring (Y1, Y8).
    CompanyImport {
        /// The settings.
        import: CompanyImport,
        /// Make company fields for mappings that name one that isn't there.
        add_fields: bool,
        /// Count and fetch some of the records.
        preview: bool,
    },
    /// Describe these objects, for suggestions.
    DescribeObjects {
        /// Their API names.
        objects: Vec<String>,
    },
    /// Describe the objects again.
    Describe,
}

/// What the engine answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum OrgResponse {
    /// The preflight's lines.
    Preflight {
        /// In the order in which they are shown.
        checks: Vec<Check>,
    },
    /// One plan per delivery that would be made.
    DryRun {
        /// Which delivery, and what it would do.
        plans: Vec<(domain::delivery::DeliveryKind, domain::delivery::DeliveryPlan)>,
    },
    /// What the org says of each field.
    SyncedFields {
        /// In the order of the page.
        verdicts: Vec<FieldCheck>,
    },
    /// What Account Engagement says of the business unit.
    EngagementLists {
        /// Its lists, or why there are none.
        finding: BusinessUnitCheck,
    },
    /// What a channel's test came to.
    NotificationTested {
        /// One for each recipient; none when there is nobody to send to.
        results: Vec<TestResult>,
    },
    /// The settings fit the org.
    CompanyImport {
        /// As they would be kept.
        import: CompanyImport,
        /// What they would bring, if that was asked.
        preview: Option<CompanyPreview>,
    },
    /// The settings don't fit the org.
    CompanyImportInvalid {
        /// Where and why.
        problems: Vec<FieldProblem>,
    },
    /// The objects were described.
    Described,
    /// There is no connection.
    NotConnected,
    /// It could not be found out; why.
    Failed {
        /// A reason for people under `failure-{code}`.
        reason: domain::value::Step,
    },
}

/// Puts a question.
pub async fn enqueue(
    on: &impl Session,
    workspace: WorkspaceId,
    question: &OrgRequest,
    now: Timestamp,
) -> Result<OrgRequestId, StorageError> {
    let id: OrgRequestId = crate::ids::new(now);
    let sql = "INSERT INTO org_requests (workspace_id, org_request_id, question, state, answer, created_at)
        VALUES ($1, $2, $3, 'open', NULL, $4)";
    execute(on, sql, vec![text(workspace), text(id), to_json(question)?, time(now)]).await?;
    Ok(id)
}

/// The answer to a question, once there is one.
pub async fn answer(
    on: &impl Session,
    workspace: WorkspaceId,
    inquiry: OrgRequestId,
) -> Result<Option<OrgResponse>, StorageError> {
    let sql = "SELECT answer FROM org_requests WHERE workspace_id = $1 AND org_request_id = $2";
    let row = one(on, sql, vec![text(workspace), text(inquiry)]).await?;
    row.map_or(Ok(None), |row| row.optional_json("org_requests", "answer"))
}

/// Whether some question waits for a worker.
pub async fn any_open(on: &impl Session) -> Result<bool, StorageError> {
    Ok(one(on, "SELECT org_request_id FROM org_requests WHERE state = 'open' LIMIT 1", Vec::new())
        .await?
        .is_some())
}

/// Takes open questions, each for one worker only.
pub async fn claim(
    on: &crate::Write,
    limit: u32,
) -> Result<Vec<(WorkspaceId, OrgRequestId, OrgRequest)>, StorageError> {
    let sql = format!(
        "UPDATE org_requests SET state = 'taken' WHERE org_request_id IN (
            SELECT org_request_id FROM org_requests WHERE state = 'open' ORDER BY created_at LIMIT $1{}
        ) RETURNING workspace_id, org_request_id, question",
        on.dialect.skip_locked()
    );
    let rows = all(on, &sql, vec![i64::from(limit).into()]).await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.parse("org_requests", "workspace_id")?,
                row.parse("org_requests", "org_request_id")?,
                row.json("org_requests", "question")?,
            ))
        })
        .collect()
}

/// Answers a question.
pub async fn complete(
    on: &impl Session,
    workspace: WorkspaceId,
    inquiry: OrgRequestId,
    answer: &OrgResponse,
) -> Result<(), StorageError> {
    let sql = "UPDATE org_requests SET state = 'answered', answer = $3 WHERE workspace_id = $1 AND org_request_id = $2";
    execute(on, sql, vec![text(workspace), text(inquiry), to_json(answer)?]).await.map(drop)
}

/// Removes questions older than that, answered or not.
pub async fn forget_before(on: &impl Session, before: Timestamp) -> Result<(), StorageError> {
    execute(on, "DELETE FROM org_requests WHERE created_at < $1", vec![time(before)]).await.map(drop)
}

/// The last preflight's answer, for the page that shows it.
pub async fn last_preflight(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Option<(Timestamp, Vec<Check>)>, StorageError> {
    let sql = "SELECT created_at, answer FROM org_requests
        WHERE workspace_id = $1 AND state = 'answered' AND question LIKE '%\"question\":\"preflight\"%'
        ORDER BY created_at DESC LIMIT 1";
    let Some(row) = one(on, sql, vec![text(workspace)]).await? else { return Ok(None) };
    match row.json("org_requests", "answer")? {
        OrgResponse::Preflight { checks } => Ok(Some((row.time("created_at")?, checks))),
        _ => Ok(None),
    }
}
