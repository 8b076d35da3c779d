//! Questions that the web puts to the engine, because only the engine talks to Salesforce.

use crate::error::StorageError;
use crate::statements::{Session, all, execute, one, text, time, to_json};
use domain::answers::Answers;
use domain::company_import::CompanyImport;
use domain::company_preview::CompanyPreview;
use domain::engagement_lists::UnitFinding;
use domain::field_verdict::FieldVerdict;
use domain::id::{InquiryId, PageId, WorkspaceId};
use domain::notification::{Channel, TrialResult};
use domain::preflight::Check;
use domain::problem::FieldProblem;
use domain::synced_fields::SyncedFields;
use domain::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "question", rename_all = "snake_case")]
pub enum Question {
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
pub enum Answer {
    /// The preflight's lines.
    Preflight {
        /// In the order in which they are shown.
        checks: Vec<Check>,
    },
    /// One plan per delivery that would be made.
    DryRun {
        /// Which delivery, and what it would do.
        plans: Vec<(domain::delivery::DeliveryKind, domain::plan::Plan)>,
    },
    /// What the org says of each field.
    SyncedFields {
        /// In the order of the page.
        verdicts: Vec<FieldVerdict>,
    },
    /// What Account Engagement says of the business unit.
    EngagementLists {
        /// Its lists, or why there are none.
        finding: UnitFinding,
    },
    /// What a channel's test came to.
    NotificationTested {
        /// One for each recipient; none when there is nobody to send to.
        results: Vec<TrialResult>,
    },
    /// The settings fit the org.
    CompanyImport {
        /// As they would be kept.
        import: CompanyImport,
        /// What they would bring, if that was asked.
        preview: Option<CompanyPreview>,
    },
    /// The settings don't fit the org.
    CompanyImportUnfit {
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
        reason: domain::explanation::Step,
    },
}

/// Puts a question.
pub async fn ask(
    on: &impl Session,
    workspace: WorkspaceId,
    question: &Question,
    now: Timestamp,
) -> Result<InquiryId, StorageError> {
    let id: InquiryId = crate::ids::new(now);
    let sql = "INSERT INTO inquiries (workspace_id, inquiry_id, question, state, answer, created_at)
        VALUES ($1, $2, $3, 'open', NULL, $4)";
    execute(on, sql, vec![text(workspace), text(id), to_json(question)?, time(now)]).await?;
    Ok(id)
}

/// The answer to a question, once there is one.
pub async fn answer(
    on: &impl Session,
    workspace: WorkspaceId,
    inquiry: InquiryId,
) -> Result<Option<Answer>, StorageError> {
    let sql = "SELECT answer FROM inquiries WHERE workspace_id = $1 AND inquiry_id = $2";
    let row = one(on, sql, vec![text(workspace), text(inquiry)]).await?;
    row.map_or(Ok(None), |row| row.json_if_any("inquiries", "answer"))
}

/// Whether some question waits for a worker.
pub async fn any_open(on: &impl Session) -> Result<bool, StorageError> {
    Ok(one(on, "SELECT inquiry_id FROM inquiries WHERE state = 'open' LIMIT 1", Vec::new()).await?.is_some())
}

/// Takes open questions, each for one worker only.
pub async fn take(
    on: &crate::Write,
    limit: u32,
) -> Result<Vec<(WorkspaceId, InquiryId, Question)>, StorageError> {
    let sql = format!(
        "UPDATE inquiries SET state = 'taken' WHERE inquiry_id IN (
            SELECT inquiry_id FROM inquiries WHERE state = 'open' ORDER BY created_at LIMIT $1{}
        ) RETURNING workspace_id, inquiry_id, question",
        on.dialect.skip_locked()
    );
    let rows = all(on, &sql, vec![i64::from(limit).into()]).await?;
    rows.iter()
        .map(|row| {
            Ok((
                row.parse("inquiries", "workspace_id")?,
                row.parse("inquiries", "inquiry_id")?,
                row.json("inquiries", "question")?,
            ))
        })
        .collect()
}

/// Answers a question.
pub async fn reply(
    on: &impl Session,
    workspace: WorkspaceId,
    inquiry: InquiryId,
    answer: &Answer,
) -> Result<(), StorageError> {
    let sql =
        "UPDATE inquiries SET state = 'answered', answer = $3 WHERE workspace_id = $1 AND inquiry_id = $2";
    execute(on, sql, vec![text(workspace), text(inquiry), to_json(answer)?]).await.map(drop)
}

/// Removes questions older than that, answered or not.
pub async fn forget_before(on: &impl Session, before: Timestamp) -> Result<(), StorageError> {
    execute(on, "DELETE FROM inquiries WHERE created_at < $1", vec![time(before)]).await.map(drop)
}

/// The last preflight's answer, for the page that shows it.
pub async fn last_preflight(
    on: &impl Session,
    workspace: WorkspaceId,
) -> Result<Option<(Timestamp, Vec<Check>)>, StorageError> {
    let sql = "SELECT created_at, answer FROM inquiries
        WHERE workspace_id = $1 AND state = 'answered' AND question LIKE '%\"question\":\"preflight\"%'
        ORDER BY created_at DESC LIMIT 1";
    let Some(row) = one(on, sql, vec![text(workspace)]).await? else { return Ok(None) };
    match row.json("inquiries", "answer")? {
        Answer::Preflight { checks } => Ok(Some((row.time("created_at")?, checks))),
        _ => Ok(None),
    }
}
