//! Who is on a list, by e-mail.

use domain::value::EmailAddress;
use salesforce::Record;
use salesforce::engagement::{EngagementObject, EngagementQuery};

/// What came of some memberships.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Members {
    /// The keys of the prospects' e-mails.
    pub(crate) email_keys: Vec<String>,
    /// Prospects whose e-mail is none, so that no visitor can be one of them.
    pub(crate) unreadable: u64,
}

/// The members of a list.
pub(crate) fn query(list_id: u64) -> EngagementQuery {
    let fields = ["prospect.email", "prospect.isDeleted"];
    EngagementQuery::of(EngagementObject::ListMemberships, fields).filter("listId", list_id)
}

/// Reads memberships. Prospects in the recycle bin are on no list.
pub(crate) fn read(rows: &[Record]) -> Members {
    let mut members = Members::default();
    for row in rows.iter().filter(|row| row.boolean("prospect.isDeleted") != Some(true)) {
        match row.text("prospect.email").map(EmailAddress::parse) {
            Some(Ok(email)) => members.email_keys.push(email.key()),
            _ => members.unreadable += 1,
        }
    }
    members
}
