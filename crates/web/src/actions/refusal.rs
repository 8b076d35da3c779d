//! Why settings were not saved that the org had to be asked about.

use domain::value::FieldProblem;
use storage::org_request::OrgResponse;

/// Why nothing was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Fields are at fault.
    Fields(Vec<FieldProblem>),
    /// The org could not be asked; what came instead of its answer.
    Unanswered(Option<OrgResponse>),
}
