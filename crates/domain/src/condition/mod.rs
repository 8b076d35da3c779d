//! Conditions on records: operators, values, and the filter they become (Y1).

mod check;
mod condition;
mod date_value;
mod field_source;
mod filter;
mod relative_date;

pub use check::{CheckedCondition, check_condition, drift};
pub use condition::{Arity, ComparisonType, Condition, Operator, read_values, write_values};
pub use date_value::{ComparedDay, compare_date_times};
pub use field_source::{FieldSource, find_source};
pub use filter::{Compare, Filter, FilterValue};
pub use relative_date::{MAX_DAYS, RelativeDay};
