//! A segment as it is kept.

use crate::segment::SegmentCondition;
use crate::value::{FieldProblem, SegmentId, Timestamp};

/// Segments of a workspace at most.
pub const MAX_SEGMENTS: usize = 500;
/// Person fields that all segments of a workspace use together at most.
pub const MAX_SEGMENT_FIELDS: usize = 24;
/// Characters of a name at most.
const MAX_NAME: usize = 80;

/// A segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its ID.
    pub id: SegmentId,
    /// What people call it.
    pub name: String,
    /// Whom it has.
    pub condition: SegmentCondition,
    /// Grows with each change.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// What the name of a segment begins with where a chart asks a list; no list has such a name.
const ASKED: &str = "segment:";

impl Segment {
    /// The name under which a chart's node asks it, as it would a list.
    pub fn list_name(&self) -> String {
        format!("{ASKED}{}", self.id)
    }

    /// The segment that a node asks instead of a list.
    pub fn of_list_name(name: &str) -> Option<SegmentId> {
        name.strip_prefix(ASKED)?.parse().ok()
    }
}

/// What is wrong with a name, given those of the others.
pub fn check_segment_name<'a>(
    name: &str,
    mut others: impl Iterator<Item = &'a Segment>,
) -> Option<FieldProblem> {
    if name.is_empty() {
        return Some(FieldProblem::new("name", "required"));
    }
    if name.chars().count() > MAX_NAME {
        return Some(FieldProblem::new("name", "too-long").with("max", MAX_NAME));
    }
    let is_taken = others.any(|other| other.name == name);
    is_taken.then(|| FieldProblem::new("name", "taken").with("value", name))
}
