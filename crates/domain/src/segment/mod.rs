//! Segments: which people are meant, said by conditions on their fields and on what they did (S14).

mod condition;
mod context;
mod day_range;
mod evaluate;
mod field_term;
mod resolve;
mod resolved;
mod segment;
mod value_key;

pub use condition::{FactKind, FactTerm, SegmentCondition, SegmentGroup, SegmentTerm};
pub use context::{CampaignSources, SegmentContext};
pub use day_range::DayRange;
pub use evaluate::{PersonFacts, explain, is_member};
pub use field_term::{MAX_TERM_VALUES, segment_operators};
pub use resolve::{MAX_SEGMENT_GROUPS, MAX_SEGMENT_TERMS, resolve};
pub use resolved::{Bound, ResolvedCondition, ResolvedTerm, Test, ValueTest};
pub use segment::{MAX_SEGMENT_FIELDS, MAX_SEGMENTS, Segment, check_segment_name};
pub use value_key::{LOWEST_KEY, UNREADABLE_KEY, value_key};
