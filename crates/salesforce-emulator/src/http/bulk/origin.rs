//! Which request set a job going, as faults see it.

use super::super::call::Call;
use crate::org::ids::RecordId;

/// The method and path of the request that set a job going.
pub(super) fn of(call: &Call, id: RecordId) -> (&'static str, String) {
    let method = if call.method == "PATCH" { "PATCH" } else { "POST" };
    let kind = call.path.get(1).map_or("ingest", String::as_str);
    (method, format!("{}/jobs/{kind}/{id}", call.base_path))
}
