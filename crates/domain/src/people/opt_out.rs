//! Refusing mail (配信停止): no field of the merge, and outside every filter (S6).

/// Where a change of somebody's refusal was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptOutChange {
    /// A record with the address says so; any of them counts, partner or not.
    Salesforce {
        /// What the record says.
        opted_out: bool,
    },
    /// The person has said so here: by a link of a mail, or a form.
    Person {
        /// What the person wants.
        opted_out: bool,
        /// When, how and in which words is kept.
        has_evidence: bool,
    },
}

/// Whether mail is refused after a change.
///
/// A refusal anywhere counts at once and everywhere. Only the person takes it back, by an act that is kept: the law asks
/// for a record of it, and a tick that somebody removes in the org is none.
pub const fn after_opt_out(before: bool, change: OptOutChange) -> bool {
    match change {
        OptOutChange::Salesforce { opted_out } => before || opted_out,
        OptOutChange::Person { opted_out: false, has_evidence } => before && !has_evidence,
        OptOutChange::Person { opted_out: true, .. } => true,
    }
}
