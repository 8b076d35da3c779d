//! Records kept here as the org has them: rows, states, and what a pull has to fetch (D, Y).

mod pull_plan;
mod row;
mod transport;

pub use pull_plan::{PullPlan, StreamConfig, StreamState, covered_until, needs_full, needs_id_scan, plan};
pub use row::{
    MirrorRow, RecordChange, RecordState, RowChange, ValueChange, changes, detect_change, with_values,
};
pub use transport::{Transport, transport};
