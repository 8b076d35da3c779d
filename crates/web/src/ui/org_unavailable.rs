//! What people read when the org gave no answer to what a button asked.

use crate::text::translator::Translator;
use storage::org_request::OrgResponse;

/// Why there is no answer, from what came instead of one.
pub fn org_error_text(t: &Translator, answer: Option<&OrgResponse>) -> String {
    match answer {
        Some(OrgResponse::NotConnected) => t.text("failure-not-connected"),
        Some(OrgResponse::Failed { reason }) => t.render("failure", reason),
        Some(_) => t.text("failure-storage"),
        None => t.text("failure-timeout"),
    }
}

/// The same, for settings that had to be asked about before they were saved.
pub fn nothing_saved(t: &Translator, answer: Option<&OrgResponse>) -> String {
    t.fill("nothing-saved", "why", org_error_text(t, answer))
}
