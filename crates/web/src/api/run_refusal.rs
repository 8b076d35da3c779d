//! Why a run could not be requested, as the API shows it.

use crate::actions::run::RunRefusal;
use crate::http::problem::Problem;
use domain::run::RunKind;

/// The problem for a refused run of a kind.
pub(crate) fn run_problem(kind: RunKind, refusal: RunRefusal) -> Problem {
    let (nothing, running) = match kind {
        RunKind::SyncedFields => ("nothing-to-sync", "sync-running"),
        RunKind::CompanyImport => ("import-off", "import-running"),
        RunKind::EngagementLists | RunKind::TagReconciliation => ("nothing-to-refresh", "sync-running"),
        RunKind::PeopleSync => ("people-sync-off", "sync-running"),
    };
    match refusal {
        RunRefusal::NotConnected => Problem::conflict("not-connected"),
        RunRefusal::NothingChosen => Problem::conflict(nothing),
        RunRefusal::Running => Problem::conflict(running),
        RunRefusal::TooSoon(allowed) => Problem::too_soon("sync-too-soon", allowed),
    }
}
