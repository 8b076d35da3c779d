//! Segments as the API takes and shows them.

use crate::actions::segment::count::Counted;
use crate::actions::segment::segment::SegmentInput;
use crate::api::people::response::PersonResponse;
use crate::api::value::{Id, Time};
use crate::http::problem::FieldProblemBody;
use domain::segment::{Segment, SegmentCondition};
use domain::value::{FieldProblem, Language};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A segment to be saved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSegment)]
pub struct SegmentBody {
    /// What it is called.
    #[schema(example = "大阪の部長")]
    name: String,
    /// Whom it has: `any` of the groups has to hold, of a group `all` terms. A term on a field has `kind: "field"`,
    /// `field`, `operator` and `value`; others have a `kind` of form, page, visit, campaign, list, segment or sync, the
    /// `name` of what is meant, `days` before today, and `not`. “Is not” holds for blank values too.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "any": [{ "all": [{ "kind": "field", "field": "title", "operator": "contains", "value": "部長" }, { "kind": "form", "name": "contact", "days": 30 }] }] }))]
    condition: SegmentCondition,
    /// The version that was changed; when it has changed since, nothing is saved.
    #[schema(example = 3)]
    version: Option<u64>,
}

/// A condition to be counted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SegmentCountBody {
    /// As that of a segment.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "any": [{ "all": [{ "kind": "visit", "days": 7 }] }] }))]
    pub(super) condition: SegmentCondition,
}

/// How many people are meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SegmentCount)]
pub struct CountResponse {
    /// `ready`; `preparing` while values are being filled in that are compared for the first time; `broken` while the
    /// condition names something that is not there.
    #[schema(example = "ready")]
    state: &'static str,
    /// How many people; null while it is not known.
    #[schema(example = 1250)]
    members: Option<u64>,
    /// How many of them have an address and do not refuse mail; null while it is not known.
    #[schema(example = 1100)]
    mailable: Option<u64>,
    /// What is wrong with the condition, place by place.
    faults: Vec<FieldProblemBody>,
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Segment)]
pub struct SegmentResponse {
    /// Its ID.
    id: Id,
    /// What it is called.
    #[schema(example = "大阪の部長")]
    name: String,
    /// Whom it has.
    #[schema(value_type = BTreeMap<String, Value>, example = json!({ "any": [{ "all": [{ "kind": "field", "field": "title", "operator": "contains", "value": "部長" }] }] }))]
    condition: Value,
    /// Grows with each change.
    #[schema(example = 3)]
    version: u64,
    /// When it was changed last.
    updated_at: Time,
}

/// A segment with its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SegmentDetails {
    /// The segment.
    #[serde(flatten)]
    segment: SegmentResponse,
    /// How many people it has now.
    #[serde(flatten)]
    count: CountResponse,
}

/// The workspace's segments.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SegmentList {
    /// By name.
    pub(super) segments: Vec<SegmentResponse>,
}

/// People of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SegmentPeopleList {
    /// People, by ID.
    pub(super) people: Vec<PersonResponse>,
    /// For the next page; null on the last one.
    #[schema(example = "019df4a0-7c1e-7d7b-9a55-2f6d7f0a3c11")]
    pub(super) next_cursor: Option<String>,
}

/// Why a person is in a segment, or is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SegmentMembership)]
pub struct MembershipResponse {
    /// The person; null if nobody has the address.
    pub(super) person: Option<Id>,
    /// It belongs to the segment.
    #[schema(example = true)]
    pub(super) member: bool,
    /// Which terms hold, by the places of the condition: the groups, and their terms.
    pub(super) groups: Vec<Vec<TermResponse>>,
}

/// Whether a term holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SegmentTermResult)]
pub struct TermResponse {
    /// Its place in the condition.
    #[schema(example = "condition.any[0].all[1]")]
    pub(super) at: String,
    /// It holds.
    #[schema(example = true)]
    pub(super) holds: bool,
}

impl SegmentBody {
    /// What is to be saved.
    pub(super) fn into_input(self) -> SegmentInput {
        SegmentInput { name: self.name, condition: self.condition, seen: self.version }
    }
}

impl CountResponse {
    /// Shows what is known of a number.
    pub(super) fn of(counted: Counted, language: Language) -> Self {
        let (state, count, faults) = match counted {
            Counted::Known(count) => ("ready", Some(count), Vec::new()),
            Counted::Preparing => ("preparing", None, Vec::new()),
            Counted::Broken(problems) => ("broken", None, problems),
        };
        let faults = in_condition(faults);
        Self {
            state,
            members: count.map(|count| count.members),
            mailable: count.map(|count| count.mailable),
            faults: faults.iter().map(|fault| FieldProblemBody::of(fault, language)).collect(),
        }
    }
}

impl SegmentDetails {
    /// Shows a segment with its numbers.
    pub(super) fn of(segment: Segment, counted: Counted, language: Language) -> Self {
        Self { segment: segment.into(), count: CountResponse::of(counted, language) }
    }
}

impl From<Segment> for SegmentResponse {
    fn from(segment: Segment) -> Self {
        Self {
            id: segment.id.into(),
            name: segment.name,
            condition: serde_json::to_value(&segment.condition).unwrap_or_default(),
            version: segment.version,
            updated_at: segment.updated_at.into(),
        }
    }
}

/// Faults of a condition with the whole path from the body.
pub(super) fn in_condition(mut faults: Vec<FieldProblem>) -> Vec<FieldProblem> {
    for fault in &mut faults {
        if fault.field.starts_with("any") {
            fault.field = format!("condition.{}", fault.field);
        }
    }
    faults
}
