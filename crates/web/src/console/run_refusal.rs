//! Why a run could not be requested, as the console shows it.

use crate::actions::run::RunRefusal;
use crate::text::translator::Translator;
use domain::run::RunKind;

/// The sentence for a refused run of a kind.
pub(crate) fn run_refusal_text(t: &Translator, kind: RunKind, refusal: RunRefusal) -> String {
    let (nothing, running, too_soon) = match kind {
        RunKind::SyncedFields => ("sync-nothing-chosen", "sync-running", "sync-too-soon"),
        RunKind::CompanyImport => ("import-off-text", "import-running", "import-running"),
        RunKind::EngagementLists | RunKind::TagReconciliation => {
            ("lists-nothing", "lists-running", "lists-too-soon")
        }
        RunKind::PeopleSync => ("people-sync-off-text", "sync-running", "sync-running"),
    };
    match refusal {
        RunRefusal::NotConnected => t.text("failure-not-connected"),
        RunRefusal::NothingChosen => t.text(nothing),
        RunRefusal::Running => t.text(running),
        RunRefusal::TooSoon(allowed) => t.fill(too_soon, "when", t.date_time(allowed)),
    }
}
