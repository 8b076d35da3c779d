//! A subject's timeline (履歴): everything that happened, in order (K21).

use crate::database::statements::{Session, all, execute, placeholders, text, time, to_json};
use crate::error::StorageError;
use domain::delivery::Subject;
use domain::value::{DeliveryId, Step, TimelineEntryId, Timestamp, WorkspaceId};

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Which delivery it is about; the subject itself when `None`.
    pub delivery: Option<DeliveryId>,
    /// What happened; its sentence is in the catalogues under `step-{code}`.
    pub step: Step,
}

/// Adds lines, in the order given.
pub async fn add(
    on: &impl Session,
    workspace: WorkspaceId,
    subject: Subject,
    delivery: Option<DeliveryId>,
    steps: &[Step],
    now: Timestamp,
) -> Result<(), StorageError> {
    for (chunk, lines) in (0_i64..).zip(steps.chunks(LINES_A_STATEMENT)) {
        let mut values = Vec::with_capacity(lines.len() * 7);
        let mut rows = Vec::with_capacity(lines.len());
        for (place, step) in (0_i64..).zip(lines) {
            // A millisecond apart keeps the order of ids the order of the lines.
            let at = now.plus_milliseconds(chunk * 50 + place);
            rows.push(format!("({})", placeholders(values.len() + 1, 7)));
            values.extend([
                text(workspace),
                text(crate::ids::new::<TimelineEntryId>(at)),
                text(subject.kind.name()),
                text(subject.id),
                delivery.map(|delivery| delivery.to_string()).into(),
                time(at),
                to_json(step)?,
            ]);
        }
        let sql = format!(
            "INSERT INTO timeline (workspace_id, entry_id, subject_kind, subject_id, delivery_id, at, step) VALUES {}",
            rows.join(", ")
        );
        execute(on, &sql, values).await?;
    }
    Ok(())
}

const LINES_A_STATEMENT: usize = 50;

/// A subject's lines, the oldest first.
pub async fn list(
    on: &impl Session,
    workspace: WorkspaceId,
    subject: Subject,
) -> Result<Vec<Entry>, StorageError> {
    let sql = "SELECT * FROM timeline WHERE workspace_id = $1 AND subject_kind = $2 AND subject_id = $3
        ORDER BY entry_id";
    let values = vec![text(workspace), text(subject.kind.name()), text(subject.id)];
    let rows = all(on, sql, values).await?;
    rows.iter()
        .map(|row| {
            let delivery: Option<String> = row.get("delivery_id")?;
            Ok(Entry {
                at: row.time("at")?,
                delivery: delivery.and_then(|id| id.parse().ok()),
                step: row.json("timeline", "step")?,
            })
        })
        .collect()
}
