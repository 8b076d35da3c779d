//! What changed last in a workspace, cheap enough to be looked at every second while someone watches.

use crate::database::statements::{Row, Session, all, one, text};
use crate::error::StorageError;
use domain::value::WorkspaceId;

/// The latest changes of each kind; two that differ say that something happened between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The latest booking.
    pub bookings: String,
    /// The latest change of a delivery.
    pub deliveries: String,
    /// The runs that are under way, how far they are, and the last one that ended.
    pub runs: String,
    /// The latest conversion.
    pub conversions: String,
    /// The latest message and how many are unread.
    pub notices: String,
}

impl Changes {
    /// The words of the kinds in which two differ.
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        let pairs = [
            ("bookings", &self.bookings, &other.bookings),
            ("deliveries", &self.deliveries, &other.deliveries),
            ("runs", &self.runs, &other.runs),
            ("conversions", &self.conversions, &other.conversions),
            ("notices", &self.notices, &other.notices),
        ];
        pairs.into_iter().filter(|(_, one, other)| one != other).map(|(word, ..)| word).collect()
    }
}

/// What changed last; each part is a look at the end of an index.
pub async fn latest(on: &impl Session, workspace: WorkspaceId) -> Result<Changes, StorageError> {
    let number = |row: Option<Row>| -> Result<String, StorageError> {
        Ok(row.map(|row| row.get::<Option<i64>>("at")).transpose()?.flatten().unwrap_or_default().to_string())
    };
    let sql = "SELECT MAX(created_at) AS at FROM bookings WHERE workspace_id = $1";
    let bookings = number(one(on, sql, vec![text(workspace)]).await?)?;
    let parts = ["due", "held", "done", "skipped", "failed", "cancelled"].map(|state| {
        format!("SELECT MAX(updated_at) AS at FROM deliveries WHERE workspace_id = $1 AND state = '{state}'")
    });
    let sql = format!("SELECT MAX(at) AS at FROM ({}) AS latest", parts.join(" UNION ALL "));
    let deliveries = number(one(on, &sql, vec![text(workspace)]).await?)?;
    let sql = "SELECT MAX(finished_at) AS at FROM runs WHERE workspace_id = $1";
    let mut runs = number(one(on, sql, vec![text(workspace)]).await?)?;
    let sql = "SELECT run_id, state, receipt FROM runs
        WHERE workspace_id = $1 AND state IN ('waiting', 'running') ORDER BY run_id LIMIT 10";
    for row in all(on, sql, vec![text(workspace)]).await? {
        for column in ["run_id", "state", "receipt"] {
            runs.push_str(&row.get::<String>(column)?);
        }
    }
    let sql = "SELECT MAX(at) AS at FROM conversions WHERE workspace_id = $1";
    let conversions = number(one(on, sql, vec![text(workspace)]).await?)?;
    let sql = "SELECT MAX(inbox_message_id) AS id FROM inbox_messages WHERE workspace_id = $1";
    let newest = one(on, sql, vec![text(workspace)]).await?;
    let newest = newest.map(|row| row.get::<Option<String>>("id")).transpose()?.flatten().unwrap_or_default();
    let unread = crate::notification::inbox::count_unread(on, workspace).await?;
    Ok(Changes { bookings, deliveries, runs, conversions, notices: format!("{newest} {unread}") })
}
