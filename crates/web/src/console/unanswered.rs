//! What people read when the org gave no answer to what a button asked.

use crate::pages::words::Words;
use storage::inquiries::Answer;

/// Why there is no answer, from what came instead of one.
pub fn unanswered(t: &Words, answer: Option<&Answer>) -> String {
    match answer {
        Some(Answer::NotConnected) => t.text("failure-not-connected"),
        Some(Answer::Failed { reason }) => t.told("failure", reason),
        Some(_) => t.text("failure-storage"),
        None => t.text("failure-silent"),
    }
}

/// The same, for settings that had to be asked about before they were saved.
pub fn nothing_saved(t: &Words, answer: Option<&Answer>) -> String {
    t.fill("nothing-saved", "why", unanswered(t, answer))
}
