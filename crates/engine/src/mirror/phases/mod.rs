//! What no changed row tells: records that left the condition, were deleted, merged or hidden, and values of parents.

pub(crate) mod changed_ids;
pub(crate) mod hard_deletes;
pub(crate) mod id_scan;
pub(crate) mod missing_records;
pub(crate) mod refetch;
